"""The windows of an editor layout: go from one to the next, choose a layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import LOOP, Command, on
from tui_editor.errors import Refused

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = "View"


def _next(context: Context) -> None:
    windows = context.state.windows.windows
    names = [window.view for window in windows]
    here = names.index(context.state.active)
    number = (here + 1) % len(names) if context.count is None else context.count - 1
    if not 0 <= number < len(names):
        raise Refused(f"there is no window {context.count}: there are {len(names)}")
    context.store.set(active=names[number])


def _no_windows(context: Context) -> str:
    """Return why there is no other window."""
    if context.task is not None and context.state.windows.windows:
        return ""
    return "one window is shown"


def _choose(context: Context) -> None:
    context.front.show("layout")


COMMANDS = (
    Command(
        id="view.next_window",
        title="Next window",
        doc="Goes to the next window of the editor layout, with a count to that one. Keys act on the one with the ●.",
        run=_next,
        keys=on("g J", *LOOP),
        count="window",
        enabled=_no_windows,
        group=GROUP,
    ),
    Command(
        id="view.layout",
        title="Editor layout",
        doc="Chooses how tasks are shown: as the project says, in one window, or in a layout of the project's.",
        run=_choose,
        group=GROUP,
    ),
)
