"""An instance's labels over the frames of one data unit, by columns."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct, structs
from msgspec.structs import replace

from tui_editor.errors import PatchMismatch
from tui_editor.model.columns import Geometry, Ragged, empty_geometry, join_geometry, join_ragged, pack, ragged
from tui_editor.model.empty import EMPTY
from tui_editor.model.shapes import Shape, ShapeKind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from tui_editor.model.ids import PersonId


class Origin(IntEnum):
    """How a label came to be."""

    MANUAL = 0
    INTERPOLATED = 1
    TRACKED = 2
    SEGMENTED = 3
    IMPORTED = 4


class LabelFlag(IntFlag):
    """Yes-or-no facts about a label."""

    NONE = 0
    KEY = 1
    """A key label: drawn or confirmed, not derived from its neighbours."""
    OCCLUDED = 2
    OUTSIDE = 4
    """The thing has left the picture; the label ends a visible run."""


class Label(Struct, frozen=True, kw_only=True, eq=False):
    """One instance on one frame."""

    frame: int
    shape: Shape
    confidence: float = 1.0
    """0..1; 1 for labels made by hand."""
    origin: Origin = Origin.MANUAL
    flags: LabelFlag = LabelFlag.KEY
    author: PersonId | str = ""
    editor: PersonId | str = ""
    created_ms: int = 0
    """Milliseconds since 1970 UTC; 0 when unknown."""
    edited_ms: int = 0
    extra: Mapping[str, Any] = EMPTY
    """What the source said of this label and we don't use."""


