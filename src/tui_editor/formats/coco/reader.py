"""Reads a COCO file as tasks: one an image, or groups of images."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from msgspec import UNSET

from tui_editor.formats.coco.classes import EXTRA, make_categories, make_ontology, pack_kept
from tui_editor.formats.coco.parts import Shaper, content_sum, has_skeleton, outline_of
from tui_editor.formats.coco.pictures import Pictures
from tui_editor.formats.coco.schema import NOTHING, load
from tui_editor.formats.grouping import group_rows
from tui_editor.formats.json_input import decode_any, place
from tui_editor.formats.losses import LossLog
from tui_editor.model.codec import encode_imported
from tui_editor.model.encoded import EncodedLabel, EncodedLabels
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, TaskId, UnitId
from tui_editor.model.project import Task
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.track_codec import encode_label
from tui_editor.model.unreadable import UNREADABLE
from tui_editor.ports import EncodedTask, Loss, SourceFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tui_editor.formats.coco.classes import Category
    from tui_editor.formats.coco.parts import Parts
    from tui_editor.formats.coco.schema import Annotation, Key
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.sheet import Sheet
    from tui_editor.ports import ImportedTask, ImportOptions

_IDS = 4096
"""How many identifiers are drawn at once."""
_Size = tuple[int, int]
_decode = msgspec.json.Decoder().decode


class CocoSource:
    """A COCO file that was opened: an `ImportSource`.

    Raises:
        FormatError: the file can't be read or is not COCO. Geometry that is no geometry is met while `tasks` runs.
    """

    def __init__(self, path: Path, options: ImportOptions) -> None:
        self.data = load(path)
        self._options = options
        self.outlines = [outline_of(a) for a in self.data.annotations]
        self._categories = make_categories(self.data.categories, self._kinds())
        self._ontology = make_ontology(self._categories.values(), self.data.header)
        self.points = {key: _points(category) for key, category in self._categories.items()}
        self.classes = {
            key: {kind: found.id for kind, found in category.classes.items()}
            for key, category in self._categories.items()
        }
        self.sizes = [_size(image) for image in self.data.images]
        names = [_file_name(image) for image in self.data.images]
        self._pictures = Pictures(path, names, options.media_dir)
        self.paths = [self._pictures.path(name) for name in names]
        self.groups = group_rows(self.paths, options.group)
        self._log = LossLog()
        self._shared = _shared_ids(self.data.annotations)
        self.shaper = Shaper(path)
        self._ids = _random_ids()

    @property
    def ontology(self) -> Ontology:
        """Return the classes of all categories."""
        return self._ontology

    @property
    def total(self) -> int:
        """Return the number of tasks."""
        return len(self.groups)

    @property
    def root_dir(self) -> Path:
        """Return the folder that media paths are relative to."""
        return self._pictures.root

    def sheets(self, most: int) -> Iterator[Sheet]:
        """Yield the labels by columns, in sheets of about `most` labels; raises as `tasks`."""
        from tui_editor.formats.coco.sheets import sheets

        return sheets(self, most)

    def faults(self) -> Iterator[SourceFault]:
        """Yield what is wrong with identifiers and references."""
        from tui_editor.formats.coco.sheets import faults

        return faults(self.data)

    def losses(self) -> Sequence[Loss]:
        """Return what could not be carried, and what is odd; complete when `tasks` has ended."""
        return self._log.losses()

    def tasks(self) -> Iterator[ImportedTask]:
        """Yield the tasks in the file's order of images.

        Raises:
            FormatError: an annotation's geometry is not made of numbers.
        """
        orphans = int(self.data.bounds[0])
        if orphans:
            self._log.add("annotation of an image that the file doesn't list", place(self.data.path), orphans)
        for group in self.groups:
            yield self._task(group)

    def _kinds(self) -> dict[Key, set[ShapeKind]]:
        """Return the kinds of shapes that annotations of each category may have."""
        found: dict[Key, set[ShapeKind]] = defaultdict(set)
        for annotation, kind in zip(self.data.annotations, self.outlines, strict=True):
            kinds = found[annotation.category_id]
            if kind is not None:
                kinds.add(kind)
            if annotation.keypoints is not NOTHING and has_skeleton(annotation):
                kinds.add(ShapeKind.SKELETON)
        return found

    def _task(self, group: list[int]) -> ImportedTask:
        unit = self._unit(group, UnitId(next(self._ids)))
        ordinals: defaultdict[ClassId, int] = defaultdict(int)
        labels = [
            label
            for frame, image in enumerate(group)
            for row in self.data.of_image(image)
            for label in self._labels(row, frame, self.sizes[image], ordinals)
        ]
        task = Task(id=TaskId(next(self._ids)), title=unit.title, units=(unit,), source_format="coco")
        return EncodedTask(task=task, labels=EncodedLabels(unit.id, labels))

    def _labels(self, row: int, frame: int, size: _Size, ordinals: dict[ClassId, int]) -> Iterator[EncodedLabel]:
        """Yield an annotation's labels, and count their classes in `ordinals`."""
        annotation = self.data.annotations[row]
        category = annotation.category_id
        outline, points = self.outlines[row], self.points[category]
        parts = self.shaper.parts(row, annotation, outline, size=size, points=points)
        source_id, kept = self._kept(row, annotation, parts)
        classes = self.classes[category]
        for shape in parts.shapes:
            class_id = classes[shape.kind]
            ordinal = ordinals[class_id]
            ordinals[class_id] = ordinal + 1
            kept["sum"] = content_sum(shape)
            key = InstanceId(next(self._ids))
            value = encode_imported(key, class_id, ordinal, source_id, pack_kept(kept))
            yield EncodedLabel(key, class_id, frame, shape.kind, value, encode_label(frame, *shape))

    def _unit(self, group: list[int], unit_id: UnitId) -> Unit:
        paths = tuple(self.paths[i] for i in group)
        for path in paths:
            if not self._pictures.exists(path):
                self._log.add("picture missing", path)
        sizes = [self.sizes[i] for i in group]
        same = len(set(sizes)) == 1
        kind = self._kind(group)
        images = [{"n": i, "record": self.data.images[i]} for i in group]
        title = self._title(group)
        return Unit(
            id=unit_id,
            kind=kind,
            title=title,
            media=MediaRef(root=self._options.root, paths=paths),
            frame_count=len(group),
            width=sizes[0][0],
            height=sizes[0][1],
            frame_sizes=() if same else tuple(sizes),
            extra={EXTRA: images},
        )

    def kind_of(self, group: int) -> UnitKind:
        """Return what a group of images becomes."""
        return self._kind(self.groups[group])

    def title_of(self, group: int) -> str:
        """Return what a group of images is called."""
        return self._title(self.groups[group])

    def _kind(self, group: list[int]) -> UnitKind:
        same = len({self.sizes[i] for i in group}) == 1
        return UnitKind.IMAGE if len(group) == 1 else UnitKind.IMAGE_SEQUENCE if same else UnitKind.IMAGE_GROUP

    def _title(self, group: list[int]) -> str:
        path = self.paths[group[0]]
        return path if len(group) == 1 else os.path.dirname(path) or self.data.path.stem  # noqa: PTH120 - a relative POSIX text

    def _kept(self, row: int, annotation: Annotation, parts: Parts) -> tuple[str, dict[str, Any]]:
        """Return what ties an annotation's parts, and what it says beside its shapes, to write it back as it was."""
        keep: dict[str, Any] = {}
        if annotation.area is not UNSET:
            keep["area"] = annotation.area
        if annotation.iscrowd is not UNSET:
            keep["iscrowd"] = annotation.iscrowd
        if annotation.num_keypoints is not UNSET:
            keep["num_keypoints"] = annotation.num_keypoints
        kept: dict[str, Any] = {"n": row, "keep": keep}
        outline = self.outlines[row]
        if annotation.bbox is not NOTHING and outline is not ShapeKind.BOX:
            keep["bbox"] = self._value(row, "bbox", annotation.bbox)
        if outline is not ShapeKind.POLYGON or parts.keep or annotation.keypoints is not NOTHING:
            self._keep_odd(row, annotation, parts, keep)
            kept["rle"] = parts.rle
            kept["parts"] = [shape.kind.value for shape in parts.shapes]
        if self.data.raws is not None:
            keep.update(self.data.unknown(row))
        if type(annotation.id) is int and not self._shared:
            return str(annotation.id), kept
        return self._source_id(row, keep), kept

    def _keep_odd(self, row: int, annotation: Annotation, parts: Parts, keep: dict[str, Any]) -> None:
        """Keep the geometry of an annotation that its shapes don't give back."""
        if parts.problem or not parts.shapes:
            what = parts.problem if parts.shapes else "annotation without a shape (left out)"
            self._log.add(what, place(self.data.path, f"/annotations/{row}"))
        kinds = {shape.kind for shape in parts.shapes}
        for name, given_by in _GIVEN_BY:
            raw = getattr(annotation, name)
            if raw is not NOTHING and (name in parts.keep or kinds.isdisjoint(given_by)):
                keep[name] = self._value(row, name, raw)

    def _value(self, row: int, name: str, raw: msgspec.Raw) -> Any:
        """Return what an annotation has under a key, as it is."""
        try:
            return _decode(raw)
        except UNREADABLE:
            return decode_any(raw, self.data.path, f"/annotations/{row}/{name}")

    def _source_id(self, row: int, keep: dict[str, Any]) -> str:
        """Return an annotation's id as text, with a mark when it has none or shares it; `keep` gets one that is odd."""
        key = self.data.annotations[row].id
        if type(key) is int and key not in self._shared:
            return str(key)
        if not isinstance(key, int | str):
            if key is None:
                keep["id"] = None
            return f"#{row}"
        keep["id"] = key
        if key not in self._shared:
            return str(key)
        self._log.add("annotation id used more than once (kept)", place(self.data.path, f"/annotations/{row}/id"))
        return f"{key}#{row}"


