"""What the picture thread makes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.doctext import opened
from tui_editor.state.view import Camera
from tui_editor.ui.picture.agenda import LONG_REST_S, REST_S, Agenda, Kind, Step
from tui_editor.ui.picture.quality import Pace, Quality
from tui_editor.ui.terminal.flow import Line

if TYPE_CHECKING:
    from tui_editor.state.store import TaskState, TaskStore

CANVAS = (1280, 720)
AHEAD_FRAMES = 4
FAST, SLOW = 200e6, 1e6


class Desk:
    """An agenda, a store that it follows, and a clock in hand."""

    def __init__(self, bytes_a_s: float = FAST, *, remote: bool = False) -> None:
        self.now = 100.0
        line = Line(remote=remote)
        line.bytes_a_s = bytes_a_s
        self.agenda = Agenda(Pace(line), lambda: self.now)
        self.store: TaskStore = opened("car@0 box 10,10 20,20\n")
        self.followed = None
        self.store.subscribe(lambda _, new: self.want(new))
        self.want(self.store.state)

    def want(self, state: object) -> None:
        self.followed = self.agenda.want(state)  # type: ignore[arg-type,assignment]

    def next(self, shown: Quality = Quality.FULL, *, gone: bool = False, ahead: int = AHEAD_FRAMES) -> Step | None:
        """Return the next step, begun."""
        step = self.agenda.next(CANVAS, shown, gone=gone, ahead=ahead)
        if step is not None:
            self.agenda.begin(step)
        return step

    def was_followed_from(self, state: TaskState) -> bool:
        return self.followed is state

    def kinds(self, count: int, **now: object) -> list[Kind | None]:
        found = [self.next(**now) for _ in range(count)]  # type: ignore[arg-type]
        return [step.kind if step else None for step in found]


def test_the_newest_state_comes_before_everything() -> None:
    desk = Desk()
    desk.store.set_view(frame=3)
    step = desk.next(gone=True)

    assert step is not None
    assert (step.kind, step.state) == (Kind.SHOW, desk.store.state)


def test_what_was_written_over_is_repaired_before_neighbours_are_prepared() -> None:
    desk = Desk()
    desk.next()
    desk.store.set_view(frame=3)
    desk.next()

    assert desk.kinds(1, gone=True) == [Kind.REPAIR]


def test_neighbours_are_prepared_in_the_direction_of_travel() -> None:
    desk = Desk()
    desk.store.set_view(frame=50)
    desk.next()
    desk.store.set_view(frame=49)
    desk.next()
    ahead = [desk.next() for _ in range(AHEAD_FRAMES)]

    assert [step.state.view.frame for step in ahead if step] == [48, 47, 46, 45]
    assert desk.next() is None


def test_nothing_is_prepared_while_the_line_is_busy_or_slow() -> None:
    desk = Desk()
    desk.next()
    desk.store.set_view(frame=1)
    desk.next()
    assert desk.next(ahead=0) is None

    slow = Desk(SLOW)
    slow.next()
    slow.store.set_view(frame=1)
    slow.next()
    assert slow.next() is None


def test_where_nobody_travels_one_neighbour_is_prepared_after_a_long_rest() -> None:
    desk = Desk()
    desk.next()
    desk.store.select(next(iter(desk.store.state.document.instances)))
    desk.next()
    assert desk.next() is None

    desk.now += LONG_REST_S
    assert desk.kinds(2) == [Kind.AHEAD, None]


def test_no_frame_beyond_the_ends_is_prepared() -> None:
    desk = Desk()
    desk.store.set_view(frame=98)
    desk.next()
    desk.store.set_view(frame=99)
    desk.next()

    assert desk.next() is None


@pytest.mark.parametrize(
    ("bytes_a_s", "first"), [(FAST, Quality.FULL), (10e6, Quality.REDUCED), (SLOW, Quality.COARSE)]
)
def test_the_line_decides_how_true_the_first_picture_is(bytes_a_s: float, first: Quality) -> None:
    step = Desk(bytes_a_s).next()

    assert step is not None
    assert step.quality is first


def test_while_keys_follow_each_other_pictures_are_quick_and_at_rest_true() -> None:
    desk = Desk(20e6)
    desk.next()
    qualities = []
    for frame in (1, 2, 3):
        desk.now += 0.1
        desk.store.set_view(frame=frame)
        step = desk.next()
        assert step is not None
        qualities.append(step.quality)
    assert qualities == [Quality.REDUCED] * 3
    assert desk.next(Quality.REDUCED, ahead=0) is None

    desk.now += REST_S
    step = desk.next(Quality.REDUCED)
    assert step is not None
    assert (step.kind, step.quality) == (Kind.REFINE, Quality.FULL)


def test_a_line_too_slow_for_the_true_picture_rests_with_the_reduced_one() -> None:
    desk = Desk(0.2e6, remote=True)
    desk.next()
    desk.now += REST_S

    step = desk.next(Quality.COARSE)
    assert step is not None
    assert step.quality is Quality.REDUCED
    assert desk.next(Quality.REDUCED) is None


def test_a_busy_terminal_of_this_machine_gets_the_true_picture_at_rest() -> None:
    busy = Desk(100e3)
    busy.next()
    busy.now += REST_S + 0.1

    step = busy.next(Quality.REDUCED)
    assert step is not None
    assert (step.kind, step.quality) == (Kind.REFINE, Quality.FULL)


def test_a_picture_that_follows_the_camera_is_made_true_when_the_keys_rest() -> None:
    desk = Desk()
    desk.next()
    before = desk.store.state
    desk.store.set_view(camera=Camera(center=(9.0, 9.0), scale=2.0))
    assert desk.was_followed_from(before)
    desk.agenda.follow()
    assert desk.next() is None

    desk.now += REST_S
    assert desk.kinds(1) == [Kind.SHOW]


@pytest.mark.parametrize("frame", [0, 1])
def test_only_a_camera_that_moves_alone_is_followed(frame: int) -> None:
    desk = Desk()
    before = desk.store.state
    desk.store.set_view(frame=frame, camera=Camera(center=(9.0, 9.0), scale=2.0))
    assert desk.was_followed_from(before) == (frame == 0)


def test_what_was_begun_in_a_terminal_that_was_left_is_begun_again() -> None:
    desk = Desk()
    assert desk.kinds(1) == [Kind.SHOW]
    desk.agenda.again()
    assert desk.kinds(1) == [Kind.SHOW]
