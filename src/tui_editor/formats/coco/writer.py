"""Writes tasks as one COCO file, in the order in which its records were read."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

import msgspec

from tui_editor.formats.atomic import whole_file
from tui_editor.formats.coco.classes import EXTRA, SUFFIXES, category_extra, unpack_kept
from tui_editor.formats.coco.parts import content_sum
from tui_editor.formats.coco.records import WRITABLE, Piece, Record, records
from tui_editor.formats.losses import LossLog
from tui_editor.model.encoded import encode_geometry
from tui_editor.model.frames import UnitKind
from tui_editor.ports import ExportReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from tui_editor.formats.coco.schema import Key
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Unit
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import ObjectClass, Ontology
    from tui_editor.model.project import Project
    from tui_editor.model.tracks import Track
    from tui_editor.ports import ImportedTask

_STILLS = {UnitKind.IMAGE, UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def write(project: Project, tasks: Iterable[ImportedTask], target: Path) -> ExportReport:
    """Write tasks to the file `target` (or `annotations.json` in a folder that exists).

    Memory grows with the number of annotations by a few words each, not by their content.
    """
    file = target / "annotations.json" if target.is_dir() else target
    log = LossLog()
    categories = Categories(project.ontology, log)
    with ExitStack() as stack:
        out = stack.enter_context(whole_file(file))
        images = _Spool(stack.enter_context(tempfile.TemporaryFile(dir=file.parent)), log)
        labels = _Spool(stack.enter_context(tempfile.TemporaryFile(dir=file.parent)), log)
        writer = _TaskWriter(categories, images, labels, log)
        for item in tasks:
            writer.add(item)
        image_ids = images.ids()
        _assemble(out, project.ontology, categories, (images, image_ids), labels, log)
    return ExportReport(files=(file,), tasks=writer.tasks, labels=writer.labels, losses=log.losses())


def _assemble(
    out: IO[bytes],
    ontology: Ontology,
    categories: Categories,
    images: tuple[_Spool, list[Any]],
    labels: _Spool,
    log: LossLog,
) -> None:
    header = ontology.extra.get(EXTRA)
    out.write(b"{")
    for name, value in (header if isinstance(header, dict) else {}).items():
        out.write(encode(name, log) + b": " + encode(value, log) + b",\n")
    out.write(b'"images": [')
    images[0].copy(out, images[1], None)
    out.write(b'],\n"annotations": [')
    labels.copy(out, labels.ids(), images[1])
    out.write(b'],\n"categories": ' + encode(categories.records, log) + b"}\n")


def encode(value: Any, log: LossLog) -> bytes:
    """Return JSON; half surrogate pairs, which UTF-8 can't hold, become U+FFFD and are counted."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        log.add("text that is not Unicode")
        return msgspec.json.encode(_scrubbed(value))


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_SURROGATES)
    if isinstance(value, dict):
        return {_scrubbed(k): _scrubbed(v) for k, v in value.items()}
    return [_scrubbed(v) for v in value] if isinstance(value, list | tuple) else value


class _Spool:
    """Records on disk until all ids are known and their order with them."""

    def __init__(self, file: IO[bytes], log: LossLog) -> None:
        self._file = file
        self._log = log
        self._spans: list[tuple[int, int]] = []
        self._order: list[tuple[float, int]] = []
        self._ids: list[Any] = []
        self._images: list[int] = []
        self._at = 0
        self._used: set[Any] = set()

    def __len__(self) -> int:
        return len(self._spans)

    def add(self, record: Record, image: int = -1) -> int:
        """Keep a record of the `image`-th image; return its row."""
        data = encode(record.body, self._log)[1:-1]
        self._file.write(data)
        row = len(self._spans)
        self._spans.append((self._at, len(data)))
        self._at += len(data)
        self._order.append((float("inf") if record.place is None else record.place, row))
        self._ids.append(self._id(record))
        self._images.append(image)
        return row

    def _id(self, record: Record) -> Any:
        """Return the id to write, None for a new one, `...` for none at all."""
        if record.no_id:
            return ...
        if record.id in self._used and not record.shared_id:
            self._log.add("id changed, for another record had it")
            return None
        if record.id is not None:
            self._used.add(record.id)
        return record.id

    def ids(self) -> list[Any]:
        """Return every record's id by row; new ones follow the largest number."""
        last = max((i for i in self._ids if isinstance(i, int)), default=0)
        found = []
        for key in self._ids:
            last += key is None
            found.append(last if key is None else key)
        return found

    def copy(self, out: IO[bytes], ids: list[Any], image_ids: list[Any] | None) -> None:
        """Write the records in order, each with its id and that of its image."""
        for n, (_, row) in enumerate(sorted(self._order)):
            at, length = self._spans[row]
            self._file.seek(at)
            fields = [self._file.read(length)] if length else []
            if image_ids is not None:
                fields.append(b'"image_id":' + msgspec.json.encode(image_ids[self._images[row]]))
            if ids[row] is not ...:
                fields.append(b'"id":' + msgspec.json.encode(ids[row]))
            out.write((b",\n{" if n else b"\n{") + b",".join(fields) + b"}")


