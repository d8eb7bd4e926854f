"""A project in a folder that may not be written to can be read, whole, and is left as it is."""

from __future__ import annotations

import gzip
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.storage.samples import ANN, edit, imported, moved, project
from tests.support.read_only import read_only
from tui_editor.errors import StoreCorrupt, StoreError, StoreMissing, StoreReadOnly, StoreTooNew
from tui_editor.model.ids import TaskId, UnitId
from tui_editor.model.project import TaskQuery
from tui_editor.storage.locate import create_store, open_store, store_file
from tui_editor.storage.replay import verify_journal
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.ports import ProjectStore

TASK = TaskId(11)
STORES = Path(__file__).with_name("stores")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of one task with one edit, which nobody has open."""
    made = tmp_path / "project"
    made.mkdir()
    store = create_store(made, project())
    store.add_tasks([imported()], "ann")
    move(store, 3, 9.5)
    store.close()
    store_file(made).with_name("ballast").unlink(missing_ok=True)
    return made


@pytest.fixture
def killed(folder: Path, tmp_path: Path) -> Path:
    """The project as a killed program leaves it, copied without the index of its log: the last edit is in the log."""
    store = open_store(folder, edits=True)
    move(store, 4, 8.5)
    copy = tmp_path / "killed"
    store_file(copy).parent.mkdir(parents=True)
    # By another process: that this one opens the files would drop its locks.
    path = store_file(folder)
    subprocess.run(["cp", path, f"{path}-wal", store_file(copy).parent], check=True)
    store.close()
    return copy


def move(store: ProjectStore, frame: int, x: float) -> None:
    opened = store.open(TASK)
    assert list(store.commit([edit(moved(opened.document, frame, x), view={"frame": frame})])) == [opened.seq + 1]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in store_file(folder).parent.iterdir())


def test_a_store_that_nobody_has_open_is_read_and_nothing_is_made_beside_it(folder: Path) -> None:
    before = names(folder)
    with read_only(folder) as view:
        store = open_store(view)

        assert store.read_only
        assert (store.project().name, [row.label_count for row in store.tasks(TaskQuery())]) == ("streets", [300])
        assert (store.open(TASK, "ann").seq, store.open(TASK, "ann").view) == (2, {"frame": 3})
        assert verify_journal(store, TASK) == 2
        assert (store.holder(TASK), store.last_task("ann"), store.check()) == (None, TASK, [])
        store.close()
    assert before == names(folder)


def test_the_edits_in_the_log_of_a_killed_program_are_read(killed: Path) -> None:
    before = names(killed)
    with read_only(killed) as view:
        store = open_store(view)

        assert (store.read_only, store.open(TASK, "ann").seq, store.open(TASK, "ann").view) == (True, 3, {"frame": 4})
        assert (verify_journal(store, TASK), store.check()) == (3, [])
        store.close()
    assert before == names(killed)


def test_a_log_in_which_nothing_was_written_yet_changes_nothing(folder: Path) -> None:
    log = store_file(folder).with_name("project.db-wal")
    log.write_bytes(bytes(1 << 20))
    with read_only(folder) as view:
        store = open_store(view)

        assert (store.open(TASK).seq, store.check()) == (2, [])
        store.close()
    assert log.stat().st_size == 1 << 20


def test_what_somebody_else_commits_meanwhile_is_seen(folder: Path) -> None:
    writer = open_store(folder)
    move(writer, 4, 8.5)
    with read_only(folder) as view:
        store = open_store(view)
        assert (store.read_only, store.open(TASK).seq) == (True, 3)
        before = store.version()

        move(writer, 5, 7.5)

        assert before != store.version()
        assert store.open(TASK).document.same(writer.open(TASK).document)
        store.close()
    writer.close()


WRITES: list[Callable[[ProjectStore], object]] = [
    lambda store: store.save_project(project()),
    lambda store: store.add_tasks([imported(12)], "ann"),
    lambda store: store.save_task(imported().task),
    lambda store: move(store, 7, 1.5),
    lambda store: store.acquire(TASK, ANN),
    lambda store: store.save_view(TASK, "ann", {"frame": 1}),
    lambda store: store.save_identities(UnitId(7), {}),
]


@pytest.mark.parametrize("write", WRITES)
def test_whatever_would_write_is_refused_and_says_what_to_do(
    folder: Path, write: Callable[[ProjectStore], object]
) -> None:
    content = store_file(folder).read_bytes()
    with read_only(folder) as view:
        store = open_store(view)

        with pytest.raises(StoreReadOnly, match=r"may only be read here.*copy it"):
            write(store)

        assert store.open(TASK).seq == 2
        store.close()
    assert content == store_file(folder).read_bytes()


def test_a_store_of_an_older_version_is_read_without_changing_it(tmp_path: Path) -> None:
    old = store_file(tmp_path / "old")
    old.parent.mkdir(parents=True)
    old.write_bytes(gzip.decompress((STORES / "v1.db.gz").read_bytes()))
    content = old.read_bytes()
    with read_only(tmp_path / "old") as view:
        store = open_store(view)

        assert verify_journal(store, TASK) == 4
        assert store.open(TASK, "ann").view == {"frame": 2}
        with pytest.raises(StoreReadOnly):
            move(store, 3, 1.5)
        store.close()
    assert (content, names(tmp_path / "old")) == (old.read_bytes(), ["project.db"])


# --- stores that are opened so on request --------------------------------------------------------


@pytest.fixture
def looking(folder: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(store_file(folder), read_only=True)
    yield store
    store.close()


def test_a_change_that_no_lock_tells_of_ends_the_reading(folder: Path, looking: SqliteStore) -> None:
    assert looking.open(TASK).seq == 2
    writer = open_store(folder)
    move(writer, 4, 8.5)
    writer.close()

    with pytest.raises(StoreError, match=r"changed while it was read.*open it again"):
        looking.open(TASK)


def test_a_store_that_may_be_written_to_is_not_opened_read_only(folder: Path) -> None:
    store = open_store(folder)

    assert not store.read_only
    store.close()


def test_a_project_that_is_not_there_is_missing_also_where_nothing_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with read_only(tmp_path / "empty") as view, pytest.raises(StoreMissing):
        open_store(view)


@pytest.mark.parametrize(
    ("content", "error"), [(b"", StoreCorrupt), (b"not a database, but longer than a header" * 9, StoreCorrupt)]
)
def test_a_file_that_is_no_store_is_refused(tmp_path: Path, content: bytes, error: type[StoreError]) -> None:
    path = tmp_path / "project.db"
    path.write_bytes(content)

    with pytest.raises(error):
        SqliteStore(path, read_only=True)


def test_a_store_of_a_later_version_is_refused(folder: Path) -> None:
    store = open_store(folder)
    store._db.db.pragma("user_version", 99)
    store.close()

    with pytest.raises(StoreTooNew, match="99"):
        SqliteStore(store_file(folder), read_only=True)


def test_a_log_that_goes_while_it_is_looked_at_makes_no_store_read_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = store_file(folder).with_name("project.db-wal")
    log.touch()
    access = os.access

    def gone(path: str | Path, mode: int) -> bool:
        log.unlink(missing_ok=True)  # as whoever closes the store last does
        return access(path, mode)

    monkeypatch.setattr(os, "access", gone)
    store = open_store(folder)
    monkeypatch.undo()
    assert not store.read_only
    store.close()
