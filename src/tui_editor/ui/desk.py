"""What all screens of a window share: the project, the store thread, the open task and where to go next."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from textual.css.query import NoMatches

from tui_editor.api.consensus import settle
from tui_editor.api.editing import Task
from tui_editor.api.pictures import frame_of
from tui_editor.api.project import Project
from tui_editor.api.workflow import next_task
from tui_editor.commands.context import Loop
from tui_editor.errors import StoreLocked, TuiEditorError
from tui_editor.model.workflow import StageKind
from tui_editor.state.findings import NO_FINDING_FILTER, FoundFilter
from tui_editor.state.lock import Held, Lock, lock_of, lock_words
from tui_editor.state.view import Mode
from tui_editor.storage.locate import open_store
from tui_editor.text import one_line
from tui_editor.ui.backup_keeper import BackupKeeper
from tui_editor.ui.follower import Follower
from tui_editor.ui.kept import KeptHistory, KeptMacros
from tui_editor.ui.kept_aside import KeptAside
from tui_editor.ui.lock_keeper import LockKeeper
from tui_editor.ui.next_task import CANVASES, NextTask, Wish, next_row, next_screen
from tui_editor.ui.proofs import FrameProofs
from tui_editor.ui.queue_watch import QueueWatch
from tui_editor.ui.screens.arrangement import ArrangementFile
from tui_editor.ui.standing import became, opened_as, opening_words
from tui_editor.ui.store_thread import StoreThread
from tui_editor.ui.task_frames import frames_of

if TYPE_CHECKING:
    from tui_editor.media.service import FrameService
    from tui_editor.model.ids import TaskId
    from tui_editor.ports import OpenedTask, Session
    from tui_editor.state.store import TaskState
    from tui_editor.storage.committer import Committer
    from tui_editor.storage.spool import Spool
    from tui_editor.ui.app import EditorApp
    from tui_editor.ui.bell import Bell
    from tui_editor.ui.early.adoption import Adoption, Maker
    from tui_editor.ui.next_task import PictureAhead, Prepared
    from tui_editor.ui.screens.editor import EditorScreen
    from tui_editor.ui.standing import Opening
    from tui_editor.ui.terminal.facts import Graphics

WRITTEN_S = 1.0
"""How long leaving waits for the arrangement of the panes to be written."""
LONG_REST_S = 1.0
"""Without a change for so long, the next task is prepared."""


class Desk:
    """Opens and closes tasks for the app.

    Args:
        app: The app whose screens are shown.
        project: The opened project.
        graphics: How pictures are shown.
        session: Which window this is, for locks and the journal.
        committer: The store thread.
        spool: Where it puts refused edits.
    """

    def __init__(
        self,
        app: EditorApp,
        project: Project,
        graphics: Graphics,
        session: Session,
        committer: Committer,
        spool: Spool,
    ) -> None:
        self.app = app
        self.project = project
        self.graphics = graphics
        self._history, self._macros = KeptHistory(), KeptMacros()
        self.loop = Loop(
            project_path=str(project.folder.resolve()).lstrip("/"),
            folder=project.folder,
            history=self._history,
            macros=self._macros,
        )
        self._committer = committer
        self._session, project.session = session, session.id
        self.task: Task | None = None
        self.next = NextTask(self._another_project)
        self.store_thread = StoreThread(lambda: open_store(project.folder), app.answer, app.tell)
        self._follower: Follower | None = None
        self.keeper: LockKeeper | None = None
        self._queue_watch: QueueWatch | None = None
        self._spool = spool
        self._prepared: Prepared | None = None
        """What of the task that is being opened was read ahead."""
        self._first: PictureAhead | None = None
        """The first picture of the task that is being opened."""
        self._changed_at = monotonic()
        self.arrangement = ArrangementFile()
        self.canvas_number = -1
        """Names the pictures of the canvas that is opened: the one before takes its own away when it goes."""
        self._bell: Bell | None = None
        self._backups = BackupKeeper(project.folder, app.answer, app.tell)
        self.offers_guide = False
        """Whether the tour is offered to who never saw it."""
        self.queue_filter = ""
        """What the queue is filtered by, kept while tasks are open."""
        self.queue_details: bool | None = None
        """Whether the queue shows details; None: where there is room."""

    def _another_project(self) -> Project:
        """Return the project over a store of its own, for another thread."""
        other = Project(self.project.folder, open_store(self.project.folder), self.project.person)
        other.zoom = self.project.zoom
        return other

    # --- tasks -------------------------------------------------------------------------------------

    def open(
        self, task: TaskId, frame: int | None = None, *, review: bool = False, read: OpenedTask | None = None
    ) -> None:
        """Open a task in the editor; read-only, and says so, where the project is or somebody else edits it."""
        from tui_editor.ui.screens.editor import EditorScreen

        self.leave()
        self.canvas_number = (self.canvas_number + 1) % CANVASES
        asked, how = task, opened_as(self.project, task)
        task = how.task
        self._prepared = self.next.take(task)
        self.task = self._opened(how, (read if task == asked else None) or self._read_ahead())
        store = self.task.store
        store.set(display=self.loop.wishes.display(store.state.display))
        if frame is not None:
            place = frame_of(store.state.task, frame)
            store.go(place.unit, place.index)
        if review and store.state.mode is Mode.BROWSE:
            self.app.later_message = f"the task is in {store.state.document.status.stage}, not in review"
        self._reset_loop()
        store.subscribe(self._keep_place)
        store.subscribe(self._note_change)
        self._note_change(store.state, store.state)
        screen = EditorScreen(self, self.task)
        self._proofs = FrameProofs(screen.frames, self._committer)
        store.subscribe(self._proofs.after_change)
        self._keep_up(self.task)
        if not self.app.later_message:
            self.app.later_message = opening_words(store.state)
        self.app.show_screen(screen)

    def _keep_up(self, task: Task) -> None:
        """Keep the lock of a task, or wait for it, and follow what others do."""
        answer, tell = self.app.answer, self.app.tell
        reopen = lambda: self.guarded_open(task.store.state.task.id)  # noqa: E731  # what the keeper asks for
        self.keeper = keeper = LockKeeper(task, self._session, self._committer, answer, tell, reopen)
        keeper.aside = KeptAside(task.store, self._committer, self._spool, answer, tell)
        keeper.follower = self._follower = Follower(task.store, self._committer, answer, tell, keeper.arrived)
        task.fenced, task.changed = keeper.fenced, keeper.changed
        keeper.aside.look()

    def _opened(self, how: Opening, read: OpenedTask | None) -> Task:
        task = how.task

        def made(read_only: str, lock: Lock | None = None) -> Task:
            return Task(
                self.project,
                task,
                committer=self._committer,
                marshal=self.app.answer,
                session=self._session,
                read_only=read_only,
                opened=read,
                lock=lock,
            )

        if how.read_only:
            return made(how.read_only)
        if (lock := self._other_holder(task)) is not None:
            return made(lock_words(lock), lock)
        if how.looks:
            return made("", Lock(held=Held.LOOKING))
        try:
            return made("")
        except StoreLocked as error:  # somebody else was quicker by a moment
            lock = self._other_holder(task)
            return made(lock_words(lock), lock) if lock is not None else made(one_line(error.what, 60))

    def _other_holder(self, task: TaskId) -> Lock | None:
        """Return the lock of somebody else; None where it is free, and where it is a silent window's of this person."""
        holder = self.project.store.holder(task, stale=True)
        if holder is None or (holder.person == self.project.person and not holder.live):
            return None
        return lock_of(holder, self.project.person)

    def _read_ahead(self) -> OpenedTask | None:
        """Return the task as it was read ahead, None where somebody changed what is not in the journal."""
        opened = self._prepared.opened if self._prepared is not None else None
        return opened if opened is not None and opened.task == self.project.store.task(opened.task.id) else None

    def _keep_place(self, old: TaskState, new: TaskState) -> None:
        """Keep where the person is: a killed window opens there again. Edits carry it themselves."""
        task = self.task
        if task is not None and old.document is new.document and task.keeps_place and not _same_place(old, new):
            self._committer.save_view(new.task.id, self.project.person, task.store.where())

    def lost(self, why: str) -> None:
        """Turn the open task read-only: its store can't be used any more."""
        if self.task is not None:
            self.task.lost(Lock(held=Held.UNASKED))
            self.task.store.set(read_only=one_line(why, 80))
            self.app.tell(f"read-only from now on: {one_line(why)}")

    def _reset_loop(self) -> None:
        loop = self.loop
        loop.finding, loop.checks = None, None
        if loop.finding_filter.shown is FoundFilter.BLOCKING:
            loop.finding_filter = NO_FINDING_FILTER
        loop.issue, loop.marks, loop.since, loop.place_pin, loop.zoomed = None, {}, 0.0, None, None
        loop.decided, loop.seconds = 0, 0.0

    def leave(self) -> None:
        """Close the open task: everything is on disk and its lock is free."""
        if self._prepared is not None:  # for a task that could not be opened
            self._prepared.close()
            self._prepared = None
        if self._follower is not None and self.keeper is not None:
            self._follower.end()
            self.keeper.end()
            self._follower = self.keeper = None
        if self._queue_watch is not None:
            self._queue_watch.end()
            self._queue_watch = None
        if self.task is not None:
            task, self.task = self.task, None
            task.close()

    def take_lock(self) -> None:
        """Bring the lock of the open task to this window."""
        if self.keeper is not None:
            self.keeper.take()

    def put_back(self) -> None:
        """Do again what of the open task was kept aside."""
        if self.keeper is not None and self.keeper.aside is not None:
            self.keeper.aside.put_back()

    # --- what comes next ---------------------------------------------------------------------------

    def _note_change(self, old: TaskState, new: TaskState) -> None:
        del old, new
        self._changed_at = monotonic()
        self.app.leisure.busy()

    def pulse(self) -> None:
        """Follow another window's edits; prepare the next task after a rest. Called a few times a second."""
        from tui_editor.ui.screens.editor import EditorScreen

        if self._follower is not None:
            self._follower.look()
        if self._queue_watch is not None:
            self._queue_watch.look()
        self._backups.look(self.task.store.state if self.task is not None else None, self.loop.wishes.backup_min)
        self.bell.look()
        if self.bell.offers and self.app.tell_quietly(self.bell.offers[0]):
            del self.bell.offers[0]
        if self.task is None or monotonic() - self._changed_at < LONG_REST_S:
            return
        screen = self.app.screen_stack[-1] if self.app.screen_stack else None
        with suppress(NoMatches):  # the screen is not composed yet, or going
            if isinstance(screen, EditorScreen) and screen.settled:
                self.prepare_next(screen)
                screen.rested()
                self._changed_at = float("inf")  # once a rest

    @property
    def bell(self) -> Bell:
        """Return what looks for what others did; it is made when the window is up."""
        if self._bell is None:
            from tui_editor.ui.bell import Bell

            guide = self.offers_guide
            who, window = self.project.person, self._session.id
            self._bell = Bell(who, window, self._committer, self.app.answer, self._rung, guide=guide)
        return self._bell

    def _rung(self, new: str) -> None:
        """Show how much was not read, and tell the newest of what is new."""
        self.loop.unread = self.bell.unread_count
        self.app.tell_unread(f"{new}: ‹app.notifications› lists it" if new else "")

    def prepare_next(self, screen: EditorScreen) -> None:
        """Have the task read ahead that comes after the open one, off the event loop."""
        state = screen.store.state
        if not state.read_only:
            above, still = screen.canvas_layouts
            stage = state.document.status.stage
            self.next.prepare(Wish(done=state.task.id, stage=stage, above=above, still=still, screen=next_screen(self)))

    def next_task(self, screen: EditorScreen, note: str = "") -> None:
        """Open the next task of the stage that was worked on; without one, show the queue. Tell the note there."""
        done = screen.store.state
        what = f"{one_line(done.task.title, 40)} {became(done.document.status)}{f' with {note}' if note else ''}"
        stage = self._stage_before(screen)
        self._settle_consensus(done)
        waiting = self._waiting(stage, done.task.id)
        if waiting is not None:
            title = self.project.store.task(waiting).title
            self.app.later_message = f"{what}: next is {one_line(title, 40)}"
            self.open(waiting)
        else:
            self.app.later_message = f"{what}; nothing else waits in {stage}"
            self.show_queue()

    def _settle_consensus(self, done: TaskState) -> None:
        """Let a task of several annotators go on, or back to them; what was done is on disk and its lock free first."""
        kind = done.project.stage_kind(done.document.status)
        if done.task.parent is not None or kind is StageKind.CONSENSUS_ANNOTATE:
            self.leave()
            settle(self.project, done.task.id)

    def _waiting(self, stage: str, done: TaskId) -> TaskId | None:
        """Return the next task of a stage: in a team it is the person's from now on."""
        info = self.project.info
        kind = next((s.kind for s in info.workflow.stages if s.name == stage), None)
        if info.members or kind is StageKind.CONSENSUS_ANNOTATE:
            return next_task(self.project, stage, but=done) if kind is not None else None
        row = next_row(self.project.store, stage, done)
        return row.id if row is not None else None

    def _stage_before(self, screen: EditorScreen) -> str:
        from tui_editor.model.patch import StatusChange

        for change in screen.store.last_patch.changes:
            if isinstance(change, StatusChange):
                return change.before.stage
        return screen.store.state.document.status.stage

    def show_queue(self) -> None:
        """Leave the task and show the queue."""
        from tui_editor.ui.screens.queue import QueueScreen

        self.leave()
        screen = QueueScreen(self)
        busy = lambda: not screen.is_attached or screen.working  # noqa: E731  # what the watch asks
        self._queue_watch = QueueWatch(self.store_thread, screen.renew, busy)
        self.app.show_screen(screen)

    def close(self) -> None:
        """Leave the task; nothing needs saving."""
        self.next.close()
        self.store_thread.close()
        self.leave()
        for kept in (self.arrangement, self._history.file, self._macros.file):
            kept.close(WRITTEN_S)
        if self._bell is not None:
            self._bell.close(WRITTEN_S)

    # --- media -------------------------------------------------------------------------------------

    def frame_service(self, task: Task) -> FrameService:
        """Return what reads a task's frames, with the first one in it where that was read ahead."""
        prepared, self._prepared = self._prepared, None
        what, roots = task.store.state.task, self.project.roots()
        if prepared is not None and prepared.opened.task == what and prepared.roots == roots:
            self._first = prepared.picture
            return prepared.frames
        if prepared is not None:
            prepared.close()
        return frames_of(what, roots)

    def first_picture(self, frames: FrameService) -> Adoption | None:
        """Return the window's first picture, where that was made elsewhere, to the canvas that asks first."""
        process: Maker | None
        process, self.app.port.early = self.app.port.early, None
        made, self._first = self._first, None
        process = process or made
        if process is None:
            return None
        from tui_editor.ui.early.adoption import Adoption

        return Adoption(process, frames)

    def guarded_open(self, task: TaskId) -> None:
        """Open a task; what goes wrong is told."""
        try:
            self.open(task)
        except TuiEditorError as error:
            self.app.tell(one_line(str(error)))


def _same_place(old: TaskState, new: TaskState) -> bool:
    same_view = old.views is new.views and old.active == new.active
    return same_view and old.selection is new.selection
