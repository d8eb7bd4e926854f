"""What others did, and what was done with the project as a whole: under way, new, read before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from tui_editor.api.activities import activity_words
from tui_editor.api.notices import Notice, ago
from tui_editor.commands.menu import MenuItem
from tui_editor.ports.activities import Activity, ActivityState
from tui_editor.text import one_line
from tui_editor.ui.boards.storing import of_project
from tui_editor.ui.dialogs.board import Board

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.ui.bell import Bell
    from tui_editor.ui.screens.front import FrontScreen

MOST: Final = 500
"""Activities that are listed."""
_GROUPS: Final = ("Under way", "New", "Read before")
News = Notice | Activity


def show_notifications(screen: FrontScreen, bell: Bell) -> None:
    """Show them, the activities as the store has them by now; what is shown counts as read."""
    of_project(screen, lambda project: project.store.activities(limit=MOST), lambda done: _open(screen, bell, done))


def _open(screen: FrontScreen, bell: Bell, done: Sequence[Activity]) -> None:
    if not bell.found and not done:
        screen.tell("nobody did anything that concerns you lately, and nothing was done with the project as a whole")
        return
    unread = {id(notice) for notice in bell.unread} | {a.number for a in bell.unread_done}
    listed: list[News] = [*bell.found, *done]
    every = sorted(listed, key=lambda news: (_group(news, unread), -_at_ms(news)))
    now_ms = time.time_ns() // 1_000_000
    items = [_item(str(number), news, _GROUPS[_group(news, unread)], now_ms) for number, news in enumerate(every)]
    screen.open_dialog(
        Board(
            "Notifications and what was done",
            items,
            lambda item: _chosen(screen, every[int(item.key)]),
            hint="type to search, Enter goes there or tells all of it",
        )
    )
    bell.read(max(map(_at_ms, every)))


def _group(news: News, unread: set[int]) -> int:
    if isinstance(news, Activity):
        return 0 if news.state is ActivityState.RUNNING else 1 if news.number in unread else 2
    return 1 if id(news) in unread else 2


def _at_ms(news: News) -> int:
    return news.at_ms if isinstance(news, Notice) else news.ended_ms or news.at_ms


def _chosen(screen: FrontScreen, news: News) -> None:
    """Go to the task of a notice; tell all of an activity."""
    if isinstance(news, Activity):
        screen.tell(f"{one_line(news.person, 40)}, {_when(news)}: {activity_words(news)}")
        return
    if news.issue is not None:
        screen.loop.issue = news.issue
    screen.open_task(news.task)


def _when(activity: Activity) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(activity.at_ms / 1000))


def _item(key: str, news: News, group: str, now_ms: int) -> MenuItem:
    when = ago(_at_ms(news), now_ms)
    if isinstance(news, Notice):
        return MenuItem(key=key, title=news.title, value=f"{news.words} · {when}", hint=news.words, group=group)
    said = news.outcome if news.state is ActivityState.DONE else f"{news.state.value} {news.outcome}"
    return MenuItem(
        key=key,
        title=f"{news.kind} {news.what}",
        value=" · ".join(part for part in (when, news.person, said.strip()) if part),
        hint=f"{activity_words(news)} · {news.person}, {_when(news)}",
        group=group,
    )
