"""Rules about the labels of one track, one after the other (family T)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.checks.rule import Fault, Hits, Rule, instances, name_of
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.sheet import KINDS
from tui_editor.model.tracks import LabelFlag, Origin
from tui_editor.ports import CheckContext, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.instances import DynamicAnswer
    from tui_editor.model.sheet import Sheet

_BARE = [KINDS.index(ShapeKind.PRESENCE), KINDS.index(ShapeKind.VERBATIM)]
EDGE_PX = 1.5
"""A label so near to its frame's edge may be cut off by it."""


def steps(sheet: Sheet) -> NDArray[np.intp]:
    """Return the rows below an earlier label of their track, where frames follow one another in time."""
    rows = sheet.follows
    return rows[sheet.timed[rows] & ~np.isin(sheet.kinds[rows], _BARE)]


def _gaps(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    rows = steps(sheet)
    missing = sheet.frames[rows].astype(np.int64) - sheet.frames[rows - 1] - 1
    hidden = int(LabelFlag.OUTSIDE) | (int(LabelFlag.OCCLUDED) if values["occluded"] > 0 else 0)
    gap = (missing > 0) & ((sheet.flags[rows - 1] & hidden) == 0)

    def text(run: NDArray[np.intp]) -> str:
        first, last = int(sheet.frames[run[0] - 1]) + 1, int(sheet.frames[run[0]]) - 1
        return f"is missing {_frames(first, last)}, and is there again"

    long = missing > values["most_frames"]
    for some, severity in ((gap & ~long, None), (gap & long, Severity.INFO)):
        yield Hits(rows=rows[some], text=text, severity=severity)


def _frames(first: int, last: int) -> str:
    return f"on frame {first}" if first == last else f"on frames {first}–{last}"


def _jumps(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    rows = steps(sheet)
    away = np.hypot(*(sheet.centres[rows] - sheet.centres[rows - 1]).T)
    passed = np.maximum(sheet.frames[rows].astype(np.int64) - sheet.frames[rows - 1], 1)
    diagonal = np.hypot(*(sheet.high[rows - 1] - sheet.low[rows - 1]).T)
    step = away / passed / np.maximum(diagonal, values["least_px"])
    near = passed <= values["most_passed"]
    usual, spread = _medians(sheet, rows, step)
    odd = (step > usual + values["mads"] * spread) & (step > values["least_share"])
    bad = near & ((step > values["diagonals"]) | odd)
    told = dict(zip(rows[bad].tolist(), away[bad].tolist(), strict=True))
    yield Hits(rows=rows[bad], text=lambda run: f"jumps by {max(told[r] for r in run.tolist()):.0f} px")


def _medians(
    sheet: Sheet, rows: NDArray[np.intp], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each row the median of its track's values, and their median absolute deviation from it."""
    track = sheet.track[rows]
    middle = _grouped_median(track, values)
    return middle, np.maximum(_grouped_median(track, np.abs(values - middle)), 0.005)


def _grouped_median(group: NDArray[np.int32], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median of each row's group; groups ascend."""
    if not len(group):
        return np.empty(0)
    order = np.lexsort((values, group))
    starts = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
    counts = np.diff([*starts, len(group)])
    ranked = values[order]
    low, high = ranked[starts + (counts - 1) // 2], ranked[starts + counts // 2]
    return np.asarray(np.repeat((low + high) / 2, counts))


def _pops(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    rows = steps(sheet)
    rows = rows[(sheet.frames[rows].astype(np.int64) - sheet.frames[rows - 1]) == 1]
    sides = sheet.high - sheet.low
    area = sides.prod(axis=1)
    ratio = np.maximum(area[rows], area[rows - 1]) / np.minimum(area[rows], area[rows - 1])
    cut = _at_edge(sheet)
    hidden = (sheet.flags & int(LabelFlag.OCCLUDED)) > 0  # only the visible part may be labelled
    large = np.minimum(sides[rows].min(axis=1), sides[rows - 1].min(axis=1)) >= values["least_px"]
    bad = (ratio > values["ratio"]) & large & ~cut[rows] & ~cut[rows - 1] & ~hidden[rows] & ~hidden[rows - 1]
    bad &= np.isfinite(ratio)
    told = dict(zip(rows[bad].tolist(), ratio[bad].tolist(), strict=True))
    yield Hits(
        rows=rows[bad], text=lambda run: f"changes its size {max(told[r] for r in run.tolist()):.1f} times at once"
    )


def _at_edge(sheet: Sheet) -> NDArray[np.bool_]:
    near = np.column_stack([sheet.low, sheet.sizes - sheet.high]) <= EDGE_PX
    return np.asarray(near.any(axis=1))


def _short(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    counts = np.diff([*sheet.starts, len(sheet)])
    start = sheet.starts
    long_unit = sheet.frame_counts[start] >= values["least_unit"]
    last = sheet.frames[start + counts - 1]
    cut = (sheet.frames[start] == 0) | (last == sheet.frame_counts[start] - 1)
    bad = (counts < values["least_labels"]) & sheet.timed[start] & long_unit
    bad &= ~cut & ~np.isin(sheet.kinds[start], _BARE)
    number = dict(zip(start[bad].tolist(), counts[bad].tolist(), strict=True))
    yield Hits(
        rows=start[bad], text=lambda run: f"has {number[int(run[0])]} label{'s' * (number[int(run[0])] > 1)} only"
    )


def _interpolation(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    derived = (sheet.origin == int(Origin.INTERPOLATED)) & sheet.timed
    rows = np.flatnonzero(derived)
    if not len(rows):
        return
    new = (np.diff(sheet.track[rows], prepend=-1) != 0) | (np.diff(rows, prepend=-2) > 1)
    starts = np.flatnonzero(new)
    counts = np.diff([*starts, len(rows)])
    before = rows[starts] - 1
    after = rows[np.concatenate([starts[1:], [len(rows)]]) - 1] + 1
    inside = (after < len(sheet)) & (before >= 0)
    held = np.zeros(len(starts), bool)
    held[inside] = sheet.track[before[inside]] == sheet.track[after[inside]]
    still = np.zeros(len(starts), bool)
    still[held] = _iou(sheet, before[held], after[held]) >= values["still_iou"]
    long = (counts > values["most_frames"]) & ~still
    number = dict(zip(rows[starts[long]].tolist(), counts[long].tolist(), strict=True))
    yield Hits(
        rows=rows[starts[long]],
        text=lambda run: f"is interpolated over {number[int(run[0])]} frames without a key label",
    )
    ends = after[held & (counts > 1)]
    iou = _led_to(sheet, ends)
    off = iou < values["least_iou"]
    told = dict(zip(ends[off].tolist(), iou[off].tolist(), strict=True))
    yield Hits(
        rows=ends[off],
        text=lambda run: f"is not where its interpolation leads ({100 * told[int(run[0])]:.0f} % IoU)",
    )


def _led_to(sheet: Sheet, ends: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the IoU of key labels with where the two interpolated ones before them lead."""
    last, earlier = ends - 1, ends - 2
    step = (sheet.frames[ends] - sheet.frames[last]) / np.maximum(sheet.frames[last] - sheet.frames[earlier], 1)
    low = sheet.low[last] + (sheet.low[last] - sheet.low[earlier]) * step[:, None]
    high = sheet.high[last] + (sheet.high[last] - sheet.high[earlier]) * step[:, None]
    return overlap_of(low, high, sheet.low[ends], sheet.high[ends])


def overlap_of(
    low: NDArray[np.float64], high: NDArray[np.float64], low2: NDArray[np.float64], high2: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the intersection over union of rectangles by their corners, (n, 2) each; 0 where it is not known."""
    both = np.maximum(np.minimum(high, high2) - np.maximum(low, low2), 0).prod(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nan_to_num(both / ((high - low).prod(axis=1) + (high2 - low2).prod(axis=1) - both)))


def _iou(sheet: Sheet, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.float64]:
    both = np.maximum(np.minimum(sheet.high[a], sheet.high[b]) - np.maximum(sheet.low[a], sheet.low[b]), 0).prod(axis=1)
    mine, theirs = ((sheet.high[r] - sheet.low[r]).prod(axis=1) for r in (a, b))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(both / (mine + theirs - both))


def _gone_on(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    middle = sheet.centres
    out = ((sheet.high <= 0) | (sheet.low >= sheet.sizes)).any(axis=1)  # G03
    away = ((middle < 0) | (middle > sheet.sizes)).any(axis=1) & sheet.visible & sheet.timed & ~out
    rows = np.flatnonzero(away)
    if len(rows):
        new = (np.diff(sheet.track[rows], prepend=-1) != 0) | (np.diff(rows, prepend=-2) > 1)
        starts = np.flatnonzero(new)
        counts = np.diff([*starts, len(rows)])
        keep = np.repeat(counts >= values["least_frames"], counts)
        rows = rows[keep]
    yield Hits(rows=rows, text="is out of the frame by more than a half, and is still labelled")


def _inverted(sheet: Sheet, _: Mapping[str, Any]) -> Iterator[Hits]:
    rows = sheet.follows
    bad = sheet.frames[rows] <= sheet.frames[rows - 1]
    yield Hits(rows=rows[bad], text="has labels that are not in the order of their frames")


def _bad_ranges(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for instance in instances(context):
        for answer in instance.dynamic:
            if answer.first > answer.last:
                text = f"{name_of(context, instance)} has an answer from frame {answer.first} back to {answer.last}"
                yield Fault(message=text, unit=answer.unit, frame=answer.last, instance=instance.id)
        ordered = sorted(instance.dynamic, key=lambda a: (a.attribute, a.unit, a.first, a.last))
        for one, two in itertools.pairwise(ordered):
            same = (one.attribute, one.unit) == (two.attribute, two.unit)
            if same and two.first <= one.last and one.value != two.value:
                text = (
                    f"{name_of(context, instance)} has two answers to {one.attribute} on frames {two.first}–{one.last}"
                )
                yield Fault(message=text, unit=two.unit, frame=two.first, instance=instance.id)


def _changing_static(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    ontology = context.project.ontology
    for instance in instances(context):
        seen: dict[str, DynamicAnswer] = {}
        for answer in sorted(instance.dynamic, key=lambda a: (a.unit, a.first)):
            attribute = ontology.attribute(answer.attribute)
            if attribute is None or attribute.dynamic:
                continue
            first = seen.setdefault(answer.attribute, answer)
            whole = instance.answers.get(answer.attribute, first.value)
            if answer.value not in (first.value, whole) or first.value != whole:
                text = (
                    f"{name_of(context, instance)} changes its answer to {attribute.name}, which holds for all frames"
                )
                yield Fault(message=text, unit=answer.unit, frame=answer.first, instance=instance.id)
                break


def _flicker(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    for instance in instances(context):
        ordered = sorted(instance.dynamic, key=lambda a: (a.attribute, a.unit, a.first))
        for one, two, three in zip(ordered, ordered[1:], ordered[2:], strict=False):
            place = {(a.attribute, a.unit) for a in (one, two, three)}
            back = one.value == three.value != two.value
            short = two.last - two.first + 1 <= values["most_frames"]
            if len(place) == 1 and back and short and one.last + 1 >= two.first and two.last + 1 >= three.first:
                attribute = context.project.ontology.attribute(two.attribute)
                asked = attribute.name if attribute is not None else two.attribute
                text = f"{name_of(context, instance)} answers {asked} otherwise {_frames(two.first, two.last)} only"
                yield Fault(message=text, unit=two.unit, frame=two.first, instance=instance.id, last_frame=two.last)


RULES = (
    Rule(
        rule="T02",
        title="a track has a gap",
        severity=Severity.WARNING,
        doc="Frames without a label between two that have one, in videos and sequences. More than `most_frames` of "
        "them are "
        "told as info: the thing was away. Not after a label that is flagged as outside, nor (`occluded`) as occluded.",
        reads=Reads.TRACK,
        labels=_gaps,
        params=(
            Param("most_frames", 30, "frames of a gap that is likely a slip"),
            Param("occluded", 1.0, "1: a gap behind an occluded label is no slip"),
        ),
        hint="interpolate it, or flag the label before it as outside",
        fix="fill",
    ),
    Rule(
        rule="T07",
        title="a thing jumps",
        severity=Severity.WARNING,
        doc="Its centre moves by more than `diagonals` of its box from a frame to the next; or by more than `mads` "
        "median "
        "absolute deviations of its own steps, if that is at least `least_share` of the diagonal.",
        reads=Reads.TRACK,
        labels=_jumps,
        params=(
            Param("diagonals", 1.0, "diagonals of the box in a frame"),
            Param("mads", 6.0, "deviations from the usual step"),
            Param("least_share", 0.5, "share of the diagonal from which on a step may be odd"),
            Param("least_px", 8.0, "smaller diagonals count as this, in pixels"),
            Param("most_passed", 5, "frames between two labels that are compared"),
        ),
        hint="see whether the track changes from one thing to another",
    ),
    Rule(
        rule="T08",
        title="a thing changes its size at once",
        severity=Severity.WARNING,
        doc="The area of its box on neighbouring frames differs by more than `ratio`. Not at the frame's edge, not "
        "where it "
        "is occluded, and not for sides under `least_px`.",
        reads=Reads.TRACK,
        labels=_pops,
        params=(
            Param("ratio", 1.5, "ratio of areas that is not reported"),
            Param("least_px", 12.0, "the shortest side that is judged, in pixels"),
        ),
        hint="draw the label anew",
    ),
    Rule(
        rule="T09",
        title="a track is very short",
        severity=Severity.WARNING,
        doc="Fewer than `least_labels` labels in a video or sequence of at least `least_unit` frames. Not "
        "where it begins with the first frame or ends with the last one: the video cuts it.",
        reads=Reads.TRACK,
        labels=_short,
        params=(
            Param("least_labels", 3, "labels that a track should have"),
            Param("least_unit", 10, "frames of a data unit in which tracks are judged"),
        ),
        hint="join it with the track that it belongs to, or delete it",
    ),
    Rule(
        rule="T10",
        title="a static attribute differs from frame to frame",
        severity=Severity.WARNING,
        doc="Answers on frame ranges to an attribute that holds for the whole instance.",
        reads=Reads.ANSWERS,
        find=_changing_static,
        hint="decide for one answer",
    ),
    Rule(
        rule="T11",
        title="a dynamic attribute flickers",
        severity=Severity.INFO,
        doc="Another answer on at most `most_frames` frames, and the same before and behind them.",
        reads=Reads.ANSWERS,
        find=_flicker,
        params=(Param("most_frames", 5, "frames that are a flicker"),),
        hint="answer these frames as their neighbours",
    ),
    Rule(
        rule="T12",
        title="an interpolation is long or leads elsewhere",
        severity=Severity.WARNING,
        doc="More than `most_frames` interpolated labels in a row of a thing that moves; or a key label behind them "
        "that is "
        "not where they lead (an IoU of less than `least_iou`): they were not made anew when it was moved.",
        reads=Reads.TRACK,
        labels=_interpolation,
        params=(
            Param("most_frames", 60, "interpolated labels in a row"),
            Param("still_iou", 0.9, "a thing whose key labels on both sides cover each other so much may stand still"),
            Param("least_iou", 0.7, "intersection over union of the key label behind with where they lead"),
        ),
        hint="look at the frames between and correct one in the middle",
    ),
    Rule(
        rule="T14",
        title="a track goes on after it left the frame",
        severity=Severity.WARNING,
        doc="The label's centre is out of the frame on at least `least_frames` frames, not flagged as outside.",
        reads=Reads.TRACK,
        labels=_gone_on,
        params=(Param("least_frames", 3, "frames that are reported"),),
        hint="end the track, or flag the labels as outside",
    ),
    Rule(
        rule="T16",
        title="frames of a track or ranges of answers are inverted or overlap",
        severity=Severity.ERROR,
        doc="Labels that don't ascend by frame, answers whose last frame is before their first one, two different "
        "answers "
        "to one attribute on a frame.",
        reads=Reads.ANSWERS,
        labels=_inverted,
        find=_bad_ranges,
        hint="answer the frames again",
    ),
)
