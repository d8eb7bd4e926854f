"""Keeps the picture of one canvas right: starts jobs, sends what they made, puts right what was written over.

All methods are called on the event loop.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Protocol

from textual.geometry import Region

from tui_editor.render.camera import viewport_for
from tui_editor.ui.picture.agenda import Agenda, Kind, Step
from tui_editor.ui.picture.half_blocks import changed_regions
from tui_editor.ui.picture.pipeline import Job
from tui_editor.ui.picture.quality import Pace
from tui_editor.ui.picture.surface import NOTHING, Prepared, Update
from tui_editor.ui.terminal.flow import Line
from tui_editor.ui.terminal.lazy_strip import LazyStrip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.strip import Strip

    from tui_editor.errors import TuiEditorError
    from tui_editor.model.frames import Frame
    from tui_editor.state.store import TaskState
    from tui_editor.ui.picture.layout import Layout, Mask
    from tui_editor.ui.picture.pipeline import Pipeline, Result
    from tui_editor.ui.picture.surface import Shown, Surface
    from tui_editor.ui.terminal.damage import Damage
    from tui_editor.ui.terminal.flow import Sent
    from tui_editor.ui.terminal_port import Port

SMALL_MS = 5.0
"""Processor time that an update may take on the event loop."""
_AGAIN_S = (0.4, 1.4)
"""What a multiplexer lost while it drew much text is missed then."""
_RETRY_S = 1.0
"""An acknowledgement may be lost; a picture that waits for one looks again after this time."""


class Canvas(Protocol):
    """What the keeper needs of the widget."""

    def layout_now(self) -> Layout:
        """Return where the canvas lies on the screen."""

    def region_now(self) -> Region:
        """Return its region on the screen."""

    def call_later_by(self, seconds: float, call: Callable[[], None]) -> None:
        """Call something on the event loop after a time."""

    def call_soon(self, call: Callable[[], None]) -> None:
        """Call something on the event loop, after what runs there now."""

    def picture_shown(self, changed: Sequence[Region]) -> None:
        """Learn that there is a picture, and where the text of the canvas changed with it."""

    def picture_failed(self, error: TuiEditorError) -> None:
        """Learn that the frame can't be shown."""

    def picture_cost(self, size: int, elapsed_ms: float) -> None:
        """Learn what an update cost."""

    @property
    def has_card(self) -> bool:
        """Return whether a text is shown in place of the picture."""


