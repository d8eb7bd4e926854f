"""SQLite shared with other windows and processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.storage.samples import HERE, FakeClock, edit, imported, moved, project
from tui_editor.errors import PatchMismatch, StoreError
from tui_editor.model.ids import TaskId
from tui_editor.storage.sqlite import files
from tui_editor.storage.sqlite.files import LOG_ROOM_BYTES
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


# --- other windows and processes -----------------------------------------------------------------


def test_the_version_changes_when_another_window_writes(store: SqliteStore, path: Path) -> None:
    before = store.version()
    now = store.open(TASK).document
    store.commit([edit(moved(now, 3, 1.5))])
    assert before == store.version()
    second = other(path)

    second.commit([edit(moved(second.open(TASK).document, 4, 1.5))])

    assert before != store.version()
    second.close()


def test_an_edit_made_for_an_older_state_is_refused_across_windows(store: SqliteStore, path: Path) -> None:
    seen = store.open(TASK).document
    second = other(path)
    second.commit([edit(moved(seen, 3, 1.5))])

    (answer,) = store.commit([edit(moved(seen, 3, 2.5))])

    assert isinstance(answer, PatchMismatch)
    second.close()


def test_two_processes_that_write_at_once_lose_nothing(store: SqliteStore, path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from tests.storage.samples import *\n"
        "from tui_editor.storage.sqlite.store import SqliteStore\n"
        "s = SqliteStore(pathlib.Path(sys.argv[1]), ballast=0)\n"
        "key = TaskId(int(sys.argv[2]))\n"
        "now = s.open(key).document\n"
        "for i in range(60):\n"
        "    p = moved(now, i, i + 0.5)\n"
        "    now = now.apply(p)\n"
        "    assert s.commit([edit(p, key=key)]) == [i + 2]\n"
    )
    store.add_tasks([imported(12)], "ann")

    running = [subprocess.Popen([sys.executable, "-c", program, str(path), str(key)]) for key in (11, 12)]

    assert [p.wait(60) for p in running] == [0, 0]
    assert [store.open(TaskId(key)).seq for key in (11, 12)] == [61, 61]
    assert store.check() == []


def test_a_forked_process_may_not_use_its_parents_store(store: SqliteStore) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            store.save_project(project())
        except StoreError:
            os._exit(7)
        os._exit(1)

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_commits_write_over_a_log_that_has_its_length_already(store: SqliteStore, path: Path) -> None:
    log = path.with_name("project.db-wal")
    now = store.open(TASK).document
    window = SqliteStore(path, ballast=0, edits=True)
    size = log.stat().st_size
    assert size >= LOG_ROOM_BYTES

    for frame in range(20):
        patch = moved(now, frame, frame + 0.5)
        now = now.apply(patch)
        assert list(window.commit([edit(patch)])) == [frame + 2]

    assert log.stat().st_size == size
    window.close()
    assert store.open(TASK).document.same(now)
    assert store.check() == []


def test_a_log_with_room_is_read_after_a_crash(store: SqliteStore, path: Path, tmp_path: Path) -> None:
    window = SqliteStore(path, ballast=0, edits=True)
    patch = moved(store.open(TASK).document, 3, 1.5)
    assert list(window.commit([edit(patch)])) == [2]
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    # By another process: that this one opens the files would drop its locks.
    subprocess.run(["cp", path, f"{path}-wal", crashed], check=True)
    window.close()

    again = other(crashed / path.name)

    assert (again.open(TASK).seq, again.check()) == (2, [])
    again.close()


def test_a_disk_without_much_space_gets_no_longer_log(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "has_room", lambda *_: False)

    store = SqliteStore(path, project(), ballast=0, edits=True)

    assert path.with_name("project.db-wal").stat().st_size < LOG_ROOM_BYTES
    store.close()
