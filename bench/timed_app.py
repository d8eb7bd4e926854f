"""The editor on a task of a project, with each callback of its event loop timed.

    python -m bench.timed_app PROJECT OUT [TASK]    # task 1; an empty one shows the queue

Wall time and processor time of the loop's thread: what lies between them is waiting for the interpreter lock or for the
processor. Times are written to OUT as JSON when the editor is left; those before the first key don't count.
"""

from __future__ import annotations

import asyncio.events
import json
import sys
import time
from pathlib import Path

KEPT = 200_000


def time_callbacks(wall: list[float], cpu: list[float]) -> None:
    """Note the time of each callback from now on."""
    original = asyncio.events.Handle._run

    def run(self: asyncio.events.Handle) -> None:
        begun, busy = time.perf_counter(), time.thread_time()
        original(self)
        if len(wall) < KEPT:
            wall.append(time.perf_counter() - begun)
            cpu.append(time.thread_time() - busy)

    asyncio.events.Handle._run = run  # type: ignore[method-assign]


def main(project: str, out: str, task: str = "1") -> int:
    from tui_editor.api import open_project
    from tui_editor.model.ids import TaskId
    from tui_editor.ui.launch import run_app
    from tui_editor.ui.screens.front import FrontScreen

    wall: list[float] = []
    cpu: list[float] = []
    time_callbacks(wall, cpu)
    first: list[int] = []
    press = FrontScreen.press

    def pressed(self: FrontScreen, key: str) -> None:
        if not first:
            first.append(len(wall))
        press(self, key)

    FrontScreen.press = pressed  # type: ignore[method-assign]
    code = run_app(open_project(project), task=TaskId(int(task)) if task else None)
    start = first[0] if first else 0
    Path(out).write_text(json.dumps({"wall": wall[start:], "cpu": cpu[start:]}))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
