from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.strategies import SIZE, marks, styles, viewports
from tui_editor.render.labels import readable
from tui_editor.render.lettering import text_mask
from tui_editor.render.marks import (
    BoxMark,
    CrosshairMark,
    GridMark,
    HandleMark,
    Mark,
    MaskMark,
    PinMark,
    PointMark,
    PolygonMark,
    PolylineMark,
    SkeletonMark,
    Style,
    TagMark,
)
from tui_editor.render.raster import draw, draw_overlay
from tui_editor.render.rects import EMPTY, changed
from tui_editor.render.viewport import Viewport

if TYPE_CHECKING:
    from numpy.typing import NDArray

RED = (255, 60, 40)
PLAIN = Style(colour=RED)
VIEW = Viewport.one_to_one(SIZE)
SQUARE = np.array([[20.0, 20.0], [60.0, 20.0], [60.0, 60.0], [20.0, 60.0]])


def black() -> NDArray[np.uint8]:
    return np.zeros((SIZE[1], SIZE[0], 3), np.uint8)


def drawn(*marks: Mark, viewport: Viewport = VIEW) -> NDArray[np.uint8]:
    return draw(black(), marks, viewport)[0]


def inked(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(picture.any(axis=2))


@settings(max_examples=150)
@given(st.lists(marks, max_size=6), viewports)
def test_nothing_changes_outside_the_touched_rectangle(some: list[Any], viewport: Viewport) -> None:
    canvas = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    after, touched = draw(canvas, some, viewport)
    assert touched == touched.union(changed(canvas, after))
    assert touched in {touched.clipped(*SIZE), EMPTY}
    assert (canvas == 90).all()


@settings(max_examples=150)
@given(st.lists(marks, max_size=6), viewports)
def test_the_transparent_layer_over_a_picture_equals_drawing_on_it(some: list[Any], viewport: Viewport) -> None:
    canvas = np.random.default_rng(0).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)
    overlay, touched = draw_overlay(some, viewport)
    alpha = overlay[:, :, 3:] / 255
    composed = overlay[:, :, :3] * alpha + canvas * (1 - alpha)
    direct, same = draw(canvas, some, viewport)
    assert same == touched
    # cv2 rounds each of the smooth lines that lie on each other: those of a grid cross, and letters lie on them
    lines = sum(3 if isinstance(mark, GridMark) else 1 for mark in some)
    assert float(np.abs(composed - direct).max()) <= 24 * max(1, lines)
    assert float(np.abs(composed - direct).mean()) < 0.5


@given(st.lists(marks, max_size=6))
def test_the_layer_is_transparent_outside_the_touched_rectangle(some: list[Any]) -> None:
    overlay, touched = draw_overlay(some, VIEW)
    touched.of(overlay)[:] = 0
    assert not overlay.any()


far = st.floats(-1e300, 1e300)
far_paths = st.lists(st.tuples(far, far), min_size=3, max_size=5).map(np.array)


@settings(max_examples=25)
@given(st.tuples(far, far, far, far), far_paths, styles)
def test_shapes_of_any_size_and_place_can_be_drawn(box: Any, path: Any, style: Style) -> None:
    point = (box[0], box[1])
    some: list[Mark] = [
        BoxMark(box, style),
        PolygonMark((path,), style),
        PolylineMark(path, style),
        TagMark(box, "x", style),
        PinMark(point, "1", style),
        HandleMark(point, style),
        PointMark(point, style),
        CrosshairMark(point, style),
        GridMark(box, style),
    ]
    after, touched = draw(black(), some, VIEW)
    assert touched == touched.union(changed(black(), after))


@pytest.mark.parametrize("thickness", [1, 2, 3, 4])
def test_the_sides_of_a_box_lie_on_its_edges_to_half_a_pixel(thickness: int) -> None:
    picture = inked(drawn(BoxMark((20.3, 30.6, 50.2, 40.1), Style(colour=RED, thickness=thickness))))
    across, down = np.flatnonzero(picture[50]), np.flatnonzero(picture[:, 40])
    left, right = across[across < 45] + 0.5, across[across > 45] + 0.5
    top, bottom = down[down < 50] + 0.5, down[down > 50] + 0.5
    assert [thickness] * 4 == [len(left), len(right), len(top), len(bottom)]
    middles = [left.mean(), right.mean(), top.mean(), bottom.mean()]
    np.testing.assert_allclose(middles, [20.3, 70.5, 30.6, 70.7], atol=0.5 + 1e-9)


def test_a_smooth_line_lies_where_its_points_are() -> None:
    picture = drawn(PolylineMark(np.array([[30.25, -10.0], [30.25, 200.0]]), Style(colour=(255, 255, 255))))
    weights = picture[60, :, 0].astype(float)
    assert pytest.approx(30.25, abs=0.3) == float((weights * (np.arange(SIZE[0]) + 0.5)).sum() / weights.sum())


