"""One thread for one canvas: waits for the frame, composes, encodes. The event loop starts jobs and takes results."""

from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from msgspec import Struct

from tui_editor.errors import TuiEditorError
from tui_editor.ui.picture.compose import Composer, fit_px

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.frames import Frame, FrameRef
    from tui_editor.model.ids import UnitId
    from tui_editor.state.store import TaskState
    from tui_editor.ui.picture.composed import Composed

T = TypeVar("T")

AHEAD = " ahead"
"""Ends the name under which frames are asked for that nobody looks at yet: going on reads ahead of those."""


class Frames(Protocol):
    """Where decoded frames come from: `media.service.FrameService`."""

    def request(
        self, unit: UnitId, index: int, fit: tuple[int, int] | None = None, *, view: str = "main"
    ) -> Future[Frame]:
        """Return a future of a frame, or of a `TuiEditorError`; it withdraws the view's older request."""


class Job(Struct, Generic[T], frozen=True, kw_only=True, eq=False):
    """What the thread should make: the picture of a state, or (without a state) a part of the last one again."""

    state: TaskState | None
    canvas_px: tuple[int, int]
    encode: Callable[[Composed | None], T]
    """Called on the thread with the canvas; with None when there is no state."""
    ahead: bool = False
    """Nobody waits for it: it is given up when anything else is wanted."""
    ready: Callable[[Composed], bool] | None = None
    """Tells whether `encode` has next to nothing to do; None where it is known to have."""
    small: bool = False
    """It is expected to take less time than the threads would take to share the interpreter."""


class Result(Struct, Generic[T], frozen=True, kw_only=True, eq=False):
    """What became of a job: a value, an error that the user can read, or neither when it was given up."""

    job: Job[T]
    value: T | None = None
    composed: Composed | None = None
    error: TuiEditorError | None = None
    elapsed_ms: float = 0.0
    """Of composing and encoding, without waiting for the frame."""
    cpu_ms: float = 0.0
    """Of that, what the thread that did it worked."""
    elsewhere: Elsewhere | None = None
    """How it was made, where that was not here."""


class Elsewhere(NamedTuple):
    """How a picture stands that another process made."""

    drawn: bool
    """The terminal shows it."""
    fits: bool
    """It shows the state of the job."""


class FirstAnswer(Protocol[T]):
    """What was made elsewhere for the first job."""

    @property
    def ready(self) -> bool:
        """Return whether `result` needs not wait."""

    def result(self, job: Job[T], composer: Composer) -> Result[T] | None:
        """Return the answer and let the composer go on from it; None when it does not fit the job."""


class Pipeline(Generic[T]):
    """Runs one job at a time.

    Args:
        frames: Where frames come from.
        view: Name of the view, for the service.
        deliver: Called on the thread with each result.
        failed: Called on the thread with an exception that no job should raise.
        first: Answers the first job; None: it is done here.
    """

    def __init__(
        self,
        frames: Frames,
        view: str,
        deliver: Callable[[Result[T]], None],
        failed: Callable[[BaseException], None],
        first: FirstAnswer[T] | None = None,
    ) -> None:
        self._first = first
        self._frames, self._view = frames, view
        self._deliver, self._failed = deliver, failed
        self._composer = Composer()
        self._wake = threading.Condition()
        self._next: Job[T] | None = None
        self._running: Job[T] | None = None
        self._outdated = self._closed = False
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"picture-{view}")
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Return whether a job was started whose result was not delivered yet."""
        return self._next is not None or self._running is not None

    def start(self, job: Job[T]) -> None:
        """Start a job; only when not `busy`."""
        with self._wake:
            self._outdated = False
            self._next = job
            self._wake.notify_all()

    @property
    def answers_at_once(self) -> bool:
        """Return whether `at_once` has something for the first job."""
        return self._first is not None and self._first.ready

    def at_once(self, job: Job[T]) -> Result[T] | None:
        """Return what a job comes to, where all of it is there already; else `start` it. Only when not `busy`."""
        if self._first is None:
            return self._prepared(job)
        if not self._first.ready:
            return None
        first, self._first = self._first, None
        return first.result(job, self._composer)

    def _prepared(self, job: Job[T]) -> Result[T] | None:
        """Return the result of a job that is small, or whose picture was prepared: a thread would only come later."""
        if job.state is None or not (job.small or job.ready):
            return None
        frame = self._cached(job.state, job.canvas_px)
        if frame is None:
            return None
        begun = _Times()
        composed = self._composer.compose(job.state, frame, job.canvas_px)
        if job.ready is not None and not job.ready(composed):
            return None
        return begun.result(job, composed, job.encode(composed))

    def _cached(self, state: TaskState, canvas_px: tuple[int, int]) -> Frame | None:
        """Return the decoded frame where it is there at once; else it is on its way."""
        view = state.view
        future = self._frames.request(view.unit, view.frame, fit_px(state, canvas_px), view=self._view)
        return future.result() if future.done() and not future.cancelled() and future.exception() is None else None

    def moved_to(self, frame: FrameRef) -> None:
        """Give up waiting for a frame of another data unit, whose file may take for ever, and for any read ahead."""
        with self._wake:
            job = self._running or self._next
            self._outdated = (
                job is not None and job.state is not None and (job.ahead or job.state.frame.unit != frame.unit)
            )
            self._wake.notify_all()

    def close(self) -> None:
        """End the thread; a job that runs ends unheard."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def _run(self) -> None:
        while (job := self._take()) is not None:
            try:
                result = self._do(job)
            except TuiEditorError as error:
                result = Result(job=job, error=error)
            except BaseException as error:  # noqa: BLE001  a defect is raised again on the event loop, not lost here
                self._failed(error)
                return
            with self._wake:
                self._running = None
                closed = self._closed
            if not closed:
                self._deliver(result)

    def _take(self) -> Job[T] | None:
        with self._wake:
            self._wake.wait_for(lambda: self._next is not None or self._closed)
            if self._closed:
                return None
            self._running, self._next = self._next, None
            return self._running

    def _do(self, job: Job[T]) -> Result[T]:
        first, self._first = self._first, None
        if first is not None and (result := first.result(job, self._composer)) is not None:
            return result
        composed, begun = None, _Times()
        if job.state is not None:
            frame = self._frame(job.state, job.canvas_px, self._view + (AHEAD if job.ahead else ""))
            if frame is None:
                return Result(job=job)
            begun = _Times()
            composed = self._composer.compose(job.state, frame, job.canvas_px)
        return begun.result(job, composed, job.encode(composed))

    def _frame(self, state: TaskState, canvas_px: tuple[int, int], viewer: str) -> Frame | None:
        """Return the decoded frame; None when nobody wants it any more."""
        view = state.view
        future = self._frames.request(view.unit, view.frame, fit_px(state, canvas_px), view=viewer)
        future.add_done_callback(self._frame_is_there)
        with self._wake:
            self._wake.wait_for(lambda: future.done() or self._outdated or self._closed)
        if not future.done():
            return None
        try:
            return future.result()
        except CancelledError:
            return None

    def _frame_is_there(self, _: Future[Frame]) -> None:
        with self._wake:
            self._wake.notify_all()


class _Times:
    """What a job takes from now on."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.thread_time()

    def result(self, job: Job[T], composed: Composed | None, value: T) -> Result[T]:
        """Return the result of a job that ends now."""
        elapsed_ms = (time.perf_counter() - self._wall) * 1000
        cpu_ms = (time.thread_time() - self._cpu) * 1000
        return Result(job=job, value=value, composed=composed, elapsed_ms=elapsed_ms, cpu_ms=cpu_ms)
