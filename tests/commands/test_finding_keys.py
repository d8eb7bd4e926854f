"""Findings by keys: gone through, mended, waived, raised as issues; the gate before a submit leads to them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import COLOR, TASK, opened, text_of
from tui_editor.api.quality.settings import load_settings
from tui_editor.checks.gates import GATES
from tui_editor.commands.context import IssueDraft
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.commands.mending import read_reason
from tui_editor.commands.touring import Tour, tour_of
from tui_editor.errors import UsageError
from tui_editor.model.ids import TaskId
from tui_editor.model.issues import IssueKind
from tui_editor.model.ontology import Ontology
from tui_editor.ports import Finding, Severity
from tui_editor.state.findings import FoundFilter
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from pathlib import Path

OUT = "car@0 box 630,10 40,20"
"""It reaches out of the frame of 640 × 480."""
OTHERS = """
car(1)@2 box 10,10 20,20
car(2)@2 box 10,10 20,20
van@4 box 100,100 50,50
van@6 box 104,100 50,50
"""
FINDINGS = OUT + OTHERS


def _two(a: str, b: str, frames: range) -> str:
    return "\n".join(f"car@{f} box {a} 50,50\ncar(1)@{f} box {b} 50,50" for f in frames)


SWAPPED = _two("10,10", "300,300", range(4)) + "\n" + _two("300,300", "10,10", range(4, 8))
STRAIGHT = "\n".join(sorted(_two("10,10", "300,300", range(8)).splitlines()))
SELECT = 'select = ["G04", "G05", "G08", "G13", "D01", "T02", "T05", "O03"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project's folder whose settings let a few rules run."""
    (tmp_path / "checks.toml").write_text(SELECT)
    return tmp_path


def pressed(
    folder: Path, keys: str, *answers: str | IssueDraft, text: str = FINDINGS, stage: str = "annotate"
) -> Keyboard:
    keyboard = Keyboard(opened(text, stage), HeadlessFront(answers))
    keyboard.loop.folder = folder
    keyboard.type(keys)
    return keyboard


def required(folder: Path, answer: str) -> Keyboard:
    """Return a task of a car whose colour must be told and isn't, at its finding."""
    keyboard = Keyboard(opened("car@0 box 10,10 40,20", "annotate"), HeadlessFront((answer,)))
    keyboard.loop.folder = folder
    project = keyboard.store.state.project
    first, *rest = project.ontology.classes
    asked = replace(first, attributes=(replace(COLOR, required=True),))
    keyboard.store.set(project=replace(project, ontology=Ontology(classes=(asked, *rest))))
    keyboard.type("F")
    return keyboard


def selected(keyboard: Keyboard) -> str:
    state = keyboard.store.state
    assert state.selected is not None
    value = state.document.instances[state.selected]
    return f"{value.class_id}({value.ordinal})@{state.view.frame}"


def rules(keyboard: Keyboard) -> list[str]:
    found = keyboard.store.state.findings
    assert found is not None
    return [f.rule for f in found.findings]


# --- going through -------------------------------------------------------------------------------------


def test_capital_f_checks_the_task_and_shows_its_first_finding(folder: Path) -> None:
    keyboard = pressed(folder, "F")
    assert (selected(keyboard), keyboard.front.pane, rules(keyboard)) == ("car(0)@0", "findings", ["G04", "D01", "T02"])
    assert "1/3 G04" in keyboard.front.notes[-1]


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ("F j", "car(1)@2"),
        ("F F", "car(1)@2"),
        ("2 F", "car(1)@2"),
        ("F j j", "van(0)@6"),
        ("F j k", "car(0)@0"),
        ("F k", "van(0)@6"),
        ("F j j j", "car(0)@0"),
        ("3 l F", "van(0)@6"),
        ("3 l F F", "car(0)@0"),
        ("F S j", "car(1)@2"),
        ("F escape l F", "car(1)@2"),
    ],
)
def test_findings_are_gone_through_by_frame_and_round(folder: Path, keys: str, where: str) -> None:
    assert selected(pressed(folder, keys)) == where


def test_the_loop_s_other_keys_work_in_the_findings_pane(folder: Path) -> None:
    assert pressed(folder, "F e").mode is Mode.EDIT


def test_a_task_without_findings_says_so(folder: Path) -> None:
    assert pressed(folder, "F", text="car@0 box 10,10 40,20").front.warnings == ["the checks find nothing wrong"]


def test_settings_that_are_broken_are_told_instead_of_findings(folder: Path) -> None:
    (folder / "checks.toml").write_text("select = 3")
    assert "select is a list" in pressed(folder, "F").front.warnings[0]


def test_words_search_the_findings_and_go_to_the_first(folder: Path) -> None:
    keyboard = pressed(folder, "F / j", "rule:t02")
    assert selected(keyboard) == "van(0)@6"
    assert pressed(folder, "F /", "zebra").front.warnings == ["no finding fits zebra"]


