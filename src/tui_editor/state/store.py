"""The one writer of a task's state. Lives on one thread; others talk to it by messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from tui_editor.errors import PatchMismatch, Refused
from tui_editor.model.ids import new_token
from tui_editor.model.patch import Patch
from tui_editor.ports import Edit, EntryKind
from tui_editor.state import selectors
from tui_editor.state.history import History, Step
from tui_editor.state.large_edits import finished, is_small, tracks_replaced
from tui_editor.state.lock import Held, Lock
from tui_editor.state.system_clock import SystemClock
from tui_editor.state.task_state import MAIN, TaskState
from tui_editor.state.view import Durability, View, valid_view, view_from_mapping, view_to_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.project import Project
    from tui_editor.ports import Clock, JournalEntry, OpenedTask
    from tui_editor.state.taking_back import TakeBack

    Listener = Callable[[TaskState, TaskState], None]

__all__ = ["MAIN", "TaskState", "TaskStore"]

WORN_AT_ONCE = 100
"""Tracks that are freed with each change of the state."""


class _Waiting(NamedTuple):
    """An edit that waits for its COMMIT, and the document that it made."""

    edit: Edit
    document: LabelDocument
    replaced: Sequence[object] = ()
    """Of a large edit the tracks of the document before, kept from going all at once."""


class TaskStore:
    """Holds the state of one opened task, changes it, and hands each edit on to be kept.

    Args:
        opened: The task as the store read it.
        project: What all tasks share.
        person: Who edits.
        session: Which window.
        keep: Gets each edit; answers later by `kept` or `refused` on this thread. None: nothing is kept (a script's
            dry run), edits count as kept at once.
        older: Reads earlier journal entries, newest first, for undo across restarts.
    """

    def __init__(
        self,
        opened: OpenedTask,
        project: Project,
        *,
        person: str,
        session: str = "",
        keep: Callable[[Edit], None] | None = None,
        older: Callable[[int | None], Sequence[JournalEntry]] | None = None,
        clock: Clock | None = None,
        fence: int | None = None,
        read_only: str = "",
        lock: Lock | None = None,
    ) -> None:
        self.person = person
        self.session = session or new_token()
        self.clock: Clock = clock or SystemClock()
        self.fence = fence
        self._keep = keep
        self.older = older
        self._history = History(person, older)
        self._kept = opened.document
        self._followed = opened.seq
        self._pending: list[_Waiting] = []
        self._worn: list[object] = []
        """Tracks that nobody needs any more: freeing thousands of them takes longer than a key may."""
        self._listeners: list[Listener] = []
        self._last_patch = Patch()
        view, selection = view_from_mapping(opened.view, View(unit=opened.task.units[0].id))
        alive = tuple(i for i in selection if i in opened.document.instances)
        self._state = TaskState(
            project=project,
            task=opened.task,
            document=opened.document,
            views={MAIN: valid_view(view, opened.task)},
            selection=alive,
            durability=Durability(seq=opened.seq),
            read_only=read_only,
            lock=lock or Lock(held=Held.UNASKED if read_only else Held.HERE),
        )

    @property
    def state(self) -> TaskState:
        """Return the state now."""
        return self._state

    @property
    def kept_document(self) -> tuple[LabelDocument, int]:
        """Return the task as it is on disk, and the last journal entry in it."""
        return self._kept, self._state.durability.seq

    @property
    def followed(self) -> int:
        """Return up to which journal entry, without a gap, the state holds everything."""
        return self._followed

    @property
    def last_patch(self) -> Patch:
        """Return what was applied last; empty when nothing was."""
        return self._last_patch

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(old, new)` after each change; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # --- what is not part of the document --------------------------------------------------------

    def set(self, **changes: Any) -> None:
        """Change fields of the state other than the document: `set(selection=…, mode=…)`."""
        assert not changes.keys() & {"document", "durability"}, "documents change by patches"
        self._put(replace(self._state, **changes))

    def set_view(self, name: str = "", **changes: Any) -> None:
        """Change fields of a view: `set_view(frame=7)`; of the active one without a name."""
        name = name or self._state.active
        view = valid_view(replace(self._state.views[name], **changes), self._state.task)
        if view != self._state.views[name]:
            self._put(replace(self._state, views={**self._state.views, name: view}))

    def go(self, unit: UnitId, frame: int) -> None:
        """Show a frame, in the window that is for its data unit; indices beyond the ends show the first or last one."""
        window = None if unit == self._state.view.unit else self._state.windows.of_unit(unit)
        if window is not None and window.view != self._state.active:
            self._put(replace(self._state, active=window.view))
        self.set_view(unit=unit, frame=frame)

    def select(self, *instances: InstanceId) -> None:
        """Select instances; the last one is the one that keys act on. Those that are gone are left out."""
        selection = tuple(i for i in instances if i in self._state.document.instances)
        if selection != self._state.selection:
            self._put(replace(self._state, selection=selection))

    # --- the document ----------------------------------------------------------------------------

    def apply(self, patch: Patch, command: str, kind: EntryKind = EntryKind.EDIT) -> None:
        """Do a patch and hand it on to be kept; an empty one does nothing.

        Raises:
            Refused: the task is read-only here.
            PatchMismatch: the patch was made for another document.
        """
        if patch:
            self._do(patch, command, kind, "")

    def apply_steps(self, patch: Patch, command: str, kind: EntryKind = EntryKind.EDIT) -> Generator[float]:
        """Do a patch as `apply` does, a few milliseconds a step: all of it happens at the last one.

        Yields:
            The share that is done, 0..1.

        Raises:
            Refused: the task is read-only here.
            PatchMismatch: the patch was made for another document.
        """
        if patch:
            yield from self._do_steps(patch, command, kind, "")

    def take_back_steps(self, what: TakeBack, command: str) -> Generator[float]:
        """Take entries of the journal back, as one step that `redo` brings back; a few milliseconds a step."""
        if what.patch:
            yield from self._do_steps(what.patch, command, what.kind, what.undoes)

    def undo(self) -> str:
        """Take back this person's last step; return its command id, empty when there is none."""
        return finished(self.undo_steps())

    def redo(self) -> str:
        """Bring back what was undone last; return its command id, empty when there is none."""
        return finished(self.redo_steps())

    def undo_steps(self) -> Generator[float, None, str]:
        """Take back this person's last step as `undo` does, a few milliseconds a step."""
        return self._back(self._history.next_undo(), EntryKind.UNDO)

    def redo_steps(self) -> Generator[float, None, str]:
        """Bring back what was undone last as `redo` does, a few milliseconds a step."""
        return self._back(self._history.next_redo(), EntryKind.REDO)

    def _back(self, step: Step | None, kind: EntryKind) -> Generator[float, None, str]:
        if step is None:
            return ""
        if is_small(step.patch):
            self._do(step.patch.inverse(), step.command, kind, step.idem)
            return step.command
        inverting = step.patch.inverse_steps()
        while True:
            try:
                next(inverting)
            except StopIteration as end:
                yield from self._do_steps(end.value, step.command, kind, step.idem)
                return step.command
            yield 0.0

    def can_undo(self) -> bool:
        """Return whether there is something to take back."""
        return self._history.next_undo() is not None

    def can_redo(self) -> bool:
        """Return whether there is something to bring back."""
        return self._history.next_redo() is not None

    def _do(self, patch: Patch, command: str, kind: EntryKind, undoes: str) -> None:
        self._check_writable(patch)
        self._keep_made(self._state.document.apply(patch), patch, command, kind, undoes)

    def _do_steps(self, patch: Patch, command: str, kind: EntryKind, undoes: str) -> Generator[float]:
        """Make the document beside the one that is shown; when that changed meanwhile, make it again of the new one."""
        while True:
            self._check_writable(patch)
            before = self._state.document
            replaced = yield from tracks_replaced(before, patch)
            document = yield from before.apply_steps(patch)
            yield from self._made_ready(document)
            if self._state.document is before:
                break
        self._check_writable(patch)
        self._keep_made(document, patch, command, kind, undoes, replaced)

    def _made_ready(self, document: LabelDocument) -> Generator[float]:
        """Have what lists ask of a document worked out before it is shown."""
        for _ in selectors.made_ready(replace(self._state, document=document)):
            yield 1.0

    def _check_writable(self, patch: Patch) -> None:
        if self._state.read_only:
            raise Refused(f"nothing can be changed here: {self._state.read_only}")
        if self._state.windows.windows:
            from tui_editor.state.windows import check_fixed

            check_fixed(self._state, patch)

    def _keep_made(
        self,
        document: LabelDocument,
        patch: Patch,
        command: str,
        kind: EntryKind,
        undoes: str,
        replaced: Sequence[object] = (),
    ) -> None:
        """Show a document that a patch made, and hand the patch on to be kept."""
        edit = Edit(
            task=self._state.task.id,
            patch=patch,
            person=self.person,
            session=self.session,
            command=command,
            at_ms=self.clock.now_ms(),
            idem=new_token(),
            kind=kind,
            undoes=undoes,
            fence=self.fence,
            view=self.where(),
        )
        if undoes:
            self._history.mark(undoes, undone=True)
        self._history.push(Step(idem=edit.idem, kind=kind, patch=patch, command=command))
        self._pending.append(_Waiting(edit, document, replaced))
        self._last_patch = patch
        selection = tuple(i for i in self._state.selection if i in document.instances)
        durability = replace(self._state.durability, pending=len(self._pending), problem="")
        self._put(replace(self._state, document=document, selection=selection, preview=None, durability=durability))
        if self._keep is None:
            self.kept(edit.idem, self._state.durability.seq + 1)
        else:
            self._keep(edit)

    def where(self) -> dict[str, Any]:
        """Return where the person is, as the store keeps it for the next opening."""
        return view_to_mapping(self._state.view, self._state.selection)

    # --- answers of the store --------------------------------------------------------------------

    def kept(self, idem: str, seq: int) -> None:
        """Note that an edit is on disk as journal entry `seq`."""
        found = next((w for w in self._pending if w.edit.idem == idem), None)
        if found is None:
            return
        oldest = self._pending[0] is found
        self._pending.remove(found)
        self._worn += found.replaced
        self._kept = found.document if oldest else self._kept.apply(found.edit.patch)
        newest = max(seq, self._state.durability.seq)
        if seq == self._followed + 1:
            self._followed = seq
        self._put(replace(self._state, durability=Durability(pending=len(self._pending), seq=newest)))

    def refused(self, idem: str, why: Exception) -> None:
        """Roll back an edit that the store did not keep, and those that were built on it."""
        lost = next((w for w in self._pending if w.edit.idem == idem), None)
        if lost is None:
            return
        self._pending.remove(lost)
        self._forget(lost.edit)
        self._rebuild(str(why))

    def receive(self, seq: int, patch: Patch | None) -> None:
        """Take in what another window did, None for an entry of this one; own edits that wait are laid over it.

        Raises:
            PatchMismatch: it was made for another document; nothing is taken in.
        """
        if patch is not None:
            self._kept = self._kept.apply(patch)
            self._rebuild(self._state.durability.problem, seq)
        self._followed = max(self._followed, seq)

    def reload(self, opened: OpenedTask) -> None:
        """Take in the task as it was read from disk; own edits that wait are laid over it."""
        self._kept, self._followed = opened.document, opened.seq
        self._rebuild(self._state.durability.problem, opened.seq)

    def regain(self, fence: int) -> None:
        """Go on with a lock of that fence; steps that this person did in another window meanwhile can be taken back."""
        self.fence = fence
        if self._state.lock.held is not Held.LOOKING:
            self._history = History(self.person, self.older)
        self.set(read_only="", lock=Lock())

    def _forget(self, edit: Edit) -> None:
        self._history.drop(edit.idem)
        if edit.undoes:
            self._history.mark(edit.undoes, undone=False)

    def _rebuild(self, problem: str, seq: int = 0) -> None:
        """Lay the edits that wait over what is kept; those that no longer fit will be refused as well."""
        document, waiting = self._kept, []
        for edit, *_ in self._pending:
            try:
                document = document.apply(edit.patch)
                waiting.append(_Waiting(edit, document))
            except PatchMismatch as error:
                self._forget(edit)
                problem = problem or str(error)
        self._pending = waiting
        selection = tuple(i for i in self._state.selection if i in document.instances)
        newest = max(seq, self._state.durability.seq)
        durability = Durability(pending=len(waiting), seq=newest, problem=problem)
        preview = _fitting(self._state.preview, document)
        state = replace(self._state, document=document, selection=selection, preview=preview, durability=durability)
        self._put(state)

    def _put(self, state: TaskState) -> None:
        old, self._state = self._state, state
        del self._worn[-WORN_AT_ONCE:]
        for listener in tuple(self._listeners):
            listener(old, state)


def _fitting(preview: Patch | None, document: LabelDocument) -> Patch | None:
    """Return what a gesture would do, None where that can't be done with a document any more."""
    try:
        return preview if preview is not None and document.apply(preview) is not None else None
    except PatchMismatch:
        return None
