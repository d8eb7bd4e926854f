"""Findings in the editor: how long the loop is held while they are made and gone through, how soon they follow an edit.

The longest callback is told by the processor's clock: the thread that checks works at the same time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figures import Figure, figure

SIZES = (1, 100)
"""Frames with 500 labels each."""


def run() -> list[Figure]:
    return [made for frames in SIZES for made in _measured(frames)]


def _measured(frames: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out.json"
        argv = [sys.executable, "-m", "bench.findings_app", str(frames), str(out)]
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(out.read_text("utf-8"))
    what = f"{frames} × 500 labels"
    words = {"first": "while first checked", "steps": "going through findings", "edits": "while findings follow edits"}
    return [
        figure(f"{what}, {found['findings']:,.0f} findings: first check", found["first_s"] * 1000, "ms", n=1),
        figure(
            f"{what}: from an edit's key to the timeline's new marks{' (<= 50 ms)' if frames == 1 else ''}",
            found["edit_s"] * 1000,
            "ms",
            n=15,
        ),
        *(
            figure(f"{what}, longest callback {said} (<= 8 ms)", found[f"{part}_cpu"] * 1000, "ms", n=1)
            for part, said in words.items()
        ),
    ]
