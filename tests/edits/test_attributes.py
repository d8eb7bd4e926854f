"""Answers, static and dynamic, and classifications."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.doctext import COLOR, ONTOLOGY, SPEED, UNIT, document
from tui_editor.edits.attributes import check_answer, place_classification, set_answer, set_dynamic_answer
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import OntologyError
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, UnitId
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.ontology import Attribute, AttributeKind, Classification, Ontology, Option

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument

ME = Stamp("me", 77)
CAR, VAN = InstanceId(1), InstanceId(2)
TEXT = "car@0 box 0,0 5,5\nvan@0 box 1,1 2,2"
RED, BLUE = (OptionId("red"),), (OptionId("blue"),)
SHADE = AttributeId("shade")


def answered(*pairs: tuple[AttributeId, Any]) -> LabelDocument:
    found = document(TEXT)
    for attribute, value in pairs:
        patch = set_answer(found, ONTOLOGY, CAR, attribute, value)
        after = found.apply(patch)
        assert found.same(after.apply(patch.inverse()))
        found = after
    return found


def test_an_answer_is_given_changed_and_taken_back() -> None:
    assert {COLOR.id: RED} == answered((COLOR.id, RED)).instances[CAR].answers
    assert {COLOR.id: BLUE} == answered((COLOR.id, RED), (COLOR.id, BLUE)).instances[CAR].answers
    assert answered((COLOR.id, RED), (COLOR.id, None)).instances[CAR].answers == {}


def test_the_same_answer_again_is_no_change() -> None:
    assert not set_answer(answered((COLOR.id, RED)), ONTOLOGY, CAR, COLOR.id, RED)
    assert not set_answer(document(TEXT), ONTOLOGY, CAR, COLOR.id, None)


def test_answers_under_an_option_go_when_it_is_left() -> None:
    nested = answered((COLOR.id, RED), (SHADE, "dark"))
    assert {COLOR.id: RED, SHADE: "dark"} == nested.instances[CAR].answers
    after = nested.apply(set_answer(nested, ONTOLOGY, CAR, COLOR.id, BLUE))
    assert {COLOR.id: BLUE} == after.instances[CAR].answers


def test_answers_of_attributes_that_the_ontology_does_not_know_stay() -> None:
    found = document(TEXT)
    value = replace(found.instances[CAR], answers={AttributeId("foreign"): "x"})
    found = dataclasses.replace(found, instances=found.instances.insert(CAR, value))
    after = found.apply(set_answer(found, ONTOLOGY, CAR, COLOR.id, RED))
    assert {AttributeId("foreign"): "x", COLOR.id: RED} == after.instances[CAR].answers


@pytest.mark.parametrize(
    ("instance", "attribute", "value"),
    [
        (VAN, COLOR.id, RED),
        (CAR, AttributeId("wheels"), 4),
        (CAR, COLOR.id, (OptionId("green"),)),
        (CAR, COLOR.id, "red"),
        (CAR, COLOR.id, ()),
        (CAR, COLOR.id, (*RED, *BLUE)),
        (CAR, SHADE, 5),
    ],
)
def test_what_is_no_answer_is_refused(instance: InstanceId, attribute: AttributeId, value: Any) -> None:
    with pytest.raises(OntologyError):
        set_answer(document(TEXT), ONTOLOGY, instance, attribute, value)


LIST = Attribute(
    id=AttributeId("parts"),
    name="Parts",
    kind=AttributeKind.CHECKLIST,
    options=tuple(Option(id=OptionId(n), label=n, value=n) for n in "ab"),
)


@pytest.mark.parametrize(
    ("attribute", "value", "fits"),
    [
        (LIST, (), True),
        (LIST, (OptionId("a"), OptionId("b")), True),
        (LIST, (OptionId("c"),), False),
        (LIST, "a", False),
        (SPEED, 3, True),
        (SPEED, 3.5, True),
        (SPEED, float("inf"), False),
        (SPEED, "3", False),
    ],
)
def test_an_answer_fits_the_kind_of_its_attribute(attribute: Attribute, value: Any, fits: bool) -> None:
    if fits:
        check_answer(attribute, value)
    else:
        with pytest.raises(OntologyError, match=attribute.name):
            check_answer(attribute, value)


# --- dynamic -----------------------------------------------------------------------------------------


def speed(value: float, first: int, last: int, unit: UnitId = UNIT) -> DynamicAnswer:
    return DynamicAnswer(attribute=SPEED.id, value=value, unit=unit, first=first, last=last)


def spans(found: LabelDocument) -> list[tuple[float, int, int]]:
    return [(a.value, a.first, a.last) for a in found.instances[CAR].dynamic]  # type: ignore[misc]  # speeds are numbers


def laid(*answers: DynamicAnswer) -> LabelDocument:
    found = document(TEXT)
    for answer in answers:
        found = found.apply(set_dynamic_answer(found, ONTOLOGY, CAR, answer))
    return found


def test_a_later_answer_cuts_the_earlier_one() -> None:
    assert spans(laid(speed(1, 0, 9), speed(2, 3, 5))) == [(1, 0, 2), (2, 3, 5), (1, 6, 9)]
    assert spans(laid(speed(1, 3, 5), speed(2, 0, 9))) == [(2, 0, 9)]


def test_neighbours_of_equal_value_become_one() -> None:
    assert spans(laid(speed(1, 0, 4), speed(1, 5, 9))) == [(1, 0, 9)]
    assert spans(laid(speed(1, 0, 4), speed(1, 6, 9))) == [(1, 0, 4), (1, 6, 9)]


def test_answers_in_another_unit_are_left_alone() -> None:
    assert spans(laid(speed(1, 0, 9), speed(2, 0, 9, UnitId(2)))) == [(1, 0, 9), (2, 0, 9)]


def test_a_range_is_cleared() -> None:
    found = laid(speed(1, 0, 9))
    after = found.apply(set_dynamic_answer(found, ONTOLOGY, CAR, speed(1, 4, 20), clear=True))
    assert spans(after) == [(1, 0, 3)]


def test_a_static_attribute_takes_no_dynamic_answer() -> None:
    answer = DynamicAnswer(attribute=COLOR.id, value=RED, unit=UNIT, first=0, last=1)
    with pytest.raises(OntologyError, match="one answer for all frames"):
        set_dynamic_answer(document(TEXT), ONTOLOGY, CAR, answer)


_spans = st.tuples(st.integers(0, 3), st.integers(0, 12), st.integers(0, 5))


@given(st.lists(_spans, max_size=8))
def test_each_frame_has_the_answer_that_was_laid_over_it_last(drawn: list[tuple[int, int, int]]) -> None:
    found = laid(*(speed(value, first, first + length) for value, first, length in drawn))
    expected: dict[int, int] = {}
    for value, first, length in drawn:
        expected |= dict.fromkeys(range(first, first + length + 1), value)
    instance = found.instances[CAR]
    assert expected == {f: v for f in range(20) if (v := instance.answer_at(SPEED.id, UNIT, f)) is not None}
    assert all(a.first <= a.last for a in instance.dynamic)
    for frame, value in expected.items():
        assert {SPEED.id: value} == instance.answers_at(UNIT, frame)


# --- classifications ---------------------------------------------------------------------------------


def frames_of(found: LabelDocument, instance: InstanceId) -> list[int]:
    track = found.track(instance, UNIT)
    frames: list[int] = [] if track is None else track.frames.tolist()
    return frames


def test_a_classification_holds_on_the_frames_that_are_free() -> None:
    found = document(TEXT)
    patch, first = place_classification(found, ONTOLOGY, ClassId("night"), UNIT, (2, 4), ME)
    found = found.apply(patch)
    assert frames_of(found, first) == [2, 3, 4]
    patch, second = place_classification(found, ONTOLOGY, ClassId("night"), UNIT, (0, 6), ME)
    after = found.apply(patch)
    assert frames_of(after, second) == [0, 1, 5, 6]
    assert (after.instances[first].ordinal, after.instances[second].ordinal) == (0, 1)
    assert found.same(after.apply(patch.inverse()))


def test_a_classification_that_holds_already_is_refused() -> None:
    found = document(TEXT)
    found = found.apply(place_classification(found, ONTOLOGY, ClassId("night"), UNIT, (2, 4), ME)[0])
    with pytest.raises(OntologyError, match="holds on all"):
        place_classification(found, ONTOLOGY, ClassId("night"), UNIT, (3, 3), ME)


def test_a_global_classification_holds_on_no_frame_in_particular() -> None:
    ontology = Ontology(classifications=(Classification(id=ClassId("site"), name="site", is_global=True),))
    found = document("")
    patch, made = place_classification(found, ontology, ClassId("site"), UNIT, (0, 5), ME)
    after = found.apply(patch)
    assert (made in after.instances, frames_of(after, made)) == (True, [])


@pytest.mark.parametrize("class_id", ["car", "nothing"])
def test_an_object_class_is_no_classification(class_id: str) -> None:
    with pytest.raises(OntologyError, match="no classification"):
        place_classification(document(""), ONTOLOGY, ClassId(class_id), UNIT, (0, 0), ME)
