"""The canvas: shows the frame and labels of a task's state as pixels, half blocks or a card of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui_editor.render.camera import viewport_for
from tui_editor.render.pixels import BACKGROUND
from tui_editor.state.view import FIT
from tui_editor.text import one_line
from tui_editor.ui.picture.choice import surface_for
from tui_editor.ui.picture.half_blocks import CELL_PX
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.picture.pipeline import Frames, Job, Pipeline, Result
from tui_editor.ui.terminal_port import Port, TerminalApp

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Region, Size

    from tui_editor.errors import TuiEditorError
    from tui_editor.model.frames import Frame
    from tui_editor.render.viewport import Viewport
    from tui_editor.state.store import TaskState
    from tui_editor.ui.picture.surface import Surface, Update
    from tui_editor.ui.terminal.damage import Damage
    from tui_editor.ui.terminal.facts import Graphics
    from tui_editor.ui.terminal.flow import Sent

PointerKind = Literal["down", "move", "up", "scroll"]

_DARK = Style.parse("on #{:02x}{:02x}{:02x}".format(*BACKGROUND))
_TEXT = Style.parse("#c8c8d0 on #{:02x}{:02x}{:02x}".format(*BACKGROUND))
_RETRY_S = 1.0
"""An acknowledgement may be lost; a picture that waits for one looks again after this time."""


class FrameView(Widget):
    """Shows what `show` was last given; all slow work happens on a thread, and the newest state wins.

    Args:
        frames: Where decoded frames come from.
        graphics: How pictures are shown.
        view: Name of the view, for the frame service.
        view_number: 0..15, different for each canvas of the program.
        id: Of the widget.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS: ClassVar[str] = "FrameView { width: 1fr; height: 1fr; }"

    class Pointer(Message):
        """The pointer did something on the canvas; x, y in image pixels, also outside the image."""

        def __init__(
            self, kind: PointerKind, x: float, y: float, *, button: int, shift: bool, ctrl: bool, delta: int = 0
        ) -> None:
            super().__init__()
            self.kind, self.x, self.y = kind, x, y
            self.button, self.shift, self.ctrl = button, shift, ctrl
            self.delta = delta
            """Of the wheel: 1 away from the user (up), -1 towards."""

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

        def __init__(self, result: Result[Update]) -> None:
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
        id: str | None = None,  # noqa: A002  Textual's name for it
    ) -> None:
        super().__init__(id=id)
        self.graphics = graphics
        self._frames, self._view, self._view_number = frames, view, view_number
        self._port: Port | None = None
        self._surface: Surface | None = None
        self._pipeline: Pipeline[Update] | None = None
        self._state: TaskState | None = None
        self._started: tuple[TaskState, tuple[int, int]] | None = None
        self._frame: Frame | None = None
        self._card: tuple[str, ...] = ()
        self._has_picture = False
        self._retrying = False

    # --- for the screen --------------------------------------------------------------------------

    def show(self, state: TaskState) -> None:
        """Show a state: call it when frame, camera, document, selection, display, tool or preview changed."""
        self._state = state
        if self._pipeline is not None:
            self._pipeline.moved_to(state.frame)
        if self._surface is None:
            self._set_card(_describe(state))
        self._pump()

    @property
    def canvas_size_px(self) -> tuple[int, int]:
        """Return (width, height) of the canvas in its own pixels, the unit of `viewport`."""
        width, height = self._cell_px
        return self.size.width * width, self.size.height * height

    @property
    def settled(self) -> bool:
        """Return whether the picture of the state that was given last has been made."""
        if self._pipeline is None or self._surface is None:
            return True
        return not self._pipeline.busy and self._started is not None and self._started[0] is self._state

    @property
    def viewport(self) -> Viewport:
        """Return what part of the frame the canvas shows, for the state given last."""
        canvas = max(1, self.canvas_size_px[0]), max(1, self.canvas_size_px[1])
        if self._state is None:
            return viewport_for(FIT, canvas, canvas)
        frame, view = self._frame, self._state.view
        size = frame.full_size if frame is not None else self._state.unit.size(view.frame)
        aspect = frame.pixel_aspect if frame is not None else 1.0
        return viewport_for(view.camera, size if min(size) > 0 else canvas, canvas, pixel_aspect=aspect)

    @property
    def _cell_px(self) -> tuple[int, int]:
        if self._port is None or self._surface is None or not self._surface.past_compositor:
            return CELL_PX
        return self._port.cell_px

    # --- life ------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Join the terminal."""
        self._port = self.app.port if isinstance(self.app, TerminalApp) else None
        terminal = self._port.terminal if self._port is not None else None
        self._surface = surface_for(self.graphics, terminal, self._view_number)
        if self._surface is None:
            self._set_card(_describe(self._state) if self._state is not None else ())
            return
        self._pipeline = Pipeline(
            self._frames,
            self._view,
            lambda result: self._post(self.Delivered(result)),
            lambda error: self._post(self.Failed(error)),
        )
        if self._port is not None and self._surface.past_compositor:
            self._port.owners.append(self)
            self._port.on_leave(self._view_number, self._surface.farewell)

    def on_unmount(self) -> None:
        """Leave the terminal."""
        if self._pipeline is not None:
            self._pipeline.close()
        if self._port is not None and self in self._port.owners:
            self._port.owners.remove(self)
            if self._surface is not None:
                self._port.write(self._surface.hide())

    def on_resize(self) -> None:
        """Render for the new size."""
        self._pump()

    def _post(self, message: Message) -> None:
        self.post_message(message)

    # --- pictures --------------------------------------------------------------------------------

    def _layout(self) -> Layout:
        if self._port is None or self._surface is None or not self._surface.past_compositor:
            return Layout(
                column=0, row=0, visible=np.ones((self.size.height, self.size.width), np.bool_), cell_px=CELL_PX
            )
        region, visible = self._port.visible_cells(self)
        return Layout(column=region.x, row=region.y, visible=visible, cell_px=self._port.cell_px)

    def _pump(self) -> None:
        """Start the next job, when there is one and it can be shown."""
        if self._state is None or self._pipeline is None or self._surface is None or self._pipeline.busy:
            return
        layout = self._layout()
        wanted = (self._state, layout.canvas_px)
        repair = self._started is not None and self._started[0] is wanted[0] and self._started[1] == wanted[1]
        if min(layout.canvas_px) == 0 or (repair and (self._card or not self._surface.gone(layout))):
            return
        if self._surface.past_compositor and self._port is not None and not self._port.ready():
            self._retry_later()
            return
        surface, state = self._surface, None if repair else self._state
        self._started = wanted
        self._pipeline.start(
            Job(state=state, canvas_px=layout.canvas_px, encode=lambda composed: surface.encode(composed, layout))
        )

    def _retry_later(self) -> None:
        if not self._retrying and self._port is not None and self._port.live:
            self._retrying = True
            self.set_timer(_RETRY_S, self._retry)

    def _retry(self) -> None:
        self._retrying = False
        self._pump()

    def on_frame_view_delivered(self, message: Delivered) -> None:
        """Show what the thread made."""
        result = message.result
        if result.error is not None:
            self._show_error(result.error)
        elif result.value is not None:
            self._show_update(result, result.value)
        self._pump()

    def on_frame_view_failed(self, message: Failed) -> None:
        """Let a defect be seen where all others are."""
        raise message.error

    def _show_update(self, result: Result[Update], update: Update) -> None:
        if self._surface is None:
            return
        if result.composed is not None:
            self._frame = result.composed.frame
        self._set_card(())
        shown = self._surface.show(update, self._layout())
        if not self._surface.past_compositor:
            self.refresh()
            self.post_message(self.Stats(0, result.elapsed_ms))
        elif any(shown) and self._port is not None:
            self._port.send_picture(shown.data, ahead=shown.ahead)
        if not self._has_picture:
            self._has_picture = True
            self.refresh()

    def _show_error(self, error: TuiEditorError) -> None:
        self._frame = None
        if self._surface is not None:
            data = self._surface.hide()
            if data and self._port is not None:
                self._port.write(data)
        lines = (error.what, error.where, error.hint)
        self._set_card(tuple(one_line(line) for line in ("This frame can't be shown", *lines) if line))

    # --- what the terminal reports (PictureOwner) --------------------------------------------------

    def compositor_wrote(self, damage: Damage) -> None:
        """Put right what text was written over, and follow the canvas where it went."""
        if self._surface is None or self._port is None:
            return
        layout = self._layout()
        region, _ = self._port.visible_cells(self)
        if data := self._surface.overwritten(damage.of(region), layout):
            self._port.write(data)
        self._pump()

    def line_ready(self) -> None:
        """Send what waits."""
        self._pump()

    def update_shown(self, sent: Sent) -> None:
        """Tell what an update cost."""
        self.post_message(self.Stats(sent.size, sent.elapsed_ms))

    def terminal_restored(self) -> None:
        """Send everything anew: the terminal was given back meanwhile."""
        if self._surface is not None:
            self._surface.forget()
        self._started = None
        self._pump()

    def cell_size_changed(self) -> None:
        """Render for the new cells."""
        self._pump()

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
        strips = self._surface.strips if self._surface is not None else ()
        if strips:
            lines = [strips[y] if y < len(strips) else Strip([]) for y in rows]
            return [line.adjust_cell_length(self.size.width, _DARK).crop(crop.x, crop.right) for line in lines]
        # Without a style a cell has no background, and a layer below it is seen.
        style = None if self._has_picture and self.graphics.layered else _DARK
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
        self.post_message(
            self.Pointer(kind, image_x, image_y, button=event.button, shift=event.shift, ctrl=event.ctrl, delta=delta)
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
