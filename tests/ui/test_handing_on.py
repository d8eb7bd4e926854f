"""A task that is handed on, and keys that are typed faster than screens and dialogs come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from tests.support.doctext import ONTOLOGY as NOTHING_REQUIRED
from tests.ui.projects import CLIP, build, labelled, project_info, sitting, wait_for
from tui_editor.model.ids import TaskId
from tui_editor.state.view import Mode
from tui_editor.storage.locate import open_store

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_submit_that_is_refused_leads_to_the_first_open_issue(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "i")
        await desk.type("loose")
        await desk.press("enter", "G", "enter")
        assert "issue" in desk.editor.message
        assert desk.state.view.frame == 0
        assert desk.state.document.status.stage == "annotate"


async def test_the_last_task_of_a_stage_leads_to_the_queue(tmp_path: Path) -> None:
    async with sitting(build(tmp_path / "p", [labelled()], project_info(ontology=NOTHING_REQUIRED))) as desk:
        await desk.press("enter")
        await desk.settle()
        assert desk.app.screen.query("#tasks")
        assert "clip is done; nothing else waits in annotate" in desk.screen.message


async def test_keys_typed_ahead_of_the_next_task_end_neither_it_nor_the_program(review: Path) -> None:
    async with sitting(review) as desk:
        await desk.press("a", "a", "a", "a", "a")
        for _ in range(3):
            desk.app.post_message(events.Key("enter", None))
        await desk.settle()
        assert desk.state.task.id == TaskId(2)
        assert desk.state.document.status.stage == "review"


async def test_keys_typed_ahead_go_where_they_go_when_typed_slowly(review: Path) -> None:
    keys = ["i", *"loose", "enter", "a", "x", "t", *"two of them", "enter", "a", "a", "a", "enter", "j", "e", "l"]
    async with sitting(review) as desk:
        for key in keys:
            desk.app.post_message(events.Key("space" if key == " " else key, key if len(key) == 1 else None))
        await wait_for(desk, lambda: desk.state.task.id == TaskId(2) and desk.state.mode is Mode.EDIT)
        await desk.settle()
        assert "car@0 box 11,10 40,30" in desk.labels
    store = open_store(review)
    titles = {issue.title for issue in store.open(CLIP).document.issues.values()}
    store.close()
    assert titles == {"loose", "two of them"}


async def test_shift_alone_ends_neither_a_prefix_nor_a_count(review: Path) -> None:
    async with sitting(review) as desk:
        desk.app.post_message(events.Key("g", "g"))
        desk.app.post_message(events.Key("left_shift", None))
        desk.app.post_message(events.Key("A", "A"))
        await desk.settle()
        assert desk.state.task.id == TaskId(2), "g A approves the task; A would approve the frame"


async def test_a_message_for_a_screen_that_is_opening_waits_for_it(review: Path) -> None:
    async with sitting(review) as desk:
        desk.app.later_message = "first"
        desk.app.desk.show_queue()
        desk.app.later_message = "second"
        desk.app.desk.open(TaskId(2))
        desk.app.tell("third")
        await desk.settle()
        assert (desk.state.task.id, desk.editor.message) == (TaskId(2), "third")


async def test_the_next_task_tells_what_is_open_in_the_one_before(review: Path) -> None:
    async with sitting(review) as desk:
        await desk.press("a", "x 2", "a", "a", "a", "enter")
        await desk.settle()
        assert "clip goes back to annotate with 1 issue still open: next is second" in desk.editor.message


async def test_the_pictures_of_a_task_have_other_names_than_those_of_the_one_before(review: Path) -> None:
    """A canvas that goes deletes its own pictures, and may do so after the next one has shown its first."""
    async with sitting(review) as desk:
        before = desk.editor.canvas.view_number
        desk.app.desk.open(TaskId(2))
        await desk.settle()
        assert desk.editor.canvas.view_number != before
