"""Options that several commands share, and reading their values."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from tui_editor.errors import UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse

MOST_PIXELS = 100_000_000
"""Of a picture that is written or printed."""
_UNITS_MS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def add_task(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Add `--task`."""
    parser.add_argument(
        "--task", metavar="T", default="", required=required, help="identifier, title or number in the queue"
    )


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


def moment_ms(text: str) -> int:
    """Return a time in milliseconds since 1970 UTC, from `2h` (ago; s, m, h, d), `14:00` or ISO 8601.

    A time of day is the last one that was, and like a date without a zone it is local.

    Raises:
        UsageError: it is neither.
    """
    match = re.fullmatch(r"(\d{1,9})([smhd])", text)
    now = datetime.now(UTC)
    if match is not None:
        return int(now.timestamp() * 1000) - int(match[1]) * _UNITS_MS[match[2]]
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text):
            return int(_last_time_of_day(time.fromisoformat(text.zfill(5))).timestamp() * 1000)
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"{one_line(text)} is not a time", hint="2h, 30m, 3d, 14:00 or 2025-01-31T12:00") from error


def _last_time_of_day(wanted: time) -> datetime:
    now = datetime.now().astimezone()
    today = datetime.combine(now, wanted).astimezone()
    return today if today <= now else datetime.combine(now - timedelta(days=1), wanted).astimezone()


def time_text(ms: int) -> str:
    """Return a time in UTC to the second, empty when it is unknown (0)."""
    if not ms:
        return ""
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):  # a foreign file may hold any number
        return f"{ms} ms"
