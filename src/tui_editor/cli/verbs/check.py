"""`tui-editor check`: reports faults, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.findings import LEVELS, Counted, as_json, line_of
from tui_editor.cli.output import note, out, print_json_list
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "path", metavar="PATH", nargs="?", default="", help="project, data set or medium; else the project here"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how findings are printed")
    parser.add_argument("--select", metavar="RULES", default="", help="only these: M01,G (a beginning stands for all)")
    parser.add_argument("--ignore", metavar="RULES", default="", help="not these")
    parser.add_argument("--deep", action="store_true", help="decode every frame of long videos too")
    parser.add_argument(
        "--fail-on", choices=LEVELS, default="error", help="exit code 1 from this severity on (default: error)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; return 1 when one is as bad as `--fail-on` says."""
    from tui_editor.cli.places import opened

    select, ignore = _rules(arguments.select), _rules(arguments.ignore)
    with opened(arguments, keep=False) as place:
        findings = Counted(place.project.check(select, ignore, deep=arguments.deep))
        if arguments.format == "json":
            print_json_list(as_json(place.project, finding) for finding in findings)
        else:
            for finding in findings:
                out(line_of(place.project, finding))
    note(findings.summary())
    return ExitCode.FINDINGS if findings.any_from(arguments.fail_on) else ExitCode.OK


def _rules(text: str) -> tuple[str, ...]:
    """Return the rules or beginnings of rules in a list with commas.

    Raises:
        UsageError: no rule begins so.
    """
    from tui_editor.checks.registry import checks

    wanted = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    known = [check.rule for check in checks()]
    for part in wanted:
        if not any(rule.startswith(part) for rule in known):
            raise UsageError(f"there is no rule {one_line(part)}", hint=f"rules: {', '.join(known)}")
    return wanted