def test_the_filter_lists_errors_alone_then_all_then_what_is_waived(folder: Path) -> None:
    keyboard = pressed(folder, "F f")
    assert keyboard.loop.finding_filter.shown is FoundFilter.ERRORS
    keyboard.type("j f f")
    assert (keyboard.front.warnings[0][:27], keyboard.loop.finding_filter.shown) == (
        "nothing of errors is found;",
        FoundFilter.WAIVED,
    )


# --- mending -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "after"),
    [
        (OUT, "clips it to the frame", "car@0 box 630,10 10,20"),
        (
            "lake@0 polygon 600,10 700,10 700,90 600,90",
            "clips it to the frame",
            "lake@0 polygon 600,10 600,90 640,90 640,10",
        ),
        ("car@0 box 50,60 -30,-20", "exchanges its corners", "car@0 box 20,40 30,20"),
        ("ship@0 rbox 100,100 50,20 -350", "turns its angle by whole turns", "ship@0 rbox 100,100 50,20 10"),
        (
            "lake@0 polygon 10,10 90,10 90,10 90,90",
            "removes its repeated vertices",
            "lake@0 polygon 10,10 90,10 90,90",
        ),
        (
            "car@2 box 10,10 20,20\ncar(1)@2 box 10,10 20,20.5",
            "deletes car (1) here",
            "car@2 box 10,10 20,20",
        ),
        (
            "van@4 box 100,100 50,50\nvan@6 box 104,100 50,50",
            "fills 5 with interpolated labels",
            "van@4 box 100,100 50,50\nvan@5 box 102,100 50,50\nvan@6 box 104,100 50,50",
        ),
        (SWAPPED, "swaps car (0) and car (1) from 4 on", STRAIGHT),
    ],
)
def test_enter_does_what_the_finding_says_and_u_takes_it_back_at_once(
    folder: Path, text: str, words: str, after: str
) -> None:
    keyboard = pressed(folder, "F", text=text)
    assert words in keyboard.front.notes[-1]
    keyboard.type("enter")
    assert text_of(keyboard.store.state.document) == after
    assert rules(keyboard) == []
    assert keyboard.store.undo() == "finding.mend"
    assert text_of(keyboard.store.state.document) == "\n".join(sorted(text.splitlines()))


def test_the_required_attribute_is_asked_for_and_its_answer_is_one_step(folder: Path) -> None:
    keyboard = required(folder, "red")
    assert "asks for Color" in keyboard.front.notes[-1]
    before = keyboard.store.state.document
    keyboard.type("enter")
    (car,) = keyboard.store.state.document.instances.values()
    assert (car.answers[COLOR.id], rules(keyboard)) == (("red",), [])
    assert keyboard.store.undo() == "finding.mend"
    assert keyboard.store.state.document.instances == before.instances


def test_a_key_that_would_change_nothing_is_not_offered(folder: Path) -> None:
    spike = "lake@0 polygon 10,10 90,10 90,90 50,10.001 90,90.5 10,90"
    for text in (spike, "ship@0 rbox 600,10 100,50 30"):
        keyboard = pressed(folder, "F enter", text=text)
        assert rules(keyboard) in (["G08"], ["G13"])
        assert keyboard.front.warnings[0].startswith("no key mends this by itself")


def test_after_mending_the_next_finding_is_shown(folder: Path) -> None:
    keyboard = pressed(folder, "F enter")
    assert (selected(keyboard), rules(keyboard)) == ("car(1)@2", ["D01", "T02"])
    assert keyboard.front.notes[-1].startswith("mended; 1/2 D01")
    keyboard.type("enter enter")
    assert (rules(keyboard), keyboard.front.warnings) == ([], ["mended: the checks find nothing wrong"])


def test_what_no_key_mends_says_what_to_do(folder: Path) -> None:
    (folder / "checks.toml").write_text('select = ["G02"]')
    keyboard = pressed(folder, "F enter", text="car@0 box 1,1 9,0.5")
    assert keyboard.front.warnings[0].startswith("no key mends this by itself")


# --- waiving -------------------------------------------------------------------------------------------


def test_a_waived_finding_is_gone_and_the_settings_keep_who_why_and_until_when(folder: Path) -> None:
    keyboard = pressed(folder, "F W", "it is wider than the street until 2999-01-31")
    (waiver,) = load_settings(folder).waivers
    assert (waiver.rule, waiver.author, waiver.reason, waiver.expires) == (
        "G04",
        "me",
        "it is wider than the street",
        dt.date(2999, 1, 31),
    )
    assert (rules(keyboard), selected(keyboard)) == (["D01", "T02"], "car(1)@2")


