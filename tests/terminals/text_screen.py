"""Reads the bytes that a program sent to a terminal back into rows of text (pyte)."""

from __future__ import annotations

import re

import pyte

# pyte draws what it does not know as text, and some queries make it raise: these never change the text.
NO_TEXT = re.compile(
    r"\x1b[_PX^][^\x1b]*(?:\x1b\\|\Z)"  # APC (kitty pictures), DCS (sixel, XTVERSION), SOS, PM
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\|\Z)"  # OSC
    r"|\x1b\[[<=>][0-9;:]*[@-~]"  # kitty keyboard, secondary device attributes
    r"|\x1b\[\??[0-9;:]*[ $'\"*+][@-~]"  # DECRQM, cursor shape
    r"|\x1b\[\?[0-9;:]*[^0-9;:hl]"  # private queries; set and reset are kept for the alternate screen
    r"|\x1b\[[0-9;]*[cntu]"  # device attributes, reports, window operations
)


def read_text(output: bytes, *, columns: int, rows: int) -> list[str]:
    """Return the rows of text that a terminal of this size shows after `output`, without trailing blanks."""
    screen = pyte.Screen(columns, rows)
    stream = pyte.Stream(screen)
    stream.feed(NO_TEXT.sub("", output.decode("utf-8", "replace")))
    return [line.rstrip() for line in screen.display]
