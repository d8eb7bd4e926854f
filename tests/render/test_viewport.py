from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_editor.render.viewport import MAX_SCALE, MIN_SCALE, Viewport, rotation, turned_size

coordinates = st.floats(-1e4, 1e4)
angles = st.one_of(st.sampled_from([0.0, 90.0, 180.0, 270.0, -90.0, 450.0]), st.floats(-720, 720))
canvas_sizes = st.tuples(st.integers(1, 4000), st.integers(1, 3000))
viewports = st.builds(
    Viewport,
    centre_px=st.tuples(coordinates, coordinates),
    scale=st.floats(MIN_SCALE, MAX_SCALE),
    canvas_size=canvas_sizes,
    pixel_aspect=st.floats(0.5, 2.0),
    rotation_deg=angles,
)


@given(viewports, st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=9))
def test_to_image_undoes_to_screen(viewport: Viewport, points: list[tuple[float, float]]) -> None:
    np.testing.assert_allclose(viewport.to_image(viewport.to_screen(points)), points, rtol=1e-9, atol=1e-6)


@given(viewports, st.tuples(coordinates, coordinates), st.floats(0.01, 100))
def test_the_point_under_the_cursor_stays_there_when_zooming(
    viewport: Viewport, cursor: tuple[float, float], factor: float
) -> None:
    zoomed = viewport.zoom_at(cursor, factor)
    np.testing.assert_allclose(zoomed.to_screen(viewport.to_image(cursor)), cursor, rtol=1e-6, atol=1e-3)
    assert MIN_SCALE <= zoomed.scale <= MAX_SCALE


@given(
    st.tuples(st.integers(1, 8000), st.integers(1, 8000)),
    st.tuples(st.integers(200, 3000), st.integers(200, 3000)),
    angles,
)
def test_fit_shows_the_whole_image_and_touches_two_sides_of_the_canvas(
    image: tuple[int, int], canvas: tuple[int, int], angle: float
) -> None:
    viewport = Viewport.fit(image, canvas, rotation_deg=angle)
    corners = viewport.to_screen([(0, 0), (image[0], 0), image, (0, image[1])])
    (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    assert min(x0, y0) >= -1e-6
    assert x1 <= canvas[0] + 1e-6
    assert y1 <= canvas[1] + 1e-6
    assert viewport.scale == MAX_SCALE or pytest.approx(0, abs=1e-6) == min(x0, y0)


@given(viewports, coordinates, coordinates)
def test_panning_slides_the_image_by_as_many_screen_pixels(viewport: Viewport, dx: float, dy: float) -> None:
    before = viewport.to_screen((10, 20))
    np.testing.assert_allclose(viewport.pan(dx, dy).to_screen((10, 20)), before - (dx, dy), rtol=1e-6, atol=1e-3)


@given(viewports, coordinates)
def test_the_middle_of_the_canvas_stays_at_every_angle(viewport: Viewport, angle: float) -> None:
    turned = replace(viewport, rotation_deg=angle)
    np.testing.assert_allclose(turned.to_screen(viewport.centre_px), np.asarray(viewport.canvas_size) / 2)


@given(viewports)
def test_the_visible_part_holds_every_corner_of_the_canvas(viewport: Viewport) -> None:
    width, height = viewport.canvas_size
    x0, y0, x1, y1 = viewport.visible_px
    corners = viewport.to_image([(0, 0), (width, 0), (width, height), (0, height)])
    assert (corners >= (x0 - 1e-6, y0 - 1e-6)).all()
    assert (corners <= (x1 + 1e-6, y1 + 1e-6)).all()


def test_a_quarter_turn_goes_clockwise_and_is_exact() -> None:
    viewport = Viewport(centre_px=(0, 0), scale=1, canvas_size=(0, 0), rotation_deg=90)
    assert viewport.to_screen([(3, 0), (0, 2)]).tolist() == [[0, 3], [-2, 0]]


@pytest.mark.parametrize(("angle", "upright", "square"), [(0, True, True), (360, True, True), (-90, False, True)])
def test_whole_turns_are_upright_and_quarter_turns_square(angle: float, upright: bool, square: bool) -> None:
    viewport = Viewport(centre_px=(0, 0), scale=1, canvas_size=(1, 1), rotation_deg=angle)
    assert (viewport.upright, viewport.square) == (upright, square)
    tilted = replace(viewport, rotation_deg=angle + 0.5)
    assert (tilted.upright, tilted.square) == (False, False)


@given(angles, angles)
def test_turning_twice_is_turning_by_the_sum(first: float, second: float) -> None:
    np.testing.assert_allclose(rotation(first) @ rotation(second), rotation(first + second), atol=1e-9)


def test_an_angle_that_is_all_but_a_whole_turn_is_no_error() -> None:
    np.testing.assert_allclose(rotation(-1e-20), np.eye(2))


def test_a_turned_rectangle_fits_the_upright_one_around_it() -> None:
    assert turned_size(40, 10, 90) == (10, 40)
    np.testing.assert_allclose(turned_size(20, 20, 45), (20 * 2**0.5,) * 2)


def test_fit_box_of_a_turned_view_shows_the_whole_box() -> None:
    box = (100.0, 50.0, 40.0, 30.0)
    viewport = Viewport.fit((640, 480), (400, 300), rotation_deg=90).fit_box(box, margin=0.25)
    corners = viewport.to_screen([(100, 50), (140, 80)])
    np.testing.assert_allclose(corners, [(256.25, 75), (143.75, 225)])


def test_clamp_keeps_the_centre_on_the_image() -> None:
    lost = Viewport(centre_px=(-50, 700), scale=2, canvas_size=(100, 100))
    assert lost.clamp((640, 480)).centre_px == (0, 480)


def test_clamp_gives_a_viewport_on_the_image_back_as_it_is() -> None:
    viewport = Viewport.fit((640, 480), (100, 100))
    assert viewport.clamp((640, 480)) is viewport


def test_fit_box_shows_the_box_in_the_middle_with_its_margin() -> None:
    viewport = Viewport.fit((640, 480), (400, 300)).fit_box((100, 50, 40, 30), margin=0.25)
    np.testing.assert_allclose(viewport.to_screen([(100, 50), (140, 80)]), [(100, 75), (300, 225)])


def test_fit_box_of_a_point_uses_the_largest_scale() -> None:
    assert Viewport.fit((640, 480), (400, 300)).fit_box((100, 50, 0, 0)).scale == MAX_SCALE


def test_wide_pixels_stretch_the_picture_along_x_only() -> None:
    viewport = Viewport(centre_px=(0, 0), scale=2, canvas_size=(0, 0), pixel_aspect=1.5)
    np.testing.assert_allclose(viewport.to_screen((10, 10)), (30, 20))


def test_the_visible_part_is_told_in_image_pixels() -> None:
    viewport = Viewport(centre_px=(50, 40), scale=2, canvas_size=(40, 20))
    assert viewport.visible_px == (40, 35, 60, 45)


def test_one_to_one_is_the_identity() -> None:
    np.testing.assert_allclose(Viewport.one_to_one((31, 17)).to_screen((5.25, 6.5)), (5.25, 6.5))


def test_resizing_the_canvas_keeps_centre_and_scale() -> None:
    viewport = Viewport.fit((640, 480), (400, 300)).resized((80, 60))
    assert (viewport.centre_px, viewport.canvas_size) == ((320, 240), (80, 60))
    assert viewport.scale == pytest.approx(0.625)
