"""A video file as frames, by exact presentation index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_editor.errors import MediaCorrupt
from tui_editor.media.limits import DEFAULT_LIMITS, MIB, Limits
from tui_editor.media.orient import upright_size
from tui_editor.media.video_index import SeekBy, VideoIndex, build_index
from tui_editor.media.video_pixels import PixelReader, orientation_of, planes_digest
from tui_editor.media.video_seek import make_seeker
from tui_editor.media.video_stream import VideoStream
from tui_editor.media.window import FrameWindow
from tui_editor.model.frames import Frame, FrameIdentity, UnitKind
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WINDOW_BYTES = 192 * MIB
"""About 60 frames of 1080p in 4:2:0."""
_NO_SEEK = (
    "the stream can't be sought: going back decodes from the start (a remux, `ffmpeg -i in -c copy out.mkv`, helps)"
)
_ODD_ANGLE = "the file asks for a rotation that is no multiple of 90°; it is shown unrotated"


class VideoSource:
    """The shown video stream of one file.

    Opening reads every packet once (no decoding), which makes the frame count and each frame's place exact.
    """

    def __init__(self, path: Path, *, limits: Limits = DEFAULT_LIMITS, window_bytes: int = WINDOW_BYTES) -> None:
        self._where = one_line(str(path))
        self._stream = VideoStream(path, limits)
        try:
            index = self._read_index()
            self._index = _without_lost(self._stream, index) if index.leading else index
            if not self._index.frame_count:
                raise MediaCorrupt("the video has no pictures that can be decoded", where=self._where)
            self._window = FrameWindow(window_bytes)
            self._lost: set[int] = set()
            self._last = -1
            self._seeker = make_seeker(self._stream, self._index)
            self._describe()
        except BaseException:
            self._stream.close()
            raise

    def _read_index(self) -> VideoIndex:
        import av

        try:
            return build_index(self._stream.container, self._stream.stream)
        except (av.error.FFmpegError, IndexError) as error:
            raise MediaCorrupt("the video has no readable packets", where=self._where) from error

    def _describe(self) -> None:
        first = self._decoded(0, must=False)
        if first is None:
            first = next(
                (found for at in self._samples() if (found := self._decoded(at, must=False)) is not None), None
            )
        if first is None:
            raise MediaCorrupt("no picture of the video can be decoded", where=self._where)
        stream = self._stream.stream
        angle = orientation_of(first)
        self._size = upright_size((first.width, first.height), angle or 1)
        ratio = stream.sample_aspect_ratio
        self._pixels = PixelReader(orientation=angle or 1, pixel_aspect=float(ratio) if ratio else 1.0)
        rate = stream.average_rate or stream.guessed_rate
        self._fps = float(rate) if rate else None
        self._time_base = float(stream.time_base) if stream.time_base else None
        self._warnings = (*self._stream.warnings, *self._notes(angle))

    def _samples(self) -> list[int]:
        count = self._index.frame_count
        return sorted({1, 2, count // 2, count - 1} & set(range(count)))

    def _notes(self, angle: int | None) -> list[str]:
        index = self._index
        notes = [_ODD_ANGLE] if angle is None else []
        if index.hidden:
            total = index.frame_count + index.hidden
            notes.append(f"{index.hidden} of {total} pictures are hidden by the file and have no index")
        if index.seek_by is SeekBy.START and index.frame_count > 1:
            notes.append(_NO_SEEK)
        return notes

    @property
    def kind(self) -> UnitKind:
        """Return VIDEO."""
        return UnitKind.VIDEO

    @property
    def frame_count(self) -> int:
        """Return the number of shown pictures."""
        return self._index.frame_count

    @property
    def fps(self) -> float | None:
        """Return the average frame rate."""
        return self._fps

    @property
    def warnings(self) -> Sequence[str]:
        """Return what a user should know: other streams, hidden pictures, no way to seek."""
        return self._warnings

    def size(self, index: int) -> tuple[int, int]:
        """Return (width, height) in pixels of the displayed frames."""
        self._check(index)
        return self._size

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        """Return a frame, upright, reduced towards `fit`.

        Raises:
            MediaCorrupt: This frame can't be decoded.
        """
        import av

        decoded = self._decoded(index)
        try:
            return self._pixels.frame(decoded, fit=fit, time_s=self.time_s(index), pts=self._pts(index))
        except (av.error.FFmpegError, ValueError) as error:
            where = f"{self._where}, frame {index}"
            raise MediaCorrupt(f"the frame can't be converted: {one_line(str(error), 80)}", where=where) from error

    def time_s(self, index: int) -> float | None:
        """Return the seconds from the first frame, by the time stamps or, where these are guesses, by the rate."""
        self._check(index)
        pts = self._pts(index)
        if pts is not None and self._time_base is not None:
            return (pts - int(self._index.shown_pts[0])) * self._time_base
        return index / self._fps if self._fps else None

    def identity(self, index: int) -> FrameIdentity:
        """Return the digest of the decoded planes, and the time stamp."""
        digest = planes_digest(self._decoded(index))
        return FrameIdentity(algorithm="planes-blake2b", digest=digest, pts=self._pts(index))

    def close(self) -> None:
        """Free the file, the decoder and the kept frames."""
        self._window.clear()
        self._stream.close()

    def _check(self, index: int) -> None:
        if not 0 <= index < self._index.frame_count:
            raise IndexError(index)

    def _pts(self, index: int) -> int | None:
        return int(self._index.shown_pts[index]) if self._index.seek_by is SeekBy.PTS else None

    def _decoded(self, index: int, *, must: bool = True) -> Any:
        self._check(index)
        frame = self._window.get(index)
        if frame is None and index not in self._lost:
            # Going back, all frames on the way are wanted for the next steps; a jump wants only its own.
            jump = not -_BACK_REACH <= index - self._last <= 1
            frame = self._seeker.find(index, self._window.add, skip=jump and self._stream.can_skip)
            if frame is None:
                self._lost.add(index)
        self._last = index
        if frame is None and must:
            raise MediaCorrupt("the frame can't be decoded", where=f"{self._where}, frame {index}")
        return frame


_BACK_REACH = 64


def _without_lost(stream: VideoStream, index: VideoIndex) -> VideoIndex:
    """Return the index without the pictures before the first key frame that the decoder does not give."""
    import numpy as np
    from msgspec.structs import replace

    stream.reopen()
    rest = index.shown_pts[index.leading :]
    first_key = int(rest[0]) if len(rest) else int(np.iinfo(np.int64).max)
    given: set[int] = set()
    while (packet := stream.next_packet()) is not None:
        frames = stream.decode(packet)
        given.update(frame.pts for frame in frames if frame.pts is not None)
        if any(frame.pts is not None and frame.pts >= first_key for frame in frames):
            break
    kept = [pts for pts in index.shown_pts[: index.leading].tolist() if pts in given]
    shown = np.concatenate([np.array(kept, dtype=np.int64), rest])
    return replace(index, shown_pts=shown, frame_count=len(shown), leading=len(kept))
