"""Finding the picture with a given presentation index: by time stamp, by counting from a key frame, or from the start.

The rules that make it exact:

* A time stamp seek may land on a later key frame than asked (transport and program streams): what was landed on is
  checked on the packet, and if it is too late an earlier key frame is tried, at last the start of the file.
* Pictures shown before the key frame that was landed on are dropped: what they refer to was not decoded.
* Packets that are decoded but not shown have no index, but their key frames serve as places to start from.
* AVI has no presentation time stamps: there each packet is numbered in decode order, the number travels through the
  decoder with it, and the pictures that come out before a key frame although they went in after it are counted once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from tui_editor.media.video_index import SeekBy, VideoIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.media.video_stream import VideoStream

    Keep = Callable[[int, Any], None]

_DECODE_ON = 3
"""Frames that are decoded on rather than sought over: a seek empties the decoder's pipeline."""
_TRIES = 3


class Seeker(Protocol):
    """Finds decoded frames by index; `keep(index, frame)` is told of each frame that passes on the way."""

    def find(self, index: int, keep: Keep, *, skip: bool) -> Any | None:
        """Return the decoded frame (PyAV) at `index`, None when it can't be decoded.

        Args:
            index: In presentation order.
            keep: Told of every frame that is decoded whole on the way, the found one included.
            skip: Leave out what isn't needed for this frame; `keep` then learns of few.
        """


def make_seeker(stream: VideoStream, index: VideoIndex) -> Seeker:
    """Return the seeker for what the index says of the stream."""
    if index.seek_by is SeekBy.PTS:
        return PtsSeeker(stream, index)
    return CountSeeker(stream, index) if index.seek_by is SeekBy.COUNT else StartSeeker(stream)


class PtsSeeker:
    """By presentation time stamp."""

    def __init__(self, stream: VideoStream, index: VideoIndex) -> None:
        self._stream, self._pts, self._keys = stream, index.shown_pts, index.key_pts
        self._ready: deque[tuple[int, Any]] = deque()
        self._cursor: int | None = None
        """Index of the last frame that came out; None at first and after a failed landing."""
        self._floor: int | None = None
        """Time stamp of the key frame that was landed on; None when decoding from the start."""

    def find(self, index: int, keep: Keep, *, skip: bool) -> Any | None:
        """See `Seeker`."""
        target = int(self._pts[index])
        key = int(np.searchsorted(self._keys, target, side="right")) - 1
        if self._continues(index, key):
            frame = self._advance(index, keep, skip=skip)
            if frame is not None:
                return frame
        return self._from_key(index, key, keep, skip=skip)

    def _from_key(self, index: int, key: int, keep: Keep, *, skip: bool) -> Any | None:
        tries, spare = 0, None
        for start in _back_off(key):
            if not self._go(start):
                continue
            frame = self._advance(index, keep, skip=skip)
            tries += 1
            if frame is not None and (not frame.is_corrupt or start < 0 or tries == 2):
                return frame
            spare = frame if frame is not None else spare
            if tries == _TRIES and spare is None and start >= 0:
                self._restart()
                return self._advance(index, keep, skip=False)
        return spare

    def _continues(self, index: int, key: int) -> bool:
        cursor = self._cursor
        if cursor is None or cursor >= index:
            return False
        if index - cursor <= _DECODE_ON or key < 0:
            return True
        reached = self._pts[cursor] if cursor >= 0 else self._pts[0]
        return bool(self._keys[key] <= reached)

    def _go(self, key: int) -> bool:
        if key < 0:
            self._restart()
            return True
        self._ready.clear()
        self._cursor = None
        wanted = int(self._keys[key])
        if not self._stream.seek(wanted):
            return False
        while (packet := self._stream.next_packet()) is not None:
            if packet.size and packet.is_keyframe:
                if packet.pts is None or packet.pts > wanted:
                    return False
                self._floor = packet.pts
                self._cursor = int(np.searchsorted(self._pts, packet.pts)) - 1
                self._feed(packet, skip=False)
                return True
        return False

    def _restart(self) -> None:
        self._ready.clear()
        self._stream.reopen()
        self._cursor, self._floor = -1, None

    def _feed(self, packet: Any, *, skip: bool) -> None:
        for frame in self._stream.decode(packet, skip=skip):
            if frame.pts is None or (self._floor is not None and frame.pts < self._floor):
                continue
            place = int(np.searchsorted(self._pts, frame.pts))
            if place < len(self._pts) and self._pts[place] == frame.pts:
                self._ready.append((place, frame))

    def _advance(self, index: int, keep: Keep, *, skip: bool) -> Any | None:
        target = int(self._pts[index])
        while True:
            while self._ready:
                place, frame = self._ready.popleft()
                self._cursor = place
                if not frame.is_corrupt:
                    keep(place, frame)
                if place >= index:
                    return frame if place == index else None
            packet = self._stream.next_packet()
            if packet is None:
                return None
            early = packet.pts is not None and packet.pts < target and not packet.is_keyframe
            self._feed(packet, skip=skip and early)


