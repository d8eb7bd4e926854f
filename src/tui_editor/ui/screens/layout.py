"""Which panes of the editor are seen: hidden ones, the canvas alone, one pane at a time on a narrow screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.render.rects import Rect

if TYPE_CHECKING:
    from textual.screen import Screen

COLUMN = ("labels", "attributes", "issues")
"""The panes of the right column."""
SIDE = ("classes", *COLUMN)
"""The panes of which a narrow screen shows one."""
PANES = (*SIDE, "timeline", "toolbar")
RING = ("canvas", *SIDE)
"""What Tab goes through."""

TIMELINE, NARROW_TIMELINE = 4, 2
"""Rows of the timeline."""
WIDE_FROM = 100
"""Columns of a screen that has room for more than one pane."""


def canvas_cells(columns: int, rows: int, *, still: bool) -> Rect:
    """Return where the canvas lies on a screen while no pane is hidden, in cells: what the style sheet comes to.

    Args:
        columns: Of the screen.
        rows: Of the screen.
        still: Whether the data unit has one frame, and so no timeline.
    """
    wide = columns >= WIDE_FROM
    left, right, toolbar, timeline = (24, 38, 1, TIMELINE) if wide else (0, 28, 0, NARROW_TIMELINE)
    header, message, keys = 1, 1, 1
    top, bottom = header + toolbar, rows - keys - message - (0 if still else timeline)
    return Rect(left, top, max(left, columns - right), max(top, bottom))


class PaneLayout:
    """Shows and hides the panes of a screen by classes; the style sheet says what they mean.

    `-hidden` is what the user put away, `-front` the pane that a narrow screen shows, `-alone` (on the screen) the
    canvas without panes. The toolbar is hidden on a narrow screen unless it is asked for; it is seen while it has the
    keys.
    """

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._hidden: set[str] = set()
        self._front = "labels"
        self._alone = False
        self._toolbar: bool | None = None
        """Whether the user wants the toolbar; None: where there is room."""
        self._toolbar_visited = False

    @property
    def narrow(self) -> bool:
        """Return whether there is room for one pane only."""
        return self._screen.has_class("-narrow")

    def seen(self, pane: str) -> bool:
        """Return whether the user sees a pane now."""
        if pane == "toolbar":
            return self._toolbar_visited or (not self._alone and self._wants_toolbar)
        if self._alone or pane in self._hidden:
            return False
        return pane not in SIDE or not self.narrow or pane == self._front

    @property
    def _wants_toolbar(self) -> bool:
        return not self.narrow if self._toolbar is None else self._toolbar

    def canvas_sizes(self, now_px: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return (width, height) of the canvas in pixels above a timeline, and for a task that has none."""
        (width, height), rows = now_px, self._screen.query_one("#canvas").size.height
        if not rows or not self.seen("timeline"):
            return now_px, now_px
        timeline = (NARROW_TIMELINE if self.narrow else TIMELINE) * height // rows
        without = height + timeline if self._screen.query_one("#timeline").display else height
        return (width, without - timeline), (width, without)

    def arrange(self) -> None:
        """Set the classes of screen and panes."""
        screen = self._screen
        screen.set_class(self._alone, "-alone")
        for pane in PANES:
            widget = screen.query_one(f"#{pane}")
            hidden = pane in self._hidden if pane != "toolbar" else not self.seen(pane)
            widget.set_class(hidden, "-hidden")
            widget.set_class(pane == self._front, "-front")
        screen.query_one("#right").set_class(not any(self.seen(p) for p in COLUMN), "-hidden")
        focused = screen.focused
        if focused is not None and focused.id in PANES and not self.seen(focused.id):
            screen.query_one("#canvas").focus()

    def toggle(self, pane: str) -> bool:
        """Show or hide a pane, or all of them; return whether there is such a pane."""
        if pane == "all":
            self._alone = not self._alone
        elif pane not in PANES:
            return False
        elif pane == "toolbar":
            self._toolbar = not self.seen(pane)
            self._alone = self._alone and not self._toolbar
        elif self.seen(pane):
            self._hidden.add(pane)
        else:
            self._reveal(pane)
        self.arrange()
        return True

    def focus(self, pane: str) -> None:
        """Give the keys to a pane, or to the next or previous one of the ring."""
        if pane in {"next", "previous"}:
            ring = [p for p in RING if p not in self._hidden] if not self._alone else ["canvas"]
            focused = self._screen.focused
            here = focused.id if focused is not None and focused.id in ring else "canvas"
            pane = ring[(ring.index(here or "canvas") + (1 if pane == "next" else -1)) % len(ring)]
        if pane == "toolbar":
            self._toolbar_visited = True
            self.arrange()
        elif pane in PANES:
            self._reveal(pane)
            self.arrange()
        self._screen.query_one(f"#{pane}").focus()

    def focused(self, pane: str | None) -> None:
        """Take in which pane has the keys: a toolbar that was only visited goes."""
        if self._toolbar_visited and pane != "toolbar":
            self._toolbar_visited = False
            self.arrange()

    def _reveal(self, pane: str) -> None:
        self._alone = False
        self._hidden.discard(pane)
        if pane in SIDE:
            self._front = pane
