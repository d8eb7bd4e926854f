"""The line of keys by itself: order, patience, and its end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events

from tui_editor.ui import key_line
from tui_editor.ui.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import pytest


class Place:
    """Takes keys, and is ready for the next one when a test says so."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.ready = True
        self.line = KeyLine(self.take, lambda: self.ready, self.later)
        self.tasks: list[asyncio.Future[None]] = []

    async def take(self, key: events.Key) -> None:
        self.taken.append(key.key)

    def later(self, call: Callable[[], Awaitable[None]]) -> None:
        self.tasks.append(asyncio.ensure_future(call()))

    async def type(self, keys: str) -> None:
        for key in keys:
            await self.line.add(events.Key(key, key))

    async def until(self, taken: str) -> None:
        for _ in range(1000):
            if "".join(self.taken) == taken:
                return
            await asyncio.sleep(0.001)
        raise AssertionError(self.taken)


async def test_a_key_goes_on_at_once_when_none_is_under_way() -> None:
    place = Place()
    await place.type("a")
    assert place.taken == ["a"]


async def test_the_next_key_waits_until_the_one_before_was_dealt_with() -> None:
    place = Place()
    place.ready = False
    await place.type("abc")
    for _ in range(200):
        await asyncio.sleep(0)
    assert place.taken == ["a"]
    place.ready = True
    await place.until("abc")


async def test_a_place_that_never_gets_ready_does_not_keep_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_line, "LONGEST_S", 0.01)
    place = Place()
    place.ready = False
    await place.type("abc")
    await place.until("abc")
