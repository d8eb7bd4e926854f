"""The clock, so that tests can tell the time. Protocols only."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Tells the time, so that tests can."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970 UTC."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
