"""Which checks block submitting, as the project keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.errors import UsageError
from tui_editor.model.transitions import Role
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.api.project import Project
    from tui_editor.model.project import Project as ProjectInfo

_GATES: Final = "gates"


def set_gate(project: Project, stage: str, rules: Sequence[str]) -> None:
    """Let a stage's tasks be submitted only when some checks find nothing; none of them: no gate.

    Args:
        project: Whose tasks.
        stage: Name of a stage of its workflow in which tasks are submitted.
        rules: Rules or their beginnings (`S`, `G01`).

    Raises:
        UsageError: there is no such stage or rule.
        Refused: the person may not.
    """
    from tui_editor.api.workflow import need_role
    from tui_editor.checks.gates import GATES, gates_of
    from tui_editor.checks.registry import checks

    need_role(project, "change the required checks", Role.ADMIN, Role.MANAGER)
    info = project.info
    names = [s.name for s in info.workflow.stages]
    if stage not in names:
        raise UsageError(f"there is no stage {one_line(stage)}", hint=f"stages: {', '.join(names)}")
    wanted = [rule.strip().upper() for rule in rules if rule.strip()]
    for rule in wanted:
        if not any(check.rule.startswith(rule) for check in checks()):
            raise UsageError(f"there is no rule {one_line(rule)}", hint="docs/checks.md has them")
    gates = {**{name: list(known) for name, known in gates_of(info).items()}, stage: wanted}
    kept = {name: known for name, known in gates.items() if known}
    project.save(replace(info, settings={**info.settings, GATES: kept}))


def with_thresholds(project: Project) -> ProjectInfo:
    """Return the project with the thresholds of `checks.toml`, which its gates use; unchanged without gates."""
    info = project.info
    if not info.settings.get(_GATES):
        return info
    from tui_editor.api.quality.settings import load_settings
    from tui_editor.checks.gates import CHECKS
    from tui_editor.errors import InputError

    try:
        said = load_settings(project.folder)
    except InputError:
        return info  # `tui-editor check` tells it
    found = {"values": said.values, "severities": said.severities, "ignore": said.ignore, "declared": said.declared}
    return replace(info, settings={**info.settings, CHECKS: found})
