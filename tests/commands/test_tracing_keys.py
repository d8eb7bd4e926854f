"""Outlines that follow the edges of the picture while they are drawn, and how many keys drawing takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doctext import document, opened, text_of
from tests.support.fitting import polygon_iou
from tests.support.hands import reach
from tests.support.tracer import Tracer
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.model.frames import Frame
from tui_editor.model.geometry import box_iou
from tui_editor.model.shapes import Box, polygon
from tui_editor.state.tool import DrawTool
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from numpy.typing import NDArray

DISC = "@ space @ f @ f"
ROUND = ("380,240", "320,300", "260,240")


def before_a_disc(keys: str, *answers: str) -> Keyboard:
    """Press keys before a picture with a disc of radius 60 in its middle."""
    y, x = np.mgrid[0:480, 0:640] + 0.5
    pixels = np.where(np.hypot(x - 320, y - 240) <= 60, 200, 90).astype(np.uint8)
    keyboard = Keyboard(opened(""), HeadlessFront(answers))
    keyboard.front.picture = Frame(pixels=pixels, full_size=(640, 480))
    keyboard.type(keys)
    return keyboard


def drawn(keyboard: Keyboard) -> DrawTool:
    tool = keyboard.store.state.tool
    assert isinstance(tool, DrawTool), keyboard.front.warnings
    return tool


def radii(points: object) -> NDArray[np.float64]:
    return np.asarray(np.hypot(*(np.array(points) - (320, 240)).T))


def test_f_sets_a_point_and_follows_the_edge_to_it() -> None:
    tool = drawn(before_a_disc(f"s p {DISC}", *ROUND))
    assert len(tool.points) > 6
    assert np.abs(radii(tool.points) - 60).max() <= 1.5
    assert tool.points[-1] == (260, 240)


def test_backspace_takes_a_whole_stretch_back() -> None:
    tool = drawn(before_a_disc(f"s p {DISC} backspace", *ROUND))
    assert (tool.points[0], tool.points[-1], tool.crosshair) == ((380, 240), (320, 300), (260, 240))
    tool = drawn(before_a_disc(f"s p {DISC} backspace backspace", *ROUND))
    assert (tool.points, tool.traced) == (((380, 240),), ())
    tool = drawn(before_a_disc(f"s p {DISC} @ space backspace backspace", *ROUND, "200,100"))
    assert tool.points[-1] == (320, 300)


def test_capital_f_ends_a_polygon_along_the_edge_to_its_first_point() -> None:
    keyboard = before_a_disc(f"s p {DISC} @ F", *ROUND, "320,180")
    assert keyboard.store.state.mode is Mode.BROWSE
    found = document(text_of(keyboard.store.state.document)).label(1, 1, 0)  # type: ignore[arg-type]  # ids are numbers
    assert found is not None
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    disc = polygon(np.column_stack([320 + 60 * np.cos(angle), 240 + 60 * np.sin(angle)]))
    assert polygon_iou(found.shape, disc) >= 0.97  # type: ignore[arg-type]  # it is a polygon
    keyboard.type("u")
    assert text_of(keyboard.store.state.document) == ""


def test_capital_f_ends_a_polyline_where_the_crosshair_is() -> None:
    keyboard = before_a_disc("s l @ space @ F", "380,240", "320,300")
    text = text_of(keyboard.store.state.document)
    assert text.startswith("lane@0 line 380,240 ")
    assert text.endswith(" 320,300")
    assert text.count(",") > 3


@pytest.mark.parametrize(
    ("keys", "answers", "said"),
    [
        ("s b f", ("car",), "only the outlines of polygons and polylines"),
        ("s p f", (), "followed from the point before"),
        ("s p @ space f", ("380,240",), "where the one before was set"),
        ("s p @ space F", ("380,240",), "3 points are needed"),
    ],
)
def test_what_can_t_follow_an_edge_is_told(keys: str, answers: tuple[str, ...], said: str) -> None:
    keyboard = before_a_disc(keys, *answers)
    assert said in " ".join(keyboard.front.warnings)
    assert keyboard.store.state.mode is Mode.DRAW


def test_without_a_picture_no_edge_is_followed() -> None:
    keyboard = Keyboard(opened(""), HeadlessFront(("10,10", "50,10")))
    keyboard.type("s p @ space @ f")
    assert keyboard.front.warnings == ["the picture is not there yet"]
    assert len(drawn(keyboard).points) == 1


# --- how many keys it takes --------------------------------------------------------------------------

WIDTH, HEIGHT = 3840, 2160
WHOLE = (0.0, 0.0, float(WIDTH), float(HEIGHT))


def box_drawn(x: int, y: int, side: int, tolerance_px: float) -> tuple[int, float]:
    """Draw a box on a 4K frame; return how many keys that took, and its IoU with what was meant."""
    keyboard = Keyboard(opened("", size=(WIDTH, HEIGHT)))
    keys = ["C", "1"]
    keyboard.press(*keys)
    for target in ((x, y), (x + side, y + side)):
        tool = drawn(keyboard)
        found = reach(tool.crosshair, target, window=tool.window, whole=WHOLE, tolerance_px=tolerance_px)
        keyboard.press(*found.keys, "enter")
        keys += [*found.keys, "enter"]
    state = keyboard.store.state
    assert state.selected is not None
    label = state.document.label(state.selected, state.view.unit, 0)
    assert label is not None
    assert isinstance(label.shape, Box)
    box = label.shape
    meant = np.array([[x, y, side, side]], np.float64)
    return len(keys), box_iou(np.array([[box.x, box.y, box.width, box.height]]), meant).item()


@given(st.integers(0, WIDTH - 10), st.integers(0, HEIGHT - 10))
def test_a_box_of_10_pixels_on_a_4k_frame_takes_20_keys_at_most(x: int, y: int) -> None:
    keys, fit = box_drawn(x, y, 10, tolerance_px=0.5)
    assert keys <= 20
    assert fit >= 0.9


@given(st.integers(0, WIDTH - 200), st.integers(0, HEIGHT - 200))
def test_a_box_of_200_pixels_on_a_4k_frame_takes_14_keys_at_most(x: int, y: int) -> None:
    keys, fit = box_drawn(x, y, 200, tolerance_px=5)
    assert keys <= 14
    assert fit >= 0.9


def test_an_outline_takes_fewer_than_six_keys_a_vertex() -> None:
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    ring = np.column_stack([320 + 120 * np.cos(angle), 240 + 90 * np.sin(angle)]).round(1)
    y, x = np.mgrid[0:480, 0:640] + 0.5
    inside = ((x - 320) / 120) ** 2 + ((y - 240) / 90) ** 2 <= 1
    pixels = np.repeat(np.where(inside, 200, 90)[..., None], 3, axis=2).astype(np.uint8)
    for along_edges, most in ((False, 6), (True, 2)):
        tracer = Tracer(pixels=pixels, along_edges=along_edges)
        assert polygon_iou(tracer.trace(ring), polygon(ring)) >= 0.95
        assert len(tracer.keys) / len(ring) <= most


def test_the_hands_reach_a_place_with_the_keys_they_name() -> None:
    keyboard = Keyboard(opened(""), HeadlessFront(("car",)))
    keyboard.type("s b")
    found = reach(drawn(keyboard).crosshair, (17, 461), window=(0, 0, 640, 480), whole=(0, 0, 640, 480))
    keyboard.press(*found.keys)
    assert drawn(keyboard).crosshair == found.place == (17, 461)
