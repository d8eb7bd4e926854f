"""Drives a program in real terminal emulators on a display of its own: keys and mouse in, screenshots out.

    with XDisplay() as display, kitty(display, ["tui-editor", "open", "…"]) as terminal:
        terminal.wait_until(lambda picture: find_colour(picture, (255, 0, 0)) is not None)
        terminal.keys("a", "Return")

Nothing sleeps for a fixed time: every wait polls until a condition holds and the picture has settled.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

import pytest

from tests.terminals.picture import Picture, find_colour, read_xwd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

DISPLAY_PX = (1280, 800)
_POLL_S = 0.05
_KITTY_CONF = """\
remember_window_size no
initial_window_width {width}
initial_window_height {height}
font_family DejaVu Sans Mono
font_size 12
cursor_blink_interval 0
confirm_os_window_close 0
update_check_interval 0
window_padding_width 0
placement_strategy top-left
enable_audio_bell no
"""
TMUX_CONF = """\
set -g status off
set -g escape-time 0
set -g default-terminal tmux-256color
set -g allow-passthrough on
set -as terminal-features ',*:RGB'
"""
# Keeps the window after the program's end, so that what it left behind can be seen, and tells its exit code.
_RUN = 'code=$1; shift; "$@"; echo $? >"$code.part"; mv "$code.part" "$code"; exec sleep 100000'

# Fills the screen until somebody has seen where it lies.
_FILL = (
    r'printf "\033[?25l\033[48;2;255;0;255m\033[2J"; '
    r'while [ ! -e "$1" ]; do sleep 0.05; done; shift; printf "\033[m\033[2J\033[H\033[?25h"; exec "$@"'
)
_FILLED = (255, 0, 255)


def need(*tools: str) -> None:
    """Skip the test when a tool is not on PATH, naming the first one missing."""
    for tool in tools:
        if shutil.which(tool) is None:
            missing(f"{tool} is not installed")


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be missing: with TERMINAL_TESTS=all."""
    if os.environ.get("TERMINAL_TESTS") == "all":
        pytest.fail(reason)
    pytest.skip(reason)


class XDisplay:
    """An X server without a screen (Xvfb) on the first free display number. Use it as a context manager."""

    def __init__(self, *, width_px: int = DISPLAY_PX[0], height_px: int = DISPLAY_PX[1]) -> None:
        need("Xvfb", "xdotool", "xwd")
        self.size_px = (width_px, height_px)
        reader, writer = os.pipe()
        screen = f"{width_px}x{height_px}x24"
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as lines:
            number = lines.readline().strip()  # empty when the server ended without serving
        if not number:
            raise RuntimeError(f"Xvfb ended with exit code {self._server.wait()}")
        self.name = f":{number}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server."""
        self._server.terminate()
        self._server.wait()

    def run(self, *argv: str) -> bytes:
        """Run a client of this display and return what it prints; CalledProcessError when it fails."""
        return subprocess.run(argv, env={**os.environ, "DISPLAY": self.name}, check=True, capture_output=True).stdout

    def screenshot(self) -> Picture:
        """Return the whole display."""
        return read_xwd(self.run("xwd", "-root", "-silent"))


