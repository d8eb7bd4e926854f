"""The room that is held back for a full disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apsw
import pytest

from tests.storage.engine import TASK
from tests.storage.samples import imported, project
from tui_editor.errors import StoreFull
from tui_editor.storage.sqlite import files
from tui_editor.storage.sqlite.connection import Connection
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "project.db"


def test_on_a_full_disk_the_ballast_is_given_up_to_open_the_project_and_without_one_that_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteStore(path, project(), ballast=4096).close()
    room = path.with_name("ballast")
    prepare = Connection._prepare

    def without_room(connection: Connection, *given: Any, **more: Any) -> None:
        if room.exists() or not roomy:
            raise apsw.IOError("disk I/O error")
        prepare(connection, *given, **more)

    roomy = True
    monkeypatch.setattr(Connection, "_prepare", without_room)
    monkeypatch.setattr(files, "is_full", lambda _: room.exists() or not roomy)
    SqliteStore(path, ballast=0).close()
    assert not room.exists()
    roomy = False
    with pytest.raises(StoreFull, match=r"the disk is full, the project can't be used \(make room\)"):
        SqliteStore(path)


def test_the_ballast_is_given_up_when_the_disk_is_full(path: Path) -> None:
    store = SqliteStore(path, project(), ballast=4096)
    store.add_tasks([imported()], "ann")
    ballast = path.with_name("ballast")
    assert ballast.stat().st_size == 4096
    db = store._db.db
    db.pragma("max_page_count", db.pragma("page_count"))

    with pytest.raises(StoreFull):
        store.save_view(TASK, "ann", {"note": "x" * 500_000})

    assert not ballast.exists()
    store.close()
