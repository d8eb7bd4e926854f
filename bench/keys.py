"""From a key to its last byte, and how many bytes, in a pty of 160x45 cells that answers like kitty, xterm or neither.

Frames of 1280x720 with 60 boxes; a nudge is ten pixels: it shows in half blocks too. A figure's bytes are all that
is written for the key, text of the panes included, and its last byte is the last of these; `graphics` are those of
pictures alone. Not counted is what comes later by itself: the title line's note of what the update cost and that the
edit is kept, a picture that is refined at rest, and what is uploaded ahead for later keys. The loop's callbacks are
timed by `bench/timed_app.py` during all of it.
"""

from __future__ import annotations

import json
import re
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.terminals.answers import KITTY, PLAIN, SIXEL, TerminalKind
from tests.terminals.pty_host import PtyHost

from bench.boxes import png_project
from bench.figures import Figure, figure
from bench.typist import percentile, quiet

KEYS, LABELS = 30, 60
QUIET_S = 0.25
START_S = 60.0
_GRAPHICS = re.compile(rb"(?s)\x1b[_P].*?\x1b\\")
_ASK = b"\x1b[6n"
_TO_ROW = re.compile(rb"\x1b\[(\d+);\d+H")


class Press(NamedTuple):
    """What one key did."""

    ms: float
    """From the key to the last byte of its update."""
    size: int
    graphics: int


def run() -> list[Figure]:
    found = []
    least = statistics.median(_in_textual())
    for kind, title in ((KITTY, "kitty"), (SIXEL, "sixel"), (PLAIN, "cells")):
        with tempfile.TemporaryDirectory() as name:  # one for each: an editor begins where the last was left
            png_project(Path(name))
            found += _in_terminal(Path(name), kind, title, least)
    return found


def _in_textual() -> list[float]:
    """Return the milliseconds from keys to the last byte of a Textual app that shows one line."""
    with PtyHost([sys.executable, "-m", "bench.peers.key_app"], kind=PLAIN) as host:
        host.wait_for_text("keys: 0", timeout_s=START_S)
        quiet(host, QUIET_S)
        return [press(host, b"j").ms for _ in range(KEYS)]


def _in_terminal(folder: Path, kind: TerminalKind, title: str, least_ms: float) -> list[Figure]:
    most = {"kitty": 3, "sixel": 16, "cells": 2}[title]
    out = folder / f"{title}.json"
    argv = [sys.executable, "-m", "bench.timed_app", str(folder / "p"), str(out)]
    with PtyHost(argv, kind=kind) as host:
        host.wait_for(lambda h: _ASK in h.output or "▀".encode() in h.output, timeout_s=START_S)
        quiet(host, 1.5)
        selects = [press(host, b"j") for _ in range(LABELS - 1)]
        press(host, b"l")  # from here on one goes from frame to frame
        quiet(host, 1.5)
        nexts = [press(host, b"l") for _ in range(KEYS // 2)]
        host.send(b"e")
        quiet(host, QUIET_S)
        nudges = [press(host, b"L" if n % 2 else b"H") for n in range(KEYS)]
        host.send(b"\x1b")
        quiet(host, QUIET_S)
        host.signal(signal.SIGTERM)
        host.wait_exit(timeout_s=20)
    return [
        *_figures(f"select one label of 60, {title}", selects, most, least_ms),
        *_figures(f"nudge one label of 60, {title}", nudges, most, least_ms),
        *_next_figures(title, nexts),
        *_loop(json.loads(out.read_text()), title),
    ]


def press(host: PtyHost, key: bytes) -> Press:
    """Press a key; return once nothing more is written for it."""
    before, sent = len(host.chunks), time.monotonic()
    host.send(key)
    quiet(host, QUIET_S, since=before)
    data, last = b"", sent
    for moment, part in host.chunks[before:]:
        if _ASK in data and _GRAPHICS.search(part):  # the picture at rest, or one that is uploaded ahead
            break
        if data and _is_title(part):
            data += _ASK if _ASK in part else b""
            continue
        data += part[: _whole(data + part) - len(data)]
        last = moment
    return Press((last - sent) * 1000, len(data), sum(len(m[0]) for m in _GRAPHICS.finditer(data)))


def _is_title(part: bytes) -> bool:
    """Return whether at most the title line is written: what the update cost, or that the edit is kept by now."""
    return set(_TO_ROW.findall(part)) <= {b"1"} and not _GRAPHICS.search(part)


def _whole(data: bytes) -> int:
    """Return where an update ends that may be followed by the next picture in the same breath."""
    asked = data.find(_ASK)
    after = _GRAPHICS.search(data, asked) if asked >= 0 else None
    return after.start() if after else len(data)


def _figures(title: str, found: list[Press], most_kb: int, least_ms: float) -> list[Figure]:
    times = [one.ms for one in found]
    size = statistics.median(one.size for one in found)
    return [
        figure(f"{title}: bytes (<= {most_kb} kB)", size / 1000, "kB", n=len(found)),
        figure(
            f"{title}: key to last byte, p50",
            statistics.median(times),
            "ms",
            n=len(found),
            peer="Textual, one Static",
            peer_value=least_ms,
        ),
        figure(f"{title}: key to last byte, p95 (<= 16 ms)", percentile(times), "ms", n=len(found)),
    ]


def _next_figures(title: str, found: list[Press]) -> list[Figure]:
    times = [one.ms for one in found]
    if title != "kitty":
        return [figure(f"next frame, {title}: key to last byte, p50", statistics.median(times), "ms", n=len(found))]
    graphics = statistics.median(one.graphics for one in found)
    return [
        figure("next frame, prefetched, kitty: graphics (<= 200 bytes)", graphics, "bytes", n=len(found)),
        figure("next frame, prefetched, kitty: key to last byte, p50", statistics.median(times), "ms", n=len(found)),
        figure(
            "next frame, prefetched, kitty: key to last byte, p95 (<= 10 ms)", percentile(times), "ms", n=len(found)
        ),
    ]


def _loop(times: dict[str, list[float]], title: str) -> list[Figure]:
    found = []
    for which, name in (("cpu", "own time"), ("wall", "with waits for lock and processor")):
        values = sorted(times[which])
        at = values[min(len(values) - 1, int(len(values) * 0.99))] * 1000
        limit = " (<= 8 ms)" if which == "cpu" else ""
        found.append(figure(f"callbacks of the loop, {title}, p99, {name}{limit}", at, "ms", n=len(values)))
        found.append(figure(f"callbacks of the loop, {title}, longest, {name}", values[-1] * 1000, "ms", n=len(values)))
    return found
