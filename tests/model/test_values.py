"""Shapes, ontologies, instances, ids and the smaller values."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import strategies as some
from tui_editor.errors import InvalidShape
from tui_editor.model import ids
from tui_editor.model.empty import EMPTY
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, UnitId
from tui_editor.model.instances import DynamicAnswer, Instance
from tui_editor.model.issues import Comment, Issue, IssueKind, Resolution
from tui_editor.model.ontology import (
    Attribute,
    AttributeKind,
    Classification,
    ObjectClass,
    Ontology,
    Option,
    asked,
    to_value,
    walk,
)
from tui_editor.model.project import Task
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Presence,
    RotatedBox,
    Shape,
    ShapeKind,
    Verbatim,
    bounds,
    check_shape,
    kind_of,
    polygon,
    polyline,
    same_shape,
    skeleton,
    translated,
)
from tui_editor.model.workflow import DEFAULT_WORKFLOW

SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4)]
MASK = Bitmask(3, 4, 2, 2, np.array([1, 3], np.uint32))

# --- shapes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (Box(1, 2, 3, 4), (1, 2, 4, 6)),
        (RotatedBox(0, 0, 4, 2, 90), (1, -1, 3, 3)),
        (polygon(SQUARE, [(1, 1), (2, 1), (2, 2)]), (0, 0, 4, 4)),
        (polyline([(5, 5), (1, 9)]), (1, 5, 5, 9)),
        (Keypoint(7, 8), (7, 8, 7, 8)),
        (MASK, (3, 4, 5, 6)),
        (skeleton([(0, 0), (9, 9), (50, 50)], [1, 2, 0]), (0, 0, 9, 9)),
        (skeleton([(1, 1), (2, 3)], [0, 0]), (1, 1, 2, 3)),
        (Presence(), None),
        (Verbatim(), None),
        (Polygon(()), None),
    ],
)
def test_bounds(shape: Shape, expected: tuple[float, ...] | None) -> None:
    assert (None if expected is None else pytest.approx(expected)) == bounds(shape)


@given(some.shapes())
def test_a_shape_that_is_moved_there_and_back_is_where_it_was(shape: Shape) -> None:
    back = translated(translated(shape, 64, -32), -64, 32)
    assert type(shape) is type(back)
    if (before := bounds(shape)) is not None:
        assert pytest.approx(before, abs=1e-6) == bounds(back)


def test_a_mask_moves_by_whole_pixels() -> None:
    moved = translated(MASK, 1.4, -0.6)
    assert isinstance(moved, Bitmask)
    assert (moved.left, moved.top, moved.width, moved.height) == (4, 3, 2, 2)


@pytest.mark.parametrize(
    "shape",
    [
        Box(math.nan, 0, 1, 1),
        Box(0, 0, math.inf, 1),
        Box(0, 0, -1, 1),
        RotatedBox(0, 0, 1, 1, math.inf),
        RotatedBox(0, 0, 1, -1, 0),
        polygon([(0, 0), (1, 1)]),
        polygon(SQUARE, [(1, 1)]),
        Polygon(()),
        polyline([(0, 0)]),
        polyline([(0, 0), (math.nan, 1)]),
        Keypoint(0, -math.inf),
        skeleton([(0, math.nan)]),
    ],
)
def test_what_is_no_shape_is_refused(shape: Shape) -> None:
    with pytest.raises(InvalidShape):
        check_shape(shape)


@pytest.mark.parametrize(
    "shape", [Box(0, 0, 0, 0), RotatedBox(0, 0, 1, 1, 725), polygon(SQUARE), MASK, Presence(), Verbatim(b"x")]
)
def test_what_is_a_shape_passes(shape: Shape) -> None:
    check_shape(shape)


@given(some.shapes(), some.shapes())
def test_shapes_are_the_same_when_kind_and_numbers_are(a: Shape, b: Shape) -> None:
    assert same_shape(a, a)
    assert same_shape(a, b) == same_shape(b, a)
    if kind_of(a) != kind_of(b):
        assert not same_shape(a, b)


def test_rings_in_another_part_make_another_polygon() -> None:
    hole = [(1, 1), (2, 1), (2, 2)]
    apart = Polygon((polygon(SQUARE).parts[0], polygon(hole).parts[0]))
    assert not same_shape(polygon(SQUARE, hole), apart)


# --- ontology ----------------------------------------------------------------------------------------

DEEP = Attribute(id=AttributeId("deep"), name="Deep", kind=AttributeKind.TEXT)
COLOR = Attribute(
    id=AttributeId("color"),
    name="Color",
    kind=AttributeKind.RADIO,
    options=(
        Option(id=OptionId("red"), label="Red", value="red", attributes=(DEEP,)),
        Option(id=OptionId("blue"), label="Blue", value="blue"),
    ),
)
PLAIN = Attribute(id=AttributeId("plain"), name="Plain", kind=AttributeKind.NUMERIC)
CAR = ObjectClass(id=ClassId("car"), name="Car", color="#000000", shape=ShapeKind.BOX, attributes=(COLOR, PLAIN))
ONTOLOGY = Ontology(classes=(CAR,), classifications=(Classification(id=ClassId("night"), name="Night"),))


@pytest.mark.parametrize(
    ("answers", "names"),
    [
        ({}, ["Color", "Plain"]),
        ({COLOR.id: (OptionId("red"),)}, ["Color", "Deep", "Plain"]),
        ({COLOR.id: (OptionId("blue"),)}, ["Color", "Plain"]),
        ({COLOR.id: (OptionId("gone"),)}, ["Color", "Plain"]),
        ({PLAIN.id: 4}, ["Color", "Plain"]),
    ],
)
def test_an_attribute_under_an_option_is_asked_when_that_is_chosen(
    answers: dict[AttributeId, object], names: list[str]
) -> None:
    assert names == [a.name for a in asked(CAR.attributes, answers)]  # type: ignore[arg-type]  # answers of several types


def test_every_attribute_is_found_at_any_depth() -> None:
    assert [a.name for a in walk(CAR.attributes)] == ["Color", "Deep", "Plain"]
    assert DEEP is ONTOLOGY.attribute(DEEP.id)
    assert ONTOLOGY.attribute(AttributeId("no")) is None


def test_classes_are_found_by_id_and_by_name_in_any_case() -> None:
    assert CAR is ONTOLOGY.find(CAR.id)
    assert CAR is ONTOLOGY.find_named("cAR")
    assert (ONTOLOGY.find(ClassId("x")), ONTOLOGY.find_named("x")) == (None, None)
    assert [c.name for c in ONTOLOGY.all()] == ["Car", "Night"]
    assert ShapeKind.PRESENCE is ONTOLOGY.all()[1].shape


def test_a_script_name_is_lower_case_with_underscores() -> None:
    assert to_value(" No  entry\tSign ") == "no_entry_sign"


# --- instances, issues, tasks ------------------------------------------------------------------------


def test_answers_on_a_frame_are_the_static_and_the_dynamic_ones_that_hold_there() -> None:
    dynamic = DynamicAnswer(attribute=PLAIN.id, value=5, unit=UnitId(1), first=3, last=4)
    instance = Instance(
        id=InstanceId(1), class_id=CAR.id, ordinal=0, answers={COLOR.id: (OptionId("red"),)}, dynamic=(dynamic,)
    )
    red = {COLOR.id: (OptionId("red"),)}
    assert [red, {**red, PLAIN.id: 5}, {**red, PLAIN.id: 5}, red] == [
        instance.answers_at(UnitId(1), frame) for frame in (2, 3, 4, 5)
    ]
    assert red == instance.answers_at(UnitId(2), 3)
    assert (instance.answer_at(PLAIN.id, UnitId(1), 3), instance.answer_at(PLAIN.id, UnitId(1), 9)) == (5, None)


def test_an_issue_is_as_its_last_change_left_it() -> None:
    ticks = [Resolution(resolved=r, by="me", at_ms=n) for n, r in enumerate((True, False, True))]
    made = [
        Issue(id=ids.IssueId(1), kind=IssueKind.FILE, author="me", created_ms=0, history=tuple(ticks[:n]))
        for n in range(4)
    ]
    assert [issue.resolved for issue in made] == [False, True, False, True]


def test_an_issue_is_called_by_its_first_comment_or_its_tags() -> None:
    said = Comment(author="me", at_ms=0, text="odd")
    common = {"id": ids.IssueId(1), "kind": IssueKind.FILE, "author": "me", "created_ms": 0}
    assert Issue(**common, comments=(said,), tags=("a",)).title == "odd"  # type: ignore[arg-type]  # fields of Issue
    assert Issue(**common, tags=("a", "b")).title == "a, b"  # type: ignore[arg-type]  # fields of Issue


def test_a_unit_or_stage_that_there_is_not_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Task(id=ids.TaskId(1), title="", units=()).unit(UnitId(3))
    with pytest.raises(KeyError):
        DEFAULT_WORKFLOW.stage("nowhere")
    assert DEFAULT_WORKFLOW.first.name == "annotate"


# --- ids and the empty mapping -----------------------------------------------------------------------


@given(st.integers(0, 2**63 - 1))
def test_an_id_comes_back_from_its_text(number: int) -> None:
    assert number == ids.from_text(ids.to_text(number))
    assert number == ids.from_text(ids.to_text(number).upper())


@pytest.mark.parametrize("text", ["", "u", "a!", "o0", "ü"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ids.from_text(text)


def test_ids_differ_and_fit_a_signed_integer() -> None:
    made = {ids.new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(0 < i < 2**63 for i in made)
    assert all(len(ids.new_hash()) == 8 for _ in range(20))


def test_the_empty_mapping_stays_empty() -> None:
    with pytest.raises(TypeError):
        EMPTY["a"] = 1
    with pytest.raises(TypeError):
        EMPTY.setdefault("a", 1)
    shared = EMPTY
    with pytest.raises(TypeError):
        shared |= {"a": 1}
    assert EMPTY == {}
    assert {} == copy.deepcopy(EMPTY) == pickle.loads(pickle.dumps(EMPTY))
