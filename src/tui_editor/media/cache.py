"""Decoded frames that may be wanted again, bounded by bytes; the least recently used go first. Thread-safe."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import UnitId

    Key = tuple[UnitId, int, tuple[int, int] | None]

_STEP_PX = 64


def bucket(fit: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return `fit` rounded up, so that a pane that changes by a few pixels finds the same frame."""
    return None if fit is None else (_round_up(fit[0]), _round_up(fit[1]))


def _round_up(pixels: int) -> int:
    return max(1, -(-pixels // _STEP_PX)) * _STEP_PX


class FrameCache:
    """Frames by unit, index and the size that they were read for; a full-size frame serves any size."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._frames: OrderedDict[Key, Frame] = OrderedDict()
        self._lock = Lock()

    def get(self, unit: UnitId, index: int, fit: tuple[int, int] | None) -> Frame | None:
        """Return a frame that is large enough for `fit` (None: full size), None when there is none."""
        with self._lock:
            for size in (None,) if fit is None else (None, bucket(fit)):
                frame = self._frames.get((unit, index, size))
                if frame is not None:
                    self._frames.move_to_end((unit, index, size))
                    return frame
        return None

    def put(self, unit: UnitId, index: int, fit: tuple[int, int] | None, frame: Frame) -> None:
        """Keep a frame that was read for `fit`; one that is larger than the whole room isn't kept."""
        whole = (frame.pixels.shape[1], frame.pixels.shape[0]) == frame.full_size
        key = (unit, index, None if whole else bucket(fit))
        with self._lock:
            self._drop(key)
            if frame.pixels.nbytes > self._max_bytes:
                return
            self._frames[key] = frame
            self._bytes += frame.pixels.nbytes
            while self._bytes > self._max_bytes:
                self._drop(next(iter(self._frames)))

    def forget(self, unit: UnitId) -> None:
        """Drop all frames of a unit."""
        with self._lock:
            for key in [key for key in self._frames if key[0] == unit]:
                self._drop(key)

    def _drop(self, key: Key) -> None:
        frame = self._frames.pop(key, None)
        if frame is not None:
            self._bytes -= frame.pixels.nbytes

    @property
    def used_bytes(self) -> int:
        """Return the bytes of all kept pixels."""
        return self._bytes
