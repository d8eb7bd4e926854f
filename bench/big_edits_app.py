"""A task with twice as many labels as are edited at once, in the editor, each callback of its event loop timed.

    python -m bench.big_edits_app LABELS EACH OUT

Deletes half of the labels of every track (EACH labels a track, scattered over 4,000 frames; 1: half of the tracks),
takes it back, brings it back, takes it back once more, and gives every object another class. What is written to OUT as
JSON: for each edit the seconds until it is shown and until it is kept, and the longest callback of either part, by the
wall's clock and by the processor's.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tests.ui.projects import build, clip, sitting
from textual import events

from bench.timed_app import time_callbacks
from tui_editor.model.columns import Geometry
from tui_editor.model.document import make_document
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.tracks import track_from_columns
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.projects import Desk

    from tui_editor.model.document import LabelDocument

FRAMES, SPREAD = 200_000, 4000
UNIT = UnitId(1)


def document(labels: int, each: int) -> LabelDocument:
    """Return a document of so many labels in tracks of `each`, every other one with little confidence."""
    rng = np.random.default_rng(7)
    tracks = {}
    for n in range(labels // each):
        frames = np.sort(rng.choice(SPREAD, each, replace=False)) + int(rng.integers(0, FRAMES - SPREAD))
        sure = np.where((np.arange(each) + n) % 2, 0.9, 0.3).astype(np.float32)
        geometry = Geometry(ShapeKind.BOX, np.tile([10.0, 10.0, 20.0, 20.0], (each, 1)))
        tracks[InstanceId(n + 1), UNIT] = track_from_columns(
            frames.astype(np.int32), geometry, confidence=sure, author="ann"
        )
    classes = [ClassId("car"), ClassId("van")]
    instances = [Instance(id=key, class_id=classes[key % 2], ordinal=key // 2) for key, _ in tracks]
    return make_document(instances=instances, tracks=tracks)


class Timing:
    """Times callbacks from one point to the next."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []
        time_callbacks(self.wall, self.cpu)

    def start(self) -> None:
        """Begin a part."""
        self.wall.clear()
        self.cpu.clear()
        self._begun = time.perf_counter()

    def stop(self) -> dict[str, float]:
        """End the part; return its seconds and the longest callback."""
        seconds = time.perf_counter() - self._begun
        return {"seconds": seconds, "wall": max(self.wall, default=0.0), "cpu": max(self.cpu, default=0.0)}


async def until(what: Callable[[], bool], every_s: float = 0.01) -> None:
    """Let the app go on until something holds."""
    for _ in range(30_000):
        if what():
            return
        await asyncio.sleep(every_s)
    raise TimeoutError


async def edit(desk: Desk, timing: Timing, keys: tuple[str, ...], line: str = "") -> dict[str, dict[str, float]]:
    """Do an edit by keys, those of a line before them; return what it cost until it was shown and until it was kept."""
    store = desk.store
    if line:
        desk.editor._run_line(line)
        await until(lambda: not desk.editor.working and desk.editor._dialog is not None)
    await asyncio.sleep(0.5)
    before = store.state.document.token
    timing.start()
    for key in keys:
        desk.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await until(lambda: store.state.document.token is not before and not desk.editor.working)
    await asyncio.sleep(0.1)
    shown = timing.stop()
    timing.start()
    await until(lambda: store.state.durability.kept)
    kept = timing.stop()
    await desk.settle()
    return {"shown": shown, "kept": kept}


async def main(labels: int, each: int) -> dict[str, dict[str, dict[str, float]]]:
    """Return what each edit cost."""
    with tempfile.TemporaryDirectory() as name:
        task = ImportedTask(task=clip(frames=FRAMES), document=document(2 * labels, each))
        folder = build(Path(name) / "p", [task])
        timing = Timing()
        async with sitting(folder) as desk:
            found = {
                "delete": await edit(desk, timing, ("y",), "delete score<0.5"),
                "undo": await edit(desk, timing, ("u",)),
                "redo": await edit(desk, timing, ("U",)),
                "undo again": await edit(desk, timing, ("u",)),
            }
            before = desk.state.document.token
            timing.start()
            desk.editor._run_line("class van class:car")
            await until(lambda: desk.state.document.token is not before and not desk.editor.working)
            await asyncio.sleep(0.1)
            found["class"] = {"shown": timing.stop()}
            await desk.settle()
    return found


if __name__ == "__main__":
    Path(sys.argv[3]).write_text(json.dumps(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))))
