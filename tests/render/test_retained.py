from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.strategies import SIZE, marks, viewports
from tui_editor.render import raster
from tui_editor.render.marks import BoxMark, CrosshairMark, Mark, PolylineMark, SkeletonMark, Style, TagMark
from tui_editor.render.raster import draw, draw_overlay
from tui_editor.render.rects import EMPTY, Rect, changed, overlap
from tui_editor.render.retained import RetainedRaster, Touched
from tui_editor.render.viewport import Viewport

if TYPE_CHECKING:
    from numpy.typing import NDArray

VIEW = Viewport.one_to_one(SIZE)
PICTURES = [np.random.default_rng(seed).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8) for seed in range(2)]
PLAIN, OTHER = Style(colour=(255, 60, 40)), Style(colour=(40, 60, 255), thickness=3, selected=True)
EVERYTHING = Rect(0, 0, *SIZE)


def anew(some: list[Mark], viewport: Viewport, background: NDArray[np.uint8] | None, *, tags: bool) -> Any:
    if background is None:
        return draw_overlay(some, viewport, tags=tags)[0]
    return draw(background, some, viewport, tags=tags)[0]


@st.composite
def edited(draw: st.DrawFn, some: list[Mark]) -> list[Mark]:
    """Other marks: some are gone, some new, some in the place of others."""
    after = list(some)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(after)))
        after[at : at + draw(st.integers(0, 1))] = draw(st.lists(marks, max_size=1))
    return after


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[list[Mark], Viewport, NDArray[np.uint8] | None]]:
    """What a canvas shows one after the other: mostly other marks, at times another view or picture."""
    some, viewport = draw(st.lists(marks, max_size=8)), draw(viewports)
    background = draw(st.sampled_from([None, *PICTURES]))
    steps = [(some, viewport, background)]
    for _ in range(draw(st.integers(1, 4))):
        some = draw(edited(some))
        if draw(st.integers(0, 5)) == 0:
            viewport, background = draw(viewports), draw(st.sampled_from([None, *PICTURES]))
        steps.append((some, viewport, background))
    return steps


@pytest.mark.parametrize("crowd", [1000, 4])
@settings(max_examples=200)
@given(steps=histories(), tags=st.booleans())
def test_bringing_a_raster_up_to_date_gives_the_pixels_of_drawing_it_anew(crowd: int, steps: Any, tags: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raster, "_CROWD", crowd)
        retained, before = RetainedRaster(tags=tags), np.zeros(0, np.uint8)
        for some, viewport, background in steps:
            touched = retained.update(some, viewport, background)
            np.testing.assert_array_equal(touched.raster, anew(some, viewport, background, tags=tags))
            assert_only_touched(before, touched)
            before = touched.raster.copy()


def assert_only_touched(before: NDArray[np.uint8], touched: Touched) -> None:
    if before.shape != touched.raster.shape:
        assert touched.whole
        return
    outside = touched.raster.copy()
    for number, rect in enumerate(touched.rects):
        assert not rect.empty
        assert not any(not overlap(rect, other).empty for other in touched.rects[:number])
        rect.of(outside)[:] = rect.of(before)
    np.testing.assert_array_equal(outside, before)


@given(st.lists(marks, max_size=6), viewports)
def test_nothing_is_drawn_outside_the_inked_rectangle(some: list[Any], viewport: Viewport) -> None:
    touched = RetainedRaster().update(some, viewport, PICTURES[0])
    assert touched.inked == touched.inked.union(changed(PICTURES[0], touched.raster))


@given(st.lists(marks, max_size=6), viewports)
def test_equal_marks_touch_nothing(some: list[Any], viewport: Viewport) -> None:
    retained = RetainedRaster()
    retained.update(some, viewport, None)
    assert retained.update(list(some), viewport, None).rects == ()


def box(x: float, y: float, style: Style = PLAIN) -> BoxMark:
    return BoxMark((x, y, 10, 10), style)


def test_a_box_made_anew_with_equal_numbers_touches_nothing() -> None:
    retained = RetainedRaster()
    retained.update([box(5, 5), box(50, 50)], VIEW, None)
    assert retained.update([box(5, 5), box(50, 50)], VIEW, None).rects == ()


