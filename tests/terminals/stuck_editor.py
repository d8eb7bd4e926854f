"""The program, whose event loop gets stuck when another frame is gone to, as a fault of ours would make it.

python -m tests.terminals.stuck_editor PERSON open PATH
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.terminals.as_person import become


def get_stuck() -> None:
    """Have the loop wait for ever in the middle of showing another frame."""
    from tui_editor.state.store import TaskStore

    def stuck(self: TaskStore, name: str = "", **changes: Any) -> None:
        del self, name, changes
        Path(os.environ["XDG_STATE_HOME"], "stuck").touch()
        while True:
            time.sleep(1)

    TaskStore.set_view = stuck  # type: ignore[method-assign]  # for this process alone


if __name__ == "__main__":
    become(sys.argv[1])
    get_stuck()
    from tui_editor.cli.main import main

    sys.exit(main(sys.argv[2:]))
