"""`tui-editor backups`: lists the plain-text backups of labels, makes one, and reads one back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.asking import agreed
from tui_editor.cli.options import add_json, add_task
from tui_editor.cli.output import counted, note, out, print_json, print_json_list, print_table
from tui_editor.errors import ExitCode, UsageError

if TYPE_CHECKING:
    import argparse

    from tui_editor.api.backups import Backup
    from tui_editor.api.project import Project
    from tui_editor.model.ids import TaskId

LAST = "last"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_task(parser)
    parser.add_argument("--make", action="store_true", help="make one of the task now")
    parser.add_argument("--restore", metavar="FILE", default="", help=f"give the task these labels; `{LAST}`: the last")
    parser.add_argument("-y", "--yes", action="store_true", help="don't ask first")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List backups, make one, or read one back."""
    from tui_editor.api.lookup import find_task
    from tui_editor.cli.places import project_of

    if (arguments.make or arguments.restore) and not arguments.task:
        raise UsageError("a task must be named", hint="--task takes its identifier, title or number in the queue")
    with project_of(arguments) as project:
        task = find_task(project, arguments.task) if arguments.task else None
        if task is not None and arguments.make:
            return _make(project, task, as_json=arguments.json)
        if task is not None and arguments.restore:
            return _restore(arguments, project, task)
        return _list(project, task, as_json=arguments.json)


def _list(project: Project, task: TaskId | None, *, as_json: bool) -> int:
    from tui_editor.api.backups import backups

    found = list(backups(project.folder, task))
    if as_json:
        print_json_list(_as_json(backup) for backup in found)
        return ExitCode.OK
    titles = {backup.task: _title(project, backup.task) for backup in found}
    rows = ((b.at, titles[b.task], b.size, str(b.file)) for b in found)
    note(counted(print_table(("UTC", "TASK", "BYTES", "FILE"), rows), "backup"))
    return ExitCode.OK


def _title(project: Project, task: TaskId) -> str:
    from tui_editor.errors import StoreMissing

    try:
        return project.store.task(task).title
    except StoreMissing:
        return "(no task any more)"


def _as_json(backup: Backup) -> dict[str, object]:
    from tui_editor.model.ids import to_text

    return {"file": str(backup.file), "task": to_text(backup.task), "at": backup.at, "bytes": backup.size}


def _make(project: Project, task: TaskId, *, as_json: bool) -> int:
    from tui_editor.api.backups import write_backup

    opened = project.read(task)
    file = write_backup(project.folder, project.info, opened.task, opened.document, opened.seq)
    if as_json:
        print_json({"file": str(file)})
    else:
        out(str(file))
    return ExitCode.OK


def _restore(arguments: argparse.Namespace, project: Project, task: TaskId) -> int:
    from tui_editor.api.backups import backups, restore_backup

    last = next((backup.file for backup in backups(project.folder, task)), None)
    if arguments.restore == LAST and last is None:
        raise UsageError("the task has no backup", hint="`tui-editor backups` lists those that there are")
    file = last if arguments.restore == LAST and last is not None else Path(arguments.restore)
    if not agreed(f"give the task the labels of {file.name}?", yes=arguments.yes):
        note("nothing was changed")
        return ExitCode.OK
    changes = restore_backup(project, task, file)
    if arguments.json:
        print_json({"file": str(file), "changes": changes})
    what = f"{counted(changes, 'change')} as one entry; `tui-editor undo` takes it back"
    note(what if changes else "the task has these labels already")
    return ExitCode.OK
