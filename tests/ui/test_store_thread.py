"""Questions to the store on a thread: the newest of each name counts, and what goes wrong is told."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, cast

import pytest

from tui_editor.errors import StoreError
from tui_editor.ui.store_thread import StoreThread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.ports import ProjectStore


class Store:
    """Answers nothing; it knows the thread that opened it, and whether it was closed."""

    def __init__(self) -> None:
        self.thread = threading.current_thread()
        self.closed = threading.Event()

    def close(self) -> None:
        assert threading.current_thread() is self.thread
        self.closed.set()


class Loop:
    """Stands for the event loop: calls what a thread brings when a test says so."""

    def __init__(self) -> None:
        self.calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self.said: list[str] = []
        self.opened: list[Store] = []
        self.thread = StoreThread(self.open, self.calls.put, self.said.append)

    def open(self) -> ProjectStore:
        self.opened.append(Store())
        return cast("ProjectStore", self.opened[-1])

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.calls.get(timeout=10)()


@pytest.fixture
def loop() -> Iterator[Loop]:
    """Return a loop with a thread that is closed at the end."""
    made = Loop()
    yield made
    made.thread.close()


def test_an_answer_comes_to_the_loop_from_another_thread(loop: Loop) -> None:
    found: list[tuple[threading.Thread, threading.Thread]] = []
    loop.thread.ask("a", lambda _: threading.current_thread(), lambda t: found.append((t, threading.current_thread())))
    assert loop.thread.asks("a")
    loop.turn()
    ((asked, answered),) = found
    assert answered is threading.current_thread() is not asked
    assert not loop.thread.asks("a")


def test_of_two_questions_of_one_name_the_newest_is_answered(loop: Loop) -> None:
    found: list[int] = []
    begun, may_end = threading.Event(), threading.Event()

    def slow(_: ProjectStore) -> int:
        begun.set()
        may_end.wait(10)
        return 1

    loop.thread.ask("a", slow, found.append)
    begun.wait(10)
    loop.thread.ask("a", lambda _: 2, found.append)
    loop.thread.ask("a", lambda _: 3, found.append)
    may_end.set()
    loop.turn(3)  # of one that was overtaken nothing is told
    assert found == [3]
    assert loop.calls.empty()


def test_questions_of_other_names_are_answered_too_through_one_store(loop: Loop) -> None:
    found: list[int] = []
    for n in range(5):
        loop.thread.ask(str(n), lambda _, n=n: n, found.append)  # type: ignore[misc]
    loop.turn(5)
    assert (found, len(loop.opened)) == ([0, 1, 2, 3, 4], 1)


def test_a_question_that_was_dropped_is_not_answered(loop: Loop) -> None:
    found: list[int] = []
    loop.thread.ask("a", lambda _: 1, found.append)
    loop.thread.drop("a")
    loop.turn()
    assert not found
    assert not loop.thread.asks("a")


def test_what_goes_wrong_is_told_and_the_next_question_is_answered(loop: Loop) -> None:
    def broken(_: ProjectStore) -> int:
        raise StoreError("the disk is\x1b[2J gone")

    found: list[int] = []
    mine: list[str] = []
    loop.thread.ask("a", broken, found.append)
    loop.turn()
    loop.thread.ask("a", broken, found.append, mine.append)
    loop.turn()
    loop.thread.ask("a", lambda _: 7, found.append)
    loop.turn()
    assert found == [7]
    assert loop.said == mine
    assert "the disk is" in loop.said[0]
    assert "\x1b" not in loop.said[0]


def test_a_closed_thread_answers_nothing_and_closes_its_store_on_its_thread(loop: Loop) -> None:
    found: list[int] = []
    loop.thread.ask("a", lambda _: 1, found.append)
    loop.turn()
    loop.thread.ask("a", lambda _: 2, found.append)
    loop.thread.close()
    assert loop.opened[0].closed.wait(10)
    while not loop.calls.empty():
        loop.turn()
    assert found == [1]
