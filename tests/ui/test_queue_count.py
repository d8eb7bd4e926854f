"""How many tasks a filter lists: counted once, beside the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from msgspec.structs import replace

from tui_editor.model.project import TaskQuery, TaskSort
from tui_editor.ui.screens import queue_count
from tui_editor.ui.screens.queue_count import LateCount

if TYPE_CHECKING:
    from collections.abc import Callable

FILTERED = TaskQuery(text="street", limit=200)


class Counting:
    """Stands for the thread: answers when it is told to."""

    def __init__(self, *_: object) -> None:
        self.store = Mock()
        self.store.count.return_value = {("annotate", "new"): 1200, ("review", "new"): 34}
        self.waiting: list[Callable[[], None]] = []

    def ask(self, name: str, question: Callable[[object], int], then: Callable[[int], None]) -> None:
        del name
        self.waiting = [lambda: then(question(self.store))]

    def answer(self) -> None:
        self.waiting.pop()()


@pytest.fixture
def shown() -> Mock:
    return Mock()


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch, shown: Mock) -> LateCount:
    monkeypatch.setattr(queue_count, "StoreThread", Counting)
    return LateCount(Mock(), Mock(), shown)


def thread(count: LateCount) -> Counting:
    found = count._thread
    assert isinstance(found, Counting)
    return found


def test_the_number_is_told_when_it_is_there(count: LateCount, shown: Mock) -> None:
    count.ask(FILTERED)
    assert count.words(FILTERED) == ""
    thread(count).answer()
    assert count.words(FILTERED) == "1,234"
    shown.assert_called_once_with()


def test_another_order_or_page_has_the_same_number(count: LateCount) -> None:
    count.ask(FILTERED)
    thread(count).answer()
    count.ask(replace(FILTERED, sort=TaskSort.TITLE, reverse=True))
    assert not thread(count).waiting
    assert count.words(replace(FILTERED, limit=5)) == "1,234"


def test_another_filter_has_no_number_yet(count: LateCount) -> None:
    count.ask(FILTERED)
    thread(count).answer()
    assert count.words(replace(FILTERED, text="road")) == ""


def test_a_number_from_before_others_changed_tasks_says_so_until_one_looks_again(count: LateCount) -> None:
    count.ask(FILTERED)
    thread(count).answer()
    count.grown_old()
    count.ask(FILTERED)
    assert count.words(FILTERED) == "≈1,234"
    count.forget()
    count.ask(FILTERED)
    thread(count).answer()
    assert count.words(FILTERED) == "1,234"
