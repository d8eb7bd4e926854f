"""What was done with a project as a whole, as the store keeps it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

MOST_ACTIVITIES: Final = 10_000
"""So many are kept, the last ones."""


class ActivityState(StrEnum):
    """How an activity stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """It ended with an error; `outcome` holds it."""
    BROKEN = "broken off"
    """Its process ended without a word. Never kept: told by looking for the process."""


class Activity(Struct, frozen=True, kw_only=True):
    """One thing that was done: an import, an export, a check, an undo of many, a changed setting."""

    kind: str
    """`import`, `export`, `check`, `undo`, `settings` …: the shell's word for it."""
    what: str
    """What it was done with, in words."""
    person: str
    at_ms: int = 0
    """When it began; given by the store."""
    number: int = 0
    """1, 2, 3… within the store; given by it."""
    state: ActivityState = ActivityState.DONE
    outcome: str = ""
    """What came of it, in words."""
    ended_ms: int = 0
    """0: it has not ended."""
    settings: tuple[str, ...] = ()
    """Names of the project's settings that it changed."""
    session: str = ""
    """The window that did it; empty: the shell or a script."""
    host: str = ""
    pid: int = 0
    boot_id: str = ""
