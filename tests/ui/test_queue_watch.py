"""The queue is listed anew when somebody else wrote, and not for what it changed itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.doctext import PROJECT, TASK
from tui_editor.api import workflow
from tui_editor.api.project import Project
from tui_editor.model.document import make_document
from tui_editor.ports import ImportedTask
from tui_editor.storage.locate import create_store, open_store
from tui_editor.ui.queue_watch import QueueWatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from tui_editor.ports import ProjectStore


class AtOnce:
    """Answers with one store, at once."""

    def __init__(self, store: ProjectStore) -> None:
        self.store = store

    def ask(self, name: str, question: Callable[[ProjectStore], Any], then: Callable[[Any], None], *_: object) -> None:
        then(question(self.store))

    def asks(self, name: str) -> bool:
        return False

    def drop(self, name: str) -> None:
        pass


class Seen:
    """A watch, how often it listed the queue, and whether the queue is busy."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder)
        self.listed, self.busy = 0, False
        self.watch = QueueWatch(AtOnce(self.store), self._again, lambda: self.busy)  # type: ignore[arg-type]

    def _again(self) -> None:
        self.listed += 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = create_store(tmp_path, PROJECT)
    store.add_tasks([ImportedTask(task=TASK, document=make_document())], "me")
    store.close()
    return tmp_path


@pytest.fixture
def seen(folder: Path) -> Iterator[Seen]:
    made = Seen(folder)
    yield made
    made.store.close()


def assign(folder: Path, store: ProjectStore, person: str) -> None:
    workflow.do(Project(folder, store, "me"), TASK.id, workflow.assign_step(person))


def test_what_others_write_is_listed_once(folder: Path, seen: Seen) -> None:
    others = open_store(folder)
    assign(folder, others, "ann")
    seen.watch.look()
    seen.watch.look()
    others.close()
    assert seen.listed == 1


def test_what_the_queue_changes_itself_is_no_news(folder: Path, seen: Seen) -> None:
    assign(folder, seen.store, "ann")
    seen.watch.look()
    assert seen.listed == 0


def test_news_that_come_while_the_queue_is_busy_are_listed_later(folder: Path, seen: Seen) -> None:
    others = open_store(folder)
    assign(folder, others, "ann")
    others.close()
    seen.busy = True
    seen.watch._ask()
    assert seen.listed == 0
    seen.busy = False
    seen.watch.look()
    assert seen.listed == 1


def test_nothing_is_listed_after_the_end(folder: Path, seen: Seen) -> None:
    seen.watch.end()
    others = open_store(folder)
    assign(folder, others, "ann")
    others.close()
    seen.watch.look()
    assert seen.listed == 0
