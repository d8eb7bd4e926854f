"""tmux between us and the terminal: whether it passes questions on, and how they are wrapped for it."""

from __future__ import annotations

import stat
from pathlib import Path
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


class Client(NamedTuple):
    """Who is attached to our session."""

    name: str
    """Name and version of the terminal, as tmux 3.2 and later learn them; empty: unknown."""
    key: str
    """The process that attached it, and when: a terminal may come within the second and at the line of another."""


def attached_since(env: Mapping[str, str]) -> int:
    """Return when the first terminal was attached to the tmux that we run in, in ns; 0: none is, or there is no tmux.

    The server tells it by the execute bit of its socket: it costs one look at a file.
    """
    try:
        found = Path(env["TMUX"].partition(",")[0]).stat()
    except (KeyError, OSError):
        return 0
    return found.st_ctime_ns if found.st_mode & stat.S_IXUSR else 0


def server_files(env: Mapping[str, str]) -> frozenset[str]:
    """Return under what numbers the server has files open: a terminal that takes the place of another brings a new one.

    Empty where the machine doesn't tell (no `/proc`) or there is no tmux. It costs one look into a folder.
    """
    fields = env.get("TMUX", "").split(",")
    if len(fields) < 2 or not fields[1].isdigit():
        return frozenset()
    try:
        return frozenset(file.name for file in Path(f"/proc/{fields[1]}/fd").iterdir())
    except OSError:
        return frozenset()


def ask_clients(env: Mapping[str, str]) -> tuple[Client, ...]:
    """Return who is attached now; empty when nobody is, or tmux can't be asked."""
    import subprocess

    wanted = "#{client_termtype}\t#{client_created} #{client_pid}"
    ask = ["tmux", "list-clients", "-t", env.get("TMUX_PANE", ""), "-F", wanted]
    try:
        told = subprocess.run(ask, env=dict(env), capture_output=True, text=True, timeout=_WAIT_S, check=True).stdout  # noqa: S603  our own words
    except (OSError, subprocess.SubprocessError):
        return ()
    fields = (line.partition("\t") for line in told.splitlines())
    return tuple(Client(name, key) for name, _, key in fields if key)
