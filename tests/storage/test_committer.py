"""The store thread answers every edit, in order, and outlives every error."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.storage.samples import ANN, BO, HERE, FakeClock, edit, imported, moved, project
from tui_editor.errors import StoreCorrupt, StoreError, StoreFenced, StoreFull
from tui_editor.model.ids import TaskId
from tui_editor.model.patch import Patch
from tui_editor.storage.committer import Committer
from tui_editor.storage.faulty import Fault, FaultyStore
from tui_editor.storage.memory import MemoryStore
from tui_editor.storage.spool import Spool, edits_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tui_editor.ports import Edit, Lease

TASK = TaskId(11)


class Answers:
    """Collects what the store thread answers."""

    def __init__(self) -> None:
        self.got: list[tuple[str, int | str]] = []

    def __call__(self, kept: Edit, answer: int | Exception) -> None:
        self.got.append((kept.idem, answer if isinstance(answer, int) else type(answer).__name__))


@pytest.fixture
def memory() -> MemoryStore:
    store = MemoryStore(project(), now=FakeClock(), here=HERE)
    store.add_tasks([imported()], "ann")
    return store


@pytest.fixture
def start() -> Iterator[Callable[..., Committer]]:
    made: list[Committer] = []

    def begin(store: Any, **options: Any) -> Committer:
        made.append(Committer(lambda: store, **options))
        return made[-1]

    yield begin
    for committer in made:
        assert committer.close(5)


def steps(store: MemoryStore, count: int) -> list[Edit]:
    now, found = store.open(TASK).document, []
    for i in range(count):
        patch = moved(now, i % 7, i + 0.5)
        now = now.apply(patch)
        found.append(edit(patch, idem=str(i)))
    return found


def test_edits_are_answered_in_order_with_their_numbers(memory: MemoryStore, start: Callable[..., Committer]) -> None:
    answers, committer = Answers(), start(memory)

    for made in steps(memory, 50):
        committer.submit(made, answers)

    assert committer.flush(5)
    assert [(str(i), i + 2) for i in range(50)] == answers.got
    assert committer.pending == 0


def test_what_arrives_during_a_commit_joins_the_next_one(memory: MemoryStore, start: Callable[..., Committer]) -> None:
    entered, go = threading.Event(), threading.Event()

    def hold() -> None:
        entered.set()
        assert go.wait(5)

    slow, answers = FaultyStore(memory, before_commit=hold), Answers()
    committer = start(slow)
    first, *rest = steps(memory, 20)
    committer.submit(first, answers)
    assert entered.wait(5)
    for made in rest:
        committer.submit(made, answers)

    assert committer.pending == 20
    assert not committer.flush(0)
    go.set()
    assert committer.flush(5)
    assert slow.commits == 2
    assert len(answers.got) == 20


def test_a_lost_answer_is_asked_for_again_without_keeping_twice(
    memory: MemoryStore, start: Callable[..., Committer]
) -> None:
    answers, committer = Answers(), start(FaultyStore(memory, [Fault.AFTER]))

    committer.submit(steps(memory, 1)[0], answers)

    assert committer.flush(5)
    assert answers.got == [("0", 2)]
    assert [e.seq for e in memory.journal(TASK)] == [1, 2]


@pytest.mark.parametrize(
    ("faults", "answer"),
    [([Fault.FULL], "StoreFull"), ([Fault.FENCED], "StoreFenced"), ([Fault.BEFORE, Fault.BEFORE], "StoreError")],
)
def test_a_refused_edit_is_answered_and_spooled(
    memory: MemoryStore, start: Callable[..., Committer], tmp_path: Path, faults: list[Fault], answer: str
) -> None:
    spool, answers = Spool("s/../1", tmp_path), Answers()
    committer = start(FaultyStore(memory, faults), spool=spool)
    first, second = steps(memory, 2)
    committer.submit(first, answers)
    assert committer.flush(5)
    committer.submit(second, answers)
    assert committer.flush(5)

    assert answers.got == [("0", answer), ("1", 2)]
    (kept,) = spool.read()
    assert (kept.task, kept.idem, kept.command) == (TASK, "0", "label.move")
    assert kept.why.startswith(answer)
    assert memory.open(TASK).document.apply(kept.patch).same(memory.open(TASK).document.apply(first.patch))
    assert tmp_path == spool.path.parent


def test_a_spool_leaves_out_a_line_that_a_crash_cut_off(memory: MemoryStore, tmp_path: Path) -> None:
    spool = Spool("s", tmp_path)
    for made in steps(memory, 2):
        spool.add(made, StoreFull("full"))
    spool.path.write_bytes(spool.path.read_bytes()[:-10])

    assert [e.idem for e in spool.read()] == ["0"]


def test_a_spool_that_was_never_written_is_empty(tmp_path: Path) -> None:
    assert list(Spool("s", tmp_path).read()) == []


def test_an_answer_that_fails_does_not_end_the_thread(memory: MemoryStore, start: Callable[..., Committer]) -> None:
    def fails(_edit: Edit, _answer: int | Exception) -> None:
        raise RuntimeError("the window's fault")

    answers, committer = Answers(), start(memory)
    first, second = steps(memory, 2)
    committer.submit(first, fails)
    committer.submit(second, answers)

    assert committer.flush(5)
    assert answers.got == [("1", 3)]


def test_a_store_that_does_not_open_refuses_every_edit(tmp_path: Path) -> None:
    told: list[Exception] = []

    def fails() -> MemoryStore:
        raise StoreError("no such disk")

    answers, committer = Answers(), Committer(fails, lost=told.append, spool=Spool("s", tmp_path))
    committer.submit(edit(Patch(), idem="a"), answers)

    assert committer.close(5)
    assert answers.got == [("a", "StoreError")]
    assert [StoreError] == [type(e) for e in told]


def test_a_damaged_store_is_told_once_and_not_written_again(
    memory: MemoryStore, start: Callable[..., Committer]
) -> None:
    told: list[Exception] = []

    def damaged() -> None:
        raise StoreCorrupt("replaced")

    store, answers = FaultyStore(memory, before_commit=damaged), Answers()
    committer = start(store, lost=told.append)
    for made in steps(memory, 3):
        committer.submit(made, answers)
        assert committer.flush(5)

    assert [answer for _, answer in answers.got] == ["StoreCorrupt"] * 3
    assert store.commits == 1
    assert [type(e) for e in told] == [StoreCorrupt]


def test_an_edit_at_which_the_store_fails_does_not_take_the_others_with_it(start: Callable[..., Committer]) -> None:
    class Choking(MemoryStore):
        def commit(self, edits: Sequence[Edit], *, together: bool = False) -> Sequence[int | Exception]:
            if any(e.idem == "1" for e in edits):
                raise ZeroDivisionError
            return super().commit(edits, together=together)

    entered, go = threading.Event(), threading.Event()

    def hold() -> None:
        entered.set()
        assert go.wait(5)

    store = Choking(project(), now=FakeClock(), here=HERE)
    store.add_tasks([imported()], "ann")
    answers, committer = Answers(), start(FaultyStore(store, before_commit=hold))
    for made in steps(store, 3):
        committer.submit(made, answers)
        assert entered.wait(5)
    go.set()

    assert committer.flush(5)
    assert answers.got == [("0", 2), ("1", "ZeroDivisionError"), ("2", 3)]


def test_closing_keeps_what_waits_and_refuses_what_comes_later(memory: MemoryStore) -> None:
    answers, committer = Answers(), Committer(lambda: memory)
    first, second = steps(memory, 2)
    committer.submit(first, answers)

    assert committer.close(5)
    committer.submit(second, answers)

    assert answers.got == [("0", 2), ("1", "StoreError")]


def test_of_many_views_the_newest_is_kept(memory: MemoryStore, start: Callable[..., Committer]) -> None:
    committer = start(memory)
    for frame in range(100):
        committer.save_view(TASK, "ann", {"frame": frame})

    assert committer.flush(5)
    assert memory.open(TASK, "ann").view == {"frame": 99}


class _Renewing(MemoryStore):
    def __init__(self) -> None:
        super().__init__(project(), now=FakeClock(), here=HERE)
        self.add_tasks([imported()], "ann")
        self.beat = threading.Event()

    def renew(self, lease: Any) -> Any:
        try:
            return super().renew(lease)
        finally:
            self.beat.set()


def test_the_lease_is_renewed_while_the_window_is_alive(start: Callable[..., Committer]) -> None:
    store = _Renewing()
    committer = start(store, heartbeat_s=0.001)

    committer.hold(store.acquire(TASK, ANN))

    assert store.beat.wait(5)


def test_the_lease_of_a_window_that_does_not_react_is_not_renewed(start: Callable[..., Committer]) -> None:
    store, asked = _Renewing(), threading.Semaphore(0)

    def dead() -> bool:
        asked.release()
        return False

    committer = start(store, heartbeat_s=0.001, alive=dead)
    committer.hold(store.acquire(TASK, ANN))
    assert all(asked.acquire(timeout=5) for _ in range(3))

    assert not store.beat.is_set()


def test_a_lease_that_was_taken_over_is_told_once(start: Callable[..., Committer]) -> None:
    store, told, heard = _Renewing(), list[Exception](), threading.Event()
    lease = store.acquire(TASK, ANN)
    store.acquire(TASK, BO, take=True)

    def lost(error: Exception) -> None:
        told.append(error)
        heard.set()

    committer = start(store, heartbeat_s=0.001, lost=lost)
    committer.hold(lease)

    assert heard.wait(5)
    assert committer.close(5)
    assert [StoreFenced] == [type(e) for e in told]


def test_refused_edits_of_all_sessions_are_found_by_task_and_person_until_they_are_settled(
    memory: MemoryStore, tmp_path: Path
) -> None:
    now = memory.open(TASK).document
    mine, later, others = edit(moved(now, 3, 1.0)), edit(moved(now, 4, 1.0)), edit(moved(now, 5, 1.0), BO)
    Spool("one", tmp_path).add(mine, StoreFull("full"))
    Spool("two", tmp_path).add(later, StoreFull("full"))
    Spool("two", tmp_path).add(others, StoreFull("full"))
    assert {e.idem for e in edits_aside(tmp_path, TASK, "ann")} == {mine.idem, later.idem}
    Spool("three", tmp_path).settle([mine.idem])
    assert [e.idem for e in edits_aside(tmp_path, TASK, "ann")] == [later.idem]
    assert edits_aside(tmp_path / "none", TASK, "ann") == []


def test_a_lease_is_renewed_at_once_when_that_is_asked_for(memory: MemoryStore) -> None:
    renewed = threading.Event()
    lease = memory.acquire(TASK, ANN)

    class Told(FaultyStore):
        def renew(self, lease: Lease) -> Lease:
            renewed.set()
            return self.inner.renew(lease)

    committer = Committer(lambda: Told(memory), heartbeat_s=3600.0)
    committer.hold(lease)
    committer.renew()
    assert renewed.wait(5)
    assert committer.close()
