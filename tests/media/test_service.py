from __future__ import annotations

from concurrent.futures import CancelledError
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media import clips
from tui_editor.errors import MediaCorrupt, MediaMissing, TuiEditorError, UsageError
from tui_editor.media.cache import FrameCache, bucket
from tui_editor.media.open import open_source
from tui_editor.media.service import FrameService, ReadAhead
from tui_editor.model.frames import Frame, FrameIdentity, UnitKind
from tui_editor.model.ids import UnitId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT = 10.0
"""Seconds after which a test gives up; none waits that long when all is well."""
ONE, TWO = UnitId(1), UnitId(2)


class FakeSource:
    """Frames whose only pixel value is their index; reading can be held up."""

    kind, fps, warnings = UnitKind.VIDEO, 25.0, ()

    def __init__(self, frame_count: int = 100) -> None:
        self.frame_count = frame_count
        self.read_indices: list[int] = []
        self.hold: dict[int, Event] = {}
        self.reached: dict[int, Event] = {}
        self.bad: dict[int, Exception] = {}
        self.closed = Event()

    def size(self, index: int) -> tuple[int, int]:
        return 4, 4

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        assert current_thread() is not main_thread()
        self.read_indices.append(index)
        if index in self.reached:
            self.reached[index].set()
        if index in self.hold:
            self.hold[index].wait(WAIT)
        if index in self.bad:
            raise self.bad[index]
        return _frame(index)

    def time_s(self, index: int) -> float | None:
        return index / 25

    def identity(self, index: int) -> FrameIdentity:
        return FrameIdentity(algorithm="planes-blake2b", digest=f"d{index}", pts=index)

    def close(self) -> None:
        self.closed.set()

    def hold_up(self, index: int) -> None:
        self.hold[index], self.reached[index] = Event(), Event()


def _frame(index: int, side: int = 4) -> Frame:
    return Frame(pixels=np.full((side, side), index % 256, np.uint8), full_size=(side, side), color="gray")


@pytest.fixture
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture
def service(source: FakeSource) -> Iterator[FrameService]:
    made = FrameService(lambda unit: source)
    yield made
    for event in source.hold.values():
        event.set()
    assert made.close(WAIT)


def _value(frame: Frame) -> int:
    return int(frame.pixels[0, 0])


def test_a_request_is_answered_by_its_future(service: FrameService) -> None:
    assert _value(service.request(ONE, 7).result(WAIT)) == 7


def test_only_the_newest_waiting_request_of_a_view_is_read(service: FrameService, source: FakeSource) -> None:
    source.hold_up(10)
    running = service.request(ONE, 10)
    assert source.reached[10].wait(WAIT)
    waiting = [service.request(ONE, index) for index in (20, 30, 40)]
    source.hold[10].set()
    assert _value(waiting[2].result(WAIT)) == 40
    assert _value(running.result(WAIT)) == 10
    for future in waiting[:2]:
        with pytest.raises(CancelledError):
            future.result(WAIT)
    service.ask(ONE, lambda source: None).result(WAIT)
    assert not {20, 30} & set(source.read_indices)


def test_two_views_do_not_cancel_each_other(service: FrameService, source: FakeSource) -> None:
    source.hold_up(1)
    service.request(ONE, 1)
    assert source.reached[1].wait(WAIT)
    left, right = service.request(ONE, 2, view="left"), service.request(ONE, 3, view="right")
    source.hold[1].set()
    assert (_value(left.result(WAIT)), _value(right.result(WAIT))) == (2, 3)


@pytest.mark.parametrize(
    ("path", "ahead"),
    [
        ([50, 51], [52, 53, 54, 55]),
        ([50, 49], list(range(48, 36, -1))),
        ([10, 20], [30, 40, 50, 60]),
        ([5, 90], [91]),
        ([1, 0], []),
        ([97, 98], [99]),
    ],
)
def test_frames_are_read_ahead_in_the_direction_of_travel(
    service: FrameService, source: FakeSource, path: list[int], ahead: list[int]
) -> None:
    last = Event()
    if ahead:
        source.reached[ahead[-1]] = last
    for index in path:
        service.request(ONE, index).result(WAIT)
    assert not ahead or last.wait(WAIT)
    service.ask(ONE, lambda source: None).result(WAIT)
    further = source.read_indices[len(source.read_indices) - len(ahead) :]
    assert ahead == further
    assert len(source.read_indices) == len(set(source.read_indices))
    assert all(0 <= index < source.frame_count for index in source.read_indices)


def test_a_frame_in_the_cache_is_not_read_again(service: FrameService, source: FakeSource) -> None:
    first = service.request(ONE, 3).result(WAIT)
    assert service.request(ONE, 3).result(WAIT) is first
    assert service.cached(ONE, 3, (2, 2)) is first
    assert source.read_indices.count(3) == 1


