"""The task that comes next, read ahead on a thread while one looks at another: its labels, and its first frame."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui_editor.errors import TuiEditorError
from tui_editor.model.document import frame_order
from tui_editor.model.project import TaskQuery
from tui_editor.model.workflow import StageKind
from tui_editor.state.order import ReviewOrder
from tui_editor.state.selectors import is_undecided, nearest_frame
from tui_editor.state.store import TaskStore
from tui_editor.ui.picture.compose import fit_px
from tui_editor.ui.task_frames import frames_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.media.service import FrameService
    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import TaskRow
    from tui_editor.ports import OpenedTask, ProjectStore
    from tui_editor.state.store import TaskState

_LOOKED_AT = 20
"""Rows of the queue among which the next task is."""
_REVIEWS = frozenset({StageKind.REVIEW, StageKind.CONSENSUS_REVIEW})
_OVER = frozenset({"skipped", "completed"})
_log = logging.getLogger(__name__)


def next_row(store: ProjectStore, stage: str, done: TaskId) -> TaskRow | None:
    """Return the first task that waits in a stage besides the one that is being done, None when there is none."""
    rows = store.tasks(TaskQuery(stage=stage, limit=_LOOKED_AT))
    return next((row for row in rows if row.id != done and row.state not in _OVER), None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wish:
    """Which task may come next, and how large it will be seen."""

    done: TaskId
    """The task that is open."""
    stage: str
    canvas_px: tuple[int, int]
    """Size of the canvas above a timeline."""
    still_px: tuple[int, int]
    """Size of the canvas for a data unit of one frame, which has no timeline."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """A task that was read ahead."""

    row: TaskRow
    opened: OpenedTask
    roots: Mapping[str, Path]
    frames: FrameService
    first: Future[Frame]
    """The frame at which the person left the task."""

    def close(self) -> None:
        """Let go of its frames; nobody waits for what is being decoded."""
        self.first.cancel()
        self.frames.close(timeout=0)


class NextTask:
    """Prepares one task at a time; the newest wish counts. What goes wrong is told to nobody: it will be when opened.

    Args:
        open_project: Opens the project; called on the thread, which alone uses it.
    """

    def __init__(self, open_project: Callable[[], Project]) -> None:
        self._open_project = open_project
        self._wake = threading.Condition()
        self._wish: Wish | None = None
        self._at_work: Wish | None = None
        self._prepared: Prepared | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def prepare(self, wish: Wish) -> None:
        """Prepare what comes after a task, unless that is prepared already; a task prepared before goes."""
        with self._wake:
            if self._closed:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="next-task")
                self._thread.start()
            self._wish = wish
            self._wake.notify_all()

    def take(self, task: TaskId) -> Prepared | None:
        """Return the task as far as it is prepared, to whoever opens it; None and nothing kept for another one."""
        with self._wake:
            self._wish = self._at_work = None
            prepared, self._prepared = self._prepared, None
        if prepared is None or prepared.row.id == task:
            return prepared
        prepared.close()
        return None

    @property
    def ready(self) -> TaskId | None:
        """Return which task is prepared with its first frame, None as long as there is none."""
        with self._wake:
            prepared = self._prepared
        return prepared.row.id if prepared is not None and prepared.first.done() else None

    def close(self) -> None:
        """Drop what is prepared and end the thread; it is not waited for."""
        with self._wake:
            self._closed = True
            self._wish = self._at_work = None
            prepared, self._prepared = self._prepared, None
            self._wake.notify_all()
        if prepared is not None:
            prepared.close()

    # --- the thread --------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with closing(self._open_project()) as project:
                while (wish := self._next_wish()) is not None:
                    self._fulfil(project, wish)
        except TuiEditorError as error:
            _log.info("tasks are not read ahead: %s", error)

    def _next_wish(self) -> Wish | None:
        with self._wake:
            self._wake.wait_for(lambda: self._wish is not None or self._closed)
            self._at_work, self._wish = self._wish, None
            return self._at_work

    def _fulfil(self, project: Project, wish: Wish) -> None:
        try:
            row = next_row(project.store, wish.stage, wish.done)
            with self._wake:
                known = self._prepared
            if row is not None and known is not None and known.row == row:
                _look(project, known.opened, known.frames, wish)  # the canvas may have another size
                return
            self._put(wish, _prepared(project, row, wish) if row is not None else None)
        except TuiEditorError as error:
            _log.info("the next task is not read ahead: %s", error)

    def _put(self, wish: Wish, prepared: Prepared | None) -> None:
        """Keep what was prepared, unless it is not wished for any more."""
        with self._wake:
            if self._at_work is wish and not self._closed:
                prepared, self._prepared = self._prepared, prepared
        if prepared is not None:
            prepared.close()


def _prepared(project: Project, row: TaskRow, wish: Wish) -> Prepared:
    opened, roots = project.read(row.id), project.roots()
    frames = frames_of(opened.task, roots)
    first = _look(project, opened, frames, wish)
    return Prepared(row=row, opened=opened, roots=roots, frames=frames, first=first)


def _look(project: Project, opened: OpenedTask, frames: FrameService, wish: Wish) -> Future[Frame]:
    """Ask for the frames that will be seen first, as the canvas will; return the one on which the person begins."""
    state = TaskStore(opened, project.info, person=project.person).state
    canvas_px = wish.still_px if state.unit.frame_count <= 1 else wish.canvas_px
    begins = _begins(state)
    looks = [
        frames.request(state.view.unit, state.view.frame, fit_px(state, canvas_px), view=view)
        for view, state in (("left", state), ("main", begins))
    ]
    return looks[-1]


def _begins(state: TaskState) -> TaskState:
    """Return where the editor goes on opening: in a review without a selection, to the first object to be judged."""
    document, view = state.document, state.view
    if state.selection or state.project.stage_kind(document.status) not in _REVIEWS or not document.instances:
        return state
    order = ReviewOrder().of(document, state.task)
    here = frame_order(document.index, document.instances, view.unit, view.frame)
    start = order.index(here[0]) if here else 0
    ring = order[start:] + order[:start]
    first = next((i for i in ring if is_undecided(document, i)), ring[0])
    place = nearest_frame(document, first, state.frame)
    if place is None:
        return state
    view = replace(view, unit=place[0], frame=place[1])
    return replace(state, views={**state.views, state.active: view})
