"""Questions that a board asks: whatever the answer, or without one, the board comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.ui.dialogs.base import Dialog
    from tui_editor.ui.screens.front import FrontScreen


def ask(
    screen: FrontScreen,
    make: Callable[[Callable[[Any], None]], Dialog],
    done: Callable[[Any], None],
    again: Callable[[], None],
) -> None:
    """Open a dialog.

    Args:
        screen: Where.
        make: Returns the dialog, which hands its answer to what it is given.
        done: Gets the answer; what it raises is told on the message line.
        again: Opens the board anew.
    """

    def answered(answer: Any) -> None:
        screen.guarded(lambda: done(answer))
        if not screen.is_asking:
            again()

    dialog = make(answered)
    dialog.back = again
    screen.open_dialog(dialog)
