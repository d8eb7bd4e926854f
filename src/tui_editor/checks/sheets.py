"""Puts the labels of tasks into sheets."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from tui_editor.model.columns import Geometry, join_geometry
from tui_editor.model.extents import extents
from tui_editor.model.frames import UNTRACKED, UnitKind
from tui_editor.model.issues import DecisionState
from tui_editor.model.sheet import Part, Place, Sheet
from tui_editor.state.selectors import instance_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import ClassId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.project import Task
    from tui_editor.model.shapes import ShapeKind
    from tui_editor.model.tracks import Track


TIMED = (UnitKind.VIDEO, UnitKind.IMAGE_SEQUENCE)
"""Kinds of data units whose frames follow one another in time."""


class Labelled(NamedTuple):
    """A task with its labels, or with some of them."""

    task: Task
    document: LabelDocument
    ontology: Ontology
    only: frozenset[int] | None = None
    """The instances that count; None: all."""
    frames: Mapping[UnitId, NDArray[np.int32]] | None = None
    """The frames that count, ascending; None: all."""


class _Row(NamedTuple):
    """A track and where it lies."""

    of: Labelled
    instance: Instance
    unit: Unit
    track: Track


def file_of(unit: Unit, index: int = 0) -> str:
    """Return the path of a frame's file, relative to its root."""
    paths = unit.media.paths
    return paths[index] if 0 <= index < len(paths) else paths[0] if paths else unit.title


def is_timed(unit: Unit) -> bool:
    """Return whether what is labelled goes on from frame to frame."""
    return unit.kind in TIMED and not unit.extra.get(UNTRACKED)


def ordered(document: LabelDocument) -> list[Instance]:
    """Return the instances by class, ordinal and id."""
    return sorted(document.instances.values(), key=lambda i: (i.class_id, i.ordinal, i.id))


def sheet_of(tasks: Sequence[Labelled]) -> Sheet:
    """Return the labels of tasks as a sheet: by task, instance (class, number), data unit and frame."""
    rows = [row for labelled in tasks for row in _rows(labelled)]
    lengths = np.fromiter((len(row.track.frames) for row in rows), np.int64, len(rows))
    ends = np.cumsum(lengths)
    n = int(ends[-1]) if len(ends) else 0
    parts = tuple(_parts(rows, ends - lengths))
    low, high = np.full((n, 2), np.nan), np.full((n, 2), np.nan)
    for part in parts:
        low[part.rows], high[part.rows] = extents(part.geometry)
    track = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
    frames = _column([row.track.frames for row in rows], np.int32)
    class_ids = tuple(dict.fromkeys(row.instance.class_id for row in rows))
    told = _told(rows, track)
    return Sheet(
        track=track,
        unit=_units(rows)[track] if n else np.empty(0, np.int32),
        frames=frames,
        frame_counts=_per_track(rows, track, lambda row: _count(row.unit)),
        timed=_per_track(rows, track, lambda row: is_timed(row.unit)) > 0,
        sizes=_sizes(rows, track, frames),
        classes=_per_track(rows, track, _class_numbers(class_ids)),
        class_ids=class_ids,
        low=low,
        high=high,
        flags=_column([row.track.flags for row in rows], np.uint8),
        origin=_column([row.track.origin for row in rows], np.uint8),
        confidence=_column([row.track.confidence for row in rows], np.float32),
        parts=parts,
        place=lambda row: _place(rows[track[row]], int(frames[row])),
        approved=_approved(rows, track),
        told_area=None if told is None else told[:, 0],
        told_box=None if told is None else told[:, 1:5],
        crowd=None if told is None else told[:, 5] > 0,
        things=[(row.unit.id, row.instance.id) for row in rows],
    )


def _rows(labelled: Labelled) -> Iterator[_Row]:
    document = labelled.document
    if labelled.only is not None:
        wanted = [i for key in labelled.only if (i := document.instances.get(key)) is not None]  # type: ignore[call-overload]  # ids are numbers
        wanted.sort(key=lambda i: (i.class_id, i.ordinal, i.id))
    else:
        wanted = ordered(document)
    units = {unit.id: unit for unit in labelled.task.units}
    for instance in wanted:
        there = document.units_of.get(instance.id, ())
        for key in there if len(there) == 1 else [u for u in units if u in there]:
            unit = units.get(key)
            if unit is None:
                continue
            track = document.tracks[instance.id, key]
            if labelled.frames is not None:
                track = _on(track, labelled.frames.get(key))
            if len(track.frames):
                yield _Row(labelled, instance, unit, track)


def _on(track: Track, frames: NDArray[np.int32] | None) -> Track:
    """Return the labels of a track that lie on some frames."""
    if frames is None or not len(frames):
        return track.part(0, 0)
    if len(track.frames) == 1:
        near = int(frames.searchsorted(track.frames[0]))
        return track if near < len(frames) and frames[near] == track.frames[0] else track.part(0, 0)
    at = track.frames.searchsorted(frames)
    at = at[at < len(track.frames)]
    rows = at[track.frames[at] == frames[: len(at)]] if len(at) else at
    return track.take(rows)


