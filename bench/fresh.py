"""From a key to the last byte of a frame that nobody decoded or sent before: 1080p video on a canvas of 160x45 cells.

The peer is the work alone: decoding, composing and encoding frames of the same video by the same code, one after the
other, in the same process when the editor is left. Reading and uploading ahead are off (`bench/fresh_app.py`).
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

from tests.terminals.answers import KITTY, SIXEL, TerminalKind
from tests.terminals.pty_host import PtyHost

from bench.figures import Figure, figure
from bench.keys import press
from bench.opening import START_S, video, whole_picture
from bench.typist import percentile, quiet

KEYS = 40


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        video(folder)
        return [*_in_terminal(folder, KITTY, "kitty", 40), *_in_terminal(folder, SIXEL, "sixel", 70)]


def _in_terminal(folder: Path, kind: TerminalKind, title: str, most_ms: int) -> list[Figure]:
    out = folder / f"{title}.json"
    argv = [sys.executable, "-m", "bench.fresh_app", str(folder / "p"), str(out)]
    with PtyHost(argv, kind=kind) as host:
        host.wait_for(lambda h: whole_picture(h.output), timeout_s=START_S)
        quiet(host, 1.5)
        times = [press(host, b"l").ms for _ in range(KEYS)]
        host.send(b"q")
        host.wait_for(lambda _: out.exists(), timeout_s=60)
        host.send(b"q")
        host.wait_exit(timeout_s=20)
    alone = json.loads(out.read_text())
    name = f"next frame, not prefetched, 1080p video, {title}: key to last byte"
    work = {"n": len(times), "peer": "decode + encode alone (<= 1.3x)", "peer_value": statistics.median(alone)}
    return [
        figure(f"{name}, p50", statistics.median(times), "ms", **work),
        figure(f"{name}, p95 (<= {most_ms} ms)", percentile(times), "ms", n=len(times)),
    ]
