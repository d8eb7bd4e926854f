"""Sixel while frames follow one another, and at rest: what a terminal shows that obeys the bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.render.sixel_decoder import decode_sixel
from tests.support.doctext import opened
from tests.ui.canvas_app import LABELS, frame
from tui_editor.render.raster import draw
from tui_editor.state.view import Camera
from tui_editor.ui.picture.compose import Composer
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.picture.owned_surface import OwnedSurface
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.sixel_cells import SixelEncoder

if TYPE_CHECKING:
    from tui_editor.model.frames import Frame
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.surface import Update

COLUMNS, ROWS, CELL = 60, 24, (8, 16)
_PICTURE = re.compile(rb"\x1b\[(\d+);(\d+)H(\x1bP[^\x1b]*\x1b\\)")


class Bench:
    """A canvas in a sixel terminal."""

    def __init__(self) -> None:
        self.surface = OwnedSurface(SixelEncoder(256))
        self.store = opened(LABELS)
        self.composer = Composer()
        self.frames: dict[int, Frame] = {}
        self.here = Layout(column=0, row=0, visible=np.ones((ROWS, COLUMNS), np.bool_), cell_px=CELL)
        self.screen = np.zeros((ROWS * CELL[1], COLUMNS * CELL[0], 3), np.uint8)

    def composed(self) -> Composed:
        state = self.store.state
        shown = self.frames.setdefault(state.view.frame, frame(state.view.frame))
        return self.composer.compose(state, shown, self.here.canvas_px)

    def show(self, quality: Quality) -> bytes:
        return self._write(self.surface.encode(self.composed(), self.here, quality))

    def repair(self) -> bytes:
        return self._write(self.surface.encode(None, self.here, self.surface.quality))

    def _write(self, update: Update) -> bytes:
        data = self.surface.show(update, self.here).data
        for row, column, picture in _PICTURE.findall(data):
            painted = re.search(rb'"1;1;(\d+);(\d+)', picture)
            assert painted is not None
            percent = decode_sixel(picture)[0][: int(painted[2])]
            pixels = np.rint(percent * 2.55).astype(np.uint8)
            y, x = (int(row) - 1) * CELL[1], (int(column) - 1) * CELL[0]
            self.screen[y : y + len(pixels), x : x + pixels.shape[1]] = pixels
        return data

    def off(self) -> float:
        what = self.composed()
        wanted = draw(what.base, what.marks, what.viewport)[0]
        return float(np.abs(self.screen.astype(int) - wanted.astype(int)).mean())


@pytest.mark.parametrize("quick", [Quality.COARSE, Quality.REDUCED])
def test_only_the_cells_that_look_different_are_sent_while_frames_follow_one_another(quick: Quality) -> None:
    bench = Bench()
    whole = len(bench.show(Quality.FULL))
    for index in (1, 2, 3, 4):
        bench.store.set_view(frame=index)
        assert len(bench.show(quick)) < whole / 2
        assert bench.off() < 4.5
    assert bench.surface.quality is quick


@pytest.mark.parametrize("quick", [Quality.COARSE, Quality.REDUCED])
def test_at_rest_every_cell_is_true(quick: Quality) -> None:
    bench = Bench()
    bench.show(Quality.FULL)
    true = bench.off()
    for index in (1, 2, 3):
        bench.store.set_view(frame=index)
        bench.show(quick)
    bench.show(Quality.FULL)

    assert bench.off() <= true + 0.5
    assert bench.surface.quality is Quality.FULL


@pytest.mark.parametrize("quick", [Quality.COARSE, Quality.REDUCED])
def test_cells_that_a_quick_picture_was_painted_into_again_are_made_true_at_rest(quick: Quality) -> None:
    bench = Bench()
    bench.show(Quality.FULL)
    true = bench.off()
    bench.store.set_view(frame=1)
    bench.show(quick)
    bench.surface.overwritten(bench.here.visible, bench.here)
    bench.repair()
    assert bench.off() > true + 0.5
    bench.show(Quality.FULL)

    assert bench.off() <= true + 0.5


def test_at_rest_a_view_has_a_palette_of_its_own_though_the_last_one_would_do() -> None:
    close_by = Camera(center=(330.0, 380.0), scale=12.0)
    fresh, bench = Bench(), Bench()
    fresh.store.set_view(camera=close_by)
    fresh.show(Quality.FULL)
    bench.show(Quality.FULL)
    bench.store.set_view(camera=close_by)
    bench.show(Quality.FULL)
    qualities, quick = [bench.surface.quality], bench.off()

    bench.show(Quality.FULL)
    qualities.append(bench.surface.quality)
    assert bench.off() <= fresh.off() < quick / 1.5
    assert qualities == [Quality.REDUCED, Quality.FULL]
    assert bench.show(Quality.FULL) == b""


def test_a_frame_that_is_decoded_again_each_time_comes_to_rest_too() -> None:
    bench = Bench()
    bench.show(Quality.FULL)
    bench.store.set_view(frame=1)
    for _ in range(3):
        bench.composer = Composer()
        last = bench.show(Quality.FULL)

    assert bench.surface.quality is Quality.FULL
    assert last == b""


def test_a_frame_that_was_encoded_ahead_is_the_one_that_is_shown() -> None:
    bench = Bench()
    bench.show(Quality.FULL)
    bench.store.set_view(frame=1)
    what = bench.composed()
    assert bench.surface.prepare(what, bench.here, Quality.FULL) == b""
    update = bench.surface.encode(what, bench.here, Quality.REDUCED)

    assert update is bench.surface.encode(what, bench.here, Quality.FULL)
    bench.show(Quality.FULL)
    assert bench.off() < 3


def test_what_was_encoded_ahead_is_not_shown_after_something_else_was() -> None:
    bench = Bench()
    bench.show(Quality.FULL)
    bench.store.set_view(frame=1)
    bench.surface.prepare(bench.composed(), bench.here, Quality.FULL)
    bench.store.set_view(frame=3)
    bench.show(Quality.FULL)
    bench.store.set_view(frame=1)
    bench.show(Quality.FULL)

    assert bench.off() < 3


def test_a_label_that_is_chosen_on_a_picture_at_rest_is_true_at_once_whatever_the_keys_do() -> None:
    bench = Bench()
    bench.show(Quality.FULL)
    bench.show(Quality.FULL)
    for instance in bench.store.state.document.instances:
        anew = Bench()
        anew.store.select(instance)
        anew.show(Quality.FULL)
        bench.store.select(instance)
        assert 0 < len(bench.show(Quality.REDUCED)) < 20_000
        assert bench.surface.quality is Quality.FULL
        assert bench.off() <= anew.off() + 0.1
    assert bench.show(Quality.FULL) == b""


def test_a_canvas_that_was_drawn_but_never_shown_is_not_taken_for_the_one_that_is_seen() -> None:
    bench = Bench()
    bench.show(Quality.FULL)
    bench.show(Quality.FULL)
    first, second, *_ = bench.store.state.document.instances
    bench.store.select(first)
    bench.surface.encode(bench.composed(), bench.here, Quality.REDUCED)
    bench.store.select(second)
    bench.show(Quality.REDUCED)
    bench.show(Quality.FULL)
    other = Bench()
    other.store.select(second)
    other.show(Quality.FULL)
    assert bench.off() <= other.off() + 0.3
