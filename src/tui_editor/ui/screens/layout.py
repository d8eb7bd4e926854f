"""Which panes of the editor are seen: hidden ones, the canvas alone, one pane at a time on a narrow screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.screen import Screen

COLUMN = ("labels", "attributes", "issues")
"""The panes of the right column."""
SIDE = ("classes", *COLUMN)
"""The panes of which a narrow screen shows one."""
PANES = (*SIDE, "timeline")
RING = ("canvas", *SIDE)
"""What Tab goes through."""


class PaneLayout:
    """Shows and hides the panes of a screen by classes; the style sheet says what they mean.

    `-hidden` is what the user put away, `-front` the pane that a narrow screen shows, `-alone` (on the screen) the
    canvas without panes.
    """

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._hidden: set[str] = set()
        self._front = "labels"
        self._alone = False

    @property
    def narrow(self) -> bool:
        """Return whether there is room for one pane only."""
        return self._screen.has_class("-narrow")

    def seen(self, pane: str) -> bool:
        """Return whether the user sees a pane now."""
        if self._alone or pane in self._hidden:
            return False
        return pane not in SIDE or not self.narrow or pane == self._front

    def arrange(self) -> None:
        """Set the classes of screen and panes."""
        screen = self._screen
        screen.set_class(self._alone, "-alone")
        for pane in PANES:
            widget = screen.query_one(f"#{pane}")
            widget.set_class(pane in self._hidden, "-hidden")
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
        if pane in PANES:
            self._reveal(pane)
            self.arrange()
        self._screen.query_one(f"#{pane}").focus()

    def _reveal(self, pane: str) -> None:
        self._alone = False
        self._hidden.discard(pane)
        if pane in SIDE:
            self._front = pane
