"""What a SQLite store holds, row by row: two ways of filling one are compared by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui_editor.storage.sqlite.store import SqliteStore

_TABLES = {
    "task": "*",
    "task_body": "*",
    "instance": "*",
    # without the id: where a row lies among the others says nothing
    "chunk": "task, unit, instance, piece, kind, first, last, n, data",
    "ordinal": "*",
    "issue": "*",
    "decision": "*",
    "journal": "*",
    "lease": "*",
    "view": "*",
    "identity": "*",
}


def tables(store: SqliteStore) -> dict[str, list[tuple[Any, ...]]]:
    """Return the sorted rows of every table that tells of tasks."""
    db = store._db
    return {name: sorted(db.run(f"select {columns} from {name}")) for name, columns in _TABLES.items()}
