"""Polygons and polylines under brush and eraser by key; new ones begun by brush."""

from __future__ import annotations

import pytest

from tests.support.doctext import UNIT
from tests.support.painting import (
    LINE,
    SQUARE,
    at,
    block,
    editing,
    new_shapes,
    painting,
    points_of,
    polygon_of,
    tool_of,
)
from tui_editor.commands import paths
from tui_editor.commands.context import Context
from tui_editor.commands.headless import Keyboard
from tui_editor.errors import Refused
from tui_editor.model.geometry import area
from tui_editor.model.ids import ClassId, InstanceId
from tui_editor.model.shapes import Box, Shape, same_shape
from tui_editor.state.view import Mode

# --- brush and eraser ------------------------------------------------------------------------------


def test_the_brush_adds_along_the_path_in_one_undo_step() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("b v")
    at(keyboard, 200, 150)
    keyboard.type("space")
    at(keyboard, 250, 150)
    keyboard.type("enter")
    assert area(polygon_of(keyboard)) == 10000 + 60 * 20
    keyboard.type("u")
    assert same_shape(polygon_of(keyboard), SQUARE)


def test_a_dab_is_space_and_enter_and_the_brush_stays_in_the_hand() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("b v")
    at(keyboard, 200, 150)
    keyboard.type("space enter")
    at(keyboard, 100, 150)
    keyboard.type("space enter")
    assert area(polygon_of(keyboard)) == 10000 + 2 * 10 * 20
    assert (keyboard.mode, tool_of(keyboard).path) == (Mode.TOOL, ())


def test_the_eraser_takes_a_hole_out() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("g v space enter")
    assert area(polygon_of(keyboard)) == 10000 - 400
    assert [len(part) for part in polygon_of(keyboard).parts] == [2]


@pytest.mark.parametrize(
    ("answer", "parts", "others"), [("1", 2, 0), ("2", 1, 1), ("3", 1, 0), ("Make an object of each part", 1, 1)]
)
def test_what_falls_apart_is_asked(answer: str, parts: int, others: int) -> None:
    keyboard = editing(SQUARE, answers=[answer])
    keyboard.type("g v")
    at(keyboard, 140, 50)
    keyboard.type("space")
    at(keyboard, 140, 250)
    keyboard.type("enter")
    assert keyboard.front.shown == ["The polygon falls into 2 parts"]
    assert len(polygon_of(keyboard).parts) == parts
    found = new_shapes(keyboard, 1)
    assert len(found) == others
    total = area(polygon_of(keyboard)) + sum(area(shape) for shape in found)
    assert total == (8000 if answer != "3" else 5000)
    keyboard.type("u")
    assert same_shape(polygon_of(keyboard), SQUARE)
    assert len(keyboard.store.state.document.instances) == 1


def test_a_question_without_an_answer_changes_nothing() -> None:
    keyboard = editing(SQUARE)
    before = keyboard.store.state.document
    keyboard.type("b")
    at(keyboard, 400, 400)
    keyboard.type("space enter")
    assert keyboard.front.shown == ["The polygon falls into 2 parts"]
    assert before is keyboard.store.state.document


def test_erasing_everything_is_refused_and_the_path_can_be_mended() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("g 9 9 9 ] space enter")
    assert keyboard.front.warnings[-1] == "nothing would be left of the polygon (dd deletes the label)"
    assert same_shape(polygon_of(keyboard), SQUARE)
    assert len(tool_of(keyboard).path) == 1


def test_what_the_stroke_would_do_is_shown_but_not_done_and_escape_leaves_nothing() -> None:
    keyboard = editing(SQUARE)
    before = keyboard.store.state.document
    keyboard.type("b space 9 9 l")
    state = keyboard.store.state
    assert before is state.document
    shown = state.shown.label(InstanceId(1), state.view.unit, 0)
    assert shown is not None
    assert area(shown.shape) > 10000
    keyboard.type("escape")
    state = keyboard.store.state
    assert (state.mode, state.preview) == (Mode.EDIT, None)
    assert before is state.document


def test_enter_without_a_path_goes_back_to_the_handles_and_escape_from_there_to_the_loop() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("b enter")
    assert keyboard.mode is Mode.EDIT
    keyboard.type("escape")
    assert (keyboard.mode, keyboard.store.state.tool) == (Mode.BROWSE, None)


def test_backspace_takes_back_the_last_place_and_before_it_the_zoom() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("b space 9 l space q")
    assert tool_of(keyboard).window[2] < 640
    keyboard.type("backspace")
    assert (len(tool_of(keyboard).path), tool_of(keyboard).window) == (2, (0, 0, 640, 480))
    keyboard.type("backspace backspace")
    assert tool_of(keyboard).path == ()


def test_the_nine_keys_and_big_steps_move_the_brush() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("b q")
    assert tool_of(keyboard).crosshair == (107, 80)
    keyboard.type("L 2 J")
    assert tool_of(keyboard).crosshair == (117, 100)


