"""The harness itself: text, pictures, keys and ends in each emulator, looked at by screenshot."""

from __future__ import annotations

import base64
import io
import sys
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.terminals.harness import Terminal, XDisplay, kitty, tmux_in, when_json, xterm
from tests.terminals.picture import Picture, count_colour, find_colour

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.terminal

MAGENTA = (255, 0, 255)
GREEN = (0, 255, 0)
BLOCK_BELOW = b"\x1b[20;7H\x1b[48;2;255;0;255m \x1b[0m"
BLOCK = r"printf '\033[?25l\033[3;5H\033[48;2;255;0;255m          \033[0m'"


def shows(colour: tuple[int, int, int]) -> Callable[[Picture], bool]:
    return lambda picture: find_colour(picture, colour) is not None


def in_tmux_in_kitty(display: XDisplay, argv: list[str]) -> Terminal:
    return tmux_in(kitty, display, argv)


def in_tmux_in_xterm(display: XDisplay, argv: list[str]) -> Terminal:
    return tmux_in(xterm, display, argv)


@pytest.mark.parametrize("emulator", [kitty, xterm, in_tmux_in_kitty, in_tmux_in_xterm])
def test_a_coloured_block_is_seen_at_its_cells(display: XDisplay, emulator: Callable[..., Terminal]) -> None:
    with emulator(display, ["sh", "-c", BLOCK]) as terminal:
        picture = terminal.wait_until(shows(MAGENTA))
        box = find_colour(picture, MAGENTA)
        assert box is not None

        left, top, right, bottom = box
        cell_width, cell_height = (right - left) / 10, bottom - top
        assert cell_height > cell_width > 4
        assert (left, top) == (round(4 * cell_width), 2 * cell_height)
        assert (right - left) * (bottom - top) == count_colour(picture, MAGENTA)


@pytest.mark.parametrize("emulator", [kitty, xterm, in_tmux_in_kitty])
def test_typed_keys_reach_the_program_and_its_exit_code_comes_back(
    display: XDisplay, emulator: Callable[..., Terminal]
) -> None:
    script = f'stty -echo; {BLOCK}; read word; test "$word" = go && exit 7'
    with emulator(display, ["sh", "-c", script]) as terminal:
        terminal.wait_until(shows(MAGENTA))
        assert terminal.exit_code is None

        terminal.type("go")
        terminal.keys("Return")
        terminal.wait_exit()
        assert terminal.exit_code == 7


@pytest.mark.parametrize("emulator", [kitty, xterm])
def test_the_program_hears_of_the_window_s_new_size(display: XDisplay, emulator: Callable[..., Terminal]) -> None:
    script = (
        "import os, signal, sys\n"
        "before = os.get_terminal_size()\n"
        "signal.signal(signal.SIGWINCH, lambda *_: os.get_terminal_size().columns < before.columns and os._exit(7))\n"
        "os.write(1, b'\\x1b[48;2;255;0;255m\\x1b[2J')\n"
        "while True: signal.pause()\n"
    )
    with emulator(display, [sys.executable, "-c", script]) as terminal:
        terminal.wait_until(shows(MAGENTA))
        terminal.resize_window(640, 400)
        terminal.wait_exit()

        assert terminal.exit_code == 7


def test_a_condition_on_the_dump_file_is_waited_for(display: XDisplay, tmp_path: Path) -> None:
    dump = tmp_path / "state.json"
    script = f"""{BLOCK}; read key; printf '{{"frame": ' >{dump}; printf '12}}' >>{dump}"""
    with xterm(display, ["sh", "-c", script]) as terminal:
        terminal.wait_until(shows(MAGENTA))
        assert not dump.exists()

        terminal.keys("Return")
        picture = terminal.wait_until(when_json(dump, lambda state: state["frame"] == 12))
        assert picture.shape == (display.size_px[1], display.size_px[0], 3)


def test_the_mouse_reaches_the_program(display: XDisplay) -> None:
    script = (
        "import os, tty; tty.setraw(0); report = b''\n"
        "os.write(1, b'\\x1b[?1000;1006h\\x1b[48;2;255;0;255m\\x1b[2J')\n"
        "while not report.endswith(b'm'): report += os.read(0, 100)\n"
        "os._exit(7 if report.startswith(b'\\x1b[<0;') else 1)"
    )
    with xterm(display, [sys.executable, "-c", script]) as terminal:
        terminal.wait_until(shows(MAGENTA))
        terminal.click(300, 200)
        terminal.wait_exit()

        assert terminal.exit_code == 7


def test_a_kitty_picture_is_seen_where_the_cursor_was(display: XDisplay, tmp_path: Path) -> None:
    png = io.BytesIO()
    Image.new("RGB", (60, 40), GREEN).save(png, "PNG")
    sequence = tmp_path / "picture"
    upload = b"\x1b_Ga=T,f=100,q=2;" + base64.b64encode(png.getvalue()) + b"\x1b\\"
    sequence.write_bytes(b"\x1b[?25l\x1b[5;7H" + upload + BLOCK_BELOW)
    with kitty(display, ["cat", str(sequence)]) as terminal:
        picture = terminal.wait_until(lambda shot: shows(GREEN)(shot) and shows(MAGENTA)(shot))
        box, block = find_colour(picture, GREEN), find_colour(picture, MAGENTA)
        assert box is not None
        assert block is not None

        left, top, right, bottom = box
        cell_height = block[3] - block[1]
        assert (right - left, bottom - top) == (60, 40)
        assert (left, top) == (block[0], 4 * cell_height)


def test_a_sixel_picture_is_seen_where_the_cursor_was(display: XDisplay, tmp_path: Path) -> None:
    sequence = tmp_path / "picture"
    bands = b"-".join([b"#0!60~"] * 7)  # seven bands of six rows, all set
    sequence.write_bytes(b'\x1b[?25l\x1b[1;7H\x1bP0;1q"1;1;60;42#0;2;0;100;0' + bands + b"\x1b\\" + BLOCK_BELOW)
    with xterm(display, ["cat", str(sequence)]) as terminal:
        picture = terminal.wait_until(lambda shot: shows(GREEN)(shot) and shows(MAGENTA)(shot))
        box, block = find_colour(picture, GREEN), find_colour(picture, MAGENTA)
        assert box is not None
        assert block is not None

        left, top, right, bottom = box
        assert (right - left, bottom - top) == (60, 42)
        assert (left, top) == (block[0], 0)


def test_what_never_comes_is_told_with_a_screenshot(
    display: XDisplay, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TERMINAL_SHOTS", str(tmp_path))
    with xterm(display, ["true"]) as terminal, pytest.raises(AssertionError, match="not within"):
        terminal.wait_until(lambda _: False, timeout_s=0.1)

    assert [shot.suffix for shot in tmp_path.iterdir()] == [".png"]


def test_closing_leaves_no_process_and_no_folder(display: XDisplay) -> None:
    with in_tmux_in_xterm(display, ["sh", "-c", BLOCK]) as terminal:
        terminal.wait_until(shows(MAGENTA))
        home, folder = terminal.home, terminal.exit_file.parent
        assert home.exists()
        assert folder.exists()

    assert terminal.process.poll() is not None
    assert not home.exists()
    assert not folder.exists()
