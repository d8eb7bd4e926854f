"""The list of what others did; Enter goes to the task."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui_editor.api.notices import ago
from tui_editor.commands.menu import MenuItem
from tui_editor.ui.dialogs.board import Board

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.api.notices import Notice
    from tui_editor.ui.bell import Bell
    from tui_editor.ui.screens.front import FrontScreen


def show_notifications(screen: FrontScreen, bell: Bell) -> None:
    """Show what others did; what is shown counts as read."""
    found, unread = bell.found, len(bell.unread)
    if not found:
        screen.tell("nobody did anything that concerns you lately")
        return
    items = _items(found, unread)
    by_key = {item.key: notice for item, notice in zip(items, found, strict=True)}
    screen.open_dialog(
        Board(
            "Notifications", items, lambda item: _go(screen, by_key[item.key]), hint="type to search, Enter goes there"
        )
    )
    bell.read()


def _go(screen: FrontScreen, notice: Notice) -> None:
    if notice.issue is not None:
        screen.loop.issue = notice.issue
    screen.open_task(notice.task)


def _items(found: Sequence[Notice], unread: int) -> list[MenuItem]:
    now_ms = time.time_ns() // 1_000_000
    return [
        MenuItem(
            key=str(number),
            title=notice.title,
            value=f"{notice.words} · {ago(notice.at_ms, now_ms)}",
            hint=notice.words,
            group="New" if number < unread else "Read before",
        )
        for number, notice in enumerate(found)
    ]
