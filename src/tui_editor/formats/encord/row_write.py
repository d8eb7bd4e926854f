"""Writes a task as a label row: what came from one as it was, what was edited or made here as the SDK spells it."""

from __future__ import annotations

from mimetypes import guess_type
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct, field

from tui_editor.formats.encord.instances import (
    Layers,
    Written,
    classification_answer,
    hash_of,
    in_order,
    is_classification,
    object_parts,
    unlisted_frames,
)
from tui_editor.formats.encord.labels import Holder, write_entry, write_object
from tui_editor.formats.encord.names import long_hash, ours
from tui_editor.formats.encord.things import priority_of
from tui_editor.formats.encord.times import format_ms
from tui_editor.formats.encord.units import RANGED_ROWS, STILLS
from tui_editor.model.frames import UnitKind
from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_editor.formats.losses import LossLog
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.ontology import AnyClass, Ontology
    from tui_editor.model.project import Project
    from tui_editor.model.tracks import Track
    from tui_editor.ports import ImportedTask

ROW_TYPES = {
    UnitKind.IMAGE: "image",
    UnitKind.IMAGE_GROUP: "img_group",
    UnitKind.IMAGE_SEQUENCE: "img_group",
    UnitKind.VIDEO: "video",
    UnitKind.DICOM: "dicom",
    UnitKind.NIFTI: "nifti",
    UnitKind.OTHER: "plain_text",
}
SPACE_TYPES = {
    UnitKind.IMAGE: "image",
    UnitKind.IMAGE_GROUP: "image_sequence",
    UnitKind.IMAGE_SEQUENCE: "image_sequence",
    UnitKind.VIDEO: "video",
    UnitKind.DICOM: "medical_file",
    UnitKind.NIFTI: "medical_file",
}
_FLAT = frozenset({"image", "img_group"})
"""Row types whose units hold the lists of one frame, not a table of frames."""

Lists = dict[str, list[Any]]


class _Frames(Struct):
    """A unit's frame lists while they are gathered: hash and JSON of each label, in the order of the instances."""

    unit: Unit
    notes: dict[str, Any]
    lists: dict[int, Lists] = field(default_factory=dict)

    def add(self, frame: int, name: str, key: str, value: dict[str, Any]) -> None:
        self.lists.setdefault(frame, {"objects": [], "classifications": []})[name].append((key, value))

    def blob(self, frame: int) -> dict[str, Any]:
        """Return a frame's lists, with what its source said besides."""
        note = self.notes.get(str(frame), {})
        out: dict[str, Any] = {}
        for name, values in self.lists.get(frame, {"objects": [], "classifications": []}).items():
            place = {h: n for n, h in enumerate(note.get("order", {}).get(name, ()))}
            if place:
                values = sorted(values, key=lambda v: place.get(v[0], len(place)))  # noqa: PLW2901 - sorted anew
            out[name] = [v for _, v in values] + note.get("unread", {}).get(name, [])
        out = {k: v for k, v in out.items() if v or k not in note.get("missing", ())}
        return {**note.get("keep", {}), **out}

    def keyed(self) -> dict[str, Any]:
        """Return the table of frames: those with labels and those that the source had."""
        frames = sorted({*self.lists, *(int(k) for k in self.notes)})
        odd: dict[str, Any] = ours(self.unit.extra).get("odd_frames", {})
        return {str(f): self.blob(f) for f in frames} | odd


def write_row(item: ImportedTask, project: Project, losses: LossLog) -> tuple[dict[str, Any], dict[InstanceId, str]]:
    """Return the label row of a task, and the hash under which each instance stands in it."""
    return _Writing(item, project, losses).row()


