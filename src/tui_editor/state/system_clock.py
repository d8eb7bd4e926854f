"""The machine's own time, as a `Clock`."""

from __future__ import annotations

import time


class SystemClock:
    """The machine's own time."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()
