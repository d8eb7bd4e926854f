"""The History pane: what was done in the task, by whom and when, the newest first; Enter takes an entry back."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from tui_editor.ui.widgets.rows import DIM, PLAIN, Line, NoRows, RowSource, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.commands.context import Choice
    from tui_editor.model.ids import TaskId
    from tui_editor.ports import JournalEntry, ProjectStore
    from tui_editor.state.store import TaskState
    from tui_editor.ui.store_thread import StoreThread

MOST_ENTRIES: Final = 100
"""Entries that are listed; the log of ‹history.log› and of the command line go on."""
PAGE: Final = 50


class HistoryRows:
    """A line for each entry of the journal."""

    def __init__(self, entries: Sequence[Choice]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def key(self, index: int) -> int:
        """Return the entry's sequence number."""
        return int(self._entries[index].value)

    def line(self, index: int) -> Line:
        """Return when, who and what; and what it changed, or why it can't be taken back."""
        entry = self._entries[index]
        return (
            text(f"{entry.label} ", DIM if entry.disabled else PLAIN),
            text(entry.disabled or entry.hint, DIM),
        )


class HistoryPane(VirtualList):
    """Lists what was done; Enter takes an entry back, after a look."""

    BORDER_TITLE = "History"

    def __init__(self, id: str) -> None:  # noqa: A002  Textual's name for it
        super().__init__(id=id)
        self._shown: tuple[TaskId, int | None] | None = None

    def follow(self, state: TaskState, thread: StoreThread) -> None:
        """List the task's entries anew where some came since they were listed; the store is asked on a thread."""
        task, kept = state.task.id, state.durability
        if not kept.kept or self._shown == (task, kept.seq):
            return
        self._shown = task, kept.seq
        thread.ask("history", lambda store: _newest(store, state), self._show)

    def _show(self, entries: tuple[Choice, ...]) -> None:
        at = self.cursor
        rows: RowSource = HistoryRows(entries) if entries else NoRows("nothing was done since the import")
        self.rows = rows
        self.cursor = min(at, len(entries) - 1) if at is not None and entries else None


def _newest(store: ProjectStore, state: TaskState) -> tuple[Choice, ...]:
    from tui_editor.commands.log import choice_of
    from tui_editor.state.taking_back import since_import

    def older(before: int | None) -> Sequence[JournalEntry]:
        return store.recent(state.task.id, before, PAGE)

    return tuple(choice_of(entry, state) for entry in islice(since_import(older), MOST_ENTRIES))
