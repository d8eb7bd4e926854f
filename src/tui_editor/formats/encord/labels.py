"""Frame objects and frame classifications of Encord's JSON, one label each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui_editor.formats.encord.geometry import Size, read_shape, write_shape
from tui_editor.formats.encord.names import ours, snake, wrapped
from tui_editor.formats.encord.ontology_json import shape_name
from tui_editor.formats.encord.residue import residue, restored
from tui_editor.formats.encord.times import format_ms, parse_ms
from tui_editor.model.ontology import Classification, ObjectClass
from tui_editor.model.shapes import Presence, Shape
from tui_editor.model.tracks import Label, LabelFlag, Origin

if TYPE_CHECKING:
    from tui_editor.model.ontology import AnyClass

INTERPOLATED_CONFIDENCE = 0.99
"""What Encord gives the labels between two that were drawn."""


class Holder(Struct, frozen=True):
    """What a label's JSON repeats of its instance: hash and class."""

    hash: str
    kind: AnyClass


def provenance(*, manual: bool, confidence: float, moving: bool) -> tuple[Origin, LabelFlag]:
    """Return a label's origin and flags from what the JSON says of it.

    Not manual and of confidence 0.99: interpolated. Other automatic labels are of unknown make: `TRACKED` in media
    with frames, where they follow other labels; `SEGMENTED` on stills, where each stands for itself.
    """
    if manual:
        return Origin.MANUAL, LabelFlag.KEY
    if abs(confidence - INTERPOLATED_CONFIDENCE) < 1e-6:
        return Origin.INTERPOLATED, LabelFlag.NONE
    return (Origin.TRACKED, LabelFlag.NONE) if moving else (Origin.SEGMENTED, LabelFlag.KEY)


def is_manual(label: Label) -> bool:
    """Return what `manualAnnotation` says: labels of another file's ground truth count as made by hand."""
    return label.origin in {Origin.MANUAL, Origin.IMPORTED}


def fitting(confidence: float) -> float:
    """Return a confidence as a track keeps it (float32, 7 decimals)."""
    return round(float(np.float32(confidence)), 7)


def _confidence(value: object) -> float:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
    return fitting(float(value)) if usable else 1.0  # type: ignore[arg-type]  # checked by `usable`


def read_metadata(source: dict[str, Any], frame: int, shape: Shape, *, moving: bool) -> Label:
    """Return a label with the times, people, confidence and origin of a JSON object."""
    confidence = _confidence(source.get("confidence"))
    origin, flags = provenance(manual=source.get("manualAnnotation") is not False, confidence=confidence, moving=moving)
    created_ms, edited_ms = parse_ms(source.get("createdAt")), parse_ms(source.get("lastEditedAt"))
    editor = _text(source.get("lastEditedBy"))
    return Label(
        frame=frame,
        shape=shape,
        confidence=confidence,
        origin=origin,
        flags=flags,
        author=_text(source.get("createdBy")),
        editor=editor,
        created_ms=created_ms,
        edited_ms=edited_ms if editor or edited_ms != created_ms else 0,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def same_metadata(a: Label, b: Label) -> bool:
    """Return whether two labels tell the same times, people and confidence."""
    return all(getattr(a, n) == getattr(b, n) for n in ("author", "editor", "created_ms", "edited_ms", "confidence"))


def write_metadata(label: Label) -> dict[str, Any]:
    """Return times, people, confidence and origin as keys.

    A label that was never edited tells its creation as the last edit and no editor: where `lastEditedAt` is absent,
    the SDK takes the time of reading.
    """
    out: dict[str, Any] = {
        "createdAt": format_ms(label.created_ms),
        "createdBy": label.author or None,
        "confidence": label.confidence,
        "manualAnnotation": is_manual(label),
    }
    out["lastEditedAt"] = format_ms(label.edited_ms or label.created_ms)
    return out | ({"lastEditedBy": label.editor} if label.editor else {})


# --- objects -------------------------------------------------------------------------------------


def read_object(source: dict[str, Any], frame: int, kind: ObjectClass, size: Size, *, moving: bool) -> Label:
    """Return the label of a frame object, without what it says beyond the model (`with_residue` adds it).

    Raises:
        OddGeometry: it has no geometry of its class's shape.
    """
    return read_metadata(source, frame, read_shape(source, kind.shape, size), moving=moving)


def with_residue(label: Label, source: dict[str, Any], written: dict[str, Any]) -> Label:
    """Return the label with what the source says otherwise than `written`."""
    if source == written:  # most often, and much faster than to look closer
        return label
    rest = residue(source, written)
    return replace(label, extra=wrapped(rest)) if rest else label


def plain_object(label: Label, holder: Holder, size: Size) -> dict[str, Any]:
    """Return the frame object that says what the label says, as the SDK spells it."""
    assert isinstance(holder.kind, ObjectClass), "classifications have no frame objects"
    kind = holder.kind
    return {
        "name": kind.name,
        "color": kind.color,
        "shape": shape_name(kind),
        "value": snake(kind.name),
        **write_metadata(label),
        "objectHash": holder.hash,
        "featureHash": str(kind.id),
        **write_shape(label.shape, size, kind.skeleton),
    }


def write_object(label: Label, holder: Holder, size: Size) -> dict[str, Any]:
    """Return the frame object of a label, in the source's own spelling where it was not edited."""
    return restored(plain_object(label, holder, size), ours(label.extra))


# --- classifications -----------------------------------------------------------------------------


def read_presence(source: dict[str, Any], frame: int, *, moving: bool) -> Label:
    """Return the label that a classification holds on a frame."""
    return read_metadata(source, frame, Presence(), moving=moving)


def plain_entry(label: Label, holder: Holder) -> dict[str, Any]:
    """Return the per-frame entry of a classification; its name is that of the root attribute."""
    kind = holder.kind
    assert isinstance(kind, Classification), "objects have no classification entries"
    name = kind.attributes[0].name if kind.attributes else kind.name
    return {
        "name": name,
        "value": snake(name),
        **write_metadata(label),
        "featureHash": str(kind.id),
        "classificationHash": holder.hash,
    }


def write_entry(label: Label, holder: Holder) -> dict[str, Any]:
    """Return the per-frame entry of a label, in the source's own spelling where it was not edited."""
    return restored(plain_entry(label, holder), ours(label.extra))
