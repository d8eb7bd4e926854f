"""Track surgery: split, merge, join, extend, swap and cut tracks. Works on columns, never label by label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.edits import interpolate
from tui_editor.edits.dynamic import LAST_FRAME, beside, joined, outside, within
from tui_editor.edits.labels import delete_part, put_label, set_flag
from tui_editor.errors import Refused
from tui_editor.model.ids import InstanceId, new_id
from tui_editor.model.instances import Instance
from tui_editor.model.issues import DecisionState
from tui_editor.model.patch import Change, DecisionChange, InstanceChange, IssueChange, Patch, TrackChange, compose
from tui_editor.model.tracks import LabelFlag, empty_track, join_tracks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import UnitId
    from tui_editor.model.instances import DynamicAnswer
    from tui_editor.model.tracks import Track


# --- split -----------------------------------------------------------------------------------------


def split(document: LabelDocument, instance: InstanceId, at: FrameRef, stamp: Stamp) -> tuple[Patch, InstanceId]:
    """Return the patch that makes a new instance of a track's labels from a frame on, and the new instance's id.

    Static answers are copied, dynamic ones cut. Decision and rejection stay with the instance that keeps its id; the
    new one awaits a reviewer. Issues about later frames go along with the labels.

    Raises:
        Refused: the track begins here, or has ended.
    """
    track = document.track(instance, at.unit)
    rest = None if track is None else track.between(at.index, LAST_FRAME)
    if track is None or rest is None or not len(rest):
        raise Refused("the object has no label here or later: there is nothing to split off")
    if len(rest) == len(track) and len(document.units_of[instance]) == 1:
        raise Refused("the object begins here: there is nothing to split off", hint="go to where the new one begins")
    old = document.instances[instance]
    new = Instance(
        id=InstanceId(new_id()),
        class_id=old.class_id,
        ordinal=document.next_ordinal(old.class_id),
        answers=old.answers,
        dynamic=joined(within(old.dynamic, at.unit, at.index, LAST_FRAME)),
        created_by=stamp.person,
        created_ms=stamp.at_ms,
    )
    changes: list[Change] = [
        InstanceChange(new.id, None, new),
        *_answered(old, outside(old.dynamic, at.unit, at.index, LAST_FRAME)),
        TrackChange(instance, at.unit, rest, empty_track(rest.kind)),
        TrackChange(new.id, at.unit, empty_track(rest.kind), rest),
        *_issues_from(document, instance, new.id, at),
    ]
    return Patch(tuple(changes)), new.id


def _answered(old: Instance, dynamic: Sequence[DynamicAnswer]) -> list[Change]:
    new = replace(old, dynamic=tuple(dynamic))
    return [InstanceChange(old.id, old, new)] if new != old else []


def _issues_from(document: LabelDocument, instance: InstanceId, to: InstanceId, at: FrameRef) -> list[Change]:
    """Return the changes that hang issues about labels from a frame on upon another instance; no rejections."""
    return [
        IssueChange(issue.id, issue, replace(issue, instance=to))
        for issue in document.issues_of(instance)
        if issue.unit == at.unit and issue.frames and issue.frames[0] >= at.index and not issue.rejection
    ]


# --- merge and join --------------------------------------------------------------------------------


def clashes(document: LabelDocument, instances: Iterable[InstanceId]) -> int:
    """Return how many labels give way when instances are merged: one stays on each frame."""
    found = 0
    for tracks in _by_unit(document, instances).values():
        frames = np.concatenate([track.frames for _, track in tracks])
        found += len(frames) - len(np.unique(frames))
    return found


def _by_unit(document: LabelDocument, instances: Iterable[InstanceId]) -> dict[UnitId, list[tuple[InstanceId, Track]]]:
    found: dict[UnitId, list[tuple[InstanceId, Track]]] = {}
    for instance in instances:
        for unit, track in document.tracks_of(instance):
            found.setdefault(unit, []).append((instance, track))
    return found


def merge(
    document: LabelDocument, target: InstanceId, sources: Sequence[InstanceId], *, target_wins: bool = True
) -> Patch:
    """Return the patch that gives the labels of some instances to another one; the instances that gave them go.

    Where several have a label on a frame one stays: the target's, else that of the first source. Answers are the
    target's; if it has none, those of the first source of its class. Dynamic answers are added where the target has
    none. Issues are hung on the target, which is rejected if one of the sources is.

    Args:
        document: The task.
        target: Who gets the labels.
        sources: Who gives them, in order.
        target_wins: Keep the target's label where both have one; False: a source's.

    Raises:
        Refused: they are labelled with different kinds of shape, or there is nothing to merge.
    """
    sources = [s for s in dict.fromkeys(sources) if s != target]
    if not sources:
        raise Refused("there is nothing to merge")
    if len({track.kind for i in (target, *sources) for _, track in document.tracks_of(i)}) > 1:
        raise Refused("objects with different kinds of shape can't be one object")
    changes: list[Change] = []
    for unit, tracks in _by_unit(document, sources).items():
        changes += [TrackChange(s, unit, track, empty_track(track.kind)) for s, track in tracks]
        given = _first_of_each_frame([track for _, track in tracks])
        changes.append(_taken(target, unit, document.track(target, unit), given, target_wins=target_wins))
    changes += _merged_answers(document, target, sources)
    changes += _merged_review(document, target, sources)
    changes += [InstanceChange(s, document.instances[s], None) for s in sources]
    return Patch(tuple(changes))


def _first_of_each_frame(tracks: Sequence[Track]) -> Track:
    """Return the labels of several tracks as one; where several have a label on a frame, that of the first."""
    if len(tracks) == 1:
        return tracks[0]
    both = join_tracks(tracks)
    order = np.argsort(both.frames, kind="stable")
    frames = both.frames[order]
    return both.take(order[np.concatenate([[True], frames[1:] != frames[:-1]])])


def _taken(target: InstanceId, unit: UnitId, mine: Track | None, given: Track, *, target_wins: bool) -> TrackChange:
    if mine is None:
        return TrackChange(target, unit, empty_track(given.kind), given)
    if target_wins:
        free = given.take(np.flatnonzero(~_has_frames(mine, given.frames)))
        return TrackChange(target, unit, empty_track(mine.kind), free)
    return TrackChange(target, unit, mine.take(np.flatnonzero(_has_frames(given, mine.frames))), given)


def _has_frames(track: Track, frames: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return for each of some frames whether the track has a label on it."""
    rows = np.minimum(track.frames.searchsorted(frames), len(track) - 1)
    return np.asarray(track.frames[rows] == frames)


