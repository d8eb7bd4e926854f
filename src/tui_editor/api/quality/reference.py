"""Labels held against others of the same frames: conflicts and figures of a comparison, as findings (A and E)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_editor.api.quality.others import contradicted
from tui_editor.checks.agreement import gated
from tui_editor.model.shapes import bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tui_editor.checks.runner import Plan
    from tui_editor.metrics.disagreements import Disagreement
    from tui_editor.metrics.rules import MatchRules
    from tui_editor.ports import Finding


def reference_findings(reference: Path, labels: Path, plan: Plan, *, annotators: bool = False) -> Iterator[Finding]:
    """Yield where labels differ from a reference (E), or two annotators from one another (A).

    Args:
        reference: A project or data set.
        labels: What is checked: a project or data set.
        plan: Which rules run, and by which thresholds.
        annotators: Neither side is the truth: rules A instead of E.

    Raises:
        FormatError: a path is neither a project nor in a format that can be read.
        InputError: both have no medium in common.
    """
    from tui_editor.api.comparing import compare

    found: list[Finding] = []
    outcome = compare(reference, labels, tell=lambda difference: found.append(_placed(difference)))
    wanted = "A" if annotators else "E"
    yield from (plan.judged(f) for f in found if plan.wants(f.rule) and (annotators or f.rule.startswith("E")))
    if not annotators:
        yield from contradicted(reference, labels, plan)
    yield from figure_findings(outcome.report.figures, plan, wanted)


def disagreement_findings(
    reference: Path,
    labels: Path,
    rules: MatchRules | None = None,
    *,
    format_a: str = "",
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[Finding]:
    """Yield where labels differ from a reference, each difference by itself, whatever the rules E and A say.

    Args:
        reference: A project or data set.
        labels: A project: the findings are about its tasks.
        rules: How labels are matched.
        format_a: Format of the reference; found out when empty.
        progress: Called with the tasks compared so far and their total, where it is known.
    """
    from tui_editor.api.comparing import compare

    found: list[Finding] = []
    compare(
        reference,
        labels,
        rules,
        formats=(format_a, ""),
        tell=lambda difference: found.append(_placed(difference)),
        progress=progress,
    )
    yield from found


def _placed(difference: Disagreement) -> Finding:
    """Return a disagreement as a finding with its place and what to do."""
    from tui_editor.checks.agreement import RULES
    from tui_editor.checks.sheets import file_of

    found = difference.finding()
    task, unit = difference.excerpt_b.task, difference.excerpt_b.unit
    hint = next((rule.hint for rule in RULES if rule.rule == found.rule), "")
    last = difference.last if difference.last > difference.first else None
    file = file_of(unit, difference.first)
    return replace(found, title=task.title, file=file, hint=hint, last_frame=last, box_px=_box(difference))


def _box(difference: Disagreement) -> tuple[float, float, float, float] | None:
    """Return the rectangle of what differs on its first frame: of B's label, else of A's."""
    place = difference.b or difference.a
    if place is None:
        return None
    label = place.excerpt.document.label(place.id, place.excerpt.unit.id, place.frame)
    box = bounds(label.shape) if label is not None else None
    return None if box is None else (box[0], box[1], box[2] - box[0], box[3] - box[1])


def figure_findings(figures: Mapping[str, float], plan: Plan, family: str) -> Iterator[Finding]:
    """Yield what is lower than the rules of a family (`A`, `E`) want it to be."""
    from tui_editor.checks.agreement import RULES

    for rule in sorted(r.rule for r in RULES):
        if rule.startswith(family) and plan.wants(rule):
            said: Any = gated(rule, figures, plan.settings)
            yield from map(plan.judged, said)
