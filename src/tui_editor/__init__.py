"""An annotation editor and reviewer that runs wholly in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tui_editor.api import Project, Task, create_project, open_project
    from tui_editor.commands.headless import HeadlessFront, Keyboard

_PLACES = {
    "HeadlessFront": "tui_editor.commands.headless",
    "Keyboard": "tui_editor.commands.headless",
    "Project": "tui_editor.api",
    "Task": "tui_editor.api",
    "create_project": "tui_editor.api",
    "open_project": "tui_editor.api",
}

__all__ = ["HeadlessFront", "Keyboard", "Project", "Task", "__version__", "create_project", "open_project"]


def __getattr__(name: str) -> object:
    # The public API pulls in numpy and the store; `tui-editor --help` must not pay for it.
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
