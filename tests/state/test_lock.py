"""Whose the lock is, and in which words."""

from __future__ import annotations

import time

import pytest

from tui_editor.model.ids import TaskId
from tui_editor.ports import Lease
from tui_editor.state.lock import Held, lock_of, lock_words

NOW_MS = time.time_ns() // 1_000_000


def lease(person: str = "bo", *, live: bool = True, host: str = "vm", tty: str = "/dev/pts/3") -> Lease:
    return Lease(
        task=TaskId(1),
        fence=3,
        session="s",
        person=person,
        host=host,
        tty=tty,
        acquired_ms=NOW_MS,
        expires_ms=NOW_MS,
        live=live,
    )


@pytest.mark.parametrize(
    ("holder", "held"),
    [
        (None, Held.FREE),
        (lease("me"), Held.OWN_WINDOW),
        (lease("me", live=False), Held.FREE),
        (lease(), Held.OTHER),
        (lease(live=False), Held.STALE),
    ],
)
def test_whose_it_is_follows_from_the_holder_and_who_sits_here(holder: Lease | None, held: Held) -> None:
    lock = lock_of(holder, "me")
    assert lock.held is held
    assert lock.can_be_asked


def test_who_where_and_since_when_is_said() -> None:
    at = time.strftime("%H:%M", time.localtime(NOW_MS / 1000))
    assert lock_words(lock_of(lease(), "me")) == f"bo edits it on vm in pts/3 since {at}"
    assert lock_words(lock_of(lease(tty=""), "me", was_here=True)) == f"bo took it over on vm at {at}"
    assert lock_words(lock_of(lease(live=False), "me")).startswith("bo on vm in pts/3 gave no sign of life since")


def test_names_from_other_people_are_made_harmless() -> None:
    said = lock_words(lock_of(lease("b\x1b[2Jo", host="\x9bvm"), "me"))
    assert "\x1b" not in said
    assert "\x9b" not in said
