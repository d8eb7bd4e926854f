"""Flow control and the writer."""

from __future__ import annotations

import os
import select
import threading

from tui_editor.ui.terminal.flow import IN_FLIGHT, LOST_AFTER_S, Flow
from tui_editor.ui.terminal.writer import Writer


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_no_more_than_two_updates_are_on_their_way() -> None:
    flow = Flow()
    flow.sent(10)
    assert flow.ready()
    flow.sent(20)
    assert not flow.ready()

    sent = flow.acknowledged()
    assert sent is not None
    assert sent.size == 10
    assert flow.ready()
    assert flow.in_flight == IN_FLIGHT - 1


def test_the_time_of_an_update_runs_from_the_write_to_the_answer() -> None:
    clock = Clock()
    flow = Flow(clock=clock)
    flow.sent(10)
    clock.now = 0.25

    assert flow.acknowledged() == (10, 250.0, True)
    assert flow.acknowledged() is None


def test_an_answer_that_never_comes_is_given_up() -> None:
    clock = Clock()
    flow = Flow(clock=clock)
    flow.sent(1)
    flow.sent(2)
    clock.now = LOST_AFTER_S
    assert not flow.ready()
    clock.now += 0.1
    assert flow.ready()


def test_the_writer_writes_all_in_order_and_tells_when_it_is_done() -> None:
    reading, writing = os.pipe()
    done = threading.Event()
    writer = Writer(writing, done.set)
    for number in range(50):
        writer.write(b"%d," % number)
    writer.start()

    assert done.wait(5)
    assert writer.wait_drained(5)
    assert b"".join(b"%d," % number for number in range(50)) == os.read(reading, 1000)
    writer.stop(5)


def test_a_reader_that_does_not_read_holds_up_neither_writes_nor_the_end() -> None:
    reading, writing = os.pipe()
    writer = Writer(writing, lambda: None)
    writer.start()
    for _ in range(400):
        writer.write(b"x" * 4096)

    assert writer.waiting > 0
    assert not writer.wait_drained(0.01)
    writer.stop(0.01)
    os.close(reading)


def test_writes_to_a_terminal_that_is_gone_go_nowhere() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    gone = threading.Event()
    writer = Writer(writing, gone.set)
    writer.start()
    writer.write(b"x")

    assert gone.wait(5)
    assert writer.broken
    writer.stop(5)


def test_an_answer_that_another_thread_takes_meanwhile_does_no_harm() -> None:
    flow = Flow(clock=lambda: 0.0)

    def answered() -> float:
        flow.acknowledged()
        return 0.0

    for size in (10, 1_000_000):
        flow.sent(size)
        flow._clock, asked = answered, flow._clock
        assert flow.wait_s() >= 0.0
        flow._clock = asked
        assert flow.ready()


def test_a_terminal_that_takes_nothing_of_what_waits_is_stuck_until_it_reads() -> None:
    reading, writing = os.pipe()
    written = threading.Event()
    writer = Writer(writing, written.set)
    writer.start()
    assert writer.stuck_s == 0.0
    writer.write(b"x" * (1 << 20))
    while not select.select([reading], [], [], 0)[0]:
        pass
    first = writer.stuck_s
    while writer.stuck_s <= first:  # time passes, and nothing is read
        pass
    while not written.is_set():
        os.read(reading, 1 << 16)
    assert writer.stuck_s == 0.0
    writer.stop(1.0)
    os.close(reading)
    os.close(writing)
