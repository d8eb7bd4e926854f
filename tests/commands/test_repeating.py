"""`.` does the last edit once more on the next object; macros record steps and play them."""

from __future__ import annotations

import pytest

from tests.support.doctext import UNIT, case, opened, text_of
from tui_editor.commands.context import IssueDraft
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.commands.macros import MOST_STEPS
from tui_editor.commands.steps import Answered, Step
from tui_editor.model.ids import InstanceId
from tui_editor.model.issues import IssueKind
from tui_editor.state.view import Mode

THREE = "car@0 box 10,10 20,20\ncar(1)@0 box 50,50 20,20\ncar(2)@0 box 90,90 20,20"


def occluded(keyboard: Keyboard) -> list[bool]:
    document = keyboard.store.state.document
    labels = [document.label(i, UNIT, 0) for i in sorted(document.instances)]
    return [bool(label.flags & 2) for label in labels if label is not None]


# --- repeat ----------------------------------------------------------------------------------------


def test_a_class_is_given_to_the_next_object_without_asking_again() -> None:
    keyboard = case(
        THREE,
        "j c .",
        "van@0 box 10,10 20,20\nvan(1)@0 box 50,50 20,20\ncar(2)@0 box 90,90 20,20",
        answers=("van",),
    )
    assert keyboard.front.shown == ["Class"]


def test_an_object_that_was_selected_since_gets_the_edit_itself() -> None:
    keyboard = case(THREE, "j g c j j .", THREE)
    assert occluded(keyboard) == [True, False, True]


def test_a_count_repeats_on_as_many_objects_and_the_end_is_told() -> None:
    keyboard = case(THREE, "j g c 2 .", THREE)
    assert occluded(keyboard) == [True, True, True]
    keyboard.type(".")
    assert keyboard.front.warnings == ["there is no next object"]
    keyboard.type("u u u")
    assert occluded(keyboard) == [False, False, False]


def test_a_label_is_deleted_on_one_object_after_the_other() -> None:
    keyboard = case(THREE, "j j d d .", "car@0 box 10,10 20,20")
    keyboard.type(".")
    assert keyboard.front.warnings == ["there is no next object"]


def test_what_was_nudged_and_grown_in_one_sitting_is_moved_as_far() -> None:
    keyboard = case(
        THREE,
        "j e 5 l l 3 j escape .",
        "car@0 box 16,13 20,20\ncar(1)@0 box 56,53 20,20\ncar(2)@0 box 90,90 20,20",
    )
    assert keyboard.store.state.mode is Mode.BROWSE
    assert keyboard.store.state.tool is None


def test_a_handle_is_moved_on_the_next_object_as_well() -> None:
    case(
        THREE,
        "j e tab 2 h escape .",
        "car@0 box 8,10 22,20\ncar(1)@0 box 48,50 22,20\ncar(2)@0 box 90,90 20,20",
    )


def test_another_sitting_of_edit_mode_begins_anew() -> None:
    case(
        THREE,
        "j e 5 l escape e 1 0 j escape .",
        "car@0 box 15,20 20,20\ncar(1)@0 box 50,60 20,20\ncar(2)@0 box 90,90 20,20",
    )


def test_an_answer_is_given_again() -> None:
    keyboard = case(THREE, "j f .", THREE, answers=("Color", "Red"))
    found = keyboard.store.state.document.instances
    assert [found[InstanceId(n)].answers for n in (1, 2, 3)] == [{"color": ("red",)}, {"color": ("red",)}, {}]


def test_an_edit_that_does_not_fit_the_next_object_is_refused_and_nothing_changes() -> None:
    text = "car@0 box 10,10 20,20\neye@0 point 5,5"
    keyboard = case(text, "j c .", text.replace("car", "van"), answers=("van",))
    assert keyboard.front.warnings == ["“Class” offers no van here"]


def test_a_decision_of_a_review_is_no_edit() -> None:
    keyboard = Keyboard(opened(THREE, "review"))
    keyboard.type("j a .")
    assert len(keyboard.store.state.document.decisions) == 2


def test_nothing_is_repeated_before_anything_was_edited() -> None:
    keyboard = case(THREE, "j .", THREE)
    assert keyboard.front.warnings == ["nothing was drawn or edited yet"]


def test_after_drawing_another_box_of_the_class_is_begun() -> None:
    keyboard = Keyboard(opened(THREE), HeadlessFront(("van",)))
    keyboard.type("j g c s b escape")
    keyboard.line("draw.box van")
    keyboard.type("q enter x enter")
    keyboard.type(".")
    assert keyboard.store.state.mode is Mode.DRAW


# --- macros ----------------------------------------------------------------------------------------


def test_a_macro_does_what_was_recorded_as_often_as_the_count_says() -> None:
    keyboard = case(THREE, "Q a j g c Q & a", THREE)
    assert occluded(keyboard) == [True, True, False]
    keyboard.type("u 2 & a")
    assert keyboard.front.warnings == ["macro a stopped at step 1 of 2, object.next: there is nothing further on"]
    assert occluded(keyboard) == [True, False, True]


