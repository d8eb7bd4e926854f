"""An annotation editor and reviewer that runs wholly in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tui_editor.api import Project, Task, open_project

__all__ = ["Project", "Task", "__version__", "open_project"]


def __getattr__(name: str) -> object:
    # The public API pulls in numpy and the store; `tui-editor --help` must not pay for it.
    if name in {"Project", "Task", "open_project"}:
        from tui_editor import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
