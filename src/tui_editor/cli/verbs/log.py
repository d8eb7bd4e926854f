"""`tui-editor log`: prints the journal of a task, of all lately, or what was done with the project as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json, add_task, time_text, whole_number
from tui_editor.cli.output import note, print_json_list, print_table
from tui_editor.errors import ExitCode, UsageError
from tui_editor.model.ids import to_text
from tui_editor.state.moments import moment_ms

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from tui_editor.api.lookup import Named
    from tui_editor.api.project import Project
    from tui_editor.ports import JournalEntry
    from tui_editor.ports.activities import Activity

HEAD = ("SEQ", "TIME", "PERSON", "KIND", "COMMAND", "WHAT", "")
ACTIVITY_HEAD = ("TIME", "PERSON", "KIND", "WHAT", "STATE", "OUTCOME")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_task(parser, without="what was done in all tasks, of the last 24 hours unless --since says more")
    parser.add_argument(
        "--activities",
        action="store_true",
        help="what was done with the project as a whole (imports, exports, checks, settings …), newest first",
    )
    parser.add_argument("--author", metavar="X", default="", help="only what this person did")
    parser.add_argument(
        "--since", metavar="TIME", type=moment_ms, default=0, help="only from then on: 2h (ago), 14:00, 2025-01-31"
    )
    parser.add_argument("--object", metavar="NAME", default="", help="only what was done to this: 'Car (0)', or its id")
    parser.add_argument("--after", metavar="SEQ", type=whole_number, default=0, help="only entries after this number")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the entries of a task or of all, oldest first, or the project's activities, newest first."""
    if arguments.activities:
        return _activities(arguments)
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        if not arguments.task:
            return _everywhere(arguments, project)
        entries = _of_task(arguments, project)
        if arguments.json:
            print_json_list(_as_json(entry) for entry in entries)
        else:
            note(f"entries: {print_table(HEAD, map(_cells, entries))}")
    return ExitCode.OK


def _of_task(arguments: argparse.Namespace, project: Project) -> Iterator[JournalEntry]:
    from tui_editor.api.instances import find_instance
    from tui_editor.api.lookup import find_task
    from tui_editor.state.taking_back import touches

    task = find_task(project, arguments.task)
    journal = project.store.journal(task, arguments.after, person=arguments.author)
    entries = (entry for entry in journal if entry.at_ms >= arguments.since)
    if not arguments.object:
        return entries
    wanted = find_instance(project, task, arguments.object)
    return (entry for entry in entries if touches(entry, wanted))


def _everywhere(arguments: argparse.Namespace, project: Project) -> int:
    if arguments.object or arguments.after:
        raise UsageError("objects and numbers are those of one task", hint="--task names it")
    since = arguments.since or moment_ms("24h")
    done = sorted(_since(project, since, arguments.author), key=lambda found: found[1].at_ms)
    if arguments.json:
        print_json_list({"task": to_text(row.id), "title": row.title, **_as_json(entry)} for row, entry in done)
        return ExitCode.OK
    note(f"entries since {time_text(since)}: {print_table(('TASK', *HEAD), ((r.title, *_cells(e)) for r, e in done))}")
    return ExitCode.OK


def _since(project: Project, since_ms: int, author: str) -> Iterator[tuple[Named, JournalEntry]]:
    """Yield what was done since a time, task by task, in those that changed since."""
    from tui_editor.api.lookup import worked_tasks

    for task in worked_tasks(project, since_ms, author, imports=True):
        journal = project.store.journal(task.id, 0, person=author)
        yield from ((task, entry) for entry in journal if entry.at_ms >= since_ms)


def _activities(arguments: argparse.Namespace) -> int:
    from tui_editor.cli.places import project_of
    from tui_editor.ports.activities import MOST_ACTIVITIES

    of_tasks = [name for name in ("task", "object", "after") if getattr(arguments, name)]
    if of_tasks:
        with_task = of_tasks[0] == "task"
        hint = "leave --activities out" if with_task else "--task names the task"
        raise UsageError(f"--{of_tasks[0]} is about the journal of a task", hint=hint)
    with project_of(arguments) as project:
        found = project.store.activities(max(0, arguments.since - 1), MOST_ACTIVITIES)
    wanted = [a for a in found if not arguments.author or a.person == arguments.author]
    if arguments.json:
        print_json_list(_activity_as_json(activity) for activity in wanted)
    else:
        rows = ((time_text(a.at_ms), a.person, a.kind, a.what, a.state.value, a.outcome) for a in wanted)
        note(f"activities: {print_table(ACTIVITY_HEAD, rows)}")
    return ExitCode.OK


def _activity_as_json(activity: Activity) -> dict[str, object]:
    return {
        "number": activity.number,
        "time": time_text(activity.at_ms),
        "at_ms": activity.at_ms,
        "ended_ms": activity.ended_ms,
        "person": activity.person,
        "kind": activity.kind,
        "what": activity.what,
        "state": activity.state.value,
        "outcome": activity.outcome,
    }


def _cells(entry: JournalEntry) -> tuple[object, ...]:
    from tui_editor.state.patch_words import what_changed

    return (
        entry.seq,
        time_text(entry.at_ms),
        entry.person,
        entry.kind.value + (f" of {entry.undoes}" if entry.undoes else ""),
        entry.command,
        what_changed(entry.patch),
        "taken back" if entry.undone else "",
    )


def _as_json(entry: JournalEntry) -> dict[str, object]:
    from tui_editor.state.patch_words import change_counts

    return {
        "seq": entry.seq,
        "time": time_text(entry.at_ms),
        "at_ms": entry.at_ms,
        "person": entry.person,
        "session": entry.session,
        "kind": entry.kind.value,
        "command": entry.command,
        "undoes": entry.undoes,
        "undone": entry.undone,
        "changes": dict(change_counts(entry.patch)),
    }