def test_a_moved_label_touches_where_it_was_and_where_it_is() -> None:
    retained, still = RetainedRaster(), box(80, 80)
    retained.update([box(5, 5), still], VIEW, None)
    touched = retained.update([box(120, 5), still], VIEW, None)
    assert [rect.x0 < 20 for rect in touched.rects] == [True, False]
    assert all(rect.width < 25 and rect.height < 25 for rect in touched.rects)


def test_a_nudged_label_touches_one_rectangle_around_what_differs() -> None:
    retained = RetainedRaster()
    before = retained.update([box(5, 5)], VIEW, PICTURES[0]).raster.copy()
    touched = retained.update([box(6, 5)], VIEW, PICTURES[0])
    assert [changed(before, touched.raster)] == list(touched.rects)


def test_a_mark_below_another_one_that_hides_it_touches_nothing() -> None:
    retained, above = RetainedRaster(), box(5, 5, OTHER)
    retained.update([box(5, 5), above], VIEW, None)
    assert retained.update([above], VIEW, None).rects == ()


def test_selecting_another_label_touches_both() -> None:
    retained = RetainedRaster()
    labels = [box(5, 5), box(60, 60), box(120, 100)]
    retained.update([box(5, 5, OTHER), *labels[1:]], VIEW, None)
    assert len(retained.update([*labels[:2], box(120, 100, OTHER)], VIEW, None).rects) == 2


def test_a_crosshair_touches_its_lines_and_not_the_canvas() -> None:
    retained = RetainedRaster()
    retained.update([CrosshairMark((40, 40), PLAIN)], VIEW, None)
    touched = retained.update([CrosshairMark((90, 80), PLAIN)], VIEW, None)
    assert not touched.whole
    assert sum(rect.width * rect.height for rect in touched.rects) < SIZE[0] * SIZE[1] / 2


def test_another_viewport_or_picture_draws_everything() -> None:
    retained, some = RetainedRaster(), [box(5, 5)]
    steps = [(VIEW, None), (VIEW.pan(1, 0), None), (VIEW, PICTURES[0]), (VIEW, PICTURES[1])]
    touched = [retained.update(some, viewport, background) for viewport, background in steps]
    assert [each.rects for each in touched] == [(EVERYTHING,)] * 4
    assert all(each.whole for each in touched)


def test_marks_in_another_order_draw_everything() -> None:
    retained = RetainedRaster()
    lines = [PolylineMark(np.array([[n, 0.0], [9.0, 9.0]]), PLAIN) for n in range(2)]
    retained.update(lines, VIEW, None)
    assert retained.update(lines[::-1], VIEW, None).whole


def test_a_raster_tells_where_its_tags_lie() -> None:
    retained = RetainedRaster()
    tags = [TagMark((20, 40, 30, 30), "Car (0)", PLAIN), TagMark((500, 40, 30, 30), "Car (1)", PLAIN)]
    touched = retained.update(tags, VIEW, None)
    [(mark, place)] = retained.tag_places()
    assert (tags[0], place) == (mark, touched.inked)


def test_a_raster_without_tags_shows_and_tells_none() -> None:
    retained = RetainedRaster(tags=False)
    touched = retained.update([TagMark((20, 40, 30, 30), "Car (0)", PLAIN)], VIEW, None)
    assert (touched.inked, retained.tag_places()) == (EMPTY, ())
    assert not touched.raster.any()


@pytest.mark.parametrize("size", [(0, 0), (0, 10), (10, 0)])
def test_a_canvas_without_pixels_has_a_raster_without_pixels(size: tuple[int, int]) -> None:
    retained, viewport = RetainedRaster(), Viewport.fit((100, 100), size)
    for _ in range(2):
        assert retained.update([box(5, 5)], viewport, None).raster.size == 0


def test_a_raster_that_was_left_half_drawn_is_drawn_anew() -> None:
    retained, broken = RetainedRaster(), SkeletonMark(np.zeros((1, 2)), (), np.zeros(2, np.uint8), PLAIN)
    retained.update([box(5, 5)], VIEW, None)
    with pytest.raises(IndexError):
        retained.update([box(5, 5), broken], VIEW, None)
    assert retained.update([box(5, 5)], VIEW, None).whole
