"""A comparison's report for people: figures in groups, classes as a table, what is confused, what differs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tui_editor.cli.output import counted, out, print_table, width
from tui_editor.metrics.figures import FIGURES
from tui_editor.metrics.rules import SEVERITIES, TITLES
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.api.comparing import Outcome, SideFacts
    from tui_editor.metrics.comparison import Report
    from tui_editor.metrics.disagreements import Disagreement

_CONFUSED = 5
_NAMED = 3
_COUNTS = {"idsw", "frag", "mt", "pt", "ml"}
_AP_TITLES = {"": "AP", "mask_": "MASK AP", "keypoint_": "POINT AP"}


def print_report(outcome: Outcome, least_overlap: float) -> None:
    """Print the report of a comparison."""
    _print_sides(outcome)
    out()
    _print_figures(outcome.report, least_overlap)
    out()
    _print_classes(outcome.report)
    _print_attributes(outcome.report)
    _print_confused(outcome.report)
    _print_conflicts(outcome.report)


def _print_sides(outcome: Outcome) -> None:
    for letter, side in (("A", outcome.a), ("B", outcome.b)):
        sizes = f"{counted(side.tasks, 'task')}, {counted(side.labels, 'label')}"
        out(f"{letter}  {one_line(side.name)} ({side.kind}): {sizes}{_alone(side)}")
    frames = counted(outcome.report.frames, "frame")
    crowds = f"; {counted(outcome.report.crowds, 'crowd')} left out" if outcome.report.crowds else ""
    out(f"   compared: {_media(outcome.media)} with {frames}{crowds}")


def _media(count: int) -> str:
    return "1 medium" if count == 1 else f"{count} media"


def _alone(side: SideFacts) -> str:
    if not side.alone:
        return ""
    some = ", ".join(one_line(name, limit=60) for name in side.alone[:_NAMED])
    more = ", …" if len(side.alone) > _NAMED else ""
    return f"; {_media(len(side.alone))} only here: {some}{more}"


def _print_figures(report: Report, least_overlap: float) -> None:
    groups: dict[str, list[str]] = {}
    for figure in FIGURES:
        value = report.figures.get(figure.name, math.nan)
        if not math.isnan(value):
            shown = f"{value:.0f}" if figure.name in _COUNTS else number(value)
            groups.setdefault(figure.group, []).append(f"{figure.title} {shown}")
    widest = max(map(len, groups), default=0)
    for group, values in groups.items():
        rest = f"   (matched from {least_overlap:g})" if group == "Labels" else ""
        out(f"{group:{widest}}  {'   '.join(values)}{rest}")


def number(value: float) -> str:
    """Return a share with three digits; a dash when it can't be told."""
    return "–" if math.isnan(value) else f"{value:.3f}"


def _print_classes(report: Report) -> None:
    averages = [(name, by_class) for name, by_class in report.ap_by_class.items() if by_class]
    head = [
        "CLASS",
        "A",
        "B",
        "MATCHED",
        "PRECISION",
        "RECALL",
        "F1",
        "IOU",
        "PQ",
        *(_AP_TITLES[n] for n, _ in averages),
    ]
    rows = [
        [
            row.name,
            row.in_a,
            row.in_b,
            row.matched,
            *(number(v) for v in (row.precision, row.recall, row.f1, row.overlap, row.pq)),
            *(number(by_class.get(row.name, math.nan)) for _, by_class in averages),
        ]
        for row in report.classes
    ]
    _print_numbers(head, rows)


def _print_numbers(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table whose first column is a name; the numbers stand at the right of the others."""
    texts = [[one_line(str(cell), limit=60) for cell in row] for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(head, *texts, strict=True)]
    pushed = [
        [cell if n == 0 else " " * (widths[n] - width(cell)) + cell for n, cell in enumerate(row)]
        for row in (list(head), *texts)
    ]
    print_table(pushed[0], pushed[1:])


def _print_attributes(report: Report) -> None:
    if report.attributes:
        out()
        head = ("ANSWERS TO", "COMPARED", "THE SAME", "COHEN κ")
        rows = [[a.name, a.compared, number(a.same), number(a.kappa)] for a in report.attributes]
        _print_numbers(head, rows)


def _print_confused(report: Report) -> None:
    mixed = [(a, b, n) for a, b, n in report.confused if a and b and a != b]
    if mixed:
        some = ", ".join(f"{one_line(a)} → {one_line(b)} {n}×" for a, b, n in mixed[:_CONFUSED])
        more = f", and {counted(len(mixed) - _CONFUSED, 'other pair')}" if len(mixed) > _CONFUSED else ""
        out()
        out(f"confused (A → B): {some}{more}")


def _print_conflicts(report: Report) -> None:
    if report.conflicts:
        out()
        head = ("RULE", "SEVERITY", "DISAGREEMENT", "FOUND")
        rows = [[k.value, SEVERITIES[k].value, TITLES[k], n] for k, n in report.conflicts.items()]
        print_table(head, rows)


def line_of(found: Disagreement) -> str:
    """Return a disagreement as one line: `error E01 street.mp4, frames 12–40: only A has car (3)`."""
    excerpt = found.excerpt_b
    titles = dict.fromkeys(one_line(title) for title in (excerpt.task.title, excerpt.unit.title))
    frames = f"frame {found.first}" if found.first == found.last else f"frames {found.first}–{found.last}"
    place = f"{' › '.join(titles)}, {frames}" if excerpt.unit.frame_count > 1 else " › ".join(titles)
    return f"{SEVERITIES[found.kind].value} {found.kind.value} {place}: {found.reason}"
