"""Findings as lines and as JSON, and how many there were."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.api.project import Project
    from tui_editor.ports import Finding

LEVELS = ("error", "warning", "info")
"""Severities, from the worst on."""
_MESSAGE_CHARS = 400


class Counted:
    """Findings on their way through, counted by severity."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = findings
        self.counts: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Finding]:
        for finding in self._findings:
            self.counts[finding.severity.value] += 1
            yield finding

    def any_from(self, level: str) -> bool:
        """Return whether one was as bad as `level` or worse."""
        return any(self.counts[name] for name in LEVELS[: LEVELS.index(level) + 1])

    def summary(self) -> str:
        """Return the numbers in words: `2 errors, 1 warning`."""
        named = ((name, self.counts[name]) for name in LEVELS if self.counts[name])
        words = [f"{count} {name}{'' if count == 1 or name == 'info' else 's'}" for name, count in named]
        return ", ".join(words) if words else "no findings"


def line_of(project: Project, finding: Finding) -> str:
    """Return a finding as one line: `error G03 Street, frame 199: …`."""
    task = None if finding.task is None else project.store.task(finding.task)
    units = [unit.title for unit in task.units if unit.id == finding.unit and len(task.units) > 1] if task else []
    titles = (task.title, *units) if task is not None else (project.info.name,)
    place = " › ".join(one_line(title) for title in titles)
    frame = "" if finding.frame is None else f", frame {finding.frame}"
    return f"{finding.severity.value} {finding.rule} {place}{frame}: {one_line(finding.message, limit=_MESSAGE_CHARS)}"
