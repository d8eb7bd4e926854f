"""The History pane: what was done, by whom; it follows, and takes entries back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.projects import Desk, sitting
from tui_editor.ui.panes.history import HistoryPane

if TYPE_CHECKING:
    from pathlib import Path


def listed(desk: Desk) -> list[str]:
    pane = desk.app.screen.query_one(HistoryPane)
    return ["".join(words for words, _ in pane.rows.line(n)) for n in range(len(pane.rows))]


async def shown(desk: Desk) -> list[str]:
    await desk.settle()
    return listed(desk)


async def test_the_pane_is_hidden_until_it_is_asked_for(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        assert "History" not in desk.text
        await desk.press("_ h")
        await desk.settle()
        assert "History" in desk.text
        assert "nothing was done since the import" in desk.text


async def test_what_is_done_comes_on_top_and_undo_says_what_it_took_back(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("_ h", "j", "g c")
        (first,) = await shown(desk)
        assert " me: " in first
        await desk.press("u")
        lines = await shown(desk)
        assert len(lines) == 2
        assert "took back" in lines[0]
        assert "taken back" in lines[1]


async def test_enter_takes_an_entry_back_after_a_look(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        before = desk.labels
        await desk.press("j", "d a", "enter", "_ h")
        assert desk.labels != before
        await desk.settle()
        desk.screen.focus_pane("history")
        await desk.press("enter")
        assert "Take back" in desk.text
        await desk.press("enter")
        await desk.settle()
        assert desk.labels == before
