"""How an encoder is stopped whose bytes nobody wants any more."""

from __future__ import annotations

from collections.abc import Callable

Cancelled = Callable[[], bool]
"""Returns whether to stop; called from the thread that encodes, every few milliseconds."""


class EncodingCancelled(Exception):
    """An encoder was told to stop; it has no result and no effect."""


def stop_if(cancelled: Cancelled | None) -> None:
    """Raise `EncodingCancelled` when it is time to stop."""
    if cancelled is not None and cancelled():
        raise EncodingCancelled
