"""Rules that compare decoded frames: with their records, each other, the labels on them (families M and T)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.checks.media import survey
from tui_editor.checks.pairs import AREAL
from tui_editor.checks.rule import Fault, Rule, context_sheet, on_frames
from tui_editor.checks.sheets import file_of
from tui_editor.errors import MediaError
from tui_editor.model.frames import UnitKind
from tui_editor.ports import CheckContext, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.checks.media import Seen
    from tui_editor.model.frames import Unit
    from tui_editor.model.sheet import Sheet
    from tui_editor.ports import FrameSource

_STILLS = (UnitKind.IMAGE, UnitKind.IMAGE_GROUP)


def _videos(context: CheckContext) -> Iterator[tuple[Unit, FrameSource]]:
    for unit in context.task.units:
        if unit.kind is UnitKind.VIDEO:
            try:
                yield unit, context.source(unit.id)
            except MediaError:  # M01
                continue


# --- times ----------------------------------------------------------------------------------------


def _times(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    for unit, source in _videos(context):
        told = [source.time_s(index) for index in range(source.frame_count)]
        if len(told) < 3 or any(t is None for t in told):
            continue
        steps = np.diff(np.array(told, np.float64))
        usual = float(np.median(steps))
        back = np.flatnonzero(steps <= 0) + 1
        if len(back):
            text = f"{file_of(unit)}: the time goes back {_some(back)}"
            yield Fault(message=text, unit=unit.id, frame=int(back[0]))
        odd = np.flatnonzero((np.abs(steps - usual) > values["share"] * usual) & (steps > 0)) + 1
        if len(odd):
            share = f"{len(odd)} of {len(steps)} frames last otherwise"
            text = f"{file_of(unit)}: the frame rate varies: {share} {_some(odd)}"
            yield Fault(message=text, unit=unit.id, frame=int(odd[0]))


def _some(frames: NDArray[np.intp]) -> str:
    return f"(frames {', '.join(map(str, frames[:8].tolist()))}{', …' if len(frames) > 8 else ''})"


# --- records --------------------------------------------------------------------------------------


def _exchanged(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    for unit in context.task.units:
        recorded = context.identities(unit.id)
        wanted = sorted(recorded)
        if not context.deep and len(wanted) > values["most_frames"]:
            picks = np.linspace(0, len(wanted) - 1, int(values["most_frames"])).round().astype(int)
            wanted = [wanted[n] for n in sorted(set(picks.tolist()))]
        bad = [index for index in wanted if _differs(context, unit, index)]
        if bad:
            text = (
                f"{file_of(unit, bad[0])} is no longer what was labelled: frames {', '.join(map(str, bad[:8]))} differ"
            )
            yield Fault(message=text, unit=unit.id, frame=bad[0])


def _differs(context: CheckContext, unit: Unit, index: int) -> bool:
    recorded = context.identities(unit.id)[index]
    try:
        actual = context.source(unit.id).identity(index)
    except MediaError:  # M01
        return False
    return actual.algorithm == recorded.algorithm and actual.digest != recorded.digest


# --- duplicates, blanks ---------------------------------------------------------------------------


def _prints(context: CheckContext, values: Mapping[str, Any]) -> Any:
    """Return what names each still, with its small picture."""
    found = []
    for seen in survey(context) if any(u.kind in _STILLS for u in context.task.units) else ():
        if seen.unit.kind not in _STILLS:
            continue
        for frame in seen.frames:
            if frame.thumb is not None and np.ptp(frame.thumb) >= 255 * values["least_spread"]:
                bits = np.packbits(frame.thumb[:, 1:] > frame.thumb[:, :-1]).tobytes()
                found.append((context.task.title, file_of(seen.unit, frame.index), frame.thumb.tobytes(), bits))
    return found or None


def _alike(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield stills that show the same: those whose gradients (Krawetz's dHash, 240 bits) differ in few bits."""
    rows = [row for tally in tallies for row in tally]
    bits = np.array([np.frombuffer(row[3], np.uint8) for row in rows]) if rows else np.empty((0, 30), np.uint8)
    counts = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1)
    near: dict[int, list[int]] = defaultdict(list)
    taken: set[int] = set()
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for n, row in enumerate(bits):
        # twelve bits of difference leave one of thirteen or more pieces alike: candidates share a piece
        candidates = {m for k in range(0, 30, 2) for m in buckets[k, row[k : k + 2].tobytes()]}
        for m in sorted(candidates - taken):
            if counts[row ^ bits[m]].sum() <= values["bits"] and _near(rows[n][2], rows[m][2]) <= values["levels"]:
                near[m].append(n)
                taken.add(n)
                break
        for k in range(0, 30, 2):
            buckets[k, row[k : k + 2].tobytes()].append(n)
    for first, others in near.items():
        names = [rows[n][1] for n in (first, *others)]
        exact = all(rows[n][2] == rows[first][2] for n in others)
        what = "show the same" if exact else "look nearly alike"
        more = f", and {len(names) - 4} more" if len(names) > 4 else ""
        yield Fault(message=f"{', '.join(names[:4])}{more} {what}", title=rows[first][0], file=names[0])


