"""Frames without waiting: decoding threads, one for each open unit, and a cache that all share. Knows no interface."""

from __future__ import annotations

import time
from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from tui_editor.errors import UsageError
from tui_editor.media.cache import FrameCache
from tui_editor.media.limits import MIB
from tui_editor.media.worker import ReadAhead, Request, SourceWorker

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.frames import Frame, FrameIdentity
    from tui_editor.model.ids import UnitId
    from tui_editor.ports import FrameSource

__all__ = ["FrameService", "ReadAhead"]

T = TypeVar("T")

_MAX_OPEN = 3
"""Open units; a decoder of 4K video holds half a gigabyte."""


class FrameService:
    """Answers which frame to show, newest request first.

    Thread-safe. A request for a frame in the cache is answered when `request` returns; any other by its future, on the
    decoding thread of the unit.

    Args:
        open_unit: Opens the source of a unit; called on the unit's thread, may raise `TuiEditorError`.
        cache_bytes: Room for decoded pixels.
        max_open: Units that stay open; the least recently used idle one is closed for a further one.
        read_ahead: How many frames are read ahead in the direction of travel.
    """

    def __init__(
        self,
        open_unit: Callable[[UnitId], FrameSource],
        *,
        cache_bytes: int = 256 * MIB,
        max_open: int = _MAX_OPEN,
        read_ahead: ReadAhead | None = None,
    ) -> None:
        self._open_unit, self._max_open = open_unit, max_open
        self._read_ahead = read_ahead or ReadAhead()
        self._cache = FrameCache(cache_bytes)
        self._workers: OrderedDict[UnitId, SourceWorker] = OrderedDict()
        self._leaving: list[SourceWorker] = []
        self._lock = Lock()
        self._closed = False

    def request(
        self, unit: UnitId, index: int, fit: tuple[int, int] | None = None, *, view: str = "main"
    ) -> Future[Frame]:
        """Ask for a frame to show.

        Args:
            unit: The data unit.
            index: Of the frame in it.
            fit: (width, height) in pixels that will be shown at most; None for full size.
            view: Who shows it. An older request of the same view that has not begun is cancelled.

        Returns:
            A future of the frame, or of a `TuiEditorError`.
        """
        request = Request(index=index, fit=fit, view=view)
        frame = self._cache.get(unit, index, fit)
        with self._lock:
            worker = self._worker(unit)
            others = [other for other in self._workers.values() if other is not worker]
            if frame is not None:
                request.future.set_result(frame)
                worker.answered(request)
            else:
                worker.request(request)
        for other in others:
            other.withdraw(view)
        return request.future

    def keep(self, unit: UnitId, index: int, fit: tuple[int, int] | None, frame: Frame) -> None:
        """Take a frame that was decoded elsewhere for `fit`, as if it had been read here."""
        self._cache.put(unit, index, fit, frame)

    def cached(self, unit: UnitId, index: int, fit: tuple[int, int] | None = None) -> Frame | None:
        """Return a frame at once if it is there, large enough for `fit`."""
        return self._cache.get(unit, index, fit)

    def ask(self, unit: UnitId, job: Callable[[FrameSource], T]) -> Future[T]:
        """Run `job` with the unit's source on its thread, after the frames that are wanted."""
        future: Future[T] = Future()
        with self._lock:
            self._worker(unit).ask(job, future)
        return future

    def identity(self, unit: UnitId, index: int) -> Future[FrameIdentity]:
        """Return a future of what proves which frame this is."""
        return self.ask(unit, lambda source: source.identity(index))

    def forget(self, unit: UnitId) -> None:
        """Close a unit and drop its frames, for when its file changed or the task was left."""
        with self._lock:
            worker = self._workers.pop(unit, None)
            if worker is not None:
                self._leave(worker)
        self._cache.forget(unit)

    def close(self, timeout: float = 2.0) -> bool:
        """Cancel everything and end the threads.

        Returns:
            False when a thread was still decoding after `timeout` seconds; it ends with the process.
        """
        with self._lock:
            self._closed = True
            for worker in self._workers.values():
                self._leave(worker)
            self._workers.clear()
            leaving, self._leaving = self._leaving, []
        deadline = time.monotonic() + timeout
        ended = [worker.join(max(0.0, deadline - time.monotonic())) for worker in leaving]
        return all(ended)

    def _worker(self, unit: UnitId) -> SourceWorker:
        if self._closed:
            raise UsageError("the frame service is closed")
        worker = self._workers.get(unit)
        if worker is None:
            self._make_room()
            worker = SourceWorker(unit, self._open_unit, self._cache, read_ahead=self._read_ahead)
            self._workers[unit] = worker
        self._workers.move_to_end(unit)
        return worker

    def _make_room(self) -> None:
        for unit, worker in list(self._workers.items()):
            if len(self._workers) < self._max_open:
                return
            if worker.idle:
                self._leave(self._workers.pop(unit))

    def _leave(self, worker: SourceWorker) -> None:
        worker.stop()
        self._leaving = [other for other in self._leaving if not other.join(0)]
        self._leaving.append(worker)
