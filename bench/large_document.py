"""A nudge by key in a document of a million labels, until the new state is there: nothing is painted.

The peer is the same key in a document of 200 labels: what is above it is the price of the document's size.
"""

from __future__ import annotations

import itertools
import time

from msgspec.structs import replace
from tests.support.doctext import PROJECT, TASK, FixedClock

from bench.big_edits_app import UNIT, document
from bench.figures import Figure, figure, interleaved_medians_ms
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.model.ids import InstanceId
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore

LABELS, EACH, RUNS = 1_000_000, 100, 200
NUDGED = InstanceId(1)


def run() -> list[Figure]:
    large, small = _at_keys(LABELS), _at_keys(2 * EACH)
    keys = itertools.cycle("LH")
    subjects = {"large": lambda: large.type(next(keys)), "small": lambda: small.type(next(keys))}
    wall = interleaved_medians_ms(subjects, runs=RUNS)
    cpu = interleaved_medians_ms(subjects, runs=RUNS, clock=time.process_time)
    return [
        figure(
            "nudge in a document of 1 M labels, before painting (<= 2 ms)",
            wall["large"],
            "ms",
            n=RUNS,
            peer="200 labels",
            peer_value=wall["small"],
        ),
        figure(
            "the same: time of the processor", cpu["large"], "ms", n=RUNS, peer="200 labels", peer_value=cpu["small"]
        ),
    ]


def _at_keys(labels: int) -> Keyboard:
    """Return the keyboard of an editor on a document, an object selected for editing on one of its frames."""
    known = document(labels, EACH)
    frame = int(known.tracks[NUDGED, UNIT].frames[EACH // 2])
    unit = replace(TASK.units[0], id=UNIT, frame_count=200_000, width=1280, height=720)
    task = OpenedTask(task=replace(TASK, units=(unit,)), document=known, seq=0, view={"frame": frame})
    store = TaskStore(task, PROJECT, person="me", session="bench", clock=FixedClock())
    store.select(NUDGED)
    keyboard = Keyboard(store, HeadlessFront(()))
    before = store.state.document
    keyboard.type("e L")
    assert store.state.document is not before, keyboard.front.warnings
    return keyboard
