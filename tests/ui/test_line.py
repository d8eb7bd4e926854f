"""The `:` line and the filter's line: completion, history, and the mark under what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from tests.ui.projects import Desk, sitting
from tui_editor.ui.dialogs.assisted import AssistedDialog
from tui_editor.ui.dialogs.base import Dialog

if TYPE_CHECKING:
    from pathlib import Path


def field(desk: Desk) -> str:
    return desk.app.screen.query_one(Dialog).query_one(Input).value


async def test_tab_goes_through_what_may_stand_there(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("colon")
        await desk.type("frame.f")
        names = [s.text for s in desk.app.screen.query_one(AssistedDialog).suggestions]
        await desk.press("tab")
        assert field(desk) == names[0]
        await desk.press("tab")
        assert field(desk) == names[1]
        await desk.press("shift+tab")
        assert field(desk) == names[0]


async def test_an_argument_is_completed_and_run(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("colon")
        await desk.type("filter class:v")
        await desk.press("tab")
        assert field(desk) == "filter class:van"
        await desk.press("enter")
        await desk.settle()
        assert desk.state.filters.text == "class:van"


async def test_the_arrows_bring_back_lines_that_begin_so(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        for text in ("filter car", "3", "filter van"):
            await desk.press("colon")
            await desk.type(text)
            await desk.press("enter")
        await desk.press("colon", "up")
        assert field(desk) == "filter van"
        await desk.press("up")
        assert field(desk) == "3"
        await desk.press("down", "down")
        assert field(desk) == ""
        await desk.type("fil")
        await desk.press("up", "up")
        assert field(desk) == "filter car"
        await desk.press("enter")
        await desk.settle()
        assert desk.state.filters.text == "car"


async def test_an_empty_line_does_nothing(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        before = desk.where
        await desk.press("colon", "enter")
        assert desk.where == before
        assert not desk.app.screen.query(Dialog)


async def test_what_is_wrong_with_a_filter_is_marked_while_it_is_typed(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("/")
        await desk.type("class:plane x")
        at = next(n for n, line in enumerate(desk.lines) if "class:plane x" in line)
        marked = next(line for line in desk.lines[at:] if "^" in line)
        assert marked.index("^") == desk.lines[at].index("plane")
        assert marked.count("^") == len("plane")
        assert "column 7: no class is called plane" in desk.text
        await desk.press("enter")
        assert "column 7: no class is called plane" in desk.editor.message
        assert desk.state.filters.text == ""


async def test_a_filter_tells_how_much_it_lets_through(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("/")
        await desk.type("class:van")
        await desk.press("enter")
        await desk.settle()
        assert "1 of 5 objects pass the filter" in desk.editor.message
