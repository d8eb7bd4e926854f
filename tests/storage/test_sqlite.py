"""What is particular to the SQLite engine: its file, its disk, other processes."""

from __future__ import annotations

import gzip
import os
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest
from msgspec.structs import replace

from tests.storage.samples import ANN, BO, HERE, FakeClock, document, edit, imported, moved, project, task
from tui_editor.errors import StoreCorrupt, StoreError, StoreFull, StoreMissing, StoreTooNew
from tui_editor.model.codec import encode_value
from tui_editor.model.ids import TaskId
from tui_editor.model.project import TaskQuery
from tui_editor.ports import ImportedTask
from tui_editor.storage import host
from tui_editor.storage.replay import verify_journal
from tui_editor.storage.sqlite import journal, views
from tui_editor.storage.sqlite.connection import Connection
from tui_editor.storage.sqlite.schema import APPLICATION_ID, MIGRATIONS
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Iterator

TASK = TaskId(11)
STORES = Path(__file__).with_name("stores")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder / "project.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(path, project(), now=FakeClock(), here=HERE, ballast=0)
    made.add_tasks([imported()], "ann")
    yield made
    made.close()


def other(path: Path) -> SqliteStore:
    """Return what another window opens."""
    return SqliteStore(path, now=FakeClock(), here=HERE, ballast=0)


def test_commits_are_synced_and_the_journal_is_a_log_ahead(store: SqliteStore) -> None:
    pragma = store._db.db.pragma

    assert (pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")) == ("wal", 2, 1)


def test_a_project_is_not_made_over_another(store: SqliteStore, path: Path) -> None:
    with pytest.raises(StoreError, match="already"):
        SqliteStore(path, project())


def test_a_store_that_is_not_there_is_named_missing(path: Path) -> None:
    with pytest.raises(StoreMissing):
        SqliteStore(path)
    assert not path.exists()


def test_a_store_of_a_later_version_is_refused(store: SqliteStore, path: Path) -> None:
    store._db.db.pragma("user_version", 99)
    store.close()

    with pytest.raises(StoreTooNew, match="99"):
        other(path)


@pytest.mark.parametrize("content", [b"not a database, but longer than a header of 100 bytes" * 9, b"short"])
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(StoreCorrupt):
        SqliteStore(path)
    assert content == path.read_bytes()


def test_a_foreign_database_is_refused_and_left_alone(path: Path) -> None:
    foreign = apsw.Connection(str(path))
    foreign.execute("create table t (x)")
    foreign.close()
    before = path.read_bytes()

    with pytest.raises(StoreCorrupt, match="not a project"):
        SqliteStore(path)
    assert before == path.read_bytes()


# --- migrations ----------------------------------------------------------------------------------


def test_an_older_store_is_brought_up_to_date_after_a_backup(store: SqliteStore, path: Path) -> None:
    store.close()

    newer = Connection(path, migrations=[*MIGRATIONS, "create table later (x)"], ballast=0)

    assert newer.db.pragma("user_version") == len(MIGRATIONS) + 1
    assert newer.one("select count(*) from later") == (0,)
    newer.close()
    (backup,) = path.parent.glob(f"project.v{len(MIGRATIONS)}.*.db")
    old = SqliteStore(backup)
    assert old.open(TASK).document.same(document())
    old.close()


def test_a_store_of_version_1_keeps_its_labels_journal_and_places(path: Path) -> None:
    # Made by the program of then: two tasks, three edits of the first by ann, places of ann and bo.
    path.write_bytes(gzip.decompress((STORES / "v1.db.gz").read_bytes()))

    store = other(path)

    assert store._db.db.pragma("user_version") == len(MIGRATIONS)
    assert verify_journal(store, TASK) == 4
    assert [store.open(TASK, person).view for person in ("ann", "bo")] == [{"frame": 2}, {"frame": 9}]
    assert store.last_task("ann") == TaskId(12)
    moved_on = edit(moved(store.open(TASK).document, 3, 9.5), view={"frame": 3})
    assert list(store.commit([moved_on])) == [5]
    assert store.open(TASK, "ann").view == {"frame": 3}
    assert store.tasks(TaskQuery())[0].label_count == 300
    assert store.check() == []
    store.close()


def test_a_migration_that_fails_leaves_the_store_as_it_was(store: SqliteStore, path: Path) -> None:
    store.close()

    with pytest.raises(StoreError):
        Connection(path, migrations=[*MIGRATIONS, "create table later (x); nonsense"], ballast=0)

    again = other(path)
    assert again._db.db.pragma("user_version") == len(MIGRATIONS)
    assert again._db.one("select count(*) from sqlite_schema where name = 'later'") == (0,)
    again.close()


def test_the_file_tells_whose_it_is(store: SqliteStore) -> None:
    assert store._db.db.pragma("application_id") == APPLICATION_ID
    assert store._db.one("select length(value) from meta where key = 'store_id'") == (32,)


# --- the file under us ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["project.db", "project.db-wal"])
def test_a_file_that_was_moved_away_is_not_written_to(store: SqliteStore, path: Path, name: str) -> None:
    now = store.open(TASK).document
    (path.parent / name).rename(path.parent / "elsewhere")

    with pytest.raises(StoreCorrupt, match="replaced or moved"):
        store.commit([edit(moved(now, 3, 1.5))])


@pytest.mark.parametrize("name", ["project.db", "project.db-wal", "."])
def test_what_is_moved_away_later_is_noticed_too(store: SqliteStore, path: Path, name: str) -> None:
    now = store.open(TASK).document
    os.utime(path.parent, (1_000_000_000, 1_000_000_000))  # nothing came or went in the folder for long
    first = moved(now, 3, 1.5)
    assert list(store.commit([edit(first)])) == [2]
    (path.parent / name).resolve().rename(path.parent.parent / "elsewhere")

    with pytest.raises(StoreCorrupt, match="replaced or moved"):
        store.commit([edit(moved(now.apply(first), 4, 1.5))])


def test_what_comes_and_goes_beside_the_store_hinders_nothing(store: SqliteStore, path: Path) -> None:
    now = store.open(TASK).document
    for number in range(3):
        (path.parent / f"file-{number}").touch()
        patch = moved(now, number, 1.5)
        now = now.apply(patch)

        assert list(store.commit([edit(patch)])) == [number + 2]


def test_a_full_disk_refuses_the_edit_and_keeps_the_rest(store: SqliteStore) -> None:
    now = store.open(TASK).document
    db = store._db.db
    db.pragma("max_page_count", db.pragma("page_count"))
    fits = [edit(moved(now, 3, 1.5))]
    huge = edit(moved(now, 4, 1.5), view={"note": "x" * 500_000})

    with pytest.raises(StoreFull):
        store.commit([*fits, huge])
    db.pragma("max_page_count", 10_000_000)

    assert store.open(TASK).document.same(now)
    assert list(store.commit([*fits, huge])) == [2, 3]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_named(store: SqliteStore, path: Path) -> None:
    store.close()
    path.parent.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="can't be written"):
            other(path)
    finally:
        path.parent.chmod(0o700)


