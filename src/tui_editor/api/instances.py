"""Find an instance of a task by what a person types: its name or its identifier; deleted ones are found as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.errors import UsageError
from tui_editor.model.ids import InstanceId, to_text
from tui_editor.model.patch import InstanceChange
from tui_editor.state.selectors import instance_name
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.api.project import Project
    from tui_editor.model.ids import TaskId
    from tui_editor.model.instances import Instance

MOST_NAMED = 4


def find_instance(project: Project, task: TaskId, text: str) -> InstanceId:
    """Return the instance that a text names, `Car (0)` (upper or lower case) or its identifier in base 32.

    Those of the document are looked at first, then those that were deleted.

    Raises:
        UsageError: nothing or several instances have that name.
    """
    ontology = project.info.ontology

    def fits(instance: Instance) -> bool:
        return text in (to_text(instance.id), str(instance.id)) or (
            instance_name(ontology, instance).casefold().replace(" ", "") == text.casefold().replace(" ", "")
        )

    present = project.read(task).document.instances.values()
    found = {i.id for i in present if fits(i)} or {i.id for i in _ever(project, task) if fits(i)}
    if not found:
        raise UsageError(f"there is no object {one_line(text)}", hint="objects have names as in the editor: 'Car (0)'")
    if len(found) > 1:
        names = ", ".join(to_text(i) for i in sorted(found)[:MOST_NAMED])
        raise UsageError(f"{len(found)} objects have the name {one_line(text)}", hint=f"use an identifier: {names}")
    return found.pop()


def _ever(project: Project, task: TaskId) -> list[Instance]:
    changes = (c for entry in project.store.journal(task) for c in entry.patch.changes)
    both = (v for c in changes if isinstance(c, InstanceChange) for v in (c.before, c.after))
    return [value for value in both if value is not None]
