"""Consensus review by keys."""

from __future__ import annotations

import pytest

from tests.support.consensus import branch, branches, consensus_review
from tests.support.doctext import UNIT, document, opened, text_of
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.edits.consensus import adopted, agreement, replaced
from tui_editor.model.frames import FrameRef
from tui_editor.model.workflow import TaskState
from tui_editor.state.branch_view import BranchView

ANN = "car@0 box 10,10 20,20\nvan@0 box 60,10 20,20"
BO = "car@0 box 11,10 20,20\nvan@0 box 160,10 20,20"
BEFORE = "car@0 box 1,1 2,2"


def at_review(*answers: object, determine: bool = False) -> Keyboard:
    front = HeadlessFront(answers)  # type: ignore[arg-type]  # texts and choices
    front.branched = (branch("ann", ANN, 100), branch("bo", BO, 101))
    return Keyboard(consensus_review(BEFORE, determine=determine), front)


def test_the_labels_of_one_annotator_after_the_other_are_shown_as_ghosts() -> None:
    keyboard = at_review()
    seen = []
    for _ in range(3):
        keyboard.type("g y")
        now = keyboard.store.state.comparing
        seen.append(now.branch if isinstance(now, BranchView) else "")
    assert seen == ["ann", "bo", ""]
    assert "agrees by 50%" in keyboard.front.notes[0]
    keyboard.type("g y")
    shown = keyboard.store.state.comparing
    assert isinstance(shown, BranchView)
    assert len(shown.ghosts(FrameRef(UNIT, 0))) == 2


def test_review_and_refine_keeps_an_annotators_labels_for_further_work() -> None:
    keyboard = at_review("bo")
    keyboard.type("g k")
    assert text_of(keyboard.store.state.document) == text_of(document(BO))
    assert keyboard.store.state.document.status.stage == "consensus"
    keyboard.type("u")
    assert text_of(keyboard.store.state.document) == text_of(document(BEFORE))


def test_single_objects_of_several_annotators_are_taken_over_as_one_step() -> None:
    keyboard = at_review(("ann: car (0)", "bo: van (0)"))
    keyboard.type("g K")
    assert text_of(keyboard.store.state.document) == text_of(
        document("car@0 box 1,1 2,2\ncar(1)@0 box 10,10 20,20\nvan@0 box 160,10 20,20")
    )
    keyboard.type("u")
    assert text_of(keyboard.store.state.document) == text_of(document(BEFORE))


def test_determining_consensus_keeps_labels_notes_who_agrees_and_passes_the_task() -> None:
    keyboard = at_review("ann", ("ann", "bo"), determine=True)
    keyboard.type("g k")
    found = keyboard.store.state.document
    assert (found.status.stage, found.status.state) == ("complete", TaskState.COMPLETED)
    assert len(found.instances) == 2
    (issue,) = found.issues.values()
    assert issue.title == "consensus reached: ann, bo agreed; kept the labels of ann"
    assert not found.open_issues()


def test_where_consensus_is_determined_nothing_is_edited() -> None:
    keyboard = at_review(determine=True)
    for keys in ("g K", "j d d"):
        keyboard.type(keys)
        assert "labels can't be changed in consensus" in keyboard.front.warnings[-1]


def test_no_consensus_sends_the_task_back_to_its_annotators() -> None:
    keyboard = at_review("too different")
    keyboard.type("g X")
    status = keyboard.store.state.document.status
    assert (status.stage, status.state) == ("label", TaskState.REOPENED)


def test_branches_are_judged_in_a_consensus_review_only() -> None:
    keyboard = Keyboard(opened(BEFORE, "review"))
    keyboard.type("g y")
    assert "only a consensus review has branches" in keyboard.front.warnings[-1]


def test_a_task_without_branches_says_so() -> None:
    keyboard = at_review()
    keyboard.front.branched = ()
    keyboard.type("g y")
    assert "no branches" in keyboard.front.warnings[-1]


# --- agreement and taking over -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "share"),
    [(ANN, 1.0), (BO, 0.5), ("", 0.0), ("car@0 box 10,10 20,20", 2 / 3), ("van@0 box 10,10 20,20", 0.0)],
)
def test_branches_agree_by_the_labels_that_overlap(other: str, share: float) -> None:
    assert agreement(document(ANN), document(other)) == pytest.approx(share)
    assert agreement(document(other), document(ANN)) == pytest.approx(share)


def test_shapes_without_an_area_agree_when_they_are_equal() -> None:
    assert agreement(document("eye@0 point 1,1"), document("eye@0 point 1,1")) == 1.0
    assert agreement(document("eye@0 point 1,1"), document("eye@0 point 2,1")) == 0.0


def test_what_is_taken_over_can_be_taken_back_whole() -> None:
    found, other = document(BEFORE), document(ANN)
    for patch in (adopted(found, other), replaced(found, other)):
        after = found.apply(patch)
        assert found.same(after.apply(patch.inverse()))


def test_branches_of_the_same_labels_are_alike() -> None:
    first, second = branches("ann", "bo")
    assert agreement(first.document, second.document) == 1.0


def test_where_consensus_is_determined_the_end_of_the_review_names_the_keys_that_decide() -> None:
    keyboard = at_review(determine=True)
    keyboard.type("enter")
    assert "gk says whose labels are kept, gX that there is no consensus" in keyboard.front.warnings[-1]