def test_marks_follow_the_viewport() -> None:
    viewport = Viewport(centre_px=(25, 25), scale=4, canvas_size=SIZE)
    picture = inked(drawn(BoxMark((20, 20, 10, 10), Style(colour=RED, fill_alpha=1.0)), viewport=viewport))
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (60 - 20 - 1, 60 + 20, 80 - 20 - 1, 80 + 20)


def test_holes_stay_open() -> None:
    hole = np.array([[30.0, 30.0], [50.0, 30.0], [50.0, 50.0], [30.0, 50.0]])
    picture = drawn(PolygonMark((SQUARE, hole), Style(colour=RED, fill_alpha=0.5, thickness=1)))
    assert tuple(picture[40, 40]) == (0, 0, 0)
    assert 100 < picture[40, 25, 0] < 150


def test_overlapping_polygons_of_one_style_are_both_filled() -> None:
    style = Style(colour=RED, fill_alpha=0.5, thickness=1)
    picture = drawn(PolygonMark((SQUARE,), style), PolygonMark((SQUARE + 20,), style))
    assert tuple(picture[50, 45]) == tuple(picture[30, 30]) == tuple(picture[70, 70])


def test_the_fill_is_as_opaque_as_asked() -> None:
    canvas = np.full((SIZE[1], SIZE[0], 3), 200, np.uint8)
    picture, _ = draw(canvas, [BoxMark((20, 20, 40, 40), Style(colour=(0, 0, 0), fill_alpha=0.25))], VIEW)
    assert pytest.approx(150, abs=2) == int(picture[40, 40, 0])


def test_a_dimmed_mark_is_darker_and_not_filled() -> None:
    picture = drawn(BoxMark((20, 20, 40, 40), Style(colour=(200, 200, 200), fill_alpha=0.5, dimmed=True)))
    assert tuple(picture[40, 40]) == (0, 0, 0)
    assert 60 < picture[40, 20, 0] < 120


def test_a_selected_mark_lies_above_whatever_was_given_after_it() -> None:
    selected = Style(colour=(0, 255, 0), selected=True)
    picture = drawn(PolygonMark((SQUARE,), selected), BoxMark((20, 20, 40, 40), PLAIN))
    assert tuple(picture[40, 20]) == (0, 255, 0)


def test_dashes_leave_gaps_and_full_lines_do_not() -> None:
    line = np.array([[10.0, 50.5], [150.0, 50.5]])
    dashed = inked(drawn(PolylineMark(line, Style(colour=RED, thickness=1, dashed=True))))[50, 12:148]
    full = inked(drawn(PolylineMark(line, Style(colour=RED, thickness=1))))[50, 12:148]
    assert full.all()
    assert 0.3 < dashed.mean() < 0.85
    assert 10 <= np.count_nonzero(np.diff(dashed.astype(int)) == 1) <= 14


def test_dashes_of_an_endless_line_are_made_only_on_the_canvas() -> None:
    line = np.array([[-1e7, 60.0], [1e7, 60.0]])
    assert inked(drawn(PolylineMark(line, Style(colour=RED, dashed=True))))[60].any()


def test_a_mask_sets_the_pixels_that_its_image_pixels_cover() -> None:
    bits = np.array([[1, 0], [0, 1]], np.bool_)
    viewport = Viewport(centre_px=(2, 2), scale=10, canvas_size=SIZE)
    picture = inked(drawn(MaskMark(bits, 1, 1, Style(colour=RED, fill_alpha=0.5)), viewport=viewport))
    expected = np.zeros((SIZE[1], SIZE[0]), np.bool_)
    expected[50:60, 70:80] = expected[60:70, 80:90] = True
    np.testing.assert_array_equal(expected, picture)


def test_invisible_points_of_a_skeleton_and_their_bones_are_not_drawn() -> None:
    points = np.array([[20.0, 60.0], [80.0, 60.0], [140.0, 60.0]])
    mark = SkeletonMark(points, ((0, 1), (1, 2)), np.array([1, 1, 0], np.uint8), PLAIN)
    row = inked(drawn(mark))[60]
    assert row[20:81].all()
    assert not row[90:].any()


def test_a_covered_point_of_a_skeleton_is_a_ring() -> None:
    mark = SkeletonMark(np.array([[40.0, 40.0]]), (), np.array([2], np.uint8), PLAIN)
    picture = inked(drawn(mark))
    assert not picture[39:41, 39:41].any()
    assert picture[35:45, 35:45].any()


