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
    from tui_editor.api.editing import Task

__all__ = ["Project", "Task", "create_project", "open_project"]


def __getattr__(name: str) -> object:
    # Whoever only looks at a project must not pay for what edits it.
    if name == "Task":
        from tui_editor.api.editing import Task

        return Task
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
