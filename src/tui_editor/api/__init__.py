"""What a Python user imports: projects, tasks, importing, exporting, checks.

from tui_editor import open_project

with open_project("street") as project:
    for row in project.tasks():
        with project.edit(row.id) as task:
            ...
"""

from __future__ import annotations

from tui_editor.api.editing import Task
from tui_editor.api.project import Project, create_project, open_project

__all__ = ["Project", "Task", "create_project", "open_project"]
