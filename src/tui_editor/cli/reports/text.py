"""Findings as lines for people: grouped by task, then a table of the rules with what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tui_editor.checks.fixes import FIXES
from tui_editor.cli.reports.report import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.cli.reports.report import About
    from tui_editor.ports import Finding

WHOLE = "All together"


def report(findings: Iterable[Finding], about: About) -> Iterator[str]:
    """Yield a heading for each task, a line for each finding, and what to do at the end."""
    counts: Counter[str] = Counter()
    worst: dict[str, str] = {}
    title: str | None = None
    for finding in findings:
        counts[finding.rule] += 1
        worst.setdefault(finding.rule, finding.severity.value)
        place = harmless(finding.title) or WHOLE
        if place != title:
            yield ("\n" if title is not None else "") + place + "\n"
            title = place
        yield _line(finding)
    titles = {check.rule: (check.title, getattr(check, "hint", ""), getattr(check, "fix", "")) for check in about.rules}
    if counts:
        yield "\n"
    for rule in sorted(counts):
        what, hint, fix = titles.get(rule, ("", "", ""))
        mend = f"; --fix: {FIXES[fix]}" if fix in FIXES else ""
        yield f"{counts[rule]:6d} × {rule} {worst[rule]:7s} {what} → {hint}{mend}\n"


def _line(finding: Finding) -> str:
    where = "" if finding.frame is None else f"frame {finding.frame}"
    file = harmless(finding.file, 100)
    said = (
        finding.message
        if not file or file in {finding.title, ""} or file in finding.message
        else f"{finding.message} ({file})"
    )
    return f"  {where:12s} {finding.severity.value:7s} {finding.rule}  {harmless(said, 500)}\n"
