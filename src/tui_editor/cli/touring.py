"""`check --open` and `compare --open`: what was found becomes a tour through the tasks, in the editor."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_editor.cli.output import counted, is_interactive, note, progress
from tui_editor.errors import ExitCode, UsageError
from tui_editor.ports import Severity
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tui_editor.api.project import Project
    from tui_editor.commands.touring import Tour
    from tui_editor.ports import Finding

_WHOLE = 5
"""Findings about the whole project that are told before the editor opens."""


def check_and_open(arguments: argparse.Namespace) -> int:
    """Check, and open the editor on the first finding; without a terminal, or where nothing is found, report."""
    from tui_editor.cli import checking, places
    from tui_editor.ui import collector

    _refuse_others(arguments)
    if not is_interactive():
        note("no terminal: this is the report")
        return checking.check(arguments)
    collector.work()
    one = argparse.Namespace(**{**vars(arguments), "path": arguments.path[0] if arguments.path else ""})
    with places.opened(one, keep=True) as place:
        from tui_editor.api.quality.accepted import Accepted, load_baseline
        from tui_editor.api.quality.settings import load_settings

        settings = load_settings(place.project.folder)
        plan = settings.plan(
            checking.rules_of(arguments.select),
            checking.rules_of(arguments.ignore),
            pixels=arguments.pixels is not False,
        )
        known = load_baseline(arguments.baseline) if arguments.baseline is not None else {}
        accepted = Accepted(known, settings.waivers)
        found = list(_told(accepted.through(checking.of_project(place.project, arguments, plan)), "checking"))
        if arguments.fix:
            found = list(checking.without_mended(place.project, iter(found)))
        for sentence in settings.unknown_classes(plan.declared.classes_in(place.project.info.ontology)):
            note(f"warning: {sentence}")
        rules = tuple(rule.rule for rule in plan.rules())
        return open_tour(place.project, arguments, found, rules, every=bool(arguments.select), known=known)


def _refuse_others(arguments: argparse.Namespace) -> None:
    """Refuse what has no meaning beside the editor.

    Raises:
        UsageError: it was asked for.
    """
    if len(arguments.path) > 1:
        raise UsageError("the editor opens one project or data set", hint="name one of them")
    asked = {"--write-baseline": arguments.write_baseline, "--waive": arguments.waive, "--config": arguments.config}
    for option, value in asked.items():
        if value:
            raise UsageError(
                f"{option} does not go with --open", hint="the editor waives, by checks.toml of the project"
            )


def _told(findings: Iterable[Finding], what: str) -> Iterator[Finding]:
    """Yield findings, with their number on a terminal's progress line."""
    with progress(what) as seen:
        for number, finding in enumerate(findings, start=1):
            if seen is not None:
                seen(number, None)
            yield finding


def compare_and_open(arguments: argparse.Namespace, comparing: Callable[[argparse.Namespace], int]) -> int:
    """Compare, and open the editor on the first disagreement: in B, whose labels are looked at.

    Args:
        arguments: Of the command.
        comparing: What compares and reports without a terminal.
    """
    from tui_editor.cli import places

    if not is_interactive():
        note("no terminal: this is the report")
        return comparing(arguments)
    one = argparse.Namespace(**{**vars(arguments), "path": arguments.b})
    with places.opened(one, keep=True) as place:
        from tui_editor.api.quality.reference import disagreement_findings
        from tui_editor.checks.agreement import RULES
        from tui_editor.cli.verbs.compare import path_of, rules_of

        with progress("comparing") as seen:
            found = list(
                disagreement_findings(
                    path_of(arguments.a),
                    place.project.folder,
                    rules_of(arguments),
                    format_a=arguments.format_a,
                    progress=seen,
                )
            )
        rules = tuple(rule.rule for rule in RULES)
        return open_tour(place.project, arguments, found, rules, every=True)


def open_tour(
    project: Project,
    arguments: argparse.Namespace,
    found: list[Finding],
    rules: tuple[str, ...],
    *,
    every: bool,
    known: Mapping[str, int] | None = None,
) -> int:
    """Open the editor on the first of the findings that lie in tasks; return its exit code."""
    from tui_editor.commands.touring import tour_of

    tour = tour_of(found, rules, every=every, known=frozenset(known or ()))
    _tell(found, tour)
    if not tour.findings:
        return ExitCode.OK
    from tui_editor.cli.ending import leave
    from tui_editor.ui.launch import run_app

    first = next(iter(tour.findings))
    return leave(run_app(project, task=first, graphics=arguments.graphics, preset=arguments.preset, tour=tour))


def _tell(found: list[Finding], tour: Tour) -> None:
    whole = [f for f in found if f.task is None and f.severity is not Severity.INFO]
    for finding in whole[:_WHOLE]:
        note(f"{finding.severity} {finding.rule} of the whole project: {one_line(finding.message, 200)}")
    if not tour.findings:
        note("nothing is found that lies in a task" if found else "nothing is found")
        return
    count = sum(len(each) for each in tour.findings.values())
    note(f"{counted(count, 'finding')} in {counted(len(tour.findings), 'task')}")
