"""The editor without anything read or uploaded ahead; when it is left, the same work is timed without the editor.

    python -m bench.fresh_app PROJECT OUT

OUT gets, as JSON, the milliseconds that decoding, composing and encoding a frame takes while nothing else runs.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

from msgspec.structs import replace

FRAMES = 20


def main(project: str, out: str) -> int:
    from tui_editor.api import open_project
    from tui_editor.media.worker import SourceWorker
    from tui_editor.model.ids import TaskId
    from tui_editor.ui.launch import run_app
    from tui_editor.ui.picture.agenda import Agenda
    from tui_editor.ui.picture.pipeline import Job, Pipeline

    SourceWorker._ahead_of = lambda *_: deque()  # type: ignore[method-assign]
    Agenda._ahead = lambda *_: None  # type: ignore[method-assign]
    last: list[Job[Any]] = []
    do, close = Pipeline._do, Pipeline.close
    alone: list[float] = []

    def noted(self: Pipeline[Any], job: Job[Any]) -> Any:
        if job.state is not None:
            last[:] = [job]
        return do(self, job)

    def timed(self: Pipeline[Any]) -> None:
        job = last[0]
        assert job.state is not None
        view = job.state.view
        for frame in range(view.frame + 1, view.frame + 1 + FRAMES):
            views = {**job.state.views, job.state.active: replace(view, frame=frame)}
            begun = time.perf_counter()
            do(self, replace(job, state=replace(job.state, views=views)))
            alone.append((time.perf_counter() - begun) * 1000)
        Path(out).write_text(json.dumps(alone))
        close(self)

    Pipeline._do = noted  # type: ignore[method-assign]
    Pipeline.close = timed  # type: ignore[method-assign]
    return run_app(open_project(project), task=TaskId(1))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
