"""The decoded frames around the cursor, by which a step back costs no decoding. Bounded by bytes."""

from __future__ import annotations

from typing import Any


class FrameWindow:
    """The frames that passed last, in the order in which they passed."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._frames: dict[int, tuple[Any, int]] = {}

    def add(self, index: int, frame: Any) -> None:
        """Keep a decoded frame (PyAV); the oldest go when the room is used up, this one never."""
        self.discard(index)
        size = sum(plane.buffer_size for plane in frame.planes)
        self._frames[index] = frame, size
        self._bytes += size
        while self._bytes > self._max_bytes and len(self._frames) > 1:
            self.discard(next(iter(self._frames)))

    def get(self, index: int) -> Any | None:
        """Return the frame, None when it isn't kept."""
        entry = self._frames.get(index)
        return entry[0] if entry is not None else None

    def discard(self, index: int) -> None:
        """Forget a frame."""
        entry = self._frames.pop(index, None)
        if entry is not None:
            self._bytes -= entry[1]

    def clear(self) -> None:
        """Forget all."""
        self._frames.clear()
        self._bytes = 0

    @property
    def used_bytes(self) -> int:
        """Return the bytes of the kept frames."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._frames)