def _merged_answers(document: LabelDocument, target: InstanceId, sources: Sequence[InstanceId]) -> list[Change]:
    old = document.instances[target]
    alike = [v for s in sources if (v := document.instances[s]).class_id == old.class_id]
    answers = old.answers or next((v.answers for v in alike if v.answers), old.answers)
    dynamic = list(old.dynamic)
    for value in alike:
        dynamic += beside(value.dynamic, dynamic)
    new = replace(old, answers=answers, dynamic=joined(dynamic) if len(dynamic) > len(old.dynamic) else old.dynamic)
    return [InstanceChange(target, old, new)] if new != old else []


def _merged_review(document: LabelDocument, target: InstanceId, sources: Sequence[InstanceId]) -> list[Change]:
    """Return the changes that keep threads, and a rejection that was not dealt with."""
    changes: list[Change] = [
        IssueChange(issue.id, issue, replace(issue, instance=target))
        for source in sources
        for issue in document.issues_of(source)
    ]
    theirs = [(s, d) for s in sources if (d := document.decisions.get(s)) is not None]
    changes += [DecisionChange(source, decision, None) for source, decision in theirs]
    mine = document.decisions.get(target)
    rejected = next((d for _, d in theirs if d.state is DecisionState.REJECTED), None)
    if rejected is not None and (mine is None or mine.state is not DecisionState.REJECTED):
        changes.append(DecisionChange(target, mine, rejected))
    return changes


def followers(document: LabelDocument, instance: InstanceId, unit: UnitId) -> list[InstanceId]:
    """Return the instances of the same class that begin after a track ends, the soonest first."""
    track = document.track(instance, unit)
    if track is None:
        return []
    found = []
    for other in document.of_class(document.instances[instance].class_id):
        theirs = document.track(other.id, unit)
        if theirs is not None and theirs.kind == track.kind and theirs.frames[0] > track.frames[-1]:
            found.append((int(theirs.frames[0]), other.ordinal, other.id))
    return [key for _, _, key in sorted(found)]


def join(document: LabelDocument, first: InstanceId, second: InstanceId, unit: UnitId) -> Patch:
    """Return the patch that makes one instance of two of one class, the second of which begins when the first ended.

    Raises:
        Refused: they are of different classes, or the second one begins too early.
    """
    one, two = document.instances[first], document.instances[second]
    if one.class_id != two.class_id:
        raise Refused("only objects of one class are joined", hint="give them the same class first")
    before, after = document.track(first, unit), document.track(second, unit)
    if before is None or after is None or after.frames[0] <= before.frames[-1]:
        raise Refused("the second object does not begin after the first one ends", hint="merge them instead")
    return merge(document, first, [second])


# --- extend, swap, cut -----------------------------------------------------------------------------


