"""The rules of what was done with a project, the same for every engine: times, processes that are gone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.ports.activities import ActivityState
from tui_editor.storage import host

if TYPE_CHECKING:
    from tui_editor.ports.activities import Activity
    from tui_editor.storage.host import Moment


def begun(activity: Activity, now: Moment, here: str) -> Activity:
    """Return an activity with its time, and the process that does it."""
    at_ms = activity.at_ms or now.wall_ms
    ended_ms = 0 if activity.state is ActivityState.RUNNING else activity.ended_ms or now.wall_ms
    return replace(activity, at_ms=at_ms, ended_ms=ended_ms, host=here, pid=os.getpid(), boot_id=now.boot_id)


def as_seen(activity: Activity, now: Moment, here: str) -> Activity:
    """Return an activity as it is told: one that runs no more, and did not say so, was broken off."""
    if activity.state is not ActivityState.RUNNING or activity.host != here:
        return activity
    if activity.boot_id == now.boot_id and host.pid_alive(activity.pid):
        return activity
    return replace(activity, state=ActivityState.BROKEN)