class Window:
    """A program inside one emulator's window. Use it as a context manager.

    Attributes:
        home: The HOME of the emulator and the program: a folder of their own, removed at the end.
        exit_file: Where the program's exit code is written.
        origin_px: (x, y) of the first cell on the screenshot.
        server: The command that speaks to the window's tmux, where it has one.
    """

    origin_px = (0, 0)
    server: Sequence[str] = ()

    def __init__(self, home: Path) -> None:
        self.home = home
        self.exit_file = _exit_file(home)
        self._cleanup = ExitStack()
        self._cleanup.callback(shutil.rmtree, home, ignore_errors=True)
        self._log = (home / "emulator.log").open("wb")
        self._cleanup.callback(self._log.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    process: subprocess.Popen[bytes]
    """The emulator."""

    @property
    def exit_code(self) -> int | None:
        """Return the program's exit code, None while it runs."""
        return int(self.exit_file.read_text()) if self.exit_file.exists() else None

    def screenshot(self) -> Picture:
        """Return what is seen."""
        raise NotImplementedError

    def keys(self, *names: str) -> None:
        """Press keys by their X names: "a", "Return", "Escape", "ctrl+z"."""
        raise NotImplementedError

    def type(self, text: str) -> None:
        """Type a text, one key after the other."""
        raise NotImplementedError

    def resize_window(self, width_px: int, height_px: int) -> None:
        """Give the emulator's window another size, as a person who drags its corner does."""
        raise NotImplementedError

    def wait_until(self, condition: Callable[[Picture], bool], *, timeout_s: float = 30.0) -> Picture:
        """Return the screenshot once `condition` holds for it and it equals the one before.

        Raises:
            AssertionError: Not in time, or the emulator ended; names the screenshot that it wrote for a look.
        """
        deadline = time.monotonic() + timeout_s
        before: Picture | None = None
        while True:
            picture = self.screenshot()
            same = before is not None and before.shape == picture.shape and bool((picture == before).all())
            if same and condition(picture):
                return picture
            before = picture
            if time.monotonic() > deadline or self.process.poll() is not None:
                self._fail(picture, timeout_s)
            time.sleep(_POLL_S)

    def wait_settled(self, *, still_s: float = 2.0, timeout_s: float = 30.0) -> Picture:
        """Return what is seen once it has stayed the same for `still_s`: drawn whole, and refined at rest.

        Raises:
            AssertionError: As `wait_until` does.
        """
        since = time.monotonic()
        seen: Picture | None = None

        def settled(picture: Picture) -> bool:
            nonlocal since, seen
            if seen is None or seen.shape != picture.shape or not bool((picture == seen).all()):
                since, seen = time.monotonic(), picture
            return time.monotonic() - since > still_s

        return self.wait_until(settled, timeout_s=timeout_s)

    def wait_exit(self, *, timeout_s: float = 30.0) -> Picture:
        """Wait for the program's end; return what the emulator shows after it."""
        return self.wait_until(lambda _: self.exit_code is not None, timeout_s=timeout_s)

    def close(self) -> None:
        """Close the window and what runs in it."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._cleanup.close()

    def on_close(self, function: Callable[..., object], *args: object, **options: object) -> None:
        """Have a function called after the window was closed; the last one given goes first."""
        self._cleanup.callback(function, *args, **options)

    def _fail(self, picture: Picture, timeout_s: float) -> None:
        from PIL import Image

        folder = Path(os.environ.get("TERMINAL_SHOTS", tempfile.gettempdir()))
        shot = folder / f"terminal-{self.process.pid}.png"
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(shot)
        self._log.flush()
        log = (self.home / "emulator.log").read_text(errors="replace")[-2000:]
        state = f"emulator {self.process.poll()}, program {self.exit_code}"
        raise AssertionError(f"not within {timeout_s} s ({state}); look at {shot}\n{log}")


class Terminal(Window):
    """An emulator's window at the top left of an X display."""

    def __init__(self, display: XDisplay, argv: Sequence[str], *, env: Mapping[str, str], home: Path) -> None:
        super().__init__(home)
        self.display = display
        variables = environment(home) | {"DISPLAY": display.name, **env}
        self.process = subprocess.Popen(
            argv,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        # Some emulators leave helpers of their own behind.
        self._cleanup.callback(_end_group, self.process.pid)
        # Without a window manager the keys go to the window under the pointer.
        display.run("xdotool", "mousemove", str(display.size_px[0] // 4), str(display.size_px[1] // 4))

    def screenshot(self) -> Picture:
        """Return the display."""
        return self.display.screenshot()

    def keys(self, *names: str) -> None:
        """Press keys by their X names: "a", "Return", "Escape", "ctrl+z"."""
        self.display.run("xdotool", "key", "--delay", "15", *names)

    def type(self, text: str) -> None:
        """Type a text, one key after the other."""
        self.display.run("xdotool", "type", "--delay", "15", "--", text)

    def click(self, x_px: int, y_px: int, *, button: int = 1) -> None:
        """Click at a pixel of the display; buttons 4 and 5 turn the wheel."""
        self.display.run("xdotool", "mousemove", str(x_px), str(y_px), "click", str(button))

    def drag(self, start_px: tuple[int, int], end_px: tuple[int, int]) -> None:
        """Press the left button at one pixel of the display, move to another, release."""
        start, end = [str(value) for value in start_px], [str(value) for value in end_px]
        self.display.run("xdotool", "mousemove", *start, "mousedown", "1", "mousemove", *end, "mouseup", "1")

    def resize_window(self, width_px: int, height_px: int) -> None:
        """Give the emulator's window another size, as a person who drags its corner does."""
        windows = self.display.run("xdotool", "search", "--onlyvisible", "--name", "").decode().split()
        for window in windows:  # the only client of its display: each visible window is the emulator's
            self.display.run("xdotool", "windowsize", window, str(width_px), str(height_px))


def _end_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def environment(home: Path) -> dict[str, str]:
    """Return the variables of an emulator: nothing of the terminal and the multiplexer that the tests run in."""
    dropped = {"TMUX", "TMUX_PANE", "STY", "WAYLAND_DISPLAY", "COLUMNS", "LINES", "TERM_PROGRAM", "SSH_CONNECTION"}
    variables = {key: value for key, value in os.environ.items() if key not in dropped}
    return variables | {"HOME": str(home), "LC_ALL": "C.UTF-8"}


def kitty(display: XDisplay, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> Terminal:
    """Open kitty over the whole display (drawn by software) with a program in it."""
    need("kitty")
    home = new_home()
    conf = home / "kitty.conf"
    conf.write_text(_KITTY_CONF.format(width=display.size_px[0], height=display.size_px[1]))
    command = ["kitty", "--config", str(conf), *run_and_stay(home, argv)]
    return Terminal(display, command, env={"LIBGL_ALWAYS_SOFTWARE": "1", **(env or {})}, home=home)


def xterm(display: XDisplay, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> Terminal:
    """Open xterm as a VT340 (sixel, 256 colour registers) with a program in it."""
    need("xterm")
    home = new_home()
    resources = {
        "maxGraphicSize": "2000x2000",
        "numColorRegisters": "256",
        "cursorBlink": "false",
        "internalBorder": "0",
        "borderWidth": "0",
    }
    settings = [word for name, value in resources.items() for word in ("-xrm", f"XTerm*{name}: {value}")]
    look = [
        "-ti",
        "vt340",
        "-geometry",
        "140x45+0+0",
        "-fa",
        "DejaVu Sans Mono",
        "-fs",
        "9",
        "-bg",
        "black",
        "-fg",
        "white",
    ]
    return Terminal(display, ["xterm", *settings, *look, "-e", *run_and_stay(home, argv)], env=env or {}, home=home)


def after_fill(home: Path, argv: Sequence[str]) -> list[str]:
    """Return the command that fills the screen with a colour until `find_origin` has seen it, then runs a program."""
    return ["sh", "-c", _FILL, "sh", str(home / "seen"), *argv]


def find_origin(terminal: Terminal) -> Terminal:
    """Return the terminal with its origin: emulators with bars and margins of their own need it."""
    filled = find_colour(terminal.wait_until(lambda shown: find_colour(shown, _FILLED) is not None), _FILLED)
    assert filled is not None
    terminal.origin_px = filled[:2]
    (terminal.home / "seen").touch()
    return terminal


def tmux_in(
    outer: Callable[..., Terminal], display: XDisplay, argv: Sequence[str], *, env: Mapping[str, str] | None = None
) -> Terminal:
    """Open an emulator (`kitty` or `xterm`) with a tmux of its own and the program inside that."""
    need("tmux")
    folder = new_home()
    (folder / "tmux.conf").write_text(TMUX_CONF)
    server = ["tmux", "-S", str(folder / "socket"), "-f", str(folder / "tmux.conf")]
    terminal = outer(display, [*server, "new-session", *run_and_stay(folder, argv)], env=env)
    terminal.server, terminal.exit_file = server, _exit_file(folder)
    terminal.on_close(shutil.rmtree, folder, ignore_errors=True)
    terminal.on_close(subprocess.run, [*server, "kill-server"], capture_output=True)
    return terminal


def keep(picture: Picture, name: str) -> None:
    """Write a screenshot for a look where TERMINAL_SHOTS says; nowhere without it."""
    from PIL import Image

    if folder := os.environ.get("TERMINAL_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(Path(folder) / f"{name}.png")


def when_json(path: Path, holds: Callable[[Any], bool]) -> Callable[[Picture], bool]:
    """Return a condition for `Terminal.wait_until`: the program's dump file exists and `holds` for its JSON."""

    def condition(_: Picture) -> bool:
        try:
            return holds(json.loads(path.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):  # not written yet, or half written
            return False

    return condition


def new_home() -> Path:
    """Return a new folder for an emulator and its program."""
    return Path(tempfile.mkdtemp(prefix="tui-editor-terminal-"))


def _exit_file(home: Path) -> Path:
    return home / "exit-code"


def run_and_stay(home: Path, argv: Sequence[str]) -> list[str]:
    """Return the command that runs a program, writes its exit code, and keeps the window."""
    return ["sh", "-c", _RUN, "sh", str(_exit_file(home)), *argv]
