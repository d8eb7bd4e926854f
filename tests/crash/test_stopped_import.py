"""An import that is killed or interrupted leaves the store as it was, and can be begun again."""

from __future__ import annotations

import multiprocessing
import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.crash.importer import IMAGES, coco_file, import_file, import_slowly
from tests.storage.samples import document, imported, project
from tui_editor.model.ids import TaskId
from tui_editor.model.project import TaskQuery
from tui_editor.storage.locate import create_store, open_store
from tui_editor.storage.replay import verify_journal
from tui_editor.storage.sqlite.bulk import BATCH_TASKS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize(("stop", "ends_with"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
@pytest.mark.parametrize("stop_at", [1, BATCH_TASKS + 1, IMAGES])
def test_an_import_that_is_stopped_leaves_the_store_as_it_was(
    tmp_path: Path, stop: signal.Signals, ends_with: int, stop_at: int
) -> None:
    source = coco_file(tmp_path / "labels.json")
    store = create_store(tmp_path, project())
    store.add_tasks([imported()], "ann")
    log = store.path.with_name(store.path.name + "-wal")
    before = log.stat().st_size
    processes = multiprocessing.get_context("spawn")
    reading, writing = processes.Pipe(duplex=False)
    child = processes.Process(target=import_slowly, args=(tmp_path, source, stop_at, writing), daemon=True)
    child.start()
    writing.close()
    assert os.read(reading.fileno(), 1) == b"."
    assert child.pid is not None
    assert log.stat().st_size > before or stop_at == 1, "nothing was written yet: the test stops too early"

    os.kill(child.pid, stop)
    child.join()

    assert child.exitcode == ends_with
    assert store.check() == []
    assert [row.id for row in store.tasks(TaskQuery())] == [11]
    assert store.open(TaskId(11)).document.same(document())
    store.close()
    import_file(tmp_path, source, 0)
    again = open_store(tmp_path)
    rows = again.tasks(TaskQuery(limit=IMAGES + 9))
    assert [row.label_count for row in rows if row.id != TaskId(11)] == [5] * IMAGES
    assert [verify_journal(again, row.id) for row in rows[:3]] == [1, 1, 1]
    assert again.check() == []
    again.close()
