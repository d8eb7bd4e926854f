"""Rules S02, S03, S04, S06."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from tests.checks.support import (
    CAR,
    CLIP,
    ONTOLOGY,
    PROJECT,
    UNIT,
    document,
    found,
    instance,
    label,
    one,
    with_ontology,
)

from tui_editor.model.frames import Unit, UnitKind
from tui_editor.model.ids import AttributeId, InstanceId, IssueId, UnitId
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.issues import Comment, DecisionState, Issue, IssueKind, ReviewDecision
from tui_editor.model.ontology import Ontology
from tui_editor.model.shapes import Bitmask, Box, Keypoint, RotatedBox, Shape, polygon, polyline, skeleton
from tui_editor.model.tracks import make_track

BOX = Box(10, 10, 20, 20)
CLEAN = one(BOX, 0, 9)
ELSEWHERE = UnitId(99)
GHOST = InstanceId(55)


QUESTION = Issue(
    id=IssueId(5),
    kind=IssueKind.FRAME,
    author="a",
    created_ms=1,
    comments=(Comment(author="a", at_ms=1, text="Why?"),),
)


def answer(first: int = 0, last: int = 0, unit: UnitId = UNIT, value: float = 3.0) -> DynamicAnswer:
    return DynamicAnswer(attribute=AttributeId("speed"), value=value, unit=unit, first=first, last=last)


@pytest.mark.parametrize("rule", ["S02", "S03", "S04", "S06"])
def test_a_sound_task_is_clean(rule: str) -> None:
    assert found(rule, CLEAN) == []
    assert found(rule) == []


# --- S02 -----------------------------------------------------------------------------------------


def test_s02_finds_data_units_with_one_identifier() -> None:
    (finding,) = found("S02", CLEAN, units=(CLIP, replace(CLIP, title="other")))

    assert finding.unit == UNIT


def test_s02_finds_instances_of_a_class_with_one_identifier_of_the_source() -> None:
    labels = document(instance(source_id="12"), instance(key=2, source_id="12"), instance(key=3, source_id="13"))
    (finding,) = found("S02", labels)

    assert finding.instance == 2
    assert finding.message == "2 instances have the identifier 12 of the source: Box (0), Box (1)"


def test_s02_leaves_one_identifier_for_the_parts_of_a_thing() -> None:
    labels = document(instance(source_id="12"), instance("polygon", key=2, source_id="12"), instance(key=3))

    assert found("S02", labels) == []


def test_s02_finds_a_class_that_the_ontology_declares_twice_where_it_is_used() -> None:
    twice = with_ontology(Ontology(classes=(*ONTOLOGY.classes, ONTOLOGY.classes[0])))

    assert [f.instance for f in found("S02", CLEAN, project=twice)] == [CAR]
    assert found("S02", document(instance("polygon")), project=twice) == []


def test_s02_finds_an_option_that_is_declared_twice() -> None:
    car = ONTOLOGY.classes[1]
    color = car.attributes[0]
    broken = replace(car, attributes=(replace(color, options=(color.options[0],) * 2),))

    (finding,) = found("S02", document(instance("car")), project=with_ontology(Ontology(classes=(broken,))))
    assert "identifier red" in finding.message


# --- S03 -----------------------------------------------------------------------------------------


def test_s03_finds_labels_without_their_instance_or_data_unit() -> None:
    track = make_track([label(0, BOX)])
    labels = document(instance(), tracks={(GHOST, UNIT): track, (CAR, ELSEWHERE): track})

    assert [(f.instance, f.unit) for f in found("S03", labels)] == [(CAR, None), (None, UNIT)]


def test_s03_finds_answers_on_a_data_unit_that_is_not_there() -> None:
    assert [f.instance for f in found("S03", document(instance(dynamic=(answer(unit=ELSEWHERE),))))] == [CAR]


@pytest.mark.parametrize("anchor", [{"unit": ELSEWHERE}, {"instance": GHOST}])
def test_s03_finds_issues_that_hang_on_nothing(anchor: dict[str, Any]) -> None:
    assert [f.issue for f in found("S03", document(instance(), issues=[replace(QUESTION, **anchor)]))] == [5]


def test_s03_finds_decisions_on_nothing() -> None:
    rejected = ReviewDecision(state=DecisionState.REJECTED, issue=IssueId(77))
    approved = ReviewDecision(state=DecisionState.APPROVED)

    assert len(found("S03", document(instance(), decisions={GHOST: approved}))) == 1
    assert [f.instance for f in found("S03", document(instance(), decisions={CAR: rejected}))] == [CAR]
    assert found("S03", document(instance(), decisions={CAR: approved})) == []


def test_s03_finds_media_of_a_root_that_is_not_known() -> None:
    assert [f.unit for f in found("S03", project=replace(PROJECT, roots={}))] == [UNIT]


# --- S04 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("frames", "first"), [((9, 10, 11), 10), ((-2, 0), -2)])
def test_s04_finds_labels_beyond_the_ends(frames: tuple[int, ...], first: int) -> None:
    (finding,) = found("S04", one(BOX, *frames))

    assert (finding.frame, finding.instance) == (first, CAR)


@pytest.mark.parametrize("ends", [(8, 10), (-1, 3), (5, 4)])
def test_s04_finds_answers_and_issues_beyond_the_ends(ends: tuple[int, int]) -> None:
    labels = document(instance(dynamic=(answer(*ends),)), issues=[replace(QUESTION, unit=UNIT, frames=ends)])

    assert [(f.instance, f.issue) for f in found("S04", labels)] == [(CAR, None), (None, 5)]


@pytest.mark.parametrize("unit", [replace(CLIP, frame_count=0), replace(CLIP, kind=UnitKind.OTHER)])
def test_s04_leaves_media_without_a_known_number_of_frames(unit: Unit) -> None:
    assert found("S04", one(BOX, 300), units=(unit,)) == []


# --- S06 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape",
    [
        Box(math.nan, 0, 1, 1),
        Box(0, 0, math.inf, 1),
        RotatedBox(0, 0, 1, 1, -math.inf),
        Keypoint(0, math.nan),
        polygon([0, 0, 1, 0, 1, math.nan]),
        polyline([math.inf, 0, 1, 1]),
        skeleton([math.nan, 0, 1, 1]),
    ],
)
def test_s06_finds_coordinates_that_are_not_finite(shape: Shape) -> None:
    assert [f.frame for f in found("S06", one(shape, 3, 4))] == [3]


def test_s06_names_only_the_label_at_fault() -> None:
    track = make_track([label(f, polygon([0, 0, 5, 0, 5, math.nan if f == 2 else 5])) for f in range(5)])

    assert [f.message for f in found("S06", document(instance("polygon"), tracks={(CAR, UNIT): track}))] == [
        "polygon (0) has a number that is not finite on frame 2"
    ]


@pytest.mark.parametrize(
    "shape", [BOX, polygon([0, 0, 1, 0, 1, 1]), skeleton([1, 2]), Bitmask(0, 0, 1, 1, np.array([0, 1], np.uint32))]
)
def test_s06_leaves_finite_numbers(shape: Shape) -> None:
    assert found("S06", one(shape)) == []


def test_s06_finds_answers_pins_and_confidences() -> None:
    bad = replace(label(0, BOX), confidence=math.nan)
    labels = document(
        instance(dynamic=(answer(value=math.inf),)),
        tracks={(CAR, UNIT): make_track([bad])},
        issues=[replace(QUESTION, kind=IssueKind.PIN, unit=UNIT, point=(math.nan, 1.0))],
    )

    assert [(f.instance, f.issue) for f in found("S06", labels)] == [(CAR, None), (CAR, None), (None, 5)]
