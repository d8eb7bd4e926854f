"""Keys that hand a task on, and what is typed on the `:` line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import FixedClock, opened, text_of
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.state.store import TaskStore

ONE = "car@0 box 10,10 20,20"


def test_enter_submits_an_annotated_task() -> None:
    keyboard = Keyboard(opened(ONE))
    keyboard.press("enter")
    assert (keyboard.store.state.document.status.stage, keyboard.front.finished_tasks) == ("review", 1)


class HeldKey(FixedClock):
    """A clock on which hardly any time passes between two looks."""

    def monotonic(self) -> float:
        self.now += 30
        return self.now / 1000


def test_an_enter_that_is_held_hands_on_one_task_and_no_other() -> None:
    keyboard = Keyboard(opened(ONE))
    keyboard.store.clock = HeldKey()
    keyboard.press("enter")
    keyboard.store = opened("")
    keyboard.store.clock = HeldKey()
    for _ in range(50):
        keyboard.press("enter")
    assert (keyboard.store.state.document.status.stage, keyboard.front.finished_tasks) == ("annotate", 1)
    assert "opened a moment ago" in keyboard.front.warnings[-1]
    keyboard.store.clock.now += 600
    keyboard.press("enter")
    assert keyboard.store.state.document.status.stage == "review"


def test_ending_a_review_names_what_is_still_open() -> None:
    keyboard = Keyboard(opened(ONE + '\nissue frame@7 "why"', "review"))
    keyboard.type("j a enter")
    assert keyboard.store.state.document.status.stage == "complete"
    assert keyboard.front.warnings == ["1 issue still open"]


def test_enter_leads_to_the_first_open_issue_instead_of_submitting() -> None:
    keyboard = Keyboard(opened(f'{ONE}\nissue frame@7 "why"'))
    keyboard.press("enter")
    assert (keyboard.store.state.document.status.stage, keyboard.store.state.view.frame) == ("annotate", 7)
    assert "resolve" in keyboard.front.warnings[-1]


@pytest.mark.parametrize(
    ("stage", "keys", "answers", "after"),
    [
        ("annotate", "g s", ("too dark",), ("annotate", "skipped", ["too dark"])),
        ("review", "g A", (), ("complete", "completed", [])),
        ("review", "g X", ("wrong video",), ("annotate", "reopened", ["wrong video"])),
    ],
)
def test_a_whole_task_is_skipped_approved_or_rejected(
    stage: str, keys: str, answers: tuple[Answer, ...], after: tuple[str, str, list[str]]
) -> None:
    keyboard = Keyboard(opened(ONE, stage), HeadlessFront(answers))
    keyboard.type(keys)
    found = keyboard.store.state.document
    assert after == (found.status.stage, found.status.state.value, [i.title for i in found.open_issues()])


@pytest.mark.parametrize(
    ("stage", "line", "why"),
    [
        ("review", "skip", "only an annotator"),
        ("annotate", "approve-task", "only a review"),
        ("annotate", "review.reason 1", "only a review"),
        ("review", "review.reason 0", "no reason 0"),
        ("annotate", "class plane", "nothing is selected"),
        ("annotate", "nonsense", "no command nonsense"),
        ("annotate", "5000", "no frame 5000"),
    ],
)
def test_a_line_that_cannot_be_run_says_why(stage: str, line: str, why: str) -> None:
    keyboard = Keyboard(opened(ONE, stage))
    assert not keyboard.line(line)
    assert why in keyboard.front.warnings[-1]
    assert text_of(opened(ONE, stage).state.document) == text_of(keyboard.store.state.document)


@pytest.mark.parametrize(("line", "frame"), [("12", 12), (":12", 12), ("0:02", 20), ("frame.go 4.2s", 42)])
def test_the_line_goes_to_frames_and_times(line: str, frame: int) -> None:
    keyboard = Keyboard(opened(ONE))
    keyboard.line(line if ":" not in line[1:] else f"frame.go {line}")
    assert frame == keyboard.store.state.view.frame


def test_the_line_places_the_selected_box() -> None:
    keyboard = Keyboard(opened(ONE))
    keyboard.press("j")
    assert keyboard.line("@5,6 7x8")
    assert text_of(keyboard.store.state.document) == "car@0 box 5,6 7,8"


def test_a_reopened_task_is_back_in_the_first_stage() -> None:
    keyboard = Keyboard(opened(f"{ONE} approved", "complete"))
    assert keyboard.line("reopen")
    assert (keyboard.store.state.document.status.stage, keyboard.store.state.mode) == ("annotate", Mode.BROWSE)


def gated(text: str, *rules: str) -> TaskStore:
    """Return a task of a project whose annotate stage asks for checks without findings."""
    store = opened(text)
    store.set(project=replace(store.state.project, settings={"gates": {"annotate": list(rules)}}))
    return store


def test_a_gate_refuses_a_submit_and_leads_to_the_first_finding() -> None:
    keyboard = Keyboard(gated("car@0 box 10,10 20,20\ncar(1)@5 box -90,10 20,20", "G03"))
    keyboard.press("enter")

    assert keyboard.store.state.document.status.stage == "annotate"
    assert keyboard.store.state.view.frame == 5
    assert "G03" in keyboard.front.warnings[-1]


@pytest.mark.parametrize("rules", [("G01",), ()])
def test_a_gate_lets_through_what_its_checks_do_not_find(rules: tuple[str, ...]) -> None:
    keyboard = Keyboard(gated("car@0 box -90,10 20,20", *rules))
    keyboard.press("enter")

    assert keyboard.store.state.document.status.stage == "review"
