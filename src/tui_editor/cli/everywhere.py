"""`undo` without a task: what a person did in all tasks since a time, planned for all before any is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.asking import agreed
from tui_editor.cli.options import time_text
from tui_editor.cli.output import counted, note, out, print_json_list, print_table
from tui_editor.errors import ExitCode, Refused, TuiEditorError, UsageError
from tui_editor.model.ids import to_text
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from tui_editor.api.lookup import Named
    from tui_editor.api.project import Project
    from tui_editor.ports import JournalEntry
    from tui_editor.state.taking_back import TakeBack, Wanted

Plans = dict["Named", "TakeBack"]
_HEAD = ("TASK", "ENTRY", "TIME", "PERSON", "COMMAND", "WHAT")


def check_everywhere(arguments: argparse.Namespace) -> None:
    """Refuse what means nothing without a task.

    Raises:
        UsageError: neither a person nor a time is given, or something that belongs to one task.
    """
    one = [name for name in ("object", "entry", "steps") if getattr(arguments, name) not in {"", None}]
    if one or not (arguments.author or arguments.since):
        what = f"--{one[0]} is about one task" if one else "which task is meant?"
        raise UsageError(what, hint="--task names it; --author X --since 14:00 goes through all tasks")


def undo_everywhere(arguments: argparse.Namespace, project: Project) -> int:
    """Take back what a person did in all tasks, after a look at what would go; tell where that can't be."""
    from tui_editor.state.taking_back import Wanted

    wanted = Wanted(author=arguments.author or project.person, since_ms=arguments.since, instance=None, count=None)
    plans, refused = _planned(project, wanted)
    if not plans and not refused:
        since = f" since {time_text(arguments.since)}" if arguments.since else ""
        raise Refused(f"{one_line(wanted.author)} did nothing{since}", hint="`tui-editor log` lists what was done")
    steps = f"{counted(sum(len(p.entries) for p in plans.values()), 'step')} in {counted(len(plans), 'task')}"
    if arguments.preview or not (arguments.yes or arguments.json):
        _show(plans, as_json=arguments.json)
    if arguments.preview or not plans:
        note(f"{steps} would go; nothing was taken back")
    elif agreed(f"take back {steps}?", yes=arguments.yes):
        refused += _taken_back(project, wanted, plans, as_json=arguments.json)
    else:
        note("nothing was taken back")
    for row, why in refused:
        note(f"{one_line(row.title)} stays as it is: {why}")
    return ExitCode.FINDINGS if refused else ExitCode.OK


def _planned(project: Project, wanted: Wanted) -> tuple[Plans, list[tuple[Named, str]]]:
    """Return what would go in each task, and the tasks in which it can't, with the reason."""
    from tui_editor.api.lookup import worked_tasks
    from tui_editor.api.undoing import plan_undo

    plans: Plans = {}
    refused: list[tuple[Named, str]] = []
    for row in worked_tasks(project, wanted.since_ms, wanted.author):
        try:
            plan = plan_undo(project, row.id, wanted)
        except Refused as error:
            refused.append((row, one_line(str(error))))
            continue
        if plan.entries:
            plans[row] = plan
    return plans, refused


def _taken_back(project: Project, wanted: Wanted, plans: Plans, *, as_json: bool) -> list[tuple[Named, str]]:
    """Take back task after task, tell of each, and return those in which that was refused."""
    from tui_editor.api.undoing import undo_planned

    done: Plans = {}
    refused: list[tuple[Named, str]] = []
    for row, plan in plans.items():
        try:
            undo_planned(project, row.id, wanted, plan)
        except TuiEditorError as error:
            refused.append((row, one_line(str(error))))
        else:
            done[row] = plan
    if as_json:
        _show(done, as_json=True)
    else:
        for row, plan in done.items():
            out(f"{to_text(row.id)}  {one_line(row.title)}: took back {counted(len(plan.entries), 'step')}")
    note(f"{counted(len(done), 'task')} changed, each by one entry; `tui-editor log` shows it")
    return refused


def _show(plans: Plans, *, as_json: bool) -> None:
    from tui_editor.state.patch_words import what_changed

    steps = list(_steps(plans))
    if as_json:
        print_json_list(
            {
                "task": to_text(row.id),
                "title": row.title,
                "seq": s.seq,
                "command": s.command,
                "person": s.person,
                "time": time_text(s.at_ms),
            }
            for row, s in steps
        )
    else:
        print_table(
            _HEAD, ((r.title, s.seq, time_text(s.at_ms), s.person, s.command, what_changed(s.patch)) for r, s in steps)
        )


def _steps(plans: Plans) -> Iterable[tuple[Named, JournalEntry]]:
    return ((row, step) for row, plan in plans.items() for step in plan.entries)
