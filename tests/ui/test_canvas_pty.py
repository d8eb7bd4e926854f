"""The canvas app in a terminal made of a pty: the bytes that it writes, and what it makes of hostile or odd input."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.terminals.answers import KITTY, SIXEL, TMUX, TMUX_IN_KITTY, TerminalKind
from tests.terminals.pty_host import PtyHost

ROOT = Path(__file__).parents[2]
START_S = 20.0
LEAVE_ALTERNATE = b"\x1b[?1049l"
PLACEHOLDER = "\U0010eeee".encode()
WRAPPED = re.compile(rb"\x1bPtmux;(?:[^\x1b]|\x1b\x1b)*\x1b\\")


def canvas(kind: TerminalKind, *options: str, delay_s: float = 0.0) -> PtyHost:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    argv = [sys.executable, "-m", "tests.ui.canvas_app", *options]
    return PtyHost(argv, kind=kind, env={"PYTHONPATH": paths}, delay_s=delay_s)


def uploaded(output: bytes) -> set[bytes]:
    return set(re.findall(rb"\x1b_Ga=t,[^;]*i=(\d+)", output))


def deleted(output: bytes) -> set[bytes]:
    return set(re.findall(rb"\x1b_Ga=d,d=I,i=(\d+)", output))


def sees_picture(host: PtyHost) -> bool:
    return b"\x1b_Ga=p" in host.output or b"\x1bP0;1;0q" in host.output


def quit_by_key(host: PtyHost) -> None:
    host.send(b"q")
    assert host.wait_exit(timeout_s=START_S) == 0


def test_all_images_are_deleted_before_the_terminal_is_given_back() -> None:
    with canvas(KITTY) as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        host.send(b"n")
        host.wait_for_text("frame 1")
        quit_by_key(host)

        before, _, after = host.output.rpartition(LEAVE_ALTERNATE)
        assert len(uploaded(host.output)) >= 2
        last_upload = before.rfind(b"\x1b_Ga=t")
        assert uploaded(before) <= deleted(before[last_upload:])
        assert b"\x1b_G" not in after


def test_every_mode_that_is_set_is_reset() -> None:
    with canvas(SIXEL) as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        quit_by_key(host)

        assert 1016 not in host.answerer.set_modes
        assert host.answerer.set_modes <= {7, 25}  # line wrap and the cursor are on by default


def test_nothing_of_a_report_is_typed_into_the_shell_after_the_end() -> None:
    with canvas(KITTY) as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        quit_by_key(host)

        asked = host.output.count(b"\x1b[6n")
        assert asked
        # The last question was asked before the way out began.
        assert host.output.rfind(b"\x1b[6n") < host.output.rfind(LEAVE_ALTERNATE)


@pytest.mark.parametrize("kind", [KITTY, SIXEL], ids=["kitty", "sixel"])
def test_late_answers_press_no_keys(kind: TerminalKind) -> None:
    with canvas(kind) as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        host.send(
            b"\x1bP>|nnn(1)\x1b\\\x1b_Gi=31;nnn\x1b\\\x1b[?62;4;22c\x1b]52;c;nnnn\x1b\\\x1b[?1;0;256S\x1b[6;16;8t"
        )
        host.send(b"n")

        host.wait_for_text("frame 1")
        quit_by_key(host)
        assert "frame 2" not in host.output.decode("utf-8", "replace")


def told(dump: Path) -> Any:
    return json.loads(dump.read_text()) if dump.exists() else {"keys": [], "graphics": ""}


def test_over_a_line_of_400_ms_the_terminal_is_known_and_what_was_typed_meanwhile_is_done(tmp_path: Path) -> None:
    dump = tmp_path / "dump.json"
    with canvas(KITTY, "--dump", str(dump), delay_s=0.4) as host:
        host.send(b"\r")  # before anybody asks
        host.wait_for(lambda host: b"\x1b[c" in host.output, timeout_s=START_S)
        host.send("xü".encode())  # while the answers are on their way

        host.wait_for(lambda _: told(dump)["graphics"] == "kitty", timeout_s=START_S)
        host.wait_for(lambda _: len(told(dump)["keys"]) >= 3)
        assert told(dump)["keys"] == ["enter", "x", "ü"]
        quit_by_key(host)


@pytest.mark.parametrize("delay_s", [0.1, 0.3, 1.5])
def test_answers_after_the_deadline_press_no_keys(delay_s: float, tmp_path: Path) -> None:
    dump = tmp_path / "dump.json"
    with canvas(
        dataclasses.replace(KITTY, name="qqq(n)"), "--deadline", "0.02", "--dump", str(dump), delay_s=delay_s
    ) as host:
        host.wait_for(lambda host: b"\x1b[?62c" in host.answered, timeout_s=START_S)
        host.wait_for(lambda host: b"?2026;2$y" in host.answered.partition(b"\x1b[?62c")[2], timeout_s=START_S)
        host.send(b"x")

        host.wait_for(lambda _: bool(told(dump)["keys"]))
        assert told(dump)["keys"] == ["x"]
        assert told(dump)["graphics"] == "cells"
        quit_by_key(host)


def sent_again(host: PtyHost) -> bool:
    """Return whether a picture was sent twice: a multiplexer loses what follows soon after much text."""
    *_, before, last, _ = [b"", b"", *host.output.split(b"a=p,U=1")]
    pixels = [b"".join(re.findall(rb"_G[^;\x1b]*;([^\x1b]*)", part)) for part in (before, last)]
    return pixels[1] != b"" and pixels[0].endswith(pixels[1]) and host.output.count(PLACEHOLDER) >= 160 * 44


def test_in_a_tmux_that_passes_on_the_picture_goes_to_the_terminal_around_it(tmp_path: Path) -> None:
    dump = tmp_path / "dump.json"
    with canvas(TMUX_IN_KITTY, "--dump", str(dump), delay_s=0.1) as host:
        host.wait_for(lambda host: b"a=p,U=1" in host.output, timeout_s=START_S)
        host.wait_for(lambda host: host.output.count(PLACEHOLDER) == 160 * 44, timeout_s=START_S)
        host.wait_for(lambda _: told(dump)["graphics"] == "kitty")
        assert b"\x1b_G" not in WRAPPED.sub(b"", host.output).partition(b"\x1b[?1049h")[2]

        host.wait_for(sent_again)
        text, uploads = host.output.count(PLACEHOLDER), host.output.count(b"a=p,U=1")
        host.send(b"n")
        host.wait_for(lambda host: host.output.count(b"a=p,U=1") > uploads)
        host.wait_for_text("frame 1")
        assert host.output.count(PLACEHOLDER) == text, "a new picture needs no text"
        quit_by_key(host)
        assert b"a=d,d=I" in host.output[host.output.rfind(b"a=p,U=1") :]


def test_a_dialog_over_placeholders_is_text_and_they_come_back_without_an_upload(tmp_path: Path) -> None:
    with canvas(TMUX_IN_KITTY) as host:
        host.wait_for(sent_again, timeout_s=START_S)
        text, uploads = host.output.count(PLACEHOLDER), host.output.count(b"a=p,U=1")
        host.send(b"d")
        host.wait_for_text("A dialog")
        host.send(b"d")
        host.wait_for(lambda host: host.output.count(PLACEHOLDER) >= text + 7 * 30)
        assert host.output.count(b"a=p,U=1") == uploads
        quit_by_key(host)


def test_in_a_tmux_that_passes_nothing_on_there_are_half_blocks(tmp_path: Path) -> None:
    dump = tmp_path / "dump.json"
    with canvas(TMUX, "--dump", str(dump)) as host:
        host.wait_for(lambda _: told(dump)["graphics"] == "cells", timeout_s=START_S)
        quit_by_key(host)
        assert PLACEHOLDER not in host.output


def test_a_hostile_name_reaches_the_terminal_without_a_control_character() -> None:
    hostile = "car\x1b]52;c;eA==\x1b\\\x9b1;1H\u202e\x1b[cend"
    with canvas(KITTY, "--status", hostile) as host:
        host.wait_for_text("end", timeout_s=START_S)
        quit_by_key(host)

        output = host.output.decode("utf-8", "replace")
        assert "\x1b]52" not in output
        assert "\x9b" not in output
        assert "\u202e" not in output
        asked = host.output.find(b"\x1b[c")
        assert host.output.count(b"\x1b[c") == 1
        assert asked < host.output.find(b"\x1b[?1049h")  # by the probe


def test_a_terminal_that_does_not_read_stops_neither_the_app_nor_its_end() -> None:
    with canvas(KITTY) as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        host.stall()
        for _ in range(60):
            host.send(b"n")
        host.send(b"q")
        assert host.process.wait(START_S) == 0
        host.resume()


def test_a_terminal_that_reads_again_shows_the_newest_frame_and_few_of_those_between() -> None:
    with canvas(KITTY) as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        before = host.output.count(b"a=t,")
        host.stall()
        for _ in range(40):
            host.send(b"n")
        host.send(b"d")
        host.resume()

        host.wait_for_text("frame 40", timeout_s=START_S)
        host.wait_for_text("A dialog", timeout_s=START_S)
        assert host.output.count(b"a=t,") - before < 60  # two pictures a frame, had all been sent
        quit_by_key(host)


def is_stopped(host: PtyHost) -> bool:
    """Return whether the program has stopped itself: a SIGCONT before that would be lost."""
    state = Path(f"/proc/{host.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state == "T"


def test_the_picture_is_sent_anew_after_suspension() -> None:
    with canvas(KITTY) as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        host.send(b"\x1a")
        host.wait_for(lambda host: host.output.rstrip().endswith(b"\x1b[?1004l"))
        host.wait_for(is_stopped)
        suspended = len(host.output)
        host.signal(signal.SIGCONT)

        host.wait_for(lambda host: b"\x1b_Ga=p" in host.output[suspended:], timeout_s=START_S)
        assert b"\x1b_Ga=t" in host.output[suspended:]
        quit_by_key(host)


def test_the_text_is_written_anew_after_suspension() -> None:
    with canvas(KITTY, "--status", "all is well") as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        host.wait_for_text("all is well")
        host.send(b"\x1a")
        host.wait_for(lambda host: host.output.rstrip().endswith(b"\x1b[?1004l"))
        host.wait_for(is_stopped)
        suspended = len(host.output)
        host.signal(signal.SIGCONT)

        host.wait_for(lambda host: b"all is well" in host.output[suspended:], timeout_s=START_S)
        quit_by_key(host)


def test_stopped_by_somebody_else_and_continued_it_gives_the_terminal_back_as_it_was() -> None:
    with canvas(KITTY, "--status", "all is well") as host:
        before = host.line_modes()
        host.wait_for(sees_picture, timeout_s=START_S)
        host.wait_for_text("all is well")
        host.signal(signal.SIGSTOP)
        host.wait_for(is_stopped)
        stopped = len(host.output)
        host.signal(signal.SIGCONT)

        host.wait_for(lambda host: b"all is well" in host.output[stopped:], timeout_s=START_S)
        quit_by_key(host)
        assert host.line_modes() == before
        assert host.output.count(b"\x1b[?1049h") == host.output.count(LEAVE_ALTERNATE) == 1


def test_a_smaller_terminal_gets_a_smaller_picture() -> None:
    with canvas(SIXEL) as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        host.resize(100, 30)

        host.wait_for(lambda host: b'q"1;1;800;464' in host.output, timeout_s=START_S)
        quit_by_key(host)


def test_another_font_size_gets_another_picture_though_the_cells_are_as_many() -> None:
    with canvas(SIXEL) as host:
        host.wait_for(lambda host: b'q"1;1;1280;704' in host.output, timeout_s=START_S)
        host.geometry.cell_px = (10, 20)
        host.resize(160, 45)

        host.wait_for(lambda host: b'q"1;1;1600;880' in host.output, timeout_s=START_S)
        quit_by_key(host)


def test_the_pointer_is_exact_to_the_pixel_where_the_terminal_tells_pixels() -> None:
    with canvas(SIXEL) as host:
        host.wait_for(sees_picture, timeout_s=START_S)
        assert 1016 in host.answerer.set_modes
        host.send(b"\x1b[<35;701;353M")

        # The frame, 640 × 480, fills the height of 704: (700.5 - 640) / (704 / 480) + 320 = 361.25
        host.wait_for_text("move 361.2 240.3")
        quit_by_key(host)
