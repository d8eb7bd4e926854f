"""A project's store: its SQLite file with bytes changed, or values in its rows; and the file of refused edits."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.label_files import encord_seeds
from tests.fuzz.mutations import INTEGERS, bytes_mutated, fields_mutated, json_mutated
from tests.fuzz.target import Target
from tests.storage import samples
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

_AS_SQL: tuple[object, ...] = (None, "", "\x1b[2J", "x" * 5000, b"", b"\xff" * 40, 1e308, float("inf"), *INTEGERS[:-1])


@cache
def project_file() -> bytes:
    """Return the store of a small project with labels, answers, issues, a journal, a lease, a view and proofs."""
    from tui_editor.model.frames import FrameIdentity
    from tui_editor.storage.sqlite.store import SqliteStore

    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder, "project.db"), samples.project())
        first = samples.imported()
        (shapes,) = read_encord()
        store.add_tasks([ImportedTask(task=first.task, document=samples.document(issues=3)), shapes], "tester")
        store.acquire(first.task.id, samples.ANN)
        now = store.open(first.task.id).document
        store.commit([samples.edit(samples.moved(now, 3, 9.0))])
        store.save_view(first.task.id, "tester", {"frame": 1, "zoom": 2.0})
        store.save_identities(samples.UNIT, {3: FrameIdentity(algorithm="planes-blake2b", digest="ab" * 16, pts=3)})
        store.backup(Path(folder, "copy.db"))
        store.close()
        return Path(folder, "copy.db").read_bytes()


def read_encord() -> list[ImportedTask]:
    """Return a task with every kind of shape and answer."""
    from tui_editor.formats.registry import registry
    from tui_editor.ports import ImportOptions

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "export.json")
        file.write_bytes(encord_seeds()[-1 if len(encord_seeds()) == 1 else 1])
        return list(registry().get("encord").read(file, ImportOptions(root="data")).tasks())[:1]


@cache
def spooled() -> bytes:
    """Return a file of refused edits."""
    from tui_editor.storage.spool import Spool

    with tempfile.TemporaryDirectory() as folder:
        spool = Spool("sitting", Path(folder))
        for x in (1.0, 2.0):
            spool.add(samples.edit(samples.moved(samples.document(range(9)), 3, x)), ValueError("refused"))
        return spool.path.read_bytes()


def store_bytes(chance: Random, folder: Path) -> Path:
    """Write a store whose bytes are changed, sometimes with a log beside it."""
    return _project(folder, fields_mutated(project_file(), chance), chance)


def store_rows(chance: Random, folder: Path) -> Path:
    """Write a store of which some values are changed, which SQLite finds sound."""
    made = _project(folder, project_file(), chance)
    with closing(sqlite3.connect(made / ".tui-editor" / "project.db")) as db, suppress(sqlite3.Error):
        tables = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
        for _ in range(chance.randint(1, 3)):
            with suppress(sqlite3.Error):
                _change(db, chance.choice(tables), chance)
        db.commit()
    return made


def _change(db: sqlite3.Connection, table: str, chance: Random) -> None:
    columns = [row[1] for row in db.execute(f"pragma table_info({table})")]
    count = db.execute(f"select count(*) from {table}").fetchone()[0]
    column, at = chance.choice(columns), chance.randrange(count) if count else 0
    keys = [row[1] for row in db.execute(f"pragma table_info({table})") if row[5]] or ["rowid"]
    key = db.execute(f"select {', '.join(keys)}, {column} from {table} limit 1 offset {at}").fetchone()
    if key is None:
        return
    where = " and ".join(f"{name} is ?" for name in keys)
    if chance.random() < 0.15:
        db.execute(f"delete from {table} where {where}", key[:-1])
        return
    value = bytes_mutated(key[-1], chance) if isinstance(key[-1], bytes) else chance.choice(_AS_SQL)
    db.execute(f"update {table} set {column} = ? where {where}", (value, *key[:-1]))


def _project(folder: Path, data: bytes, chance: Random) -> Path:
    place = folder / ".tui-editor"
    place.mkdir()
    (place / "project.db").write_bytes(data)
    if chance.random() < 0.1:
        (place / "project.db-wal").write_bytes(chance.randbytes(chance.randrange(5000)))
    return folder


def read_store(path: Path) -> None:
    """Open a project and read all that it holds."""
    from tui_editor.api import open_project

    with open_project(path, person="tester") as project:
        _ = project.info
        for row in project.tasks():
            store = project.store
            opened = store.open(row.id, "tester")
            for track in opened.document.tracks.values():
                list(track.labels())
            list(store.journal(row.id))
            store.recent(row.id)
            store.holder(row.id)
            for unit in opened.task.units:
                store.identities(unit.id)
        list(project.store.issues())
        project.store.last_task("tester")
        for _found in project.check(pixels=False):
            pass


def spool_file(chance: Random, folder: Path) -> Path:
    """Write a mutated file of refused edits."""
    lines = spooled().splitlines()
    at = chance.randrange(len(lines))
    lines[at] = json_mutated(lines[at], chance) if chance.random() < 0.8 else bytes_mutated(lines[at], chance)
    (folder / "sitting.jsonl").write_bytes(b"\n".join(lines))
    return folder / "sitting.jsonl"


def read_spool(path: Path) -> None:
    """Read the refused edits of a sitting."""
    from tui_editor.storage.spool import Spool

    list(Spool(path.stem, path.parent).read())


def targets() -> Iterator[Target]:
    """Yield the targets of this module."""
    yield Target("store-bytes", 3, store_bytes, read_store)
    yield Target("store-rows", 4, store_rows, read_store)
    yield Target("spool", 2, spool_file, read_spool)
