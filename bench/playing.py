"""Playing a video over a slow line: distinct pictures a second, and how long a key waits meanwhile.

The line is a pty that is read at 10 Mbit/s and whose answers take 40 ms (`tests/terminals/pty_host.py`). The video is
the pedestrian clip of `../shared/data`, scaled to 720p by the canvas; without it the one of the demo. The peer is the
physical limit: what the line carries of the source's own H.264, and its round trip.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.terminals.answers import KITTY, SIXEL, Geometry, TerminalKind
from tests.terminals.pty_host import PtyHost

from bench.figures import Figure, absent, figure

RATE = 10e6 / 8
RTT_S = 0.04
SECONDS = 8.0
KEYS = 7
PICTURE = re.compile(rb"\x1b_Ga=t|\x1bP0;1;0q")
UNBOUND, TOLD = b"\x07", b"means nothing here"
"""Ctrl+G, which no mode knows, and what the message line says of it."""
VIDEO = Path(__file__).resolve().parents[2] / "shared" / "data" / "mot" / "vtest_480x360.avi"
OPEN = "import sys; from tui_editor.cli.main import main; sys.exit(main())"
CANVAS = Geometry(columns=200, rows=52, cell_px=(8, 16))
"""Large enough that the canvas, without panes, is about 1280 x 720."""


def run() -> list[Figure]:
    if not VIDEO.exists():
        return [absent("playing the pedestrian video over 10 Mbit/s, 40 ms", "frames/s", why=f"no {VIDEO.name} here")]
    found = []
    for kind, name, wanted in ((KITTY, "kitty", 20), (SIXEL, "sixel", 8)):
        rate, size, lags = play(kind)
        title = f"playing over 10 Mbit/s, 40 ms, {name}"
        found += [
            figure(
                f"{title} (>= {wanted})", rate, "frames/s", n=int(rate * SECONDS), peer="of the video", peer_value=10
            ),
            figure(f"{title}: a frame", size / 1000, "kB", n=int(rate * SECONDS)),
            figure(
                f"{title}: key to its first text (<= RTT + 60 ms)",
                statistics.median(lags) * 1000,
                "ms",
                n=len(lags),
                peer="round trip",
                peer_value=RTT_S * 1000,
            ),
        ]
    return found


def play(kind: TerminalKind) -> tuple[float, float, list[float]]:
    """Return (distinct pictures a second, bytes of each, seconds from keys to their text) while a video plays."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "clip.avi"
        video.symlink_to(VIDEO)
        argv = [sys.executable, "-c", OPEN, "open", str(video), "--frame", "0"]
        with PtyHost(argv, kind=kind, geometry=CANVAS, delay_s=RTT_S, bytes_a_s=RATE) as host:
            host.wait_for(lambda h: re.search(PICTURE, h.output) is not None, timeout_s=60)
            settle(host)
            host.send(b">>p")  # four times as fast as the clip's 10 frames a second: the line is the limit
            time.sleep(2.0)
            first = len(host.chunks)
            time.sleep(SECONDS)
            data = b"".join(part for _, part in host.chunks[first:])
            lags = [lag(host) for _ in range(KEYS)]
    frames = pictures(data)
    return len(frames) / SECONDS, statistics.mean(frames) if frames else 0.0, lags


def pictures(data: bytes) -> list[int]:
    """Return the sizes of the updates that brought another picture."""
    updates = data.split(b"\x1b[6n")
    return [len(update) for update in updates if PICTURE.search(update) and len(update) > 2000]


def lag(host: PtyHost) -> float:
    """Return the time from a key that means nothing until that is told; playing goes on afterwards."""
    before, sent = len(host.chunks), time.monotonic()
    host.send(UNBOUND)
    host.wait_for(lambda h: TOLD in b"".join(d for _, d in h.chunks[before:]), timeout_s=20)
    data, arrived = b"", sent
    for moment, part in host.chunks[before:]:
        data, arrived = data + part, moment
        if TOLD in data:
            break
    host.send(b">>p")
    time.sleep(1.5)
    return arrived - sent + RTT_S


def settle(host: PtyHost) -> None:
    """Return when nothing was written for a while."""
    while not host.chunks or time.monotonic() - host.chunks[-1][0] < 1.5:
        time.sleep(0.05)