class _Writing:
    def __init__(self, item: ImportedTask, project: Project, losses: LossLog) -> None:
        self._item, self._project, self._losses = item, project, losses
        self._ontology: Ontology = project.ontology
        self._kept: dict[str, Any] = ours(item.task.extra)
        self._type = str(self._kept.get("row", {}).get("data_type") or _row_type(item.task.units))
        self._layers = self._name_layers()
        self._frames = {u.id: _Frames(u, ours(u.extra).get("frames", {})) for u in item.task.units}
        self._written = in_order(self._named(), self._ontology)

    def _named(self) -> Iterator[Written]:
        """Yield the instances with their hashes; of two with one source id (a split) the first keeps it."""
        instances = sorted(self._item.document.instances.values(), key=lambda i: (i.class_id, i.ordinal, i.id))
        taken = {i.source_id for i in instances}
        used: set[str] = set()
        for instance in instances:
            fresh = not instance.source_id or instance.source_id in used
            name = hash_of(instance, taken) if fresh else instance.source_id
            used.add(name)
            yield Written(instance, name, self._tracks(instance.id))

    def _tracks(self, instance: InstanceId) -> Any:
        rows = {u.id: n for n, u in enumerate(self._item.task.units)}
        found = self._item.document.tracks_of(instance)
        return tuple(sorted(found, key=lambda pair: rows.get(pair[0], len(rows))))

    def _name_layers(self) -> Layers:
        units = self._item.task.units
        spaces = {u.id: str(s) for u in units if (s := ours(u.extra).get("space"))}
        if self._type == "group":
            fresh = (u for u in units if u.id not in spaces and not ours(u.extra))
            spaces |= {u.id: long_hash(int(u.id)) for u in fresh}
        ranged = {u.id for u in units if self._type in RANGED_ROWS and u.id not in spaces}
        return Layers(spaces, frozenset(ranged))

    # --- labels ----------------------------------------------------------------------------------

    def row(self) -> tuple[dict[str, Any], dict[InstanceId, str]]:
        tables: dict[str, dict[str, Any]] = {"object_answers": {}, "classification_answers": {}, "object_actions": {}}
        for extra in (self._item.task.extra, *(u.extra for u in self._item.task.units)):
            self._report(extra)
        for written in self._written:
            self._report(written.instance.extra)
            if not written.tracks and not getattr(self._ontology.find(written.instance.class_id), "is_global", False):
                self._losses.add("instance without a label", written.hash)
            if is_classification(written, self._ontology):
                self._classification(written, tables)
            else:
                self._object(written, tables)
        for name, rest in self._kept.get("orphans", {}).items():
            tables[name] = {**rest, **tables[name]}
        body = {**tables, "data_units": self._data_units(), "spaces": self._spaces()}
        missing = self._kept.get("missing", ())
        body = {k: v for k, v in body.items() if v or k not in missing}
        return {**self._head(), **body}, {w.instance.id: w.hash for w in self._written}

    def _holder(self, written: Written) -> Holder | None:
        kind: AnyClass | None = self._ontology.find(written.instance.class_id)
        if kind is None:
            self._losses.add("label of a class that is not in the ontology", written.hash)
            return None
        return Holder(written.hash, kind)

    def _object(self, written: Written, tables: dict[str, dict[str, Any]]) -> None:
        holder = self._holder(written)
        if holder is None:
            return
        parts = object_parts(written, self._ontology, self._layers)
        for name, table in (("answer", "object_answers"), ("action", "object_actions")):
            if name in parts:
                tables[table][written.hash] = parts[name]
        for unit, track in written.tracks:
            frames = self._frames.get(unit)
            if frames is None or unit in self._layers.ranged:
                continue
            self._check(track, holder, frames.unit)
            for label in track.labels():
                value = write_object(label, holder, _scale(frames.unit, label.frame))
                frames.add(label.frame, "objects", written.hash, value)
                self._report(label.extra, label.created_ms, label.edited_ms)

    def _check(self, track: Track, holder: Holder, unit: Unit) -> None:
        """Report labels that the row can't hold as they are."""
        if track.kind is not holder.kind.shape:
            self._losses.add("label whose shape is not that of its class", holder.hash, len(track))
        numbers = [track.geometry.fixed, *(c.values for c in track.geometry.ragged if c.values.dtype.kind == "f")]
        if not all(np.isfinite(n).all() for n in numbers):
            self._losses.add("coordinate that is not a number", holder.hash)
        if track.kind is ShapeKind.BITMASK:
            left, top, width, height = track.geometry.fixed.T
            frame = np.array([unit.size(f) for f in track.frames.tolist()])
            known = (frame > 0).all(axis=1)
            cut = (left < 0) | (top < 0) | (left + width > frame[:, 0]) | (top + height > frame[:, 1])
            if (cut & known).any():
                self._losses.add("part of a bitmask outside its frame", holder.hash, int((cut & known).sum()))

    def _report(self, extra: Any, *times_ms: int) -> None:
        if extra and set(extra) - {"encord"}:
            self._losses.add("fields of another format")
        if any(t % 1000 for t in times_ms):
            self._losses.add("milliseconds of times")

    def _classification(self, written: Written, tables: dict[str, dict[str, Any]]) -> None:
        holder = self._holder(written)
        if holder is None:
            return
        answer = classification_answer(written, self._ontology, self._layers)
        if answer is not None:
            tables["classification_answers"][written.hash] = answer
        unlisted = unlisted_frames(written)
        for row, (unit, track) in enumerate(written.tracks):
            frames, skipped = self._frames.get(unit), unlisted.get(row, set())
            if frames is None or unit in self._layers.ranged or track.kind is not ShapeKind.PRESENCE:
                continue
            for label in track.labels():
                if label.frame not in skipped:
                    frames.add(label.frame, "classifications", written.hash, write_entry(label, holder))
                self._report(label.extra, label.created_ms, label.edited_ms)

    # --- units -----------------------------------------------------------------------------------

    def _data_units(self) -> dict[str, Any]:
        out: dict[str, Any] = dict(self._kept.get("data_units", {}))
        for unit in self._item.task.units:
            part = ours(unit.extra)
            if unit.id not in self._layers.spaces and not part.get("absent"):
                out |= dict(self._records(unit, part))
        if self._type == "group" and not out:
            key = self._data_hash()
            out[key] = {"data_hash": key, "data_title": self._item.task.title, "data_type": "group",
                        "data_sequence": 0, "labels": {"objects": [], "classifications": []}}  # fmt: skip
        return out

    def _records(self, unit: Unit, part: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        frames = self._frames[unit.id]
        records = part.get("records") or list(self._new_records(unit))
        keys = part.get("keys") or [r["data_hash"] for r in records]
        for number, (key, record) in enumerate(zip(keys, records, strict=True)):
            if self._type in _FLAT:
                labels = frames.blob(number)
            elif self._type in RANGED_ROWS:
                labels = part.get("odd_frames", {})
            else:
                labels = frames.keyed()
            yield key, {**record, "labels": labels}

    def _new_records(self, unit: Unit) -> Iterator[dict[str, Any]]:
        count = len(unit.media.paths) if self._type == "img_group" else 1
        for number in range(max(count, 1)):
            path = unit.media.paths[number] if number < len(unit.media.paths) else unit.title
            width, height = unit.size(number)
            key = self._data_hash() if count <= 1 else long_hash(int(unit.id) + number)
            record = {
                "data_hash": key,
                "data_title": unit.title if count <= 1 else path,
                "data_link": "",
                "data_type": guess_type(path)[0] or "application/octet-stream",
                "data_sequence": str(number) if self._type == "img_group" else 0,
            }
            yield record | ({} if self._type in RANGED_ROWS else {"width": width, "height": height}) | _timing(unit)

    def _spaces(self) -> dict[str, Any]:
        out: dict[str, Any] = dict(self._kept.get("spaces", {}))
        for unit in self._item.task.units:
            space = self._layers.spaces.get(unit.id)
            if space:
                record = next(iter(ours(unit.extra).get("records", ())), None) or _new_space(unit)
                out[space] = {**record, "labels": self._frames[unit.id].keyed()}
        return out

    # --- the row itself --------------------------------------------------------------------------

    def _data_hash(self) -> str:
        head = self._kept.get("row", {})
        return str(head.get("data_hash") or long_hash(int(self._item.task.id) + 1))

    def _head(self) -> dict[str, Any]:
        kept, priority = self._kept.get("row"), self._item.task.priority
        if not kept:
            return self._new_head()
        return dict(kept) if priority == priority_of(kept.get("priority")) else {**kept, "priority": priority}

    def _new_head(self) -> dict[str, Any]:
        task, project = self._item.task, self._project
        made, edited = self._span()
        head = {
            "label_hash": long_hash(int(task.id)),
            "branch_name": "main",
            "created_at": format_ms(made),
            "last_edited_at": format_ms(edited),
            "data_hash": self._data_hash(),
            "dataset_hash": long_hash(int(project.id)),
            "dataset_title": project.name,
            "data_title": task.title,
            "data_type": self._type,
            "annotation_task_status": "QUEUED",
            "is_shadow_data": False,
            "label_status": "LABEL_IN_PROGRESS" if self._item.document.instances else "NOT_LABELLED",
        }
        sequence = any(u.kind is UnitKind.IMAGE_SEQUENCE for u in task.units) and self._type == "img_group"
        head |= {"is_image_sequence": True} if sequence else {}
        metadata = dict(task.units[0].metadata) if task.units else {}
        head |= {"client_metadata": metadata} if metadata else {}
        return head | ({"priority": task.priority} if task.priority != 0.5 else {})

    def _span(self) -> tuple[int, int]:
        """Return when the first label was made and the last one edited; now when there is none."""
        times = [t for w in self._written for _, track in w.tracks for t in (track.created_ms, track.edited_ms)]
        known = [int(v) for column in times for v in (column.min(), column.max()) if v]
        if known:
            return min(known), max(known)
        from time import time

        now = int(time() * 1000)
        return now, now


def _row_type(units: Sequence[Unit]) -> str:
    return ROW_TYPES[units[0].kind] if len(units) == 1 else "group"


def _scale(unit: Unit, frame: int) -> tuple[int, int]:
    width, height = unit.size(frame)
    return (width, height) if width > 0 and height > 0 else (1, 1)


def _timing(unit: Unit) -> dict[str, Any]:
    if unit.kind in STILLS or unit.kind is UnitKind.IMAGE_SEQUENCE:
        return {}
    if unit.kind is UnitKind.VIDEO and unit.fps:
        return {"data_fps": unit.fps, "data_duration": unit.frame_count / unit.fps}
    return {"number_of_frames": unit.frame_count}


def _new_space(unit: Unit) -> dict[str, Any]:
    kind = SPACE_TYPES.get(unit.kind, "text")
    record: dict[str, Any] = {"space_type": kind, "child_info": {"layout_key": unit.title, "file_name": unit.title,
                              "data_link": None}, "width": unit.width, "height": unit.height}  # fmt: skip
    if unit.kind in STILLS and kind == "image":
        return record
    record["number_of_frames"] = unit.frame_count
    if kind == "image_sequence":
        record["frames"] = [
            {"data_uuid": long_hash(int(unit.id) + n), "data_type": guess_type(p)[0] or "image/png",
             "data_sequence": n, "data_link": "", "data_title": p}
            for n, p in enumerate(unit.media.paths)
        ]  # fmt: skip
    return record | _timing(unit)
