"""What stands in an ontology, and what a change of it was, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.ontology import Attribute, Classification, Option
from tui_editor.model.ontology_edits import field_words, fields_of
from tui_editor.model.ontology_paths import below, every_way, name_of, node_at, path_of, path_words
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tui_editor.model.ontology import Ontology
    from tui_editor.model.ontology_paths import Node, Path


def ontology_words(before: Ontology, after: Ontology) -> str:
    """Return what was changed, place by place: `added Car/Colour/Red, Car/Size: required on, without Van`."""
    was, is_ = ({path_of(way): way[-1] for way in every_way(ontology)} for ontology in (before, after))
    said = [f"without {path_words(before, path)}" for path in was if path not in is_ and _topmost(path, is_)]
    for path, node in is_.items():
        if path not in was:
            said += [f"added {path_words(after, path)}"] if _topmost(path, was) else []
        elif node is not was[path]:
            said += _fields(path, before, after)
            said += _order(path_words(after, path), below(was[path]), below(node))
    said += _order("the classes", before.classes, after.classes)
    said += _order("the classifications", before.classifications, after.classifications)
    return ", ".join(said)


def _topmost(path: Path, others: Mapping[Path, Node]) -> bool:
    """Return whether what is above a place is among others: of what came or went only the topmost is told."""
    return len(path) == 1 or path[:-1] in others


def _fields(path: Path, before: Ontology, after: Ontology) -> Iterator[str]:
    for field in fields_of(node_at(after, path)):
        if field != "place":
            had, has = field_words(before, path, field), field_words(after, path, field)
            if had != has:
                yield f"{path_words(before, path)}: {field} {has or 'none'}"


def _order(where: str, before: Sequence[Node], after: Sequence[Node]) -> Iterator[str]:
    both = {node.id for node in before} & {node.id for node in after}
    if [n.id for n in before if n.id in both] != [n.id for n in after if n.id in both]:
        yield f"another order of {where}"


def node_words(node: Node) -> str:
    """Return what a class, attribute or option is, in a few harmless words: `radio, required: Red, Blue`."""
    flags = [name for name in ("required", "dynamic", "archived") if getattr(node, name, False)]
    named = [f"{name_of(n)}{'*' if getattr(n, 'required', False) else ''}" for n in below(node) if not n.archived]
    told = ", ".join(one_line(name, 30) for name in named)
    return ", ".join([_kind(node), *flags]) + (f": {told}" if told else "")


def _kind(node: Node) -> str:
    if isinstance(node, Option):
        return "option"
    if isinstance(node, Attribute):
        return node.kind.value
    if isinstance(node, Classification):
        return "classification of the file" if node.is_global else "classification"
    return one_line(node.foreign_shape, 30) or node.shape.value.replace("_", " ")
