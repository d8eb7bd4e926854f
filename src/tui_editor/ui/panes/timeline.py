"""The timeline: where we are, where objects, key frames and issues are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from msgspec import Struct
from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from tui_editor.edits.interpolate import is_derived
from tui_editor.model.patch import InstanceChange, TrackChange
from tui_editor.model.tracks import LabelFlag, empty_track, splice
from tui_editor.ports import Severity
from tui_editor.state import selectors
from tui_editor.state.findings import frames_of
from tui_editor.state.memo import remember_last
from tui_editor.text import one_line
from tui_editor.ui.widgets.inks import themed
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, WARN, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from textual import events

    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.issue_table import IssueTable
    from tui_editor.model.patch import Change, Patch
    from tui_editor.model.tracks import Track
    from tui_editor.state.findings import Found
    from tui_editor.state.store import TaskState

NAME_CELLS = 18
MOST_BARS = 8
NO_FRAMES = np.empty(0, np.int32)
HERE = Style(color="#ffffff", bgcolor="#264f78", bold=True)
Look = tuple[str, Style]
"""A sign of one cell and its style."""
SLIDER: tuple[Look, ...] = (("─", DIM), ("▲", WARN), ("▲", BAD), ("⚑", GOOD), ("⚑", BAD), ("◆", HERE))
"""How the cells of the slider look: free, a warning, an error, a resolved issue, an open one, where we are."""
ON_SLIDER = len(SLIDER) - 1


class Bar(Struct, frozen=True, eq=False):
    """An instance's frames on the timeline."""

    name: str
    color: str
    frames: NDArray[np.int32]
    """Those with a label."""
    keys: NDArray[np.int32]
    """Those of key labels."""
    derived: NDArray[np.int32]
    """Those of labels that follow from others: a thinner line."""


class TimelineRows(Struct, frozen=True, eq=False):
    """What the timeline shows."""

    frame: int
    frame_count: int
    fps: float | None
    bars: tuple[Bar, ...] = ()
    issues: IssueTable | None = None
    """Those of the data unit, None for none."""
    warnings: tuple[tuple[int, int], ...] = ()
    """First and last frames of what the checks found."""
    errors: tuple[tuple[int, int], ...] = ()


def timeline_rows(state: TaskState, preview: Patch | None = None) -> TimelineRows:
    """Return the timeline of the active view: bars of the selected instance and its neighbours on the frame.

    With a preview the bars are as it would make them, with those of the instances that it would make.
    """
    view, document = state.view, state.document
    changes = preview.changes if preview is not None else ()
    made = {c.id: c.after for c in changes if isinstance(c, InstanceChange) and c.before is None and c.after}
    chosen = list(dict.fromkeys([*reversed(state.selection), *made, *selectors.on_frame(state)]))[:MOST_BARS]
    bars = []
    for instance in chosen:
        track = _previewed(document.track(instance, view.unit), changes, instance, view.unit)
        value = made.get(instance) or document.instances[instance]
        bars.append(
            Bar(
                name=selectors.instance_name(state.project.ontology, value),
                color=selectors.class_color(state.project.ontology, value.class_id),
                frames=track.frames if track is not None else NO_FRAMES,
                keys=track.frames[(track.flags & LabelFlag.KEY) != 0] if track is not None else NO_FRAMES,
                derived=track.frames[is_derived(track)] if track is not None else NO_FRAMES,
            )
        )
    return TimelineRows(
        frame=view.frame,
        frame_count=state.unit.frame_count,
        fps=state.unit.fps,
        bars=tuple(bars),
        issues=document.lookup.by_place.get(view.unit),
        warnings=_finding_spans(state.findings, view.unit, Severity.WARNING),
        errors=_finding_spans(state.findings, view.unit, Severity.ERROR),
    )


def _previewed(track: Track | None, changes: Sequence[Change], instance: InstanceId, unit: UnitId) -> Track | None:
    """Return a track after the changes that are about it."""
    for change in changes:
        if isinstance(change, TrackChange) and (change.instance, change.unit) == (instance, unit):
            track = splice(track if track is not None else empty_track(change.after.kind), change.before, change.after)
    return track


