"""tmux between us and the terminal: whether it passes questions on, and how they are wrapped for it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_WAIT_S: Final = 1.0


def wrapped(data: bytes) -> bytes:
    """Return a command so that tmux passes it on to the terminal around it (`allow-passthrough on`)."""
    return b"\x1bPtmux;" + data.replace(b"\x1b", b"\x1b\x1b") + b"\x1b\\"


def passes_on(env: Mapping[str, str]) -> bool | None:
    """Return whether tmux passes on what is wrapped, and the answers come to us; None when it can't be asked.

    Answers are typed into the active pane, so that another one's program would get them. tmux before 3.3 passes
    everything on and knows no such option.

    Args:
        env: The environment: TMUX and TMUX_PANE are set where the server runs on this machine.
    """
    if not env.get("TMUX"):
        return None
    ask = ["tmux", "display-message", "-p", "-t", env.get("TMUX_PANE", ""), "#{pane_active}#{window_active}"]
    ask[-1] += ",#{allow-passthrough}"
    try:
        told = subprocess.run(ask, env=dict(env), capture_output=True, text=True, timeout=_WAIT_S, check=True).stdout  # noqa: S603  our own words
    except (OSError, subprocess.SubprocessError):
        return None
    active, _, option = told.strip().partition(",")
    return active == "11" and option not in {"0", "off"}