def test_a_tag_stays_on_the_canvas_while_its_box_does() -> None:
    canvas = black() + np.uint8(255)
    for box in [(-50, -50, 60, 60), (140, 110, 100, 100), (-500, 50, 2000, 20), (0, 0, 5, 5)]:
        after, touched = draw(canvas, [TagMark(box, "Car (0)", PLAIN)], VIEW)
        assert touched.height >= 10
        assert touched.width > 30
        assert changed(canvas, after) == touched


def test_a_tag_of_a_box_out_of_sight_is_not_drawn() -> None:
    assert not inked(drawn(TagMark((-50, 10, 40, 40), "Car (0)", PLAIN))).any()


def test_tags_are_left_out_where_the_terminal_writes_them() -> None:
    picture, touched = draw(black(), [TagMark((50, 50, 40, 40), "Car (0)", PLAIN)], VIEW, tags=False)
    assert touched == EMPTY
    assert not picture.any()


def test_a_crosshair_crosses_the_whole_canvas() -> None:
    picture = inked(drawn(CrosshairMark((50.5, 40.5), Style(colour=RED, thickness=1))))
    assert picture[40].all()
    assert picture[:, 50].all()


def test_a_thousand_marks_keep_the_colour_of_their_styles() -> None:
    some = [PolygonMark((SQUARE + 2 * (n % 20),), PLAIN) for n in range(1000)]
    assert int(drawn(*some)[:, :, 0].max()) >= 250


def test_a_handle_that_is_active_looks_different() -> None:
    usual, active = (drawn(HandleMark((50.5, 50.5), PLAIN, active=active)) for active in (False, True))
    assert tuple(usual[50, 50]) == (255, 255, 255)
    assert tuple(active[50, 50]) == RED


# --- turned ------------------------------------------------------------------------------------------


def turned(angle: float, **fields: Any) -> Viewport:
    """The identity, turned about the middle of a square canvas."""
    return Viewport(centre_px=(60, 60), scale=1, canvas_size=(120, 120), rotation_deg=angle, **fields)


FAINT = 100
"""What smoothing leaves beside a line of `RED` is darker."""


def on(viewport: Viewport, *marks: Mark) -> NDArray[np.uint8]:
    width, height = viewport.canvas_size
    return draw(np.zeros((height, width, 3), np.uint8), marks, viewport)[0]


@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize(
    "mark",
    [
        BoxMark((20, 30, 50, 20), Style(colour=RED, fill_alpha=0.5)),
        MaskMark(np.eye(12, 20, dtype=np.bool_), 15, 40, Style(colour=RED, fill_alpha=0.5)),
    ],
    ids=["box", "mask"],
)
def test_a_quarter_turn_moves_the_pixels_of_boxes_and_masks(mark: Mark, quarters: int) -> None:
    np.testing.assert_array_equal(on(turned(90 * quarters), mark), np.rot90(on(turned(0), mark), -quarters))


@pytest.mark.parametrize("dashed", [False, True])
@pytest.mark.parametrize("angle", [30, 145.5, 359])
def test_a_tilted_box_is_drawn_along_its_edges(angle: float, dashed: bool) -> None:
    viewport = turned(angle)
    picture = on(viewport, BoxMark((30, 40, 60, 30), Style(colour=RED, dashed=dashed)))
    rows, columns = np.nonzero(picture[:, :, 0] > FAINT)
    x, y = viewport.to_image(np.stack([columns + 0.5, rows + 0.5], axis=-1)).T
    aside = np.minimum(np.minimum(abs(x - 30), abs(x - 90)), np.minimum(abs(y - 40), abs(y - 70)))
    assert float(aside.max()) <= 2
    assert len(rows) > (80 if dashed else 250)


@given(st.floats(0, 360))
def test_the_inside_of_a_tilted_box_is_what_the_viewport_says(angle: float) -> None:
    viewport = turned(angle)
    picture = on(viewport, BoxMark((30, 40, 60, 30), Style(colour=RED, fill_alpha=0.5)))[:, :, 0] > FAINT
    rows, columns = np.mgrid[0:120, 0:120] + 0.5
    x, y = np.moveaxis(viewport.to_image(np.stack([columns, rows], axis=-1)), -1, 0)
    assert picture[(x > 31) & (x < 89) & (y > 41) & (y < 69)].all()
    assert not picture[(x < 27) | (x > 93) | (y < 37) | (y > 73)].any()


@given(st.floats(0, 360), st.floats(1, 5))
def test_a_tilted_mask_sets_the_pixels_that_its_image_pixels_cover(angle: float, scale: float) -> None:
    viewport = Viewport(centre_px=(60, 60), scale=scale, canvas_size=(120, 100), rotation_deg=angle)
    picture = inked(on(viewport, MaskMark(np.ones((6, 20), np.bool_), 50, 55, Style(colour=RED, fill_alpha=0.5))))
    rows, columns = np.mgrid[0:100, 0:120] + 0.5
    image = viewport.to_image(np.stack([columns, rows], axis=-1))
    beyond = np.maximum(np.abs(image - (60, 58)) - (10, 3), -9).max(axis=-1) * scale  # in screen pixels
    assert picture[beyond < -1.5].all()
    assert not picture[beyond > 1.5].any()