def test_size_and_shape_are_remembered_from_one_tool_to_the_next() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("b v 1 0 ] escape g")
    assert (tool_of(keyboard).paint.brush.size_px, tool_of(keyboard).paint.brush.square) == (30, True)
    keyboard.type("] [")
    assert keyboard.front.notes[-1] == "eraser, 30 px square"
    keyboard.type("9 9 9 9 [")
    assert tool_of(keyboard).paint.brush.size_px == 1


def test_the_brush_goes_on_with_a_polyline() -> None:
    keyboard = editing(LINE)
    keyboard.type("b")
    at(keyboard, 300, 300)
    keyboard.type("space")
    at(keyboard, 400, 350)
    keyboard.type("enter")
    assert points_of(keyboard) == [[100, 300], [200, 300], [300, 300], [400, 350]]


def test_the_eraser_is_not_for_polylines_and_says_so() -> None:
    keyboard = editing(LINE)
    keyboard.type("g")
    assert keyboard.front.warnings == ["Eraser: the label is no polygon or bitmask"]


@pytest.mark.parametrize("keys", ["b", "g", "f", "m", "M", "c", "t", "x", "T", "F", "p"])
def test_no_tool_is_for_boxes(keys: str) -> None:
    keyboard = editing(Box(10, 10, 20, 20))
    before = keyboard.store.state.document
    keyboard.type(keys)
    assert "the label is no" in keyboard.front.warnings[-1]
    assert (keyboard.mode, before) == (Mode.EDIT, keyboard.store.state.document)


# --- a new polygon ---------------------------------------------------------------------------------


def begun(class_id: str) -> Keyboard:
    keyboard = Keyboard(painting([SQUARE]))
    context = Context(front=keyboard.front, task=keyboard.store, loop=keyboard.loop)
    paths.start_brush(context, ClassId(class_id))
    return keyboard


def test_a_new_polygon_is_begun_by_brush_and_the_next_strokes_add_to_it() -> None:
    keyboard = begun("lake")
    keyboard.type("v")
    assert tool_of(keyboard).crosshair == (320, 240)
    keyboard.type("space 2 0 l enter space 2 0 j enter")
    (made,) = new_shapes(keyboard, 1)
    assert area(made) == 20 * 40 + 20 * 20
    assert same_shape(polygon_of(keyboard), SQUARE)
    keyboard.type("u u")
    assert new_shapes(keyboard, 1) == []
    keyboard.type("space enter escape")
    assert len(new_shapes(keyboard, 1)) == 1
    assert keyboard.mode is Mode.BROWSE


def test_a_new_instance_is_selected_and_remembered_for_the_next_one() -> None:
    keyboard = begun("lake")
    keyboard.type("space enter")
    assert keyboard.store.state.selected == tool_of(keyboard).begun
    assert keyboard.loop.drawn == "lake"


def test_escape_before_the_first_stroke_makes_nothing() -> None:
    keyboard = begun("lake")
    before = keyboard.store.state.document
    keyboard.type("space 9 9 l escape")
    assert before is keyboard.store.state.document
    assert (keyboard.mode, keyboard.store.state.preview) == (Mode.BROWSE, None)


def test_nothing_can_be_erased_before_it_is_painted() -> None:
    keyboard = begun("lake")
    keyboard.type("g space enter")
    assert "there is nothing yet" in keyboard.front.warnings[-1]


@pytest.mark.parametrize("class_id", ["lane", "car", "unknown"])
def test_only_polygons_and_bitmasks_are_painted(class_id: str) -> None:
    with pytest.raises(Refused):
        begun(class_id)


@pytest.mark.parametrize(("keys", "class_id"), [("s m", "road"), ("s P", "lake"), ("s p b", "lake")])
def test_painting_is_begun_by_key(keys: str, class_id: str) -> None:
    keyboard = Keyboard(painting([SQUARE]))
    keyboard.type(keys)
    assert tool_of(keyboard).class_id == class_id
    keyboard.type("space enter escape .")
    assert len(new_shapes(keyboard, 1)) == 1


def test_only_a_polygon_that_is_being_drawn_goes_on_with_the_brush() -> None:
    keyboard = Keyboard(painting([SQUARE]))
    keyboard.type("s b b")
    assert keyboard.front.warnings == ["only a new polygon can be painted"]


@pytest.mark.parametrize("shape", [SQUARE, block(10, 10, 20, 20)])
def test_strokes_become_the_objects_label_on_a_frame_that_lacks_one(shape: Shape) -> None:
    keyboard = Keyboard(painting([shape]))
    keyboard.store.select(InstanceId(1))
    keyboard.type("l")
    context = Context(front=keyboard.front, task=keyboard.store, loop=keyboard.loop)
    paths.start_brush(context, keyboard.store.state.document.instances[InstanceId(1)].class_id, replaces=True)
    keyboard.type("v space 2 0 l enter space 2 0 j enter")
    label = keyboard.store.state.document.label(InstanceId(1), UNIT, 1)
    assert label is not None
    assert area(label.shape) == 20 * 40 + 20 * 20
    keyboard.type("u u")
    assert keyboard.store.state.document.label(InstanceId(1), UNIT, 1) is None
    assert len(keyboard.store.state.document.instances) == 1
