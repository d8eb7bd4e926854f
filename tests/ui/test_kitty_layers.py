"""Layers of the terminal: what is seen after each update, in a terminal that obeys the commands."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.doctext import SIZE, opened
from tests.support.kitty_screen import KittyScreen
from tests.ui.canvas_app import LABELS, frame
from tui_editor.render.raster import draw
from tui_editor.render.rects import Rect
from tui_editor.state.view import FIT, Camera
from tui_editor.ui.picture.compose import Composer
from tui_editor.ui.picture.kitty_layers import HELD_PICTURES, KittyEncoder, KittyPicture
from tui_editor.ui.picture.kitty_surface import KittySurface
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.terminal.shared_memory import FOLDER, SharedPictures

if TYPE_CHECKING:
    from tui_editor.model.ids import InstanceId
    from tui_editor.state.store import TaskStore
    from tui_editor.ui.picture.composed import Composed

FULL = Quality.FULL
COLUMNS, ROWS = 60, 24


def layout(covered: Rect | None = None, *, row: int = 1, column: int = 2) -> Layout:
    visible = np.ones((ROWS, COLUMNS), np.bool_)
    inside = visible.copy()
    if covered is not None:
        visible[covered.y0 : covered.y1, covered.x0 : covered.x1] = False
    return Layout(column=column, row=row, visible=visible, inside=inside, cell_px=(8, 16))


class Bench:
    """A canvas, and the terminal that it is shown on."""

    def __init__(self, *, below_text: bool = True, shared: SharedPictures | None = None) -> None:
        encoder = KittyEncoder(7, 0, below_text=below_text, shared=shared)
        self.surface = KittySurface(encoder, covered_by_cells=below_text)
        self.store: TaskStore = opened(LABELS)
        self.composer = Composer()
        self.screen = KittyScreen(COLUMNS + 4, ROWS + 2)
        self.here = layout()
        self.below_text = below_text

    def composed(self) -> Composed:
        state = self.store.state
        return self.composer.compose(state, frame(state.view.frame), self.here.canvas_px)

    def show(self, quality: Quality = FULL) -> bytes:
        """Show the state; return the bytes."""
        shown = self.surface.show(self.surface.encode(self.composed(), self.here, quality), self.here)
        data = shown.ahead + shown.data
        self.screen.feed(data)
        return data

    def prepare(self, index: int, quality: Quality = FULL) -> bytes:
        """Upload another frame; return the bytes."""
        here = self.store.state.view.frame
        self.store.set_view(frame=index)
        data = self.surface.prepare(self.composed(), self.here, quality)
        self.store.set_view(frame=here)
        self.screen.feed(data)
        return data

    def seen(self) -> np.ndarray:
        """Return the canvas as the terminal shows it."""
        left, top = self.here.column * 8, self.here.row * 16
        return self.screen.picture()[top : top + ROWS * 16, left : left + COLUMNS * 8]

    def wanted(self) -> np.ndarray:
        what = self.composed()
        return draw(what.base, what.marks, what.viewport, tags=not self.below_text)[0]

    def assert_right(self, off_by: int = 32) -> None:
        """Compare; edges of lines and letters are joined to few colours."""
        off = np.abs(self.seen().astype(int) - self.wanted().astype(int))
        assert off.max() <= off_by
        assert off_by > 32 or off.mean() < 0.2
        assert not self.screen.refused


def graphics(data: bytes) -> int:
    """Return the bytes of graphics commands."""
    return sum(len(match[0]) for match in re.finditer(rb"\x1b_G[^\x1b]*\x1b\\", data))


@pytest.mark.parametrize("below_text", [True, False])
def test_the_frame_and_its_labels_are_seen_where_the_canvas_is(below_text: bool) -> None:
    bench = Bench(below_text=below_text)
    data = bench.show()

    bench.assert_right()
    assert data.count(b"a=t") == 2
    assert bench.show() == b""


def test_pixels_are_sent_before_the_update_that_shows_them() -> None:
    bench = Bench()
    shown = bench.surface.show(bench.surface.encode(bench.composed(), bench.here, FULL), bench.here)

    assert b"a=t" in shown.ahead
    assert b"a=p" not in shown.ahead
    assert b"a=t" not in shown.data


def test_selecting_a_label_sends_only_the_tiles_that_changed() -> None:
    bench = Bench()
    bench.show()
    bench.store.select(next(iter(bench.store.state.document.instances)))
    data = bench.show()

    bench.assert_right()
    assert 0 < data.count(b"a=t") <= 6
    assert len(data) < 3000


def test_going_back_to_a_frame_sends_no_pixels() -> None:
    bench = Bench()
    bench.show()
    bench.store.set_view(frame=1)
    bench.show()
    bench.store.set_view(frame=0)
    data = bench.show()

    bench.assert_right()
    assert b"a=t" not in data


def test_what_is_held_outlives_the_end_of_another_picture() -> None:
    bench = Bench()
    bench.show()
    bench.store.set_view(frame=1)
    bench.show()
    instances = list(bench.store.state.document.instances)
    for instance in (*instances, *instances):  # each selection takes the place of the tiles of the one before
        bench.store.select(instance)
        bench.show()
    bench.store.set_view(frame=2)
    bench.store.set_view(frame=0)
    bench.show()

    bench.assert_right()


def test_a_prepared_frame_is_shown_in_two_hundred_bytes() -> None:
    bench = Bench()
    bench.show()
    assert b"a=p" not in bench.prepare(1)
    bench.store.set_view(frame=1)
    data = bench.show()

    bench.assert_right()
    assert b"a=t" not in data
    assert graphics(data) <= 200


def test_what_is_prepared_changes_nothing_that_is_seen() -> None:
    bench = Bench()
    bench.show()
    before = bench.seen()
    for index in (1, 2, 3):
        bench.prepare(index)

    assert (bench.seen() == before).all()
    assert bench.prepare(2) == b""


def test_the_terminal_holds_a_bounded_number_of_pictures() -> None:
    bench = Bench()
    for index in range(HELD_PICTURES + 20):
        bench.store.set_view(frame=index)
        bench.show(Quality.COARSE)

    assert len(bench.screen.images) <= 2 * HELD_PICTURES + 2
    bench.assert_right(255)  # a coarse picture, in the right place
    bench.screen.feed(bench.surface.hide() + bench.surface.farewell)
    assert not bench.screen.images
    assert not bench.screen.placements


@pytest.mark.parametrize("quality", [Quality.COARSE, Quality.REDUCED])
def test_a_quick_picture_is_near_the_true_one_and_is_replaced_by_it(quality: Quality) -> None:
    bench = Bench()
    bench.show(quality)
    mean = np.abs(bench.seen().astype(int) - bench.wanted().astype(int)).mean()
    assert mean < 6
    assert bench.surface.quality is quality

    data = bench.show(FULL)
    bench.assert_right()
    assert data.count(b"a=t,f=100") == 1  # labels stay
    assert bench.surface.quality is FULL


@pytest.mark.parametrize("quality", [Quality.COARSE, Quality.REDUCED])
def test_quick_frames_after_the_first_are_sent_as_what_differs(quality: Quality) -> None:
    bench = Bench()
    first = len(bench.show(quality))
    for index in (1, 2, 3):
        bench.store.set_view(frame=index)
        data = bench.show(quality)
        assert len(data) < first / 3
        assert np.abs(bench.seen().astype(int) - bench.wanted().astype(int)).mean() < 6

    bench.store.set_view(frame=1)
    assert b"f=100" not in bench.show(quality)
    assert np.abs(bench.seen().astype(int) - bench.wanted().astype(int)).mean() < 6


@pytest.mark.skipif(not FOLDER.is_dir(), reason="this system shows no shared memory as files")
def test_a_terminal_on_this_machine_gets_its_pixels_through_shared_memory() -> None:
    shared = SharedPictures()
    bench = Bench(shared=shared)
    data = bench.show()

    bench.assert_right()
    assert len(data) < 5000  # the labels are as small as they are
    unread = bench.surface.encode(with_frame(bench, 1), bench.here, FULL)
    assert isinstance(unread.picture, KittyPicture)
    assert list(FOLDER.glob(f"*{os.getpid()}-{id(shared):x}*"))
    shared.close()
    assert not list(FOLDER.glob(f"*{os.getpid()}-{id(shared):x}*"))


def with_frame(bench: Bench, index: int) -> Composed:
    bench.store.set_view(frame=index)
    return bench.composed()


def test_moving_and_zooming_costs_no_pixels() -> None:
    bench = Bench()
    bench.show()
    bench.store.set_view(camera=Camera(center=(320.0, 240.0), scale=2.0))
    data = bench.surface.follow(bench.composed().viewport, bench.here)
    assert data is not None
    bench.screen.feed(data)

    assert b"a=t" not in data
    assert len(data) < 400
    assert np.abs(bench.seen().astype(int) - bench.wanted().astype(int)).mean() < 6


def test_a_picture_that_was_moved_is_made_true_again() -> None:
    bench = Bench()
    bench.show()
    bench.store.set_view(camera=Camera(center=(200.0, 175.0), scale=3.0))
    bench.screen.feed(bench.surface.follow(bench.composed().viewport, bench.here) or b"")
    bench.show()

    bench.assert_right()


@given(st.floats(0.3, 6), st.tuples(st.floats(0, SIZE[0]), st.floats(0, SIZE[1])))
@settings(max_examples=30, deadline=None)
def test_a_followed_picture_lies_where_the_true_one_will_be(scale: float, center: tuple[float, float]) -> None:
    bench = Bench()
    bench.store.set_view(camera=Camera(center=(320.0, 240.0), scale=0.75))
    bench.show()
    bench.store.set_view(camera=Camera(center=center, scale=scale))
    bench.screen.feed(bench.surface.follow(bench.composed().viewport, bench.here) or b"")
    seen, wanted = bench.seen().astype(int), bench.wanted().astype(int)

    covered = (seen != 0).any(axis=2)  # parts that the old picture does not reach stay empty until the true one comes
    off = np.abs(seen - wanted).mean(axis=2)[covered]
    assert off.size == 0 or np.median(off) <= 12


def test_a_dialog_costs_no_bytes_where_cells_hide_what_is_below() -> None:
    bench = Bench()
    bench.show()

    assert bench.surface.overwritten(bench.here.visible, layout(Rect(5, 3, 12, 7))) == b""


def test_a_dialog_cuts_the_layers_where_cells_do_not_hide_them() -> None:
    bench = Bench(below_text=False)
    bench.show()
    covered = Rect(5, 3, 12, 7)
    data = bench.surface.overwritten(bench.here.visible, layout(covered))
    bench.screen.feed(data)

    assert b"a=t" not in data
    hole = bench.seen()[covered.y0 * 16 : covered.y1 * 16, covered.x0 * 8 : covered.x1 * 8]
    assert not hole.any()
    assert bench.surface.overwritten(bench.here.visible, layout(covered)) == b""
    bench.screen.feed(bench.surface.overwritten(bench.here.visible, bench.here))
    bench.assert_right()


def test_another_screen_hides_the_layers_and_keeps_the_pixels() -> None:
    bench = Bench()
    bench.show()
    empty = np.zeros((0, 0), np.bool_)
    nowhere = Layout(column=0, row=0, visible=empty, inside=empty, cell_px=(8, 16))
    bench.screen.feed(bench.surface.overwritten(empty, nowhere))
    assert not bench.screen.placements
    assert bench.screen.images

    bench.screen.feed(bench.surface.overwritten(bench.here.visible, bench.here))
    bench.assert_right()


def test_after_the_terminal_was_left_everything_is_sent_anew() -> None:
    bench = Bench()
    bench.show()
    late = bench.surface.encode(bench.composed(), bench.here, FULL)
    bench.surface.forget()
    bench.screen = KittyScreen(COLUMNS + 4, ROWS + 2)
    assert bench.surface.show(late, bench.here) == (b"", b"")

    bench.show()
    bench.assert_right()


def test_tags_are_text_where_text_lies_over_the_picture() -> None:
    bench = Bench()
    bench.show()
    assert any("car (0)" in strip.text for strip in bench.surface.strips)

    bench.surface.hide()
    assert not bench.surface.strips


ACTIONS = st.one_of(
    st.tuples(st.just("frame"), st.integers(0, 9)),
    st.tuples(st.just("select"), st.integers(0, 3)),
    st.tuples(st.just("zoom"), st.sampled_from([None, 0.5, 1.0, 2.7])),
    st.tuples(st.just("prepare"), st.integers(0, 9)),
    st.tuples(st.just("follow"), st.sampled_from([0.6, 1.5])),
    st.tuples(st.just("quick"), st.just(0)),
)


@given(st.lists(ACTIONS, max_size=12))
@settings(max_examples=40, deadline=None)
def test_whatever_was_done_the_picture_at_rest_is_the_one_of_the_state(actions: list[tuple[str, Any]]) -> None:
    bench = Bench()
    bench.show()
    ids: list[InstanceId] = sorted(bench.store.state.document.instances)
    for action, value in actions:
        match action:
            case "frame":
                bench.store.set_view(frame=value)
                bench.show()
            case "select":
                bench.store.select(ids[value % len(ids)])
                bench.show()
            case "zoom":
                camera = FIT if value is None else Camera(center=(300.0, 200.0), scale=value)
                bench.store.set_view(camera=camera)
                bench.show()
            case "prepare":
                bench.prepare(value)
            case "follow":
                bench.store.set_view(camera=Camera(center=(250.0, 250.0), scale=value))
                bench.screen.feed(bench.surface.follow(bench.composed().viewport, bench.here) or b"")
            case _:
                bench.show(Quality.COARSE)
    bench.show()
    bench.assert_right()
