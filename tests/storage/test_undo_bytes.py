"""What an undo leaves in the project file: every byte of the labels is as before the edit."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.storage.samples import ANN, HERE, FakeClock, edit, imported, project
from tests.support import strategies as some
from tui_editor.model.ids import TaskId
from tui_editor.ports import EntryKind
from tui_editor.storage.sqlite.store import SqliteStore

TASK = TaskId(11)


def content(store: SqliteStore) -> dict[str, list[Any]]:
    """Return all rows of the tables that hold labels."""
    names = ("instance", "chunk", "issue", "decision")
    return {name: sorted(store._db.db.execute(f"select * from {name}"), key=repr) for name in names}


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_an_edit_and_its_undo_leave_every_byte_of_the_labels_as_it_was(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "project.db"
        store = SqliteStore(path, project(), now=FakeClock(), here=HERE, ballast=0)
        try:
            store.add_tasks([imported()], "ann")
            document = store.open(TASK).document
            for _ in range(data.draw(st.integers(1, 3))):
                before = content(store)
                patch = data.draw(some.patches(document, most=3))
                done = edit(patch, ANN)
                store.commit([done])
                store.commit([edit(patch.inverse(), ANN, kind=EntryKind.UNDO, undoes=done.idem)])
                assert content(store) == before
        finally:
            store.close()
