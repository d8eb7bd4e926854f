"""Adding many tasks by the batch."""

from __future__ import annotations

import dataclasses
import gc
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.storage.samples import HERE, UNIT, FakeClock, edit, encoded, imported, project
from tests.support.tables import tables
from tui_editor.errors import StoreError
from tui_editor.model.ids import TaskId
from tui_editor.model.patch import Patch, TrackChange
from tui_editor.model.project import TaskQuery
from tui_editor.model.shapes import Box
from tui_editor.model.tracks import Label, make_track
from tui_editor.ports import ImportedTask
from tui_editor.storage.replay import verify_journal
from tui_editor.storage.sqlite import bulk
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "project.db", project(), now=FakeClock(), here=HERE, ballast=0)
    yield made
    made.close()


def numbered(key: int, title: str = "") -> ImportedTask:
    whole = imported()
    return dataclasses.replace(whole, task=replace(whole.task, id=TaskId(key), title=title or f"task {key}"))


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_every_task_is_there_whatever_the_size_of_a_batch(
    store: SqliteStore, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH_TASKS", batch)

    assert store.add_tasks((numbered(key) for key in range(1, 6)), "ann") == 5

    assert {row.id for row in store.tasks(TaskQuery())} == {1, 2, 3, 4, 5}
    for key in range(1, 6):
        opened = store.open(TaskId(key))
        assert opened.task.title == f"task {key}"
        assert opened.document.same(imported().document)
        assert opened.seq == 1


def test_tasks_added_later_follow_those_that_are_there(store: SqliteStore) -> None:
    store.add_tasks([numbered(1)], "ann")
    store.add_tasks([numbered(2)], "ann")

    assert store.open(TaskId(1)).document.same(store.open(TaskId(2)).document)


def test_encoded_tasks_make_the_rows_of_their_documents(store: SqliteStore, tmp_path: Path) -> None:
    found = [encoded(1, [0, 255, 256, 999]), encoded(2, []), encoded(3, [256])]
    other = SqliteStore(tmp_path / "other.db", project(), now=FakeClock(), here=HERE, ballast=0)

    store.add_tasks(found, "ann")
    other.add_tasks([ImportedTask(task=item.task, document=item.document) for item in found], "ann")

    assert tables(store) == tables(other)
    assert [row.label_count for row in store.tasks(TaskQuery())] == [4, 0, 1]
    other.close()


def test_an_encoded_task_is_edited_and_replayed_as_any(store: SqliteStore) -> None:
    store.add_tasks([encoded(1, [3, 300])], "ann")
    now = store.open(TaskId(1)).document
    key, _ = next(iter(now.tracks))
    before = now.tracks[key, UNIT]
    after = make_track([Label(frame=before.frames.item(0), shape=Box(5, 5, 5, 5))])

    assert store.commit([edit(Patch((TrackChange(key, UNIT, before, after),)), key=1)]) == [2]

    assert store.open(TaskId(1)).document.tracks[key, UNIT].same(after)
    assert verify_journal(store, TaskId(1)) == 2


@pytest.mark.parametrize("encoded_first", [True, False])
def test_an_encoded_task_that_is_there_already_is_refused(store: SqliteStore, *, encoded_first: bool) -> None:
    found: list[ImportedTask] = [encoded(1, [1]), numbered(1, "the second")]

    with pytest.raises(StoreError, match="task 1 already"):
        store.add_tasks(found if encoded_first else found[::-1], "ann")

    assert list(store.tasks(TaskQuery())) == []


@pytest.mark.parametrize("there", [True, False])
def test_a_task_that_is_there_is_named_by_its_title_and_nothing_is_added(store: SqliteStore, *, there: bool) -> None:
    if there:
        store.add_tasks([numbered(3)], "ann")
    twice = [numbered(1), numbered(2), numbered(3), numbered(3, "the second")]

    with pytest.raises(StoreError, match="task 3 already") as caught:
        store.add_tasks(twice, "ann")

    assert caught.value.where == ("task 3" if there else "the second")
    assert [row.id for row in store.tasks(TaskQuery())] == ([3] if there else [])


def test_text_that_is_not_unicode_is_refused_and_nothing_is_added(store: SqliteStore) -> None:
    with pytest.raises(StoreError):
        store.add_tasks([numbered(1), numbered(2, "\udc80")], "ann")

    assert list(store.tasks(TaskQuery())) == []


def test_the_collector_is_as_before_when_adding_has_failed(store: SqliteStore) -> None:
    usual = gc.get_threshold()

    with pytest.raises(StoreError):
        store.add_tasks([numbered(1), numbered(1)], "ann")

    assert gc.get_threshold() == usual
