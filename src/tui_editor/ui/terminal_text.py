"""The private parts of Textual's way from widgets to text: what of an update is written, and that it is harmless.

Each part has a canary test in tests/ui/test_terminal_port.py, which fails clearly when Textual changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip

from tui_editor.ui.terminal.harmless import harmless, is_harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderResult

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
        found = ((y, shadow.write(x, y, strip)) for x, y, strip in _pieces(update))
        self._lines = [(y, *line) for y, line in found if line is not None]

    @property
    def spans(self) -> tuple[tuple[int, int, int], ...]:
        """Return (y, x1, x2) of what is written."""
        return tuple((y, x, x + strip.cell_length) for y, x, strip in self._lines)

    def render_segments(self, console: Console) -> str:
        """Return the update as text for the terminal."""
        return "".join(f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for y, x, strip in self._lines)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield nothing: it is only written to terminals."""
        yield from ()


class ThriftyScreen(Screen[ScreenResultType]):
    """A screen that is rendered once for what changed.

    Textual renders it also while updates are held back, to throw that away, and again after it was painted as a whole.
    """

    def _compositor_refresh(self) -> None:
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
