"""The whole editor in a pty: from a key to the last byte of its picture; see `opening` for the start.

Peer: textual-image's widget with the same frames and boxes, in the same pseudo terminal (160x45 cells of 8x16 pixels),
which answers like kitty or like xterm and reads at once.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.terminals.answers import KITTY, SIXEL, TerminalKind
from tests.terminals.pty_host import PtyHost

from bench.boxes import png_project
from bench.figures import Figure, figure

KEYS = 15
QUIET_S = 0.3
GRAPHICS = (b"\x1b_G", b"\x1bP")


def until_quiet(host: PtyHost, since: int) -> list[tuple[float, bytes]]:
    """Return the chunks written after number `since`, once nothing came for a while, or after a second of nothing."""
    deadline = time.monotonic() + 10 * QUIET_S
    while True:
        chunks = host.chunks[since:]
        if chunks and time.monotonic() - chunks[-1][0] > QUIET_S:
            return chunks
        if time.monotonic() > deadline:
            return chunks or [(deadline, b"")]
        time.sleep(0.01)


def last_graphics(chunks: list[tuple[float, bytes]]) -> tuple[float, int]:
    """Return when the last byte of a picture was written, and how many bytes came until then."""
    at = max((n for n, (_, data) in enumerate(chunks) if _is_picture(data)), default=len(chunks) - 1)
    return chunks[at][0], sum(len(data) for _, data in chunks[: at + 1])


def _is_picture(data: bytes) -> bool:
    # a picture of many kilobytes arrives in pieces without an introducer: base64 or sixel data
    return any(mark in data for mark in GRAPHICS) or (len(data) > 512 and b"\x1b[" not in data[:256])


def key_times(argv: list[str], kind: TerminalKind, key: bytes) -> tuple[float, float]:
    """Return the medians of (ms from a key to the last byte of its picture, bytes)."""
    times, sizes = [], []
    with PtyHost(argv, kind=kind) as host:
        host.wait_for(lambda h: any(m in h.output for m in GRAPHICS), timeout_s=30)
        until_quiet(host, 0)
        for _ in range(KEYS):
            before, sent = len(host.chunks), time.monotonic()
            host.send(key)
            moment, size = last_graphics(until_quiet(host, before))
            times.append((moment - sent) * 1000)
            sizes.append(size)
    return statistics.median(times), statistics.median(sizes)


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        return _keys(Path(name))


def _keys(folder: Path) -> list[Figure]:
    found = []
    for kind, name in ((KITTY, "kitty"), (SIXEL, "sixel")):
        for key, what in ((b"l", "next frame"), (b"j", "select")):
            # a project of its own each time: one that was open before goes on at its last frame
            place = folder / f"{name}-{key.decode()}"
            place.mkdir()
            project = png_project(place)
            mine, my_bytes = key_times([sys.executable, "-m", "tui_editor", "open", str(project)], kind, key)
            theirs, their_bytes = key_times([sys.executable, "-m", "bench.peers.image_app", str(place)], kind, key)
            peer = "textual-image widget"
            found.append(figure(f"key to last byte, {what}, {name}", mine, "ms", n=KEYS, peer=peer, peer_value=theirs))
            found.append(
                figure(
                    f"bytes, {what}, {name}", my_bytes / 1000, "kB", n=KEYS, peer=peer, peer_value=their_bytes / 1000
                )
            )
    return found
