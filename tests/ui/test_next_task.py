"""The task that comes next is read ahead: which one, at which frame, how long it is kept, and what it saves."""

from __future__ import annotations

import dataclasses
import signal
import sys
import time
from pathlib import Path
from shutil import copytree, rmtree
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.kitty_screen import KittyScreen
from tests.terminals.answers import KITTY as KITTY_KIND
from tests.terminals.pty_host import PtyHost
from tests.ui.projects import CLIP, build, clip, labelled, one_car, project_info, sitting, wait_for
from tui_editor.api.project import Project
from tui_editor.edits.labels import delete_instance
from tui_editor.model.frames import MediaRef
from tui_editor.model.ids import InstanceId, TaskId, UnitId
from tui_editor.ports import ImportedTask
from tui_editor.storage.locate import open_store
from tui_editor.ui.early.adoption import Adoption
from tui_editor.ui.next_task import NextTask, Prepared, Screen, Wish, next_row
from tui_editor.ui.picture.choice import surface_for
from tui_editor.ui.picture.compose import Composer
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.picture.pipeline import Job
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.terminal.facts import Terminal, choose_graphics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.project import Task

ROOT = Path(__file__).parents[2]
SECOND, THIRD = TaskId(2), TaskId(3)
LEFT_AT, CAR_AT = 3, 0
"""Where the second task was left, and where its only object is, to which a review goes."""
LAYOUT = Layout(column=24, row=2, visible=np.ones((30, 80), np.bool_), cell_px=(8, 16))
CANVAS = LAYOUT.canvas_px
WISH = Wish(done=CLIP, stage="review", above=LAYOUT, still=LAYOUT)
NOTHING = replace(WISH, stage="annotate", done=THIRD)
"""No task waits there."""


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
        dataclasses.replace(labelled("review"), task=clip(priority=1.0)),
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


def until_dropped(ahead: NextTask) -> None:
    deadline = time.monotonic() + 20
    while ahead.ready is not None:
        assert time.monotonic() < deadline
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


