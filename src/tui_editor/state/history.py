"""What can be undone and redone, rebuilt from the journal at each opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.ports import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.model.patch import Patch
    from tui_editor.ports import JournalEntry


_EVERYBODYS = frozenset({EntryKind.WORKFLOW, EntryKind.IMPORT})
"""What stops undo whoever did it."""


class Step(Struct, frozen=True, kw_only=True, eq=False):
    """One entry of a person's journal."""

    idem: str
    kind: EntryKind
    patch: Patch
    command: str
    undone: bool = False


class History:
    """A person's steps on one task, oldest first; older ones are fetched from the journal when they are needed.

    Undoing adds a step of its own, as the journal does, so that redo and a restart find the same thing.
    """

    def __init__(self, person: str, older: Callable[[int | None], Sequence[JournalEntry]] | None = None) -> None:
        self._person = person
        self._older = older
        self._oldest: int | None = None
        self._steps: list[Step] = []
        self._complete = older is None
        self._fetch()

    def push(self, step: Step) -> None:
        """Add a step that was just applied."""
        self._steps.append(step)

    def drop(self, idem: str) -> None:
        """Forget a step that the store refused; what it had taken back counts again."""
        for at, step in enumerate(self._steps):
            if step.idem == idem:
                del self._steps[at]
                return

    def mark(self, idems: str, *, undone: bool) -> None:
        """Say that steps were taken back, or that they were not after all; `idems` as in `ports.Edit.undoes`."""
        left = set(idems.split())
        for at in range(len(self._steps) - 1, -1, -1):
            if not left:
                return
            if self._steps[at].idem in left:
                left.discard(self._steps[at].idem)
                self._steps[at] = replace(self._steps[at], undone=undone)

    def next_undo(self) -> Step | None:
        """Return the step that undo takes back; None at the beginning or at a stage crossing."""
        while True:
            for step in reversed(self._steps):
                if step.kind in _EVERYBODYS and not step.undone:
                    return None
                if step.kind in {EntryKind.EDIT, EntryKind.REDO} and not step.undone:
                    return step
            if self._complete:
                return None
            self._fetch()

    def next_redo(self) -> Step | None:
        """Return the undo that redo takes back; None when something was edited since."""
        while True:
            for step in reversed(self._steps):
                if step.kind in {EntryKind.EDIT, EntryKind.WORKFLOW, EntryKind.IMPORT}:
                    return None
                if step.kind is EntryKind.UNDO and not step.undone:
                    return step
            if self._complete:
                return None
            self._fetch()

    def _fetch(self) -> None:
        if self._older is None or self._complete:
            return
        entries = self._older(self._oldest)
        if not entries:
            self._complete = True
            return
        self._oldest = entries[-1].seq
        mine = [_step(e) for e in reversed(entries) if e.person == self._person or e.kind in _EVERYBODYS]
        self._steps[:0] = mine


def _step(entry: JournalEntry) -> Step:
    return Step(idem=entry.idem, kind=entry.kind, patch=entry.patch, command=entry.command, undone=entry.undone)
