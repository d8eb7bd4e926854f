"""The screens around the canvas, as they are gone through with keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.projects import NARROW, WIDE, sitting
from tui_editor.ui.dialogs.board import Board

if TYPE_CHECKING:
    from pathlib import Path

MENU = "exclamation_mark"


async def test_the_menu_opens_with_one_key_and_runs_what_is_chosen(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press(MENU)
        await desk.type("dim the")
        await desk.press("enter")
        assert not desk.app.screen.query(Board)
        assert desk.state.display.dim_others


async def test_an_entry_that_is_not_possible_now_stays_in_the_menu_and_says_why(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press(MENU)
        await desk.type("track from")
        await desk.press("enter")
        await desk.settle()
        assert desk.app.screen.query(Board)
        assert "not now: automated labeling is not built yet" in desk.text


async def test_the_cursor_of_a_board_goes_past_the_names_of_groups(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press(MENU)
        board = desk.app.screen.query_one(Board)
        seen = []
        for _ in range(12):
            assert board.item is not None
            seen.append(board.item.key)
            await desk.press("down")
        assert seen[0] == "app.back"
        assert len(set(seen)) == 12
        await desk.press("pageup", "pageup", "up")
        assert board.item is not None
        assert board.item.key == "app.back"


async def test_the_queue_has_the_menu_as_well(annotate: Path) -> None:
    async with sitting(annotate, task=None) as desk:
        await desk.press(MENU)
        await desk.type("sort")
        await desk.settle()
        assert "Sort the queue" in desk.text


async def test_a_board_fits_a_small_screen_and_keeps_the_message_line_free(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        await desk.press(MENU)
        await desk.pilot.resize_terminal(*NARROW)
        await desk.settle()
        region = desk.app.screen.query_one(Board).region
        assert region.right <= NARROW[0]
        assert region.bottom <= NARROW[1] - 2
