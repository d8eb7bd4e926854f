"""The editor: canvas and panes, bound to one task's store."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.containers import Horizontal, Vertical

from tui_editor.api.consensus import branches
from tui_editor.api.workflow import Step, do_with_others, group_rows
from tui_editor.commands import findings, issues, moving, turbo
from tui_editor.commands.locking import may_edit_here
from tui_editor.commands.table import keys_in
from tui_editor.state.selectors import is_undecided
from tui_editor.state.view import Mode
from tui_editor.ui.dialogs.issue_stats import show_issue_stats
from tui_editor.ui.footer import finding_hints, footer_hints, reason_hints
from tui_editor.ui.frame_pixels import ask_pixels
from tui_editor.ui.panes.attributes import AttributesPane
from tui_editor.ui.panes.classes import ClassesPane, ClassRows
from tui_editor.ui.panes.findings import FindingsPane
from tui_editor.ui.panes.history import HistoryPane
from tui_editor.ui.panes.issues import IssuesPane
from tui_editor.ui.panes.labels import LabelsPane
from tui_editor.ui.panes.timeline import TimelinePane, timeline_rows
from tui_editor.ui.panes.toolbar import ToolbarPane
from tui_editor.ui.player import Player
from tui_editor.ui.pointer import PointerGestures
from tui_editor.ui.screens.lines import header_line, progress_line, turbo_line
from tui_editor.ui.screens.remarks import RemarksScreen
from tui_editor.ui.screens.toolbar import HINTS, Toolbar, shown_window
from tui_editor.ui.screens.windows import Canvases
from tui_editor.ui.widgets.bars import Bar, KeysBar
from tui_editor.ui.widgets.frame_view import FrameView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from textual.app import ComposeResult

    from tui_editor.api.editing import Task
    from tui_editor.commands.context import HandOn
    from tui_editor.commands.resolver import Pending
    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import TaskId
    from tui_editor.model.patch import Patch
    from tui_editor.model.project import TaskRow
    from tui_editor.ports import OpenedTask
    from tui_editor.state.store import TaskState, TaskStore
    from tui_editor.ui.desk import Desk
    from tui_editor.ui.dialogs.base import Dialog
    from tui_editor.ui.picture.layout import Layout

T = TypeVar("T")
PLAYING_PANES_S = 0.15
"""How often the panes follow while a video plays; the canvas shows every frame that the line carries."""


class EditorScreen(RemarksScreen):
    """Shows one task and everything that can be done with it."""

    def __init__(self, desk: Desk, task: Task) -> None:
        super().__init__(desk.arrangement, desk.loop)
        self.desk = desk
        self.task_session = task
        self.frames = desk.frame_service(task)
        self._canvases = Canvases(desk, task.store, self.frames)
        self._player = Player(self)
        self._gestures = PointerGestures(self)
        self._toolbar = Toolbar(self)
        self._unsubscribe: Callable[[], None] = lambda: None
        self._shown: TaskState | None = None
        self._on_timeline: Patch | None = None
        """The preview that the timeline shows."""
        self._sync_waits = False
        self._stats = ""
        self._panes_at = self._stats_at = 0.0

    # --- layout ------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out the bars, the canvas and the panes."""
        yield Bar(id="header")
        yield ToolbarPane(id="toolbar")
        with Horizontal(id="body"):
            yield ClassesPane(id="classes")
            yield self._canvases.compose()
            with Vertical(id="right"):
                yield LabelsPane(id="labels")
                yield AttributesPane(id="attributes")
                yield IssuesPane(id="issues")
                yield FindingsPane(id="findings")
                yield HistoryPane(id="history")
        yield TimelinePane(id="timeline")
        yield Bar(id="message")
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        """Bind the panes to the store."""
        self._unsubscribe = self.store.subscribe(self._changed)
        self._panes.arrange()
        self.canvas.focus()
        self._sync()
        # the first object is what a reviewer looks at
        if self.loop.tour is not None and self.store.state.task.id in self.loop.tour.findings:
            self.call_after_refresh(self.guarded, lambda: findings.begin(self.context()))
        elif self.mode is Mode.REVIEW and self._begins_anew:
            self.call_after_refresh(self.guarded, self._first_object)
        elif issues.is_sent_back(self.store.state.document):
            self.call_after_refresh(self.guarded, lambda: issues.open_first(self.context()))
        if self.loop.turbo:
            self.call_after_refresh(self.guarded, lambda: turbo.start_quietly(self.context()))

    @property
    def _begins_anew(self) -> bool:
        """Return whether nothing is selected, or what was judged in an earlier review while other objects wait."""
        document, chosen = self.store.state.document, self.store.state.selected
        left = document.lookup.decided < len(document.instances)
        return chosen is None or (left and not is_undecided(document, chosen))

    def _first_object(self) -> None:
        context = self.context()
        if not moving.next_undecided(context) and context.state.document.instances:
            moving.step(context, 1)

    def on_unmount(self) -> None:
        """Let go of the store and the frames."""
        self._player.stop()
        self._unsubscribe()
        self.beside.close()
        self.frames.close()

    @property
    def store(self) -> TaskStore:
        """Return the task's store."""
        return self.task_session.store

    @property
    def task_store(self) -> TaskStore:
        """Return the task's store."""
        return self.task_session.store

    @property
    def settled(self) -> bool:
        """Return whether every edit is kept and the picture is the one of the state."""
        return self.store.state.durability.kept and self._shown is self.store.state and self._canvases.settled

    @property
    def canvas(self) -> FrameView:
        """Return the picture that keys act on."""
        return self._canvases.active(self.store.state.active)

    @property
    def mode(self) -> Mode:
        """Return what keys mean: the issues pane has keys of its own while it has the focus."""
        mode = self.store.state.mode
        in_issues = isinstance(self.focused, IssuesPane) and mode in {Mode.BROWSE, Mode.REVIEW}
        return Mode.ISSUES if in_issues else mode

    # --- state to panes ----------------------------------------------------------------------------

    def _changed(self, old: TaskState, new: TaskState) -> None:
        """Show the state when the key that is being dealt with is done: one key may change it several times."""
        del old, new
        if not self._sync_waits:
            self._sync_waits = True
            self.call_next(self._sync)

    def _sync(self) -> None:
        """Hand the panes what changed: a slice that is the same object did not."""
        self._sync_waits = False
        old, new = self._shown, self.store.state
        if not self.is_there:
            return
        if self._player.playing and monotonic() - self._panes_at < PLAYING_PANES_S:
            self._canvases.show(new)  # the panes follow a few times a second, and when playing ends
            return
        self._shown, self._panes_at = new, monotonic()
        same = _Same(old, new)
        with self.app.batch_update():
            self._canvases.show(new)
            if not same("document", "selection", "filters", "display", "views", "active", "listing"):
                self.show_labels(new)
            if not same("document", "selection", "views", "active", "answering", "tool"):
                self.show_attributes(new)
            preview = new.preview if self.previews else None
            marked = same("document", "selection", "filters", "display", "views", "active", "findings")
            if not marked or preview is not self._on_timeline:
                self._on_timeline = preview
                self.query_one(TimelinePane).rows = timeline_rows(new, preview)
            if not same("document", "project"):
                self.sync_issues()
            if not same("findings"):
                self.sync_findings()
            if not same("document"):
                self.check_again(new)
            self._follow_history()
            if not same("project"):
                self.query_one(ClassesPane).rows = ClassRows(new.project.ontology)
            self._toolbar.show(new)
            self._show_header()
            self.set_status(progress_line(new, self.loop), progress_line(new, self.loop, brief=True))
            if not same("mode", "selection", "lock"):
                self.show_keys()
            if new.durability.problem and (old is None or old.durability.problem != new.durability.problem):
                again = "" if new.read_only else "; ‹edit.put_back› tries again"
                self.tell(f"not kept, rolled back: {new.durability.problem}{again}", severity="error")

    def _follow_history(self) -> None:
        if self._panes.seen("history"):
            self.query_one(HistoryPane).follow(self.store.state, self.desk.store_thread)

    def _show_header(self) -> None:
        header = self.query_one("#header", Bar)
        warnings = self.canvas.frame_warnings
        told = self.loop.keymap.told
        edit_keys = "" if may_edit_here(self.context()) else told("‹task.edit_here›")
        header.left, header.right = header_line(
            self.store.state,
            self._stats,
            self.size.width,
            warnings,
            told("‹app.help›"),
            edit_keys,
            self.loop.unread,
        )

    def show_unread(self) -> None:
        """Show in the header how much of what others did was not read."""
        if self._shown is not None:
            self._show_header()

    def toggle_pane(self, pane: str) -> None:
        """Show or hide a pane, or all of them."""
        super().toggle_pane(pane)
        self._follow_history()

    # --- panes to state ----------------------------------------------------------------------------

    @on(TimelinePane.Sought)
    def _sought(self, event: TimelinePane.Sought) -> None:
        self.store.go(self.store.state.view.unit, event.frame)

    @on(ToolbarPane.Chosen)
    def _tool_chosen(self, event: ToolbarPane.Chosen) -> None:
        self._toolbar.run(event.command)

    @on(ToolbarPane.Moved)
    def _tool_moved(self, event: ToolbarPane.Moved) -> None:
        self._toolbar.explain(event.command)

    @on(FrameView.Pointer)
    def _pointer(self, event: FrameView.Pointer) -> None:
        event.stop()
        if self._canvases.takes(event):
            self.guarded(lambda: self._gestures.take(event))

    @on(FrameView.Stats)
    def _picture_sent(self, event: FrameView.Stats) -> None:
        event.stop()
        self._stats = (
            f"{event.size / 1000:.0f} kB {event.elapsed_ms:.0f} ms" if event.size else f"{event.elapsed_ms:.0f} ms"
        )
        if not self._player.playing or monotonic() - self._stats_at >= PLAYING_PANES_S:
            self._stats_at = monotonic()
            self._show_header()

    # --- front end ---------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """Take a key: what plays stops, and a half-drawn gesture of the pointer goes with Escape."""
        was_playing = self._player.playing
        self._player.stop()
        if was_playing:
            self._changed(self.store.state, self.store.state)
        if key == "escape":
            self._gestures.cancel()
        if was_playing and key in self._play_keys:
            return
        if not self._resolver.typed and (self.take_list_key(key) or self._toolbar.take(key)):
            return
        super().press(key)
        self.follow_lists()

    def dialog_closed(self, dialog: Dialog, then: Callable[[], None] | None) -> None:
        """Take a dialog away, and list the issues that it searched for."""
        super().dialog_closed(dialog, then)
        self.follow_lists()

    @property
    def _play_keys(self) -> list[str]:
        command = self.loop.keymap.command("frame.play")
        return keys_in(command, self.mode) if command is not None else []

    def on_resize(self) -> None:
        """Fit the header into the new width."""
        super().on_resize()
        self._panes.arrange()
        if self._shown is not None:
            self._show_header()

    def show_keys(self, pending: Pending | None = None) -> None:
        """Show the keys that work now; after `x` the canned reasons, on the message line and on in the footer."""
        super().show_keys(pending)
        if self.mode is Mode.REASON:
            *actions, back, _ = footer_hints(Mode.REASON, self.context())
            reasons = reason_hints(self.store.state.project.reasons, self.size.width, self.loop.keymap)
            self.tell_keys(reasons, [a for a in actions if a[1] != "reason"], back)
        elif self.mode is Mode.TURBO and not self.message:
            self._say(turbo_line(self.store.state))
        elif self.overlay is Mode.FINDINGS and pending is None and not self._resolver.typed:
            self.query_one("#keys", KeysBar).hints = finding_hints(self.context())
        elif self._toolbar.has_keys and pending is None:
            self.query_one("#keys", KeysBar).hints = HINTS

    def shown_window(self) -> tuple[float, float]:
        """Return (centre, width) of the pixel values that are shown from black to white."""
        return shown_window(self) or super().shown_window()

    def frame(self) -> Frame | None:
        """Return the decoded frame that is shown."""
        return self.canvas.frame

    def with_pixels(self, job: Callable[[NDArray[np.uint8]], T], done: Callable[[T], None]) -> None:
        """Run a job on the shown frame's pixels on the frame's thread, then `done` here; the next key waits."""
        answer, take = self.desk.app.answer, self.awaited(done)
        ask_pixels(self.frames, self.store.state.frame, job, lambda made: answer(lambda: take(made)))

    def canvas_px(self) -> tuple[float, float]:
        """Return the canvas's size in screen pixels."""
        width, height = self.canvas.canvas_size_px
        return float(width), float(height)

    @property
    def canvas_layouts(self) -> tuple[Layout, Layout]:
        """Return where the canvas lies above a timeline, and for a task that has none."""
        return self._panes.canvas_layouts(self.canvas.layout_now())

    def toggle_play(self, speed: float) -> None:
        """Play from here, or stop."""
        self._player.toggle(speed)

    def hand_on_group(self, make: HandOn, command: str) -> None:
        """Hand the other tasks of the group on."""
        do_with_others(self.desk.project, self.store.state.task.id, Step(command=command, make=make))

    def group(self) -> Sequence[TaskRow]:
        """Return the tasks that go together with this one."""
        return group_rows(self.desk.project, self.store.state.task.id)

    def branches(self) -> Sequence[OpenedTask]:
        """Return the annotators' branches of this task."""
        return branches(self.desk.project, self.store.state.task.id)

    def task_done(self, note: str = "") -> None:
        """Open the next task of the queue."""
        self.desk.next_task(self, note)

    def take_lock(self) -> None:
        """Bring the editor lock here."""
        self.desk.take_lock()

    def put_back(self) -> None:
        """Do again what was kept aside."""
        self.desk.put_back()

    def open_task(self, task: TaskId) -> None:
        """Open another task."""
        self.desk.open(task)

    def queue(self, verb: str) -> None:
        """The queue has its own screen."""
        del verb
        self.desk.show_queue()

    def show(self, what: str) -> None:
        """Open help, the palette, the `:` line; leave for the queue."""
        if what == "queue":
            self.desk.show_queue()
        elif what == "issue-stats":
            show_issue_stats(self, self.desk.project, self.desk.store_thread)
        else:
            super().show(what)


class _Same:
    """Tells whether slices of two states are the same objects."""

    def __init__(self, old: TaskState | None, new: TaskState) -> None:
        self._old, self._new = old, new

    def __call__(self, *names: str) -> bool:
        return self._old is not None and all(getattr(self._old, n) is getattr(self._new, n) for n in names)
