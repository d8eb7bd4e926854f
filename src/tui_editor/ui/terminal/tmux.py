"""tmux between us and the terminal: whether it passes questions on, and how they are wrapped for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_WAIT_S: Final = 1.0


def wrapped(data: bytes) -> bytes:
    """Return a command so that tmux passes it on to the terminal around it (`allow-passthrough on`)."""
    return b"\x1bPtmux;" + data.replace(b"\x1b", b"\x1b\x1b") + b"\x1b\\"


class Told(NamedTuple):
    """What tmux says of itself and of the terminal around it."""

    passes_on: bool | None = None
    """It passes on what is wrapped, and the answers come to us; None when it can't be asked.

    Answers are typed into the active pane, so that another one's program would get them. tmux before 3.3 passes
    everything on and knows no such option."""
    truecolour: bool = False
    """It gives 24-bit colours to the terminal."""


def ask_tmux(env: Mapping[str, str]) -> Told:
    """Return what tmux tells where its server runs on this machine.

    Args:
        env: The environment, with TMUX and TMUX_PANE.
    """
    if not env.get("TMUX"):
        return Told()
    import subprocess

    wanted = "#{pane_active}#{window_active};#{allow-passthrough};#{client_termfeatures}"
    ask = ["tmux", "display-message", "-p", "-t", env.get("TMUX_PANE", ""), wanted]
    try:
        told = subprocess.run(ask, env=dict(env), capture_output=True, text=True, timeout=_WAIT_S, check=True).stdout  # noqa: S603  our own words
    except (OSError, subprocess.SubprocessError):
        return Told()
    active, option, features = [*told.strip().split(";"), "", ""][:3]
    return Told(active == "11" and option not in {"0", "off"}, "RGB" in features.split(","))
