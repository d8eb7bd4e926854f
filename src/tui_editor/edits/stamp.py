"""Who makes an edit, and when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """The author and time that an edit writes into what it changes."""

    person: str
    at_ms: int
    """Milliseconds since 1970 UTC."""
