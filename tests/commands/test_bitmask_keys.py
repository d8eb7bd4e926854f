"""Bitmasks painted by key: brush, eraser, threshold, flood, pen, panoptic mode, combining."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.doctext import UNIT
from tests.support.painting import block, editing, new_shapes, painting, shape_of
from tui_editor.commands import paths
from tui_editor.commands.context import Context
from tui_editor.commands.headless import Keyboard
from tui_editor.edits.masks import Panoptic
from tui_editor.model import mask_sets
from tui_editor.model.ids import ClassId, InstanceId
from tui_editor.model.masks import area
from tui_editor.model.shapes import Bitmask, same_shape
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIELD = block(100, 100, 40, 40)
NEXT = block(150, 100, 40, 40)


def mask_of(keyboard: Keyboard, number: int = 1) -> Bitmask:
    shape = shape_of(keyboard, number)
    assert isinstance(shape, Bitmask)
    return shape


def stripes() -> NDArray[np.uint8]:
    """Return a picture of 640 × 480 that is red left of 145 and blue right of it."""
    picture = np.full((480, 640, 3), (200, 30, 30), np.uint8)
    picture[:, 145:] = (30, 30, 200)
    return picture


def test_a_stroke_of_a_square_brush_adds_its_pixels_in_one_undo_step() -> None:
    keyboard = editing(FIELD)
    keyboard.type("b v space 3 0 l enter")
    assert same_shape(mask_of(keyboard), mask_sets.united(FIELD, block(110, 110, 50, 20)))
    keyboard.type("u")
    assert same_shape(mask_of(keyboard), FIELD)


def test_the_eraser_takes_pixels_and_may_leave_islands_without_a_question() -> None:
    keyboard = editing(FIELD)
    keyboard.type("g v space 3 0 k enter 6 0 j space 3 0 k enter")
    assert keyboard.front.shown == []
    assert area(mask_of(keyboard)) < 1600


def test_erasing_the_last_pixel_is_refused() -> None:
    keyboard = editing(FIELD)
    keyboard.type("g v 9 9 ] space enter")
    assert keyboard.front.warnings == ["nothing would be left of the mask (delete the label instead)"]
    assert same_shape(mask_of(keyboard), FIELD)


def test_a_stroke_that_changes_nothing_says_so_and_is_no_undo_step() -> None:
    keyboard = editing(FIELD)
    keyboard.type("b 9 [ space enter")
    assert keyboard.front.warnings == ["the stroke changes nothing"]
    assert not keyboard.store.can_undo()


def test_the_pen_fills_what_lies_within_its_path() -> None:
    keyboard = editing(FIELD)
    keyboard.type("p space 1 0 0 l space 5 0 j space 1 0 0 h enter")
    assert area(mask_of(keyboard)) == pytest.approx(1600 + 100 * 50 - 20 * 20, abs=50)


def test_the_pen_needs_three_places() -> None:
    keyboard = editing(FIELD)
    keyboard.type("p space 9 l enter")
    assert "three places" in keyboard.front.warnings[-1]


def test_the_threshold_brush_adds_only_what_has_the_colour_of_the_beginning() -> None:
    keyboard = editing(FIELD, pixels=stripes())
    keyboard.type("T v space 5 0 l enter")
    assert same_shape(mask_of(keyboard), mask_sets.united(FIELD, block(110, 110, 35, 20)))


def test_the_flood_adds_what_hangs_together_at_once() -> None:
    keyboard = editing(FIELD, pixels=stripes())
    keyboard.type("F space")
    assert area(mask_of(keyboard)) == 145 * 480
    keyboard.type("u 9 9 { 9 9 l enter")
    assert same_shape(mask_of(keyboard), mask_sets.united(FIELD, block(145, 0, 495, 480)))


def test_tools_that_look_at_colours_say_when_there_are_no_pixels() -> None:
    keyboard = editing(FIELD)
    keyboard.type("F space")
    assert "no pixels" in keyboard.front.warnings[-1]


def test_tolerance_is_set_by_keys_and_told() -> None:
    keyboard = editing(FIELD)
    keyboard.type("F 8 } {")
    assert keyboard.front.notes[-1] == "flood, tolerance 19"


# --- panoptic --------------------------------------------------------------------------------------


def painted_over(mode: str) -> Keyboard:
    keyboard = editing(FIELD, NEXT)
    keyboard.line(f"bitmask.panoptic {mode}")
    keyboard.type("b v space 5 0 l enter")
    return keyboard


def test_masks_overlap_while_panoptic_mode_is_off() -> None:
    keyboard = painted_over("off")
    assert same_shape(mask_of(keyboard, 2), NEXT)
    assert mask_sets.common(mask_of(keyboard), mask_of(keyboard, 2)).width > 0


def test_overwriting_takes_pixels_of_the_others_in_one_undo_step() -> None:
    keyboard = painted_over("overwrite")
    assert mask_sets.common(mask_of(keyboard), mask_of(keyboard, 2)).width == 0
    assert area(mask_of(keyboard, 2)) == 1600 - 30 * 20
    keyboard.type("u")
    assert same_shape(mask_of(keyboard), FIELD)
    assert same_shape(mask_of(keyboard, 2), NEXT)


def test_protecting_stops_the_stroke_at_the_others() -> None:
    keyboard = painted_over("protect")
    assert same_shape(mask_of(keyboard, 2), NEXT)
    assert area(mask_of(keyboard)) == 1600 + 10 * 20


def test_a_mask_that_was_overwritten_whole_loses_its_label_and_undo_brings_it_back() -> None:
    keyboard = editing(FIELD, block(150, 112, 5, 5))
    keyboard.type("n b v space 5 0 l enter")
    assert shape_of(keyboard, 2) is None
    assert InstanceId(2) not in keyboard.store.state.document.instances
    keyboard.type("u")
    assert area(mask_of(keyboard, 2)) == 25


def test_n_goes_through_the_panoptic_modes() -> None:
    keyboard = editing(FIELD)
    seen = []
    for _ in range(3):
        keyboard.type("n")
        seen.append(keyboard.loop.paint.panoptic)
    assert seen == [Panoptic.OVERWRITE, Panoptic.PROTECT, Panoptic.OFF]
    assert not keyboard.line("bitmask.panoptic sometimes")


# --- several, and new ones -------------------------------------------------------------------------


def test_the_selected_bitmasks_become_one() -> None:
    keyboard = editing(FIELD, NEXT, block(300, 300, 5, 5))
    keyboard.type("escape")
    keyboard.store.select(InstanceId(2), InstanceId(3), InstanceId(1))
    keyboard.type("g m")
    assert same_shape(mask_of(keyboard), mask_sets.united(FIELD, NEXT, block(300, 300, 5, 5)))
    assert len(keyboard.store.state.document.instances) == 1
    keyboard.type("u")
    assert len(keyboard.store.state.document.instances) == 3


def test_one_bitmask_alone_is_not_combined() -> None:
    keyboard = editing(FIELD, NEXT)
    keyboard.type("C")
    assert "nothing to combine" in keyboard.front.warnings[-1]


def test_a_new_bitmask_is_begun_by_brush() -> None:
    keyboard = Keyboard(painting([FIELD]))
    context = Context(front=keyboard.front, task=keyboard.store, loop=keyboard.loop)
    paths.start_brush(context, ClassId("road"))
    keyboard.type("v space enter 1 0 0 l space enter escape")
    (made,) = new_shapes(keyboard, 1)
    assert same_shape(made, mask_sets.united(block(310, 230, 20, 20), block(410, 230, 20, 20)))
    assert keyboard.mode is Mode.BROWSE
    assert len(keyboard.store.state.document.on_frame(UNIT, 0)) == 2


def test_a_new_bitmask_takes_nothing_from_protected_ones() -> None:
    keyboard = Keyboard(painting([block(0, 0, 640, 480)]))
    context = Context(front=keyboard.front, task=keyboard.store, loop=keyboard.loop)
    paths.start_brush(context, ClassId("road"))
    keyboard.type("n n space enter")
    assert "no pixel of its own" in keyboard.front.warnings[-1]
    assert new_shapes(keyboard, 1) == []
