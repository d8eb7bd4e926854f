"""OpenSSH on loopback: a server with keys of its own, reached over a slow line."""

from __future__ import annotations

import getpass
import os
import shlex
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.slow_line import SlowLine
from tests.terminals.harness import missing, need

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BYTES_A_S, DELAY_S = 10e6 / 8, 0.02
_SERVERS = ("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/libexec/sshd")
_SEPARATION = Path("/run/sshd")
_CONFIG = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/me.pub
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
PrintMotd no
PrintLastLog no
LogLevel VERBOSE
"""
_OPTIONS = {
    "StrictHostKeyChecking": "no",
    "UserKnownHostsFile": "/dev/null",
    "IdentitiesOnly": "yes",
    "LogLevel": "ERROR",
    "ServerAliveInterval": "0",
}


@contextmanager
def slow_ssh(folder: Path, *, bytes_a_s: float = BYTES_A_S, delay_s: float = DELAY_S) -> Iterator[Ssh]:
    """Yield the way to a shell of this machine over a slow line; skip the test without OpenSSH."""
    need("ssh", "ssh-keygen")
    server = next((path for path in _SERVERS if Path(path).exists()), None)
    if server is None:
        missing("sshd is not installed")
    folder.mkdir()
    for name in ("host", "me"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    port = _free_port()
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder))
    if os.geteuid() == 0:
        _SEPARATION.mkdir(mode=0o755, exist_ok=True)  # the server insists on it, and packages leave it to init
    log = folder / "log"
    process = subprocess.Popen([server, "-D", "-f", str(folder / "config"), "-E", str(log)], stdin=subprocess.DEVNULL)
    try:
        _wait_for(port, process, log)
        with SlowLine(port, bytes_a_s=bytes_a_s, delay_s=delay_s) as line:
            yield Ssh(folder, line.port)
    finally:
        process.terminate()
        process.wait()


class Ssh:
    """A way to a shell."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port

    def command(self, argv: Sequence[str], env: Mapping[str, str]) -> list[str]:
        """Return the command that runs another one at the far end, in a terminal."""
        options = [word for name, value in _OPTIONS.items() for word in ("-o", f"{name}={value}")]
        where = ["-i", str(self._folder / "me"), "-p", str(self._port), f"{getpass.getuser()}@127.0.0.1"]
        variables = [f"{name}={value}" for name, value in env.items()]
        return ["ssh", "-F", "none", "-tt", *options, *where, shlex.join(["env", *variables, *argv])]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"sshd does not listen:\n{log.read_text() if log.exists() else sys.platform}")