def test_damaged_labels_refuse_the_opening_with_our_error(store: SqliteStore) -> None:
    store._db.db.execute("update chunk set data = x'0001'")

    with pytest.raises(StoreCorrupt):
        store.open(TASK)


def test_a_damaged_page_is_named(store: SqliteStore, path: Path) -> None:
    store.close()
    data = bytearray(path.read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)

    with pytest.raises(StoreCorrupt, match="damaged"):
        other(path).tasks(TaskQuery())


def test_a_backup_is_whole_while_the_store_is_open(store: SqliteStore, path: Path) -> None:
    now = store.open(TASK).document
    patch = moved(now, 3, 1.5)
    store.commit([edit(patch)])

    store.backup(path.with_name("copy.db"))

    assert not path.with_name("copy.db.part").exists()
    copy = SqliteStore(path.with_name("copy.db"), ballast=0)
    assert copy.open(TASK).document.same(now.apply(patch))
    copy.close()


def test_nothing_but_the_sqlite_of_the_store_opens_the_file(store: SqliteStore) -> None:
    # Closing any other descriptor of the file in this process would drop SQLite's locks on it.
    store.commit([edit(moved(store.open(TASK).document, 3, 1.5))])
    names = [os.path.realpath(fd) for fd in Path("/proc/self/fd").iterdir()]

    assert names.count(str(store.path)) == 1


def test_a_folder_on_a_network_file_system_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "file_system", lambda _path: "nfs4")

    with pytest.raises(StoreError, match="network"):
        SqliteStore(path, project())


