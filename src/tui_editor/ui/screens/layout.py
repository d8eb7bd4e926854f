"""Which panes of the editor are seen, and how large: some hidden, the canvas alone, one at a time on narrow screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace

from tui_editor.render.rects import Rect
from tui_editor.ui.screens.arrangement import WIDE_FROM, Arrangement, ArrangementFile, Border

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

    from tui_editor.ui.picture.layout import Layout

COLUMN = ("labels", "attributes", "issues", "findings", "history")
"""The panes of the right column."""
SIDE = ("classes", *COLUMN)
"""The panes of which a narrow screen shows one."""
PANES = (*SIDE, "timeline", "toolbar")
RING = ("canvas", *SIDE)
"""What Tab goes through."""
BORDER_OF: Final[dict[str, Border]] = {
    "classes": "left",
    "labels": "right",
    "attributes": "right",
    "issues": "right",
    "findings": "right",
    "history": "right",
    "timeline": "timeline",
}
"""What moves when a pane gets another size."""


def canvas_cells(columns: int, rows: int, *, still: bool, arrangement: Arrangement | None = None) -> Rect:
    """Return where the canvas lies on a screen at first, in cells: what the style sheet comes to.

    Args:
        columns: Of the screen.
        rows: Of the screen.
        still: Whether the data unit has one frame, and so no timeline.
        arrangement: Of the panes.
    """
    kept = arrangement or Arrangement()
    sizes, hidden, wide = kept.sizes(columns, rows), kept.hidden, columns >= WIDE_FROM
    column = set(COLUMN) if wide else {"labels"}
    left = sizes.left if wide and "classes" not in hidden else 0
    right = sizes.right if column - hidden else 0
    timeline = 0 if still or "timeline" in hidden else sizes.timeline
    toolbar = int(wide if kept.toolbar is None else kept.toolbar)
    header, message, keys = 1, 1, 1
    top, bottom = header + toolbar, rows - keys - message - timeline
    return Rect(left, top, max(left, columns - right), max(top, bottom))


class PaneLayout:
    """Shows and hides the panes of a screen by classes, whose meaning the style sheet tells; gives them their sizes.

    `-hidden` is what the user put away, `-front` the pane that a narrow screen shows, `-alone` (on the screen) the
    canvas without panes. The toolbar is hidden on a narrow screen unless it is asked for; it is seen while it has the
    keys.
    """

    def __init__(self, screen: Screen[None], kept: ArrangementFile) -> None:
        self._screen, self._kept = screen, kept
        self._front = "labels"
        self._alone = False
        self._toolbar_visited = False

    @property
    def narrow(self) -> bool:
        """Return whether there is room for one pane only."""
        return self._screen.has_class("-narrow")

    def seen(self, pane: str) -> bool:
        """Return whether the user sees a pane now."""
        if pane == "toolbar":
            return self._toolbar_visited or (not self._alone and self._wants_toolbar)
        if self._alone or pane in self._kept.now.hidden:
            return False
        return pane not in SIDE or not self.narrow or pane == self._front

    @property
    def _wants_toolbar(self) -> bool:
        toolbar = self._kept.now.toolbar
        return not self.narrow if toolbar is None else toolbar

    def canvas_layouts(self, now: Layout) -> tuple[Layout, Layout]:
        """Return where the canvas lies above a timeline, and for a task that has none."""
        now = replace(now.uncovered, inside=None)
        if not self.seen("timeline"):
            return now, now
        timeline = self._kept.now.sizes(*self._cells).timeline
        rows, columns = now.visible.shape
        whole = rows + timeline if self._pane("timeline").display else rows
        above, still = (np.ones((max(0, height), columns), np.bool_) for height in (whole - timeline, whole))
        return replace(now, visible=above), replace(now, visible=still)

    def arrange(self) -> None:
        """Set the classes of screen and panes, and the sizes."""
        screen = self._screen
        screen.set_class(self._alone, "-alone")
        for pane in PANES:
            widget = self._pane(pane)
            hidden = pane in self._kept.now.hidden if pane != "toolbar" else not self.seen(pane)
            widget.set_class(hidden, "-hidden")
            widget.set_class(pane == self._front, "-front")
        self._pane("right").set_class(not any(self.seen(p) for p in COLUMN), "-hidden")
        self._set_sizes()
        focused = screen.focused
        if focused is not None and focused.id in PANES and not self.seen(focused.id):
            self._pane("canvas").focus()

    def toggle(self, pane: str) -> bool:
        """Show or hide a pane, or all of them; return whether there is such a pane."""
        if pane == "all":
            self._alone = not self._alone
        elif pane not in PANES:
            return False
        elif pane == "toolbar":
            wanted = not self.seen(pane)
            self._kept.keep(replace(self._kept.now, toolbar=wanted))
            self._alone = self._alone and not wanted
        elif self.seen(pane):
            self._kept.keep(replace(self._kept.now, hidden=self._kept.now.hidden | {pane}))
        else:
            self._reveal(pane)
        self.arrange()
        return True

    def focus(self, pane: str) -> None:
        """Give the keys to a pane, or to the next or previous one of the ring."""
        if pane in {"next", "previous"}:
            ring = [p for p in RING if p not in self._kept.now.hidden] if not self._alone else ["canvas"]
            focused = self._screen.focused
            here = focused.id if focused is not None and focused.id in ring else "canvas"
            pane = ring[(ring.index(here or "canvas") + (1 if pane == "next" else -1)) % len(ring)]
        if pane == "toolbar":
            self._toolbar_visited = True
            self.arrange()
        elif pane in PANES:
            self._reveal(pane)
            self.arrange()
        self._pane(pane).focus()

    def focused(self, pane: str | None) -> None:
        """Take in which pane has the keys: a toolbar that was only visited goes."""
        if self._toolbar_visited and pane != "toolbar":
            self._toolbar_visited = False
            self.arrange()

    def _reveal(self, pane: str) -> None:
        self._alone = False
        self._kept.keep(replace(self._kept.now, hidden=self._kept.now.hidden - {pane}))
        if pane in SIDE:
            self._front = pane

    # --- sizes -------------------------------------------------------------------------------------

    def resize(self, pane: str, by: int) -> bool:
        """Make a pane so many cells larger, without a name the one that has the keys; return whether there is one."""
        focused = self._screen.focused
        name = pane or (focused.id if focused is not None else "") or ""
        border: Border | None = BORDER_OF.get(name) if pane else BORDER_OF.get(name, self._nearest)
        if border is None:
            return False
        self.move(border, getattr(self._kept.now.sizes(*self._cells), border) + by)
        return True

    @property
    def _nearest(self) -> Border:
        """Return what is resized while no pane has the keys: the pane beside the canvas."""
        return "right" if any(self.seen(pane) for pane in COLUMN) else "left"

    def reset_sizes(self) -> None:
        """Give the panes the sizes that they have at first."""
        self._kept.keep(self._kept.now.unsized())
        self._set_sizes()

    def move(self, border: Border, cells: int) -> None:
        """Give a pane a size, as far as the canvas leaves room."""
        columns, rows = self._cells
        self._kept.keep(self._kept.now.moved(border, cells, columns=columns, rows=rows))
        self._set_sizes()

    def border_at(self, x: int, y: int) -> Border | None:
        """Return which border lies under a cell of the screen, None when none does."""
        classes, right = self._pane("classes").region, self._pane("right").region
        if classes and classes.contains(x, y) and x == classes.right - 1:
            return "left"
        if right and right.contains(x, y) and x == right.x:
            return "right"
        bottom = self._pane("body").region.bottom - 1
        beside = any(region and region.contains(x, y) for region in (classes, right))
        return "timeline" if beside and y == bottom and self._pane("timeline").display else None

    def drag(self, border: Border, x: int, y: int) -> None:
        """Bring a border to a cell of the screen."""
        body, timeline = self._pane("body").region, self._pane("timeline").region
        cells = {"left": x - body.x + 1, "right": body.right - x, "timeline": timeline.bottom - y - 1}
        self.move(border, cells[border])

    @property
    def _cells(self) -> tuple[int, int]:
        size = self._screen.app.size
        return size.width, size.height

    def _set_sizes(self) -> None:
        sizes = self._kept.now.sizes(*self._cells)
        self._pane("classes").styles.width = sizes.left
        self._pane("right").styles.width = sizes.right
        self._pane("timeline").styles.height = sizes.timeline

    def _pane(self, name: str) -> Widget:
        return self._screen.query_one(f"#{name}")
