"""The accept/reject loop, key by key."""

from __future__ import annotations

import pytest

from tests.support.doctext import case, opened, text_of
from tui_editor.commands.headless import Keyboard
from tui_editor.state.view import Mode

TWO = """
car@0 box 10,10 20,20
car(1)@0 box 50,50 20,20
"""


def test_a_approves_the_selected_object_and_shows_the_next_one() -> None:
    keyboard = case(
        TWO,
        "j a",
        """car@0 box 10,10 20,20 approved
           car(1)@0 box 50,50 20,20""",
        stage="review",
    )
    assert keyboard.store.state.selected == 2


def test_x_and_a_digit_reject_with_the_canned_reason() -> None:
    case(
        TWO,
        "j x 1",
        """car@0 box 10,10 20,20 rejected
           car(1)@0 box 50,50 20,20
           issue label car@0 "Not tight" """,
        stage="review",
    )


def test_enter_repeats_the_last_reason() -> None:
    case(
        TWO,
        "j x 2 x enter",
        """car@0 box 10,10 20,20 rejected
           car(1)@0 box 50,50 20,20 rejected
           issue label car@0 "Wrong class"
           issue label car(1)@0 "Wrong class" """,
        stage="review",
    )


def test_a_reason_can_be_typed() -> None:
    case(
        "car@0 box 1,1 2,2",
        "j x t",
        """car@0 box 1,1 2,2 rejected
           issue label car@0 "two cars" """,
        stage="review",
        answers=("two cars",),
    )


def test_escape_after_x_decides_nothing() -> None:
    keyboard = case(TWO, "j x escape", TWO, stage="review")
    assert keyboard.store.state.mode is Mode.REVIEW


def test_X_rejects_every_undecided_object_of_the_frame_with_an_issue_for_each() -> None:
    case(
        """car@0 box 1,1 2,2 approved
           car(1)@0 box 3,3 4,4
           car(2)@0 box 5,5 6,6
           van@5 box 7,7 8,8""",
        "X 4",
        """car@0 box 1,1 2,2 approved
           car(1)@0 box 3,3 4,4 rejected
           car(2)@0 box 5,5 6,6 rejected
           van@5 box 7,7 8,8
           issue label car(1)@0 "Duplicate"
           issue label car(2)@0 "Duplicate" """,
        stage="review",
    )


def test_A_approves_what_is_left_on_the_frame() -> None:
    case(
        """car@0 box 1,1 2,2 rejected
           car(1)@0 box 3,3 4,4
           van@5 box 7,7 8,8""",
        "A",
        """car@0 box 1,1 2,2 rejected
           car(1)@0 box 3,3 4,4 approved
           van@5 box 7,7 8,8""",
        stage="review",
    )


def test_space_leaves_the_object_undecided() -> None:
    keyboard = case(TWO, "j space", TWO, stage="review")
    assert keyboard.store.state.selected == 2


def test_u_takes_a_rejection_back_with_its_issue_and_U_brings_it_again() -> None:
    keyboard = case(TWO, "j x 1 u", TWO, stage="review")
    keyboard.type("U")
    assert "rejected" in text_of(keyboard.store.state.document)
    assert "Not tight" in text_of(keyboard.store.state.document)


def test_dot_gives_the_next_object_the_same_decision() -> None:
    case(
        TWO,
        "j x 3 .",
        """car@0 box 10,10 20,20 rejected
           car(1)@0 box 50,50 20,20 rejected
           issue label car@0 "Missing part"
           issue label car(1)@0 "Missing part" """,
        stage="review",
    )


def test_n_goes_to_the_next_undecided_object_on_a_later_frame() -> None:
    keyboard = case(
        """car@0 box 1,1 2,2
           car(1)@0 box 1,1 2,2 approved
           van@7 box 3,3 4,4""",
        "j n",
        """car@0 box 1,1 2,2
           car(1)@0 box 1,1 2,2 approved
           van@7 box 3,3 4,4""",
        stage="review",
    )
    assert keyboard.store.state.view.frame == 7


def test_approving_resolves_an_open_rejection() -> None:
    keyboard = Keyboard(opened(TWO, "review"))
    keyboard.type("j x 1 k a")
    assert keyboard.store.state.document.open_issues() == ()


def test_a_decision_is_not_offered_to_annotators() -> None:
    keyboard = Keyboard(opened(TWO))
    assert not keyboard.line("review.approve")
    assert "only a review decides" in keyboard.front.warnings[0]


@pytest.mark.parametrize(("keys", "stage_after"), [("j a a enter", "complete"), ("j a x 1 enter", "annotate")])
def test_enter_ends_the_review_by_what_was_decided(keys: str, stage_after: str) -> None:
    keyboard = Keyboard(opened(TWO, "review"))
    keyboard.type(keys)
    assert stage_after == keyboard.store.state.document.status.stage
    assert keyboard.front.finished_tasks == 1


def test_enter_leads_to_the_first_undecided_object_instead_of_ending() -> None:
    keyboard = Keyboard(opened(TWO, "review"))
    keyboard.type("j a j enter")
    assert keyboard.store.state.document.status.stage == "review"
    assert keyboard.store.state.selected == 2


def test_a_hundred_objects_are_reviewed_with_a_x_and_digits_alone() -> None:
    text = "\n".join(f"car({n})@{n % 10} box {n},{n} 5,5" for n in range(100))
    keyboard = Keyboard(opened(text, "review"))
    keyboard.type("j " + " ".join("a" if n % 3 else "x 2" for n in range(100)))
    states = [d.state.value for d in keyboard.store.state.document.decisions.values()]
    assert (states.count("approved"), states.count("rejected")) == (66, 34)
