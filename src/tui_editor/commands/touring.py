"""The findings of a check over many tasks, gone through one task after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.state.findings import FoundFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui_editor.model.ids import TaskId
    from tui_editor.ports import Finding


class Tour(Struct):
    """Which tasks have findings, in the order in which they were found."""

    findings: Mapping[TaskId, tuple[Finding, ...]]
    rules: tuple[str, ...] = ()
    """Those that were run."""
    known: frozenset[str] = frozenset()
    """Keys of findings that a baseline leaves out."""
    shown: FoundFilter = FoundFilter.WORSE
    close_up: bool = False
    """The view followed the objects in the task before."""
    backwards: bool = False
    """The open task was come to from the one behind it: its last finding is the first to be shown."""

    def neighbour(self, task: TaskId, by: int) -> TaskId | None:
        """Return the task before or behind another one; None at the end."""
        order = list(self.findings)
        at = order.index(task) + (1 if by > 0 else -1) if task in self.findings else -1
        return order[at] if 0 <= at < len(order) else None

    def place(self, task: TaskId) -> str:
        """Return which of the tasks one is, in words; empty when it is none of them."""
        order = list(self.findings)
        return f"task {order.index(task) + 1} of {len(order)}" if task in self.findings else ""


def tour_of(
    findings: Iterable[Finding], rules: tuple[str, ...], *, every: bool, known: frozenset[str] = frozenset()
) -> Tour:
    """Return the tour through findings that lie in tasks.

    Args:
        findings: Those of a check.
        rules: That were run.
        known: Keys that a baseline leaves out.
        every: Whether infos are gone through as well; otherwise only where there is nothing worse.
    """
    placed = [f for f in findings if f.task is not None]
    worse = [f for f in placed if f.severity != "info"]
    shown = FoundFilter.ALL if every or not worse else FoundFilter.WORSE
    by_task: dict[TaskId, list[Finding]] = {}
    for finding in placed if shown is FoundFilter.ALL else worse:
        assert finding.task is not None
        by_task.setdefault(finding.task, [])
    for finding in placed:
        if finding.task in by_task:
            by_task[finding.task].append(finding)
    return Tour(findings={task: tuple(found) for task, found in by_task.items()}, rules=rules, known=known, shown=shown)
