"""`tui-editor metadata`: shows and sets client metadata of a task's data units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json, add_task, whole_number
from tui_editor.cli.output import counted, note, print_json_list, print_table
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_task(parser, required=True)
    parser.add_argument("pairs", nargs="*", metavar="KEY=VALUE", help="set a key; KEY= removes it")
    parser.add_argument("--unit", metavar="N", type=whole_number, help="number of the data unit from 0; else all")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Set what is given, then show what there is."""
    from tui_editor.api.lookup import find_task
    from tui_editor.api.workflow import set_metadata
    from tui_editor.cli.places import project_of

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


def _pair(text: str) -> tuple[str, object]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise UsageError(f"{one_line(text)} sets nothing", hint="patient=17; patient= removes the key")
    return key, _value(value)


def _value(text: str) -> object:
    """Return a number or truth where the text is one, else the text; None for an empty one."""
    if not text:
        return None
    if text in {"true", "false"}:
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
