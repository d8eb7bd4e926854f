"""Edits of up to half a million labels in the editor: the longest callback of the event loop, and how long all takes.

Half of the labels of every track are deleted by `:delete`, brought back by undo, deleted by redo; then all objects get
another class. The longest callback is told by the processor's clock: the store thread encodes at the same time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figures import Figure, figure

SIZES = (10_000, 100_000, 500_000)
EACH = 100


def run() -> list[Figure]:
    return [made for labels in SIZES for made in _edits(labels)]


def _edits(labels: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out.json"
        argv = [sys.executable, "-m", "bench.big_edits_app", str(labels), str(EACH), str(out)]
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(out.read_text("utf-8"))
    figures = []
    for edit, parts in found.items():
        what = f"{edit} of {labels:,} labels"
        shown = parts["shown"]
        figures += [
            figure(f"{what}, longest callback until it is shown (<= 8 ms)", shown["cpu"] * 1000, "ms", n=1),
            figure(f"{what}, until it is shown", shown["seconds"] * 1000, "ms", n=1),
        ]
        if "kept" in parts:
            kept = parts["kept"]
            figures += [
                figure(f"{what}, longest callback until it is kept (<= 8 ms)", kept["cpu"] * 1000, "ms", n=1),
                figure(f"{what}, until it is kept", kept["seconds"] * 1000, "ms", n=1),
            ]
    return figures
