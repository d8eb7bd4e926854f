"""Findings as a JSON list, an object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tui_editor.cli.reports.report import harmless
from tui_editor.model.ids import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.cli.reports.report import About
    from tui_editor.ports import Finding


def report(findings: Iterable[Finding], about: About) -> Iterator[str]:
    """Yield the list."""
    before = "["
    for finding in findings:
        yield f"{before}\n{json.dumps(as_json(finding, keeps_ids=about.keeps_ids), ensure_ascii=False)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def as_json(finding: Finding, *, keeps_ids: bool = True) -> dict[str, object]:
    """Return a finding as plain values; identifiers in base 32, None where they mean nothing."""

    def text(number: int | None) -> str | None:
        return to_text(number) if keeps_ids and number is not None else None

    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": harmless(finding.message),
        "title": harmless(finding.title),
        "file": harmless(finding.file),
        "frame": finding.frame,
        "last_frame": finding.last_frame,
        "name": harmless(finding.name),
        "source_id": harmless(finding.source_id),
        "box_px": None if finding.box_px is None else list(finding.box_px),
        "task": text(finding.task),
        "unit": text(finding.unit),
        "instance": text(finding.instance),
        "other": text(finding.other),
        "issue": text(finding.issue),
        "key": finding.key,
        "hint": finding.hint,
        "fix": finding.fix,
    }
