"""Who makes an edit, and when."""

from __future__ import annotations

from msgspec import Struct


class Stamp(Struct, frozen=True):
    """The author and time that an edit writes into what it changes."""

    person: str
    at_ms: int
    """Milliseconds since 1970 UTC."""
