"""The canvas: shows the frame and labels of a task's state as pixels, half blocks or a card of text."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui_editor.render.camera import viewport_for
from tui_editor.render.pixels import BACKGROUND
from tui_editor.state.view import FIT
from tui_editor.text import one_line
from tui_editor.ui.picture.choice import surface_for
from tui_editor.ui.picture.half_blocks import CELL_PX
from tui_editor.ui.picture.keeper import Keeper
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.picture.pipeline import Frames, Pipeline, Result
from tui_editor.ui.terminal_port import Port, TerminalApp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.geometry import Size

    from tui_editor.errors import TuiEditorError
    from tui_editor.model.frames import Frame
    from tui_editor.render.viewport import Viewport
    from tui_editor.state.store import TaskState
    from tui_editor.ui.early.adoption import Adoption
    from tui_editor.ui.picture.surface import Prepared, Update
    from tui_editor.ui.terminal.facts import Graphics

PointerKind = Literal["down", "move", "up", "scroll"]

_DARK = Style.parse("on #{:02x}{:02x}{:02x}".format(*BACKGROUND))
_TEXT = Style.parse("#c8c8d0 on #{:02x}{:02x}{:02x}".format(*BACKGROUND))


class FrameView(Widget):
    """Shows what `show` was last given; all slow work happens on a thread, and the newest state wins.

    Args:
        frames: Where decoded frames come from.
        graphics: How pictures are shown.
        view: Name of the view, for the frame service.
        view_number: 0..15, different for each canvas of the program.
        first: The first picture, where that was made elsewhere.
        id: Of the widget.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS: ClassVar[str] = "FrameView { width: 1fr; height: 1fr; }"

    class Pointer(Message):
        """The pointer did something on the canvas; x, y in image pixels, also outside the image."""

        def __init__(
            self,
            kind: PointerKind,
            x: float,
            y: float,
            *,
            button: int,
            shift: bool,
            ctrl: bool,
            delta: int = 0,
            view: str = "main",
        ) -> None:
            super().__init__()
            self.kind, self.x, self.y = kind, x, y
            self.button, self.shift, self.ctrl = button, shift, ctrl
            self.delta = delta
            """Of the wheel: 1 away from the user (up), -1 towards."""
            self.view = view
            """Name of the canvas's view."""

    class Stats(Message):
        """What the last update of the picture cost."""

        def __init__(self, size: int, elapsed_ms: float) -> None:
            super().__init__()
            self.size = size
            """Bytes written; 0 where the compositor writes."""
            self.elapsed_ms = elapsed_ms
            """From the write to the terminal's acknowledgement; for half blocks, of rendering."""

    class Delivered(Message, bubble=False):
        """The picture thread has finished a job."""

        def __init__(self, result: Result[Update | Prepared]) -> None:
            super().__init__()
            self.result = result

    class Failed(Message, bubble=False):
        """The picture thread met a defect of the program."""

        def __init__(self, error: BaseException) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        frames: Frames,
        graphics: Graphics,
        *,
        view: str = "main",
        view_number: int = 0,
        first: Adoption | None = None,
        id: str | None = None,  # noqa: A002  Textual's name for it
    ) -> None:
        super().__init__(id=id)
        self.graphics = graphics
        self._frames, self._view, self.view_number = frames, view, view_number
        self._first = first
        self._port: Port | None = None
        self._keeper: Keeper | None = None
        self._pipeline: Pipeline[Update | Prepared] | None = None
        self._state: TaskState | None = None
        self._card: tuple[str, ...] = ()
        self._has_picture = False

    # --- for the screen --------------------------------------------------------------------------

    def show(self, state: TaskState) -> None:
        """Show a state: call it when frame, camera, document, selection, display, tool or preview changed."""
        self._state = state
        if self._keeper is None:
            self._set_card(_describe(state))
        else:
            self._keeper.show(state)

    @property
    def canvas_size_px(self) -> tuple[int, int]:
        """Return (width, height) of the canvas in its own pixels, the unit of `viewport`."""
        width, height = self._cell_px
        return self.size.width * width, self.size.height * height

    @property
    def settled(self) -> bool:
        """Return whether the picture of the state that was given last has been made."""
        return self._keeper is None or self._keeper.settled

    @property
    def frame(self) -> Frame | None:
        """Return the decoded frame that is shown; None while there is none."""
        return self._keeper.frame if self._keeper is not None else None

    @property
    def frame_warnings(self) -> tuple[str, ...]:
        """Return what is wrong with the file of the frame that is shown."""
        frame = self._keeper.frame if self._keeper is not None else None
        return frame.warnings if frame is not None else ()

    @property
    def viewport(self) -> Viewport:
        """Return what part of the frame the canvas shows, for the state given last."""
        canvas = max(1, self.canvas_size_px[0]), max(1, self.canvas_size_px[1])
        if self._state is None:
            return viewport_for(FIT, canvas, canvas)
        frame, view = self.frame, self._state.view
        size = frame.full_size if frame is not None else self._state.unit.size(view.frame)
        aspect = frame.pixel_aspect if frame is not None else 1.0
        return viewport_for(
            view.camera,
            size if min(size) > 0 else canvas,
            canvas,
            pixel_aspect=aspect,
            rotation_deg=view.picture.rotation_deg,
        )

    @property
    def _cell_px(self) -> tuple[int, int]:
        return self._port.cell_px if self._port is not None and self._past_compositor else CELL_PX

    @property
    def _past_compositor(self) -> bool:
        return self._keeper is not None and self._keeper.surface.past_compositor

    # --- life ------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Join the terminal."""
        self._port = self.app.port if isinstance(self.app, TerminalApp) else None
        terminal = self._port.terminal if self._port is not None else None
        surface = surface_for(self.graphics, terminal, self.view_number)
        if surface is None:
            self._set_card(_describe(self._state) if self._state is not None else ())
            return
        self._pipeline = Pipeline(
            self._frames,
            self._view,
            lambda result: self._post(self.Delivered(result)),
            lambda error: self._post(self.Failed(error)),
            first=self._first,
        )
        self._has_picture = self._first is not None and self._first.drawn
        self._keeper = Keeper(self, surface, self._port, self._pipeline)
        if self._port is not None and surface.past_compositor:
            self._port.owners.append(self._keeper)
            self._port.on_leave(self.view_number, lambda: surface.farewell)
        if self._state is not None:
            self._keeper.show(self._state)

    def on_unmount(self) -> None:
        """Leave the terminal."""
        if self._pipeline is not None:
            self._pipeline.close()
        if self._port is not None and self._keeper is not None and self._keeper in self._port.owners:
            self._port.owners.remove(self._keeper)
            self._keeper.leave()
            self._port.on_leave(self.view_number, bytes)

    def on_resize(self) -> None:
        """Render for the new size."""
        if self._keeper is not None:
            self._keeper.pump()

    def on_frame_view_delivered(self, message: Delivered) -> None:
        """Show what the thread made."""
        if self._keeper is not None:
            self._keeper.delivered(message.result)

    def on_frame_view_failed(self, message: Failed) -> None:
        """Let a defect be seen where all others are."""
        raise message.error

    def _post(self, message: Message) -> None:
        self.post_message(message)

    # --- for the keeper of the picture -------------------------------------------------------------

    def layout_now(self) -> Layout:
        """Return where the canvas lies on the screen."""
        if self._port is None or not self._past_compositor:
            visible = np.ones((self.size.height, self.size.width), np.bool_)
            return Layout(column=0, row=0, visible=visible, cell_px=CELL_PX)
        seen = self._port.visible_cells(self)
        return Layout(
            column=seen.region.x,
            row=seen.region.y,
            visible=seen.uncovered,
            inside=seen.inside,
            cell_px=self._port.cell_px,
        )

    def region_now(self) -> Region:
        """Return the canvas's region on the screen."""
        return self._port.visible_cells(self).region if self._port is not None else Region()

    def call_later_by(self, seconds: float, call: Callable[[], None]) -> None:
        """Call something after a time."""
        self.set_timer(seconds, call)

    def call_soon(self, call: Callable[[], None]) -> None:
        """Call something after what runs on the event loop now; a defect in it ends the program as elsewhere."""
        asyncio.get_running_loop().call_soon(self._call, call)

    def _call(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as error:  # noqa: BLE001  raised again by the handler of the message
            self.post_message(self.Failed(error))

    def picture_shown(self, changed: Sequence[Region]) -> None:
        """Take the card away, and show the text that changed."""
        self._set_card(())
        if not self._has_picture:
            self._has_picture = True
            self.refresh()
        elif changed:
            self.refresh(*changed)

    def picture_failed(self, error: TuiEditorError) -> None:
        """Say on a card why there is no picture."""
        lines = (error.what, error.where, error.hint)
        self._set_card(tuple(one_line(line) for line in ("This frame can't be shown", *lines) if line))

    def picture_cost(self, size: int, elapsed_ms: float) -> None:
        """Tell the screen what an update cost."""
        self.post_message(self.Stats(size, elapsed_ms))

    @property
    def has_card(self) -> bool:
        """Return whether a text is shown in place of the picture."""
        return bool(self._card)

    # --- text ------------------------------------------------------------------------------------

    def _set_card(self, lines: tuple[str, ...]) -> None:
        if lines != self._card:
            self._card = lines
            self._has_picture = self._has_picture and not lines
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return rows of the canvas: the half blocks, the card, or blanks that let the picture below be seen."""
        rows = range(crop.y, crop.bottom)
        if self._card:
            first = max(0, (self.size.height - len(self._card)) // 2)
            return [self._card_line(y - first).crop(crop.x, crop.right) for y in rows]
        # Without a style a cell has no background, and a layer below it is seen.
        style = None if self._has_picture and self.graphics.layered else _DARK
        strips = self._keeper.surface.strips if self._keeper is not None else ()
        if strips:
            lines = [strips[y] if y < len(strips) else Strip([]) for y in rows]
            return [line.adjust_cell_length(self.size.width, style).crop(crop.x, crop.right) for line in lines]
        return [Strip([Segment(" " * crop.width, style)], crop.width)] * crop.height

    def _card_line(self, number: int) -> Strip:
        text = self._card[number] if 0 <= number < len(self._card) else ""
        strip = Strip([Segment(text, _TEXT)]).crop(0, max(0, self.size.width - 2))
        left = (self.size.width - strip.cell_length) // 2
        return Strip([Segment(" " * left, _DARK), *strip]).adjust_cell_length(self.size.width, _DARK)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  Textual's
        """Return the rows that a canvas of automatic height takes: all there are."""
        return container.height

    # --- pointer ---------------------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Hold the pointer until the button is let go, also outside the canvas."""
        self.capture_mouse()
        self._point("down", event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell where the pointer is."""
        self._point("move", event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the pointer go."""
        self.release_mouse()
        self._point("up", event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Tell the wheel."""
        self._point("scroll", event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Tell the wheel."""
        self._point("scroll", event, -1)

    def _point(self, kind: PointerKind, event: events.MouseEvent, delta: int = 0) -> None:
        event.stop()
        width, height = self._cell_px
        # What is told is the top-left corner of a pixel, or of a cell: its middle is meant.
        fine = self._port is not None and self._port.pixel_pointer
        middle = (0.5, 0.5) if fine else (width / 2, height / 2)
        x, y = event.pointer_x * width + middle[0], event.pointer_y * height + middle[1]
        image_x, image_y = self.viewport.to_image((x, y)).tolist()
        keys = {"shift": event.shift, "ctrl": event.ctrl}
        self.post_message(
            self.Pointer(kind, image_x, image_y, button=event.button, **keys, delta=delta, view=self._view)
        )


def _describe(state: TaskState) -> tuple[str, ...]:
    """Return a card of text in place of a picture."""
    unit, frame = state.unit, state.view.frame
    width, height = unit.size(frame)
    labels = len(state.document.on_frame(unit.id, frame))
    return (
        one_line(unit.title),
        f"frame {frame} of {unit.frame_count}",
        f"{width} × {height} pixels" if width and height else "size unknown",
        f"{labels} label{'' if labels == 1 else 's'} here",
    )
