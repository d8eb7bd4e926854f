"""`tui-editor undo`: takes back what was done in a task, after a look at what would go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.asking import agreed
from tui_editor.cli.everywhere import check_everywhere, undo_everywhere
from tui_editor.cli.options import add_json, add_task, time_text, whole_number
from tui_editor.cli.output import counted, note, out, print_json_list, print_table
from tui_editor.errors import ExitCode, Refused, UsageError
from tui_editor.state.moments import moment_ms

if TYPE_CHECKING:
    import argparse

    from tui_editor.api.project import Project
    from tui_editor.model.ids import TaskId
    from tui_editor.ports import JournalEntry
    from tui_editor.state.taking_back import Wanted

HEAD = ("ENTRY", "TIME", "PERSON", "COMMAND", "WHAT")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_task(parser, without="with --author or --since what was done in all tasks")
    parser.add_argument("--author", metavar="X", default="", help="all that this person did")
    parser.add_argument(
        "--since", metavar="TIME", type=moment_ms, default=0, help="all since: 2h (ago), 14:00, 2025-01-31T12:00"
    )
    parser.add_argument("--object", metavar="NAME", default="", help="only what was done to this: 'Car (0)', or its id")
    parser.add_argument("--entry", metavar="SEQ", type=whole_number, help="this entry of the log")
    parser.add_argument("-n", "--steps", metavar="N", type=whole_number, help="how many steps at most")
    parser.add_argument("--preview", action="store_true", help="show what would go, and take nothing back")
    parser.add_argument("-y", "--yes", action="store_true", help="don't ask first")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take the steps back, all or none of a task; your last steps without a question, others after one."""
    from tui_editor.api.lookup import find_task
    from tui_editor.cli.places import project_of

    _check(arguments)
    with project_of(arguments) as project:
        if not arguments.task:
            return undo_everywhere(arguments, project)
        task = find_task(project, arguments.task)
        if _is_selective(arguments):
            return _selective(arguments, project, task)
        from tui_editor.api.undoing import undo_steps

        steps = undo_steps(project, task, count=1 if arguments.steps is None else arguments.steps)
    if not steps:
        raise Refused(
            "there is nothing to take back",
            hint="the workflow's moves are taken back in the editor only; --author names somebody else",
        )
    _tell(steps, as_json=arguments.json)
    return ExitCode.OK


def _is_selective(arguments: argparse.Namespace) -> bool:
    return bool(
        arguments.author or arguments.since or arguments.object or arguments.entry is not None or arguments.preview
    )


def _check(arguments: argparse.Namespace) -> None:
    if not arguments.task:
        check_everywhere(arguments)
    other = [name for name in ("author", "since", "object", "steps") if getattr(arguments, name)]
    if arguments.entry is not None and other:
        raise UsageError(
            f"--entry names one entry: --{other[0]} can't go with it", hint="`tui-editor log` lists the entries"
        )


def _selective(arguments: argparse.Namespace, project: Project, task: TaskId) -> int:
    from tui_editor.api.undoing import plan_undo, undo_planned

    wanted = _wanted(arguments, project, task)
    plan = plan_undo(project, task, wanted)
    if not plan.entries:
        raise Refused(_nothing(arguments, project, task), hint="`tui-editor log` lists what was done")
    if arguments.preview or not (arguments.yes or arguments.json):
        _preview(plan.entries, as_json=arguments.json and arguments.preview)
    if arguments.preview:
        note(f"{counted(len(plan.entries), 'step')} would go; nothing was taken back")
        return ExitCode.OK
    if not agreed(f"take back {counted(len(plan.entries), 'step')}?", yes=arguments.yes):
        note("nothing was taken back")
        return ExitCode.OK
    undo_planned(project, task, wanted, plan)
    _tell(plan.entries, as_json=arguments.json)
    return ExitCode.OK


def _wanted(arguments: argparse.Namespace, project: Project, task: TaskId) -> Wanted | int:
    from tui_editor.api.instances import find_instance
    from tui_editor.state.taking_back import Wanted

    if arguments.entry is not None:
        return int(arguments.entry)
    instance = find_instance(project, task, arguments.object) if arguments.object else None
    only_mine = not (arguments.author or arguments.object)
    bounded = arguments.since or arguments.object or arguments.author
    return Wanted(
        author=project.person if only_mine else arguments.author,
        since_ms=arguments.since,
        instance=instance,
        count=arguments.steps if arguments.steps is not None else None if bounded else 1,
    )


def _nothing(arguments: argparse.Namespace, project: Project, task: TaskId) -> str:
    """Return why there is nothing, by the first of the filters that lets nothing through."""
    people = {entry.person for entry in project.store.journal(task)}
    if arguments.author and arguments.author not in people:
        return f"{arguments.author} did nothing in this task; these did: {', '.join(sorted(people))}"
    since = f" since {time_text(arguments.since)}" if arguments.since else ""
    return f"there is nothing to take back{since}"


def _preview(steps: tuple[JournalEntry, ...], *, as_json: bool) -> None:
    from tui_editor.state.patch_words import what_changed

    if as_json:
        _print_json(steps)
    else:
        print_table(HEAD, ((s.seq, time_text(s.at_ms), s.person, s.command, what_changed(s.patch)) for s in steps))


def _print_json(steps: tuple[JournalEntry, ...]) -> None:
    print_json_list({"seq": s.seq, "command": s.command, "person": s.person, "time": time_text(s.at_ms)} for s in steps)


def _tell(steps: tuple[JournalEntry, ...], *, as_json: bool) -> None:
    from tui_editor.state.patch_words import what_changed

    if as_json:
        _print_json(steps)
    else:
        for step in steps:
            out(f"took back {step.seq}: {step.command} ({what_changed(step.patch)})")
    note(f"{counted(len(steps), 'step')} taken back as one entry; `tui-editor log` shows it")
