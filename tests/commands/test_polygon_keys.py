"""Polygons and polylines reshaped by key: touch-up, split, scissors, merge, subtract, simplify."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.painting import (
    APART,
    BESIDE,
    LINE,
    SQUARE,
    at,
    block,
    editing,
    new_shapes,
    points_of,
    polygon_of,
    shape_of,
    tool_of,
)
from tui_editor.commands import strokes
from tui_editor.commands.table import by_id
from tui_editor.edits.labels import move_labels
from tui_editor.edits.stamp import Stamp
from tui_editor.model.geometry import area
from tui_editor.model.ids import InstanceId
from tui_editor.model.shapes import Polyline, polygon, same_shape
from tui_editor.state.tool import PathUse
from tui_editor.state.view import Mode

# --- touch-up --------------------------------------------------------------------------------------


def test_a_touch_up_begins_at_the_active_vertex_and_ends_at_the_one_nearest_to_the_crosshair() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("tab f")
    assert tool_of(keyboard).path == ((100, 100),)
    at(keyboard, 150, 60)
    keyboard.type("space")
    at(keyboard, 198, 103)
    keyboard.type("enter")
    assert polygon_of(keyboard).parts[0][0].tolist() == [[100, 100], [150, 60], [200, 100], [200, 200], [100, 200]]
    assert keyboard.mode is Mode.EDIT


def test_f_flips_the_arc_and_the_preview_shows_it() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("tab f")
    at(keyboard, 150, 60)
    keyboard.type("space")
    at(keyboard, 200, 100)
    keyboard.type("f")
    state = keyboard.store.state
    shown = state.shown.label(InstanceId(1), state.view.unit, 0)
    assert shown is not None
    assert area(shown.shape) == 2000
    keyboard.type("enter")
    assert area(polygon_of(keyboard)) == 2000


def test_tab_puts_the_crosshair_on_vertices() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("f tab")
    assert tool_of(keyboard).crosshair == (100, 100)
    keyboard.type("tab")
    assert tool_of(keyboard).crosshair == (200, 100)
    keyboard.type("2 shift+tab")
    assert tool_of(keyboard).crosshair == (100, 200)


def test_a_polyline_is_touched_up_between_two_points() -> None:
    keyboard = editing(LINE)
    keyboard.type("f shift+tab space")
    at(keyboard, 200, 250)
    keyboard.type("space")
    at(keyboard, 300, 300)
    keyboard.type("enter")
    assert points_of(keyboard) == [[100, 300], [200, 250], [300, 300]]


def test_a_touch_up_that_ends_where_it_began_says_so() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("tab f 5 l space 5 h enter")
    assert "where it began" in keyboard.front.warnings[-1]
    assert same_shape(polygon_of(keyboard), SQUARE)


# --- split and scissors ----------------------------------------------------------------------------


def test_a_split_needs_two_places_and_leaves_the_larger_side_to_the_object() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("c")
    at(keyboard, 130, 140)
    keyboard.type("space 5 j enter")
    assert area(polygon_of(keyboard)) == 7000
    assert [area(shape) for shape in new_shapes(keyboard, 1)] == [3000]
    assert keyboard.mode is Mode.EDIT
    keyboard.type("u")
    assert same_shape(polygon_of(keyboard), SQUARE)


def test_a_line_beside_the_polygon_splits_nothing() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("c")
    at(keyboard, 300, 140)
    keyboard.type("space 5 j enter")
    assert "doesn't cross" in keyboard.front.warnings[-1]
    assert len(keyboard.store.state.document.instances) == 1


def test_a_polyline_is_split_at_the_line() -> None:
    keyboard = editing(LINE)
    keyboard.type("c")
    at(keyboard, 250, 200)
    keyboard.type("space 5 j enter")
    assert points_of(keyboard) == [[100, 300], [200, 300], [250, 300]]
    (rest,) = new_shapes(keyboard, 1)
    assert isinstance(rest, Polyline)
    assert rest.points.tolist() == [[250, 300], [300, 300]]


@pytest.mark.parametrize("begin", ["x", "w x", "escape w x"])
def test_the_scissors_cut_the_vertices_between_two_places(begin: str) -> None:
    keyboard = editing(SQUARE)
    keyboard.type(begin)
    at(keyboard, 90, 90)
    keyboard.type("space")
    at(keyboard, 110, 110)
    keyboard.type("enter")
    assert polygon_of(keyboard).parts[0][0].tolist() == [[200, 100], [200, 200], [100, 200]]


def test_the_scissors_cut_within_a_path_of_more_places() -> None:
    keyboard = editing(LINE)
    keyboard.type("x")
    for place in ((190, 290), (210, 290), (200, 320)):
        at(keyboard, *place)
        keyboard.type("space")
    keyboard.type("enter")
    assert points_of(keyboard) == [[100, 300], [300, 300]]


def test_the_scissors_leave_at_least_a_triangle() -> None:
    keyboard = editing(SQUARE)
    keyboard.type("x")
    at(keyboard, 90, 90)
    keyboard.type("space")
    at(keyboard, 210, 110)
    keyboard.type("enter")
    assert "nothing would be left" in keyboard.front.warnings[-1]
    assert same_shape(polygon_of(keyboard), SQUARE)


def test_the_scissors_are_not_offered_in_review() -> None:
    keyboard = editing(SQUARE, stage="review")
    keyboard.type("x")
    assert keyboard.front.warnings == ["Scissors: the scissors are not offered in review"]
    keyboard.line("geometry.scissors")
    assert len(keyboard.front.warnings) == 2
    assert keyboard.mode is Mode.EDIT


# --- with another ----------------------------------------------------------------------------------


def test_a_polygon_is_merged_with_another_which_goes() -> None:
    keyboard = editing(SQUARE, BESIDE, APART, answers=["1"])
    keyboard.type("m")
    assert area(polygon_of(keyboard)) == 10000 + 100 * 60
    assert shape_of(keyboard, 2) is None
    assert keyboard.store.state.selected == InstanceId(1)
    assert shape_of(keyboard, 3) is not None
    keyboard.type("u")
    assert same_shape(polygon_of(keyboard, 2), BESIDE)


@pytest.mark.parametrize(("answer", "parts"), [("yes", 2), ("no", 1)])
def test_polygons_that_do_not_touch_are_merged_when_that_was_confirmed(answer: str, parts: int) -> None:
    keyboard = editing(SQUARE, APART, answers=["lake (1)", answer])
    keyboard.type("m")
    assert len(polygon_of(keyboard).parts) == parts
    assert (shape_of(keyboard, 2) is None) == (answer == "yes")


def test_another_polygon_is_subtracted_and_stays() -> None:
    keyboard = editing(SQUARE, BESIDE, answers=["1"])
    keyboard.type("M")
    assert area(polygon_of(keyboard)) == 10000 - 20 * 60
    assert same_shape(polygon_of(keyboard, 2), BESIDE)


def test_the_one_that_was_selected_before_is_taken_without_asking() -> None:
    keyboard = editing(SQUARE, BESIDE, APART)
    keyboard.store.select(InstanceId(2), InstanceId(1))
    keyboard.type("m")
    assert keyboard.front.shown == []
    assert shape_of(keyboard, 2) is None


def test_another_one_can_be_named_on_the_line() -> None:
    keyboard = editing(SQUARE, BESIDE)
    assert keyboard.line("polygon.subtract lake (1)")
    assert area(polygon_of(keyboard)) == 8800
    assert not keyboard.line("polygon.subtract lake (7)")


@pytest.mark.parametrize("keys", ["m", "M"])
def test_without_another_polygon_there_is_nothing_to_merge_or_subtract(keys: str) -> None:
    keyboard = editing(SQUARE, LINE)
    keyboard.type(keys)
    assert keyboard.front.warnings == ["there is no other polygon on this frame"]


def test_subtracting_what_covers_all_is_refused() -> None:
    keyboard = editing(SQUARE, polygon([0, 0, 600, 0, 600, 400, 0, 400]), answers=["1"])
    keyboard.front.answers.append("1")
    keyboard.type("M")
    assert "nothing would be left" in keyboard.front.warnings[-1]
    assert same_shape(polygon_of(keyboard), SQUARE)


# --- simplify --------------------------------------------------------------------------------------


def test_simplifying_takes_tenths_of_a_pixel_as_count() -> None:
    wavy = polygon([100, 100, 150, 100.8, 200, 100, 200, 200, 150, 203, 100, 200])
    keyboard = editing(wavy)
    keyboard.type("5 t")
    assert keyboard.front.notes[-1] == "6 vertices, 6 left at 0.5 px"
    assert not keyboard.store.can_undo()
    keyboard.type("t")
    assert len(polygon_of(keyboard).parts[0][0]) == 5
    keyboard.type("5 0 t")
    assert polygon_of(keyboard).parts[0][0].tolist() == SQUARE.parts[0][0].tolist()


@pytest.mark.parametrize("typed", ["zz", "nan", "-1", "0", "1e9"])
def test_simplifying_takes_pixels_on_the_line_and_refuses_what_is_no_length(typed: str) -> None:
    keyboard = editing(LINE)
    assert not keyboard.line(f"simplify {typed}")
    assert same_shape(shape_of(keyboard) or SQUARE, LINE)
    assert keyboard.line("simplify 0.2")
    assert points_of(keyboard) == [[100, 300], [300, 300]]


def test_a_polyline_is_simplified() -> None:
    keyboard = editing(LINE)
    keyboard.type("t")
    assert points_of(keyboard) == [[100, 300], [300, 300]]


def test_what_a_path_did_is_kept_under_the_name_of_its_command() -> None:
    assert set(PathUse) == set(strokes.COMMAND_OF)
    assert set(strokes.COMMAND_OF.values()) <= set(by_id())
    keyboard = editing(SQUARE)
    keyboard.type("b 9 9 ] space enter u")
    assert keyboard.front.notes[-1] == "undone: Brush"


def test_what_an_unknown_command_did_is_undone_under_its_id_in_words() -> None:
    keyboard = editing(SQUARE)
    state = keyboard.store.state
    moved = move_labels(state.document, state.selection, state.frame, (1, 0), Stamp("ann", 1))
    keyboard.store.apply(moved, "later.new_thing")
    keyboard.type("u")
    assert keyboard.front.notes[-1] == "undone: later: new thing"


def test_tools_say_which_kind_they_are_for_while_another_one_is_painted() -> None:
    keyboard = editing(block(10, 10, 20, 20))
    keyboard.type("b")
    keyboard.line("polygon.split")
    assert keyboard.front.warnings == ["Split by a line: the label is no polygon or polyline"]
    assert tool_of(keyboard).use is PathUse.BRUSH
    assert np.isfinite(tool_of(keyboard).crosshair).all()
