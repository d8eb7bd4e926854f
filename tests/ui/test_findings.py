"""Findings in the window: the pane, marks and counts that follow edits, mending, waiving, the gate, a tour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.projects import CLIP, Desk, build, clip, labelled, one_car, sitting, wait_for
from tui_editor.api.checking import run_checks
from tui_editor.api.project import Project
from tui_editor.api.quality.settings import load_settings
from tui_editor.commands.touring import tour_of
from tui_editor.model.ids import TaskId
from tui_editor.ports import ImportedTask
from tui_editor.storage.locate import open_store
from tui_editor.ui.panes.findings import FindingsPane
from tui_editor.ui.panes.timeline import TimelinePane
from tui_editor.ui.screens.remarks import RemarksScreen

if TYPE_CHECKING:
    from pathlib import Path

OUT = """
car@0 box 10,10 40,30
car@2 box 150,10 40,30
van@4 box 20,20 30,30
van(1)@4 box 20,20 30,30
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project whose clip has a box out of its frame, and a pair of boxes on one place."""
    second = ImportedTask(task=clip(2, "second"), document=one_car(2))
    made = build(tmp_path / "project", [labelled(text=OUT), second])
    (made / "checks.toml").write_text('select = ["G04", "D01", "O03"]\n')
    return made


def rules(desk: Desk) -> list[str]:
    found = desk.state.findings
    return [f.rule for f in found.findings] if found is not None else []


async def test_capital_f_opens_the_pane_and_shows_the_frame_the_object_and_the_reason(folder: Path) -> None:
    async with sitting(folder) as desk:
        assert not desk.editor.query_one(FindingsPane).display
        await desk.press("F", "j")
        await desk.settle()
        assert (desk.state.view.frame, desk.app.focused) == (2, desk.editor.query_one(FindingsPane))
        assert "G04" in desk.editor.message
        assert "clips it to the frame" in desk.lines[-1]
        assert "▲ 1 ▲ 2" in desk.lines[0]


async def test_marks_counts_and_the_pane_follow_an_edit(folder: Path) -> None:
    async with sitting(folder) as desk:
        await desk.press("F")
        await desk.settle()
        assert desk.editor.query_one(TimelinePane).rows.warnings == ((2, 2), (4, 4))
        await desk.press("j", "escape", "d", "d")
        await desk.settle()
        await wait_for(desk, lambda: rules(desk) == ["O03", "D01"])
        await wait_for(desk, lambda: desk.editor.query_one(TimelinePane).rows.warnings == ((4, 4),))
        await wait_for(desk, lambda: "▲ 1 ▲ 1" in desk.lines[0])


async def test_a_window_that_rests_checks_its_task_by_itself(folder: Path) -> None:
    async with sitting(folder) as desk:
        desk.editor.watch_findings()
        await wait_for(desk, lambda: desk.state.findings is not None)
        assert rules(desk) == ["O03", "G04", "D01"]
        assert not desk.editor.query_one(FindingsPane).display


async def test_enter_mends_shows_the_next_finding_and_is_one_step_in_the_journal(folder: Path) -> None:
    async with sitting(folder) as desk:
        await desk.press("F", "j", "enter")
        await desk.settle()
        assert "car@2 box 150,10 10,30" in desk.labels
        assert (rules(desk), desk.state.view.frame) == (["O03", "D01"], 4)
    with Project(folder, open_store(folder), "me") as project:
        assert next(e.command for e in project.store.recent(CLIP)) == "finding.mend"


async def test_a_required_answer_is_asked_for_and_kept(folder: Path) -> None:
    async with sitting(folder) as desk:
        await desk.press("F", "enter", "1")
        await desk.settle()
        assert rules(desk) == ["G04", "D01"]


async def test_what_is_waived_in_the_window_is_waived_for_the_shell(folder: Path) -> None:
    async with sitting(folder) as desk:
        await desk.press("F", "j", "W")
        await desk.type("wide")
        await desk.press("enter")
        await desk.settle()
        await wait_for(desk, lambda: rules(desk) == ["O03", "D01"])
    (waiver,) = load_settings(folder).waivers
    with Project(folder, open_store(folder), "me") as project:
        found = [f for f in run_checks(project, tasks=[CLIP]) if f.rule == "G04"]
        assert [waiver.key] == [f.key for f in found]


async def test_a_gate_leads_to_the_findings_and_the_next_key_goes_through_them(folder: Path) -> None:
    with Project(folder, open_store(folder), "me") as project:
        project.set_gate("annotate", ["G", "D"])
    async with sitting(folder) as desk:
        await desk.press("enter")
        await desk.settle()
        assert desk.editor.message.startswith("not submitted: G04")
        assert (desk.state.document.status.stage, desk.state.view.frame) == ("annotate", 2)
        await desk.press("j")
        await desk.settle()
        assert desk.state.view.frame == 4


@pytest.fixture
def tour_folder(tmp_path: Path) -> Path:
    """Return a project of two tasks with a finding each."""
    second = ImportedTask(task=clip(2, "second"), document=one_car(2))
    made = build(tmp_path / "tour", [labelled(text="car@1 box 10,10 40,30"), second])
    (made / "checks.toml").write_text('select = ["O03"]\n')
    return made


async def test_a_tour_goes_on_to_the_next_task_and_back(tour_folder: Path) -> None:
    with Project(tour_folder, open_store(tour_folder), "me") as project:
        tour = tour_of(run_checks(project), ("O03",), every=True)
    async with sitting(tour_folder, tour=tour) as desk:
        await wait_for(desk, lambda: "O03" in desk.editor.message)
        assert desk.state.view.frame == 1
        await desk.press("j")
        await desk.settle()
        await wait_for(desk, lambda: desk.state.task.id == TaskId(2) and "O03" in desk.editor.message)
        await desk.press("j")
        await desk.settle()
        assert desk.editor.message == "that was the last finding"
        await desk.press("k")
        await desk.settle()
        await wait_for(desk, lambda: desk.state.task.id == CLIP and "O03" in desk.editor.message)


def slider(desk: Desk) -> str:
    """Return the first line of the timeline."""
    return next(line for line in desk.lines if line.startswith(f"{desk.state.view.frame}/5 "))


async def test_an_issue_s_mark_lies_over_that_of_a_finding_on_its_frame(folder: Path) -> None:
    async with sitting(folder) as desk:
        await desk.press("F", "j")
        await desk.settle()
        await desk.press("escape", "l")
        await desk.settle()
        marks = slider(desk).count("▲")
        assert (marks > 0, slider(desk).count("⚑")) == (True, 0)
        await desk.press("F", "k", "i", "enter", "escape", "l")
        await desk.settle()
        await wait_for(desk, lambda: "⚑" in slider(desk))
        assert slider(desk).count("▲") + slider(desk).count("⚑") == marks
        (issue,) = desk.state.document.issues.values()
        assert (issue.frames, issue.title[:4]) == ((2, 2), "G04:")


async def test_the_pane_says_why_it_is_empty(folder: Path) -> None:
    async with sitting(folder) as desk:
        await desk.press("underscore", "f")
        await desk.settle()
        assert desk.line_with("not checked yet: F checks it")
        await desk.press("F", "f", "f", "f")
        await desk.settle()
        assert desk.line_with("none is waived: f lists others")


async def test_help_shows_the_keys_of_the_pane_that_has_the_focus(folder: Path) -> None:
    async with sitting(folder) as desk:
        await desk.press("F", "question_mark")
        await desk.settle()
        assert desk.line_with("Keys in findings mode")


async def test_a_window_that_rests_is_told_so_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[RemarksScreen] = []
    monkeypatch.setattr(RemarksScreen, "rested", lambda screen: rests.append(screen))  # noqa: PLW0108  a method takes its screen
    monkeypatch.setattr("tui_editor.ui.desk.LONG_REST_S", float("inf"))  # the window's own pulse comes when it likes
    async with sitting(folder) as desk:
        monkeypatch.setattr("tui_editor.ui.desk.LONG_REST_S", -1.0)
        desk.app.desk.pulse()
        desk.app.desk.pulse()
        assert rests == [desk.editor]
