"""Picture viewers of the shell, measured without a terminal: CPU time and bytes for one more picture.

Each runs with its standard input on a pseudo-terminal of 160 x 46 cells of 8 x 16 pixels, of which it asks the size,
and its standard output in a file, so that no terminal's time counts. It shows the same JPEG once and then several times
in one process; the difference, divided, is one picture without the start of the process. Its decoding is in it, so ours
decodes the same file too. `COMMANDS` has the command lines; the picture follows them.
"""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import statistics
import struct
import subprocess
import tempfile
import termios
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

COMMANDS = {
    "timg -pk --compress": ("timg", "-pk", "--compress", "-g160x45"),
    "timg -ph": ("timg", "-ph", "-g160x45"),
    "chafa -f sixel": ("chafa", "-f", "sixel", "-s", "160x45"),
    "img2sixel": ("img2sixel",),
    "img2sixel -d none": ("img2sixel", "-q", "low", "-d", "none"),
}
PACKAGES = {"timg": "timg", "chafa": "chafa", "img2sixel": "libsixel-bin"}
"""The Debian package of each program."""
_WINDOW = struct.pack("HHHH", 46, 160, 1280, 736)
_MANY = {"timg": 41, "chafa": 11, "img2sixel": 6}
"""So many pictures in the longer run: enough that the start of the process is noise."""
_OURS = 10


class Cost(NamedTuple):
    """Of one picture."""

    cpu_ms: float
    size: float
    """In bytes."""


def compare(
    ours: Mapping[str, Callable[[], bytes]], picture: Path, *, runs: int
) -> tuple[dict[str, Cost], dict[str, str]]:
    """Return the median costs of ours and of every command, measured in turns, and why the others have none."""
    failed = {name: why for name in COMMANDS if (why := _missing(name))}
    found: dict[str, list[Cost]] = {name: [] for name in (*ours, *COMMANDS)}
    for _ in range(runs):
        for name, make in ours.items():
            found[name].append(_cost_of(make))
        for name in COMMANDS.keys() - failed.keys():
            try:
                found[name].append(_cost(name, picture))
            except RuntimeError as error:
                failed[name] = str(error)
    return {name: _median(costs) for name, costs in found.items() if name not in failed}, failed


def _missing(name: str) -> str:
    program = COMMANDS[name][0]
    return "" if shutil.which(program) else f"{program} is not installed (Debian package {PACKAGES[program]})"


def _cost_of(make: Callable[[], bytes]) -> Cost:
    """Return the cost of one picture of ours, without the imports of the first one."""
    size = len(make())
    began = time.process_time()
    for _ in range(_OURS):
        make()
    return Cost((time.process_time() - began) * 1000 / _OURS, size)


def _cost(name: str, picture: Path) -> Cost:
    count = _MANY[COMMANDS[name][0]]
    one, many = (_run([*COMMANDS[name], *[str(picture)] * number]) for number in (1, count))
    return Cost((many.cpu_ms - one.cpu_ms) / (count - 1), (many.size - one.size) / (count - 1))


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(one.cpu_ms for one in costs), statistics.median(one.size for one in costs))


def _run(command: list[str]) -> Cost:
    host, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, _WINDOW)
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    try:
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(command, stdin=terminal, stdout=output, stderr=terminal, env=environment)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise RuntimeError(f"{' '.join(command[:4])} ended with exit code {process.returncode}")
            return Cost((usage.ru_utime + usage.ru_stime) * 1000, output.seek(0, os.SEEK_END))
    finally:
        os.close(host)
        os.close(terminal)