class Keeper:
    """The picture of one canvas.

    Args:
        canvas: The widget.
        surface: How pictures are shown.
        port: The way to the terminal; None without one.
        pipeline: Makes the pictures.
    """

    def __init__(
        self, canvas: Canvas, surface: Surface, port: Port | None, pipeline: Pipeline[Update | Prepared]
    ) -> None:
        self.surface = surface
        self._canvas, self._port, self._pipeline = canvas, port, pipeline
        self._agenda = Agenda(Pace(port.flow.line if port is not None else Line()))
        self._step: Step | None = None
        self._restored = False
        """The terminal was given back while a picture was made: that may be a change to what is not there."""
        self._waking = False
        self._clean = True
        """Nothing was written over the canvas yet."""
        self._labels_alone = False
        """The update that is made changes nothing but labels."""
        self._labels_ms = math.inf
        """Processor time of the last such update."""
        self._delivered: TaskState | None = None
        self._seen: TaskState | None = None
        """What the screen shows: the picture of a state, or one moved to another camera."""
        self._seen_px = (0, 0)
        self.frame: Frame | None = None
        """The decoded frame that is shown."""

    def show(self, state: TaskState) -> None:
        """Show a state as soon as it can be."""
        if self._agenda.state is not None and _draw_alike(self._agenda.state, state):
            return
        before = self._agenda.want(state)
        self._pipeline.moved_to(state.frame)
        if before is not None and before is self._seen and self._follow(state):
            self._agenda.follow()
            self._seen = state
        self.pump()

    @property
    def settled(self) -> bool:
        """Return whether the picture of the newest state has been made."""
        return self._delivered is self._agenda.state and (self._step is None or self._step.kind is Kind.AHEAD)

    def pump(self) -> None:
        """Start the next job, when there is one and it can be shown."""
        if self._step is not None:
            return
        layout = self._canvas.layout_now()
        gone = not self._canvas.has_card and self.surface.gone(layout)
        ahead = self.surface.ahead_frames if self._idle else 0
        step = self._agenda.next(layout.canvas_px, self.surface.quality, gone=gone, ahead=ahead)
        if step is None or (step.kind in {Kind.REFINE, Kind.AHEAD} and self._canvas.has_card):
            self._wake_in(self._agenda.wake_s())
        elif self._must_wait:
            self._wake_in(self._wait_s())
        else:
            self._begin(step, layout)

    def delivered(self, result: Result[Update | Prepared]) -> None:
        """Send what the thread made."""
        step, self._step = self._step, None
        if self._restored:
            self._begin_anew()
        elif result.error is not None and step is not None and step.kind is not Kind.AHEAD:
            self._fail(result.error, step)
        elif isinstance(result.value, Update) and step is not None:
            self._send(result, result.value, step)
        elif isinstance(result.value, Prepared) and result.value.data and self._port is not None:
            self._port.send_picture(b"", ahead=result.value.data)
        self.pump()

    def hide(self) -> None:
        """Take the picture off the screen."""
        data = self.surface.hide()
        if data and self._port is not None:
            self._port.write(data)

    def leave(self) -> None:
        """Take everything out of the terminal."""
        self.hide()
        if self._port is not None:
            self._port.write(self.surface.farewell)

    # --- PictureOwner ------------------------------------------------------------------------------

    def compositor_wrote(self, damage: Damage) -> None:
        """Put right what text was written over, and follow the canvas where it went."""
        if self._port is None:
            return
        layout = self._canvas.layout_now()
        if data := self.surface.overwritten(self._damaged(damage), layout):
            self._port.write(data)
            self._painted()
        self._clean = False
        self.pump()

    def line_ready(self) -> None:
        """Send what waits."""
        self.pump()

    def update_shown(self, sent: Sent) -> None:
        """Tell what an update cost."""
        if sent.shown:
            self._canvas.picture_cost(sent.size, sent.elapsed_ms)

    def terminal_restored(self) -> None:
        """Send everything anew: the terminal was given back meanwhile."""
        if self._step is None:
            self._begin_anew()
            self.pump()
        else:  # the thread reads what the surface holds
            self._restored = True

    def cell_size_changed(self) -> None:
        """Render for the new cells."""
        self.pump()

    # --- the way of a picture ----------------------------------------------------------------------

    @property
    def _must_wait(self) -> bool:
        if self._port is None or not self.surface.past_compositor or self._pipeline.answers_at_once:
            return False
        return not self._port.ready()

    def _wait_s(self) -> float:
        if self._port is None or not self._port.live:
            return 0.0
        return min(_RETRY_S, self._port.wait_s() or _RETRY_S)

    @property
    def _idle(self) -> bool:
        return self._port is not None and self._port.flow.in_flight == 0

    def _damaged(self, damage: Damage) -> Mask:
        return damage.of(self._canvas.region_now())

    def _follow(self, state: TaskState) -> bool:
        """Move the shown picture to the state's camera; return whether it could be."""
        if self.frame is None or self._port is None or not self._port.ready() or self._step is not None:
            return False
        layout = self._canvas.layout_now()
        viewport = viewport_for(
            state.view.camera,
            self.frame.full_size,
            layout.canvas_px,
            pixel_aspect=self.frame.pixel_aspect,
            rotation_deg=state.view.picture.rotation_deg,
        )
        before = self.surface.strips
        data = self.surface.follow(viewport, layout)
        if data is None:
            return False
        if data:
            self._port.send_picture(data)
        self._canvas.picture_shown(_changed(before, self.surface.strips, self._canvas.layout_now().visible.shape[1]))
        return True

    def _begin(self, step: Step, layout: Layout) -> None:
        surface, quality = self.surface, step.quality
        self._step = step
        self._agenda.begin(step)
        if step.kind is Kind.AHEAD:
            job: Job[Update | Prepared] = Job(
                state=step.state,
                canvas_px=step.canvas_px,
                encode=lambda made: Prepared(surface.prepare(made, layout, quality) if made else b"", quality),
                ahead=True,
            )
        else:
            job = Job(
                state=None if step.kind is Kind.REPAIR else step.state,
                canvas_px=step.canvas_px,
                encode=lambda made: surface.encode(made, layout, quality),
                ready=(lambda made: surface.is_ready(made, layout, quality)) if self._may_be_ready(step) else None,
                small=self._is_small(step),
            )
        if job.small:
            self._canvas.call_soon(partial(self._do, job))
        else:
            self._do(job)

    def _do(self, job: Job[Update | Prepared]) -> None:
        result = self._pipeline.at_once(job)
        if result is None:
            self._pipeline.start(job)
        else:
            self.delivered(result)

    def _is_small(self, step: Step) -> bool:
        """Return whether only labels differ from what is seen, and the last such update was little work.

        The thread would take its time from the one that draws the text of the panes: they share the interpreter.
        """
        seen = self._seen
        same = seen is not None and seen.view == step.state.view and self._seen_px == step.canvas_px
        self._labels_alone = step.kind is Kind.SHOW and same and step.quality <= self.surface.quality
        return self._labels_alone and self._labels_ms <= SMALL_MS and not self._pipeline.answers_at_once

    def _may_be_ready(self, step: Step) -> bool:
        """Return whether the picture may have been prepared: one is on another frame than before."""
        moved = self._seen is not None and step.state.frame != self._seen.frame
        return step.kind is Kind.SHOW and moved and self.surface.ahead_frames > 0

    def _send(self, result: Result[Update | Prepared], update: Update, step: Step) -> None:
        if result.composed is not None:
            self.frame = result.composed.frame
        if self._labels_alone and result.elsewhere is None:
            self._labels_ms = result.cpu_ms
        before = self.surface.strips
        shown = self._shown(result, update)
        if self.surface.past_compositor and self.surface.strips and update.frame_bytes:
            for wait in _AGAIN_S:
                self._canvas.call_later_by(wait, self.pump)
        if result.elsewhere is None or result.elsewhere.fits:
            self._delivered = self._seen = step.state
            self._seen_px = step.canvas_px
        else:
            self._agenda.again()
        if not self.surface.past_compositor:
            self._canvas.picture_cost(0, result.elapsed_ms)
        elif any(shown) and self._port is not None:
            self._agenda.pace.learn(self.surface.quality, step.canvas_px[0] * step.canvas_px[1], update.frame_bytes)
            self._port.send_picture(shown.data, ahead=shown.ahead)
            self._painted()
        self._canvas.picture_shown(_changed(before, self.surface.strips, self._canvas.layout_now().visible.shape[1]))

    def _begin_anew(self) -> None:
        self._restored, self._seen = False, None
        self.surface.forget()
        self._agenda.again()

    def _shown(self, result: Result[Update | Prepared], update: Update) -> Shown:
        """Return the bytes of an update; of one that was made elsewhere only what the terminal lacks."""
        layout = self._canvas.layout_now()
        if result.elsewhere is not None:
            self.surface.adopt(update, result.composed)
        shown = self.surface.show(update, layout)
        if result.elsewhere is None or not result.elsewhere.drawn:
            return shown
        still_there = update.layout.same(layout) and (self.surface.layered or self._clean)
        return NOTHING if still_there else shown._replace(ahead=b"")

    def _painted(self) -> None:
        """Tell the port when pixels take the place of text."""
        if self._port is not None and not self.surface.layered:
            self._port.painted_over(self._canvas.region_now())

    def _fail(self, error: TuiEditorError, step: Step) -> None:
        self.frame, self._delivered, self._seen = None, step.state, None
        self.hide()
        self._canvas.picture_failed(error)

    def _wake_in(self, seconds: float) -> None:
        if seconds > 0 and not self._waking:
            self._waking = True
            self._canvas.call_later_by(seconds, self._woken)

    def _woken(self) -> None:
        self._waking = False
        self.pump()


def _changed(before: tuple[Strip, ...], after: tuple[Strip, ...], width: int) -> list[Region]:
    """Return where the canvas has other text, in its own rows and columns."""
    if before is after:
        return []
    if any(isinstance(strip, LazyStrip) for strip in after):
        return changed_regions(before, after)
    if len(before) != len(after):
        return [Region(0, 0, width, max(len(before), len(after)))]
    rows = [row for row, (old, new) in enumerate(zip(before, after, strict=True)) if old is not new and old != new]
    return [Region(0, row, width, 1) for row in rows]


def _draw_alike(before: TaskState, after: TaskState) -> bool:
    """Return whether two states differ in nothing that is drawn: an edit that was kept changes what is said of it."""
    return all(getattr(before, name) is getattr(after, name) for name in before.__struct_fields__ if name not in _SAID)


_SAID = frozenset({"durability", "read_only"})
