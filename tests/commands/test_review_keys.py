"""The accept/reject loop, key by key."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, UNIT, case, document, opened, text_of
from tests.support.reviewed import ANN, Journal
from tui_editor.commands.headless import Keyboard
from tui_editor.edits.labels import delete_instances, move_labels
from tui_editor.edits.sampling import sampled
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId
from tui_editor.model.workflow import Sampling, Workflow
from tui_editor.ports import OpenedTask
from tui_editor.render.marks import BoxMark
from tui_editor.render.scene import GHOST_COLOUR, build_scene
from tui_editor.state import selectors
from tui_editor.state.selectors import is_undecided
from tui_editor.state.store import TaskStore
from tui_editor.state.view import Mode
from tui_editor.ui.picture.compose import scene_options
from tui_editor.ui.screens.lines import progress_line

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


def test_one_object_at_a_time_is_alone_and_zoomed_and_the_keys_go_on() -> None:
    keyboard = Keyboard(opened(TWO_APART, "review"))
    keyboard.type("g z")
    state = keyboard.store.state
    assert (state.display.alone, state.view.auto_zoom, len(state.selection)) == (True, True, 1)
    assert len(on_the_canvas(keyboard)) == 1
    first = state.view.camera
    keyboard.type("j")
    assert keyboard.store.state.view.camera != first
    assert len(on_the_canvas(keyboard)) == 1
    keyboard.type("g z")
    assert len(on_the_canvas(keyboard)) == 2
    assert keyboard.store.state.view.camera.fitted


def test_while_changes_are_shown_the_canvas_has_only_what_changed_and_the_ghosts() -> None:
    journal = Journal("car@0 box 10,10 20,20\nvan@0 box 40,10 20,20\nvan(1)@0 box 90,10 20,20")
    journal.send_back()
    journal.keep(move_labels(journal.document, [InstanceId(1)], FrameRef(UNIT, 0), (5.0, 0.0), ANN))
    journal.keep(delete_instances(journal.document, [InstanceId(3)]))
    older = lambda before: journal.store.recent(TASK.id, before)  # noqa: E731  # an adapter
    keyboard = Keyboard(TaskStore(journal.now(), PROJECT, person="rae", older=older))
    keyboard.type("D")
    assert "1 deleted, 1 changed since rae's review" in keyboard.front.notes[-1]
    assert on_the_canvas(keyboard) == ["ghost 10,10", "ghost 90,10", "15,10"]
    keyboard.type("g ]")
    assert keyboard.front.notes[-1] == "van (1): deleted on frame 0"
    keyboard.type("g [")
    assert keyboard.front.notes[-1] == "car (0): labels on frame 0, IoU 0.60"
    keyboard.type("D")
    assert on_the_canvas(keyboard) == ["15,10", "40,10"]


TWO_APART = "car@0 box 10,10 20,20\nvan@0 box 400,300 20,20"


def on_the_canvas(keyboard: Keyboard) -> list[str]:
    """Return the corners of the boxes that are drawn."""
    state = keyboard.store.state
    marks = build_scene(state.document, state.project.ontology, state.frame, scene_options(state))
    return [
        f"{'ghost ' if mark.style.colour == GHOST_COLOUR else ''}{mark.box_px[0]:g},{mark.box_px[1]:g}"
        for mark in marks
        if isinstance(mark, BoxMark)
    ]


def test_one_object_at_a_time_compares_with_the_last_review() -> None:
    journal = Journal("car@0 box 10,10 20,20\nvan@0 box 40,10 20,20")
    journal.send_back()
    journal.keep(move_labels(journal.document, [InstanceId(1)], FrameRef(UNIT, 0), (5.0, 0.0), ANN))
    older = lambda before: journal.store.recent(TASK.id, before)  # noqa: E731  # an adapter
    keyboard = Keyboard(TaskStore(journal.now(), PROJECT, person="rae", older=older))
    keyboard.type("j g z")
    assert on_the_canvas(keyboard) == ["ghost 10,10", "15,10"]
    shown = "".join(words for words, _ in progress_line(keyboard.store.state, keyboard.loop))
    assert "car (0): labels on frame 0, IoU 0.60" in shown
    keyboard.type("g z")
    assert on_the_canvas(keyboard) == ["15,10", "40,10"]


def test_where_the_stage_samples_only_the_picked_objects_are_gone_through_and_counted() -> None:
    annotate, review, over = PROJECT.workflow.stages
    sampling = Sampling(every=5)
    project = replace(PROJECT, workflow=Workflow(stages=(annotate, replace(review, sampling=sampling), over)))
    text = "\n".join(f"car({n})@{n} box 1,1 2,2" for n in range(20))
    store = TaskStore(OpenedTask(task=TASK, document=document(text, "review"), seq=0, view={}), project, person="me")
    store.set(mode=Mode.REVIEW)
    keyboard = Keyboard(store)
    picked = sampled(store.state.document, sampling)
    assert (selectors.tally(store.state).total, len(picked)) == (4, 4)
    keyboard.type("n a a a a")
    assert {key for key in picked if not is_undecided(store.state.document, key)} == picked
    keyboard.press("enter")
    assert store.state.document.status.stage == "complete"
    assert len(store.state.document.decisions) == 4
