"""A COCO file's labels by columns, without making a value of each: what checks go through."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from tui_editor.formats.coco.schema import NOTHING
from tui_editor.formats.json_input import place
from tui_editor.model.columns import Geometry, Ragged, join_geometry
from tui_editor.model.extents import extents
from tui_editor.model.frames import UnitKind
from tui_editor.model.ids import InstanceId, TaskId, UnitId
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.sheet import Part, Place, Sheet
from tui_editor.model.track_codec import decode_track, encode_label
from tui_editor.model.tracks import LabelFlag, Origin
from tui_editor.model.unreadable import UNREADABLE
from tui_editor.ports import SourceFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tui_editor.formats.coco.reader import CocoSource
    from tui_editor.formats.coco.schema import Annotation, CocoData
    from tui_editor.model.ids import ClassId

_Box = tuple[float, float, float, float]
_decode_boxes = msgspec.json.Decoder(list[_Box]).decode
_decode_polygons = msgspec.json.Decoder(list[list[list[float]]]).decode


def sheets(source: CocoSource, most: int) -> Iterator[Sheet]:
    """Yield the labels of a file, image by image, in sheets of about `most` labels."""
    groups = source.groups
    first = 0
    while first < len(groups):
        last, labels = first, 0
        while last < len(groups) and (labels < most or last == first):
            labels += sum(int(source.data.bounds[i + 1] - source.data.bounds[i]) for i in groups[last])
            last += 1
        sheet = _Maker(source, first, last).sheet()
        if len(sheet):
            yield sheet
        first = last


class _Maker:
    """Makes a sheet of some groups of images."""

    def __init__(self, source: CocoSource, first: int, last: int) -> None:
        self._source, self._first, self._last = source, first, last
        data = source.data
        images = [(g, frame, image) for g in range(first, last) for frame, image in enumerate(source.groups[g])]
        counts = [int(data.bounds[image + 1] - data.bounds[image]) for _, _, image in images]
        self._group = np.repeat([g for g, _, _ in images], counts)
        self._frame = np.repeat([f for _, f, _ in images], counts)
        self._image = np.repeat([i for _, _, i in images], counts)
        rows = [data.order[data.bounds[image] : data.bounds[image + 1]] for _, _, image in images]
        self._rows: list[int] = np.concatenate(rows).tolist() if rows else []
        self._annotations = [data.annotations[row] for row in self._rows]

    def sheet(self) -> Sheet:
        """Return the labels: for each annotation its outline, then its skeleton."""
        pieces = list(self._pieces())
        at = np.concatenate([where for where, _ in pieces]) if pieces else np.empty(0, np.int64)
        order = np.argsort(at, kind="stable")
        place_of = np.empty(len(order), np.intp)
        place_of[order] = np.arange(len(order))
        parts, begin = [], 0
        low, high = np.full((len(at), 2), np.nan), np.full((len(at), 2), np.nan)
        classes = np.zeros(len(at), np.int32)
        class_ids: dict[ClassId, int] = {}
        for where, geometry in pieces:
            rows = place_of[begin : begin + len(where)]
            begin += len(where)
            parts.append(Part(rows, geometry))
            low[rows], high[rows] = extents(geometry)
            classes[rows] = self._classes(where, geometry.kind, class_ids)
        at = at[order]
        return self._made(at, tuple(parts), low, high, classes, tuple(class_ids))

    def _classes(self, where: NDArray[np.int64], kind: ShapeKind, class_ids: dict[ClassId, int]) -> list[int]:
        known, classes, annotations = {}, self._source.classes, self._annotations
        for category in {annotations[n].category_id for n in where.tolist()}:
            known[category] = class_ids.setdefault(classes[category][kind], len(class_ids))
        return [known[annotations[n].category_id] for n in where.tolist()]

    def _pieces(self) -> Iterator[tuple[NDArray[np.int64], Geometry]]:
        """Yield the labels of one kind and width, with the places of their annotations."""
        kinds: dict[ShapeKind | None, list[int]] = {}
        for n, row in enumerate(self._rows):
            kinds.setdefault(self._source.outlines[row], []).append(n)
        odd = list(kinds.pop(None, ())) + list(kinds.pop(ShapeKind.BITMASK, ()))
        for kind, fast in ((ShapeKind.BOX, _boxes), (ShapeKind.POLYGON, _polygons)):
            wanted = kinds.get(kind, [])
            plain = [n for n in wanted if self._annotations[n].keypoints is NOTHING]
            geometry = fast([self._annotations[n] for n in plain]) if plain else None
            if geometry is not None:
                yield np.array(plain, np.int64), geometry
            odd += [n for n in wanted if geometry is None or self._annotations[n].keypoints is not NOTHING]
        yield from self._one_by_one(sorted(odd))

    def _one_by_one(self, numbers: Sequence[int]) -> Iterator[tuple[NDArray[np.int64], Geometry]]:
        found: dict[tuple[ShapeKind, int], tuple[list[int], list[Geometry]]] = {}
        source = self._source
        for n in numbers:
            row, annotation = self._rows[n], self._annotations[n]
            size, points = source.sizes[int(self._image[n])], source.points[annotation.category_id]
            parts = source.shaper.parts(row, annotation, source.outlines[row], size=size, points=points)
            for shape in parts.shapes:
                geometry = decode_track(encode_label(0, *shape)).geometry
                where, shapes = found.setdefault((shape.kind, geometry.fixed.shape[1]), ([], []))
                where.append(n)
                shapes.append(geometry)
        for where, shapes in found.values():
            yield np.array(where, np.int64), join_geometry(shapes)

    def _made(
        self,
        at: NDArray[np.int64],
        parts: tuple[Part, ...],
        low: NDArray[np.float64],
        high: NDArray[np.float64],
        classes: NDArray[np.int32],
        class_ids: tuple[ClassId, ...],
    ) -> Sheet:
        n, source = len(at), self._source
        groups = self._group[at]
        sizes = np.array(source.sizes, np.float64).reshape(-1, 2)[self._image[at]]
        sizes[(sizes <= 0).any(axis=1)] = np.nan
        annotations = [self._annotations[k] for k in at.tolist()]
        base, numbers = self._first, range(self._first, self._last)
        counts = np.array([len(source.groups[g]) for g in numbers], np.int32)
        timed = np.array([source.kind_of(g) is UnitKind.IMAGE_SEQUENCE for g in numbers], bool)
        names = {c.id: c.name for c in source.ontology.classes}

        def where(row: int) -> Place:
            group, kept = int(groups[row]), int(at[row])
            first = int(np.searchsorted(groups, group))
            ordinal = int((classes[first:row] == classes[row]).sum())
            path = source.paths[int(self._image[kept])]
            frames = len(source.groups[group])
            title = path if frames == 1 else source.title_of(group)
            class_id = class_ids[classes[row]]
            return Place(
                task=TaskId(group + 1),
                title=title,
                unit=UnitId(group + 1),
                file=path,
                frame_count=frames,
                instance=InstanceId(self._rows[kept] + 1),
                name=f"{names.get(class_id, class_id)} ({ordinal})",
                source_id=str(annotations[row].id),
            )

        return Sheet(
            track=np.arange(n, dtype=np.int32),
            unit=groups.astype(np.int32),
            frames=self._frame[at].astype(np.int32),
            frame_counts=counts[groups - base] if n else np.empty(0, np.int32),
            timed=timed[groups - base] if n else np.empty(0, bool),
            sizes=sizes,
            classes=classes,
            class_ids=class_ids,
            low=low,
            high=high,
            flags=np.full(n, int(LabelFlag.KEY), np.uint8),
            origin=np.full(n, int(Origin.IMPORTED), np.uint8),
            confidence=np.ones(n, np.float32),
            parts=parts,
            place=where,
            told_area=np.array([_number(a.area) for a in annotations], np.float64),
            told_box=_told_boxes(annotations, [source.outlines[self._rows[k]] for k in at.tolist()]),
            crowd=np.array([a.iscrowd == 1 for a in annotations], bool),
        )


def _number(value: Any) -> float:
    return float(value) if type(value) in {int, float} and abs(value) < 1e300 else np.nan


def _boxes(annotations: Sequence[Annotation]) -> Geometry | None:
    """Return boxes; None when one of them is odd."""
    try:
        return Geometry(ShapeKind.BOX, np.array(_decode_boxes(_list(a.bbox for a in annotations)), np.float64))
    except UNREADABLE:
        return None


def _list(raws: Iterator[msgspec.Raw]) -> bytes:
    return b"[" + b",".join([bytes(raw) for raw in raws]) + b"]"


def _polygons(annotations: Sequence[Annotation]) -> Geometry | None:
    """Return polygons, each ring a part of its own; None when one of them is odd."""
    try:
        shapes = _decode_polygons(_list(a.segmentation for a in annotations))
    except UNREADABLE:
        return None
    rings = [len(ring) for shape in shapes for ring in shape]
    sizes = np.array(rings, np.int64)
    if (sizes % 2).any():
        return None
    numbers = np.fromiter(chain.from_iterable(chain.from_iterable(shapes)), np.float64, int(sizes.sum()))
    counts = np.array([len(shape) for shape in shapes], np.int64)
    ring_offsets = np.concatenate([[0], np.cumsum(counts)])
    offsets = np.concatenate([[0], np.cumsum(sizes)])[ring_offsets]
    lengths = Ragged((-(sizes // 2)).astype(np.int32), ring_offsets)
    return Geometry(ShapeKind.POLYGON, np.empty((len(shapes), 0)), (Ragged(numbers, offsets), lengths))


def _told_boxes(annotations: Sequence[Annotation], outlines: Sequence[ShapeKind | None]) -> NDArray[np.float64]:
    """Return the boxes beside polygons and masks; NaN for boxes themselves and for odd ones."""
    told = np.full((len(annotations), 4), np.nan)
    rows = [n for n, (a, k) in enumerate(zip(annotations, outlines, strict=True)) if k is not ShapeKind.BOX and a.bbox]
    rows = [n for n in rows if bytes(annotations[n].bbox)]
    if rows:
        geometry = _boxes([annotations[n] for n in rows])
        if geometry is not None:
            told[rows] = geometry.fixed
    return told


def faults(data: CocoData) -> Iterator[SourceFault]:
    """Yield what is wrong with identifiers and references."""
    yield from _repeated(data, "images", [image["id"] for image in data.images])
    yield from _repeated(data, "categories", [category["id"] for category in data.categories])
    ids = [a.id for a in data.annotations]
    yield from _repeated(data, "annotations", [i for i in ids if i is not msgspec.UNSET and i is not None])
    listed = {category["id"] for category in data.categories}
    lost = Counter(a.category_id for a in data.annotations if a.category_id not in listed)
    for key, count in sorted(lost.items(), key=lambda item: str(item[0])):
        yield SourceFault(
            "S03", f"{count} annotations are of the category {key!r}, which is not listed", place(data.path)
        )
    orphans = data.order[: data.bounds[0]].tolist()
    if orphans:
        images = dict.fromkeys(repr(data.annotations[row].image_id) for row in orphans)
        some = ", ".join(list(images)[:5]) + (", …" if len(images) > 5 else "")
        text = f"{len(orphans)} annotations are of images that the file doesn't list: {some}"
        yield SourceFault("S05", text, place(data.path, f"/annotations/{orphans[0]}"))


def _repeated(data: CocoData, name: str, ids: list[Any]) -> Iterator[SourceFault]:
    if len(set(ids)) == len(ids):
        return
    for key, count in Counter(ids).items():
        if count > 1:
            row = [n for n, other in enumerate(ids) if other == key][1]
            text = f"{count} {name} have the identifier {key!r}"
            yield SourceFault("S02", text, place(data.path, f"/{name}/{row}"))
