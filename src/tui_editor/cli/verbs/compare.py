"""`tui-editor compare A B`: agreement of two sides, or one against ground truth, with gates for CI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_editor.cli.findings import LEVELS
from tui_editor.cli.gates import failed, read_gates
from tui_editor.cli.options import add_json
from tui_editor.cli.output import note, note_losses, out, print_json, progress
from tui_editor.errors import ExitCode, FormatUnknown, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse

    from tui_editor.api.comparing import Outcome
    from tui_editor.metrics.disagreements import Disagreement
    from tui_editor.metrics.rules import MatchRules
    from tui_editor.ports import Loss

_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "a", metavar="A", help="the reference: ground truth, or the first annotator; project or data set"
    )
    parser.add_argument("b", metavar="B", help="what is held against it; project or data set")
    parser.add_argument("--format-a", metavar="F", default="", help="format of A; else found out")
    parser.add_argument("--format-b", metavar="F", default="", help="format of B; else found out")
    parser.add_argument(
        "--fail-under",
        metavar="FIGURE=VALUE",
        action="append",
        default=[],
        help="exit code 1 when a figure is worse: f1=0.9; several with commas or again",
    )
    parser.add_argument(
        "--iou", metavar="X", default="0.4", help="labels with less in common don't match (default: 0.4)"
    )
    parser.add_argument(
        "--low-overlap", metavar="X", default="0.8", help="matches with less in common are told (default: 0.8)"
    )
    parser.add_argument("--boxes", action="store_true", help="compare all shapes by the upright rectangles around them")
    parser.add_argument("--open", action="store_true", help="go through the disagreements in the editor, in B")
    parser.add_argument("--list", action="store_true", help="list every disagreement, not only the first ones")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print how far both sides agree and where they don't; return 1 when a gate doesn't hold."""
    if arguments.open:
        from tui_editor.cli.touring import compare_and_open

        return compare_and_open(arguments, _compare)
    return _compare(arguments)


def _compare(arguments: argparse.Namespace) -> int:
    from tui_editor.api.comparing import compare

    gates = read_gates(arguments.fail_under)
    rules = rules_of(arguments)
    a, b = path_of(arguments.a), path_of(arguments.b)
    heard = _Heard(every=arguments.list, as_json=arguments.json)
    with progress("comparing") as seen:
        outcome = compare(a, b, rules, formats=(arguments.format_a, arguments.format_b), tell=heard.hear, progress=seen)
    for letter, side in (("A", outcome.a), ("B", outcome.b)):
        note_losses(f"{letter}: not carried over", [loss for loss in side.losses if not _is_no_matter(loss)])
    failures = failed(gates, outcome.report.figures)
    _print(outcome, rules, failures, heard, as_json=arguments.json)
    for failure in failures:
        note(f"failed: {failure}")
    return ExitCode.FINDINGS if failures else ExitCode.OK


def _is_no_matter(loss: Loss) -> bool:
    """Return whether a loss changes nothing here: no picture is opened, and no shape has to be edited."""
    return loss.what == "picture missing" or loss.what.endswith("shown read-only")


class _Heard:
    """The disagreements that will be shown: all, or the first ones, errors before warnings."""

    def __init__(self, *, every: bool, as_json: bool) -> None:
        self.every = every
        self._as_json = as_json
        self.count = 0
        self.values: list[dict[str, Any]] = []
        self._lines: dict[str, list[str]] = {}

    def hear(self, found: Disagreement) -> None:
        """Take a disagreement."""
        from tui_editor.cli.comparison_json import finding_json
        from tui_editor.cli.comparison_text import line_of

        self.count += 1
        if self._as_json:
            if self.every:
                self.values.append(finding_json(found))
            return
        lines = self._lines.setdefault("" if self.every else found.severity.value, [])
        if self.every or len(lines) < _SHOWN:
            lines.append(line_of(found))

    def lines(self) -> list[str]:
        """Return the lines to show."""
        found = [line for level in ("", *LEVELS) for line in self._lines.get(level, ())]
        return found if self.every else found[:_SHOWN]


def _print(outcome: Outcome, rules: MatchRules, failures: list[str], heard: _Heard, *, as_json: bool) -> None:
    from tui_editor.cli.comparison_json import report_json
    from tui_editor.cli.comparison_text import print_report

    if as_json:
        print_json(report_json(outcome, failures, heard.values if heard.every else None))
        return
    print_report(outcome, rules.least_overlap)
    lines = heard.lines()
    for line in ["", *lines] if lines else []:
        out(line)
    if heard.count > len(lines):
        out(f"… and {heard.count - len(lines)} more: --list shows all")


def rules_of(arguments: argparse.Namespace) -> MatchRules:
    """Return how labels are matched, as the options say.

    Raises:
        UsageError: a share is none.
    """
    from tui_editor.metrics.rules import MatchRules

    least, low = _share(arguments.iou, "--iou"), _share(arguments.low_overlap, "--low-overlap")
    return MatchRules(least_overlap=least, low_overlap=low, rectangles=arguments.boxes)


def _share(text: str, option: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise UsageError(f"{option} {one_line(text)} is not a share", hint="a number above 0 and up to 1")
    return value


def path_of(text: str) -> Path:
    """Return what a side names: a path, or the project of an address.

    Raises:
        FormatUnknown: there is no such file.
    """
    from tui_editor.api.addresses import is_address, parse_address

    if is_address(text):
        return parse_address(text).folder
    path = Path(text)
    if not path.exists():
        raise FormatUnknown("there is no such file or folder", where=one_line(text))
    return path