def test_a_waiver_is_taken_back_by_the_same_key(folder: Path) -> None:
    keyboard = pressed(folder, "F W f f f", "so be it")
    keyboard.type("j W")
    assert (load_settings(folder).waivers, rules(keyboard)) == ((), ["G04", "D01", "T02"])
    assert (folder / "checks.toml").read_text().rstrip() == SELECT.rstrip()


@pytest.mark.parametrize("text", ["", "   ", "until 2027-01-31", "so until 2027-13-31"])
def test_a_waiver_needs_a_reason_and_a_day_that_there_is(text: str) -> None:
    with pytest.raises(UsageError):
        read_reason(text)


# --- issues --------------------------------------------------------------------------------------------


def test_a_finding_is_raised_as_an_issue_on_its_object_and_frames(folder: Path) -> None:
    draft = IssueDraft(kind=IssueKind.LABEL, kinds=(IssueKind.LABEL,), text="G04: too wide", frames=(0, 0))
    keyboard = pressed(folder, "F i", draft)
    (issue,) = keyboard.store.state.document.issues.values()
    assert (issue.kind, issue.frames, issue.title) == (IssueKind.LABEL, (0, 0), "G04: too wide")


def test_the_line_raises_an_issue_with_the_rule_and_the_reason(folder: Path) -> None:
    keyboard = pressed(folder, "F")
    keyboard.line("finding.issue please look")
    (issue,) = keyboard.store.state.document.issues.values()
    assert issue.title.startswith("G04: ")
    assert issue.title.endswith("please look")


# --- the gate ------------------------------------------------------------------------------------------


def gated(folder: Path, text: str, *rules: str) -> Keyboard:
    keyboard = pressed(folder, "", text=text)
    store = keyboard.store
    project = store.state.project
    store.set(project=replace(project, settings={**project.settings, GATES: {"annotate": list(rules)}}))
    return keyboard


def test_a_gate_leads_to_what_blocks_and_the_next_key_goes_through_it(folder: Path) -> None:
    keyboard = gated(folder, FINDINGS, "G04", "T02")
    keyboard.type("enter")
    assert keyboard.front.warnings[0].startswith("not submitted: G04")
    assert (keyboard.front.pane, selected(keyboard), keyboard.front.finished_tasks) == ("findings", "car(0)@0", 0)
    keyboard.type("j")
    assert selected(keyboard) == "van(0)@6"


def test_a_gate_opens_when_what_blocked_is_mended_or_waived(folder: Path) -> None:
    keyboard = gated(folder, FINDINGS, "G04", "T02")
    keyboard.front.answers.append("accepted")
    keyboard.type("enter enter W")
    assert keyboard.front.warnings[-1] == "waived: nothing blocks submitting any more"
    keyboard.type("escape enter")
    assert (keyboard.store.state.document.status.stage, keyboard.front.finished_tasks) == ("review", 1)


def test_a_gate_whose_checks_can_t_run_stays_shut_and_says_why(folder: Path) -> None:
    keyboard = gated(folder, FINDINGS, "G04")
    (folder / "checks.toml").write_text("select = 1")
    keyboard.type("enter")
    assert (keyboard.front.finished_tasks, "can't run" in keyboard.front.warnings[0]) == (0, True)


# --- a tour through tasks ------------------------------------------------------------------------------


def tour(*tasks: int) -> Tour:
    found = [Finding(rule="G04", severity=Severity.WARNING, message="m", task=TaskId(n)) for n in tasks]
    return tour_of(found, ("G04",), every=False)


def test_behind_the_last_finding_a_tour_opens_the_next_task_and_before_the_first_the_previous_one(folder: Path) -> None:
    keyboard = pressed(folder, "", text=OUT)
    keyboard.loop.begin_tour(tour(7, TASK.id, 9))
    keyboard.type("F j")
    assert (keyboard.front.opened, keyboard.loop.tour is not None and keyboard.loop.tour.backwards) == (9, False)
    keyboard.type("k")
    assert (keyboard.front.opened, keyboard.loop.tour is not None and keyboard.loop.tour.backwards) == (7, True)


def test_a_tour_ends_with_the_last_finding_of_the_last_task(folder: Path) -> None:
    keyboard = pressed(folder, "", text=OUT)
    keyboard.loop.begin_tour(tour(7, TASK.id))
    keyboard.type("F j")
    assert (keyboard.front.opened, keyboard.front.warnings) == (None, ["that was the last finding"])


def test_a_tour_goes_through_infos_only_where_nothing_is_worse_or_they_are_asked_for() -> None:
    found = [
        Finding(rule="X01", severity=Severity.INFO, message="m", task=TaskId(1)),
        Finding(rule="G04", severity=Severity.WARNING, message="m", task=TaskId(2)),
    ]
    assert list(tour_of(found, (), every=False).findings) == [2]
    assert list(tour_of(found, (), every=True).findings) == [1, 2]
    assert list(tour_of(found[:1], (), every=False).findings) == [1]
