"""A window that may only read a task shows what the other window does to it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import TASK, UNIT, document, text_of
from tests.ui.projects import CLIP, project_info, sitting, wait_for
from tui_editor.api.project import Project
from tui_editor.edits.labels import delete_instance, move_labels
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import StoreError
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId
from tui_editor.ports import EntryKind, JournalEntry, Lease, OpenedTask
from tui_editor.state.lock import Held, Lock
from tui_editor.state.store import TaskStore
from tui_editor.storage.locate import open_store
from tui_editor.ui.follower import Follower, News

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from tui_editor.model.patch import Patch
    from tui_editor.model.project import Project as ProjectInfo

CAR, HERE, YOU = InstanceId(1), FrameRef(UNIT, 0), Stamp("you", 8)
START, ELSEWHERE = "car@0 box 0,0 5,5", "car@0 box 9,9 5,5"
MANY = 300


class Journal:
    """A store that others write to, on a store thread that works when it is told to."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self.reads = 0
        self.problem: StoreError | None = None
        self.lease: Lease | None = None
        self.info = project_info()
        self._jobs: deque[Callable[[Any], None]] = deque()

    def version(self) -> int:
        if self.problem is not None:
            raise self.problem
        return len(self.entries)

    def journal(self, task: object, after: int = 0) -> Iterator[JournalEntry]:
        self.reads += 1
        yield from (entry for entry in self.entries if entry.seq > after)

    def holder(self, task: object, *, stale: bool = False) -> Lease | None:
        del task, stale
        return self.lease

    def project(self) -> ProjectInfo:
        return self.info

    def open(self, task: object) -> OpenedTask:
        del task
        return OpenedTask(task=TASK, document=document(ELSEWHERE), seq=len(self.entries), view={})

    def add(self, patch: Patch, session: str = "other") -> None:
        self.entries.append(
            JournalEntry(
                task=TASK.id,
                seq=len(self.entries) + 1,
                kind=EntryKind.EDIT,
                patch=patch,
                person="you",
                session=session,
                command="geometry.nudge",
                at_ms=8,
            )
        )

    def nudge(self, times: int = 1) -> None:
        current = document(START)
        for entry in self.entries:
            current = current.apply(entry.patch)
        for _ in range(times):
            patch = move_labels(current, [CAR], HERE, (1, 0), YOU)
            current = current.apply(patch)
            self.add(patch)

    def later(self, job: Callable[[Any], None]) -> None:
        self._jobs.append(job)

    def work(self) -> int:
        done = 0
        while self._jobs:
            self._jobs.popleft()(self)
            done += 1
        return done


class Window:
    """A window on the task beside the one that writes the journal."""

    def __init__(self, journal: Journal, read_only: str = "you edit it") -> None:
        self.journal, self.told = journal, list[str]()
        task = OpenedTask(task=TASK, document=document(START), seq=0, view={})
        lock = Lock(held=Held.OTHER) if read_only else None
        self.store = TaskStore(task, project_info(), person="me", session="mine", read_only=read_only, lock=lock)
        self.news: list[News] = []
        self.follower = Follower(self.store, journal, lambda then: then(), self.told.append, self.news.append)  # type: ignore[arg-type]

    def look(self) -> str:
        self.follower.look()
        self.journal.work()
        return text_of(self.store.state.document)


@pytest.fixture
def journal() -> Journal:
    return Journal()


def test_each_entry_is_taken_in_once_and_in_its_order(journal: Journal) -> None:
    window = Window(journal)
    journal.nudge(2)
    assert "box 2,0" in window.look()
    journal.nudge()
    assert "box 3,0" in window.look()
    assert window.store.state.durability.seq == 3


def test_where_nobody_wrote_the_journal_is_not_read(journal: Journal) -> None:
    window = Window(journal)
    journal.nudge()
    window.look()
    before = journal.reads
    window.look()
    window.look()
    assert journal.reads == before


def test_more_than_is_taken_in_at_once_comes_with_the_next_look(journal: Journal) -> None:
    window = Window(journal)
    journal.nudge(MANY)
    window.look()
    assert 0 < window.store.state.durability.seq < MANY
    assert f"box {MANY},0" in window.look()


def test_a_window_that_edits_the_task_itself_takes_in_what_others_wrote_and_nothing_twice(journal: Journal) -> None:
    window = Window(journal, read_only="")
    journal.nudge()
    window.look()
    patch = move_labels(window.store.state.document, [CAR], HERE, (10, 0), Stamp("me", 9))
    window.store.apply(patch, "geometry.nudge")
    journal.add(patch, session="mine")
    journal.nudge()
    assert "box 12,0" in window.look()
    assert [len(news.entries) for news in window.news] == [1, 1]


def test_who_has_the_lock_is_told_when_it_changes_and_only_then(journal: Journal) -> None:
    window = Window(journal)
    journal.lease = Lease(task=TASK.id, fence=1, session="s", person="you")
    window.look()
    window.look()
    journal.lease = replace(journal.lease, live=False)
    window.look()
    assert [news.holder.live for news in window.news if news.holder] == [True, False]


def test_a_look_waits_for_the_one_before(journal: Journal) -> None:
    window = Window(journal)
    window.follower.look()
    window.follower.look()
    assert journal.work() == 1


def test_after_the_task_is_left_nothing_is_taken_in(journal: Journal) -> None:
    window = Window(journal)
    journal.nudge()
    window.follower.look()
    window.follower.end()
    journal.work()
    assert window.store.state.durability.seq == 0


def test_a_store_that_can_not_be_read_is_told_once_and_followed_again_later(journal: Journal) -> None:
    window = Window(journal)
    journal.nudge()
    journal.problem = StoreError("the disk is away")
    window.look()
    window.look()
    assert len(window.told) == 1
    assert "the disk is away" in window.told[0]
    journal.problem = None
    assert "box 1,0" in window.look()


def test_where_edits_do_not_fit_the_task_is_read_anew_and_followed_on(journal: Journal) -> None:
    window = Window(journal)
    journal.add(move_labels(document(ELSEWHERE), [CAR], HERE, (1, 0), YOU))
    assert "box 9,9" in window.look()
    journal.add(move_labels(document(ELSEWHERE), [CAR], HERE, (2, 0), YOU))
    assert "box 11,9" in window.look()
    assert window.told == []


# --- two windows ---------------------------------------------------------------------------------


async def test_the_second_window_shows_what_the_first_one_does(annotate: Path) -> None:
    with Project(annotate, open_store(annotate), "you") as project, project.edit(CLIP) as first:
        async with sitting(annotate) as second:
            assert second.state.read_only
            await second.press("l l j")
            view, selection = second.state.view, second.state.selection
            document = first.store.state.document
            car = next(i for i in document.instances if i not in selection)
            first.store.apply(delete_instance(document, car), "object.delete")
            assert first.settle()
            await wait_for(second, lambda: car not in second.state.document.instances)
            await second.settle()
            assert (second.state.view, second.state.selection) == (view, selection)
            assert second.state.durability.seq == first.store.state.durability.seq
            assert not second.store.can_undo()