# --- speed by design -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        TaskQuery(),
        TaskQuery(stage="review"),
        TaskQuery(stage="review", state="new"),
        TaskQuery(assignee="bo"),
        TaskQuery(has_issues=True),
    ],
)
def test_a_page_of_the_queue_is_a_walk_along_an_index(store: SqliteStore, query: TaskQuery) -> None:
    plans: list[str] = []
    db = store._db.db
    first = store.tasks(TaskQuery())[0]
    statements: list[str] = []

    def note(_cursor: object, sql: str, _values: object) -> bool:
        statements.append(sql)
        return True

    db.set_exec_trace(note)
    store.tasks(TaskQuery(**{f: getattr(query, f) for f in ("stage", "state", "assignee", "has_issues")}, after=first))
    db.set_exec_trace(None)
    for sql in statements:
        if sql.startswith("select"):
            plans += [row[3] for row in db.execute(f"explain query plan {sql}", (0,) * sql.count("?"))]

    ways = [p for p in plans if p.startswith(("SCAN", "SEARCH"))]
    assert ways
    # The primary key leads to the last entry of each row's journal.
    assert all(re.search(r"USING (COVERING )?INDEX|SEARCH journal USING INTEGER PRIMARY KEY", p) for p in ways), plans
    assert not any("TEMP B-TREE" in p for p in plans), plans


def test_tasks_are_added_as_they_come(store: SqliteStore) -> None:
    alive: list[int] = []
    made = 0

    def tasks() -> Iterator[ImportedTask]:
        nonlocal made
        for key in range(100, 120):
            made += 1
            yield ImportedTask(task=task(key), document=document(range(3)))

    assert store.add_tasks(tasks(), "ann", lambda done: alive.append(made - done)) == 20
    assert set(alive) == {0}


def test_the_standard_library_reads_the_file_too(store: SqliteStore, path: Path) -> None:
    store.close()

    reader = sqlite3.connect(path)
    assert reader.execute("select sum(n) from chunk").fetchone() == (300,)
    reader.close()


def test_the_view_and_lease_of_one_person_do_not_disturb_another(store: SqliteStore) -> None:
    lease = store.acquire(TASK, ANN)
    store.save_view(TASK, "bo", {"frame": 1})

    assert store.holder(TASK) == lease


def test_a_place_is_found_behind_more_edits_of_somebody_else_than_are_looked_through(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_LOOKED_AT", 3)
    now = store.open(TASK).document
    store.commit([edit(moved(now, 1, 9.5), ANN, view={"frame": 1})])
    store.commit([edit(moved(now, frame, 9.5), BO, view={"frame": frame}) for frame in range(2, 9)])

    assert [dict(store.open(TASK, person).view) for person in ("ann", "bo")] == [{"frame": 1}, {"frame": 8}]


def test_a_journal_of_several_pages_has_every_entry(store: SqliteStore) -> None:
    now, made, count = store.open(TASK).document, [], 2 * journal.PAGE
    for number in range(count):
        made.append(edit(moved(now, number % 7, number + 0.5)))
        now = now.apply(made[-1].patch)
    store.commit(made)

    assert [entry.seq for entry in store.journal(TASK)] == list(range(1, count + 2))


def test_an_older_store_is_searched_filtered_and_counted_like_a_new_one(path: Path) -> None:
    old = Connection(path, create=True, migrations=MIGRATIONS[:2], ballast=0)
    values = ("video", 9, 0, 0)
    described = replace(task(), units=(replace(task().units[0], metadata={"City": "Bonn"}),))
    with old.writing():
        old.do("insert into project values (1, ?)", (encode_value(project()),))
        old.do(
            """insert into task (num, id, title, folded, stage, state, assignee, author, reviewer, rank, kind,
            frame_count, label_count, issue_count)
            values (1, 11, 'Clip', 'clip', 'annotate', 'new', '', '', '', 0, ?, ?, ?, ?)""",
            values,
        )
        old.do("insert into task_body values (1, ?)", (encode_value(described),))
    old.close()

    store = SqliteStore(path, ballast=0)

    for query in (TaskQuery(), TaskQuery(text="lip"), TaskQuery(metadata=(("City", "bonn"),)), TaskQuery(open_to="x")):
        assert [row.id for row in store.tasks(query)] == [11]
        assert store.count(query) == {("annotate", "new"): 1}
    store.close()