def _parts(rows: Sequence[_Row], starts: NDArray[np.int64]) -> Iterator[Part]:
    groups: dict[tuple[ShapeKind, int], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        geometry = row.track.geometry
        groups[geometry.kind, geometry.fixed.shape[1]].append(number)
    for numbers in groups.values():
        pieces = [rows[n].track.geometry for n in numbers]
        sizes = np.fromiter((len(p) for p in pieces), np.int64, len(pieces))
        begin = np.repeat(starts[numbers], sizes)
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        yield Part((begin + within).astype(np.intp), _joined(pieces))


def _joined(pieces: list[Geometry]) -> Geometry:
    if len(pieces) == 1:
        return pieces[0]
    if not pieces[0].ragged:
        return Geometry(pieces[0].kind, np.concatenate([p.fixed for p in pieces]))
    return join_geometry(pieces)


def _column(columns: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(columns).astype(dtype, copy=False) if columns else np.empty(0, dtype)


def _per_track(rows: Sequence[_Row], track: NDArray[np.int32], value: Callable[[_Row], int]) -> NDArray[np.int32]:
    return np.fromiter((value(row) for row in rows), np.int32, len(rows))[track] if rows else np.empty(0, np.int32)


def _class_numbers(class_ids: tuple[ClassId, ...]) -> Callable[[_Row], int]:
    number = {key: n for n, key in enumerate(class_ids)}
    return lambda row: number[row.instance.class_id]


def _count(unit: Unit) -> int:
    return unit.frame_count if unit.kind is not UnitKind.OTHER and unit.frame_count > 0 else 0


def _units(rows: Sequence[_Row]) -> NDArray[np.int32]:
    """Return the number of each track's data unit."""
    number: dict[tuple[int, int], int] = {}
    return np.fromiter((number.setdefault((row.of.task.id, row.unit.id), len(number)) for row in rows), np.int32)


def _approved(rows: Sequence[_Row], track: NDArray[np.int32]) -> NDArray[np.bool_] | None:
    if not any(row.of.document.decisions for row in rows):
        return None
    decisions = (row.of.document.decisions.get(row.instance.id) for row in rows)
    found = np.fromiter((d is not None and d.state is DecisionState.APPROVED for d in decisions), bool, len(rows))
    return np.asarray(found[track])


def _sizes(rows: Sequence[_Row], track: NDArray[np.int32], frames: NDArray[np.int32]) -> NDArray[np.float64]:
    if not rows:
        return np.empty((0, 2))
    sizes = np.array([(row.unit.width, row.unit.height) for row in rows], np.float64)[track]
    at = 0
    for row in rows:
        n = len(row.track.frames)
        if row.unit.frame_sizes:
            table = np.array(row.unit.frame_sizes, np.float64)
            some = frames[at : at + n]
            known = (some >= 0) & (some < len(table))
            sizes[at : at + n][known] = table[some[known]]
        at += n
    sizes[(sizes <= 0).any(axis=1)] = np.nan
    return sizes


def _place(row: _Row, frame: int) -> Place:
    task, unit = row.of.task, row.unit
    return Place(
        task=task.id,
        title=task.title,
        unit=unit.id,
        file=file_of(unit, frame),
        frame_count=unit.frame_count,
        instance=row.instance.id,
        name=instance_name(row.of.ontology, row.instance),
        source_id=row.instance.source_id,
    )


# --- what a source wrote beside a shape -----------------------------------------------------------


def _told(rows: Sequence[_Row], track: NDArray[np.int32]) -> NDArray[np.float64] | None:
    """Return area, box and crowd flag that sources wrote beside shapes, (n, 6); None where none did."""
    if not any("coco" in row.instance.extra for row in rows):
        return None
    return np.array([_told_of(row.instance.extra) for row in rows], np.float64)[track]


def _told_of(extra: Mapping[str, object]) -> tuple[float, ...]:
    """Return what an instance read from COCO keeps of its annotation."""
    text = extra.get("coco")
    try:
        kept = msgspec.json.decode(text) if isinstance(text, str) else None
    except msgspec.DecodeError:
        kept = None
    keep = kept.get("keep") if isinstance(kept, dict) else None
    if not isinstance(keep, dict):
        return (np.nan,) * 5 + (0.0,)
    box = keep.get("bbox")
    numbers = [_number(v) for v in box] if isinstance(box, list) and len(box) == 4 else [np.nan] * 4
    numbers = numbers if not any(map(math.isnan, numbers)) else [np.nan] * 4
    return (_number(keep.get("area")), *numbers, float(keep.get("iscrowd") == 1))


def _number(value: object) -> float:
    """Return a number of JSON; NaN for anything else, and for whole numbers beyond all floats."""
    try:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        return math.nan