class Track(Struct, frozen=True, kw_only=True, eq=False):
    """n labels of one kind, sorted by frame, each frame once. A slice of a track is a track."""

    frames: NDArray[np.int32]
    geometry: Geometry
    confidence: NDArray[np.float32]
    origin: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    author: NDArray[np.int16]
    """Index into `people`; -1 for nobody."""
    editor: NDArray[np.int16]
    created_ms: NDArray[np.int64]
    edited_ms: NDArray[np.int64]
    people: tuple[str, ...] = ()
    extra: Ragged | None = None
    """JSON bytes of each label's unknown fields; None when no label has any."""

    def __len__(self) -> int:
        return len(self.frames)

    @property
    def kind(self) -> ShapeKind:
        """Return the kind of every shape in the track."""
        return self.geometry.kind

    def row_of(self, frame: int) -> int | None:
        """Return the row of a frame, None when there is no label on it."""
        row = int(self.frames.searchsorted(np.int32(frame)))
        return row if row < len(self.frames) and self.frames[row] == frame else None

    def shape_at(self, frame: int) -> Shape | None:
        """Return the shape on a frame, None when there is no label on it."""
        row = self.row_of(frame)
        return None if row is None else self.geometry.shape(row)

    def label(self, row: int) -> Label:
        """Return one row as a value."""
        return Label(
            frame=int(self.frames[row]),
            shape=self.geometry.shape(row),
            confidence=round(float(self.confidence[row]), 7),
            origin=Origin(int(self.origin[row])),
            flags=LabelFlag(int(self.flags[row])),
            author=self._person(self.author[row]),
            editor=self._person(self.editor[row]),
            created_ms=int(self.created_ms[row]),
            edited_ms=int(self.edited_ms[row]),
            extra=self._extra(row),
        )

    def label_at(self, frame: int) -> Label | None:
        """Return the label on a frame, None when there is none."""
        row = self.row_of(frame)
        return None if row is None else self.label(row)

    def labels(self) -> Iterable[Label]:
        """Yield every row as a value, by frame."""
        return (self.label(row) for row in range(len(self)))

    def between(self, first: int, last: int) -> Track:
        """Return the labels on frames first..last, both included, as views."""
        start = int(self.frames.searchsorted(np.int32(first)))
        stop = int(self.frames.searchsorted(np.int32(last), "right"))
        return self.part(start, max(start, stop))

    def part(self, start: int, stop: int) -> Track:
        """Return rows start..stop-1 as views."""
        plain = {name: getattr(self, name)[start:stop] for name in _PLAIN}
        extra = None if self.extra is None else self.extra.part(start, stop)
        return Track(geometry=self.geometry.part(start, stop), people=self.people, extra=extra, **plain)

    def take(self, rows: NDArray[np.intp]) -> Track:
        """Return the named rows (ascending), copied."""
        plain = {name: getattr(self, name)[rows] for name in _PLAIN}
        extra = None if self.extra is None else self.extra.take(rows)
        return Track(geometry=self.geometry.take(rows), people=self.people, extra=extra, **plain)

    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Return the runs of consecutive frames as inclusive (first, last) pairs."""
        if not len(self):
            return ()
        ends = int(self.frames[0]), int(self.frames[-1])
        if ends[1] - ends[0] + 1 == len(self):
            return (ends,)
        breaks = np.flatnonzero(np.diff(self.frames) > 1)
        first = self.frames[np.concatenate([[0], breaks + 1])]
        last = self.frames[np.concatenate([breaks, [len(self) - 1]])]
        return tuple(zip(first.tolist(), last.tolist(), strict=True))

    def same(self, other: Track) -> bool:
        """Return whether both hold equal labels."""
        if self is other:
            return True
        if len(self) != len(other):
            return False
        if not len(self):
            return True
        if self.people != other.people:
            people = tuple(dict.fromkeys((*self.people, *other.people)))
            return _renumbered(self, people).same(_renumbered(other, people))
        plain = all(np.array_equal(getattr(self, n), getattr(other, n)) for n in _PLAIN)
        return plain and self.geometry.same(other.geometry) and _same_extra(self, other)

    def _person(self, index: np.integer[Any]) -> str:
        return self.people[index] if index >= 0 else ""

    def _extra(self, row: int) -> Mapping[str, Any]:
        if self.extra is None or not len(self.extra.row(row)):
            return EMPTY
        import msgspec

        decoded: dict[str, Any] = msgspec.json.decode(self.extra.row(row).tobytes())
        return decoded


_PLAIN = ("frames", "confidence", "origin", "flags", "author", "editor", "created_ms", "edited_ms")


def _same_extra(a: Track, b: Track) -> bool:
    if a.extra is not None and b.extra is not None:
        return a.extra.same(b.extra)
    return all(e is None or not len(e.values) for e in (a.extra, b.extra))


def make_track(labels: Sequence[Label]) -> Track:
    """Return labels of one kind as a track, sorted by frame.

    Raises:
        PatchMismatch: two labels are on one frame or of different kinds.
    """
    ordered = sorted(labels, key=lambda label: label.frame)
    frames = np.array([label.frame for label in ordered], np.int32)
    if len({kind_of(label.shape) for label in ordered}) > 1 or (np.diff(frames) == 0).any():
        raise PatchMismatch("a track holds labels of one kind, each frame once")
    people = tuple(sorted({p for label in ordered for p in (label.author, label.editor) if p}))
    number = {login: i for i, login in enumerate(people)}
    return Track(
        frames=frames,
        geometry=pack([label.shape for label in ordered]),
        confidence=np.array([label.confidence for label in ordered], np.float32),
        origin=np.array([label.origin for label in ordered], np.uint8),
        flags=np.array([label.flags for label in ordered], np.uint8),
        author=np.array([number.get(label.author, -1) for label in ordered], np.int16),
        editor=np.array([number.get(label.editor, -1) for label in ordered], np.int16),
        created_ms=np.array([label.created_ms for label in ordered], np.int64),
        edited_ms=np.array([label.edited_ms for label in ordered], np.int64),
        people=people,
        extra=_pack_extra(ordered),
    )


def _pack_extra(labels: Sequence[Label]) -> Ragged | None:
    if not any(label.extra for label in labels):
        return None
    import msgspec

    rows = [msgspec.json.encode(dict(label.extra)) if label.extra else b"" for label in labels]
    return ragged([np.frombuffer(r, np.uint8) for r in rows], np.uint8)


def track_from_columns(
    frames: NDArray[np.int32],
    geometry: Geometry,
    *,
    confidence: float | NDArray[np.float32] = 1.0,
    origin: Origin = Origin.IMPORTED,
    flags: LabelFlag = LabelFlag.KEY,
    author: str = "",
    created_ms: int = 0,
) -> Track:
    """Return a track whose labels share their provenance; `frames` must ascend strictly."""
    n = len(frames)
    nobody = 0 if author else -1
    return Track(
        frames=frames,
        geometry=geometry,
        confidence=np.full(n, confidence, np.float32)
        if np.isscalar(confidence)
        else np.asarray(confidence, np.float32),
        origin=np.full(n, origin, np.uint8),
        flags=np.full(n, flags, np.uint8),
        author=np.full(n, nobody, np.int16),
        editor=np.full(n, nobody, np.int16),
        created_ms=np.full(n, created_ms, np.int64),
        edited_ms=np.full(n, created_ms, np.int64),
        people=(author,) if author else (),
    )


def single_track(frame: int, geometry: Geometry, origin: Origin = Origin.IMPORTED) -> Track:
    """Return a track of one key label without an author; everything but its geometry is shared with its like."""
    return Track(frames=_single_frame(frame), geometry=geometry, **_single_columns(origin))


@lru_cache(maxsize=4096)
def _single_frame(frame: int) -> NDArray[np.int32]:
    return np.array([frame], np.int32)


@lru_cache(maxsize=8)
def _single_columns(origin: Origin) -> dict[str, Any]:
    """Return every column but frames and geometry."""
    columns = structs.asdict(track_from_columns(_single_frame(0), empty_geometry(ShapeKind.PRESENCE), origin=origin))
    return {name: column for name, column in columns.items() if name not in {"frames", "geometry"}}


@lru_cache
def empty_track(kind: ShapeKind) -> Track:
    """Return a track without labels."""
    return track_from_columns(np.empty(0, np.int32), empty_geometry(kind))


def join_tracks(pieces: Sequence[Track]) -> Track:
    """Return the labels of all pieces in the order given; frames must ascend over them.

    Raises:
        PatchMismatch: the labels are of different kinds.
    """
    kept = [p for p in pieces if len(p)] or list(pieces[:1])
    if len(kept) == 1:
        return kept[0]
    if len({(p.kind, p.geometry.fixed.shape[1]) for p in kept}) > 1:
        raise PatchMismatch("an instance has labels of one kind in a data unit")
    people = tuple(dict.fromkeys(login for p in kept for login in p.people))
    kept = [_renumbered(p, people) for p in kept]
    plain = {name: np.concatenate([getattr(p, name) for p in kept]) for name in _PLAIN}
    geometry = join_geometry([p.geometry for p in kept])
    return Track(geometry=geometry, people=people, extra=_join_extra(kept), **plain)


def _renumbered(track: Track, people: tuple[str, ...]) -> Track:
    if track.people == people:
        return track
    number = {login: index for index, login in enumerate(people)}
    table = np.array([number.get(login, -1) for login in track.people] + [-1], np.int16)  # index -1 stays -1
    return replace(track, people=people, author=table[track.author], editor=table[track.editor])


def with_own_people(track: Track) -> Track:
    """Return the track with the logins that its labels name and no others, sorted."""
    numbers = {*track.author.tolist(), *track.editor.tolist()} - {-1}
    return _renumbered(track, tuple(sorted({track.people[number] for number in numbers})))


def _join_extra(pieces: Sequence[Track]) -> Ragged | None:
    if all(p.extra is None for p in pieces):
        return None
    blank = [
        p.extra if p.extra is not None else Ragged(np.empty(0, np.uint8), np.zeros(len(p) + 1, np.int64))
        for p in pieces
    ]
    return join_ragged(blank)


def splice(track: Track, before: Track, after: Track) -> Track:
    """Return `track` without the labels of `before` and with those of `after`.

    Raises:
        PatchMismatch: the track's labels on the frames of `before` differ from it, or a frame of `after` is taken.
    """
    if before is track:  # a track goes as a whole: nothing to compare
        return after
    rows = track.frames.searchsorted(before.frames)
    found = len(before) == 0 or (rows[-1] < len(track) and np.array_equal(track.frames[rows], before.frames))
    if not found or not track.take(rows).same(before):
        raise PatchMismatch("the labels changed since this edit was made")
    head_rows, tail_rows = _around(track, before, after)
    middle = track.part(head_rows, tail_rows)
    if len(before):
        keep = np.ones(len(middle), bool)
        keep[rows - head_rows] = False
        middle = middle.take(np.flatnonzero(keep))
    return join_tracks([track.part(0, head_rows), _merge(middle, after), track.part(tail_rows, len(track))])


def _around(track: Track, before: Track, after: Track) -> tuple[int, int]:
    """Return the rows (first, stop) of `track` between which something changes."""
    frames = np.concatenate([before.frames, after.frames])
    if not len(frames):
        return 0, 0
    # not the frame behind the last one: after 2**31 - 1 there is none
    return int(track.frames.searchsorted(frames.min())), int(track.frames.searchsorted(frames.max(), "right"))


def _merge(kept: Track, after: Track) -> Track:
    if not len(kept) or not len(after):
        return after if len(after) else kept
    places = kept.frames.searchsorted(after.frames)
    if (kept.frames[np.minimum(places, len(kept) - 1)] == after.frames).any():
        raise PatchMismatch("there is a label on that frame already")
    order = np.empty(len(kept) + len(after), np.intp)
    added = places + np.arange(len(after))
    order[added] = np.arange(len(kept), len(order))
    old = np.ones(len(order), bool)
    old[added] = False
    order[old] = np.arange(len(kept))
    return join_tracks([kept, after]).take(order)
