"""Runs the shell's `main` in children of one process, each with its own memory, time and files, and tells what came.

As a program it reads cases as JSON from stdin and prints their results: forking once everything is imported makes a
run a few milliseconds.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

ADDRESS_SPACE = 3 << 30
"""Bytes; beyond, an allocation fails instead of the machine."""
MOST_S = 20.0
_CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one command did."""

    argv: tuple[str, ...]
    code: int
    """Exit code; negative: the signal that ended it."""
    stdout: str
    stderr: str
    max_rss_kib: int
    elapsed_s: float

    @property
    def text(self) -> str:
        """Return all that it wrote."""
        return self.stdout + self.stderr


def run_all(cases: Sequence[Sequence[str]], home: Path, *, powers: bool = True) -> list[Run]:
    """Run commands one after the other, each in a child of its own.

    Args:
        cases: Arguments of `tui-editor`, without its name.
        home: A folder that stands for the user's home.
        powers: False: permissions hold for the superuser as well; the test is skipped where that can't be had.
    """
    plain = [] if powers or os.geteuid() else _without_powers()
    env = {
        **os.environ,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "PYTHONPATH": str(_CHECKOUT / "src"),
        "OPENBLAS_NUM_THREADS": "1",
    }
    done = subprocess.run(
        [*plain, sys.executable, "-m", "tests.e2e.shell_runs"],
        input=json.dumps([list(case) for case in cases]),
        cwd=_CHECKOUT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        timeout=MOST_S * (len(cases) + 2),
        check=True,
    )
    return [Run(**{**one, "argv": tuple(one["argv"])}) for one in json.loads(done.stdout)]


def _without_powers() -> list[str]:
    program = shutil.which("setpriv")
    if program is None:
        pytest.skip("setpriv is not installed, and the superuser may do everything")
    return [program, "--bounding-set=-all", "--inh-caps=-all"]


def _run(argv: list[str]) -> Run:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        child = os.fork()
        if not child:
            _child(argv, out.fileno(), err.fileno())
        _, status, usage = os.wait4(child, 0)
        elapsed = time.monotonic() - start
        out.seek(0)
        err.seek(0)
        return Run(
            argv=tuple(argv),
            code=os.waitstatus_to_exitcode(status),
            stdout=out.read().decode("utf-8", "backslashreplace"),
            stderr=err.read().decode("utf-8", "backslashreplace"),
            max_rss_kib=usage.ru_maxrss,
            elapsed_s=elapsed,
        )


def _child(argv: list[str], out: int, err: int) -> None:
    """Run the command and end this process, whatever happens."""
    import faulthandler
    import signal

    code = 99
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        faulthandler.enable(2)
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        signal.alarm(int(MOST_S))
        from tui_editor.cli.main import main

        code = main(argv)
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001 - the test looks for the traceback
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _preload() -> None:
    """Import what commands import, so that each child has it already. Starts no thread."""
    import tui_editor.api.checking
    import tui_editor.api.importing
    import tui_editor.api.pictures
    import tui_editor.cli.findings
    import tui_editor.cli.places
    import tui_editor.cli.preview
    import tui_editor.formats.registry
    import tui_editor.media.stills
    import tui_editor.media.video
    import tui_editor.render.png
    import tui_editor.storage.sqlite.store

    tui_editor.formats.registry.formats()
    for name in ("av", "cv2", "simplejpeg", "PIL.Image", "shapely", "apsw"):
        __import__(name)


def main() -> None:
    """Read cases from stdin, print their results."""
    _preload()
    sys.stdout.write(json.dumps([asdict(_run(argv)) for argv in json.load(sys.stdin)]))


if __name__ == "__main__":
    main()
