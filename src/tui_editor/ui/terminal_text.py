"""The private parts of Textual's way from widgets to text: what of an update is written, and that it is harmless.

Each part has a canary test in tests/ui/test_terminal_port.py, which fails clearly when Textual changes it.
"""

from __future__ import annotations

from functools import lru_cache, partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Self

from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual._styles_cache import StylesCache
from textual.geometry import Region
from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip
from textual.widget import Widget

from tui_editor.ui.terminal.harmless import harmless, is_harmless
from tui_editor.ui.terminal.lazy_strip import LazyStrip
from tui_editor.ui.terminal.pen import Pen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult
    from textual.color import Color
    from textual.css.styles import StylesBase
    from textual.events import Idle
    from textual.geometry import Size, Spacing
    from textual.scroll_view import ScrollView
    from textual.style import Style
    from textual.timer import Timer

    from tui_editor.ui.terminal.shadow import Shadow


def _pieces(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Yield (x, y, strip) of what an update writes: more than its spans, as it begins with a whole piece of a line."""
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x < x2 and end > x1:
                yield x, y, strip if end <= x2 else strip.crop(0, x2 - x)


class TextUpdate(CompositorUpdate):
    """The text of a compositor's update that the terminal does not show yet."""

    def __init__(self, shadow: Shadow, update: ChopsUpdate) -> None:
        self._lines = [(y, *part) for x, y, strip in _pieces(update) for part in shadow.write(x, y, strip)]

    @property
    def spans(self) -> tuple[tuple[int, int, int], ...]:
        """Return (y, x1, x2) of what is written."""
        return tuple((y, x, x + strip.cell_length) for y, x, strip in self._lines)

    def render_segments(self, console: Console) -> str:
        """Return the update as text for the terminal."""
        pen = Pen()
        written = [f"\x1b[{y + 1};{x + 1}H{self._line(strip, console, pen)}" for y, x, strip in self._lines]
        return "".join([*written, pen.put_down()])

    @staticmethod
    def _line(strip: Strip, console: Console, pen: Pen) -> str:
        text = strip.render(console)
        # A lazy strip of cells alone names only what changes, from a plain pen to a plain pen.
        return pen.put_down() + text if isinstance(strip, LazyStrip) and strip.is_thrifty else pen.write(text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield nothing: it is only written to terminals."""
        yield from ()


class ThriftyCompositor(Compositor):
    """A compositor that asks widgets for the rows that changed.

    Textual asks every widget between two changes for all its rows: a title and a timeline that change together cost as
    much as the whole screen.
    """

    _changed: frozenset[Region] = frozenset()

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return what changed, and forget it; None when nothing did."""
        self._changed = frozenset(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = frozenset()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        return self._changed_rows() if self._changed else super()._get_renders(crop)

    def _changed_rows(self) -> Iterator[tuple[Region, Region, list[Strip]]]:
        in_front: list[Region] = []
        for widget, (region, clip) in self.visible_widgets.items():  # from the front to the back
            seen = region.intersection(clip)
            parts = [part for changed in self._changed if (part := seen.intersection(changed))]
            for top, bottom in _row_runs(part for part in parts if not _is_covered(part, in_front)):
                rows = Region(seen.x, top, seen.width, bottom - top)
                yield rows, rows, widget.render_lines(rows.translate((-region.x, -region.y)))
            in_front.append(seen)


def _is_covered(part: Region, in_front: Sequence[Region]) -> bool:
    return any(region.contains_region(part) for region in in_front)


def _row_runs(parts: Iterable[Region]) -> Iterator[tuple[int, int]]:
    """Yield (first row, row after the last) of rows that parts touch; those that meet as one."""
    end = start = -1
    for part in sorted(parts, key=lambda part: part.y):
        if part.y > end:
            if end > start:
                yield start, end
            start = part.y
        end = max(end, part.bottom)
    if end > start:
        yield start, end


BETWEEN_S: Final = 1 / 120
"""From one painting to the next at least: half of what Textual waits, as a key often leads to two (a dialog goes, then
the answer comes)."""


class ThriftyScreen(Screen[ScreenResultType]):
    """A screen that is rendered once for what changed, and at once when nothing was painted just before.

    Textual waits for the next tick of its clock, and for the one after when that is past; it renders also while updates
    are held back, to throw that away, and again after the screen was painted as a whole.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """What has the keys; when that changes, Textual paints the whole screen besides the widgets that look different."""
    _painted_at = float("-inf")
    _next_paint: Timer | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._compositor = ThriftyCompositor()

    async def _on_idle(self, event: Idle) -> None:
        waits = self._dirty_widgets or self._layout_required or self._repaint_required
        if not waits or self.app._batch_count or not self.is_current:
            return
        event.prevent_default()
        rest_s = self._painted_at + BETWEEN_S - monotonic()
        if rest_s <= 0:
            self._on_timer_update()
        elif self._next_paint is None:
            self._next_paint = self.set_timer(rest_s, self._paint_again)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint the screen anew; with `layout` only what gets another place: an opened dialog is all that changes."""
        return super().refresh(*regions, repaint=repaint and not layout, layout=layout, recompose=recompose)

    def _paint_again(self) -> None:
        self._next_paint = None
        self._on_timer_update()

    def _on_timer_update(self) -> None:
        if self._layout_required and self._repaint_required:
            # all is painted: with the new places at once, not first what they change and then the whole
            self._compositor._dirty_regions.add(self._compositor.size.region)
        super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        self._painted_at = monotonic()
        if self.app._batch_count:
            self.refresh()
            return
        whole = self._compositor.size.region in self._compositor._dirty_regions
        super()._compositor_refresh()
        if whole and self.is_current:
            self._repaint_required = False


class UnseenScreen(Screen[None]):
    """The screen below all others, which Textual wants to have: it is never painted."""

    def _compositor_refresh(self) -> None:
        pass


class ListStyles(StylesCache):
    """Puts borders around the rows of a list: those of inner rows are made once, not for each row.

    A row that is the same strip as before is the same strip with its borders, so that what Textual worked out for it
    (colours, pieces, escape sequences) is still there. The rows themselves must have a background.
    """

    def __init__(self) -> None:
        super().__init__()
        self._edges: tuple[tuple[object, ...], Strip, Strip] | None = None
        self._rows: dict[int, tuple[Strip, Strip]] = {}
        """By line: a row, and the same with its borders."""
        self._known_look = False
        """Edges that were looked at hold for all rows that are rendered together."""

    def render_widget(self, widget: Widget, crop: Region) -> list[Strip]:
        """Return the lines of a list."""
        self._known_look = False
        return super().render_widget(widget, crop)

    def render_line(
        self,
        styles: StylesBase,
        y: int,
        size: Size,
        content_size: Size,
        padding: Spacing,
        base_background: Color,
        background: Color,
        render_content_line: Callable[[int], Strip],
        *rest: Any,
    ) -> Strip:
        """Return a row with what is left and right of its content."""
        gutter, opacity = styles.gutter, rest[2]
        whole = (styles, y, size, content_size, padding, base_background, background, render_content_line, *rest)
        if not gutter.top <= y < size.height - gutter.bottom or opacity != 1.0:
            return super().render_line(*whole)
        if self._edges is None or not self._known_look:
            look = (styles.border_left, styles.border_right, gutter, base_background, background, size)
            self._known_look = True
            if self._edges is None or self._edges[0] != look:
                row = super().render_line(*whole)
                self._edges = look, row.crop(0, gutter.left), row.crop(size.width - gutter.right, size.width)
                self._rows.clear()
                return row
        content = render_content_line(y - gutter.top)
        known = self._rows.get(y)
        if known is None or known[0] is not content:
            _, left, right = self._edges
            known = content, Strip.join([left, content.adjust_cell_length(content_size.width), right])
            self._rows[y] = known
        return known[1]


def tame_textual() -> None:
    """Change what of Textual holds for all apps of the process. Idempotent."""
    guard_strips()
    share_backgrounds()


def share_backgrounds() -> None:
    """Let all widgets share what Textual remembers of backgrounds: it keeps a thousand widgets by that. Idempotent."""
    of_each = getattr(StylesCache.get_inner_outer, "__wrapped__", None)
    if of_each is None:
        return
    known: Callable[[Color, Color], tuple[Style, Style]] = lru_cache(1024)(partial(of_each, StylesCache))

    def get_inner_outer(self: StylesCache, base_background: Color, background: Color) -> tuple[Style, Style]:
        del self
        return known(base_background, background)

    StylesCache.get_inner_outer = get_inner_outer  # type: ignore[method-assign,assignment]


# --- the choke point -------------------------------------------------------------------------------


def guard_strips() -> None:
    """Wrap `Strip.render`, through which all text reaches the terminal: no control character passes it. Idempotent."""
    if getattr(Strip.render, "guarded", False):
        return
    original = Strip.render

    def render(self: Strip, console: Console) -> str:
        if self._render_cache is None and not all(is_harmless(segment) for segment in self._segments):
            return original(Strip([harmless(segment) for segment in self._segments], self.cell_length), console)
        return original(self, console)

    render.guarded = True  # type: ignore[attr-defined]
    Strip.render = render  # type: ignore[method-assign]


def set_length(pane: ScrollView, size: Size) -> None:
    """Change what a pane can be scrolled over; the screen is laid out anew only where its bar comes or goes.

    Textual lays out everything when a virtual size changes: 5 ms or more, on each edit that makes a list longer.
    """
    bars = size.height > pane.container_size.height, size.width > pane.container_size.width
    if not pane.container_size or bars != (pane.show_vertical_scrollbar, pane.show_horizontal_scrollbar):
        pane.virtual_size = size
        return
    pane.set_reactive(Widget.virtual_size, size)
    pane._scroll_update(size)
