"""One video stream of a file under PyAV: opening, choosing, seeking, decoding on in spite of damage."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tui_editor.errors import MediaCorrupt, MediaTooLarge, MediaUnknown
from tui_editor.media.files import read_bytes
from tui_editor.media.sniff import HEAD_BYTES, file_type
from tui_editor.media.video_index import packets
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.media.limits import Limits

_DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,h264,hevc,flv,asf,ogg,gif,ivf,m4v,mjpeg,mxf,"
    "dv,nut,vc1,obu,av1,yuv4mpegpipe,h263,rm,wtv,apng"
)
"""What may be opened: no playlists and no formats that name other files (HLS, DASH, concat, image2)."""
_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": _DEMUXERS}
_UNDECODED = {"skip_frame": "all"}
"""While it opens a file FFmpeg decodes pictures to learn their delay and format; with this, none."""
_BYTES_PER_PIXEL = 1.5
_REFERENCE_FRAMES = 12
_DECODER_BYTES = 512 << 20
_MOST_THREADS = 9
_SKIPS_EXACTLY = frozenset({"h264", "mpeg1video", "mpeg2video", "mpeg4"})
"""Codecs in which a picture marked as no reference is never one, so that leaving it out changes no other."""


class VideoStream:
    """The shown video stream of a file, with a decoder of its own.

    Args:
        path: Of the file.
        limits: What it may claim before it is refused.
        probe: Decode the first pictures while opening. Without, pictures come out in the order of presentation
            only where the stream tells their delay, and their format is not known before one has.
    """

    def __init__(self, path: Path, limits: Limits, *, probe: bool = True) -> None:
        self._path, self._limits = path, limits
        self._options = _OPTIONS if probe else _OPTIONS | _UNDECODED
        self._where = one_line(str(path))
        self.container: Any = None
        self.stream: Any = None
        self.warnings: tuple[str, ...] = ()
        self._context: Any = None
        self._packets: Iterator[Any] = iter(())
        self.reopen()

    @property
    def can_skip(self) -> bool:
        """Return whether pictures that no other needs may be left undecoded on the way to a frame."""
        return self.stream.codec_context.name in _SKIPS_EXACTLY

    @property
    def pixel_aspect(self) -> Any:
        """Return width to height of a pixel as a fraction: the container's word, else the decoder's, else None."""
        return self.stream.sample_aspect_ratio or self._context.sample_aspect_ratio

    def decode_singly(self) -> None:
        """Give each picture before the next is begun: the first comes sooner, all of them later."""
        self._context.thread_type = "SLICE"

    def reopen(self) -> None:
        """Go back to the very first packet, with a fresh decoder.

        Raises:
            MediaUnknown: No video stream or no decoder for it.
            MediaCorrupt: The container can't be read.
            MediaTooLarge: Its pictures are over the limit.
        """
        self.close()
        container = self._open_container()
        try:
            stream = self._choose(container)
            self._set_threads(stream)
        except BaseException:
            container.close()
            raise
        self.container, self.stream = container, stream
        self._context = stream.codec_context
        self._start()

    def close(self) -> None:
        """Free the file and the decoder."""
        self._packets = iter(())
        if self.container is not None:
            self.container.close()
            self.container = None

    def seek(self, timestamp: int) -> bool:
        """Go to the key frame at or before a time stamp, as far as the container can; False when it can't."""
        import av

        try:
            self.container.seek(timestamp, stream=self.stream, backward=True, any_frame=False)
        except (av.error.FFmpegError, OverflowError):
            return False
        self._start()
        return True

    def next_packet(self) -> Any:
        """Return the next packet (an empty one at the end), or None after the end."""
        import av

        try:
            return next(self._packets, None)
        except (av.error.FFmpegError, IndexError):  # nothing at all came after a seek
            return None

    def decode(self, packet: Any, *, skip: bool = False) -> list[Any]:
        """Return the frames that come out when `packet` goes in; damaged packets give none.

        Args:
            packet: From `next_packet`.
            skip: Leave the picture out when no other needs it.
        """
        import av

        self._context.skip_frame = "NONREF" if skip else "DEFAULT"
        try:
            return list(packet.decode())
        except (av.error.FFmpegError, EOFError):
            return []

    def _start(self) -> None:
        self._packets = iter(packets(self.container, self.stream))

    def _open_container(self) -> Any:
        import av

        head = read_bytes(self._path, HEAD_BYTES)
        try:
            return av.open(os.path.abspath(self._path), options=dict(self._options))  # noqa: PTH100  # absolute, not resolved
        except MemoryError as error:
            raise MediaTooLarge("there is not enough memory to open the video", where=self._where) from error
        except (av.error.FFmpegError, ValueError) as error:
            reason = one_line(getattr(error, "strerror", None) or str(error), 100)
            if file_type(head):
                raise MediaCorrupt(f"the video can't be read: {reason}", where=self._where) from error
            raise MediaUnknown(f"this is not a video that we can decode: {reason}", where=self._where) from error

    def _choose(self, container: Any) -> Any:
        pictures = [stream for stream in container.streams.video if not _is_cover(stream)]
        best = container.streams.best("video")
        stream = best if any(best is one or best.index == one.index for one in pictures) else None
        stream = stream if stream is not None else next(iter(pictures), None)
        if stream is None:
            raise MediaUnknown("the file has no video stream", where=self._where)
        if stream.codec_context is None:
            raise MediaUnknown("there is no decoder for this video", where=self._where)
        _leave_out_others(container, stream)
        if len(pictures) > 1:
            others = ", ".join(_name(one) for one in pictures if one.index != stream.index)
            self.warnings = (f"{len(pictures)} video streams; shown is {_name(stream)}, not {others}",)
        return stream

    def _set_threads(self, stream: Any) -> None:
        context = stream.codec_context
        picture = max(1, context.width * context.height) * _BYTES_PER_PIXEL
        self._limits.check(
            (context.width or 1, context.height or 1), _BYTES_PER_PIXEL * (_REFERENCE_FRAMES + 1), self._path
        )
        room = int(_DECODER_BYTES / picture) - _REFERENCE_FRAMES
        context.thread_type = "AUTO"
        context.thread_count = max(1, min(_MOST_THREADS, (os.cpu_count() or 1) + 1, room))


def _leave_out_others(container: Any, stream: Any) -> None:
    """Let the container skip what belongs to other streams, so that sound is not even read."""
    from av import stream as av_stream

    discard = getattr(av_stream, "Discard", None)  # older PyAV reads all of them
    for other in container.streams:
        if discard is not None and other.index != stream.index:
            other.discard = discard.all


def _is_cover(stream: Any) -> bool:
    return "attached_pic" in str(stream.disposition).lower()


def _name(stream: Any) -> str:
    context = stream.codec_context
    size = f" ({context.width}×{context.height})" if context is not None else ""
    return f"stream {stream.index}{size}"
