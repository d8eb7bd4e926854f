"""The lines of the ontology's boards: the classes, and what can be done with one of them and with what it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.commands.menu import MenuItem
from tui_editor.model.ontology import Attribute, AttributeKind, Classification, Option
from tui_editor.model.ontology_edits import field_words, fields_of
from tui_editor.model.ontology_faults import CHOSEN
from tui_editor.model.ontology_paths import below, name_of, node_at, path_words
from tui_editor.model.ontology_words import node_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.ontology import Ontology
    from tui_editor.model.ontology_paths import Node, Path

ADD: Final = "+"
CHILD: Final = "child:"
FIELD: Final = "field:"
TITLES: Final = {"color": "Colour", "global": "Of the whole file"}
_OPEN: Final = "Enter opens it, Delete takes it out where no label loses anything by that."


def class_items(ontology: Ontology, why: str = "") -> list[MenuItem]:
    """Return the classes and classifications.

    Args:
        ontology: Of the project.
        why: Why the person can't change it.
    """
    return [
        *(_child(entry, "Classes") for entry in ontology.classes),
        MenuItem(key=f"{ADD}class", title="Add a class", group="Classes", disabled=why),
        *(_child(entry, "Classifications") for entry in ontology.classifications),
        MenuItem(key=f"{ADD}question", title="Add a classification", group="Classifications", disabled=why),
    ]


def _child(node: Node, group: str) -> MenuItem:
    told = node_words(node)
    value = told.removeprefix("option").lstrip(" ,:") if isinstance(node, Option) else told
    return MenuItem(key=f"{CHILD}{node.id}", title=name_of(node), value=value, hint=_OPEN, group=group)


def place_items(ontology: Ontology, path: Path, why: str = "") -> list[MenuItem]:
    """Return what can be done at a place: its fields, what stands below it, where it stands itself.

    Raises:
        OntologyError: the place is gone.
    """
    return [*_fields(ontology, path, why), *_below(ontology, path, why), *_itself(ontology, path, why)]


def _fields(ontology: Ontology, path: Path, why: str) -> Iterator[MenuItem]:
    node = node_at(ontology, path)
    where = path_words(ontology, path)
    for field, told in fields_of(node).items():
        if field != "place":
            yield MenuItem(
                key=f"{FIELD}{field}",
                title=TITLES.get(field, field.capitalize()),
                value=field_words(ontology, path, field).replace("_", " " if field == "shape" else "_") or "–",
                hint=f"{told[0].upper()}{told[1:]}. In the shell: tui-editor ontology --change '{where}.{field}=…'",
                group=kind_words(node).capitalize(),
                disabled=why,
            )


def _below(ontology: Ontology, path: Path, why: str) -> Iterator[MenuItem]:
    """Yield options or attributes, and the line that adds one, where there can be any."""
    node = node_at(ontology, path)
    group = "Options" if isinstance(node, Attribute) else "Asks" if not isinstance(node, Option) else "Then asks"
    yield from (_child(each, group) for each in below(node))
    if not _takes_more(node, node_at(ontology, path[:-1]) if len(path) > 1 else None):
        return
    what = "option" if isinstance(node, Attribute) else "attribute"
    yield MenuItem(key=f"{ADD}{what}", title=f"Add an {what}", group=group, disabled=why)


def _itself(ontology: Ontology, path: Path, why: str) -> Iterator[MenuItem]:
    group = "Its place"
    hint = f"Place {field_words(ontology, path, 'place')} now, counted from 1."
    yield MenuItem(key="earlier", title="One place earlier", hint=hint, group=group, disabled=why)
    yield MenuItem(key="later", title="One place later", hint=hint, group=group, disabled=why)
    hint = "With all below it; refused where instances would lose labels or answers: archiving keeps those."
    yield MenuItem(key="remove", title="Take it out", hint=hint, group=group, disabled=why)


def kind_words(node: Node) -> str:
    """Return what something is called: a class, a classification, an attribute, an option."""
    if isinstance(node, Option):
        return "option"
    if isinstance(node, Attribute):
        return "attribute"
    return "classification" if isinstance(node, Classification) else "class"


def _takes_more(node: Node, parent: Node | None) -> bool:
    """Return whether something may stand below: options of a list, attributes of a class and of a radio's option."""
    if isinstance(node, Attribute):
        return node.kind in CHOSEN
    return not isinstance(node, Option) or (isinstance(parent, Attribute) and parent.kind is AttributeKind.RADIO)
