"""When garbage is collected: between the keys and at rest, not while somebody waits."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from tui_editor.ui import collector
from tui_editor.ui.collector import LEAST, LONG_REST_S, MOST, PAUSE_S, REST_S, Leisure

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Ring:
    """Holds itself: only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def dropped() -> weakref.ref[Ring]:
    """Return what tells whether a ring that nobody holds is gone, with enough others to be worth a pass."""
    for _ in range(LEAST):
        Ring()
    return weakref.ref(Ring())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def leisure(clock: Clock) -> Iterator[Leisure]:
    gc.collect()
    made = Leisure(clock)
    made.begin()
    yield made
    made.end()


def test_nothing_is_collected_while_keys_follow_one_another(leisure: Leisure, clock: Clock) -> None:
    ring = dropped()
    clock.now = REST_S * 0.9
    leisure.look()
    assert ring() is not None


def test_at_rest_everything_is_collected_that_is_new(leisure: Leisure, clock: Clock) -> None:
    ring = dropped()
    clock.now = REST_S
    leisure.look()
    assert ring() is None


def test_what_lives_at_a_rest_is_left_out_until_a_long_one(leisure: Leisure, clock: Clock) -> None:
    kept = Ring()
    gone = weakref.ref(kept)
    dropped()
    clock.now = REST_S
    leisure.look()
    del kept
    dropped()
    leisure.look()
    assert gone() is not None
    clock.now = LONG_REST_S
    leisure.look()
    assert gone() is None


async def test_a_pause_after_the_last_key_collects_what_it_left(leisure: Leisure, clock: Clock) -> None:
    ring = dropped()
    leisure.busy()
    clock.now = PAUSE_S
    leisure.pause()
    assert ring() is None


async def test_a_key_puts_the_pause_off(leisure: Leisure, clock: Clock) -> None:
    ring = dropped()
    clock.now = 1.0
    leisure.busy()
    clock.now = 1.0 + PAUSE_S / 2
    leisure.pause()
    assert ring() is not None
    await asyncio.sleep(0)


def test_a_collector_that_rests_is_left_alone(leisure: Leisure, clock: Clock) -> None:
    ring = dropped()
    collector.rest()
    try:
        clock.now = LONG_REST_S
        leisure.look()
        leisure.pause()
        assert ring() is not None
    finally:
        collector.work()


def test_in_the_end_passes_come_as_before() -> None:
    usual = gc.get_threshold()
    made = Leisure()
    made.begin()
    assert gc.get_threshold()[0] == MOST
    made.end()
    assert gc.get_threshold() == usual
    assert gc.get_freeze_count() == 0
