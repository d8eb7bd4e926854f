"""The queue: pages, filter, open, back to the same row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.projects import NARROW, Desk, build, sitting, wait_for
from tui_editor.errors import StoreError
from tui_editor.model.ids import TaskId
from tui_editor.ui.screens.queue import QueueScreen
from tui_editor.ui.screens.queue_fetch import PAGE

if TYPE_CHECKING:
    from pathlib import Path


def queue(desk: Desk) -> QueueScreen:
    """Return the queue."""
    screen = desk.app.screen
    assert isinstance(screen, QueueScreen)
    return screen


def under_cursor(desk: Desk) -> str:
    """Return the title of the task under the cursor."""
    listed = queue(desk).list
    return str(listed.rows.key(listed.cursor or 0).title)  # type: ignore[attr-defined]  # the rows' keys are task rows


async def test_a_thousand_tasks_are_fetched_page_by_page(long_queue: Path) -> None:
    async with sitting(long_queue, task=None) as desk:
        assert "1,000 tasks" in desk.lines[0]
        fetched = [len(queue(desk).list.rows)]
        for _ in range(6):
            await desk.press("G")
            fetched.append(len(queue(desk).list.rows))
        assert fetched == [PAGE, 2 * PAGE, 3 * PAGE, 4 * PAGE, 5 * PAGE, 5 * PAGE, 5 * PAGE]
        titles = {queue(desk).list.rows.key(n).title for n in range(1000)}  # type: ignore[attr-defined]  # task rows
        assert len(titles) == 1000


async def test_the_cursor_moves_and_stays_within_the_list(annotate: Path) -> None:
    async with sitting(annotate, task=None) as desk:
        await desk.press("k")
        first = under_cursor(desk)
        await desk.press("j", "j", "j")
        assert {"clip", "third"} == {first, under_cursor(desk)}
        await desk.press("g g")
        assert first == under_cursor(desk)


async def test_a_filter_finds_by_title_and_stage_and_is_shown(long_queue: Path) -> None:
    async with sitting(long_queue, task=None) as desk:
        await desk.press("slash")
        await desk.type("task 09 stage:annotate")
        await desk.press("enter")
        assert len(queue(desk).list.rows) == 100
        assert "100 tasks  / task 09 stage:annotate" in desk.lines[0]
        await desk.press("slash")
        await desk.type(" state:skipped")
        await desk.press("enter")
        assert "no task fits the filter: / changes it" in desk.text
        await desk.press("slash")
        await desk.pilot.press("ctrl+u")
        await desk.press("enter")
        assert "1,000 tasks" in desk.lines[0]


async def test_a_filter_that_lists_more_than_a_page_tells_how_many_when_they_are_counted(long_queue: Path) -> None:
    async with sitting(long_queue, task=None) as desk:
        queue(desk).filter("task")
        await wait_for(desk, lambda: "1,000 tasks  / task" in desk.lines[0])
        queue(desk).again()
        await wait_for(desk, lambda: "≈1,000 tasks  / task" in desk.lines[0])


async def test_a_task_is_opened_and_q_comes_back_to_its_row(long_queue: Path) -> None:
    async with sitting(long_queue, task=None) as desk:
        await desk.press(*["j"] * 7)
        wanted = under_cursor(desk)
        await desk.press("enter")
        await desk.settle()
        assert wanted == desk.state.task.title
        await desk.press("q")
        await desk.settle()
        assert wanted == under_cursor(desk)


async def test_a_task_beyond_the_first_page_is_found_again(long_queue: Path) -> None:
    async with sitting(long_queue, task=None) as desk:
        await desk.press("G", "G", "k")
        wanted = under_cursor(desk)
        await desk.press("enter")
        await desk.settle()
        await desk.press("q")
        await desk.settle()
        assert wanted == under_cursor(desk)


async def test_a_click_opens_a_task(annotate: Path) -> None:
    async with sitting(annotate, task=None) as desk:
        await desk.pilot.click("#tasks", offset=(4, 1))
        await desk.settle()
        assert desk.editor is not None


async def test_an_empty_queue_says_what_to_do(tmp_path: Path) -> None:
    async with sitting(build(tmp_path / "p", []), task=None) as desk:
        assert "no tasks: tui-editor import brings some" in desk.text
        await desk.press("j", "enter", "G")
        assert "0 tasks" in desk.lines[0]


async def test_a_narrow_queue_keeps_title_stage_and_labels(annotate: Path) -> None:
    async with sitting(annotate, task=None, size=NARROW) as desk:
        line = desk.line_with("clip")
        assert line.split() == ["clip", "annotate", "new", "7", "labels"]
        await desk.pilot.resize_terminal(140, 30)
        await desk.settle()
        assert "image sequence" in desk.line_with("clip")


async def test_commands_that_need_a_task_are_refused_in_the_queue(annotate: Path) -> None:
    async with sitting(annotate, task=None) as desk:
        await desk.press("colon")
        await desk.type("review.approve")
        await desk.press("enter")
        assert "no task is open" in queue(desk).message


@pytest.mark.parametrize("keys", ["q", "Z Z"])
async def test_the_program_ends_from_the_queue(annotate: Path, keys: str) -> None:
    async with sitting(annotate, task=None) as desk:
        await desk.press(keys)
        await desk.pilot.pause()
        assert not desk.app.is_running or desk.app.return_code == 0


async def test_opening_a_task_from_the_shell_shows_it_at_a_frame_and_object(annotate: Path) -> None:
    async with sitting(annotate, task=TaskId(1), frame=3) as desk:
        assert desk.state.view.frame == 3
        instance = next(iter(desk.state.document.instances))
    async with sitting(annotate, task=TaskId(1), instance=instance) as desk:
        assert instance == desk.state.selected


async def test_a_store_that_refuses_what_an_answer_asks_is_told_of_and_the_queue_stays(review: Path) -> None:
    def refused() -> None:
        raise StoreError("the project was changed while it was read", hint="open it again")

    async with sitting(review, task=None) as desk:
        desk.app.answer(refused)
        await desk.settle()
        assert "the project was changed while it was read" in desk.text
        await desk.press("j")
        assert desk.app.failure is None
