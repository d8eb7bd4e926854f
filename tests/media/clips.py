"""Small clips made on the spot: each picture carries its number as a bar code, each container is a trap of its own."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT = 160, 120
BITS, BAR = 10, 16
X264 = {"preset": "ultrafast", "crf": "20", "bf": "3", "b_strategy": "0", "sc_threshold": "0"}


def picture(number: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """RGB with moving content; the top rows hold `number` in black and white bars, the lowest bit first."""
    y, x = np.mgrid[0:height, 0:width]
    moving = np.stack([(x * 2 + number * 3) % 256, (y * 2 - number * 5) % 256, (x + y + number * 7) % 256], axis=-1)
    result = moving.astype(np.uint8)
    for bit in range(BITS):
        result[:BAR, bit * BAR : (bit + 1) * BAR] = 255 * (number >> bit & 1)
    return result


def number_of(rgb: NDArray[Any]) -> int:
    """The number that a decoded picture's bars say."""
    middle = rgb[BAR // 2, BAR // 2 : BITS * BAR : BAR].mean(axis=-1)
    return sum(1 << bit for bit, value in enumerate(middle) if value > 127)


def encode(
    path: Path,
    count: int = 90,
    *,
    codec: str = "libx264",
    options: Mapping[str, str] | None = None,
    mux: Mapping[str, str] | None = None,
    pts_of: Callable[[int], int] | None = None,
    gop: int = 30,
    container: str | None = None,
) -> Path:
    """Encode pictures 0..count-1 at 25 a second; `pts_of` gives other times in 1/1000 s."""
    with av.open(str(path), "w", format=container, options=dict(mux or {})) as output:
        stream = output.add_stream(codec, rate=25, options=dict(X264 if options is None else options))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        if codec == "mjpeg":
            stream.pix_fmt = "yuvj420p"
        stream.gop_size = gop
        if pts_of is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            if pts_of is not None:
                frame.pts, frame.time_base = pts_of(number), Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def cut(source: Path, target: Path, *, first_shown: int, mux: Mapping[str, str] | None = None) -> Path:
    """Copy the packets from the key frame before `first_shown` on; an edit list hides what comes before it."""
    with av.open(str(source)) as reader, av.open(str(target), "w", options=dict(mux or {})) as output:
        stream = reader.streams.video[0]
        found = [packet for packet in reader.demux(stream) if packet.size]
        start = sorted(packet.pts for packet in found)[first_shown]
        first = max(at for at, packet in enumerate(found) if packet.is_keyframe and packet.pts <= start)
        copy = output.add_stream_from_template(stream)
        for packet in found[first:]:
            packet.pts -= start
            packet.dts -= start
            packet.stream = copy
            output.mux(packet)
    return target


def vfr(number: int) -> int:
    """A time in 1/1000 s that jumps and jitters."""
    return number * 40 + 5 * (number * 7 % 5) + (2000 if number > 40 else 0)


def joined(target: Path, *parts: Path) -> Path:
    """Several files' bytes one after the other, as a transport stream allows."""
    target.write_bytes(b"".join(part.read_bytes() for part in parts))
    return target


OPEN_GOP = {**X264, "x264-params": "open-gop=1:keyint=30:min-keyint=30:bframes=3:b-adapt=0:scenecut=0"}
OPEN_GOP_ADAPTIVE = {"preset": "medium", "crf": "20", "x264-params": "open-gop=1:keyint=17:bframes=4:b-adapt=2"}
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}

MAKERS: dict[str, Callable[[Path], Path]] = {
    "closed GOP mp4": lambda folder: encode(folder / "a.mp4"),
    "open GOP mp4": lambda folder: encode(folder / "a.mp4", options=OPEN_GOP),
    "open GOP HEVC": lambda folder: encode(
        folder / "a.mp4",
        codec="libx265",
        options={"preset": "ultrafast", "x265-params": "open-gop=1:keyint=20:bframes=3:log-level=none"},
    ),
    "variable frame rate": lambda folder: encode(folder / "a.mp4", pts_of=vfr),
    "transport stream": lambda folder: encode(folder / "a.ts"),
    "open GOP transport stream": lambda folder: encode(folder / "a.ts", options=OPEN_GOP),
    "program stream": lambda folder: encode(
        folder / "a.mpg", codec="mpeg2video", options={"bf": "2"}, gop=15, container="mpeg"
    ),
    "H.264 B-frames in AVI": lambda folder: encode(folder / "a.avi"),
    "open GOP in AVI": lambda folder: encode(folder / "a.avi", options=OPEN_GOP),
    "adaptive open GOP in AVI": lambda folder: encode(folder / "a.avi", options=OPEN_GOP_ADAPTIVE),
    "MPEG-4 B-frames in AVI": lambda folder: encode(folder / "a.avi", codec="mpeg4", options={"bf": "2"}, gop=12),
    "MJPEG in AVI": lambda folder: encode(folder / "a.avi", codec="mjpeg", options={}),
    "edit list": lambda folder: cut(encode(folder / "b.mp4"), folder / "a.mp4", first_shown=40),
    "edit list, open GOP": lambda folder: cut(
        encode(folder / "b.mp4", options=OPEN_GOP), folder / "a.mp4", first_shown=43
    ),
    "cut transport stream": lambda folder: cut(
        encode(folder / "b.ts", options=OPEN_GOP), folder / "a.ts", first_shown=30
    ),
    "fragmented mp4": lambda folder: encode(folder / "a.mp4", mux=FRAGMENTED),
    "raw H.264": lambda folder: encode(folder / "a.h264", container="h264"),
    "VP9 webm": lambda folder: encode(
        folder / "a.webm", codec="libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8"}
    ),
    "matroska": lambda folder: encode(folder / "a.mkv", options=OPEN_GOP_ADAPTIVE),
    "joined transport streams": lambda folder: joined(
        folder / "a.ts", encode(folder / "b.ts", 40), encode(folder / "c.ts", 50)
    ),
}
"""Each makes one clip in a folder of its own."""
