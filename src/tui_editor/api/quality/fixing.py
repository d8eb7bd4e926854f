"""Mends what can be mended safely: as edits of the journal, which undo takes back."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING

from tui_editor.api.editing import this_session
from tui_editor.edits.stamp import Stamp
from tui_editor.model.ids import new_token
from tui_editor.ports import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui_editor.api.project import Project
    from tui_editor.model.ids import TaskId
    from tui_editor.ports import Finding

COMMAND = "check.fix"


def fix_all(project: Project, findings: Iterable[Finding]) -> list[Finding]:
    """Mend the findings that a program may mend by itself; return those. One edit a task, so one step to take back.

    Raises:
        StoreLocked: somebody edits one of the tasks.
        StoreReadOnly: nothing may be changed here.
    """
    from tui_editor.checks.fixes import is_safe

    by_task: dict[TaskId, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.task is not None and is_safe(finding):
            by_task[finding.task].append(finding)
    return [mended for task, found in by_task.items() for mended in _fix_task(project, task, found)]


def _fix_task(project: Project, task: TaskId, findings: list[Finding]) -> list[Finding]:
    from tui_editor.checks.fixes import safe_fixes

    session = this_session(project.person)
    lease = project.store.acquire(task, session)
    try:
        opened = project.read(task)
        now = time.time_ns() // 1_000_000
        patch, mended = safe_fixes(opened.document, opened.task, findings, Stamp(project.person, now))
        if not patch:
            return []
        edit = Edit(
            task=task,
            patch=patch,
            person=project.person,
            session=session.id,
            command=COMMAND,
            at_ms=now,
            idem=new_token(),
            fence=lease.fence,
        )
        for answer in project.store.commit([edit]):
            if isinstance(answer, Exception):
                raise answer
        return mended
    finally:
        project.store.release(lease)
