"""The project's settings on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.projects import Desk, sitting
from tui_editor.api.project import Project
from tui_editor.api.project_settings import set_text
from tui_editor.api.workflow import set_role
from tui_editor.storage.locate import open_store
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.dialogs.board import Board

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.project import Project as ProjectInfo


def info(folder: Path) -> ProjectInfo:
    with Project(folder, open_store(folder), "me") as project:
        return project.info


def role(folder: Path, person: str, named: str) -> None:
    with Project(folder, open_store(folder), "boss") as project:
        set_role(project, person, named)


async def choose(desk: Desk, what: str) -> None:
    await desk.press("ctrl+u")
    await desk.type(what)
    await desk.press("enter")
    await desk.settle()


async def answer(desk: Desk, text: str) -> None:
    await desk.press("ctrl+u")
    await desk.type(text)
    await desk.press("enter")
    await desk.settle()


async def test_the_name_is_changed_and_the_open_task_shows_it(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "W")
        await choose(desk, "name what")
        await answer(desk, "Highways")
        assert "Project Highways" in desk.text
        await desk.press("escape")
        await desk.settle()
        assert "Highways ▸ clip" in desk.text
    assert info(annotate).name == "Highways"


async def test_who_was_slower_is_told_who_changed_the_name_and_sees_it(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "W")
        await choose(desk, "name what")
        with Project(annotate, open_store(annotate), "kim") as other:
            set_text(other, "name", "Highways")
        await answer(desk, "Roads")
        assert "kim changed the name" in desk.screen.message
        assert "to “Highways”" in desk.screen.message
        assert "Project Highways" in desk.text
    assert info(annotate).name == "Highways"


async def test_a_member_is_added_with_a_role_and_taken_out_again(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "W")
        await choose(desk, "add a member")
        await answer(desk, "kim")
        await desk.type("viewer")
        await desk.press("enter")
        await desk.settle()
        assert "a project with members needs an admin" in desk.screen.message
        await choose(desk, "add a member")
        await answer(desk, "me")
        await desk.type("admin")
        await desk.press("enter")
        await choose(desk, "add a member")
        await answer(desk, "kim")
        await desk.type("reviewer")
        await desk.press("enter")
        await desk.settle()
        assert desk.app.desk.project.info.members["kim"] in {"reviewer", "annotator_reviewer"}
        await desk.press("ctrl+u")
        await desk.type("kim")
        await desk.press("delete")
        await desk.settle()
        assert desk.app.desk.project.info.members == {"me": "admin"}


async def test_a_stage_is_added_changed_and_taken_out(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "W")
        await choose(desk, "add a stage")
        await answer(desk, "audit")
        await desk.press("r", "e", "v", "i", "enter")
        await desk.settle()
        workflow = desk.app.desk.project.info.workflow
        assert [s.name for s in workflow.stages] == ["annotate", "review", "audit", "complete"]
        await choose(desk, "audit")
        await choose(desk, "every n-th")
        await answer(desk, "4")
        assert desk.app.desk.project.info.workflow.stage("audit").sampling.every == 4
        assert "Stage audit" in desk.text
        await choose(desk, "take it out")
        assert [s.name for s in desk.app.desk.project.info.workflow.stages] == ["annotate", "review", "complete"]


async def test_a_stage_with_tasks_stays_and_the_reason_is_told(review: Path) -> None:
    async with sitting(review) as desk:
        await desk.press("g", "W")
        await desk.type("review")
        await desk.press("delete")
        await desk.settle()
        assert "the workflow would lose 2 tasks in review" in desk.screen.message
        assert desk.app.screen.query(Board)


async def test_reasons_are_added_moved_and_taken_out(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        first, second, *rest = desk.app.desk.project.info.reasons
        await desk.press("g", "W")
        await choose(desk, second.lower())
        await desk.type("earlier")
        await desk.press("enter")
        await desk.settle()
        assert desk.app.desk.project.info.reasons[:2] == (second, first)
        await desk.press("ctrl+u")
        await desk.type(second.lower())
        await desk.press("delete")
        await choose(desk, "add a reason")
        await answer(desk, "Too small")
        assert desk.app.desk.project.info.reasons == (first, *rest, "Too small")


async def test_instructions_are_typed_in_several_lines_and_kept_only_when_asked(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "W")
        await choose(desk, "instructions")
        await desk.press("a", "enter", "b", "escape", "n")
        await desk.settle()
        assert desk.app.desk.project.info.instructions == ""
        await choose(desk, "instructions")
        await desk.press("a", "enter", "b", "escape", "enter", "c", "escape", "y")
        await desk.settle()
        assert desk.app.desk.project.info.instructions == "a\nbc"
        assert "4 characters" in desk.text


async def test_required_checks_are_set_by_their_rules(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "W")
        await choose(desk, "required annotate")
        await answer(desk, "nonsense")
        assert "there is no rule NONSENSE" in desk.screen.message
        await choose(desk, "required annotate")
        await answer(desk, "S, G01")
        assert desk.app.desk.project.info.settings["gates"] == {"annotate": ["S", "G01"]}


async def test_who_may_not_change_a_setting_sees_it_with_the_reason(annotate: Path) -> None:
    role(annotate, "boss", "admin")
    role(annotate, "me", "annotator")
    async with sitting(annotate) as desk:
        await desk.press("g", "W")
        await desk.type("description")
        await desk.press("enter")
        await desk.settle()
        assert "not now: you are an annotator here" in desk.text
        assert len(desk.app.screen.query(Dialog)) == 1
        await choose(desk, "ontology")
        assert "Ontology" in desk.text
        assert "● " in desk.text or "car" in desk.text


async def test_a_class_is_added_and_gets_another_colour(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "W")
        await choose(desk, "ontology classes")
        await choose(desk, "add a class")
        await answer(desk, "tram")
        await desk.press("enter")
        await desk.settle()
        await choose(desk, "ontology classes")
        await choose(desk, "tram")
        await desk.type("colour")
        await desk.press("enter")
        await desk.settle()
        await answer(desk, "#ff8800")
    made = info(annotate).ontology.classes[-1]
    assert (made.name, made.color) == ("tram", "#FF8800")
