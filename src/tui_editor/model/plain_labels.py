"""The labels of a task as lines of JSON that a person can read and that can be read back without loss.

The first line tells what it is; then each instance with its answers, and each label in a line of its own. Coordinates
are pixels of the displayed frame. Issues and decisions stand in it to be read; they are not read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from tui_editor.errors import InputError
from tui_editor.model.codec import slim
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.shapes import (
    KIND_OF,
    Bitmask,
    Polygon,
    Polyline,
    Shape,
    ShapeKind,
    Skeleton,
    Verbatim,
    kind_of,
    ring,
)
from tui_editor.model.tracks import Label, LabelFlag, Origin, Track, make_track
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.model.ontology import Ontology

VERSION: Final = 1
_TYPES: Final = {kind: made for made, kind in KIND_OF.items()}
_OF_LABEL: Final = ("confidence", "author", "editor", "created_ms", "edited_ms")


def plain_lines(document: LabelDocument, ontology: Ontology, head: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the lines, each with its end.

    Args:
        document: The task's.
        ontology: Names the classes.
        head: What the first line says besides its version.
    """
    yield _line({"tui-editor-labels": VERSION, **head})
    for instance in document.instances.values():
        found = ontology.find(instance.class_id)
        name = f"{found.name if found is not None else instance.class_id} ({instance.ordinal})"
        yield _line({"instance": name, **slim(instance)})
        for unit, track in document.tracks_of(instance.id):
            for label in track.labels():
                yield _line({"label": name, "of": instance.id, "unit": unit, **_plain_label(label)})
    for issue in document.issues.values():
        yield _line({"issue": slim(issue)})
    for key, decision in document.decisions.items():
        yield _line({"decision": slim(decision), "of": key})


def _line(value: Any) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _plain_label(label: Label) -> dict[str, Any]:
    shape = label.shape
    fields = {name: _listed(getattr(shape, name)) for name in shape.__struct_fields__}
    said: dict[str, Any] = {"frame": label.frame, "kind": kind_of(shape).value, "shape": fields}
    said["origin"] = label.origin.name.lower()
    said["flags"] = [flag.name.lower() for flag in LabelFlag if flag and flag in label.flags and flag.name]
    said |= {name: getattr(label, name) for name in _OF_LABEL if getattr(label, name)}
    return {**said, "extra": dict(label.extra)} if label.extra else said


def _listed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return [_listed(each) for each in value]
    return _text(value) if isinstance(value, bytes) else value


def _text(value: bytes) -> Any:
    """Return bytes that should be UTF-8 as text; others by their numbers."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return list(value)


def read_plain(lines: Iterable[bytes], where: str) -> tuple[dict[str, Any], LabelDocument]:
    """Return what the first line says, and the instances with their labels.

    Raises:
        InputError: a line is not what `plain_lines` writes; it is told.
    """
    head: dict[str, Any] = {}
    instances: list[Instance] = []
    labels: dict[tuple[InstanceId, UnitId], list[Label]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            said = msgspec.json.decode(line, type=dict[str, Any])
            if number == 1:
                head = _checked_head(said)
            elif "label" in said:
                labels.setdefault((said["of"], said["unit"]), []).append(_label(said))
            elif "instance" in said:
                instances.append(msgspec.convert({k: v for k, v in said.items() if k != "instance"}, Instance))
        except (msgspec.MsgspecError, KeyError, ValueError, TypeError, UnicodeDecodeError) as error:
            what = f"no plain-text backup: {one_line(str(error), 120)}"
            raise InputError(what, where=f"{one_line(where)}, line {number}") from error
    known = {instance.id for instance in instances}
    if not head or any(key not in known for key, _ in labels):
        raise InputError("the backup is not whole", where=one_line(where))
    tracks: dict[tuple[InstanceId, UnitId], Track] = {
        place: make_track(sorted(found, key=lambda label: label.frame)) for place, found in labels.items()
    }
    return head, make_document(instances=instances, tracks=tracks)


def _checked_head(said: dict[str, Any]) -> dict[str, Any]:
    if said.get("tui-editor-labels") != VERSION:
        raise ValueError(f"the first line names no version that is known ({VERSION} is)")
    return said


def _label(said: dict[str, Any]) -> Label:
    flags = LabelFlag.NONE
    for name in said["flags"]:
        flags |= LabelFlag[name.upper()]
    return Label(
        frame=int(said["frame"]),
        shape=_shape(ShapeKind(said["kind"]), said["shape"]),
        origin=Origin[said["origin"].upper()],
        flags=flags,
        confidence=said.get("confidence", 0.0),
        author=said.get("author", ""),
        editor=said.get("editor", ""),
        created_ms=said.get("created_ms", 0),
        edited_ms=said.get("edited_ms", 0),
        extra=said.get("extra", {}),
    )


def _shape(kind: ShapeKind, said: dict[str, Any]) -> Shape:
    match kind:
        case ShapeKind.POLYGON:
            return Polygon(tuple(tuple(ring(each) for each in part) for part in said["parts"]))
        case ShapeKind.POLYLINE:
            return Polyline(ring(said["points"]))
        case ShapeKind.BITMASK:
            whole = {name: int(said[name]) for name in ("left", "top", "width", "height")}
            return Bitmask(**whole, runs=np.asarray(said["runs"], np.uint32))
        case ShapeKind.SKELETON:
            points = np.asarray(said["points"], np.float64).reshape(-1, 2)
            return Skeleton(points, np.asarray(said["visibility"], np.uint8))
        case ShapeKind.VERBATIM:
            raw = said["raw"]
            return Verbatim(raw.encode() if isinstance(raw, str) else bytes(raw))
        case _:
            return _TYPES[kind](**{name: float(value) for name, value in said.items()})  # type: ignore[no-any-return]
