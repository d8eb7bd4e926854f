"""`tui-editor metadata`: shows and sets client metadata of a task's data units."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json, add_task, whole_number
from tui_editor.cli.output import counted, note, print_json_list, print_table
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_task(parser)
    parser.add_argument("pairs", nargs="*", metavar="KEY=VALUE", help="set a key; KEY= removes it")
    parser.add_argument("--unit", metavar="N", type=whole_number, help="number of the data unit from 0; else all")
    parser.add_argument(
        "--from", dest="table", metavar="FILE", type=Path, help="set keys of all data units that a CSV file names first"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Set what is given, then show what there is."""
    from tui_editor.api.lookup import find_task
    from tui_editor.api.workflow import set_metadata
    from tui_editor.cli.places import project_of

    _check(arguments)
    if arguments.table is not None:
        return _from_table(arguments)
    with project_of(arguments) as project:
        task = find_task(project, arguments.task)
        for key, value in [_pair(text) for text in arguments.pairs]:
            set_metadata(project, task, key, value, arguments.unit)
        units = project.store.task(task).units
    if arguments.json:
        print_json_list({"unit": n, "title": u.title, "metadata": dict(u.metadata)} for n, u in enumerate(units))
        return ExitCode.OK
    rows = [(n, u.title, key, value) for n, u in enumerate(units) for key, value in sorted(u.metadata.items())]
    note(counted(print_table(("UNIT", "TITLE", "KEY", "VALUE"), rows), "value"))
    return ExitCode.OK


def _check(arguments: argparse.Namespace) -> None:
    if arguments.table is not None and (arguments.task or arguments.pairs or arguments.unit is not None):
        raise UsageError("--from names the data units in the file", hint="leave out --task, --unit and KEY=VALUE")
    if arguments.table is None and not arguments.task:
        raise UsageError("which task is meant?", hint="--task names it; --from FILE.csv names many")


def _from_table(arguments: argparse.Namespace) -> int:
    """Set what a file says; names in it that nothing has are told, and are no success."""
    from tui_editor.api.metadata import read_table, set_from_table
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        brought = set_from_table(project, read_table(arguments.table))
    if arguments.json:
        print_json_list([{"units": brought.units, "unknown": list(brought.unknown)}])
    note(f"{counted(brought.units, 'data unit')} set")
    if brought.unknown:
        some = ", ".join(one_line(name, 40) for name in brought.unknown[:5])
        note(f"no data unit has {counted(len(brought.unknown), 'name')} of the file: {some}")
    return ExitCode.FINDINGS if brought.unknown else ExitCode.OK


def _pair(text: str) -> tuple[str, object]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise UsageError(f"{one_line(text)} sets nothing", hint="patient=17; patient= removes the key")
    from tui_editor.api.metadata import value_of

    return key, value_of(value)
