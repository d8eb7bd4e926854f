"""`tui-editor restore`: brings back an object that was deleted, or lists those that were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json, add_task, time_text
from tui_editor.cli.output import counted, note, print_json_list, print_table
from tui_editor.errors import ExitCode, Refused

if TYPE_CHECKING:
    import argparse

    from tui_editor.model.ontology import Ontology
    from tui_editor.state.taking_back import Deleted

HEAD = ("OBJECT", "ID", "DELETED", "BY", "ENTRY", "COMMAND")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_task(parser, required=True)
    parser.add_argument(
        "--object", metavar="NAME", default="", help="bring this one back: 'Car (0)', or its id; listed when absent"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List what was deleted, or bring one of it back as one entry of the journal."""
    from tui_editor.api.instances import find_instance
    from tui_editor.api.lookup import find_task
    from tui_editor.api.undoing import deleted_things, restore_thing
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        task = find_task(project, arguments.task)
        gone = deleted_things(project, task)
        ontology = project.info.ontology
        if not arguments.object:
            _list(gone, ontology, as_json=arguments.json)
            return ExitCode.OK
        wanted = find_instance(project, task, arguments.object)
        thing = next((g for g in gone if g.instance.id == wanted), None)
        if thing is None:
            raise Refused(
                f"{arguments.object} was not deleted", hint="`tui-editor restore` without --object lists what was"
            )
        restore_thing(project, task, thing)
        if arguments.json:
            print_json_list([_as_json(thing, ontology)])
    note(f"{arguments.object} is back; `tui-editor log` shows it")
    return ExitCode.OK


def _list(gone: list[Deleted], ontology: Ontology, *, as_json: bool) -> None:
    if as_json:
        print_json_list(_as_json(thing, ontology) for thing in gone)
    else:
        rows = (tuple(_as_json(thing, ontology).values()) for thing in gone)
        note(f"deleted: {counted(print_table(HEAD, rows), 'object')}")


def _as_json(thing: Deleted, ontology: Ontology) -> dict[str, object]:
    from tui_editor.model.ids import to_text
    from tui_editor.state.selectors import instance_name

    return {
        "object": instance_name(ontology, thing.instance),
        "id": to_text(thing.instance.id),
        "deleted": time_text(thing.entry.at_ms),
        "by": thing.entry.person,
        "entry": thing.entry.seq,
        "command": thing.entry.command,
    }