def _back_off(key: int) -> Iterator[int]:
    """Yield key, key-1, key-2, key-4, …, and last -1: the start of the file."""
    yield max(key, -1)
    back = 1
    while key - back >= 0:
        yield key - back
        back *= 2
    if key >= 0:
        yield -1


class StartSeeker:
    """From the first picture, for streams that can't be sought."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        self._ready: deque[Any] = deque()
        self._cursor: int | None = None

    def find(self, index: int, keep: Keep, *, skip: bool) -> Any | None:  # noqa: ARG002  # every picture must be counted
        """See `Seeker`."""
        if self._cursor is None or self._cursor >= index:
            self._ready.clear()
            self._stream.reopen()
            self._cursor = -1
        while True:
            while self._ready:
                frame = self._ready.popleft()
                self._cursor += 1
                keep(self._cursor, frame)
                if self._cursor == index:
                    return frame
            packet = self._stream.next_packet()
            if packet is None:
                return None
            self._ready.extend(self._stream.decode(packet))


class CountSeeker:
    """By counting pictures from a key frame; packets carry their number in decode order through the decoder."""

    def __init__(self, stream: VideoStream, index: VideoIndex) -> None:
        self._stream = stream
        self._key_packet = index.key_packet.tolist()
        self._key_dts, self._key_pos = index.key_dts, index.key_pos
        self._all_keys = len(self._key_packet) == index.frame_count
        self._leading: dict[int, int] = {}
        """Pictures shown before a key frame although they come after it, by key frame; measured."""
        self._ready: deque[Any] = deque()
        self._number = 0
        """Number in decode order of the next packet."""
        self._cursor: int | None = None
        """Index of the last frame that came out; None when it isn't known."""

    def find(self, index: int, keep: Keep, *, skip: bool) -> Any | None:  # noqa: ARG002  # every picture must be counted
        """See `Seeker`."""
        key = self._start_key(index)
        if not self._continues(index, key) and not self._land(key):
            self._restart()
        while (frame := self._next()) is not None:
            if self._cursor is None:
                if frame.pts == self._key_packet[key]:
                    self._cursor = self._shown_at(key)
                else:
                    continue  # a leading picture of the key frame that was landed on
            else:
                self._cursor = self._place_after(self._cursor, frame)
            keep(self._cursor, frame)
            if self._cursor >= index:
                return frame if self._cursor == index else None
        return None

    def _continues(self, index: int, key: int) -> bool:
        cursor = self._cursor
        if cursor is None or cursor >= index:
            return False
        return index - cursor <= _DECODE_ON or self._shown_at(key) <= cursor

    def _shown_at(self, key: int) -> int:
        return int(self._key_packet[key]) + (0 if self._all_keys else self._leading.get(key, 0))

    def _place_after(self, cursor: int, frame: Any) -> int:
        """Return the index of the frame that came out after `cursor`; a damaged one before it may be missing."""
        if self._all_keys:
            return int(frame.pts)
        key = bisect_right(self._key_packet, frame.pts) - 1
        if self._key_packet[key] == frame.pts and key in self._leading:
            return self._shown_at(key)
        return cursor + 1

    def _start_key(self, index: int) -> int:
        """Return the last key frame shown at or before `index`."""
        key = bisect_right(self._key_packet, index) - 1
        while key > 0:
            if not self._all_keys and key not in self._leading:
                self._measure(key)
            if self._shown_at(key) <= index:
                return key
            key -= 1
        return 0

    def _measure(self, key: int) -> None:
        """Decode from the key frame before to this one and count what comes out early."""
        if not self._land(key - 1):
            self._restart()
        self._leading[key] = 0
        seen, early = False, 0
        while (frame := self._next()) is not None:
            seen = seen or frame.pts == self._key_packet[key - 1]
            if frame.pts == self._key_packet[key]:
                self._leading[key] = early
                self._cursor = self._key_packet[key] + early
                self._ready.appendleft(frame)
                self._cursor -= 1
                return
            early += seen and frame.pts > self._key_packet[key]

    def _land(self, key: int) -> bool:
        if key == 0:
            return False
        self._ready.clear()
        self._cursor = None
        if not self._stream.seek(int(self._key_dts[key])):
            return False
        packet = self._stream.next_packet()
        if packet is None or packet.pos != self._key_pos[key]:
            return False
        self._number = self._key_packet[key]
        self._feed(packet)
        return True

    def _restart(self) -> None:
        self._ready.clear()
        self._stream.reopen()
        self._number, self._cursor = 0, -1

    def _next(self) -> Any | None:
        while not self._ready:
            packet = self._stream.next_packet()
            if packet is None:
                return None
            self._feed(packet)
        return self._ready.popleft()

    def _feed(self, packet: Any) -> None:
        if packet.size:
            packet.pts = packet.dts = self._number
            self._number += 1
        self._ready.extend(self._stream.decode(packet))
