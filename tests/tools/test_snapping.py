"""The nearest edge in a picture, for points and for the sides of boxes."""

from __future__ import annotations

import numpy as np
import pytest

from tui_editor.tools.snapping import snapped, snapped_side


def striped(*edges: tuple[int, tuple[int, int, int]]) -> np.ndarray:
    """Return a picture that changes its colour at columns."""
    pixels = np.zeros((120, 300, 3), np.uint8)
    for column, colour in edges:
        pixels[:, column:] = colour
    return pixels


def test_an_edge_between_equally_bright_colours_is_found() -> None:
    pixels = striped((0, (160, 80, 60)), (100, (60, 80, 160)))
    assert snapped(pixels, (93, 60.5), 20) == (100, 60.5)
    assert snapped_side(pixels, (93, 60), 20, upright=True) == 100


def test_a_near_edge_wins_over_a_stronger_one_far_away() -> None:
    pixels = striped((0, (90, 90, 90)), (100, (140, 140, 140)), (170, (255, 255, 255)))
    assert snapped_side(pixels, (95, 60), 96, upright=True) == 100
    place = snapped(pixels, (95, 60), 96)
    assert place is not None
    assert place[0] == 100


def test_noise_near_by_is_no_edge_beside_a_real_one() -> None:
    pixels = striped((0, (90, 90, 90)), (98, (97, 97, 97)), (110, (200, 200, 200)))
    assert snapped_side(pixels, (95, 60), 24, upright=True) == 110


@pytest.mark.parametrize(("along", "expect"), [(8, 100.0), (200, 140.0)])
def test_a_side_is_looked_for_no_further_along_than_it_reaches(along: float, expect: float) -> None:
    pixels = striped((0, (90, 90, 90)), (140, (230, 230, 230)))
    pixels[50:70, 100:140] = (160, 160, 160)
    assert snapped_side(pixels, (96, 60), 60, upright=True, along_px=along) == expect


def test_where_the_picture_is_flat_there_is_no_edge() -> None:
    assert snapped(striped((0, (90, 90, 90))), (95, 60), 24) is None
    assert snapped_side(striped((0, (90, 90, 90))), (95, 60), 24, upright=False) is None
