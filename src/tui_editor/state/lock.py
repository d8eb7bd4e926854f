"""Whose the editor lock of the open task is, and how that is said."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.ports import Lease

_MOST_CELLS = 24
"""Of a name from data."""


class Held(StrEnum):
    """Who has the lock, seen from this window."""

    HERE = "here"
    LOOKING = "looking"
    """Nobody; this window only looks: its first change of labels, or a key, brings the lock here."""
    UNASKED = "unasked"
    """This window may only read, whoever has it: by role, or because the project can't be written to."""
    OWN_WINDOW = "own window"
    """Another window of the same person."""
    OTHER = "other"
    STALE = "stale"
    """Another person, who gave no sign of life in time."""
    FREE = "free"
    """Nobody; this window reads until it is asked to go on."""


class Lock(Struct, frozen=True, kw_only=True):
    """The lock as this window knows it."""

    held: Held = Held.HERE
    person: str = ""
    place: str = ""
    """Host and terminal of the holder."""
    since_ms: int = 0
    """When it was taken; of a stale one when it ended. Milliseconds since 1970 UTC."""
    fence: int = 0
    was_here: bool = False
    """It was taken away from this window."""

    @property
    def can_be_asked(self) -> bool:
        """Return whether the lock could come to this window."""
        return self.held not in {Held.HERE, Held.UNASKED}


def lock_of(holder: Lease | None, person: str, *, was_here: bool = False) -> Lock:
    """Return the lock for a window of `person` that does not have it.

    Args:
        holder: Who has it, a stale one among them; None: nobody.
        person: Who sits at this window.
        was_here: It was taken away from this window.
    """
    if holder is None:
        return Lock(held=Held.FREE, was_here=was_here)
    mine = Held.OWN_WINDOW if holder.live else Held.FREE
    other = Held.OTHER if holder.live else Held.STALE
    return Lock(
        held=mine if holder.person == person else other,
        person=holder.person,
        place=" in ".join(one_line(t, _MOST_CELLS) for t in (holder.host, holder.tty.removeprefix("/dev/")) if t),
        since_ms=holder.acquired_ms if holder.live else holder.expires_ms,
        fence=holder.fence,
        was_here=was_here,
    )


def lock_words(lock: Lock) -> str:
    """Return why this window may only read because of the lock; empty when it is here or nobody asked for it."""
    who, since = one_line(lock.person, _MOST_CELLS), _time(lock.since_ms)
    at = f" on {lock.place}" if lock.place else ""
    match lock.held:
        case Held.OWN_WINDOW if lock.was_here:
            return f"it goes on in your window{at} since {since}"
        case Held.OWN_WINDOW:
            return f"open in your window{at} since {since}"
        case Held.OTHER if lock.was_here:
            return f"{who} took it over{at} at {since}"
        case Held.OTHER:
            return f"{who} edits it{at} since {since}"
        case Held.STALE:
            return f"{who}{at} gave no sign of life since {since}"
        case Held.FREE:
            return "nobody edits it"
        case _:
            return ""


def _time(ms: int) -> str:
    """Return a moment as people say it: the time of day, with the date when that is another day."""
    if not ms:
        return "an unknown time"
    then = datetime.fromtimestamp(ms / 1000).astimezone()
    today = then.date() == datetime.now().astimezone().date()
    return then.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")