def test_a_wish_for_the_same_task_on_the_same_canvas_reads_nothing(
    ahead: NextTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    asked: list[object] = []
    assert ahead._prepared is not None
    monkeypatch.setattr(ahead._prepared.frames, "request", lambda *_, **__: asked.append(_))
    ahead.prepare(replace(WISH, above=replace(LAYOUT, visible=LAYOUT.visible.copy())))
    while ahead._wish is not None:
        time.sleep(0.005)
    ahead.prepare(NOTHING)
    until_dropped(ahead)
    assert asked == []


def test_on_a_canvas_of_another_size_its_frame_is_read_for_that(ahead: NextTask) -> None:
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    first = ahead._prepared
    larger = replace(LAYOUT, cell_px=(16, 32))
    ahead.prepare(replace(WISH, above=larger))
    deadline = time.monotonic() + 20
    while ahead._prepared is first or ahead.ready is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    prepared = taken(ahead, SECOND)
    assert first is not None
    assert prepared.frames is first.frames
    assert prepared.frames.cached(UnitId(2), CAR_AT, larger.canvas_px) is not None
    prepared.close()


def test_where_nothing_waits_any_more_nothing_is_kept(ahead: NextTask) -> None:
    ahead.prepare(WISH)
    until_ready(ahead, SECOND)
    ahead.prepare(NOTHING)
    until_dropped(ahead)
    assert ahead.take(SECOND) is None


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


# --- its first picture ---------------------------------------------------------------------------

KITTY = Terminal(term="xterm-kitty", name="kitty(0.40.0)", answered=True, kitty_graphics=True, cell_px=(8, 16))
SIXEL = Terminal(term="xterm", name="XTerm(379)", answered=True, sixel=True, sixel_colours=256, cell_px=(8, 16))


@pytest.fixture(params=[KITTY, SIXEL], ids=["kitty", "sixel"])
def screen(request: pytest.FixtureRequest) -> Screen:
    return Screen(graphics=choose_graphics(request.param), terminal=request.param, canvas=2)


def test_the_first_picture_is_the_one_that_the_canvas_would_make(ahead: NextTask, screen: Screen) -> None:
    ahead.prepare(replace(WISH, screen=screen))
    until_ready(ahead, SECOND)
    prepared = taken(ahead, SECOND)
    assert prepared.picture is not None
    composed = Composer().compose(prepared.begins, prepared.first.result(), CANVAS)
    mine, made = (surface_for(screen.graphics, screen.terminal, screen.canvas) for _ in range(2))
    assert mine is not None
    assert made is not None
    wanted = made.show(made.encode(composed, LAYOUT, Quality.FULL), LAYOUT)
    shown = mine.show(prepared.picture.made.update, LAYOUT)
    prepared.close()
    if screen.graphics.layered:
        pictures = [KittyScreen(120, 40).feed(part.ahead + part.data).picture() for part in (wanted, shown)]
        assert pictures[0].any()
        assert np.array_equal(pictures[0], pictures[1])
    else:
        assert shown == wanted


def test_the_canvas_takes_it_for_the_state_with_which_it_begins(ahead: NextTask, screen: Screen) -> None:
    ahead.prepare(replace(WISH, screen=screen))
    until_ready(ahead, SECOND)
    prepared = taken(ahead, SECOND)
    assert prepared.picture is not None
    job: Job[Any] = Job(state=prepared.begins, canvas_px=CANVAS, encode=lambda _: None)
    result = Adoption(prepared.picture, prepared.frames).result(job, Composer())
    prepared.close()
    assert result is not None
    assert result.elsewhere == (False, True)
    assert result.value is prepared.picture.made.update


def test_a_frame_that_can_not_be_read_gives_no_picture(ahead: NextTask, folder: Path, screen: Screen) -> None:
    rmtree(folder / "media" / "own")
    ahead.prepare(replace(WISH, screen=screen))
    until_ready(ahead, SECOND)
    prepared = taken(ahead, SECOND)
    assert prepared.picture is None
    prepared.close()


WATCHED = """
import sys
from pathlib import Path
from tui_editor.ui.next_task import NextTask

def complete(self, prepared, usual=NextTask._complete):
    usual(self, prepared)
    Path(sys.argv.pop()).write_text("prepared")

NextTask._complete = complete
from tui_editor.cli.main import main
sys.exit(main(sys.argv[1:-1] if sys.argv[-1].endswith("ready") else sys.argv[1:]))
"""


def seen(host: PtyHost) -> KittyScreen:
    geometry = host.geometry
    return KittyScreen(geometry.columns, geometry.rows, geometry.cell_px).feed(host.output)


def test_in_a_terminal_it_is_shown_and_stays(folder: Path) -> None:
    """The canvas before may delete its pictures after this one is shown. On a busy machine none is made ahead."""
    ready = folder / "ready"
    argv = [sys.executable, "-c", WATCHED, "open", str(folder), str(ready)]
    with PtyHost(argv, kind=KITTY_KIND, env={"PYTHONPATH": str(ROOT / "src")}) as host:
        host.wait_for(lambda _: ready.exists(), timeout_s=30)
        rmtree(folder / "media" / "own")
        old = {image for image, _ in seen(host).placements}
        host.send(b"gA")
        host.wait_for_text("next is second", timeout_s=30)
        host.wait_for(lambda host: not old & seen(host).images.keys() and bool(seen(host).placements), timeout_s=30)
        host.signal(signal.SIGTERM)
        host.wait_exit(timeout_s=30)


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


async def test_a_screen_that_is_going_is_no_harm(folder: Path) -> None:
    async with sitting(folder) as desk:
        await desk.editor.canvas.remove()
        desk.app.desk._changed_at = 0.0
        desk.app.desk.pulse()
