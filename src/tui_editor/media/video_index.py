"""Which pictures a video stream shows and where its key frames lie, from one demux pass. Decodes nothing."""

from __future__ import annotations

from array import array
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from tui_editor.model.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MISSING = int(np.iinfo(np.int64).min)
"""Stands for a time stamp that the container does not give."""

_COLUMNS = 4


class SeekBy(Enum):
    """How frame i can be found."""

    PTS = auto()
    """By presentation time stamp: each packet has one of its own."""
    COUNT = auto()
    """By counting pictures from a key frame: the container's time stamps are guesses (AVI) or not unique."""
    START = auto()
    """By counting from the first picture: the stream can't be sought."""


class VideoIndex(Struct, frozen=True, kw_only=True, eq=False):
    """The packets of one video stream in decode order, and what follows from them."""

    seek_by: SeekBy
    frame_count: int
    shown_pts: NDArray[np.int64]
    """PTS only: time stamps of the shown pictures, ascending; the position is the frame index."""
    key_pts: NDArray[np.int64]
    """PTS only: time stamps of all key frames, ascending, those that are decoded but not shown as well."""
    key_packet: NDArray[np.int64]
    """Number of each key frame's packet in decode order."""
    key_dts: NDArray[np.int64]
    """Decoding time stamp of each key frame, in decode order; `MISSING` where there is none."""
    key_pos: NDArray[np.int64]
    """Byte position of each key frame's packet, in decode order; `MISSING` where unknown."""
    hidden: int
    """Pictures that the container decodes but doesn't show (edit list)."""
    leading: int
    """Shown pictures that come before the first key frame: some of them may not be decodable."""


def build_index(container: Any, stream: Any) -> VideoIndex:
    """Read all packets of `stream` (PyAV) once and return the index; the container is left at its end.

    Raises:
        av.error.FFmpegError: The container breaks off before the first packet.
    """
    columns = array("q")  # one flat row a packet: ten hours are a million packets
    keys: list[int] = []
    number = 0
    for packet in packets(container, stream):
        size = packet.size
        if not size:
            continue
        pts, dts, pos = packet.pts, packet.dts, packet.pos
        if packet.is_keyframe:
            keys.append(number)
        number += 1
        columns.append(MISSING if pts is None else pts)
        columns.append(MISSING if dts is None else dts)
        columns.append(MISSING if pos is None or pos < 0 else pos)
        columns.append(packet.is_discard)
    table = (
        np.frombuffer(columns, dtype=np.int64).reshape(-1, _COLUMNS) if number else np.empty((0, _COLUMNS), np.int64)
    )
    return _index(table, np.array(keys, dtype=np.int64), counted=container.format.name == "avi")


def packets(container: Any, stream: Any) -> Iterator[Any]:
    """Yield the packets of `stream` and last an empty one that drains the decoder.

    A container that breaks off simply ends, unless it gave nothing at all.
    """
    import av

    count = 0
    try:
        for packet in container.demux(stream):
            count += 1
            yield packet
    except (av.error.FFmpegError, IndexError):  # PyAV does not know streams that a damaged container invents later
        if not count:
            raise
        drain = av.Packet()
        drain.stream = stream
        yield drain


def _index(table: NDArray[np.int64], keys: NDArray[np.int64], *, counted: bool) -> VideoIndex:
    pts, dts, pos, discard = table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(bool)
    shown = np.sort(pts[~discard])
    seek_by = _seek_by(table, keys, counted=counted)
    first_key_pts = pts[keys[0]] if len(keys) else MISSING
    before_key = int(np.count_nonzero(shown < first_key_pts)) if seek_by is SeekBy.PTS else 0
    return VideoIndex(
        seek_by=seek_by,
        frame_count=int(np.count_nonzero(~discard)),
        shown_pts=shown,
        key_pts=np.sort(pts[keys]),
        key_packet=keys,
        key_dts=dts[keys],
        key_pos=pos[keys],
        hidden=int(np.count_nonzero(discard)),
        leading=before_key,
    )


def _seek_by(table: NDArray[np.int64], keys: NDArray[np.int64], *, counted: bool) -> SeekBy:
    pts, dts, pos, discard = table[:, 0], table[:, 1], table[:, 2], table[:, 3]
    if not len(keys) or (dts == MISSING).all():
        return SeekBy.START
    known = dts[dts != MISSING]
    if (np.diff(known) < 0).any():
        return SeekBy.START  # time runs back: parts were joined, so no time stamp names one place
    if not counted and (pts != MISSING).all() and len(distinct(pts)) == len(pts):
        return SeekBy.PTS
    if discard.any() or keys[0] != 0:
        return SeekBy.START  # packets without a shown picture spoil the count
    usable = (pos[keys] != MISSING).all() and len(distinct(pos[keys])) == len(keys) and (dts[keys] != MISSING).all()
    return SeekBy.COUNT if usable else SeekBy.START
