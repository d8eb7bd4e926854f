"""Run the checks over a project, and prove that frames are those that were labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.errors import MediaError
from tui_editor.ports import CheckContext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_editor.api.project import Project
    from tui_editor.media.verify import Mismatch
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import UnitId
    from tui_editor.model.project import Task, TaskRow
    from tui_editor.ports import Finding, FrameSource


class _Sources:
    """Opens a task's data units once each, and closes them together."""

    def __init__(self, project: Project, task: Task) -> None:
        self._project, self._task = project, task
        self._open: dict[UnitId, FrameSource] = {}

    def __call__(self, unit: UnitId) -> FrameSource:
        if unit not in self._open:
            self._open[unit] = self._project.source(self._task.unit(unit))
        return self._open[unit]

    def close(self) -> None:
        for source in self._open.values():
            source.close()


def run_checks(
    project: Project, select: Sequence[str] = (), ignore: Sequence[str] = (), *, deep: bool = False
) -> Iterator[Finding]:
    """Yield what the chosen checks find, task by task, in a fixed order."""
    from tui_editor.checks.registry import checks

    chosen = [c for c in checks() if _chosen(c.rule, select, ignore)]
    info = project.info
    for row in project.tasks():
        opened = project.read(row.id)
        sources = _Sources(project, opened.task)
        context = CheckContext(project=info, task=opened.task, document=opened.document, source=sources, deep=deep)
        try:
            for check in chosen:
                yield from check.run(context)
        finally:
            sources.close()


def _chosen(rule: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    wanted = not select or any(rule.startswith(s) for s in select)
    return wanted and not any(rule.startswith(i) for i in ignore)


def verify_frames(project: Project) -> Iterator[tuple[TaskRow, Unit, Mismatch]]:
    """Yield the frames whose recorded proof no longer holds; a unit that can't be opened fails with all of its."""
    from tui_editor.media.verify import Mismatch, verify_unit

    for row in project.tasks():
        for unit in project.store.task(row.id).units:
            recorded = project.store.identities(unit.id)
            if not recorded:
                continue
            try:
                source = project.source(unit)
            except MediaError as error:
                for index, identity in sorted(recorded.items()):
                    yield row, unit, Mismatch(index=index, recorded=identity, actual=None, reason=str(error))
                continue
            try:
                for mismatch in verify_unit(source, recorded):
                    yield row, unit, mismatch
            finally:
                source.close()


def record_labelled_frames(project: Project, task: Task, frames: dict[UnitId, set[int]]) -> int:
    """Record the proof of frames that have none yet; return how many were recorded."""
    total = 0
    for unit in task.units:
        known = project.store.identities(unit.id)
        new = sorted(frames.get(unit.id, set()) - set(known))
        if not new:
            continue
        source = project.source(unit)
        try:
            project.store.save_identities(unit.id, {index: source.identity(index) for index in new})
        finally:
            source.close()
        total += len(new)
    return total