def extend(document: LabelDocument, instance: InstanceId, at: FrameRef, stamp: Stamp) -> Patch:
    """Return the patch that repeats a track's nearest label up to a frame: its last earlier one, else its first.

    Raises:
        Refused: it has a label on that frame, or none in the data unit.
    """
    track = document.track(instance, at.unit)
    if track is None:
        raise Refused("the object has no labels in this data unit")
    row = int(track.frames.searchsorted(np.int32(at.index)))
    if row < len(track) and track.frames[row] == at.index:
        raise Refused("the object has a label on that frame already", hint="extend it to the end instead")
    if row:
        row -= 1
        frames = np.arange(int(track.frames[row]) + 1, at.index + 1, dtype=np.int64).astype(np.int32)
    else:
        frames = np.arange(at.index, track.frames[0], dtype=np.int32)
    labels = interpolate.repeated(track, row, frames, stamp)
    return Patch((TrackChange(instance, at.unit, empty_track(track.kind), labels),))


def swap(document: LabelDocument, one: InstanceId, other: InstanceId, at: FrameRef) -> Patch:
    """Return the patch that exchanges the labels of two instances from a frame on, with their dynamic answers.

    Static answers and decisions stay: they say something of the thing, whose name the instance keeps. Issues about
    later frames go along with the labels.

    Raises:
        Refused: they are of different classes, neither has labels from here on, or one would have none left.
    """
    a, b = document.instances[one], document.instances[other]
    if one == other or a.class_id != b.class_id:
        raise Refused("only two objects of one class are swapped", hint="give them the same class first")
    mine, theirs = _from(document, one, at), _from(document, other, at)
    if not len(mine) and not len(theirs):
        raise Refused("neither object has a label here or later: there is nothing to swap")
    for key, gone, got in ((one, mine, theirs), (other, theirs, mine)):
        if not len(got) and len(gone) == sum(len(t) for _, t in document.tracks_of(key)):
            raise Refused("one of the objects would have no labels left", hint="merge them instead")
    changes: list[Change] = [
        TrackChange(one, at.unit, mine, theirs),
        TrackChange(other, at.unit, theirs, mine),
        *_swapped_answers(a, b, at),
        *_issues_from(document, one, other, at),
        *_issues_from(document, other, one, at),
    ]
    return Patch(tuple(changes))


def _swapped_answers(one: Instance, other: Instance, at: FrameRef) -> list[Change]:
    later = [within(v.dynamic, at.unit, at.index, LAST_FRAME) for v in (one, other)]
    if not any(later):
        return []
    earlier = [outside(v.dynamic, at.unit, at.index, LAST_FRAME) for v in (one, other)]
    return _answered(one, joined(earlier[0] + later[1])) + _answered(other, joined(earlier[1] + later[0]))


def _from(document: LabelDocument, instance: InstanceId, at: FrameRef) -> Track:
    """Return an instance's labels from a frame on."""
    track = document.track(instance, at.unit)
    if track is not None:
        return track.between(at.index, LAST_FRAME)
    kinds = [t.kind for _, t in document.tracks_of(instance)]
    if not kinds:
        raise Refused("one of the objects has no labels")
    return empty_track(kinds[0])


def cut(document: LabelDocument, instance: InstanceId, unit: UnitId, first: int, last: int) -> Patch:
    """Return the patch that removes a track's labels and dynamic answers on frames first..last.

    The instance goes with its last label.

    Raises:
        Refused: it has no labels there.
    """
    track = document.track(instance, unit)
    gone = None if track is None else track.between(first, last)
    if gone is None or not len(gone):
        raise Refused(f"the object has no labels on frames {first} to {last}")
    patch = delete_part(document, instance, unit, gone)
    old = document.instances[instance]
    if any(isinstance(c, InstanceChange) for c in patch.changes):
        return patch
    return compose(patch, Patch(tuple(_answered(old, outside(old.dynamic, unit, first, last)))))


# --- key labels ------------------------------------------------------------------------------------


def toggle_key(document: LabelDocument, instance: InstanceId, at: FrameRef, stamp: Stamp) -> Patch:
    """Return the patch that makes a label a key label, as if it had been drawn so, or not one any more.

    A key label that lies between two others and whose shape allows it is then interpolated between them; of any other
    one only the mark goes.

    Raises:
        Refused: there is no label on the frame.
    """
    track = document.track(instance, at.unit)
    label = None if track is None else track.label_at(at.index)
    if track is None or label is None:
        raise Refused("the object has no label on this frame", hint="label it here first")
    if not label.flags & LabelFlag.KEY:
        return put_label(document, instance, at, label.shape, stamp)
    freed = interpolate.freed(track, at.index, stamp)
    if freed is not None:
        return Patch((TrackChange(instance, at.unit, *freed),))
    return set_flag(document, instance, at, LabelFlag.KEY, False, stamp)
