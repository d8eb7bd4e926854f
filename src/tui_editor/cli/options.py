"""Options that several commands share, and reading their values."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui_editor.errors import UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse

MOST_PIXELS = 100_000_000
"""Of a picture that is written or printed."""


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def add_task(parser: argparse.ArgumentParser, *, required: bool = False, without: str = "") -> None:
    """Add `--task`; `without` says what is meant where it is absent."""
    words = f"identifier, title or number in the queue{f'; without it {without}' if without else ''}"
    parser.add_argument("--task", metavar="T", default="", required=required, help=words)


def add_frame(parser: argparse.ArgumentParser) -> None:
    """Add `--frame`."""
    parser.add_argument("--frame", metavar="N", type=whole_number, help="frame of the task, from 0")


def whole_number(text: str) -> int:
    """Return a number of 0 or more.

    Raises:
        UsageError: it is not one.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise UsageError(f"{one_line(text)} is not a whole number of 0 or more")
    return int(text)


def picture_size(text: str) -> tuple[int, int]:
    """Return (width, height) in pixels from `1280x720`.

    Raises:
        UsageError: it is not a size, or a picture of that size would take too much memory.
    """
    match = re.fullmatch(r"([1-9]\d{0,5})[x×]([1-9]\d{0,5})", text)
    if match is None:
        raise UsageError(f"{one_line(text)} is not a size", hint="width x height in pixels: 1280x720")
    width, height = int(match[1]), int(match[2])
    if width * height > MOST_PIXELS:
        raise UsageError(f"{width}x{height} is too large", hint=f"at most {MOST_PIXELS // 1_000_000} million pixels")
    return width, height


def time_text(ms: int) -> str:
    """Return a time in UTC to the second, empty when it is unknown (0)."""
    if not ms:
        return ""
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):  # a foreign file may hold any number
        return f"{ms} ms"
