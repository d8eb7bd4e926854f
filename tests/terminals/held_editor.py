"""The program, whose interface does not start before a file is there: what is seen until then came before it.

However long the terminal takes to answer, it counts as near: a far one, or a late one, gets the interface first.

python -m tests.terminals.held_editor FILE open PATH
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tui_editor.cli.main import main


def hold(gate: Path) -> None:
    """Let the interface wait for a file."""
    from tui_editor.ui import launch
    from tui_editor.ui.early import start as early
    from tui_editor.ui.terminal import flow

    flow.FAR_MS = early._PATIENCE_S = 1000.0  # type: ignore[misc]  # for this process alone
    start = launch._app

    def held(*arguments: object) -> object:
        app = start(*arguments)  # type: ignore[arg-type]  # as they came
        while not gate.exists():
            time.sleep(0.01)
        return app

    launch._app = held  # type: ignore[assignment]  # for this process alone


if __name__ == "__main__":
    hold(Path(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