@pytest.mark.parametrize(
    ("raised", "expected"),
    [(MediaMissing("gone"), MediaMissing), (IndexError(7), UsageError), (ZeroDivisionError("x"), MediaCorrupt)],
)
def test_an_error_is_delivered_as_ours_and_the_thread_lives_on(
    service: FrameService,
    source: FakeSource,
    raised: Exception,
    expected: type[TuiEditorError],
) -> None:
    source.bad[7] = raised
    with pytest.raises(expected):
        service.request(ONE, 7).result(WAIT)
    assert _value(service.request(ONE, 8).result(WAIT)) == 8
    service.ask(ONE, lambda source: None).result(WAIT)


def test_a_unit_that_can_not_be_opened_says_so_each_time() -> None:
    def fail(unit: UnitId) -> FakeSource:
        raise MediaMissing("not there")

    service = FrameService(fail)
    for _ in range(2):
        with pytest.raises(MediaMissing):
            service.request(ONE, 0).result(WAIT)
    assert service.close(WAIT)


def test_closing_cancels_what_waits_and_does_not_wait_for_a_stuck_decoder(source: FakeSource) -> None:
    service = FrameService(lambda unit: source)
    source.hold_up(1)
    running = service.request(ONE, 1)
    assert source.reached[1].wait(WAIT)
    waiting = service.request(ONE, 2)
    assert service.close(timeout=0.01) is False
    assert waiting.cancelled()
    source.hold[1].set()
    assert _value(running.result(WAIT)) == 1
    assert source.closed.wait(WAIT)
    with pytest.raises(UsageError):
        service.request(ONE, 3)


def test_the_least_recently_used_unit_is_closed_for_a_further_one() -> None:
    sources = {UnitId(n): FakeSource() for n in range(3)}
    service = FrameService(sources.__getitem__, max_open=2, read_ahead=ReadAhead(forward=0, back=0))
    for unit in (0, 1, 0, 2):
        service.request(UnitId(unit), 5).result(WAIT)
        service.ask(UnitId(unit), lambda source: None).result(WAIT)
    assert sources[UnitId(1)].closed.wait(WAIT)
    assert not sources[UnitId(0)].closed.is_set()
    assert service.cached(UnitId(1), 5) is not None
    assert service.close(WAIT)
    assert all(source.closed.is_set() for source in sources.values())


def test_a_forgotten_unit_is_closed_and_its_frames_are_gone(service: FrameService, source: FakeSource) -> None:
    service.request(ONE, 5).result(WAIT)
    service.forget(ONE)
    assert source.closed.wait(WAIT)


def test_identity_is_asked_on_the_thread_of_the_source(service: FrameService) -> None:
    assert service.identity(ONE, 9).result(WAIT).digest == "d9"


def test_a_request_of_a_view_withdraws_what_it_wanted_of_another_unit() -> None:
    sources = {ONE: FakeSource(), TWO: FakeSource()}
    service = FrameService(sources.__getitem__)
    sources[ONE].hold_up(1)
    service.request(ONE, 1)
    assert sources[ONE].reached[1].wait(WAIT)
    stale = service.request(ONE, 2)
    assert _value(service.request(TWO, 3).result(WAIT)) == 3
    assert stale.cancelled()
    sources[ONE].hold[1].set()
    assert service.close(WAIT)


def test_the_cache_stays_within_its_room_and_drops_the_least_recently_used() -> None:
    cache = FrameCache(3 * 16)
    for index in range(3):
        cache.put(ONE, index, None, _frame(index))
    cache.get(ONE, 0, None)
    cache.put(ONE, 3, None, _frame(3))
    assert [cache.get(ONE, index, None) is not None for index in range(4)] == [True, False, True, True]
    cache.put(ONE, 9, None, _frame(9, side=100))
    assert cache.get(ONE, 9, None) is None
    assert cache.used_bytes == 48
    cache.forget(ONE)
    assert cache.used_bytes == 0


def test_a_reduced_frame_serves_its_bucket_and_not_a_larger_view() -> None:
    cache = FrameCache(10_000)
    reduced = Frame(pixels=np.zeros((10, 10), np.uint8), full_size=(640, 640), color="gray")
    cache.put(ONE, 0, (100, 100), reduced)
    assert cache.get(ONE, 0, (127, 90)) is reduced
    assert cache.get(ONE, 0, (129, 90)) is None
    assert cache.get(ONE, 0, None) is None


@given(st.tuples(st.integers(1, 5000), st.integers(1, 5000)))
def test_a_bucket_is_at_least_as_large_and_its_own_bucket(fit: tuple[int, int]) -> None:
    rounded = bucket(fit)
    assert rounded is not None
    assert rounded[0] >= fit[0]
    assert rounded[1] >= fit[1]
    assert rounded == bucket(rounded)


def test_a_real_video_through_the_service_shows_what_was_asked_for(tmp_path: Path) -> None:
    path = clips.encode(tmp_path / "a.ts", 90, options=clips.OPEN_GOP)
    service = FrameService(lambda unit: open_source(UnitKind.VIDEO, [path]))
    for index in (50, 49, 48, 47, 20, 21, 22, 89, 0, 64, 63, 62):
        assert index == clips.number_of(service.request(ONE, index).result(WAIT).pixels)
    assert service.close(WAIT)
