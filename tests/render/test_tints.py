"""What a label's colour and tag tell."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import ONTOLOGY, UNIT, document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import AttributeId, InstanceId, OptionId
from tui_editor.model.issues import DecisionState
from tui_editor.render.marks import BoxMark, Mark, TagMark
from tui_editor.render.scene import SceneOptions, build_scene, scene_colours
from tui_editor.render.tints import STATES, confidence_colour
from tui_editor.state.view import ColourBy, TagText

if TYPE_CHECKING:
    from tui_editor.model.ontology import AnswerValue

TEXT = """
car@0 box 10,10 20,20 approved
car(1)@0 box 50,50 20,20 rejected
car(2)@0 box 90,90 20,20
car(2)@1 box 95,90 20,20
car(2)@2 box 99,90 20,20
"""
HERE = FrameRef(UNIT, 0)


def scene(**options: object) -> tuple[Mark, ...]:
    return build_scene(document(TEXT), ONTOLOGY, HERE, SceneOptions(**options))  # type: ignore[arg-type]


def colours(by: ColourBy) -> list[tuple[int, int, int]]:
    return [mark.style.colour for mark in scene(colour_by=by) if isinstance(mark, BoxMark)]


def test_the_review_state_has_a_colour_each() -> None:
    wanted = [STATES[s] for s in (DecisionState.APPROVED, DecisionState.REJECTED, DecisionState.PENDING)]
    assert colours(ColourBy.STATE) == wanted


def test_instances_of_one_class_have_colours_of_their_own() -> None:
    assert len(set(colours(ColourBy.CLASS))) == 1
    assert len(set(colours(ColourBy.INSTANCE))) == 3


def test_confidence_goes_from_red_over_yellow_to_green() -> None:
    low, middle, high = (confidence_colour(c) for c in (0.0, 0.5, 1.0))
    assert low[0] > 200 > low[1]
    assert min(middle[:2]) > 200
    assert high[1] > high[0]
    assert colours(ColourBy.CONFIDENCE) == [high] * 3


@pytest.mark.parametrize("by", list(ColourBy))
def test_every_colour_of_a_scene_is_reserved_in_the_palette(by: ColourBy) -> None:
    assert set(colours(by)) <= set(scene_colours(ONTOLOGY, by))


def tags(words: TagText) -> list[str]:
    found = document("car@0 box 10,10 20,20")
    car = found.instances[InstanceId(1)]
    answers: dict[AttributeId, AnswerValue] = {
        AttributeId("color"): (OptionId("red"),),
        AttributeId("shade"): "dark\x1b[31m",
    }
    found = dataclasses.replace(found, instances=found.instances.insert(car.id, replace(car, answers=answers)))
    marks = build_scene(found, ONTOLOGY, HERE, SceneOptions(words=words))
    return [mark.text for mark in marks if isinstance(mark, TagMark)]


def test_a_tag_says_what_is_wanted_and_is_harmless() -> None:
    assert tags(TagText.NAME) == ["car (0)"]
    (text,) = tags(TagText.ALL)
    assert text.startswith("car (0) · Red · dark")
    assert "\x1b" not in text


def test_the_line_width_is_that_of_the_option_and_one_more_where_selected() -> None:
    marks = scene(line_px=4, selected=frozenset({InstanceId(1)}))
    widths = sorted({mark.style.thickness for mark in marks if isinstance(mark, BoxMark)})
    assert widths == [4, 5]


def test_onion_skin_outlines_neighbours_below_the_labels() -> None:
    marks = scene(onion=2, selected=frozenset({InstanceId(3)}))
    boxes = [mark for mark in marks if isinstance(mark, BoxMark)]
    assert [mark.box_px[0] for mark in boxes[:2]] == [99, 95]
    assert all(mark.style.dimmed and mark.style.thickness == 1 and not mark.style.fill_alpha for mark in boxes[:2])
    assert len(boxes) == 5
