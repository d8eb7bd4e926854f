"""The task that comes next, made ready on a thread while one looks at another: labels, first frame, first picture."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

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
    from tui_editor.ui.desk import Desk
    from tui_editor.ui.early.order import Glimpse
    from tui_editor.ui.early.picture import EarlyPicture
    from tui_editor.ui.picture.layout import Layout
    from tui_editor.ui.terminal.facts import Graphics, Terminal

_LOOKED_AT = 20
"""Rows of the queue among which the next task is."""
CANVASES = 4
"""So many names canvases take in turn."""
_REVIEWS = frozenset({StageKind.REVIEW, StageKind.CONSENSUS_REVIEW})
_OVER = frozenset({"skipped", "completed"})
_log = logging.getLogger(__name__)


def next_row(store: ProjectStore, stage: str, done: TaskId) -> TaskRow | None:
    """Return the first task that waits in a stage besides the one that is being done, None when there is none."""
    rows = store.tasks(TaskQuery(stage=stage, limit=_LOOKED_AT))
    return next((row for row in rows if row.id != done and row.state not in _OVER), None)


class Screen(Struct, frozen=True, kw_only=True):
    """What the canvas will show its pictures on."""

    graphics: Graphics
    terminal: Terminal
    canvas: int
    """Its number."""


class Wish(Struct, frozen=True, kw_only=True, eq=False):
    """Which task may come next, and where it will be seen."""

    done: TaskId
    """The task that is open."""
    stage: str
    above: Layout
    """The canvas above a timeline."""
    still: Layout
    """The canvas for a data unit of one frame, which has no timeline."""
    screen: Screen | None = None
    """None: no picture is made, only its frame is read."""

    def same_place(self, other: Wish) -> bool:
        """Return whether both are to be seen on the same cells of the same screen."""
        return self.above.same(other.above) and self.still.same(other.still) and self.screen == other.screen


class PictureAhead(Struct, frozen=True, kw_only=True, eq=False):
    """The first picture of a canvas that is not there yet."""

    glimpse: Glimpse
    made: EarlyPicture
    drawn: bool = False
    ready: bool = True

    def picture(self) -> EarlyPicture:
        """Return the picture."""
        return self.made

    def bury(self) -> bool:
        """Do nothing: it is bytes."""
        return True


class Prepared(Struct, frozen=True, kw_only=True, eq=False):
    """A task that was read ahead."""

    row: TaskRow
    opened: OpenedTask
    roots: Mapping[str, Path]
    frames: FrameService
    begins: TaskState
    """As the editor will first be at rest."""
    first: Future[Frame]
    """The frame of that."""
    wish: Wish
    picture: PictureAhead | None = None
    complete: bool = False
    """Nothing more is to be made."""

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
        """Return which task is prepared with its first picture, None as long as there is none."""
        with self._wake:
            prepared = self._prepared
        return prepared.row.id if prepared is not None and prepared.complete else None

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
                while (work := self._next_work()) is not None:
                    if isinstance(work, Wish):
                        self._fulfil(project, work)
                    else:
                        self._complete(work)
        except TuiEditorError as error:
            _log.info("tasks are not read ahead: %s", error)

    def _next_work(self) -> Wish | Prepared | None:
        """Return a wish, or what was prepared once its frame is there."""
        with self._wake:
            self._wake.wait_for(lambda: self._wish is not None or self._closed or self._has_frame())
            if self._closed:
                return None
            if self._wish is None:
                return self._prepared
            self._at_work, self._wish = self._wish, None
            return self._at_work

    def _has_frame(self) -> bool:
        return self._prepared is not None and not self._prepared.complete and self._prepared.first.done()

    def _fulfil(self, project: Project, wish: Wish) -> None:
        try:
            row = next_row(project.store, wish.stage, wish.done)
            with self._wake:
                known = self._prepared
            if row is None:
                prepared = None
            elif known is not None and known.row == row:
                if known.wish.same_place(wish):
                    return
                prepared = _looked_at(known, wish)
            else:
                prepared = _prepared(project, row, wish)
        except TuiEditorError as error:
            _log.info("the next task is not read ahead: %s", error)
            return
        self._put(wish, prepared)
        if prepared is not None:
            prepared.first.add_done_callback(self._frame_is_there)

    def _frame_is_there(self, _: Future[Frame]) -> None:
        with self._wake:
            self._wake.notify_all()

    def _put(self, wish: Wish, prepared: Prepared | None) -> None:
        """Keep what was prepared, unless it is not wished for any more."""
        with self._wake:
            if self._at_work is wish and not self._closed:
                prepared, self._prepared = self._prepared, prepared
            keeps = self._prepared is not None and prepared is not None and self._prepared.frames is prepared.frames
        if prepared is not None and not keeps:
            prepared.close()

    def _complete(self, prepared: Prepared) -> None:
        """Make the picture, where that can be, and keep it with the rest."""
        try:
            picture = _picture_of(prepared)
        except TuiEditorError as error:
            picture = None
            _log.info("the first picture of the next task is not made: %s", error)
        complete = replace(prepared, picture=picture, complete=True)
        with self._wake:
            if self._prepared is prepared:
                self._prepared = complete


def _prepared(project: Project, row: TaskRow, wish: Wish) -> Prepared:
    opened, roots = project.read(row.id), project.roots()
    state = TaskStore(opened, project.info, person=project.person).state
    frames, begins = frames_of(opened.task, roots), _begins(state)
    left = _look(frames, state, wish, "left")
    prepared = Prepared(row=row, opened=opened, roots=roots, frames=frames, begins=begins, first=left, wish=wish)
    return _looked_at(prepared, wish)


def _looked_at(prepared: Prepared, wish: Wish) -> Prepared:
    """Ask for the frame that will be seen first, as large as it will be seen."""
    first = _look(prepared.frames, prepared.begins, wish, "main")
    return replace(prepared, first=first, wish=wish, picture=None, complete=False)


def _look(frames: FrameService, state: TaskState, wish: Wish, view: str) -> Future[Frame]:
    return frames.request(state.view.unit, state.view.frame, fit_px(state, _layout(state, wish).canvas_px), view=view)


def _layout(state: TaskState, wish: Wish) -> Layout:
    return wish.still if state.unit.frame_count <= 1 else wish.above


def _picture_of(prepared: Prepared) -> PictureAhead | None:
    """Return the first picture as the canvas would make it; None where that has to be done when it is there."""
    state, screen, layout = prepared.begins, prepared.wish.screen, _layout(prepared.begins, prepared.wish)
    if screen is None or not layout.visible.size or prepared.first.cancelled() or prepared.first.exception():
        return None
    from tui_editor.ui.early.order import glimpse_of, label_order, order_on
    from tui_editor.ui.early.picture import FirstPicture

    order = order_on(layout, state, prepared.roots, screen.graphics, screen.terminal, canvas=screen.canvas)
    making = FirstPicture(order, prepared.first.result())
    making.ahead()
    picture, _ = making.finish(label_order(state))
    return PictureAhead(glimpse=glimpse_of(state), made=picture)


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
    if place is not None:
        view = replace(view, unit=place[0], frame=place[1])
    return replace(state, views={**state.views, state.active: view}, selection=(first,))


def next_screen(desk: Desk) -> Screen | None:
    """Return what the next canvas shows pictures on, None where they are best made when it is there."""
    from tui_editor.ui.early.order import shows_early
    from tui_editor.ui.terminal.flow import is_far

    terminal = desk.app.port.terminal
    # Over a slow line the first picture is a quick one, and what shared memory holds must be shown.
    if is_far(terminal) or terminal.shared_memory or not shows_early(desk.graphics):
        return None
    return Screen(graphics=desk.graphics, terminal=terminal, canvas=(desk.canvas_number + 1) % CANVASES)
