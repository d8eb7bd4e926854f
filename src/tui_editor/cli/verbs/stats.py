"""`tui-editor stats`: figures of the project's issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import counted, note, out, print_json, print_table
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse

    from tui_editor.api.issue_stats import IssueStats, Share


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print how many issues there are, on what, by whom, and how long they stay open."""
    from tui_editor.api.issue_stats import issue_stats
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        stats = issue_stats(project)
    if arguments.json:
        print_json({"issues": _as_json(stats)})
    else:
        _print(stats)
    return ExitCode.OK


def _print(stats: IssueStats) -> None:
    from tui_editor.api.issue_stats import time_words

    for group, shares in stats.groups.items():
        rows = [(s.name, s.raised, s.open, s.resolved, time_words(s.median_ms)) for s in shares]
        if rows:
            print_table((group.upper(), "RAISED", "OPEN", "RESOLVED", "MEDIAN TIME"), rows)
            out()
    whole = stats.whole
    times = f"resolved after {time_words(whole.median_ms)} in the median, {time_words(stats.longest_ms)} at most"
    note(f"{counted(whole.raised, 'issue')}: {whole.open} open, {whole.resolved} resolved, {stats.reopened} reopened")
    if whole.resolved:
        note(times)


def _as_json(stats: IssueStats) -> dict[str, object]:
    whole = stats.whole
    return {
        **_share(whole),
        "reopened": stats.reopened,
        "comments": stats.comments,
        "resolve_ms": {"median": whole.median_ms, "mean": stats.mean_ms, "longest": stats.longest_ms},
        **{
            f"by_{group}": [{"name": share.name, **_share(share), "median_ms": share.median_ms} for share in shares]
            for group, shares in stats.groups.items()
        },
    }


def _share(share: Share) -> dict[str, object]:
    return {"raised": share.raised, "open": share.open, "resolved": share.resolved}
