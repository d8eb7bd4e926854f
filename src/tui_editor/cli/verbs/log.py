"""`tui-editor log`: prints a task's journal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json, add_task, moment_ms, time_text, whole_number
from tui_editor.cli.output import note, print_json_list, print_table
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from tui_editor.model.patch import Change, Patch
    from tui_editor.ports import JournalEntry

HEAD = ("SEQ", "TIME", "PERSON", "KIND", "COMMAND", "WHAT", "")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_task(parser, required=True)
    parser.add_argument("--author", metavar="X", default="", help="only what this person did")
    parser.add_argument(
        "--since", metavar="TIME", type=moment_ms, default=0, help="only from then on: 2h (ago), 14:00, 2025-01-31"
    )
    parser.add_argument("--object", metavar="NAME", default="", help="only what was done to this: 'Car (0)', or its id")
    parser.add_argument("--after", metavar="SEQ", type=whole_number, default=0, help="only entries after this number")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the entries, oldest first."""
    from tui_editor.api.instances import find_instance
    from tui_editor.api.lookup import find_task
    from tui_editor.cli.places import project_of
    from tui_editor.state.taking_back import touches

    with project_of(arguments) as project:
        task = find_task(project, arguments.task)
        journal = project.store.journal(task, arguments.after, person=arguments.author)
        entries = (entry for entry in journal if entry.at_ms >= arguments.since)
        if arguments.object:
            wanted = find_instance(project, task, arguments.object)
            entries = (entry for entry in entries if touches(entry, wanted))
        if arguments.json:
            print_json_list(_as_json(entry) for entry in entries)
        else:
            note(f"entries: {print_table(HEAD, map(_cells, entries))}")
    return ExitCode.OK


def _cells(entry: JournalEntry) -> tuple[object, ...]:
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
        "changes": dict(_counts(entry.patch)),
    }


def what_changed(patch: Patch) -> str:
    """Return in words what a patch does: `1 instance made, 2 labels set`."""
    return ", ".join(f"{count} {what}" for what, count in _counts(patch).items())


def _counts(patch: Patch) -> Counter[str]:
    counts: Counter[str] = Counter()
    for change in patch.changes:
        for what, count in _of_change(change):
            counts[what] += count
    return counts


def _of_change(change: Change) -> Iterator[tuple[str, int]]:
    from tui_editor.model.patch import StatusChange, TrackChange

    if isinstance(change, StatusChange):
        yield f"move to {change.after.stage}/{change.after.state.value}", 1
    elif isinstance(change, TrackChange):
        set_, removed = len(change.after), max(0, len(change.before) - len(change.after))
        yield from ((what, count) for what, count in (("labels set", set_), ("labels removed", removed)) if count)
    else:
        noun = type(change).__name__.removesuffix("Change").lower()
        verb = "made" if change.before is None else "removed" if change.after is None else "changed"
        yield f"{noun} {verb}", 1
