"""The thread that owns one open frame source: answers the newest request, then jobs, then reads ahead."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from threading import Condition, Thread, current_thread
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, field

from tui_editor.errors import MediaCorrupt, TuiEditorError, UsageError
from tui_editor.media.cache import FrameCache, bucket
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import UnitId
    from tui_editor.ports import FrameSource

T = TypeVar("T")

_NEAR = 64
"""A larger step between two requests is a jump and says nothing of a direction."""


class Request(Struct, kw_only=True):
    """A frame that a view wants to show."""

    index: int
    fit: tuple[int, int] | None
    view: str
    future: Future[Frame] = field(default_factory=Future)


class ReadAhead(Struct, frozen=True, kw_only=True):
    """How many frames are read ahead of the one shown."""

    forward: int = 4
    back: int = 12
    """More than forward: going back, the source decodes a whole window at once, best before it is needed."""


class SourceWorker:
    """A thread, the source that it opens, and what is asked of it."""

    def __init__(
        self,
        unit: UnitId,
        open_unit: Callable[[UnitId], FrameSource],
        cache: FrameCache,
        *,
        read_ahead: ReadAhead,
    ) -> None:
        self._unit, self._open_unit, self._cache = unit, open_unit, cache
        self._read_ahead = read_ahead
        self._wake = Condition()
        self._wanted: dict[str, Request] = {}
        self._jobs: deque[tuple[Callable[[FrameSource], Any], Future[Any]]] = deque()
        self._plan: deque[tuple[int, tuple[int, int] | None]] = deque()
        self._shown: dict[str, int] = {}
        self._stopped = False
        self._busy = False
        self._source: FrameSource | None = None
        self._thread = Thread(target=self._run, name=f"frames-{unit}", daemon=True)
        self._thread.start()

    def request(self, request: Request) -> None:
        """Ask for a frame; a request of the same view that has not begun is cancelled."""
        with self._wake:
            older = self._wanted.pop(request.view, None)
            self._wanted[request.view] = request
            self._plan.clear()
            self._wake.notify()
        if older is not None:
            older.future.cancel()

    def answered(self, request: Request) -> None:
        """Take in that a view shows a frame from the cache: what it wanted is cancelled, what comes next is planned."""
        with self._wake:
            older = self._wanted.pop(request.view, None)
            moved = self._shown.get(request.view) != request.index
            if moved and not self._wanted and self._source is not None:
                self._plan = self._ahead_of(request, self._source.frame_count)
                self._wake.notify()
            self._shown[request.view] = request.index
        if older is not None:
            older.future.cancel()

    def withdraw(self, view: str) -> None:
        """Cancel what a view wants, if it has not begun, and stop reading ahead."""
        with self._wake:
            older = self._wanted.pop(view, None)
            self._plan.clear()
        if older is not None:
            older.future.cancel()

    def ask(self, job: Callable[[FrameSource], Any], future: Future[Any]) -> None:
        """Run `job` on the source's thread when no frame is wanted."""
        with self._wake:
            self._jobs.append((job, future))
            self._wake.notify()

    @property
    def idle(self) -> bool:
        """Return whether nothing is asked of it (reading ahead does not count)."""
        with self._wake:
            return not (self._busy or self._wanted or self._jobs)

    def stop(self) -> None:
        """Let the thread end after what it is doing; cancel all that has not begun."""
        with self._wake:
            self._stopped = True
            futures: list[Future[Any]] = [request.future for request in self._wanted.values()]
            futures += [future for _, future in self._jobs]
            self._wanted.clear()
            self._jobs.clear()
            self._plan.clear()
            self._wake.notify()
        for future in futures:
            future.cancel()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; False when it did not within `timeout` seconds."""
        if self._thread is current_thread():
            return False
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._busy = False
                while not (self._stopped or self._wanted or self._jobs or self._plan):
                    self._wake.wait()
                if self._stopped:
                    break
                work = self._next_work()
                self._busy = True
            work()
        if self._source is not None:
            self._source.close()

    def _next_work(self) -> Callable[[], None]:
        if self._wanted:
            request = self._wanted.pop(next(iter(self._wanted)))
            return lambda: self._answer(request)
        if self._jobs:
            job, future = self._jobs.popleft()
            return lambda: self._do(job, future)
        index, fit = self._plan.popleft()
        return lambda: self._prefetch(index, fit)

    def _answer(self, request: Request) -> None:
        if not request.future.set_running_or_notify_cancel():
            return
        try:
            frame = self._read(request.index, request.fit)
        except TuiEditorError as error:
            self._settle(request, read=False)
            request.future.set_exception(error)
        else:
            self._settle(request, read=True)
            request.future.set_result(frame)

    def _settle(self, request: Request, *, read: bool) -> None:
        """Plan what to read ahead unless something newer is wanted."""
        with self._wake:
            if read and not self._wanted and self._source is not None:
                self._plan = self._ahead_of(request, self._source.frame_count)
            self._shown[request.view] = request.index

    def _do(self, job: Callable[[FrameSource], Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(self._guarded(lambda: job(self._opened()), "the source failed"))
        except TuiEditorError as error:
            future.set_exception(error)

    def _prefetch(self, index: int, fit: tuple[int, int] | None) -> None:
        try:
            self._read(index, fit)
        except TuiEditorError:
            with self._wake:
                self._plan.clear()  # whoever goes there learns the reason then

    def _ahead_of(self, request: Request, frame_count: int) -> deque[tuple[int, tuple[int, int] | None]]:
        step = request.index - self._shown.get(request.view, request.index)
        if abs(step) > _NEAR:
            step = 0
        count = self._read_ahead.back if step < 0 else self._read_ahead.forward if step > 0 else 1
        ahead = (request.index + (step or 1) * nth for nth in range(1, count + 1))
        return deque((index, request.fit) for index in ahead if 0 <= index < frame_count)

    def _read(self, index: int, fit: tuple[int, int] | None) -> Frame:
        frame = self._cache.get(self._unit, index, fit)
        if frame is None:
            frame = self._guarded(lambda: self._opened().read(index, bucket(fit)), f"frame {index} can't be read")
            self._cache.put(self._unit, index, fit, frame)
        return frame

    def _opened(self) -> FrameSource:
        if self._source is None:
            self._source = self._open_unit(self._unit)
        return self._source

    def _guarded(self, work: Callable[[], T], what: str) -> T:
        try:
            return work()
        except TuiEditorError:
            raise
        except IndexError as error:
            raise UsageError(f"there is no such frame: {one_line(str(error))}") from error
        except Exception as error:  # a plug-in's source may raise anything; the thread must live on
            raise MediaCorrupt(f"{what}: {one_line(repr(error))}") from error
