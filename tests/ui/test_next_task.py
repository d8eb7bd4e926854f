"""The task that comes next is read ahead: which one, at which frame, how long it is kept, and what it saves."""

from __future__ import annotations

import time
from dataclasses import replace
from shutil import copytree, rmtree
from typing import TYPE_CHECKING

import pytest

from tests.ui.projects import CLIP, build, clip, labelled, one_car, project_info, sitting, wait_for
from tui_editor.api.project import Project
from tui_editor.edits.labels import delete_instance
from tui_editor.model.frames import MediaRef
from tui_editor.model.ids import InstanceId, TaskId, UnitId
from tui_editor.ports import ImportedTask
from tui_editor.storage.locate import open_store
from tui_editor.ui.next_task import NextTask, Prepared, Wish, next_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.model.project import Task

SECOND, THIRD = TaskId(2), TaskId(3)
LEFT_AT, CAR_AT = 3, 0
"""Where the second task was left, and where its only object is, to which a review goes."""
CANVAS = (640, 480)
WISH = Wish(done=CLIP, stage="review", canvas_px=CANVAS, still_px=CANVAS)


def elsewhere(task: Task) -> Task:
    """Return the task with its pictures in a folder of its own."""
    unit = task.units[0]
    media = MediaRef(root="media", paths=tuple(f"own/{path}" for path in unit.media.paths))
    return replace(task, units=(replace(unit, media=media),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project of three tasks in review; the second has pictures of its own and was left at a later frame."""
    second, third = elsewhere(clip(2, "second", priority=0.9)), clip(3, "third", priority=0.8)
    tasks = [
        replace(labelled("review"), task=clip(priority=1.0)),
        ImportedTask(task=second, document=one_car(2, "review")),
        ImportedTask(task=third, document=one_car(3, "review")),
    ]
    made = build(tmp_path / "p", tasks, project_info())
    copytree(made / "media", tmp_path / "own")
    (tmp_path / "own").rename(made / "media" / "own")
    with Project(made, open_store(made), "me") as project:
        project.store.save_view(SECOND, "me", {"unit": UnitId(2), "frame": LEFT_AT})
    return made


@pytest.fixture
def project(folder: Path) -> Iterator[Project]:
    with Project(folder, open_store(folder), "me") as opened:
        yield opened


@pytest.fixture
def ahead(folder: Path) -> Iterator[NextTask]:
    made = NextTask(lambda: Project(folder, open_store(folder), "me"))
    yield made
    made.close()


def until_ready(ahead: NextTask, task: TaskId) -> None:
    deadline = time.monotonic() + 20
    while ahead.ready != task:
        assert time.monotonic() < deadline, f"{task} was never prepared"
        time.sleep(0.005)


def taken(ahead: NextTask, task: TaskId) -> Prepared:
    prepared = ahead.take(task)
    assert prepared is not None
    return prepared


def test_the_next_task_is_the_one_of_the_stage_with_the_highest_priority_that_is_not_done(project: Project) -> None:
    row = next_row(project.store, "review", CLIP)
    assert row is not None
    assert row.id == SECOND
    assert next_row(project.store, "annotate", CLIP) is None


def test_the_frame_at_which_the_task_was_left_is_there_without_reading(ahead: NextTask) -> None:
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    prepared = taken(ahead, SECOND)
    assert prepared.frames.cached(UnitId(2), LEFT_AT, CANVAS) is not None
    prepared.close()


def test_the_frame_of_the_first_object_to_be_judged_is_there_without_reading(ahead: NextTask) -> None:
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    prepared = taken(ahead, SECOND)
    assert prepared.frames.cached(UnitId(2), CAR_AT, CANVAS) is prepared.first.result()
    prepared.close()


def test_what_is_prepared_goes_to_the_task_that_is_opened_once(ahead: NextTask) -> None:
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    taken(ahead, SECOND).close()
    assert ahead.take(SECOND) is None


def test_opening_another_task_drops_what_is_prepared(ahead: NextTask) -> None:
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    assert ahead.take(THIRD) is None
    assert ahead.ready is None
    assert ahead.take(SECOND) is None


def test_a_queue_that_changed_has_another_task_prepared(ahead: NextTask, project: Project) -> None:
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    project.store.save_task(replace(project.store.task(THIRD), priority=0.95))
    ahead.prepare(WISH)
    until_ready(ahead, THIRD)
    assert ahead.take(SECOND) is None


def test_a_wish_for_the_same_task_reads_it_once(ahead: NextTask) -> None:
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    ahead.prepare(replace(WISH, canvas_px=(64, 48)))
    ahead.prepare(replace(WISH, stage="annotate", done=THIRD))
    deadline = time.monotonic() + 20
    while ahead.ready is not None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    assert ahead.take(SECOND) is None, "nothing waits there"


def test_a_task_whose_frame_can_not_be_read_is_prepared_all_the_same(ahead: NextTask, folder: Path) -> None:
    rmtree(folder / "media" / "own")
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    prepared = taken(ahead, SECOND)
    assert prepared.first.exception() is not None
    prepared.close()


def test_a_project_that_can_not_be_opened_prepares_nothing(tmp_path: Path) -> None:
    ahead = NextTask(lambda: Project(tmp_path, open_store(tmp_path), "me"))
    ahead.prepare(WISH)
    ahead.close()
    assert ahead.take(SECOND) is None


# --- in the editor -------------------------------------------------------------------------------


async def test_the_first_picture_of_the_next_task_needs_no_file(folder: Path) -> None:
    async with sitting(folder) as desk:
        await wait_for(desk, lambda: desk.app.desk.next.ready == SECOND)
        rmtree(folder / "media" / "own")
        await desk.press("g A")
        await desk.settle()
        assert (desk.state.task.id, desk.state.view.frame) == (SECOND, CAR_AT)
        assert desk.editor.canvas.frame is not None
        assert not desk.editor.canvas.has_card


async def test_without_having_been_prepared_it_needs_the_file(folder: Path) -> None:
    async with sitting(folder) as desk:
        rmtree(folder / "media" / "own")
        desk.app.desk.open(SECOND)
        await desk.settle()
        assert desk.editor.canvas.has_card


async def test_edits_of_another_window_to_the_task_that_was_read_ahead_are_there(folder: Path) -> None:
    async with sitting(folder) as desk:
        await wait_for(desk, lambda: desk.app.desk.next.ready == SECOND)
        with Project(folder, open_store(folder), "other") as other, other.edit(SECOND) as task:
            task.store.apply(delete_instance(task.store.state.document, InstanceId(200)), "object.delete")
        desk.app.desk.open(SECOND)
        await desk.settle()
        assert not desk.state.document.instances


async def test_settings_of_the_task_that_changed_meanwhile_are_there(folder: Path) -> None:
    async with sitting(folder) as desk:
        await wait_for(desk, lambda: desk.app.desk.next.ready == SECOND)
        with Project(folder, open_store(folder), "other") as other:
            other.store.save_task(replace(other.store.task(SECOND), title="renamed"))
        desk.app.desk.open(SECOND)
        await desk.settle()
        assert desk.state.task.title == "renamed"
