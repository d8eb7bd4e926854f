"""Places within an ontology: paths of ids from a class down, and the names by which people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from tui_editor.errors import OntologyError
from tui_editor.model.ontology import AnyClass, Attribute, Classification, ObjectClass, Ontology, Option
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Node = AnyClass | Attribute | Option
Path = tuple[str, ...]
"""Ids of a class, of one of its attributes, of an option of that, of an attribute that the option brings …"""
Way = tuple[Node, ...]
"""What stands on the way to a place: the class first, the place itself last."""
SEPARATOR: Final = "/"


def name_of(node: Node) -> str:
    """Return what people call a class, attribute or option."""
    return node.label if isinstance(node, Option) else node.name


def below(node: Node) -> tuple[Attribute, ...] | tuple[Option, ...]:
    """Return an attribute's options; of a class or an option the attributes."""
    return node.options if isinstance(node, Attribute) else node.attributes


def node_at(ontology: Ontology, path: Path) -> Node:
    """Return what stands at a place.

    Raises:
        OntologyError: there is nothing.
    """
    for node in nodes_to(ontology, path):
        found = node
    return found


def nodes_to(ontology: Ontology, path: Path) -> Iterator[Node]:
    """Yield the class, and what stands on the way from it to a place.

    Raises:
        OntologyError: there is no such place.
    """
    level: Sequence[Node] = ontology.all()
    for step in path or ("",):
        node = next((n for n in level if n.id == step), None)
        if node is None:
            raise OntologyError("it is no longer in the ontology")
        yield node
        level = below(node)


def siblings(ontology: Ontology, path: Path) -> tuple[Node, ...]:
    """Return what stands beside a place, itself included, in order."""
    if len(path) > 1:
        return below(node_at(ontology, path[:-1]))
    found = node_at(ontology, path)
    return ontology.classifications if isinstance(found, Classification) else ontology.classes


def with_siblings(ontology: Ontology, path: Path, nodes: Iterable[Node]) -> Ontology:
    """Return the ontology with others in place of those beside a place, itself included."""
    new: Any = tuple(nodes)
    if len(path) > 1:
        return with_node(ontology, path[:-1], lambda parent: with_below(parent, new))
    if isinstance(node_at(ontology, path), Classification):
        return with_classes(ontology, classifications=new)
    return with_classes(ontology, classes=new)


def with_below(node: Node, nodes: Iterable[Node]) -> Node:
    """Return a class or option with other attributes; an attribute with other options."""
    new: Any = tuple(nodes)
    return replace(node, options=new) if isinstance(node, Attribute) else replace(node, attributes=new)


def with_node(ontology: Ontology, path: Path, change: Callable[[Any], Node]) -> Ontology:
    """Return the ontology with what a function makes of the node at a place."""
    node_at(ontology, path)
    return with_siblings(ontology, path, (change(n) if n.id == path[-1] else n for n in siblings(ontology, path)))


def with_classes(
    ontology: Ontology,
    classes: tuple[ObjectClass, ...] | None = None,
    classifications: tuple[Classification, ...] | None = None,
) -> Ontology:
    """Return the ontology with other classes or classifications; None keeps those that there are."""
    return Ontology(
        classes=ontology.classes if classes is None else classes,
        classifications=ontology.classifications if classifications is None else classifications,
        extra=ontology.extra,
    )


def every_way(ontology: Ontology) -> Iterator[Way]:
    """Yield the way to every class, attribute and option, depth first."""
    for entry in ontology.all():
        yield from _ways((entry,))


def _ways(way: Way) -> Iterator[Way]:
    yield way
    for each in below(way[-1]):
        yield from _ways((*way, each))


def path_of(way: Iterable[Node]) -> Path:
    """Return the ids along a way."""
    return tuple(node.id for node in way)


def way_words(way: Iterable[Node]) -> str:
    """Return a way by its names, as a harmless line: `Car/Colour/Red`."""
    return SEPARATOR.join(one_line(name_of(node), 40) for node in way)


def path_words(ontology: Ontology, path: Path) -> str:
    """Return a place by its names, as a harmless line.

    Raises:
        OntologyError: there is no such place.
    """
    return way_words(nodes_to(ontology, path))


# --- what a person typed ------------------------------------------------------------------------------------------


def find_path(ontology: Ontology, typed: str) -> Path:
    """Return the place that names or ids with `/` between them say; names may hold a `/` themselves.

    Raises:
        OntologyError: there is no such place, or the words fit several; what there is instead is told.
    """
    found = list(_matches(ontology.all(), typed.strip()))
    if len(found) == 1:
        return found[0]
    if found:
        raise OntologyError(f"{one_line(typed, 60)} can be any of {len(found)} places", hint="say their ids")
    raise _unknown(ontology, typed.strip())


def _matches(level: Sequence[Node], typed: str) -> Iterator[Path]:
    for node in level:
        for name in {name_of(node), str(node.id)}:
            if typed == name:
                yield (node.id,)
            elif typed.startswith(name + SEPARATOR):
                rest = typed[len(name) + 1 :].strip()
                yield from ((node.id, *path) for path in _matches(below(node), rest))


def _unknown(ontology: Ontology, typed: str) -> OntologyError:
    """Return the error that says how far the words lead, and what there is."""
    parent, _, last = typed.rpartition(SEPARATOR)
    level: Sequence[Node] = ontology.all()
    where = "the ontology"
    if parent:
        path = find_path(ontology, parent)
        level, where = below(node_at(ontology, path)), path_words(ontology, path)
    names = ", ".join(one_line(name_of(node), 30) for node in level[:20])
    return OntologyError(f"{where} has no {one_line(last, 60)}", hint=names or "there is nothing at all")
