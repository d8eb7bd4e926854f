"""The figures of the issues on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.projects import NARROW, sitting
from tui_editor.ui.dialogs.issue_stats import IssueStatsDialog
from tui_editor.ui.widgets.rows import BAD, GOOD
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.projects import Desk


async def raise_two(desk: Desk) -> None:
    for comment in ("too dark #hard", "too small"):
        await desk.press("i")
        await desk.type(comment)
        await desk.press("enter")
    await desk.press("I", "k", "x")
    await desk.settle()


async def test_the_figures_of_the_issues_are_shown_over_the_task_and_closed_with_escape(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await raise_two(desk)
        await desk.press("S")
        await desk.settle()
        assert "2 raised   1 open   1 resolved" in desk.text
        line = next(line for line in desk.lines if " hard " in line and "▆" in line)
        assert line.partition("▆ ")[2].split()[:3] == ["1", "0", "1"]
        assert [name in desk.text for name in ("By kind", "By tag", "By author", "By class", "By stage")] == [True] * 5
        await desk.press("escape")
        assert not desk.app.screen.query(IssueStatsDialog)


async def test_a_bar_is_red_for_what_is_open_and_green_for_what_is_resolved(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await raise_two(desk)
        await desk.press("S")
        await desk.settle()
        rows = desk.app.screen.query_one(IssueStatsDialog).query_one(VirtualList).rows
        whole = next(rows.line(n) for n in range(len(rows)) if any("▆" in words for words, _ in rows.line(n)))
        bars = [(len(words), style) for words, style in whole if "▆" in words]
        assert bars == [(12, BAD), (12, GOOD)]


async def test_the_queue_shows_the_figures_too_and_they_fit_a_small_screen(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await raise_two(desk)
        await desk.press("escape", "q")
        await desk.pilot.pause()
        await desk.press("I")
        await desk.settle()
        await desk.pilot.resize_terminal(*NARROW)
        await desk.pilot.pause()
        dialog = desk.app.screen.query_one(IssueStatsDialog)
        assert desk.app.screen.region.contains_region(dialog.region)
        heads = desk.line_with("By kind")
        assert heads.rstrip(" │┃").endswith("resolved    median"), "the bars give way to the numbers"
        await desk.press("G", "g", "q")
        assert not desk.app.screen.query(IssueStatsDialog)
