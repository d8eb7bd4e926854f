"""The rules of the editor lock, the same for every engine: who holds it, who may take it, what a fence is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.errors import StoreFenced, StoreLocked
from tui_editor.ports import Lease, Session
from tui_editor.storage import host
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.model.ids import TaskId
    from tui_editor.storage.host import Moment

TTL_MS = 60_000
"""How long a lock lives without a sign of life of its holder."""


class LeaseRecord(Struct, frozen=True, kw_only=True):
    """A task's lock as it is kept. The record outlives the holder, so that fences only grow."""

    fence: int = 0
    session: str = ""
    """Empty: nobody holds it."""
    person: str = ""
    host: str = ""
    tty: str = ""
    pid: int = 0
    boot_id: str = ""
    acquired_ms: int = 0
    expires_ms: int = 0
    """By the wall clock: for people, and for holders on other machines."""
    expires_boot_ms: int = 0
    """By the clock of `boot_id`, which nobody can set."""


FREE = LeaseRecord()


def is_live(record: LeaseRecord, now: Moment, here: str) -> bool:
    """Return whether somebody holds the lock at `now`, seen from the machine named `here`."""
    if not record.session:
        return False
    if record.host and here and record.host != here:
        return record.expires_ms > now.wall_ms
    if record.boot_id != now.boot_id:
        return False  # the machine was restarted: whoever held it is gone
    return record.expires_boot_ms > now.boot_ms and host.pid_alive(record.pid)


def is_stale(record: LeaseRecord, now: Moment, here: str) -> bool:
    """Return whether somebody holds the lock who gave no sign of life in time and may still run."""
    if not record.session or is_live(record, now, here):
        return False
    if record.host and here and record.host != here:
        return True
    return record.boot_id == now.boot_id and host.pid_alive(record.pid)


def held(task: TaskId, record: LeaseRecord, now: Moment, here: str, *, stale: bool) -> Lease | None:
    """Return who holds the lock, with `stale` also who gave no sign of life in time; None when nobody does."""
    if is_live(record, now, here):
        return as_lease(task, record)
    return replace(as_lease(task, record), live=False) if stale and is_stale(record, now, here) else None


def taken(record: LeaseRecord, session: Session, now: Moment, *, here: str, take: bool) -> LeaseRecord:
    """Return the record after `session` took the lock.

    Raises:
        StoreLocked: another live session holds it and `take` is false.
    """
    if not take and record.session != session.id and is_live(record, now, here):
        raise locked(record)
    fresh = LeaseRecord(
        fence=record.fence + 1,
        session=session.id,
        person=session.person,
        host=session.host,
        tty=session.tty,
        pid=session.pid,
        boot_id=now.boot_id,
        acquired_ms=now.wall_ms,
    )
    return prolonged(fresh, now)


def prolonged(record: LeaseRecord, now: Moment) -> LeaseRecord:
    """Return the record with its whole life before it."""
    return replace(record, expires_ms=now.wall_ms + TTL_MS, expires_boot_ms=now.boot_ms + TTL_MS)


def is_ageing(expires_boot_ms: int, now: Moment) -> bool:
    """Return whether less than half of a lock's life is left: then an edit renews it on the way."""
    return expires_boot_ms - now.boot_ms < TTL_MS // 2


def holds(kept: int | None, session: str | None, fence: int) -> bool:
    """Return whether a fence is that of the lock, of which `kept` and `session` are known; None without a record."""
    return bool(session) and kept == fence


def freed(record: LeaseRecord) -> LeaseRecord:
    """Return the record without a holder: no fence is worth anything until somebody takes the lock again."""
    return LeaseRecord(fence=record.fence)


def check_fence(record: LeaseRecord, fence: int) -> None:
    """Refuse a fence that is not the lock's.

    Raises:
        StoreFenced: the lock was taken over or given back.
    """
    if not holds(record.fence, record.session, fence):
        who = f" by {one_line(record.person)}" if record.session else ""
        raise StoreFenced(f"the task was taken over{who}", hint="open it again to go on")


def check_write(record: LeaseRecord, session: str, fence: int | None, now: Moment, here: str) -> None:
    """Refuse a write that the lock forbids.

    Raises:
        StoreFenced: the edit's fence is not the lock's.
        StoreLocked: the edit has no fence, and another live session holds the lock.
    """
    if fence is not None:
        check_fence(record, fence)
    elif record.session != session and is_live(record, now, here):
        raise locked(record)


def locked(record: LeaseRecord) -> StoreLocked:
    """Return the error that names who holds the lock."""
    place = " in ".join(one_line(text) for text in (record.host, record.tty) if text)
    at = f" on {place}" if place else ""
    return StoreLocked(f"{one_line(record.person)} has the task open{at}", hint="open it read-only or take it over")


def as_lease(task: TaskId, record: LeaseRecord) -> Lease:
    """Return the record as the port shows it."""
    return Lease(
        task=task,
        fence=record.fence,
        session=record.session,
        person=record.person,
        host=record.host,
        tty=record.tty,
        acquired_ms=record.acquired_ms,
        expires_ms=record.expires_ms,
    )