def test_a_tag_of_a_turned_box_is_upright_and_at_its_upper_left_corner() -> None:
    viewport = Viewport(centre_px=(80, 60), scale=1, canvas_size=SIZE, rotation_deg=90)
    _, touched = draw(black(), [TagMark((70, 50, 40, 10), "Car (0)", PLAIN)], viewport)
    corners = viewport.to_screen([(70, 50), (110, 60)])
    assert (touched.x0, touched.y1) == tuple(corners.min(axis=0))
    assert touched.width > touched.height


def test_a_tag_of_a_tilted_box_stands_on_one_of_its_corners() -> None:
    viewport = turned(30)
    _, touched = draw(np.zeros((120, 120, 3), np.uint8), [TagMark((50, 50, 30, 10), "A", PLAIN)], viewport)
    assert [touched.x0, touched.y1] == np.rint(viewport.to_screen((50, 50))).tolist()


@pytest.mark.parametrize("point", [(60.0, 60.0), (1000.0, 60.0)])
def test_a_crosshair_lies_along_the_axes_of_the_image(point: tuple[float, float]) -> None:
    viewport = turned(30)
    picture = inked(on(viewport, CrosshairMark(point, Style(colour=RED, thickness=1))))
    rows, columns = np.nonzero(picture)
    image = viewport.to_image(np.stack([columns + 0.5, rows + 0.5], axis=-1))
    assert float(np.abs(image - point).min(axis=-1).max()) <= 1.5
    assert len(rows) > 100


def test_the_letters_of_a_grid_lie_over_tags_and_crosshair() -> None:
    grid = GridMark((0, 0, 90, 90), PLAIN, letters="     s   ")
    green = Style(colour=(0, 255, 0))
    below = (TagMark((30, 55, 40, 20), "a long name of a label", green), CrosshairMark((75, 45), green))
    picture = drawn(grid, *below)
    letter = text_mask("s")
    top, left = round(45 - letter.shape[0] / 2), round(75 - letter.shape[1] / 2)
    part = picture[top : top + letter.shape[0], left : left + letter.shape[1]]
    ink = letter == letter.max()
    assert (part[ink][:, 0] > part[ink][:, 1]).all(), "it is red on green"


def test_parts_of_a_grid_that_letters_would_fill_have_none() -> None:
    small = [GridMark((20, 20, 40, 40), PLAIN, letters=letters) for letters in ("qweasdzxc", "")]
    assert np.array_equal(drawn(small[0]), drawn(small[1]))


def test_hint_letters_that_the_terminal_writes_are_not_drawn() -> None:
    grids = [GridMark((0, 0, 90, 90), PLAIN, letters=letters) for letters in ("qweasdzxc", "")]
    as_text, without = (draw(black(), [grid], VIEW, tags=False)[0] for grid in grids)
    assert inked(as_text).any()
    assert np.array_equal(as_text, without)
    assert not np.array_equal(drawn(grids[0]), without)


def test_the_letters_of_a_turned_grid_are_upright_in_their_ninths() -> None:
    upright, quarter = (on(turned(angle), GridMark((0, 0, 120, 120), PLAIN, letters="abcdefghi")) for angle in (0, 90))
    top_right, top_left = quarter[:40, 80:], upright[:40, :40]
    np.testing.assert_array_equal(top_right[5:35, 5:35], top_left[5:35, 5:35])


@pytest.mark.parametrize("size", [(0, 0), (0, 10), (10, 0)])
def test_a_canvas_without_pixels_stays_as_it_is(size: tuple[int, int]) -> None:
    viewport = Viewport.fit((100, 100), size)
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    picture, touched = draw(canvas, [BoxMark((0, 0, 50, 50), PLAIN)], viewport)
    assert (canvas.shape, EMPTY) == (picture.shape, touched)
    assert draw_overlay([BoxMark((0, 0, 50, 50), PLAIN)], viewport)[1] == EMPTY


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_letters_are_bright_enough_on_their_board_and_bright_colours_stay(colour: tuple[int, int, int]) -> None:
    def luma(ink: tuple[int, ...]) -> float:
        return 0.299 * ink[0] + 0.587 * ink[1] + 0.114 * ink[2]

    ink = (*colour, 255)
    assert luma(readable(ink)) >= 149
    assert luma(ink) < 150 or readable(ink) == ink
