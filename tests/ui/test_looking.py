"""Who only looks at a task keeps nobody out of it, and changes nothing by opening it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.doctext import ONTOLOGY as NOTHING_REQUIRED
from tests.ui.projects import CLIP, build, labelled, project_info, sitting, wait_for
from tests.ui.test_queue_work import rows
from tests.ui.test_together import BOXES, TEAM, dark, held
from tui_editor.api import workflow
from tui_editor.api.project import Project
from tui_editor.edits.issues import raise_issue
from tui_editor.model.workflow import TaskState
from tui_editor.ports import Session
from tui_editor.state.lock import Held
from tui_editor.storage.locate import open_store
from tui_editor.storage.spool import edits_aside
from tui_editor.ui.follower import Follower
from tui_editor.ui.standing import Opening, opened_as

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(tmp_path: Path) -> Path:
    return build(tmp_path / "t", [labelled(text=BOXES)], project_info(ontology=NOTHING_REQUIRED, members=TEAM))


def lease_of(folder: Path) -> str | None:
    with Project(folder, open_store(folder), "x") as project:
        holder = project.store.holder(CLIP)
        return holder.person if holder is not None else None


def test_a_task_that_a_manager_opens_stays_whose_it_is(team: Path) -> None:
    with Project(team, open_store(team), "ann") as hers:
        workflow.take_task(hers, CLIP)
    with Project(team, open_store(team), "max") as his:
        assert opened_as(his, CLIP) == Opening(CLIP, looks=True)
        assert his.store.status(CLIP).assignee == "ann"


@pytest.mark.parametrize("person", ["rae", "bo", "max"])
def test_who_looks_at_another_ones_task_does_not_keep_them_out(team: Path, person: str) -> None:
    with Project(team, open_store(team), "ann") as hers:
        workflow.take_task(hers, CLIP)
    with Project(team, open_store(team), person) as theirs:
        assert opened_as(theirs, CLIP).looks


@pytest.mark.parametrize(("person", "opening"), [("ann", Opening(CLIP)), ("max", Opening(CLIP, looks=True))])
def test_a_task_that_nobody_has_is_whose_it_is_opened_by_and_a_manager_looks(
    team: Path, person: str, opening: Opening
) -> None:
    with Project(team, open_store(team), person) as project:
        assert opened_as(project, CLIP) == opening
        assert project.store.status(CLIP).assignee == ("" if opening.looks else person)


async def test_a_manager_who_looks_takes_the_task_with_the_first_change_and_can_take_it_back(team: Path) -> None:
    async with sitting(team, person="max") as desk:
        assert (held(desk), desk.state.read_only) == (Held.LOOKING, "")
        assert "◌ looking · ! edit here" in desk.lines[0]
        assert lease_of(team) is None
        await desk.press("j", "d", "a")
        await wait_for(desk, lambda: held(desk) is Held.HERE)
        await wait_for(desk, lambda: "✎ yours" in desk.lines[0])
        assert desk.state.document.status.assignee == "max"
        assert lease_of(team) == "max"
        await desk.press("u")
        assert "car" in desk.labels
    assert lease_of(team) is None


async def test_who_looks_turns_read_only_when_the_one_whose_task_it_is_comes_and_a_remark_keeps_nobody_out(
    team: Path,
) -> None:
    with Project(team, open_store(team), "ann") as hers:
        workflow.take_task(hers, CLIP)
    async with sitting(team, person="rae") as desk:
        assert "◌ looking" in desk.lines[0]
        assert "edit here" not in desk.lines[0], "labels are ann's to change"
        desk.store.apply(raise_issue(dark(desk.app.desk.project)), "issue.new")
        await desk.settle()
        assert held(desk) is Held.LOOKING
        with Project(team, open_store(team), "ann") as hers, hers.edit(CLIP) as task:
            assert len(task.store.state.document.open_issues()) == 1
            await wait_for(desk, lambda: held(desk) is Held.OTHER)
            assert "read-only from now on: ann edits it" in desk.editor.message


async def test_a_change_of_one_who_looked_is_refused_and_kept_aside_where_somebody_else_was_quicker(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sitting(team, person="max") as desk:
        monkeypatch.setattr(Follower, "look", lambda _: None)
        store = open_store(team)
        lease = store.acquire(CLIP, Session(id="s", person="ann"))
        before = desk.labels
        await desk.press("j", "d", "a")
        await wait_for(desk, lambda: held(desk) is Held.OTHER)
        await wait_for(desk, lambda: desk.state.durability.kept)
        assert desk.labels == before
        assert len(edits_aside(desk.app.desk._spool.path.parent, CLIP, "max")) == 1
        store.renew(lease)
        store.close()


async def test_a_skipped_task_that_is_opened_stays_so_and_one_key_takes_it_and_resolves_its_issue(
    tmp_path: Path,
) -> None:
    folder = build(tmp_path / "p", [labelled(text=BOXES)], project_info(ontology=NOTHING_REQUIRED))
    async with sitting(folder) as desk:
        await desk.press("g", "s")
        await desk.press("enter")
        await desk.settle()
    assert rows(folder)["clip"].state == "skipped"
    async with sitting(folder) as desk:
        assert "the task is skipped: ! takes it" in desk.editor.message
        assert "◌ looking · ! edit here" in desk.lines[0]
        await desk.press("j", "d", "a")
        assert "car" in desk.labels
    assert rows(folder)["clip"].state == "skipped"
    async with sitting(folder) as desk:
        await desk.press("!")
        await wait_for(desk, lambda: desk.state.lock.held is Held.HERE)
        assert desk.state.document.status.state is TaskState.ASSIGNED
        assert not desk.state.document.open_issues()
        await desk.press("j", "d", "a")
        assert len(desk.state.document.instances) == 1
