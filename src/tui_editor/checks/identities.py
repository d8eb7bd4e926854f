"""Rules about tracks beside each other: who is who (family T)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.checks.pairs import Pairs, pairs_on_frames, pairs_to_next
from tui_editor.checks.rule import Fault, Hits, Rule, instances, name_of
from tui_editor.checks.sheets import is_timed
from tui_editor.checks.tracks import _iou, overlap_of
from tui_editor.ports import CheckContext, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.sheet import Sheet

LEAST_IOU = 0.5


def _twice(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield instances of one identifier of the source that are both on a frame."""
    same: dict[str, list[Any]] = defaultdict(list)
    for instance in instances(context):
        if instance.source_id:
            same[instance.source_id].append(instance)
    for source_id, group in same.items():
        for unit in context.task.units if len(group) > 1 else ():
            if not is_timed(unit):
                continue
            tracks = [(i, t) for i in group if (t := context.document.track(i.id, unit.id)) is not None]
            for n, (one, mine) in enumerate(tracks):
                for two, theirs in tracks[n + 1 :]:
                    both = np.intersect1d(mine.frames, theirs.frames) if mine.kind is theirs.kind else np.empty(0)
                    if len(both):
                        names = f"{name_of(context, one)} and {name_of(context, two)}"
                        text = f"{names} have the identifier {source_id}, and both are on frame {int(both[0])}"
                        yield Fault(message=text, unit=unit.id, frame=int(both[0]), instance=one.id, other=two.id)


# --- from a frame to the next ---------------------------------------------------------------------


class _Steps:
    """What happens to each label from its frame to the next one."""

    def __init__(self, sheet: Sheet, least_iou: float) -> None:
        pairs = pairs_to_next(sheet, LEAST_IOU)
        n = len(sheet)
        self.own = np.zeros(n)
        """IoU of each label with its own track's one on the next frame; 0 where there is none."""
        rows = sheet.follows
        rows = rows[(sheet.frames[rows].astype(np.int64) - sheet.frames[rows - 1] == 1) & sheet.timed[rows]]
        self.own[rows - 1] = np.nan_to_num(_iou(sheet, rows - 1, rows))
        self.goes_on = np.zeros(n, bool)
        self.goes_on[rows - 1] = True
        self.came = np.zeros(n, bool)
        """Whether the track has a label on the frame before."""
        self.came[rows] = True
        self.own_before = np.zeros(n)
        self.own_before[rows] = self.own[rows - 1]
        self.others = pairs.where((sheet.track[pairs.a] != sheet.track[pairs.b]) & (pairs.iou >= least_iou))