_GIVEN_BY = (
    ("bbox", {ShapeKind.BOX}),
    ("segmentation", {ShapeKind.POLYGON, ShapeKind.BITMASK}),
    ("keypoints", {ShapeKind.SKELETON}),
)
"""The kinds of shapes that give a key back."""


def _random_ids() -> Iterator[int]:
    """Yield random identifiers of 1..2**63-1, drawn from the system by the block."""
    while True:
        drawn = np.frombuffer(os.urandom(8 * _IDS), np.uint64)
        yield from ((drawn >> np.uint64(1)) | np.uint64(1)).tolist()


def _shared_ids(annotations: list[Annotation]) -> set[Any]:
    """Return the ids that more than one annotation has."""
    if len({a.id for a in annotations}) == len(annotations):
        return set()
    counts = Counter(a.id for a in annotations)
    return {key for key, count in counts.items() if count > 1}


def _points(category: Category) -> int:
    found = category.classes.get(ShapeKind.SKELETON)
    return len(found.skeleton.points) if found is not None and found.skeleton is not None else 0


def _size(image: dict[str, Any]) -> _Size:
    width, height = image.get("width"), image.get("height")
    whole = isinstance(width, int) and isinstance(height, int) and 0 <= width < 2**31 and 0 <= height < 2**31
    return (width, height) if whole else (0, 0)  # type: ignore[return-value]  # both are int when `whole`


def _file_name(image: dict[str, Any]) -> str:
    name = image.get("file_name") or image.get("coco_url") or f"{image['id']}.jpg"
    return str(name).rpartition("/")[2] if "://" in str(name) else str(name)
