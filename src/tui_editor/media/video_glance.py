"""One frame of a video that nobody asks for another: read without what a `VideoSource` learns of the whole stream."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.errors import MediaError
from tui_editor.media.limits import DEFAULT_LIMITS, Limits
from tui_editor.media.video_index import SeekBy, VideoIndex, build_index
from tui_editor.media.video_pixels import PixelReader, orientation_of
from tui_editor.media.video_seek import make_seeker
from tui_editor.media.video_stream import VideoStream

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.frames import Frame

_NEAR = 4
"""Frames from a key frame within which several decoders at once give the wanted one later than a single one does."""


def glance(
    path: Path, index: int, fit: tuple[int, int] | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> Frame | None:
    """Return the frame that `VideoSource.read` returns, in less time; None where only a `VideoSource` can tell it.

    Every shown picture is still known by its own time stamp, so that the frame is the right one or none.

    Args:
        path: Of the video.
        index: In presentation order.
        fit: (width, height) towards which the frame is reduced.
        limits: What a file may claim before it is refused.
    """
    import av

    try:
        with closing(VideoStream(path, limits, probe=False)) as stream:
            return _read(stream, index, fit)
    except (MediaError, av.error.FFmpegError, IndexError, ValueError):
        return None


def _read(stream: VideoStream, index: int, fit: tuple[int, int] | None) -> Frame | None:
    found = build_index(stream.container, stream.stream)
    if found.seek_by is not SeekBy.PTS or found.leading or not 0 <= index < found.frame_count:
        return None
    if _behind_key(found, index) <= _NEAR:
        stream.decode_singly()
    decoded = make_seeker(stream, found).find(index, _keep_none, skip=False)
    orientation = None if decoded is None else orientation_of(decoded)
    if decoded is None or decoded.is_corrupt or orientation is None:
        return None
    ratio = stream.pixel_aspect
    reader = PixelReader(orientation=orientation, pixel_aspect=float(ratio) if ratio else 1.0)
    pts = int(found.shown_pts[index])
    base = stream.stream.time_base
    time_s = (pts - int(found.shown_pts[0])) * float(base) if base else None
    return reader.frame(decoded, fit=fit, time_s=time_s, pts=pts) if time_s is not None else None


def _behind_key(found: VideoIndex, index: int) -> int:
    """Return how many shown pictures lie between a picture and the last key frame before it."""
    target = found.shown_pts[index]
    key = int(np.searchsorted(found.key_pts, target, side="right")) - 1
    return index - int(np.searchsorted(found.shown_pts, found.key_pts[key])) if key >= 0 else index


def _keep_none(index: int, frame: Any) -> None:
    """Frames on the way are not wanted."""
