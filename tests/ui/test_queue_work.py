"""What is done from the queue, and the whole life of a task between two people at one store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tests.support.consensus import CONSENSUS
from tests.support.doctext import ONTOLOGY as NOTHING_REQUIRED
from tests.support.doctext import document, standing
from tests.ui.projects import CLIP, Desk, build, clip, labelled, one_car, project_info, sitting, wait_for
from tui_editor.api import workflow
from tui_editor.api.project import Project
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import TaskId
from tui_editor.model.project import TaskQuery
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import ImportedTask, Session
from tui_editor.state.branch_view import BranchView
from tui_editor.state.view import Mode
from tui_editor.storage.locate import open_store
from tui_editor.ui.panes.issues import IssuesPane
from tui_editor.ui.screens.queue import QueueScreen

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.project import TaskRow

MEMBERS = {"me": "admin", "ann": "annotator", "bo": "annotator", "rae": "reviewer", "vic": "viewer"}
TEAM = project_info(ontology=NOTHING_REQUIRED, members=MEMBERS)
ROOMY = (160, 40)
BOXES = "car@0 box 10,10 40,30\nvan@3 box 20,70 50,30"


def team(folder: Path, *more: ImportedTask) -> Path:
    return build(folder / "p", [labelled(text=BOXES, priority=0.9), *more], TEAM)


def other(key: int, title: str, stage: str = "annotate", **task: Any) -> ImportedTask:
    return ImportedTask(task=clip(key, title, **task), document=one_car(key, stage))


def queue(desk: Desk) -> QueueScreen:
    screen = desk.app.screen
    assert isinstance(screen, QueueScreen)
    return screen


def rows(folder: Path) -> dict[str, TaskRow]:
    store = open_store(folder)
    found = {row.title: row for row in store.tasks(TaskQuery())}
    store.close()
    return found


# --- the queue -----------------------------------------------------------------------------------------------------


async def test_the_stages_are_shown_with_their_counts_and_the_person_with_the_role(tmp_path: Path) -> None:
    folder = team(tmp_path, other(2, "second", "review"), other(3, "third"))
    async with sitting(folder, task=None) as desk:
        assert "annotate 2 new" in desk.lines[1]
        assert "review 1 new" in desk.lines[1]
        assert "me, admin" in desk.lines[0]


async def test_a_task_is_assigned_released_moved_prioritised_and_reopened_under_the_cursor(tmp_path: Path) -> None:
    folder = team(tmp_path)
    async with sitting(folder, task=None) as desk:
        await desk.press("a")
        assert "annotator" in desk.line_with(" bo ")
        assert " vic " not in desk.text, "who may not take it is not offered"
        await desk.type("ann")
        await desk.press("enter")
        assert "clip is ann's" in queue(desk).message
        assert "ann" in desk.line_with("clip")
        await desk.press("r")
        assert "nobody has clip" in queue(desk).message
        await desk.press("v")
        await desk.type("complete")
        await desk.press("enter")
        assert rows(folder)["clip"].state == "completed"
        await desk.press("R")
        assert rows(folder)["clip"].state == "reopened"
        await desk.press("p", *["backspace"] * 3)
        await desk.type("0.25")
        await desk.press("enter")
        assert rows(folder)["clip"].priority == 0.25


async def test_what_the_role_forbids_is_said_with_the_reason_before_anything_is_asked(tmp_path: Path) -> None:
    folder = team(tmp_path)
    async with sitting(folder, task=None, person="ann") as desk:
        for key, what in (("a", "assign tasks"), ("v", "move tasks"), ("p", "change priorities")):
            await desk.press(key)
            assert f"ann is an annotator here, who can't {what}" in queue(desk).message
    assert rows(folder)["clip"].assignee == ""


async def test_start_next_takes_the_first_task_that_waits_and_opens_it(tmp_path: Path) -> None:
    folder = team(tmp_path, other(2, "second"))
    async with sitting(folder, task=None, person="ann") as desk:
        await desk.press("n")
        await desk.settle()
        assert desk.state.task.title == "clip"
    assert (rows(folder)["clip"].assignee, rows(folder)["second"].assignee) == ("ann", "")
    async with sitting(folder, task=None, person="bo") as desk:
        await desk.press("n")
        await desk.settle()
        assert desk.state.task.title == "second"
    async with sitting(folder, task=None, person="vic") as desk:
        await desk.press("n")
        assert "no task waits for vic" in queue(desk).message


async def test_what_waits_for_a_person_is_listed_by_one_key_and_all_again(tmp_path: Path) -> None:
    taken = ImportedTask(
        task=clip(2, "taken"),
        document=standing(one_car(2), TaskStatus(state=TaskState.ASSIGNED, assignee="bo")),
    )
    async with sitting(team(tmp_path, taken), task=None, person="ann") as desk:
        assert len(queue(desk).list.rows) == 2
        await desk.press("M")
        assert [queue(desk).list.rows.key(0).title, len(queue(desk).list.rows)] == ["clip", 1]  # type: ignore[attr-defined]  # task rows
        await desk.press("M")
        assert len(queue(desk).list.rows) == 2


async def test_the_queue_is_sorted_and_turned_round_by_keys(tmp_path: Path) -> None:
    async with sitting(team(tmp_path, other(2, "aaa"), other(3, "zzz")), task=None) as desk:

        def titles() -> list[str]:
            listed = queue(desk).list.rows
            return [listed.key(n).title for n in range(len(listed))]  # type: ignore[attr-defined]  # task rows

        await desk.press("s", "t")
        assert titles() == ["aaa", "clip", "zzz"]
        await desk.press("S")
        assert titles() == ["zzz", "clip", "aaa"]
        await desk.press("s", "l")
        await desk.press("S")
        assert titles()[0] == "clip"
        await desk.press("escape")
        assert titles()[0] == "clip"
        assert queue(desk).filtered == ""


async def test_client_metadata_is_set_shown_in_the_details_and_filtered_by(tmp_path: Path) -> None:
    async with sitting(team(tmp_path, other(2, "second")), task=None, size=ROOMY) as desk:
        await desk.press("m")
        await desk.type("site=Bonn")
        await desk.press("enter")
        assert "Bonn" in desk.line_with("site")
        await desk.press("slash")
        await desk.type("site=bonn")
        await desk.press("enter")
        assert "1 task " in desk.lines[0]
        await desk.press("d")
        assert not desk.line_with("priority")


async def test_the_details_show_the_first_picture_of_a_task_and_none_where_it_is_missing(tmp_path: Path) -> None:
    folder = team(tmp_path, other(2, "second"))
    async with sitting(folder, task=None, size=ROOMY) as desk:
        await wait_for(desk, lambda: "▀" in desk.text)
        assert desk.line_with("image sequence, 6 frames")
    for picture in (folder / "media").iterdir():
        picture.unlink()
    async with sitting(folder, task=None, size=ROOMY) as desk:
        await desk.press("j", "k")
        assert "▀" not in desk.text
        assert desk.line_with("image sequence, 6 frames")


# --- opening ---------------------------------------------------------------------------------------------------------


async def test_in_a_team_opening_a_task_takes_it_and_another_persons_is_only_looked_at(tmp_path: Path) -> None:
    folder = team(tmp_path)
    async with sitting(folder, person="ann") as desk:
        assert not desk.state.read_only
        assert desk.state.document.status.assignee == "ann"
    async with sitting(folder, person="bo") as desk:
        await desk.press("j", "d", "d")
        assert "assigned to ann" in desk.editor.message
        assert desk.labels == BOXES
    async with sitting(folder, person="vic") as desk:
        assert "vic is a viewer here" in desk.state.read_only


async def test_alone_opening_a_task_changes_nothing(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        assert desk.state.document.status.assignee == ""
        assert desk.state.durability.seq == 1


# --- a whole life ----------------------------------------------------------------------------------------------------


async def test_a_task_lives_between_its_annotator_and_its_reviewer(tmp_path: Path) -> None:
    folder = team(tmp_path)
    async with sitting(folder, task=None, person="ann") as desk:
        await desk.press("n")
        await desk.settle()
        await desk.press("j", "e", "l", "escape", "enter")
        await desk.settle()
    assert rows(folder)["clip"].stage == "review"
    async with sitting(folder, task=None, person="rae") as desk:
        await desk.press("n")
        await desk.settle()
        await desk.press("x", "1", "a", "enter")
        await desk.settle()
    assert (rows(folder)["clip"].state, rows(folder)["clip"].assignee) == ("reopened", "ann")
    async with sitting(folder, task=None, person="ann") as desk:
        await desk.press("n")
        await desk.settle()
        await wait_for(desk, lambda: isinstance(desk.app.focused, IssuesPane))
        assert "sent back by rae: Not tight" in desk.editor.message
        assert desk.editor.mode is Mode.ISSUES
        await desk.press("escape", "e", "5", "l", "escape", "enter")
        await desk.settle()
    assert rows(folder)["clip"].stage == "review"
    async with sitting(folder, task=None, person="rae") as desk:
        await desk.press("n")
        await desk.settle()
        await desk.press("D")
        await desk.settle()
        assert "1 changed since rae's review" in desk.editor.message
        assert desk.state.comparing is not None
        assert desk.line_with("labels on frame 0, IoU 0.78")
        await desk.press("escape")
        assert desk.line_with("only changes are shown")
        await desk.press("n", "a", "enter")
        await desk.settle()
    assert rows(folder)["clip"].state == "completed"


# --- groups ----------------------------------------------------------------------------------------------------------


def grouped(folder: Path) -> Path:
    members = (labelled(text=BOXES, group_key="g"), other(2, "second", group_key="g"), other(3, "third"))
    return build(folder / "p", members, TEAM)


async def test_a_group_is_submitted_with_one_key_and_its_tasks_are_gone_through(tmp_path: Path) -> None:
    folder = grouped(tmp_path)
    async with sitting(folder, person="ann") as desk:
        await desk.press("g", "u")
        await desk.type("second")
        await desk.press("enter")
        await desk.settle()
        assert desk.state.task.title == "second"
        await desk.press("enter")
        await desk.settle()
    assert {title: row.stage for title, row in rows(folder).items()} == {
        "clip": "review",
        "second": "review",
        "third": "annotate",
    }


async def test_a_task_of_a_group_that_hinders_the_others_is_named_and_none_is_handed_on(tmp_path: Path) -> None:
    folder = grouped(tmp_path)
    async with sitting(folder, task=TaskId(2), person="ann") as desk:
        await desk.press("j", "i")
        await desk.type("loose")
        await desk.press("enter")
        await desk.settle()
    async with sitting(folder, person="ann") as desk:
        await desk.press("enter")
        assert "second: 1 open issue" in desk.editor.message
    assert {row.stage for row in rows(folder).values()} == {"annotate"}


async def test_a_task_of_a_group_is_only_looked_at_while_somebody_has_another_one_open(tmp_path: Path) -> None:
    folder = build(tmp_path / "p", [labelled(group_key="g"), other(2, "second", group_key="g")])
    store = open_store(folder)
    store.acquire(TaskId(2), Session(id="s", person="bo"))
    async with sitting(folder, person="ann") as desk:
        assert desk.state.read_only == "bo has second of this group open"
        store.save_project(replace(store.project(), issue_tags=("new",)))
        keeper = desk.app.desk.keeper
        assert keeper is not None
        assert keeper.follower is not None
        keeper.follower.look()
        await wait_for(desk, lambda: desk.state.project.issue_tags == ("new",))
        assert desk.state.read_only == "bo has second of this group open", "it stays so when settings change"
        keeper.take()
        await desk.settle()
        assert desk.state.read_only == "bo has second of this group open", "and nobody gets round it"
    store.close()


# --- consensus -------------------------------------------------------------------------------------------------------


async def test_consensus_from_two_branches_to_a_refined_task(tmp_path: Path) -> None:
    whole = ImportedTask(task=clip(), document=standing(document(BOXES), TaskStatus(stage="label")))
    folder = build(tmp_path / "p", [whole], replace(TEAM, workflow=CONSENSUS))
    for person, dx in (("ann", "2"), ("bo", "9")):
        async with sitting(folder, task=None, person=person) as desk:
            await desk.press("n")
            await desk.settle()
            assert desk.state.task.branch == person
            await desk.press("i")
            assert "no issues are raised here" in desk.editor.message
            await desk.press("j", "e", dx, "l", "escape", "enter")
            await desk.settle()
    async with sitting(folder, task=None, person="rae") as desk:
        await desk.press("n")
        await desk.settle()
        assert desk.state.document.status.stage == "consensus"
        assert "gy annotators  gk keep one's" in desk.lines[-1]
        await desk.press("g", "y")
        shown = desk.state.comparing
        assert isinstance(shown, BranchView)
        place = FrameRef(desk.state.view.unit, 0)
        assert (shown.branch, len(shown.ghosts(place))) == ("ann", 1)
        await desk.press("g", "k")
        await desk.type("bo")
        await desk.press("enter")
        assert "car@0 box 19,10 40,30" in desk.labels
        await desk.press("g", "A")
        await desk.settle()
    store = open_store(folder)
    assert store.status(CLIP).stage == "complete"
    store.close()


# --- what others do ----------------------------------------------------------------------------------------------


async def test_what_others_do_appears_in_the_queue_and_the_cursor_stays_with_its_task(
    tmp_path: Path,
) -> None:
    folder = team(tmp_path, other(2, "second"), other(3, "third"))
    project = Project(folder, open_store(folder), "me")
    async with sitting(folder, task=None, person="rae") as desk:
        await desk.press("j")
        chosen = queue(desk).row
        assert chosen is not None
        workflow.do(project, CLIP, workflow.assign_step("bo"))
        await wait_for(desk, lambda: "bo" in desk.line_with(" clip"))
        workflow.do(project, CLIP, workflow.move_step("review"))
        await wait_for(desk, lambda: "1 assigned" not in desk.lines[1] and "review 1 new" in desk.lines[1])
        workflow.prioritize(project, TaskId(3), 1.0)
        await wait_for(desk, lambda: queue(desk).list.rows.key(0).title == "third")  # type: ignore[attr-defined]  # task rows
        assert queue(desk).row is not None
        assert queue(desk).row.id == chosen.id  # type: ignore[union-attr]  # as before
    project.close()


async def test_a_task_that_leaves_the_list_leaves_the_cursor_where_it_was_and_a_dialog_alone(tmp_path: Path) -> None:
    folder = team(tmp_path, other(2, "second"), other(3, "third"))
    project = Project(folder, open_store(folder), "me")
    async with sitting(folder, task=None, person="ann") as desk:
        await desk.press("M", "j", "slash")
        await desk.type("zz")
        gone = queue(desk).row
        assert gone is not None
        workflow.do(project, gone.id, workflow.assign_step("bo"))
        await wait_for(desk, lambda: len(queue(desk).list.rows) == 2)
        assert queue(desk).list.cursor == 1
        assert "zz" in desk.text
    project.close()


async def test_that_nothing_else_waits_is_told_until_others_change_what_is_listed(tmp_path: Path) -> None:
    folder = build(tmp_path / "p", [labelled(), other(2, "second", "review")], project_info(ontology=NOTHING_REQUIRED))
    project = Project(folder, open_store(folder), "me")
    async with sitting(folder) as desk:
        await desk.press("enter")
        await wait_for(desk, lambda: "nothing else waits in annotate" in desk.screen.message)
        queue(desk).renew()
        await desk.answered()
        assert "nothing else waits in annotate" in queue(desk).message
        workflow.do(project, TaskId(2), workflow.move_step("annotate"))
        await wait_for(desk, lambda: not queue(desk).message)
    project.close()
