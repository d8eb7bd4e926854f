"""Answers by keys: static and dynamic, over frames, preserved for the labels to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import opened
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.commands.table import by_id
from tui_editor.model.ids import AttributeId, InstanceId
from tui_editor.model.ontology_edits import changed
from tui_editor.model.ontology_paths import find_path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.commands.context import Choice
    from tui_editor.model.ontology import AnswerValue

TEXT = "\n".join(f"car@{n} box 10,10 20,20" for n in range(20)) + "\nvan@0 box 90,10 20,20"
CAR = InstanceId(1)


def at_keys(keys: str, *answers: Answer) -> Keyboard:
    keyboard = Keyboard(opened(TEXT), HeadlessFront(answers))
    keyboard.type(keys)
    assert keyboard.front.warnings == []
    return keyboard


def speeds(keyboard: Keyboard) -> list[tuple[object, int, int]]:
    return [(a.value, a.first, a.last) for a in keyboard.store.state.document.instances[CAR].dynamic]


def static(keyboard: Keyboard) -> dict[AttributeId, AnswerValue]:
    return dict(keyboard.store.state.document.instances[CAR].answers)


def test_a_dynamic_answer_is_for_this_frame_or_for_as_many_as_the_count() -> None:
    assert speeds(at_keys("j f", "Speed", "50")) == [(50, 0, 0)]
    assert speeds(at_keys("j 5 f", "Speed", "50")) == [(50, 0, 4)]


def test_an_answer_from_here_to_a_frame_parts_the_one_that_was_there() -> None:
    keyboard = at_keys("j g f 5 l g f", "50", "", "60", "9")
    assert speeds(keyboard) == [(50, 0, 4), (60, 5, 9), (50, 10, 19)]
    keyboard.type("u")
    assert speeds(keyboard) == [(50, 0, 19)], "one step"


def test_a_range_may_be_typed_and_lie_elsewhere() -> None:
    assert speeds(at_keys("j g f", "50", "7-9")) == [(50, 7, 9)]
    assert speeds(at_keys("j 9 l g f", "50", "4")) == [(50, 4, 9)]


@pytest.mark.parametrize("typed", ["9-2", "500", "x"])
def test_an_impossible_range_is_told_and_nothing_is_answered(typed: str) -> None:
    keyboard = Keyboard(opened(TEXT), HeadlessFront(("50", typed)))
    keyboard.type("j g f")
    assert keyboard.front.warnings
    assert speeds(keyboard) == []


def test_answers_are_for_the_marked_frames_until_escape_forgets_them() -> None:
    keyboard = at_keys("j 3 l Y 4 l f escape l f", "Speed", "50", "Speed", "60")
    assert speeds(keyboard) == [(50, 3, 7), (60, 8, 8)]
    assert keyboard.store.state.selected == CAR, "Escape forgot the frames, not the object"


class Offering(HeadlessFront):
    """Remembers what it was last asked to choose of."""

    def pick(
        self, title: str, choices: Sequence[Choice], done: Callable[[tuple[str, ...]], None], *, many: bool = False
    ) -> None:
        self.offered = [(choice.label, choice.picked) for choice in choices]
        super().pick(title, choices, done, many=many)


def test_an_archived_option_is_offered_only_where_it_is_the_answer() -> None:
    front = Offering(("Color", "Red", "Color", "Blue", "Color"))
    keyboard = Keyboard(opened(TEXT), front)
    keyboard.type("j f")
    project = keyboard.store.state.project
    red = find_path(project.ontology, "car/Color/Red")
    keyboard.store.set(project=replace(project, ontology=changed(project.ontology, red, "archived", "on")))
    keyboard.type("f")
    assert ("Red", True) in front.offered
    keyboard.type("f")
    assert "Red" not in dict(front.offered)


def test_answers_are_taken_back() -> None:
    assert speeds(at_keys("j g f f", "50", "4", "Speed", "")) == [(50, 1, 4)]
    assert static(at_keys("j f f", "Color", "Red", "Color", "no answer")) == {}


def test_a_nested_attribute_is_asked_below_its_option_and_goes_with_it() -> None:
    keyboard = at_keys("j f f", "Color", "Red", "Shade", "dark")
    assert static(keyboard) == {"color": ("red",), "shade": "dark"}
    keyboard.front.answers.extend(["Color", "Blue"])
    keyboard.type("f")
    assert static(keyboard) == {"color": ("blue",)}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [("Color=red", {"color": ("red",)}), ("color = Blue", {"color": ("blue",)}), ("Color=", {})],
)
def test_the_line_answers_by_name(line: str, wanted: dict[str, object]) -> None:
    keyboard = at_keys("j")
    assert keyboard.line(f"object.answer {line}")
    assert static(keyboard) == wanted


@pytest.mark.parametrize("line", ["Wheels=4", "Color=pink", "Speed=fast"])
def test_an_answer_that_is_none_is_told(line: str) -> None:
    keyboard = at_keys("j")
    assert not keyboard.line(f"object.answer {line}")
    assert static(keyboard) == {}


def test_preserved_answers_go_to_the_labels_that_are_made_afterwards() -> None:
    keyboard = at_keys("j f g v 2 0 l r l r", "Speed", "50")
    assert speeds(keyboard) == [(50, 0, 0), (50, 20, 21)]
    keyboard.type("u")
    assert speeds(keyboard) == [(50, 0, 0), (50, 20, 20)], "the label and its answer are one step"
    assert keyboard.store.state.document.label(CAR, keyboard.store.state.view.unit, 21) is None


def test_what_is_preserved_ends_with_the_same_key() -> None:
    assert speeds(at_keys("j f g v g v 2 0 l r", "Speed", "50")) == [(50, 0, 0)]


def test_many_labels_at_once_inherit_on_their_new_frames_only() -> None:
    keyboard = at_keys("j f g v 2 5 l T e", "Speed", "50", "yes")
    assert speeds(keyboard) == [(50, 0, 0), (50, 20, 25)]


def test_an_answer_that_is_there_stays_whatever_is_preserved() -> None:
    assert speeds(at_keys("j f g v g f 2 0 l r", "Speed", "50", "70", "20-20")) == [(50, 0, 0), (70, 20, 20)]


def test_another_answer_while_preserving_is_the_one_that_is_inherited() -> None:
    assert speeds(at_keys("j f g v 1 9 l f l r", "Speed", "50", "Speed", "60")) == [(50, 0, 0), (60, 19, 20)]


def test_without_a_dynamic_answer_there_is_nothing_to_preserve() -> None:
    keyboard = Keyboard(opened(TEXT))
    keyboard.type("j g v")
    assert "no dynamic attribute has an answer on this frame" in keyboard.front.warnings[0]
    assert not keyboard.store.state.answering.preserved


def test_an_object_without_dynamic_attributes_says_so() -> None:
    keyboard = Keyboard(opened("van@0 box 1,1 2,2"))
    keyboard.type("j g f")
    assert "van (0) has no dynamic attributes" in keyboard.front.warnings[0]


def test_preserved_answers_are_of_the_sitting_not_of_the_document() -> None:
    keyboard = at_keys("j f g v", "Speed", "50")
    preserved = keyboard.store.state.answering.preserved
    assert preserved == {CAR: {AttributeId("speed"): 50}}
    assert "preserve" not in str(keyboard.store.where())
    assert by_id()["object.preserve"].group == "Objects"
