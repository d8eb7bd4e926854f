"""The timeline: where we are, where objects, key frames and issues are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from tui_editor.state import selectors
from tui_editor.text import one_line
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD

if TYPE_CHECKING:
    from textual import events

    from tui_editor.state.store import TaskState

NAME_CELLS = 14
MOST_BARS = 4
HERE = Style(color="#ffffff", bgcolor="#264f78", bold=True)


@dataclass(frozen=True, slots=True, eq=False)
class Bar:
    """An instance's frames on the timeline."""

    name: str
    color: str
    ranges: tuple[tuple[int, int], ...]
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TimelineRows:
    """What the timeline shows."""

    frame: int
    frame_count: int
    fps: float | None
    bars: tuple[Bar, ...] = ()
    open_issues: tuple[tuple[int, int], ...] = ()
    resolved_issues: tuple[tuple[int, int], ...] = ()


def timeline_rows(state: TaskState) -> TimelineRows:
    """Return the timeline of the active view: bars of the selected instance and its neighbours on the frame."""
    view, document = state.view, state.document
    chosen = list(dict.fromkeys([*reversed(state.selection), *selectors.on_frame(state)]))[:MOST_BARS]
    bars = []
    for instance in chosen:
        track = document.track(instance, view.unit)
        value = document.instances[instance]
        bars.append(
            Bar(
                name=selectors.instance_name(state.project.ontology, value),
                color=selectors.class_color(state.project.ontology, value.class_id),
                ranges=track.ranges() if track is not None else (),
                keys=tuple(selectors.key_frames(document, instance, view.unit)),
            )
        )
    spans = [(i.resolved, i.frames) for i in document.issues.values() if i.unit == view.unit and i.frames]
    return TimelineRows(
        frame=view.frame,
        frame_count=state.unit.frame_count,
        fps=state.unit.fps,
        bars=tuple(bars),
        open_issues=tuple(f for resolved, f in spans if not resolved),
        resolved_issues=tuple(f for resolved, f in spans if resolved),
    )


class TimelinePane(Widget):
    """A slider over the frames and a bar for each of some instances; a click goes to a frame."""

    ALLOW_SELECT: ClassVar[bool] = False

    rows: var[TimelineRows] = var(TimelineRows(0, 1, None), init=False)

    @dataclass
    class Sought(Message):
        """The user clicked on a frame."""

        frame: int

    def watch_rows(self, rows: TimelineRows) -> None:
        """Show another moment; the height stays, so that the canvas does not jump."""
        self.display = rows.frame_count > 1
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the slider, then the bars."""
        width, base = self.size.width, self.rich_style
        if y == 0:
            segments = self._slider(width)
        elif y <= len(self.rows.bars):
            segments = self._bar(self.rows.bars[y - 1], width)
        else:
            segments = []
        styled = [Segment(s.text, base + (s.style or Style())) for s in segments]
        return Strip(styled).adjust_cell_length(width, base)

    def _cells(self, width: int) -> int:
        return max(1, width - NAME_CELLS - 1)

    def _column(self, frame: int, width: int) -> int:
        return min(frame * self._cells(width) // max(self.rows.frame_count, 1), self._cells(width) - 1)

    def _slider(self, width: int) -> list[Segment]:
        rows = self.rows
        cells = ["─"] * self._cells(width)
        styles = [DIM] * len(cells)
        for spans, style in ((rows.resolved_issues, GOOD), (rows.open_issues, BAD)):
            for first, last in spans:
                for column in range(self._column(first, width), self._column(last, width) + 1):
                    cells[column], styles[column] = "⚑", style
        here = self._column(rows.frame, width)
        cells[here], styles[here] = "◆", HERE
        label = f"{rows.frame}/{rows.frame_count - 1}"
        if rows.fps:
            label = f"{label} {_clock(rows.frame / rows.fps)}"
        return [Segment(label[:NAME_CELLS].ljust(NAME_CELLS + 1), BOLD), *map(Segment, cells, styles)]

    def _bar(self, bar: Bar, width: int) -> list[Segment]:
        color = Style(color=bar.color)
        cells = [" "] * self._cells(width)
        for first, last in bar.ranges:
            start, stop = self._column(first, width), self._column(last, width)
            cells[start : stop + 1] = "━" * (stop + 1 - start)
        for frame in bar.keys:
            column = self._column(frame, width)
            if 0 <= column < len(cells):
                cells[column] = "◆" if len(bar.keys) * 2 < self._cells(width) else "━"
        here = self._column(self.rows.frame, width)
        name = one_line(bar.name, NAME_CELLS)[:NAME_CELLS].ljust(NAME_CELLS + 1)
        pieces = [Segment(name, color)]
        pieces += [Segment(c, color + (HERE if n == here else Style())) for n, c in enumerate(cells)]
        return pieces

    def on_click(self, event: events.Click) -> None:
        """Go to the frame that was clicked."""
        column = event.x - NAME_CELLS - 1
        if column >= 0:
            frame = column * self.rows.frame_count // self._cells(self.size.width)
            self.post_message(self.Sought(min(frame, self.rows.frame_count - 1)))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:05.2f}"
