"""A task with 500 labels on each frame in the editor while its findings follow edits, each callback timed.

    python -m bench.findings_app FRAMES OUT

The task is checked, its findings are gone through, then objects are moved. What is written to OUT as JSON: the seconds
of the first check, the median seconds from the key of an edit until the findings are those of it and the timeline's
marks are painted, and the longest callback of the event loop for each part, by the wall's clock and by the processor's.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tests.ui.projects import build, clip, sitting
from textual import events

from bench.big_edits_app import Timing, until
from tui_editor.model.columns import Geometry
from tui_editor.model.document import make_document
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.tracks import track_from_columns
from tui_editor.ports import ImportedTask
from tui_editor.ui import collector

if TYPE_CHECKING:
    from tests.ui.projects import Desk

    from tui_editor.model.document import LabelDocument

LABELS, EDITS, STEPS = 500, 15, 30
RESTED_S = 0.5
"""A check is followed by a rest of its length: an edit that is measured comes after it."""
UNIT = UnitId(1)


def document(frames: int) -> LabelDocument:
    """Return a document of things that wander over all frames, some of them out of the frame."""
    rng = np.random.default_rng(5)
    tracks = {}
    for n in range(LABELS):
        begin, steps = rng.uniform(0, [150, 110]), rng.normal(0, 0.4, (frames, 2)).cumsum(axis=0)
        boxes = np.column_stack([begin + steps, np.full((frames, 2), rng.uniform(4, 20))])
        tracks[InstanceId(n + 1), UNIT] = track_from_columns(
            np.arange(frames, dtype=np.int32), Geometry(ShapeKind.BOX, boxes), author="ann"
        )
    instances = [Instance(id=key, class_id=ClassId("van"), ordinal=key) for key, _ in tracks]
    return make_document(instances=instances, tracks=tracks)


def fresh(desk: Desk) -> bool:
    """Return whether the findings are those of the labels as they are now."""
    found = desk.state.findings
    return found is not None and found.document is desk.state.document


async def pressed(desk: Desk, *keys: str) -> None:
    """Press keys and let the app deal with them."""
    for key in keys:
        desk.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await asyncio.sleep(0.05)


async def main(frames: int) -> dict[str, float]:
    """Return what was measured."""
    with tempfile.TemporaryDirectory() as name:
        folder = build(Path(name) / "p", [ImportedTask(task=clip(frames=frames), document=document(frames))])
        timing = Timing()
        collector.rest()  # as a window starts
        async with sitting(folder) as desk:
            collector.work()
            timing.start()
            desk.editor.watch_findings()
            await until(lambda: fresh(desk))
            first = timing.stop()
            await pressed(desk, "F")
            timing.start()
            for _ in range(STEPS):
                await pressed(desk, "j")
            gone_through = timing.stop()
            await pressed(desk, "escape")
            timing.start()
            waits = [await _edit(desk) for _ in range(EDITS)]
            edits = timing.stop()
            count = float(sum(desk.state.findings.counts)) if desk.state.findings is not None else 0.0
    parts = {"first": first, "steps": gone_through, "edits": edits}
    longest = {f"{name}_{clock}": part[clock] for name, part in parts.items() for clock in ("wall", "cpu")}
    return {"first_s": first["seconds"], "edit_s": statistics.median(waits), "findings": count, **longest}


async def _edit(desk: Desk) -> float:
    """Move the selected object by a pixel, from editing; return the seconds until the timeline has its new marks."""
    await pressed(desk, "e")
    await asyncio.sleep(RESTED_S)
    before, painted = desk.state.document, asyncio.Event()
    start = time.perf_counter()
    desk.app.post_message(events.Key("l", "l"))
    await until(lambda: desk.state.document is not before and fresh(desk), every_s=0.001)
    desk.editor.query_one("#timeline").call_after_refresh(painted.set)
    await painted.wait()
    seconds = time.perf_counter() - start
    await pressed(desk, "escape")
    return seconds


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(main(int(sys.argv[1])))))
