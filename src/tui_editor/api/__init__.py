"""What a Python user imports: projects, tasks, importing, exporting, checks.

from tui_editor import open_project

with open_project("street") as project:
    for row in project.tasks():
        with project.edit(row.id) as task:
            ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.api.project import Project, create_project, open_project

if TYPE_CHECKING:
    from tui_editor.api.checking import check_data
    from tui_editor.api.editing import Task
    from tui_editor.ports import Finding, Severity

__all__ = ["Finding", "Project", "Severity", "Task", "check_data", "create_project", "open_project"]


_LATER = {
    "Task": "tui_editor.api.editing",
    "check_data": "tui_editor.api.checking",
    "Finding": "tui_editor.ports",
    "Severity": "tui_editor.ports",
}


def __getattr__(name: str) -> object:
    # Whoever only looks at a project must not pay for what edits it.
    import importlib

    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
