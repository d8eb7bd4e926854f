"""What changed in a task since a review of it ended: instances, their frames, and the shapes as they were."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field

from tui_editor.model.overlap import iou
from tui_editor.model.patch import StatusChange
from tui_editor.model.shapes import same_shape
from tui_editor.model.transitions import REVIEWING
from tui_editor.ports import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.project import Project
    from tui_editor.model.shapes import Shape
    from tui_editor.model.tracks import Track
    from tui_editor.ports import JournalEntry


class ChangeKind(StrEnum):
    """What became of an instance."""

    ADDED = "added"
    DELETED = "deleted"
    CHANGED = "changed"


class InstanceDiff(Struct, frozen=True, kw_only=True, eq=False):
    """What became of one instance."""

    instance: InstanceId
    kind: ChangeKind
    frames: Mapping[UnitId, NDArray[np.int32]]
    """The frames on which its label differs, ascending, by data unit; empty where only class or answers do."""

    @property
    def frame_count(self) -> int:
        """Return on how many frames it differs."""
        return sum(len(frames) for frames in self.frames.values())

    def differs_on(self, frame: FrameRef) -> bool:
        """Return whether its label on a frame is not what it was."""
        frames = self.frames.get(frame.unit)
        if frames is None:
            return False
        at = int(frames.searchsorted(np.int32(frame.index)))
        return at < len(frames) and int(frames[at]) == frame.index


class ReviewDiff(Struct, frozen=True, kw_only=True, eq=False):
    """A task now, and as it was when a reviewer was last done with it."""

    base: LabelDocument
    by: str
    """Who reviewed it then."""
    at_ms: int
    changes: Mapping[InstanceId, InstanceDiff] = field(default_factory=dict)

    def ghosts(self, frame: FrameRef) -> tuple[tuple[InstanceId, Shape], ...]:
        """Return the shapes of a frame that were changed or deleted, as they were."""
        found = []
        for key, change in self.changes.items():
            label = self.base.label(key, frame.unit, frame.index) if change.differs_on(frame) else None
            if label is not None:
                found.append((key, label.shape))
        return tuple(found)

    def overlap(self, key: InstanceId, now: LabelDocument, frame: FrameRef) -> float | None:
        """Return intersection over union of an instance's shapes then and now on a frame; None where one has none."""
        old = self.base.label(key, frame.unit, frame.index)
        new = now.label(key, frame.unit, frame.index)
        return iou(old.shape, new.shape) if old is not None and new is not None else None

    def counts(self) -> Mapping[ChangeKind, int]:
        """Return how many instances were added, deleted and changed."""
        return {kind: sum(c.kind is kind for c in self.changes.values()) for kind in ChangeKind}


_FIRST_ENTRY = 1


def since_review(
    now: LabelDocument,
    seq: int,
    project: Project,
    older: Callable[[int | None], Sequence[JournalEntry]],
) -> Generator[float, None, ReviewDiff | None]:
    """Return what changed since a review of the task ended last, None when none did; a page of the journal a step.

    Args:
        now: The task as it is.
        seq: The last journal entry that is in it.
        project: Its project: tells which stages are reviews.
        older: Reads journal entries before a number, newest first; before none: the last ones.

    Yields:
        The share that is done, 0..1.
    """
    base: LabelDocument = now
    touched: set[InstanceId] = set()
    before: int | None = seq + 1
    while entries := older(before):
        for entry in entries:
            if ends_review(entry, project):
                changes = {key: made for key in sorted(touched) if (made := _difference(key, base, now)) is not None}
                return ReviewDiff(base=base, by=entry.person, at_ms=entry.at_ms, changes=changes)
            base = base.apply(entry.patch.inverse())
            touched |= entry.patch.instances()
        before = entries[-1].seq
        yield 1 - before / (seq + 1)
        if before <= _FIRST_ENTRY:
            break
    return None


def ends_review(entry: JournalEntry, project: Project) -> bool:
    """Return whether an entry is one by which a reviewer handed a task on or back."""
    if entry.kind is not EntryKind.WORKFLOW or entry.undone:
        return False
    crossings = [c for c in entry.patch.changes if isinstance(c, StatusChange) and c.before.stage != c.after.stage]
    return any(project.stage_kind(change.before) in REVIEWING for change in crossings)


def _difference(key: InstanceId, base: LabelDocument, now: LabelDocument) -> InstanceDiff | None:
    old, new = base.instances.get(key), now.instances.get(key)
    units = dict.fromkeys((*base.units_of.get(key, ()), *now.units_of.get(key, ())))
    frames = {unit: differing_frames(base.track(key, unit), now.track(key, unit)) for unit in units}
    frames = {unit: found for unit, found in frames.items() if len(found)}
    if old is None and new is None:
        return None
    if old is None:
        return InstanceDiff(instance=key, kind=ChangeKind.ADDED, frames=frames)
    if new is None:
        return InstanceDiff(instance=key, kind=ChangeKind.DELETED, frames=frames)
    same = (old.class_id, old.answers, old.dynamic) == (new.class_id, new.answers, new.dynamic)
    return None if same and not frames else InstanceDiff(instance=key, kind=ChangeKind.CHANGED, frames=frames)


def differing_frames(old: Track | None, new: Track | None) -> NDArray[np.int32]:
    """Return the frames on which two tracks differ in shape or flags, ascending."""
    if old is None or new is None:
        track = new if old is None else old
        return np.zeros(0, np.int32) if track is None else track.frames
    if old is new:
        return np.zeros(0, np.int32)
    if old.kind is not new.kind:
        return np.union1d(old.frames, new.frames).astype(np.int32)
    both, a, b = np.intersect1d(old.frames, new.frames, assume_unique=True, return_indices=True)
    alone = np.setxor1d(old.frames, new.frames, assume_unique=True)
    return np.union1d(alone, both[_differ(old, new, a, b)]).astype(np.int32)


def _differ(old: Track, new: Track, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return of pairs of rows whether they differ: bool (n,)."""
    differ: NDArray[np.bool_] = old.flags[a] != new.flags[b]
    differ |= (old.geometry.fixed[a] != new.geometry.fixed[b]).any(axis=1)
    if old.geometry.ragged:
        for n in np.flatnonzero(~differ):
            differ[n] = not same_shape(old.geometry.shape(int(a[n])), new.geometry.shape(int(b[n])))
    return differ