class Categories:
    """The categories to write, and the category of each class.

    Args:
        ontology: Classes that were read from one category, or have one name, share a category.
        log: Takes what can't be written.
    """

    def __init__(self, ontology: Ontology, log: LossLog) -> None:
        self.by_class: dict[str, Key] = {}
        self._log = log
        self._records: dict[Key, tuple[float, dict[str, Any]]] = {}
        self._by_name: dict[str, Key] = {}
        foreign = []
        for found in ontology.classes:
            kept = category_extra(found)
            if kept is None or not self._known(found, kept):
                foreign.append(found)
        for found in foreign:
            if found.shape in WRITABLE:
                self._new(found)

    @property
    def records(self) -> list[dict[str, Any]]:
        """Return the categories in the order in which they were read, new ones last."""
        return [record for _, record in sorted(self._records.values(), key=lambda pair: pair[0])]

    def _known(self, found: ObjectClass, kept: Mapping[str, Any]) -> bool:
        record: dict[str, Any] = kept["record"]
        key = record["id"]
        other = self._records.get(key)
        if other is not None and other[1].get("name") != record.get("name") and not self._is_plain(found, other[1]):
            return False
        self.by_class[found.id] = key
        if not kept.get("made") and other is None:
            self._records[key] = (kept.get("n", float("inf")), record)
            self._by_name[str(record.get("name"))] = key
        if kept.get("named") == record.get("name") and found.name != kept.get("named") and key in self._records:
            self._records[key] = (self._records[key][0], {**record, "name": found.name})
        return True

    def _is_plain(self, found: ObjectClass, record: Mapping[str, Any]) -> bool:
        suffix = SUFFIXES.get(found.shape, "")
        return found.name.removesuffix(f"·{suffix}") == record.get("name")

    def _new(self, found: ObjectClass) -> None:
        name = found.name.removesuffix(f"·{SUFFIXES.get(found.shape, '')}")
        if name not in self._by_name:
            used = [k for k in (*self._records, *self.by_class.values()) if isinstance(k, int)]
            self._by_name[name] = max(used, default=0) + 1
            self._records[self._by_name[name]] = (float("inf"), {"supercategory": "", "name": name})
        key = self._by_name[name]
        place, record = self._records[key]
        self._records[key] = (place, {**record, "id": key, **_template(found)})
        self.by_class[found.id] = key


def _template(found: ObjectClass) -> dict[str, Any]:
    if found.skeleton is None:
        return {}
    edges = [[a + 1, b + 1] for a, b in found.skeleton.edges]
    return {"keypoints": [p.name for p in found.skeleton.points], "skeleton": edges}


class _TaskWriter:
    """Adds tasks to the spools and counts what is left behind."""

    def __init__(self, categories: Categories, images: _Spool, labels: _Spool, log: LossLog) -> None:
        self._categories = categories
        self._images = images
        self._labels = labels
        self._log = log
        self.tasks = 0
        self.labels = 0

    def add(self, item: ImportedTask) -> None:
        """Write one task's images and annotations."""
        self.tasks += 1
        self._count_losses(item.document)
        for unit in item.task.units:
            pieces = self._pieces(item.document, unit)
            frames = range(unit.frame_count) if unit.kind in _STILLS else sorted(pieces)
            if unit.kind not in _STILLS and pieces:
                self._log.add("frame that is no picture file (written under a made-up name)", unit.title, len(pieces))
            for frame in frames:
                self._image(unit, frame, pieces.get(frame, []))

    def _image(self, unit: Unit, frame: int, pieces: list[Piece]) -> None:
        row = self._images.add(_image_record(unit, frame))
        for record in records(sorted(pieces, key=_by_origin), self._categories.by_class, unit.size(frame), self._log):
            self._labels.add(record, row)
        self.labels += len(pieces)

    def _pieces(self, document: LabelDocument, unit: Unit) -> dict[int, list[Piece]]:
        found: dict[int, list[Piece]] = {}
        for instance in document.instances.values():
            track = document.track(instance.id, unit.id)
            if track is None:
                continue
            if track.kind not in WRITABLE or instance.class_id not in self._categories.by_class:
                self._log.add(f"{track.kind.value} label", count=len(track))
                continue
            for frame, piece in _rows(instance, track):
                found.setdefault(frame, []).append(piece)
            if len(track) > 1:
                self._log.add("instance over several frames (one annotation each)", instance.source_id)
        return found

    def _count_losses(self, document: LabelDocument) -> None:
        counts = {
            "issue": len(document.issues),
            "review decision": len(document.decisions),
            "classification": sum(not document.units_of.get(i.id) for i in document.instances.values()),
        }
        for what, count in counts.items():
            if count:
                self._log.add(what, count=count)


def _rows(instance: Instance, track: Track) -> Iterator[tuple[int, Piece]]:
    kept = unpack_kept(instance.extra)
    if len(track) == 1:
        yield int(track.frames[0]), Piece(instance, track.geometry, kept)
        return
    rows = [track.geometry.part(row, row + 1) for row in range(len(track))]
    sums = (content_sum(encode_geometry(row)) for row in rows) if kept else ()
    source = next((i for i, found in enumerate(sums) if found == kept.get("sum")), 0)
    for i, (frame, row) in enumerate(zip(track.frames.tolist(), rows, strict=True)):
        yield frame, Piece(instance, row, kept if i == source else {})


def _by_origin(piece: Piece) -> tuple[float, str, int]:
    return piece.kept.get("n", float("inf")), piece.instance.class_id, piece.instance.ordinal


def _image_record(unit: Unit, frame: int) -> Record:
    kept = unit.extra.get(EXTRA)
    entry = kept[frame] if isinstance(kept, list | tuple) and frame < len(kept) else None
    if isinstance(entry, dict) and isinstance(entry.get("record"), dict):
        body = {k: v for k, v in entry["record"].items() if k != "id"}
        return Record(body, place=entry.get("n"), id=entry["record"].get("id"))
    path = unit.media.paths[frame] if unit.kind in _STILLS else f"{unit.media.paths[0]}/{frame:06d}.jpg"
    width, height = unit.size(frame)
    return Record({"file_name": path, "width": width, "height": height})
