"""A comparison's report for programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

if TYPE_CHECKING:
    from tui_editor.api.comparing import Outcome, SideFacts
    from tui_editor.metrics.disagreements import Disagreement


def report_json(outcome: Outcome, failures: list[str], findings: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Return the report as plain values; what can't be measured is null.

    Args:
        outcome: Of the comparison.
        failures: Gates that don't hold, in words.
        findings: The disagreements; None when they are not asked for.
    """
    report = outcome.report
    values: dict[str, Any] = {
        "a": _side(outcome.a),
        "b": _side(outcome.b),
        "media": outcome.media,
        "frames": report.frames,
        "figures": {name: _finite(value) for name, value in report.figures.items()},
        "classes": [{k: _finite(v) for k, v in asdict(row).items()} for row in report.classes],
        "confusion": [{"a": a or None, "b": b or None, "count": n} for a, b, n in report.confused],
        "attributes": [{k: _finite(v) for k, v in asdict(row).items()} for row in report.attributes],
        "ap_by_class": {f"{prefix}ap": found for prefix, found in report.ap_by_class.items()},
        "conflicts": {kind.value: count for kind, count in report.conflicts.items()},
        "failed": failures,
    }
    return values if findings is None else {**values, "findings": findings}


def _side(side: SideFacts) -> dict[str, Any]:
    return {
        "name": side.name,
        "kind": side.kind,
        "tasks": side.tasks,
        "labels": side.labels,
        "only_here": list(side.alone),
    }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def finding_json(found: Disagreement) -> dict[str, Any]:
    """Return a disagreement as plain values: those of a finding about B, and the label of A; identifiers in base 32."""
    from tui_editor.model.ids import to_text

    finding = found.finding()
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "task": to_text(found.excerpt_b.task.id),
        "title": found.excerpt_b.task.title,
        "unit": None if finding.unit is None else to_text(finding.unit),
        "frame": finding.frame,
        "last_frame": found.last,
        "instance": None if finding.instance is None else to_text(finding.instance),
        "instance_a": None if found.a is None else to_text(found.a.id),
        "overlap": found.overlap,
    }
