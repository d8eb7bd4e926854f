"""A process that gives mutated inputs to one reader, one after the other, each with bounds of its own.

A reader that takes more than `MOST_CPU_S` of the processor, or hangs for `MOST_WALL_S`, is ended by a signal, with its
stack on stderr: also while it is in compiled code. What each input took, and what was wrong with it, is told as lines
of JSON. `python -m tests.fuzz.child TARGET SEED FIRST COUNT FOLDER`.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import json
import os
import re
import resource
import shutil
import signal
import sys
import time
import traceback
import warnings
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.target import Target

MOST_CPU_S = float(os.environ.get("FUZZ_CPU_S", "5"))
MOST_WALL_S = 60.0
"""Of a hang that uses no processor: other work may keep this machine busy."""
MOST_BYTES = 1 << 30
"""Resident."""
ADDRESS_SPACE = 4 << 30
"""Beyond it, an allocation fails instead of the machine."""
MOST_FILES = 60
"""Open file descriptors after an input."""
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Broken(Exception):
    """A reader kept its word in form only: what it said or left is not allowed."""


class Seen(NamedTuple):
    """What became of an input."""

    number: int
    outcome: str
    """`read`, `refused` or `broken`."""
    fault: str
    """A traceback, or what was wrong."""
    cpu_s: float
    peak_bytes: int


def run_batch(target: Target, seed: int, numbers: range, folder: Path, tell: Callable[[object], None]) -> None:
    """Give a target its inputs of these numbers; `tell` is called before and after each one."""
    for number in numbers:
        place = folder / str(number)
        place.mkdir(parents=True)
        tell(number)
        with _bounded():
            path = target.make(Random(f"{target.name}/{seed}/{number}"), place)
        seen = _given(target, number, path)
        tell(seen)
        if not seen.fault:
            shutil.rmtree(place)


def _given(target: Target, number: int, path: Path) -> Seen:
    from tui_editor.errors import TuiEditorError

    outcome, fault = "read", ""
    _forget_peak()
    start = time.process_time()
    with _bounded():
        try:
            target.read(path)
        except TuiEditorError as error:
            outcome, fault = "refused", _unfit(error)
        except BaseException:  # noqa: BLE001 - whatever leaves a reader is what is looked for
            fault = traceback.format_exc()
    cpu_s = time.process_time() - start
    peak = _peak_bytes()
    fault = fault or _overdone(peak) or _printed()
    return Seen(number=number, outcome="broken" if fault else outcome, fault=fault, cpu_s=cpu_s, peak_bytes=peak)


def _unfit(error: Exception) -> str:
    return f"control characters in the message: {str(error)!r}" if CONTROL.search(str(error)) else ""


def _overdone(peak: int) -> str:
    if peak > MOST_BYTES:
        return f"it took {peak >> 20} MiB"
    if len(os.listdir("/proc/self/fd")) > MOST_FILES:  # noqa: PTH208 - names only
        gc.collect()
        left = os.listdir("/proc/self/fd")  # noqa: PTH208 - names only
        return f"{len(left)} files are open" if len(left) > MOST_FILES else ""
    return ""


def _printed() -> str:
    """Return what native code wrote past Python to stdout or stderr, which are one file."""
    sys.stdout.flush()
    sys.stderr.flush()
    size = os.lseek(1, 0, os.SEEK_CUR)
    if not size:
        return ""
    text = os.pread(1, 2000, 0)
    os.ftruncate(1, 0)
    os.lseek(1, 0, os.SEEK_SET)
    return f"it printed {text!r}"


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """Have the process ended by a signal when what is inside takes too long."""
    signal.setitimer(signal.ITIMER_PROF, MOST_CPU_S)
    signal.setitimer(signal.ITIMER_REAL, MOST_WALL_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_bytes() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _secluded(folder: Path) -> None:
    """Keep the person's own files out, and what native code prints apart."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(folder / "home")
    stack = os.dup(2)
    # The parent's stderr keeps the stacks of signals; all else that is printed goes to a file.
    faulthandler.enable(stack)
    for number in (signal.SIGPROF, signal.SIGALRM):
        faulthandler.register(number, stack, chain=True)
    printed = os.open(folder / "printed", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    warnings.simplefilter("error", RuntimeWarning)


def main() -> None:
    """Run the batch that the arguments name."""
    name, seed, first, count, place = sys.argv[1:]
    folder = Path(place)
    folder.mkdir(parents=True, exist_ok=True)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")

    def tell(said: object) -> None:
        out.write(json.dumps(said) + "\n")
        out.flush()

    from tests.fuzz.targets import BY_NAME

    ours = os.dup(2)
    _secluded(folder)
    try:
        run_batch(BY_NAME[name], int(seed), range(int(first), int(first) + int(count)), folder, tell)
    except Exception:
        os.write(ours, traceback.format_exc().encode("utf-8", "backslashreplace"))
        raise


if __name__ == "__main__":
    main()
