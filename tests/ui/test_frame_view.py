"""The canvas as a widget, in half blocks and in words."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

import pytest

from tests.support.doctext import SIZE
from tests.ui.canvas_app import BROKEN_FRAME, CanvasApp, frame
from tui_editor.render.camera import camera_for, viewport_for
from tui_editor.state.view import FIT, Camera
from tui_editor.ui.terminal.facts import Graphics, GraphicsKind, Terminal
from tui_editor.ui.widgets.frame_view import FrameView

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import UnitId

TERMINAL = Terminal(term="xterm-256color", answered=True, cell_px=(8, 16))


def app_with(kind: GraphicsKind = GraphicsKind.CELLS) -> CanvasApp:
    return CanvasApp(TERMINAL, Graphics(kind=kind, why="test"))


def text_of(app: CanvasApp) -> str:
    region = app.canvas.region
    return "\n".join(strip.text for strip in app.canvas.render_lines(region.reset_offset))


async def until(pilot: Pilot[None], condition: object) -> None:
    """Wait for the picture thread, which the pilot does not know."""
    assert callable(condition)
    for _ in range(500):
        await pilot.pause(0.01)
        if condition():
            return
    raise AssertionError("the canvas did not change in time")


async def test_the_picture_and_its_tags_appear() -> None:
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "▀" in text_of(app))
        assert "car (0)" in text_of(app)
        await until(pilot, lambda: any(isinstance(event, FrameView.Stats) for event in app.events))


async def test_the_last_of_many_states_is_shown() -> None:
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(7):
            app.action_step(1)
        await until(pilot, lambda: "▀" in text_of(app) and "car" not in text_of(app))  # frame 7 has no labels


async def test_an_error_is_a_card_without_control_characters_and_goes_away() -> None:
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        app.action_go(BROKEN_FRAME)
        await until(pilot, lambda: "can't be shown" in text_of(app))
        shown = text_of(app)
        assert "gone" in shown
        assert "bring it back" in shown
        assert "\x1b" not in shown

        app.action_go(1)
        await until(pilot, lambda: "▀" in text_of(app))


async def test_without_graphics_the_frame_is_told_in_words() -> None:
    app = app_with(GraphicsKind.NONE)
    async with app.run_test(size=(80, 24)):
        assert "clip" in text_of(app)
        assert "640 × 480 pixels" in text_of(app)
        assert "3 labels here" in text_of(app)


async def test_the_size_follows_the_pane() -> None:
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.canvas.canvas_size_px == (160, 92)
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: len(text_of(app).splitlines()) == 29 and "▀" * 100 in text_of(app))


async def test_the_pointer_is_told_in_image_pixels() -> None:
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "▀" in text_of(app))
        await pilot.mouse_down(app.canvas, offset=(40, 11))
        await pilot.hover(app.canvas, offset=(41, 11))
        await pilot.mouse_up(app.canvas, offset=(42, 11))
        await pilot.pause()

        pointers = [event for event in app.events if isinstance(event, FrameView.Pointer)]
        assert [p.kind for p in pointers if p.kind in {"down", "up"}] == ["down", "up"]
        down = next(p for p in pointers if p.kind == "down")
        # The middle of cell (40, 11): one pixel right of the canvas' middle, in its middle row.
        scale = app.canvas.viewport.scale
        assert (down.x, down.y) == pytest.approx((SIZE[0] / 2 + 1 / scale, SIZE[1] / 2))
        assert down.button == 1


async def test_the_pointer_is_held_while_the_button_is_down() -> None:
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.mouse_down(app.canvas, offset=(5, 5))
        assert app.mouse_captured is app.canvas
        await pilot.mouse_up(app.canvas, offset=(5, 5))
        assert app.mouse_captured is None


async def test_the_old_picture_stays_until_the_next_is_there() -> None:
    app = app_with()
    late: list[Future[Frame]] = []

    class Late:
        def request(
            self, unit: UnitId, index: int, fit: tuple[int, int] | None = None, *, view: str = "main"
        ) -> Future[Frame]:
            late.append(Future())
            return late[-1]

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "▀" in text_of(app))
        before = text_of(app)
        assert app.canvas._pipeline is not None
        app.canvas._pipeline._frames = Late()
        app.action_step(1)
        await until(pilot, lambda: late)
        assert text_of(app) == before
        late[0].set_result(frame(1))
        await until(pilot, lambda: text_of(app) != before)


def test_camera_and_viewport_are_each_other() -> None:
    camera = Camera(center=(100.0, 50.0), scale=2.5)
    viewport = viewport_for(camera, SIZE, (800, 600))

    assert camera_for(viewport) == camera
    assert viewport_for(FIT, SIZE, (640, 240)).scale == 0.5
    assert viewport_for(Camera(center=(9999.0, -5.0), scale=1.0), SIZE, (8, 8)).centre_px == (640.0, 0.0)
