"""The editor on task 1 of a project, without preparing the next task when told so.

python -m bench.queue_app PROJECT prepared|not

"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_editor.ui.screens.editor import EditorScreen


def main(project: str, ahead: str) -> int:
    from tui_editor.api import open_project
    from tui_editor.model.ids import TaskId
    from tui_editor.ui.desk import Desk
    from tui_editor.ui.launch import run_app

    def nothing(self: Desk, screen: EditorScreen) -> None:
        del self, screen

    if ahead != "prepared":
        Desk.prepare_next = nothing  # type: ignore[method-assign]
    return run_app(open_project(project), task=TaskId(1))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
