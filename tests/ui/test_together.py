"""Two windows on one task: one edits, the other one follows, and the lock goes from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from tests.support.doctext import ONTOLOGY as NOTHING_REQUIRED
from tests.ui.projects import CLIP, Desk, build, extra_class, labelled, project_info, sitting, wait_for
from tui_editor.api import workflow
from tui_editor.api.project import Project
from tui_editor.edits.issues import comment, new_issue, raise_issue
from tui_editor.edits.labels import delete_instance
from tui_editor.errors import StoreFenced
from tui_editor.model.issues import Issue, IssueKind
from tui_editor.model.ontology import Ontology
from tui_editor.ports import Session
from tui_editor.state.lock import Held
from tui_editor.state.view import Mode
from tui_editor.storage.leases import TTL_MS
from tui_editor.storage.locate import open_store
from tui_editor.storage.sqlite.store import SqliteStore
from tui_editor.ui import app
from tui_editor.ui.dialogs.confirm import ConfirmDialog

if TYPE_CHECKING:
    from pathlib import Path

BOXES = "car@0 box 10,10 40,30\nvan@3 box 20,70 50,30"
TEAM = {"me": "admin", "vic": "viewer", "max": "manager", "ann": "annotator", "bo": "annotator", "rae": "reviewer"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build(tmp_path / "p", [labelled(text=BOXES)], project_info(ontology=NOTHING_REQUIRED))


@pytest.fixture
def team(tmp_path: Path) -> Path:
    return build(tmp_path / "t", [labelled(text=BOXES)], project_info(ontology=NOTHING_REQUIRED, members=TEAM))


def held(desk: Desk) -> Held:
    return desk.state.lock.held


# --- two windows of one person -----------------------------------------------------------------------------------


async def test_a_second_window_of_the_same_person_is_warned_and_reads_only(folder: Path) -> None:
    async with sitting(folder), sitting(folder) as second:
        assert held(second) is Held.OWN_WINDOW
        assert "read-only: open in your window" in second.editor.message
        assert "read-only: open in your window" in second.lines[0]
        assert "! edit here" in second.lines[0]


async def test_one_key_goes_on_here_and_the_other_window_turns_read_only_and_takes_it_back(folder: Path) -> None:
    async with sitting(folder) as first, sitting(folder) as second:
        assert "yours" in first.lines[0]
        await second.press("!")
        await wait_for(second, lambda: held(second) is Held.HERE)
        await wait_for(first, lambda: held(first) is Held.OWN_WINDOW)
        assert "it goes on in your window" in first.state.read_only
        assert "takes it back" in first.editor.message
        await second.press("j", "d", "a")
        await second.settle()
        assert "car" not in second.labels
        await wait_for(first, lambda: "car" not in first.labels)
        await first.press("!")
        await wait_for(first, lambda: held(first) is Held.HERE)
        await wait_for(second, lambda: held(second) is Held.OWN_WINDOW)
        before = first.labels
        await first.press("u")
        await wait_for(first, lambda: first.labels != before)
        assert "car" in first.labels, "the person's own step is taken back, whichever window did it"


async def test_the_lock_that_becomes_free_is_offered_and_not_taken_unasked(folder: Path) -> None:
    async with sitting(folder) as second:
        project = Project(folder, open_store(folder), "bo")
        task = project.edit(CLIP, take=True)
        await wait_for(second, lambda: held(second) is Held.OTHER)
        task.close()
        await wait_for(second, lambda: held(second) is Held.FREE)
        assert "nobody edits it any more: ! goes on here" in second.editor.message
        project.close()
        await second.press("!")
        await wait_for(second, lambda: held(second) is Held.HERE)
        assert "you edit the task here" in second.editor.message


async def test_who_may_only_look_comes_back_to_the_place_too(team: Path) -> None:
    async with sitting(team, person="vic") as desk:
        await desk.press("l l l")
    async with sitting(team, person="vic") as desk:
        assert desk.state.view.frame == 3


async def test_a_second_window_does_not_move_the_place_of_the_first(folder: Path) -> None:
    async with sitting(folder) as first:
        await first.press("l")
        async with sitting(folder) as second:
            await second.press("l l l")
        await first.settle()
    async with sitting(folder) as desk:
        assert desk.state.view.frame == 1


# --- somebody else -------------------------------------------------------------------------------------------------


async def test_another_person_reads_and_is_told_who_edits_where_since_when(team: Path) -> None:
    store = open_store(team)
    store.acquire(CLIP, Session(id="s", person="ann", host="", tty="/dev/pts/3"))
    async with sitting(team, person="rae") as desk:
        assert "ann edits it on pts/3 since " in desk.state.read_only
        before = desk.labels
        await desk.press("j", "d", "a", "!")
        assert before == desk.labels
        assert "only a team manager takes a task over" in desk.editor.message
    store.close()


async def test_a_manager_takes_over_after_reading_what_happens_to_the_holder(team: Path) -> None:
    async with sitting(team, person="ann") as first, sitting(team, person="max") as second:
        assert held(second) is Held.OTHER
        await second.press("!")
        assert "Take the task over from ann" in second.text
        assert "turns read-only at once" in question(second)
        await second.press("escape")
        assert held(first) is Held.HERE
        await second.press("!", "enter")
        await wait_for(second, lambda: held(second) is Held.HERE)
        await wait_for(first, lambda: "max took it over" in first.state.read_only)
        assert "takes it back" not in first.editor.message
        await wait_for(second, lambda: "edit here" not in second.lines[-1])
        assert first.state.document.status.assignee == "ann", "the task is still ann's"


async def test_whom_a_task_is_assigned_to_takes_it_over_from_a_reviewer_who_looks_at_it(team: Path) -> None:
    with Project(team, open_store(team), "ann") as hers:
        workflow.take_task(hers, CLIP)
    store = open_store(team)
    store.acquire(CLIP, Session(id="s", person="rae"))
    async with sitting(team, person="ann") as desk:
        assert held(desk) is Held.OTHER
        await desk.press("!", "enter")
        await wait_for(desk, lambda: held(desk) is Held.HERE)
    store.close()


async def test_a_holder_that_gives_no_sign_of_life_is_told_as_stale_and_taken_over_by_anybody(team: Path) -> None:
    store = open_store(team)
    lease = store.acquire(CLIP, Session(id="s", person="bo"))
    async with sitting(team, person="ann") as desk:
        assert held(desk) is Held.OTHER
        age(team)
        await wait_for(desk, lambda: held(desk) is Held.STALE)
        await wait_for(desk, lambda: "stale: bo gave no sign of life" in desk.lines[0])
        assert ": ! takes the task over" in desk.editor.message
        await desk.press("!")
        assert "When that window comes back it may only look" in question(desk)
        await desk.press("enter")
        await wait_for(desk, lambda: held(desk) is Held.HERE)
        assert desk.state.document.status.assignee == "ann"
        with pytest.raises(StoreFenced):
            store.renew(lease)
    store.close()


def question(desk: Desk) -> str:
    return str(desk.app.screen.query_one(ConfirmDialog).query(Static).first().render())


def age(folder: Path) -> None:
    """Let the lock of the task run out."""
    store = open_store(folder)
    assert isinstance(store, SqliteStore)
    with store._db.writing():  # no test waits a minute
        store._db.do(
            "update lease set expires_ms = expires_ms - ?, expires_boot_ms = expires_boot_ms - ?", (TTL_MS,) * 2
        )
    store.close()


# --- asleep ----------------------------------------------------------------------------------------------------------


async def test_who_wakes_up_and_finds_the_lock_taken_reads_only_before_any_key_is_dealt_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sitting(folder, person="ann") as desk:
        await desk.press("j")
        before = desk.labels
        applied: list[object] = []
        monkeypatch.setattr(desk.store, "apply", lambda *given: applied.append(given))
        store = open_store(folder)
        store.acquire(CLIP, Session(id="s", person="bo"), take=True)  # the loop stands still meanwhile
        desk.app._awake_ms -= app.ASLEEP_MS + 1
        await desk.press("d", "a", "enter")
        assert (desk.labels, applied) == (before, [])
        assert "bo took it over" in desk.state.read_only
        store.close()


async def test_what_is_found_on_waking_up_is_read_before_a_key_takes_it_away(folder: Path) -> None:
    async with sitting(folder, person="ann") as desk:
        store = open_store(folder)
        store.acquire(CLIP, Session(id="s", person="bo"), take=True)
        desk.app._awake_ms -= app.ASLEEP_MS + 1
        await desk.press("j")
        assert "read-only from now on" in desk.editor.message
        await desk.press("j")
        assert "read-only from now on" not in desk.editor.message
        store.close()


async def test_who_wakes_up_with_the_lock_run_out_but_not_taken_edits_on(folder: Path) -> None:
    async with sitting(folder) as desk:
        age(folder)
        desk.app._awake_ms -= app.ASLEEP_MS + 1
        await desk.press("j", "d", "a")
        await desk.settle()
        assert "car" not in desk.labels
        store = open_store(folder)
        await wait_for(desk, lambda: store.holder(CLIP) is not None)
        store.close()


async def test_who_wakes_up_after_somebody_came_and_went_gets_the_lock_back_with_what_was_done(folder: Path) -> None:
    async with sitting(folder, person="ann") as desk:
        project = Project(folder, open_store(folder), "bo")
        with project.edit(CLIP, take=True) as theirs:  # the loop stands still meanwhile
            theirs.store.apply(raise_issue(dark(project)), "issue.new")
        desk.app._awake_ms -= app.ASLEEP_MS + 1
        await wait_for(desk, lambda: held(desk) is Held.HERE and len(desk.state.document.open_issues()) == 1)
        assert "what bo did meanwhile is here" in desk.editor.message
        project.close()


def dark(project: Project) -> Issue:
    return new_issue(IssueKind.FILE, "dark", workflow.now_stamp(project))


# --- what others did is here within a second -----------------------------------------------------------------------


async def test_an_issue_and_its_comments_appear_in_the_window_that_follows(team: Path) -> None:
    async with sitting(team, person="ann") as first, sitting(team, person="rae") as second:
        issue = dark(first.app.desk.project)
        first.store.apply(raise_issue(issue), "issue.new")
        await wait_for(second, lambda: issue.id in second.state.document.issues)
        await wait_for(second, lambda: "⚑ 1" in second.lines[0])
        first.store.apply(comment(first.state.document, issue.id, "at the left", first.editor.context().stamp()), "x")
        await wait_for(second, lambda: len(second.state.document.issues[issue.id].comments) == 2)


async def test_where_a_manager_puts_the_task_is_told_and_the_mode_follows(team: Path) -> None:
    async with sitting(team, person="vic") as desk:
        project = Project(team, open_store(team), "max")
        workflow.do(project, CLIP, workflow.move_step("review"))
        await wait_for(desk, lambda: desk.state.document.status.stage == "review")
        assert desk.state.mode is Mode.REVIEW
        await wait_for(desk, lambda: "max: the task is in review, new" in desk.editor.message)
        project.close()


async def test_a_window_whose_lock_ran_out_takes_in_what_a_manager_did_then(team: Path) -> None:
    async with sitting(team, person="ann") as desk:
        age(team)
        project = Project(team, open_store(team), "max")
        workflow.do(project, CLIP, workflow.assign_step("bo"))
        await wait_for(desk, lambda: desk.state.document.status.assignee == "bo")
        await wait_for(desk, lambda: "max: the task is in annotate, assigned, bo's" in desk.editor.message)
        await desk.press("j", "d", "a")
        assert "car" in desk.labels
        assert "assigned to bo" in desk.editor.message
        project.close()


async def test_a_class_that_an_admin_adds_is_there_and_a_new_role_counts_at_once(team: Path) -> None:
    async with sitting(team, person="vic") as desk:
        assert "vic is a viewer here" in desk.state.read_only
        project = Project(team, open_store(team), "me")
        project.merge_ontology(Ontology(classes=(extra_class("tram"),)))
        await wait_for(desk, lambda: "tram" in desk.text)
        workflow.set_role(project, "vic", "annotator")
        await wait_for(desk, lambda: held(desk) is Held.FREE)
        await desk.press("!")
        await wait_for(desk, lambda: held(desk) is Held.HERE)
        assert desk.state.document.status.assignee == "vic"
        project.close()


async def test_a_dialog_and_the_place_stay_while_others_edit(team: Path) -> None:
    async with sitting(team, person="ann") as first, sitting(team, person="rae") as second:
        await second.press("l", "j", "slash")
        await second.type("filt")
        where = second.state.view, second.state.selection
        issue = dark(first.app.desk.project)
        first.store.apply(raise_issue(issue), "issue.new")
        await wait_for(second, lambda: issue.id in second.state.document.issues)
        assert (second.state.view, second.state.selection) == where
        assert "filt" in second.text


# --- what could not be kept ------------------------------------------------------------------------------------------


async def test_edits_that_were_on_their_way_when_the_task_was_taken_are_kept_aside_and_done_again(folder: Path) -> None:
    async with sitting(folder, person="ann") as desk:
        await desk.press("j")
        before = desk.labels
        store = open_store(folder)
        lease = store.acquire(CLIP, Session(id="s", person="bo"), take=True)
        desk.store.apply(delete_instance(desk.state.document, desk.state.selection[0]), "object.delete")
        await wait_for(desk, lambda: held(desk) is Held.OTHER)
        await wait_for(desk, lambda: desk.state.durability.kept)
        assert desk.labels == before, "what was not kept is not shown"
        store.release(lease)
        await wait_for(desk, lambda: held(desk) is Held.FREE)
        await desk.press("!")
        await wait_for(desk, lambda: "1 edit of yours kept aside: g! does it again" in desk.editor.message)
        await desk.press("g !")
        await wait_for(desk, lambda: "car" not in desk.labels)
        assert "1 edit done again" in desk.editor.message
        await desk.settle()
        await desk.press("g !")
        await wait_for(desk, lambda: "nothing of this task was kept aside" in desk.editor.message)
        store.close()


async def test_edits_that_no_longer_fit_are_told_and_stay_in_their_file(folder: Path) -> None:
    async with sitting(folder, person="ann") as desk:
        await desk.press("j")
        store = open_store(folder)
        project = Project(folder, store, "bo")
        with project.edit(CLIP, take=True) as theirs:
            car = desk.state.selection[0]
            desk.store.apply(delete_instance(desk.state.document, car), "object.delete")
            theirs.store.apply(delete_instance(theirs.store.state.document, car), "object.delete")
        await wait_for(desk, lambda: held(desk) is Held.FREE)
        await desk.press("!")
        await wait_for(desk, lambda: held(desk) is Held.HERE)
        await desk.press("g !")
        await wait_for(desk, lambda: "1 no longer fit and stay in" in desk.editor.message)
        project.close()