def _finding_spans(found: Found | None, unit: UnitId, severity: Severity) -> tuple[tuple[int, int], ...]:
    """Return the frames of a unit's findings of a severity."""
    return _SPANS[severity](found, unit, severity) if found is not None else ()


def _spans(found: Found, unit: UnitId, severity: Severity) -> tuple[tuple[int, int], ...]:
    spans = (frames_of(f) for f in found.findings if f.unit == unit and f.severity is severity)
    return tuple(dict.fromkeys(span for span in spans if span is not None))


_SPANS = {severity: remember_last(_spans) for severity in Severity}
"""One memory for each severity."""


class TimelinePane(Widget):
    """A slider over the frames and a bar for each of some instances; a click or a drag goes to a frame."""

    ALLOW_SELECT: ClassVar[bool] = False

    rows: var[TimelineRows] = var(TimelineRows(0, 1, None), init=False)
    _sought = -1
    _reach: tuple[NDArray[np.int64], tuple[int, int], _Reach] | None = None
    """The places of issues, frames and cells, and which cells they reach into."""

    @dataclass
    class Sought(Message):
        """The user clicked on a frame."""

        frame: int

    def watch_rows(self, before: TimelineRows, rows: TimelineRows) -> None:
        """Show another moment; the height stays, so that the canvas does not jump."""
        self._sought = rows.frame
        self.set_class(rows.frame_count <= 1, "-still")
        if (before.frame_count, before.fps) != (rows.frame_count, rows.fps):
            self.refresh()
            return
        width = self.size.width
        moved = self._column(before.frame, width) != self._column(rows.frame, width)
        for y in range(self.size.height):
            if y == 0 or moved or not _same(before.bars[y - 1 : y], rows.bars[y - 1 : y]):
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        """Return the slider, then the bars."""
        width, base = self.size.width, self.rich_style
        if y == 0:
            segments = self._slider(width)
        elif y <= len(self.rows.bars):
            segments = self._bar(self.rows.bars[y - 1], width)
        else:
            segments = []
        styled = [Segment(s.text, base + themed(s.style or Style())) for s in segments]
        return Strip(styled).adjust_cell_length(width, base)

    def _cells(self, width: int) -> int:
        return max(1, width - NAME_CELLS - 1)

    def _column(self, frame: int, width: int) -> int:
        return min(frame * self._cells(width) // max(self.rows.frame_count, 1), self._cells(width) - 1)

    def _columns(self, frames: NDArray[np.int32], width: int) -> NDArray[np.int64]:
        """Return the cells of frames; those beyond the ends at the end nearest to them."""
        cells = self._cells(width)
        columns = frames.astype(np.int64) * cells // max(self.rows.frame_count, 1)
        return np.asarray(np.clip(columns, 0, cells - 1))

    def _slider(self, width: int) -> list[Segment]:
        rows = self.rows
        look = np.zeros(self._cells(width), np.uint8)
        found = np.array([*rows.warnings], np.int64), np.array([*rows.errors], np.int64)
        marks = [spans.reshape(-1, 2).T for spans in found]
        for which, (first, last) in enumerate(marks, start=1):
            look[self._covered(first, last, width)] = which
        if rows.issues is not None:
            inside, start, end = self._issue_cells(rows.issues, width)
            is_open = rows.issues.is_open[inside]
            for which, wanted in enumerate((~is_open, is_open), start=len(marks) + 1):
                look[_within(start[wanted], end[wanted], len(look))] = which
        look[self._column(rows.frame, width)] = ON_SLIDER
        label = f"{rows.frame}/{rows.frame_count - 1}"
        if rows.fps:
            label = f"{label} {_clock(rows.frame / rows.fps)}"
        return [Segment(set_cell_size(label, NAME_CELLS) + " ", BOLD), *_runs(look, SLIDER)]

    def _issue_cells(self, issues: IssueTable, width: int) -> _Reach:
        """Return which cells issues reach into: what it was while only their state changes."""
        order, where = issues.order, (max(self.rows.frame_count, 1), self._cells(width))
        if self._reach is None or self._reach[0] is not order or self._reach[1] != where:
            self._reach = order, where, _cells_of(order[0], order[1], *where)
        return self._reach[2]

    def _bar(self, bar: Bar, width: int) -> list[Segment]:
        look = self._covered(bar.frames, bar.frames, width).astype(np.uint8)
        if len(bar.derived):
            drawn = np.setdiff1d(bar.frames, bar.derived, assume_unique=True)
            look += self._covered(drawn, drawn, width)
        else:
            look *= 2
        # where every cell would be a key frame's they tell nothing
        if len(bar.keys) * 2 < len(look):
            look[self._columns(bar.keys, width)] = 3
        look[self._column(self.rows.frame, width)] += 4
        words = set_cell_size(one_line(bar.name, NAME_CELLS), NAME_CELLS) + " "
        return [Segment(words, _looks(bar.color)[0][1]), *_runs(look, _looks(bar.color))]

    def _covered(self, first: NDArray[np.integer], last: NDArray[np.integer], width: int) -> NDArray[np.bool_]:
        """Return for each cell of the slider whether spans of frames, ends included, reach into it."""
        cells = self._cells(width)
        _, start, end = _cells_of(first, last, max(self.rows.frame_count, 1), cells)
        return _within(start, end, cells)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the slider and go to the frame there."""
        if event.x > NAME_CELLS:
            self.capture_mouse()
            self._seek(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Go along with the pointer while the slider is held."""
        if self.app.mouse_captured is self:
            self._seek(event.x)

    def on_mouse_up(self) -> None:
        """Let the slider go."""
        self.release_mouse()

    def _seek(self, x: int) -> None:
        column = min(max(0, x - NAME_CELLS - 1), self._cells(self.size.width) - 1)
        frame = min(column * self.rows.frame_count // self._cells(self.size.width), self.rows.frame_count - 1)
        if frame != self._sought:
            self._sought = frame
            self.post_message(self.Sought(frame))


_Reach = tuple["NDArray[np.bool_]", "NDArray[np.int64]", "NDArray[np.int64]"]
"""Which spans reach into the frames that there are, and for these the first cell and the cell behind the last."""


def _cells_of(first: NDArray[np.integer], last: NDArray[np.integer], frames: int, cells: int) -> _Reach:
    inside = (last >= 0) & (first < frames)
    start = np.clip(first[inside].astype(np.int64), 0, frames - 1) * cells // frames
    end = np.clip(last[inside].astype(np.int64) + 1, 1, frames) * cells // frames
    return inside, start, np.maximum(end, start + 1)


def _within(start: NDArray[np.int64], end: NDArray[np.int64], cells: int) -> NDArray[np.bool_]:
    """Return for each cell whether spans of cells reach into it."""
    steps = np.bincount(start, minlength=cells + 1) - np.bincount(end, minlength=cells + 1)
    return np.asarray(np.cumsum(steps)[:cells] > 0)


def _same(before: tuple[Bar, ...], after: tuple[Bar, ...]) -> bool:
    """Return whether bars look the same where frames and place do."""
    return len(before) == len(after) and all(
        (one.name, one.color) == (two.name, two.color)
        and (one.frames is two.frames or np.array_equal(one.frames, two.frames))
        and np.array_equal(one.keys, two.keys)
        and np.array_equal(one.derived, two.derived)
        for one, two in zip(before, after, strict=True)
    )


@lru_cache(maxsize=256)
def _looks(color: str) -> tuple[Look, ...]:
    """Return how the cells of a bar look: nothing, a derived label, a label, a key label; the same where we are."""
    there = Style(color=readable(color))
    return tuple((sign, style) for style in (there, there + HERE) for sign in " ─━◆")


def _runs(look: NDArray[np.uint8], looks: Sequence[Look]) -> list[Segment]:
    """Return cells, by the numbers of their looks, as segments: neighbours that look the same as one."""
    ends = [*(np.flatnonzero(np.diff(look)) + 1).tolist(), len(look)]
    segments, start = [], 0
    for end in ends:
        sign, style = looks[look[start]]
        segments.append(Segment(sign * (end - start), style))
        start = end
    return segments


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:05.2f}"
