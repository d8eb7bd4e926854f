"""Times of label rows: every spelling is read, one is written. Knows no other format's times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse_ms(text: object) -> int:
    """Return milliseconds since 1970 UTC of `Thu, 15 Jan 2026 09:30:00 UTC` (or GMT), `2026-01-15 09:30:00`, ISO 8601.

    No zone means UTC. What can't be read is 0, the sign of an unknown time; the residue keeps its text.
    """
    return _parsed(text) if isinstance(text, str) else 0


@lru_cache(4096)  # labels of one sitting share their times
def _parsed(text: str) -> int:
    moment = _long(text) or _iso(text)
    return 0 if moment is None else (moment - _EPOCH) // timedelta(milliseconds=1)


def _long(text: str) -> datetime | None:
    words = text.replace(",", " ").split()
    if len(words) not in {5, 6} or words[0].title() not in _DAYS or words[2].title() not in _MONTHS:
        return None
    if len(words) == 6 and words[5] not in {"UTC", "GMT", "Z", "+0000"}:
        return None
    stamp = f"{words[3]}-{_MONTHS.index(words[2].title()) + 1:02}-{words[1]:0>2}T{words[4]}"
    return _iso(stamp)


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


@lru_cache(4096)
def format_ms(at_ms: int) -> str:
    """Return `Thu, 15 Jan 2026 09:30:00 UTC`; what is below a second is cut off. English, whatever the locale."""
    moment = _EPOCH + timedelta(seconds=at_ms // 1000)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} UTC"


def iso_ms(at_ms: int) -> str:
    """Return `2026-01-15T09:30:00.000+00:00`: exact to the millisecond, for our own file."""
    return (_EPOCH + timedelta(milliseconds=at_ms)).isoformat(timespec="milliseconds")
