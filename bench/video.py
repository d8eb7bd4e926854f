"""Random access, a step on and a step back in 1080p video, and a folder of 100,000 images, against PyAV and OpenCV.

The clip is made once into build/bench-data: H.264, 3 B-frames, one key frame in 250.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np

from bench.figures import Figure, as_table, figure, interleaved_medians_ms
from tui_editor.media.open import scan_folder
from tui_editor.media.video import VideoSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

DATA = Path(__file__).resolve().parents[1] / "build" / "bench-data"
WIDTH, HEIGHT, FRAMES, GOP = 1920, 1080, 500, 250
FIT = (1280, 720)
FILES = 100_000


def clip() -> Path:
    """Return the clip: a camera that pans over a textured scene with things that move in it."""
    path = DATA / f"pan-{HEIGHT}p-gop{GOP}.mp4"
    if path.exists():
        return path
    DATA.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.mp4")
    with av.open(str(part), "w") as output:
        stream = output.add_stream("libx264", rate=25, options={"preset": "veryfast", "bf": "3", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = WIDTH, HEIGHT, "yuv420p", GOP
        stream.bit_rate = 6_000_000
        for pixels in pictures():
            output.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        output.mux(stream.encode(None))
    part.rename(path)
    return path


def pictures() -> Iterator[NDArray[np.uint8]]:
    rng = np.random.default_rng(11)
    coarse = rng.integers(0, 256, (HEIGHT // 12, WIDTH // 10, 3), np.uint8)
    scene = cv2.resize(coarse, (WIDTH + 2 * FRAMES, HEIGHT + 100), interpolation=cv2.INTER_CUBIC)
    scene = cv2.addWeighted(scene, 0.9, rng.integers(0, 256, scene.shape, np.uint8), 0.1, 0)
    for number in range(FRAMES):
        top = 50 + int(40 * np.sin(number / 20))
        view = scene[top : top + HEIGHT, 2 * number : 2 * number + WIDTH].copy()
        for thing in range(12):
            centre = (int(960 + 900 * np.sin(number / (25 + thing) + thing)), 80 + 80 * thing)
            cv2.circle(view, centre, 40, (20 * thing, 255 - 20 * thing, 128), -1)
        yield view


class NaivePyAV:
    """The usual recipe: index the time stamps, seek to the key frame before, decode on."""

    def __init__(self, path: Path) -> None:
        self.container = av.open(str(path))
        self.stream = self.container.streams.video[0]
        self.stream.thread_type = "AUTO"
        self.pts = sorted(packet.pts for packet in self.container.demux(self.stream) if packet.pts is not None)
        self.frames: Iterator[Any] = iter(())
        self.at = -2

    def read(self, index: int) -> NDArray[np.uint8]:
        if index != self.at + 1:
            self.container.seek(self.pts[index], stream=self.stream)
            self.frames = self.container.decode(self.stream)
        self.at = index
        for frame in self.frames:
            if frame.pts == self.pts[index]:
                return np.asarray(frame.to_ndarray(format="rgb24"))
        raise IndexError(index)


class OpenCV:
    """VideoCapture, which is asked for a position only when the next frame isn't the wanted one."""

    def __init__(self, path: Path) -> None:
        self.capture = cv2.VideoCapture(str(path))
        self.at = -2

    def read(self, index: int) -> NDArray[np.uint8]:
        if index != self.at + 1:
            self.capture.set(cv2.CAP_PROP_POS_FRAMES, index)
        self.at = index
        done, pixels = self.capture.read()
        if not done:
            raise IndexError(index)
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))


Readers = dict[str, "Callable[[int], object]"]


def jumps_ms(readers: Mapping[str, Callable[[int], object]], indices: Sequence[int]) -> dict[str, list[float]]:
    """Time each reader at each index, in turns."""
    found: dict[str, list[float]] = {name: [] for name in readers}
    for index in indices:
        for name, read in readers.items():
            began = time.perf_counter()
            read(index)
            found[name].append((time.perf_counter() - began) * 1000)
    return found


def walks_ms(
    readers: Mapping[str, Callable[[int], object]], starts: Sequence[int], *, steps: int, step: int
) -> dict[str, list[float]]:
    """Time each reader's single steps from each start; a walk at a time, for decoders work on between two calls."""
    found: dict[str, list[float]] = {name: [] for name in readers}
    for start in starts:
        for name, read in readers.items():
            read(start)
            for index in range(start + step, start + step * (steps + 1), step):
                began = time.perf_counter()
                read(index)
                found[name].append((time.perf_counter() - began) * 1000)
    return found


def against_peers(name: str, found: Mapping[str, list[float]], wanted: str) -> list[Figure]:
    middle = {reader: statistics.median(values) for reader, values in found.items()}
    n = len(found["ours"])
    return [
        figure(name, middle["ours"], "ms", n=n, peer=f"{peer} ({wanted})", peer_value=middle[peer])
        for peer in ("PyAV naive", "cv2")
    ]


def video_figures() -> list[Figure]:
    path = clip()
    began = time.perf_counter()
    source = VideoSource(path)
    opened = (time.perf_counter() - began) * 1000
    readers: Readers = {"ours": source.read, "PyAV naive": NaivePyAV(path).read, "cv2": OpenCV(path).read}
    rng = random.Random(4)
    jumps = [rng.randrange(FRAMES) for _ in range(24)]
    on = walks_ms(readers, (20, 300, 100, 180, 400, 60, 340, 140), steps=15, step=1)
    back = walks_ms(readers, (240,), steps=16, step=-1)
    long_back = walks_ms({"ours": source.read}, (490,), steps=180, step=-1)["ours"]
    figures = [
        figure("open 1080p video, index and first frame", opened, "ms", n=1),
        *against_peers("random access, 1080p", jumps_ms(readers, jumps), "<= 1"),
        *against_peers("step on, 1080p", on, "<= 1"),
        *against_peers("step back, 1080p", back, "<= 0.1"),
        figure(
            "step back, 1080p, mean with the misses",
            statistics.mean(long_back),
            "ms",
            n=len(long_back),
            peer="PyAV naive",
            peer_value=statistics.mean(back["PyAV naive"]),
        ),
        *size_figures(source),
    ]
    source.close()
    return figures


def size_figures(source: VideoSource) -> list[Figure]:
    """A decoded frame to pixels: what a zoom or a pan costs."""
    source.read(100)
    sized = interleaved_medians_ms({"fit": lambda: source.read(100, FIT), "full": lambda: source.read(100)}, runs=30)
    return [
        figure("decoded frame to 1280x720", sized["fit"], "ms", n=30, peer="to full size", peer_value=sized["full"])
    ]


def image_folder() -> Path:
    """Return a folder of 100,000 image files (links to one empty file: listing opens none)."""
    folder = DATA / f"images-{FILES}"
    if folder.exists():
        return folder
    part = DATA / "images-part"
    part.mkdir(parents=True, exist_ok=True)
    first = part / "frame_000000.jpg"
    first.touch()
    for number in range(1, FILES):
        name = part / f"frame_{number:06d}.jpg"
        if not name.exists():
            name.touch()
    part.rename(folder)
    return folder


def plain_list(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def run() -> list[Figure]:
    folder = image_folder()
    listed = interleaved_medians_ms({"ours": lambda: scan_folder(folder), "plain": lambda: plain_list(folder)}, runs=5)
    return [
        *video_figures(),
        figure("list 100,000 images", listed["ours"], "ms", n=5, peer="sorted os.scandir", peer_value=listed["plain"]),
    ]


if __name__ == "__main__":
    sys.stdout.write(as_table(run()) + "\n")
