"""foot, a terminal of Wayland with sixel, in a compositor whose screen is a window of the X display."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

from tests.terminals.harness import (
    Terminal,
    XDisplay,
    after_fill,
    environment,
    find_origin,
    need,
    new_home,
    run_and_stay,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SOCKET = "tui-editor"
_WESTON = ["weston", "--backend=x11-backend.so", "--use-pixman", "--shell=kiosk-shell.so", "--idle-time=0"]


def foot(display: XDisplay, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> Terminal:
    """Open foot with a program in it."""
    need("foot", "weston")
    home = new_home()
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    variables = {"XDG_RUNTIME_DIR": str(runtime), **(env or {})}
    width, height = display.size_px
    weston = subprocess.Popen(
        [*_WESTON, f"--width={width}", f"--height={height}", f"--socket={_SOCKET}"],
        env=environment(home) | {"DISPLAY": display.name, **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not (runtime / _SOCKET).exists() and weston.poll() is None:
        time.sleep(0.05)
    look = ["-o", "main.font=DejaVu Sans Mono:size=9", "-o", "main.pad=0x0", "-o", "csd.preferred=none"]
    command = ["foot", *look, *run_and_stay(home, after_fill(home, argv))]
    terminal = Terminal(display, command, env={"WAYLAND_DISPLAY": _SOCKET, **variables}, home=home)
    terminal.on_close(weston.wait)
    terminal.on_close(weston.terminate)
    display.run("xdotool", "mousemove", str(width - 1), str(height - 1))  # the compositor draws the pointer
    return find_origin(terminal)
