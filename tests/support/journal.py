"""A journal in memory, as far as the state layer sees one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, FixedClock, document
from tui_editor.ports import EntryKind, JournalEntry, OpenedTask
from tui_editor.state.store import TaskStore

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.ports import Edit


class Journal:
    """Keeps edits and what they make of a document; opens task stores upon it.

    Args:
        text: The document at the beginning, as `doctext` reads it.
        page: How many entries one look at the past brings.
    """

    def __init__(self, text: str, page: int = 3) -> None:
        self.document: LabelDocument = document(text)
        self.entries: list[JournalEntry] = []
        self.page = page
        self.clock = FixedClock()

    def keep(self, edit: Edit) -> int:
        """Write an edit down; return its number."""
        self.document = self.document.apply(edit.patch)
        undone = [e for e in self.entries if e.idem in edit.undoes.split()]
        for entry in undone:
            self.entries[entry.seq - 1] = replace(entry, undone=True)
        seq = len(self.entries) + 1
        self.entries.append(
            JournalEntry(
                task=edit.task,
                seq=seq,
                kind=edit.kind,
                patch=edit.patch,
                person=edit.person,
                session=edit.session,
                command=edit.command,
                at_ms=edit.at_ms,
                idem=edit.idem,
                undoes=undone[-1].seq if undone else None,
            )
        )
        return seq

    def recent(self, before: int | None) -> list[JournalEntry]:
        """Return a page of entries, newest first."""
        older = self.entries[: None if before is None else before - 1]
        return older[::-1][: self.page]

    def open(self, person: str = "me") -> TaskStore:
        """Return a new window on the task, whose edits are kept at once."""
        opened = OpenedTask(task=TASK, document=self.document, seq=len(self.entries), view={})

        def keep(edit: Edit) -> None:
            store.kept(edit.idem, self.keep(edit))

        store = TaskStore(opened, PROJECT, person=person, keep=keep, older=self.recent, clock=self.clock)
        return store

    def imported(self) -> None:
        """Write the entry of an import by somebody else."""
        self.entries.append(replace(self.entries[-1], seq=len(self.entries) + 1, kind=EntryKind.IMPORT, person="them"))