def _near(one: bytes, two: bytes) -> float:
    """Return the mean difference of two small pictures in grey levels."""
    a, b = (np.frombuffer(data, np.uint8).astype(np.int16) for data in (one, two))
    return float(np.abs(a - b).mean())


def _blank(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    for seen in survey(context):
        frames = [f for f in seen.frames if f.thumb is not None]
        flat = np.array([f.spread < values["least_spread"] for f in frames], bool)
        index = np.array([f.index for f in frames], np.int32)
        yield from _runs(seen, index, flat, 1, "shows one colour only")
        if seen.unit.kind is UnitKind.VIDEO and len(frames) > 1:
            thumbs = np.array([f.thumb for f in frames], np.int16)
            still = np.concatenate([[False], np.abs(np.diff(thumbs, axis=0)).max(axis=(1, 2)) == 0])
            still &= np.diff(index, prepend=-9) == 1
            yield from _runs(seen, index, still & ~flat, int(values["least_frames"]), "stands still")


def _runs(seen: Seen, index: NDArray[np.int32], bad: NDArray[np.bool_], least: int, what: str) -> Iterator[Fault]:
    rows = np.flatnonzero(bad)
    cut = np.diff(rows) > (0 if seen.unit.kind in _STILLS else 1)  # each still is a picture of its own
    for run in np.split(rows, np.flatnonzero(cut) + 1) if len(rows) else ():
        if len(run) >= least:
            where = f" {on_frames(index[run])}" if seen.unit.frame_count != 1 else ""
            text = f"{file_of(seen.unit, int(index[run[0]]))} {what}{where}"
            yield Fault(message=text, unit=seen.unit.id, frame=int(index[run[0]]), last_frame=int(index[run[-1]]))


# --- boxes that stand still -----------------------------------------------------------------------


def _frozen(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    sheet = context_sheet(context)
    for first, last in _still_runs(sheet, int(values["least_frames"])):
        place = sheet.place(first)
        moved = _change(context, sheet, first, last)
        if moved > values["least_change"]:
            at, to = int(sheet.frames[first]), int(sheet.frames[last])
            text = f"{place.name} stands still on frames {at}–{to} while the picture changes below it"
            yield Fault(message=text, unit=place.unit, frame=at, instance=place.instance, last_frame=to)


def _still_runs(sheet: Sheet, least: int) -> Iterator[tuple[int, int]]:
    """Yield first and last row of runs of equal extents on neighbouring frames."""
    rows = sheet.follows
    same = np.zeros(len(sheet), bool)
    equal = (sheet.low[rows] == sheet.low[rows - 1]).all(axis=1) & (sheet.high[rows] == sheet.high[rows - 1]).all(
        axis=1
    )
    same[rows] = equal & (sheet.frames[rows] == sheet.frames[rows - 1] + 1) & sheet.timed[rows]
    at = np.flatnonzero(same & np.isin(sheet.kinds, AREAL))
    for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1) if len(at) else ():
        if len(run) + 1 >= least:
            yield int(run[0]) - 1, int(run[-1])


def _change(context: CheckContext, sheet: Sheet, first: int, last: int) -> float:
    """Return by how much the pixels in a box differ from those of its first frame, in grey levels of 255.

    Of some later frames the one that differs least counts: something may pass before a thing that stands still.
    """
    x0, y0 = (max(int(v), 0) for v in sheet.low[first])
    x1, y1 = (max(int(np.ceil(v)), 1) for v in sheet.high[first])
    rows = [first, *(first + (last - first) * n // 4 for n in range(1, 5))]
    try:
        source = context.source(sheet.place(first).unit)
        crops = [source.read(int(sheet.frames[r])).pixels[y0:y1, x0:x1].astype(np.float32) for r in rows]
    except MediaError:  # M01
        return 0.0
    return min(float(np.abs(crop - crops[0]).mean()) for crop in crops[1:]) if crops[0].size else 0.0


RULES = (
    Rule(
        rule="M04",
        title="a video's frames last differently long, or its time goes back",
        severity=Severity.WARNING,
        doc="Frames that last longer or shorter than the usual one by more than `share`; frames that are shown "
        "before the "
        "one before them. A tool that reckons with time × rate finds other frames there.",
        reads=Reads.PIXELS,
        find=_times,
        params=(Param("share", 0.1, "share of the usual duration that may differ"),),
        hint="name frames by index; encode it again at a constant rate",
    ),
    Rule(
        rule="M05",
        title="a frame is no longer the one that was labelled",
        severity=Severity.ERROR,
        doc="The hash that was recorded when the frame was first labelled differs from that of the file. "
        "`most_frames` of "
        "each data unit, with `--deep` all that have a record.",
        reads=Reads.PIXELS,
        find=_exchanged,
        params=(Param("most_frames", 20, "frames of a data unit that are compared"),),
        hint="put the file back that was labelled",
    ),
    Rule(
        rule="M06",
        title="two pictures look alike",
        severity=Severity.INFO,
        doc="Stills whose small pictures' gradients (dHash, 240 bits) differ in at most `bits`, and whose grey "
        "levels differ by at most `levels`. Blank ones don't "
        "count.",
        reads=Reads.PIXELS,
        tally_task=_prints,
        conclude=_alike,
        params=(
            Param("bits", 6, "bits of 240 that may differ"),
            Param("levels", 8.0, "grey levels of 255 by which the small pictures may differ on average"),
            Param("least_spread", 0.05, "share of the range of values that a picture must use"),
        ),
        hint="keep one of them; never in two splits",
    ),
    Rule(
        rule="M08",
        title="frames are blank or stand still",
        severity=Severity.WARNING,
        doc="All pixels differ by less than `least_spread` of the range of values; or at least `least_frames` "
        "frames of a "
        "video in a row are the same. Of long videos only the frames that M01 decodes.",
        reads=Reads.PIXELS,
        find=_blank,
        params=(
            Param("least_spread", 0.02, "share of the range of values that a picture must use"),
            Param("least_frames", 30, "equal frames in a row"),
        ),
        hint="leave the frames out",
    ),
    Rule(
        rule="T13",
        title="a box stands still while the picture moves",
        severity=Severity.WARNING,
        doc="At least `least_frames` equal boxes in a row, while the pixels in it change by more than "
        "`least_change` grey "
        "levels of 255 on average.",
        reads=Reads.PIXELS,
        find=_frozen,
        params=(
            Param("least_frames", 30, "equal boxes in a row"),
            Param("least_change", 12.0, "grey levels of 255"),
        ),
        hint="correct the track on these frames",
    ),
)
