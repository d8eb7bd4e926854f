"""The screens around the canvas, as they are gone through with keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.projects import NARROW, WIDE, sitting, wait_for
from tui_editor.api.project import Project
from tui_editor.api.workflow import assign_step, do
from tui_editor.model.ids import InstanceId, TaskId
from tui_editor.storage.locate import open_store
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


def give(folder: Path, person: str = "me") -> None:
    """Have the boss give the second task to somebody."""
    with Project(folder, open_store(folder), "boss") as project:
        do(project, TaskId(3), assign_step(person))


async def test_what_others_did_is_counted_in_the_header_told_listed_and_then_read(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        desk.app.desk.bell.look_now()
        await desk.settle()
        give(annotate)
        desk.app.desk.bell.look_now()
        await wait_for(desk, lambda: "✉ 1" in desk.text)
        assert "boss gave you a task (third): gN lists it" in desk.text
        await desk.press("g", "N")
        await desk.settle()
        assert "boss gave you a task · now" in desk.text
        await desk.press("enter")
        await desk.settle()
        assert desk.state.task.title == "third"
        assert "✉" not in desk.text


async def test_what_was_read_stays_read_for_that_person_in_the_next_window(annotate: Path) -> None:
    give(annotate)
    async with sitting(annotate, task=None) as desk:
        desk.app.desk.bell.look_now()
        await wait_for(desk, lambda: "✉ 1" in desk.text)
        await desk.press("g", "N", "escape")
    async with sitting(annotate) as desk:
        desk.app.desk.bell.look_now()
        await wait_for(desk, lambda: bool(desk.app.desk.bell.found))
        assert desk.app.desk.bell.unread == []


async def test_without_news_the_list_says_so(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "N")
        await desk.settle()
        assert "nobody did anything that concerns you lately" in desk.text


async def test_an_address_of_an_object_that_is_gone_opens_the_task_and_says_so(annotate: Path) -> None:
    async with sitting(annotate, instance=InstanceId(99)) as desk:
        assert "the object of the address is not in this task any more" in desk.text
