"""Paths along the edges of a picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.tools.edge_paths import edge_path

SIDE = 200


def disc(radius: float = 60.0, inside: int = 200, outside: int = 90) -> np.ndarray:
    """Return a grey picture of a disc in its middle."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    return np.where(np.hypot(x - 100, y - 100) <= radius, inside, outside).astype(np.uint8)


def at(angle_deg: float, radius: float = 60.0) -> tuple[float, float]:
    angle = np.radians(angle_deg)
    return float(100 + radius * np.cos(angle)), float(100 + radius * np.sin(angle))


@pytest.mark.parametrize("turn", [30, 60, 90])
@pytest.mark.parametrize("start", [0, 17, 45, 110, 200, 300])
def test_the_path_goes_round_a_disc(start: float, turn: float) -> None:
    path = edge_path(disc(), at(start), at(start + turn))
    assert len(path)
    assert np.abs(np.hypot(*(path - 100).T) - 60).max() <= 1.5


def test_the_way_back_is_the_same_path() -> None:
    there, back = edge_path(disc(), at(10), at(80)), edge_path(disc(), at(80), at(10))
    assert np.abs(np.hypot(*(there - 100).T) - 60).max() <= 1.5
    assert np.abs(np.hypot(*(back - 100).T) - 60).max() <= 1.5


def test_colours_that_are_equally_bright_have_an_edge_too() -> None:
    y, x = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    inside = (np.hypot(x - 100, y - 100) <= 60)[..., None]
    pixels = np.where(inside, (160, 80, 60), (60, 80, 160)).astype(np.uint8)
    path = edge_path(pixels, at(0), at(60))
    assert np.abs(np.hypot(*(path - 100).T) - 60).max() <= 1.5


def test_where_there_is_no_edge_the_line_is_straight() -> None:
    assert edge_path(np.full((SIDE, SIDE), 90, np.uint8), (20, 20), (150, 90)).shape == (0, 2)


def test_along_a_straight_edge_no_point_is_needed() -> None:
    pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
    pixels[100:] = 200
    assert len(edge_path(pixels, (20, 100), (180, 100))) == 0


def test_a_long_path_in_a_large_picture_goes_in_longer_steps() -> None:
    y, x = np.mgrid[0:1000, 0:1000] + 0.5
    pixels = np.where(np.hypot(x - 500, y - 500) <= 400, 200, 90).astype(np.uint8)
    path = edge_path(pixels, (900, 500), (500, 900))
    assert np.abs(np.hypot(*(path - 500).T) - 400).max() <= 8


places = st.tuples(st.integers(-5, SIDE + 5), st.integers(-5, SIDE + 5))


@given(places, places)
def test_a_path_begins_and_ends_anywhere_even_beyond_the_picture(start: tuple[int, int], end: tuple[int, int]) -> None:
    path = edge_path(disc(), start, end)
    assert np.isfinite(path).all()
    assert path.shape[1] == 2
