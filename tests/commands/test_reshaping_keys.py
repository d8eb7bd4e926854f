"""Shapes corrected by keys: turned, mirrored, vertices in and out, snapped, seen or not, several at once."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.doctext import case, opened
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.model.frames import Frame
from tui_editor.state.tool import HandleTool, JumpTool
from tui_editor.state.view import Mode

LAKE = "lake@0 polygon 10,10 50,10 50,50 10,50"
HAND = "hand@0 skeleton 40,90,1 10,10,1 70,10,1"
TWO = "car@0 box 10,10 20,20\ncar(1)@0 box 100,100 20,20"


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("ship@0 rbox 10,10 40,20 0", "j e 3 0 r", "ship@0 rbox 10,10 40,20 30"),
        ("ship@0 rbox 10,10 40,20 0", "j e R", "ship@0 rbox 10,10 40,20 -1"),
        ("ship@0 rbox 10,10 40,20 170", "j e 2 0 r", "ship@0 rbox 10,10 40,20 -170"),
        ("ship@0 rbox 10,10 40,20 30", "j e |", "ship@0 rbox 10,10 40,20 -30"),
        ("ship@0 rbox 10,10 40,20 0", "j e shift+tab 1 8 l", "ship@0 rbox 10,10 40,20 45"),
        (LAKE, "j e 9 0 r", "lake@0 polygon 50,10 50,50 10,50 10,10"),
        ("lane@0 line 0,0 30,0", "j e |", "lane@0 line 30,0 0,0"),
        (HAND, "j e |", "hand@0 skeleton 40,90,1 70,10,1 10,10,1"),
        (HAND, "j e 1 0 s", "hand@0 skeleton 40,100,1 0,0,1 80,0,1"),
        (LAKE, "j e tab I", "lake@0 polygon 10,10 30,10 50,10 50,50 10,50"),
        (LAKE, "j e tab I 5 j", "lake@0 polygon 10,10 30,15 50,10 50,50 10,50"),
        (LAKE, "j e tab D", "lake@0 polygon 50,10 50,50 10,50"),
        ("lake@0 polygon 0,0 90,0 90,90 - 10,10 20,10 20,20", "j e 4 tab D", "lake@0 polygon 0,0 90,0 90,90"),
        ("lake@0 polygon 0,0 9,0 9,9 + 50,50 60,50 60,60", "j e 4 tab D", "lake@0 polygon 0,0 9,0 9,9"),
        ("lane@0 line 0,0 30,0 60,9", "j e 2 tab D", "lane@0 line 0,0 60,9"),
        (HAND, "j e tab v o", "hand@0 skeleton 40,90,2 10,10,1 70,10,1"),
        (HAND, "j e 2 tab v s", "hand@0 skeleton 40,90,1 10,10,3 70,10,1"),
        (HAND, "j e 3 tab v i", "hand@0 skeleton 40,90,1 10,10,1 70,10,0"),
        (HAND, "j e 3 tab v i v v", HAND),
        (HAND, "j e 3 tab v i 5 l", "hand@0 skeleton 40,90,1 10,10,1 75,10,1"),
        ("hand@0 skeleton 40,90,1 10,10,1", "j e v a", "hand@0 skeleton 40,90,1 10,10,1 40,10,0"),
    ],
)
def test_a_shape_is_corrected_by_keys(before: str, keys: str, after: str) -> None:
    case(before, keys, after)
    case(before, f"{keys} 9 u", before)


@pytest.mark.parametrize(
    ("before", "keys", "said"),
    [
        ("car@0 box 10,10 20,20", "j e r", "a box can't be turned"),
        ("eye@0 point 3,4", "j e s", "a keypoint neither grows nor shrinks"),
        ("lake@0 polygon 0,0 9,0 9,9", "j e tab D", "needs three vertices"),
        ("lane@0 line 0,0 30,0", "j e tab D", "needs two points"),
        ("lane@0 line 0,0 30,0", "j e 2 tab I", "no edge begins at the last point"),
        (LAKE, "j e I", "no vertex is chosen"),
        ("car@0 box 10,10 20,20", "j e tab I", "only polygons and polylines"),
        (LAKE, "j e tab v o", "only a skeleton's points"),
        (HAND, "j e v a", "all points of its template"),
        (LAKE, "j e 9 9 9 9 h", "outside of the frame"),
        (LAKE, "j e 9 9 S", "smaller than it is thick"),
        (LAKE, "j e =", "the picture is not there yet"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(before: str, keys: str, said: str) -> None:
    keyboard = case(before, keys, before)
    assert said in " ".join(keyboard.front.warnings)


def test_a_label_outside_of_the_frame_is_brought_back_in_steps() -> None:
    case("car@0 box 9000,10 20,20", "j e H", "car@0 box 8990,10 20,20")


def test_several_labels_are_moved_at_once_in_one_undo_step() -> None:
    after = "car@0 box 15,10 20,20\ncar(1)@0 box 105,100 20,20"
    case(TWO, "j v e 5 l", after)
    case(TWO, "j v e 5 l u", TWO)


# --- snapping ------------------------------------------------------------------------------------------


def pictured() -> HeadlessFront:
    """Return a front end that shows a bright rectangle from (100, 60) to (300, 200) on a dark frame."""
    pixels = np.full((480, 640, 3), 40, np.uint8)
    pixels[60:200, 100:300] = 220
    front = HeadlessFront()
    front.picture = Frame(pixels=pixels, full_size=(640, 480))
    return front


@pytest.mark.parametrize(
    ("before", "keys", "box"),
    [
        ("car@0 box 93,55 200,150", "j e =", "100,60 200,140"),
        ("car@0 box 93,55 200,150", "j e tab =", "100,60 193,145"),
        ("car@0 box 93,55 200,150", "j e 2 tab =", "93,60 200,145"),
    ],
)
def test_a_box_snaps_to_the_picture_by_side_corner_or_whole(before: str, keys: str, box: str) -> None:
    keyboard = Keyboard(opened(before), pictured())
    keyboard.type(keys)
    (track,) = keyboard.store.state.document.tracks.values()
    shape = track.geometry.shape(0)
    assert str(shape) == "Box(x={}, y={}, width={}, height={})".format(
        *(float(n) for n in box.replace(" ", ",").split(","))
    )


def test_a_vertex_and_the_crosshair_snap_to_the_nearest_edge() -> None:
    keyboard = Keyboard(opened("lane@0 line 105,100 200,100"), pictured())
    keyboard.type("j e tab =")
    (track,) = keyboard.store.state.document.tracks.values()
    x, y = track.geometry.shape(0).points[0].tolist()  # type: ignore[union-attr]
    assert (x, abs(y - 100) <= 1) == (100, True)


def test_a_reduced_picture_snaps_in_pixels_of_the_frame() -> None:
    keyboard = Keyboard(opened("car@0 box 93,55 200,150"), pictured())
    whole = keyboard.front.picture
    assert whole is not None
    keyboard.front.picture = Frame(pixels=whole.pixels[::2, ::2], full_size=(640, 480))
    keyboard.type("j e =")
    (track,) = keyboard.store.state.document.tracks.values()
    assert str(track.geometry.shape(0)) == "Box(x=100.0, y=60.0, width=200.0, height=140.0)"


def test_where_the_picture_is_flat_nothing_snaps() -> None:
    keyboard = Keyboard(opened("lane@0 line 505,400 600,400"), pictured())
    keyboard.type("j e tab =")
    assert "no edge near" in keyboard.front.warnings[0]


# --- letters -------------------------------------------------------------------------------------------


def test_letters_lead_to_any_label_in_view() -> None:
    keyboard = case(TWO, "; s", TWO)
    state = keyboard.store.state
    assert (state.mode, state.tool) == (Mode.BROWSE, None)
    assert state.document.instances[state.selection[-1]].ordinal == 1


def test_letters_lead_to_any_handle_while_editing() -> None:
    keyboard = case(LAKE, "j e ; d 5 l", "lake@0 polygon 10,10 50,10 55,50 10,50")
    assert keyboard.store.state.tool == HandleTool(handle=2)


def test_many_labels_have_two_letters_each() -> None:
    many = "\n".join(f"car({n})@0 box {10 * n},10 5,5" for n in range(1, 31))
    keyboard = Keyboard(opened(many), HeadlessFront())
    keyboard.type("; a")
    tool = keyboard.store.state.tool
    assert isinstance(tool, JumpTool)
    assert {len(t.letters) for t in tool.targets} == {2}
    assert 0 < len(tool.left) < 30
    keyboard.type("s")
    assert len(keyboard.store.state.selection) == 1


def test_labels_out_of_view_have_no_letters() -> None:
    keyboard = Keyboard(opened(TWO), HeadlessFront())
    keyboard.type("j z ;")
    tool = keyboard.store.state.tool
    assert isinstance(tool, JumpTool)
    assert len(tool.targets) == 1


@pytest.mark.parametrize("keys", ["; escape", "; backspace", "j e ; escape escape"])
def test_letters_are_left_without_a_trace(keys: str) -> None:
    keyboard = case(TWO, keys, TWO)
    assert (keyboard.store.state.mode, keyboard.store.state.tool) == (Mode.BROWSE, None)


def test_letters_that_lead_nowhere_are_told() -> None:
    keyboard = case(TWO, "; z", TWO)
    assert "no letters begin with z" in keyboard.front.warnings[0]
    assert Mode.JUMP is keyboard.store.state.mode
