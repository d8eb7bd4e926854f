"""Project gates: which checks must be clean before a task is submitted, stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui_editor.checks.runner import Plan
from tui_editor.errors import MediaMissing
from tui_editor.model.frames import UnitKind
from tui_editor.ports import CheckContext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import UnitId
    from tui_editor.model.project import Project, Task
    from tui_editor.ports import FrameSource

GATES: Final = "gates"
"""Key of the project's settings: stage → rules or their beginnings."""
CHECKS: Final = "checks"
"""Key of the project's settings under which the editor has the thresholds of `checks.toml`; never stored."""


def gates_of(project: Project) -> Mapping[str, tuple[str, ...]]:
    """Return the rules that block submitting, by stage."""
    said = project.settings.get(GATES, {})
    return {str(stage): tuple(map(str, rules)) for stage, rules in said.items()} if isinstance(said, dict) else {}


def plan_of(project: Project, select: tuple[str, ...] = ()) -> Plan:
    """Return the rules of an open task, without those that decode, by the project's thresholds."""
    said: Mapping[str, Any] = project.settings.get(CHECKS, {})
    return Plan(
        select=select,
        ignore=() if select else tuple(said.get("ignore", ())),
        settings=said.get("values", {}),
        severities=said.get("severities", {}),
        pixels=False,
    )


def context_of(
    task: Task, document: LabelDocument, project: Project, only: frozenset[int] | None = None
) -> CheckContext:
    """Return what checks see of an open task: its labels, no pixels and no journal."""
    said: Mapping[str, Any] = project.settings.get(CHECKS, {})
    values = said.get("values", {})
    return CheckContext(project=project, task=task, document=document, source=_no_pixels, only=only, settings=values)


def _no_pixels(unit: UnitId) -> FrameSource:
    raise MediaMissing(f"{UnitKind.OTHER} {unit}: frames are not decoded here")