def _switches(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    """Yield labels whose place another track takes on the next frame, while their own track goes elsewhere."""
    steps = _Steps(sheet, values["iou"])
    pairs = steps.others
    same = sheet.classes[pairs.a] == sheet.classes[pairs.b]
    away = steps.own[pairs.a] + values["lead"] < pairs.iou
    taken = steps.came[pairs.b] & (steps.own_before[pairs.b] + values["lead"] < pairs.iou)
    begun = ~steps.came[pairs.b] & steps.goes_on[pairs.a]
    pairs = pairs.where(same & away & (taken | begun))
    pairs = pairs.where(~_swapping(sheet, pairs))
    yield Hits(rows=pairs.b, other=pairs.a, text="change places: the first is where the second was")


def _swaps(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    steps = _Steps(sheet, values["iou"])
    pairs = steps.others
    pairs = pairs.where(steps.own[pairs.a] + values["lead"] < pairs.iou)
    pairs = pairs.where(_swapping(sheet, pairs))
    pairs = pairs.where(sheet.track[pairs.a] < sheet.track[pairs.b])
    after = _row_after(sheet, pairs.a)
    yield Hits(rows=after, other=pairs.b, text="exchange their identities")


def _row_after(sheet: Sheet, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the rows of the same tracks on the next frame: they stand below."""
    return np.minimum(rows + 1, len(sheet) - 1)


def _swapping(sheet: Sheet, pairs: Pairs) -> NDArray[np.bool_]:
    """Return which steps from track A to track B are met by one from B to A on the same frame."""
    span = int(sheet.track.max()) + 1 if len(sheet) else 1
    key = [
        (sheet.track[x].astype(np.int64) * span + sheet.track[y]) for x, y in ((pairs.a, pairs.b), (pairs.b, pairs.a))
    ]
    frames = sheet.frames[pairs.a]
    there = {(k, f) for k, f in zip(key[0].tolist(), frames.tolist(), strict=True)}
    return np.fromiter(
        ((k, f) in there for k, f in zip(key[1].tolist(), frames.tolist(), strict=True)), bool, len(frames)
    )


def _class_changes(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    """Yield tracks that begin where one of another class ended on the frame before."""
    steps = _Steps(sheet, values["iou"])
    pairs = steps.others
    other = sheet.classes[pairs.a] != sheet.classes[pairs.b]
    same_kind = sheet.kinds[pairs.a] == sheet.kinds[pairs.b]
    pairs = pairs.where(other & same_kind & _is_last(sheet)[pairs.a] & _is_first(sheet)[pairs.b])
    yield Hits(rows=pairs.b, other=pairs.a, text="follow one another on one place: the class changes")


def _is_first(sheet: Sheet) -> NDArray[np.bool_]:
    found = np.zeros(len(sheet), bool)
    found[sheet.starts] = True
    return found


def _is_last(sheet: Sheet) -> NDArray[np.bool_]:
    found = np.zeros(len(sheet), bool)
    found[np.concatenate([sheet.starts[1:], [len(sheet)]]).astype(np.intp) - 1] = True
    return found


def _fragments(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    """Yield tracks that begin where one of their class ended a few frames ago, and where it would have gone to."""
    first, last = np.flatnonzero(_is_first(sheet)), np.flatnonzero(_is_last(sheet))
    first, last = (rows[sheet.timed[rows] & sheet.visible[rows]] for rows in (first, last))
    if not len(first) or not len(last):
        return
    span = int(sheet.frames.max()) + int(values["most_frames"]) + 2
    at = sheet.unit[first].astype(np.int64) * span + sheet.frames[first]
    order = np.argsort(at, kind="stable")
    first, at = first[order], at[order]
    end = sheet.unit[last].astype(np.int64) * span + sheet.frames[last]
    starts, stops = np.searchsorted(at, end + 1), np.searchsorted(at, end + values["most_frames"], "right")
    counts = stops - starts
    a = np.repeat(last, counts)
    b = first[np.repeat(starts, counts) + np.arange(len(a)) - np.repeat(np.cumsum(counts) - counts, counts)]
    kept = (
        (sheet.classes[a] == sheet.classes[b]) & (sheet.kinds[a] == sheet.kinds[b]) & (sheet.track[a] != sheet.track[b])
    )
    a, b = a[kept], b[kept]
    kept = _predicted_iou(sheet, a, b) >= values["iou"]
    a, b = a[kept], b[kept]
    order = np.lexsort((sheet.frames[b], a))  # the soonest one of each that ended
    a, b = a[order], b[order]
    soonest = np.diff(a, prepend=-1) != 0
    a, b = a[soonest], b[soonest]
    gone = dict(zip(b.tolist(), (sheet.frames[b] - sheet.frames[a]).tolist(), strict=True))
    yield Hits(rows=b, other=a, text=lambda run: f"seem to be one: {gone[int(run[0])]} frames later it goes on")


def _predicted_iou(sheet: Sheet, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the IoU of labels `b` with `a` moved on at the speed that its track had in its last five frames."""
    from_row = np.maximum(a - 5, 0)
    start = sheet.starts[np.searchsorted(sheet.starts, a, "right") - 1]
    from_row = np.maximum(from_row, start)
    passed = np.maximum(sheet.frames[a] - sheet.frames[from_row], 1)
    speed = (sheet.centres[a] - sheet.centres[from_row]) / passed[:, None]
    way = speed * (sheet.frames[b] - sheet.frames[a])[:, None]
    moved = overlap_of(sheet.low[a] + way, sheet.high[a] + way, sheet.low[b], sheet.high[b])
    return np.maximum(moved, overlap_of(sheet.low[a], sheet.high[a], sheet.low[b], sheet.high[b]))


def _doubles(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    pairs = pairs_on_frames(sheet)
    pairs = pairs.where((pairs.iou >= values["iou"]) & sheet.timed[pairs.a])
    pairs = pairs.where(sheet.classes[pairs.a] == sheet.classes[pairs.b])
    span = int(sheet.track.max()) + 1 if len(sheet) else 1
    key = sheet.track[pairs.a].astype(np.int64) * span + sheet.track[pairs.b]
    _, group, counts = np.unique(key, return_inverse=True, return_counts=True)
    pairs = pairs.where(counts[group] >= values["least_frames"])
    yield Hits(rows=pairs.a, other=pairs.b, text="are on one place: a thing is tracked twice")


RULES = (
    Rule(
        rule="T01",
        title="an identifier is twice on a frame",
        severity=Severity.ERROR,
        doc="Two instances that the source gave one identifier have labels of one kind on one frame of a video or "
        "sequence.",
        reads=Reads.TASK,
        find=_twice,
        hint="delete one of them, or give it an identity of its own",
    ),
    Rule(
        rule="T03",
        title="the class changes within a track",
        severity=Severity.WARNING,
        doc="A track ends and one of another class begins on the next frame, on its place (at least `iou`).",
        reads=Reads.TRACKS,
        labels=_class_changes,
        params=(Param("iou", 0.7, "intersection over union from frame to frame"),),
        hint="join them and give the object one class",
    ),
    Rule(
        rule="T04",
        title="a track takes another one's place",
        severity=Severity.WARNING,
        doc="On the next frame a label's place (at least `iou`) is that of another track of its class, which was "
        "not there "
        "before, while its own track is elsewhere; both by `lead` of IoU.",
        reads=Reads.TRACKS,
        labels=_switches,
        params=(
            Param("iou", 0.8, "intersection over union from frame to frame"),
            Param("lead", 0.3, "by how much the other track fits better than the own one"),
        ),
        hint="swap them from this frame on",
        fix="swap",
    ),
    Rule(
        rule="T05",
        title="two tracks exchange their identities",
        severity=Severity.WARNING,
        doc="Each is on the next frame where the other was (at least `iou`), better than where itself was by `lead`.",
        reads=Reads.TRACKS,
        labels=_swaps,
        params=(
            Param("iou", 0.5, "intersection over union from frame to frame"),
            Param("lead", 0.2, "by how much the other track fits better than the own one"),
        ),
        hint="swap them from this frame on",
        fix="swap",
    ),
    Rule(
        rule="T06",
        title="a track seems to be the rest of another one",
        severity=Severity.WARNING,
        doc="It begins at most `most_frames` after one of its class ended, where that would have gone (at least "
        "`iou`).",
        reads=Reads.TRACKS,
        labels=_fragments,
        params=(
            Param("most_frames", 30, "frames between the end and the beginning"),
            Param("iou", 0.5, "intersection over union with the predicted place"),
        ),
        hint="join them",
    ),
    Rule(
        rule="T15",
        title="a thing is tracked twice",
        severity=Severity.WARNING,
        doc="Two tracks of a class cover each other (at least `iou`) on at least `least_frames` frames.",
        reads=Reads.TRACKS,
        labels=_doubles,
        params=(
            Param("iou", 0.8, "intersection over union on a frame"),
            Param("least_frames", 5, "frames that are reported"),
        ),
        hint="merge them",
    ),
)
