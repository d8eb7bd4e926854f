"""xterm.js, the terminal of VS Code, in a headless browser, with its add-on for pictures."""

from __future__ import annotations

import base64
import fcntl
import io
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tests.terminals.devtools import Browser
from tests.terminals.harness import DISPLAY_PX, Window, environment, missing, need, new_home, run_and_stay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.terminals.harness import XDisplay
    from tests.terminals.picture import Picture

PACKAGES = Path(os.environ.get("XTERMJS", Path(__file__).parents[2] / "build" / "xtermjs" / "node_modules"))
"""Where `make xtermjs` puts them."""
_FONT_PX = 13
_ON_TTY = 'tty=$1; shift; exec "$@" <>"$tty" >&0 2>&0'
_KEYS = {
    "Return": ("Enter", "Enter", 13, "\r"),
    "Escape": ("Escape", "Escape", 27, ""),
    "Tab": ("Tab", "Tab", 9, ""),
    "Up": ("ArrowUp", "ArrowUp", 38, ""),
    "Down": ("ArrowDown", "ArrowDown", 40, ""),
    "space": (" ", "Space", 32, " "),
}
_CTRL = 2


class XtermJs(Window):
    """A program in xterm.js."""

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str], home: Path, whole: bool) -> None:
        super().__init__(home)
        self._master, slave = pty.openpty()
        self._browser = Browser(home / "profile", DISPLAY_PX, self._to_program, self._log)
        self.process = self._browser.process
        for name, package in (("xterm", "xterm"), ("addon-image", "addon-image")):
            (home / name).symlink_to(PACKAGES / "@xterm" / package)
        shutil.copy(Path(__file__).with_suffix(".html"), home / "page.html")
        self._browser.open(f"{(home / 'page.html').as_uri()}?font={_FONT_PX}&whole={whole}")
        self._fit()
        variables = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TERM_PROGRAM": "vscode"}
        self._program = subprocess.Popen(
            ["sh", "-c", _ON_TTY, "sh", os.ttyname(slave), *argv],
            start_new_session=True,
            env=environment(home) | variables | dict(env),
        )
        self._closing = False
        self._slave = slave
        self._reader = threading.Thread(target=self._show, daemon=True, name="xtermjs")
        self._reader.start()

    def screenshot(self) -> Picture:
        """Return the page."""
        data = self._browser.ask("Page.captureScreenshot", format="png")["data"]
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))

    def keys(self, *names: str) -> None:
        """Press keys by their X names."""
        for name in names:
            *held, last = name.split("+")
            number = ord(last.upper()[0]) if last.isalnum() else 0  # the code of "-" is that of another key
            key, code, number, text = _KEYS.get(last, (last, f"Key{last.upper()}", number, last))
            modifiers = _CTRL if "ctrl" in held else 0
            event = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
            written = {} if modifiers or not text else {"text": text}
            self._browser.ask("Input.dispatchKeyEvent", type="keyDown", **event, **written)
            self._browser.ask("Input.dispatchKeyEvent", type="keyUp", **event)

    def type(self, text: str) -> None:
        """Type a text."""
        for character in text:
            self.keys({"\n": "Return", " ": "space"}.get(character, character))

    def resize_window(self, width_px: int, height_px: int) -> None:
        """Give the page another size; the terminal fills it."""
        self._browser.resize(width_px, height_px)
        self._fit()

    def close(self) -> None:
        """Close the page and what runs in it."""
        self._closing = True
        self._program.kill()
        self._program.wait()
        self._reader.join()
        for descriptor in (self._master, self._slave):
            os.close(descriptor)
        self._browser.close()
        self._cleanup.close()

    def _fit(self) -> None:
        columns, rows = self._browser.evaluate("fit()")
        # As in VS Code the line tells no pixels: only the answer to CSI 16 t does.
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _to_program(self, text: str) -> None:
        os.write(self._master, text.encode("utf-8", "replace"))

    def _show(self) -> None:
        while not self._closing:
            if select.select([self._master], [], [], 0.05)[0]:
                data = base64.b64encode(os.read(self._master, 1 << 16)).decode()
                self._browser.evaluate(f"feed('{data}')")


def xtermjs(
    display: XDisplay | None,
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    whole: bool = True,
) -> XtermJs:
    """Open xterm.js with a program in it; `whole`: in cells of whole pixels, which its font doesn't have."""
    need("chromium")
    if not (PACKAGES / "@xterm" / "addon-image").is_dir():
        missing("xterm.js is not installed: make xtermjs")
    home = new_home()
    return XtermJs(run_and_stay(home, argv), env=env or {}, home=home, whole=whole)
