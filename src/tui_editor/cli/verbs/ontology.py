"""`tui-editor ontology`: shows classes, classifications, attributes and options; adds, changes and removes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tui_editor.cli.options import add_json
from tui_editor.cli.output import counted, note, print_json, print_table
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from tui_editor.api.ontology import Change
    from tui_editor.model.ontology import AnyClass, Ontology

_CHANGE: Final = re.compile(r"(.+?)\.([a-z_]+)=(.*)", re.DOTALL)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("place", nargs="?", default="", metavar="PLACE", help="list this class and all below it: Car")
    _add_step(
        parser,
        "add",
        "PLACE[=KIND]",
        "a class (Van=bounding_box), a classification (Weather=radio), an attribute of a class or of an option "
        "(Car/Colour=radio; radio, checklist, text, numeric), an option (Car/Colour/Red)",
    )
    _add_step(
        parser,
        "change",
        "PLACE.FIELD=VALUE",
        "Car.color=#FF8800, Car/Colour.required=on, Car/Colour/Red.name=Crimson: name, color, hotkey, shape, kind, "
        "required, dynamic, archived, global, minimum, maximum, pattern, help, place (1 is the first)",
    )
    _add_step(parser, "remove", "PLACE", "take it out with all below it, where no label loses anything by that")
    parser.add_argument("--uses", action="store_true", help="how many instances have each class, answer and option")
    add_json(parser)


def _add_step(parser: argparse.ArgumentParser, name: str, metavar: str, told: str) -> None:
    """Add an option that says a change; changes are done in the order in which they are said."""
    kind: Any = lambda text: (name, text)  # noqa: E731  # argparse names the option by its metavar in errors
    parser.add_argument(f"--{name}", metavar=metavar, action="append", default=[], dest="steps", type=kind, help=told)


def run(arguments: argparse.Namespace) -> int:
    """Make the changes together, in their order, and print the ontology."""
    from tui_editor.api.ontology import edit_ontology, one_after_the_other, uses
    from tui_editor.cli.places import project_of

    changes = [_step(name, text) for name, text in arguments.steps]
    with project_of(arguments) as project:
        if changes:
            edit_ontology(project, one_after_the_other(changes))
        counts = uses(project) if arguments.uses else None
        ontology = project.info.ontology
    if arguments.json:
        print_json(_as_json(ontology, counts))
    elif arguments.place or arguments.uses:
        _print_places(ontology, arguments.place, counts)
    else:
        _print_classes(ontology)
    return ExitCode.OK


def _step(name: str, text: str) -> Change:
    from tui_editor.api.ontology import adding, changing, removing

    if name == "add":
        place, _, kind = text.rpartition("=") if "=" in text else (text, "", "")
        return adding(place.strip(), kind.strip())
    if name == "remove":
        return removing(text)
    said = _CHANGE.fullmatch(text)
    if said is None:
        raise UsageError(f"{one_line(text)} names no field", hint="Van.color=#FF8800")
    return changing(*said.groups())


def _print_classes(ontology: Ontology) -> None:
    rows = [(c.name, _kind_of(c), c.color, _names(c), "archived" if c.archived else "") for c in ontology.all()]
    print_table(("CLASS", "SHAPE", "COLOUR", "ATTRIBUTES", ""), rows)
    classes, questions = len(ontology.classes), len(ontology.classifications)
    note(f"{classes} classes, {questions} classifications; tui-editor ontology CLASS lists what one asks")


def _kind_of(entry: AnyClass) -> str:
    return "classification" if entry.shape.value == "presence" else entry.shape.value


def _names(entry: AnyClass) -> str:
    return ", ".join(f"{a.name}{'*' if a.required else ''}" for a in entry.attributes if not a.archived)


def _print_places(ontology: Ontology, place: str, counts: Mapping[str, int] | None) -> None:
    from tui_editor.model.ontology_paths import every_way, find_path, path_of, way_words
    from tui_editor.model.ontology_words import node_words

    above = find_path(ontology, place) if place else ()
    ways = [way for way in every_way(ontology) if path_of(way)[: len(above)] == above]
    head = ("PLACE", "WHAT", "ID") if counts is None else ("PLACE", "WHAT", "INSTANCES", "ID")
    rows = (
        (way_words(way), node_words(way[-1]), *(() if counts is None else (counts.get(way[-1].id, 0),)), way[-1].id)
        for way in ways
    )
    note(counted(print_table(head, rows), "place"))


def _as_json(ontology: Ontology, counts: Mapping[str, int] | None) -> dict[str, Any]:
    from tui_editor.model.codec import slim

    plain = {"classes": slim(ontology.classes), "classifications": slim(ontology.classifications)}
    return plain if counts is None else {**plain, "instances": counts}
