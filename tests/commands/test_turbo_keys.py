"""Turbo mode: attributes set or confirmed by one key each, the view on the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.doctext import opened
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.model.ids import AttributeId, InstanceId
from tui_editor.state.tool import TurboTool
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.model.ontology import AnswerValue

TEXT = """
car@0 box 10,10 20,20
van@0 box 90,10 20,20
car(1)@0 box 300,200 40,40
car(2)@5 box 500,400 40,40
"""
CAR, CAR_1, CAR_2 = InstanceId(1), InstanceId(3), InstanceId(4)


def at_keys(keys: str, *answers: Answer, text: str = TEXT, stage: str = "annotate") -> Keyboard:
    keyboard = Keyboard(opened(text, stage), HeadlessFront(answers))
    keyboard.type(keys)
    return keyboard


def answers(keyboard: Keyboard, instance: InstanceId = CAR) -> dict[AttributeId, AnswerValue]:
    value = keyboard.store.state.document.instances[instance]
    return dict(value.answers_at(keyboard.store.state.view.unit, keyboard.store.state.view.frame))


def question(keyboard: Keyboard) -> int:
    tool = keyboard.store.state.tool
    assert isinstance(tool, TurboTool)
    return tool.question


def test_a_digit_answers_and_goes_to_the_next_question() -> None:
    keyboard = at_keys("g t 2")
    assert answers(keyboard) == {"color": ("blue",)}
    assert (keyboard.store.state.mode, question(keyboard), keyboard.store.state.selected) == (Mode.TURBO, 1, CAR)


def test_an_option_that_brings_a_question_asks_it_next() -> None:
    keyboard = at_keys("g t 1 t", "dark")
    assert answers(keyboard) == {"color": ("red",), "shade": "dark"}


def test_the_last_question_leads_to_the_next_object_that_has_any() -> None:
    keyboard = at_keys("g t 2 enter")
    assert keyboard.store.state.selected == CAR_1, "the van has no attributes"
    assert question(keyboard) == 0


def test_confirming_changes_nothing() -> None:
    keyboard = at_keys("g t enter enter")
    assert keyboard.store.state.selected == CAR_1
    assert not keyboard.store.can_undo()


def test_numbers_and_texts_are_typed_on_the_frame() -> None:
    keyboard = at_keys("g t tab 5", "50")
    assert answers(keyboard) == {"speed": 50}
    assert keyboard.store.state.selected == CAR_1, "it was the last question"
    assert answers(at_keys("g t tab t k tab d", "50")) == {}


def test_a_digit_without_an_option_is_told_with_those_that_there_are() -> None:
    keyboard = at_keys("g t 7")
    assert "Color has no option 7" in keyboard.front.warnings[0]
    assert "1 Red" in keyboard.front.warnings[0]


def test_objects_are_gone_through_both_ways_and_to_the_next_open_one() -> None:
    keyboard = at_keys("g t j")
    assert keyboard.store.state.selected == CAR_1
    keyboard.type("k")
    assert keyboard.store.state.selected == CAR
    keyboard.type("j j")
    assert (keyboard.store.state.selected, keyboard.store.state.view.frame) == (CAR_2, 5)
    keyboard.type("j")
    assert "no further object" in keyboard.front.warnings[-1]
    keyboard.type("k k n")
    assert keyboard.store.state.selected == CAR_1


def test_the_object_is_chosen_from_a_list_or_by_name() -> None:
    keyboard = at_keys("g t i", "car (2)")
    assert keyboard.store.state.selected == CAR_2
    assert keyboard.line("turbo.choose car (1)")
    assert keyboard.store.state.selected == CAR_1
    assert not keyboard.line("turbo.choose van (0)")


def test_the_view_goes_to_each_object_and_keeps_a_zoom_of_ones_own_until_the_next() -> None:
    keyboard = at_keys("g t")
    cameras = [keyboard.store.state.view.camera]
    for keys in ("- -", "tab l h", "j"):
        keyboard.type(keys)
        cameras.append(keyboard.store.state.view.camera)
    first, own, kept, following = cameras
    assert (first.center, following.center) == ((20, 20), (320, 220))
    assert own == kept
    assert own.scale < first.scale


def test_leaving_goes_back_to_where_it_was_begun() -> None:
    keyboard = at_keys("g t escape")
    assert (keyboard.store.state.mode, keyboard.store.state.tool) == (Mode.BROWSE, None)
    assert not keyboard.store.state.view.auto_zoom
    assert at_keys("g t q", stage="review").store.state.mode is Mode.REVIEW


def test_the_sitting_remembers_whether_tasks_open_in_it() -> None:
    assert at_keys("g t").loop.turbo
    assert not at_keys("g t escape").loop.turbo


def test_each_answer_is_one_undo_step() -> None:
    keyboard = at_keys("g t 2 u")
    assert answers(keyboard) == {}
    assert keyboard.store.state.mode is Mode.TURBO


def test_a_task_without_attributes_says_so() -> None:
    keyboard = at_keys("g t", text="van@0 box 1,1 2,2")
    assert "no listed object has attributes" in keyboard.front.warnings[0]
    assert keyboard.store.state.mode is Mode.BROWSE
