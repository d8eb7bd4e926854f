"""How long the command line takes to answer, against an interpreter that does nothing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from functools import partial

from bench.figures import Figure, absent, figure, interleaved_medians_ms

RUNS = 21
NAME = "tui-editor --help"
CALL = "import sys; from tui_editor.cli.main import main; sys.argv = ['tui-editor', '--help']; sys.exit(main())"


def run() -> list[Figure]:
    if importlib.util.find_spec("tui_editor.cli.main") is None:
        return [absent(NAME, "ms", why="tui_editor.cli.main is not part of the program")]
    subjects = {"help": CALL, "nothing": "pass"}
    medians = interleaved_medians_ms({name: partial(_python, code) for name, code in subjects.items()}, runs=RUNS)
    return [figure(NAME, medians["help"], "ms", n=RUNS, peer="python -c pass (<= 6x)", peer_value=medians["nothing"])]


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
