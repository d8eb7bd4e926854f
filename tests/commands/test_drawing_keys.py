"""Shapes drawn by keys alone: points, ends, and what is refused."""

from __future__ import annotations

import pytest

from tests.support.doctext import case, opened
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.model.shapes import ShapeKind
from tui_editor.state.tool import DrawTool
from tui_editor.state.view import Mode

TRIANGLE = "s p @ space @ space @ enter"
CORNERS = ("10,10", "50,10", "50,40")


@pytest.mark.parametrize(
    ("keys", "typed", "expect"),
    [
        ("s b @ enter @ enter", ("car", "10,20", "50,60"), "car@0 box 10,20 40,40"),
        ("s k @ enter", ("3,4",), "eye@0 point 3,4"),
        ("s p @ space @ space @ enter", CORNERS, "lake@0 polygon 10,10 50,10 50,40"),
        ("s p @ space @ space @ space enter", CORNERS, "lake@0 polygon 10,10 50,10 50,40"),
        ("s p @ enter", ("10,10 50,10 50,40",), "lake@0 polygon 10,10 50,10 50,40"),
        ("s l @ space @ enter", ("10,10", "50,10"), "lane@0 line 10,10 50,10"),
        ("s r @ enter @ enter @ enter", ("10,10", "50,10", "30,40"), "ship@0 rbox 10,10 40,30 0"),
        ("s r @ enter @ enter @ enter", ("50,10", "50,50", "20,30"), "ship@0 rbox 15,15 40,30 90"),
        ("s r @ enter @ enter @ enter", ("10,40", "50,40", "0,10"), "ship@0 rbox 10,10 40,30 0"),
        ("s s @ enter @ enter", ("10,10", "70,90"), "hand@0 skeleton 40,90,1 10,10,1 70,10,1"),
        ("s s @", ("10,10 60x80",), "hand@0 skeleton 40,90,1 10,10,1 70,10,1"),
        ("s r @", ("10,10 40x30",), "ship@0 rbox 10,10 40,30 0"),
    ],
)
def test_each_kind_of_shape_is_drawn_by_keys(keys: str, typed: tuple[str, ...], expect: str) -> None:
    keyboard = case("", keys, expect, answers=typed)
    state = keyboard.store.state
    assert (state.mode, state.tool, len(state.selection)) == (Mode.BROWSE, None, 1)
    assert keyboard.front.warnings == []


def test_the_crosshair_s_place_is_the_last_vertex_only_when_it_has_moved() -> None:
    case("", "s l @ space 5 l enter", "lane@0 line 10,10 15,10", answers=("10,10",))


def test_backspace_takes_back_the_last_vertex() -> None:
    case(
        "",
        "s p @ space @ space @ space backspace @ enter",
        "lake@0 polygon 1,1 9,1 9,9",
        answers=("1,1", "9,1", "5,5", "9,9"),
    )


def test_one_that_was_drawn_is_one_undo_step() -> None:
    case("", f"{TRIANGLE} u", "", answers=CORNERS)
    case("", f"{TRIANGLE} u U", "lake@0 polygon 10,10 50,10 50,40", answers=CORNERS)


def test_another_one_of_the_class_is_drawn_by_a_dot() -> None:
    case("", "s k @ enter . @ enter", "eye@0 point 3,4\neye(1)@0 point 5,6", answers=("3,4", "5,6"))


@pytest.mark.parametrize(
    ("keys", "typed", "said"),
    [
        ("s p @ enter", ("10,10",), "3 points are needed"),
        ("s p @ space @ enter", ("10,10", "50,10"), "3 points are needed"),
        ("s p @ space @ space @ enter", ("10,10", "50,10", "90,10"), "on one line"),
        ("s l enter", (), "2 points are needed"),
        ("s l space space", (), "where the one before was set"),
        ("s r @ enter @ enter enter", ("10,10", "50,10"), "where the one before was set"),
        ("s r @ enter @ enter @ enter", ("10,10", "50,10", "30,10"), "on one line"),
        ("s s @ enter enter", ("10,10",), "where the one before was set"),
        ("s b @", ("car", "9000,9000 20x20"), "outside of the frame of 640 × 480"),
        ("s b @", ("car", "10,10 0x20"), "on one line"),
        ("s b @", ("car", "nan,10"), "is no place"),
        ("s k @", ("10,10 5x5",), "has no width and height"),
    ],
)
def test_what_is_no_shape_is_told_and_nothing_is_made(keys: str, typed: tuple[str, ...], said: str) -> None:
    keyboard = case("", keys, "", answers=typed)
    assert said in " ".join(keyboard.front.warnings)
    assert Mode.DRAW is keyboard.store.state.mode


@pytest.mark.parametrize(
    "keys", ["s p space escape", "s r space 9 l space escape", "s s space escape", "s l space escape"]
)
def test_escape_leaves_nothing_behind(keys: str) -> None:
    keyboard = case("", keys, "")
    assert (
        keyboard.store.state.mode,
        keyboard.store.state.tool,
        keyboard.store.state.preview,
    ) == (Mode.BROWSE, None, None)


def test_a_typed_box_that_reaches_out_of_the_frame_is_cut_to_it() -> None:
    case("", "s b @", "car@0 box 600,400 40,80", answers=("car", "600,400 100x200"))


def test_a_class_without_a_template_is_refused() -> None:
    keyboard = Keyboard(opened(""), HeadlessFront())
    assert keyboard.line("draw.skeleton hand")
    tool = keyboard.store.state.tool
    assert isinstance(tool, DrawTool)
    assert tool.kind is ShapeKind.SKELETON
    assert not keyboard.line("draw.box night")