def test_every_step_of_a_macro_is_an_edit_of_its_own() -> None:
    keyboard = case(THREE, "Q a j e 5 l escape Q & a", THREE.replace("10,10", "15,10").replace("50,50", "55,50"))
    keyboard.type("u")
    assert "car(1)@0 box 50,50" in text_of(keyboard.store.state.document)
    assert "car@0 box 15,10" in text_of(keyboard.store.state.document)


def test_answers_are_part_of_a_macro() -> None:
    draft = IssueDraft(kind=IssueKind.FRAME, kinds=(), text="odd", tags=("hard",))
    keyboard = Keyboard(opened(THREE), HeadlessFront(("van", draft)))
    keyboard.type("Q a escape j c i Q")
    assert keyboard.loop.macros.steps("a") == (
        Step(command="object.deselect"),
        Step(command="object.next"),
        Step(command="object.class", answers=[Answered(kind="picked", texts=("van",))]),
        Step(command="issue.new", answers=[Answered(kind="issue", texts=("frame", "odd", "hard"))]),
    )
    keyboard.type("& a")
    assert keyboard.front.warnings == []
    assert text_of(keyboard.store.state.document).count("van") == 2
    assert len(keyboard.store.state.document.issues) == 2


def test_a_line_of_a_macro_is_played_without_the_line() -> None:
    keyboard = Keyboard(opened(THREE))
    keyboard.type("Q a :")
    keyboard.line("frame.go 7")
    keyboard.type("Q g g & a")
    assert keyboard.store.state.view.frame == 7
    assert [step.command for step in keyboard.loop.macros.steps("a")] == ["frame.go"]


def test_a_macro_stops_at_a_refused_step_and_tells_which() -> None:
    keyboard = case(THREE, "Q a j d d escape Q & a & a & a", "")
    assert keyboard.front.warnings[-1].startswith("macro a stopped at step 1 of 3, object.next: ")


def test_a_refused_step_is_not_recorded() -> None:
    keyboard = case(THREE, "Q a d d j Q", THREE)
    assert [step.command for step in keyboard.loop.macros.steps("a")] == ["object.next"]


@pytest.mark.parametrize(
    ("macros", "message"),
    [
        ({"a": ("a",)}, "macro a calls itself (a → a): nothing was done"),
        ({"a": ("b",), "b": ("c",), "c": ("b",)}, "macro a calls itself (a → b → c → b): nothing was done"),
        ({"a": ("b",)}, "macro b is empty (Q…"),
    ],
)
def test_a_macro_that_calls_itself_or_nothing_is_refused_before_anything_changes(
    macros: dict[str, tuple[str, ...]], message: str
) -> None:
    keyboard = Keyboard(opened(THREE))
    for name, calls in macros.items():
        steps = [Step(command="object.next"), Step(command="object.occluded")]
        keyboard.loop.macros.keep(name, (*steps, *(Step(command="macro.play", argument=c) for c in calls)))
    before = keyboard.store.state
    keyboard.type("& a")
    assert keyboard.front.warnings[0].startswith(message)
    assert keyboard.store.state is before


def test_a_macro_that_is_being_recorded_cannot_be_played_into_itself() -> None:
    keyboard = case(THREE, "Q a & a Q", THREE)
    assert keyboard.front.warnings == ["macro a would call itself: it is being recorded"]


def test_macros_play_macros() -> None:
    keyboard = case(THREE, "Q a j g c Q escape Q b 2 & a Q", THREE)
    assert occluded(keyboard) == [False, True, False]
    keyboard.type("escape & b")
    assert occluded(keyboard) == [True, False, False]


def test_a_count_that_would_never_end_is_refused() -> None:
    keyboard = Keyboard(opened(THREE))
    keyboard.loop.macros.keep("a", (Step(command="object.occluded"),))
    keyboard.loop.macros.keep("b", (Step(command="macro.play", argument="a", count=MOST_STEPS),))
    keyboard.type("j 9 9 9 9 9 9 & b")
    assert "macro b would do" in keyboard.front.warnings[0]
    assert occluded(keyboard) == [False, False, False]


def test_the_key_that_began_a_recording_ends_it_and_other_keys_of_the_register_do_not() -> None:
    keyboard = case(THREE, "Q a j Q Q b l Q", THREE)
    assert keyboard.loop.macros.names == ["a", "b"]
    assert keyboard.front.notes == [
        "recording macro a: the same key ends it",
        "macro a holds 1 step",
        "recording macro b: the same key ends it",
        "macro b holds 1 step",
    ]


def test_a_step_of_a_command_that_is_gone_is_refused() -> None:
    keyboard = Keyboard(opened(THREE))
    keyboard.loop.macros.keep("a", (Step(command="object.gone"),))
    keyboard.type("& a")
    assert keyboard.front.warnings == ["macro a stopped at step 1 of 1, object.gone: there is no command object.gone"]
