"""From submitting a task to the first whole picture of the next one, in a pty: prepared at rest, and not prepared.

Both editors sit on the same kind of queue and take turns, so that a busy machine slows both alike.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.terminals.answers import KITTY
from tests.terminals.pty_host import PtyHost

from bench.boxes import make_queue, photo_frames
from bench.figures import Figure, figure
from bench.opening import VIDEO_FRAMES, VIDEO_PX, WAIT_S, whole_picture, write_video
from tui_editor.model.frames import UnitKind

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 7
REST_S = 3.0
"""From a picture to the next submit: the rest after which a task is prepared, and the preparing."""
PHOTO_PX, SCAN_PX = (6000, 4000), (4000, 3000)
MOST_OF_A_PICTURE = 20_000
"""Bytes; what is smaller than that is no frame, but labels."""
WAYS = ("prepared", "not")


def picture_after(host: PtyHost, keys: bytes) -> float:
    """Press keys; return milliseconds until the next whole frame was written."""
    before, sent = len(host.chunks), time.monotonic()
    host.send(keys)
    host.wait_for(lambda h: _shown(b"".join(data for _, data in h.chunks[before:])), timeout_s=WAIT_S)
    output = b""
    for moment, data in host.chunks[before:]:
        output += data
        if _shown(output):
            return (moment - sent) * 1000
    raise AssertionError("what was seen is gone")


def _shown(output: bytes) -> bool:
    return len(output) > MOST_OF_A_PICTURE and whole_picture(output)


def photos(folder: Path) -> None:
    """Tasks of one JPEG of 24 megapixels each."""
    names = [f"{number}.jpg" for number in range(RUNS + 2)]
    for name, picture in zip(names, photo_frames(len(names), PHOTO_PX), strict=True):
        picture.save(folder / name, quality=90)
    make_queue(folder / "p", folder, UnitKind.IMAGE, names, frames=1, size=PHOTO_PX)


def scans(folder: Path) -> None:
    """Tasks of one PNG of 12 megapixels each, which can't be decoded at a smaller size."""
    names = [f"{number}.png" for number in range(RUNS + 2)]
    for name, picture in zip(names, photo_frames(len(names), SCAN_PX), strict=True):
        picture.save(folder / name, compress_level=1)
    make_queue(folder / "p", folder, UnitKind.IMAGE, names, frames=1, size=SCAN_PX)


def videos(folder: Path) -> None:
    """Tasks of a video of 1080p each."""
    names = [f"{number}.mp4" for number in range(RUNS + 2)]
    write_video(folder / names[0])
    for name in names[1:]:
        (folder / name).hardlink_to(folder / names[0])
    make_queue(folder / "p", folder, UnitKind.VIDEO, names, frames=VIDEO_FRAMES, size=VIDEO_PX)


SCENES: dict[str, Callable[[Path], None]] = {
    "24 MP JPEG": photos,
    "12 MP PNG": scans,
    "1080p video": videos,
}


def run() -> list[Figure]:
    return [figure for scene, make in SCENES.items() for figure in measure(scene, make)]


def measure(scene: str, make: Callable[[Path], None]) -> list[Figure]:
    """Return how long a prepared task takes to be seen, beside one that was not prepared."""
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        hosts = {}
        for way in WAYS:
            folder = Path(name) / way
            folder.mkdir()
            make(folder)
            argv = [sys.executable, "-m", "bench.queue_app", str(folder / "p"), way]
            hosts[way] = stack.enter_context(PtyHost(argv, kind=KITTY))
            hosts[way].wait_for(lambda h: _shown(h.output), timeout_s=WAIT_S)
        for _ in range(RUNS):
            time.sleep(REST_S)
            for way, host in hosts.items():
                found[way].append(picture_after(host, b"\r"))
    ours, peer = (statistics.median(found[way]) for way in WAYS)
    return [
        figure(f"next task to its first picture, {scene}", ours, "ms", n=RUNS, peer="not prepared", peer_value=peer)
    ]
