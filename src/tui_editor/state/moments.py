"""Moments as people type them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from tui_editor.errors import UsageError
from tui_editor.text import one_line

_UNITS_MS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


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
