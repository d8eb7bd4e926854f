"""Konsole: kitty graphics in layers and sixel, and no answer to a question about modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.terminals.harness import Terminal, XDisplay, after_fill, find_origin, need, new_home, run_and_stay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PROFILE = """\
[General]
Name=test
Parent=FALLBACK/
TerminalMargin=0

[Appearance]
Font=DejaVu Sans Mono,9,-1,5,50,0,0,0,0,0

[Scrolling]
ScrollBarPosition=2
HistoryMode=0
"""


def konsole(display: XDisplay, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> Terminal:
    """Open Konsole with a program in it."""
    need("konsole", "dbus-run-session")
    home = new_home()
    runtime, profiles = home / "runtime", home / ".local/share/konsole"
    runtime.mkdir(mode=0o700)
    profiles.mkdir(parents=True)
    (profiles / "test.profile").write_text(_PROFILE)
    width, height = display.size_px
    look = ["--nofork", "--hide-menubar", "--hide-tabbar", "--geometry", f"{width}x{height}+0+0", "--profile", "test"]
    command = ["dbus-run-session", "konsole", *look, "-e", *run_and_stay(home, after_fill(home, argv))]
    return find_origin(Terminal(display, command, env={"XDG_RUNTIME_DIR": str(runtime), **(env or {})}, home=home))
