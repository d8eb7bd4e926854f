"""`tui-editor ontology`: lists the project's classes and classifications; adds and changes classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_editor.cli.options import add_json
from tui_editor.cli.output import note, print_json, print_table
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse

    from tui_editor.model.ontology import Ontology


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "--add", metavar="NAME=SHAPE", action="append", default=[], help="a new class: Van=bounding_box"
    )
    parser.add_argument(
        "--change",
        metavar="NAME.FIELD=VALUE",
        action="append",
        default=[],
        help="name, color (#RRGGBB) or archived (on, off) of a class: Van.color=#FF8800",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Change what is asked for, in its order, and print the ontology."""
    from tui_editor.api.classes import add_class, change_class
    from tui_editor.cli.places import project_of

    added = [_split(text, "NAME=SHAPE") for text in arguments.add]
    changes = [(*_split(text, "NAME.FIELD=VALUE"),) for text in arguments.change]
    with project_of(arguments) as project:
        for name, shape in added:
            add_class(project, name, shape)
        for place, value in changes:
            name, dot, field = place.rpartition(".")
            if not dot:
                raise UsageError(f"{one_line(place)} names no field", hint="Van.color=#FF8800")
            change_class(project, name, field, value)
        ontology = project.info.ontology
    if arguments.json:
        print_json(_as_json(ontology))
    else:
        rows = [(c.name, c.shape.value, c.color, _names(c), "archived" if c.archived else "") for c in ontology.classes]
        rows += [(c.name, "classification", c.color, _names(c), "") for c in ontology.classifications]
        print_table(("CLASS", "SHAPE", "COLOUR", "ATTRIBUTES", ""), rows)
        note(f"{len(ontology.classes)} classes, {len(ontology.classifications)} classifications")
    return ExitCode.OK


def _split(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not equals:
        raise UsageError(f"{one_line(text)} is not {form}")
    return name.strip(), value.strip()


def _names(entry: Any) -> str:
    return ", ".join(f"{a.name}{'*' if a.required else ''}" for a in entry.attributes)


def _as_json(ontology: Ontology) -> dict[str, Any]:
    from tui_editor.model.codec import slim

    return {"classes": slim(ontology.classes), "classifications": slim(ontology.classifications)}
