"""What can be labelled: object classes, classifications, attributes and options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from msgspec import Struct

from tui_editor.model.frames import NO_EXTRA
from tui_editor.model.ids import AttributeId, ClassId, OptionId
from tui_editor.model.shapes import ShapeKind

AnswerValue = tuple[OptionId, ...] | str | float | int
"""Radio: a tuple of one option; checklist: of many, in the ontology's order; text: str; numeric: int or float."""

PALETTE = (
    "#D33115",
    "#E27300",
    "#16406C",
    "#FE9200",
    "#FCDC00",
    "#DBDF00",
    "#A4DD00",
    "#68CCCA",
    "#73D8FF",
    "#AEA1FF",
    "#FCC400",
    "#B0BC00",
    "#68BC00",
    "#16A5A5",
    "#009CE0",
    "#7B64FF",
    "#FA28FF",
    "#B3B3B3",
    "#9F0500",
    "#C45100",
    "#FB9E00",
    "#808900",
    "#194D33",
    "#0C797D",
    "#0062B1",
    "#653294",
    "#AB149E",
)
"""Colours handed out to new classes in turn."""

MAX_NESTING = 7


class AttributeKind(StrEnum):
    """How an attribute is answered."""

    RADIO = "radio"
    CHECKLIST = "checklist"
    TEXT = "text"
    NUMERIC = "numeric"


class Option(Struct, frozen=True, kw_only=True):
    """One answer of a radio or checklist attribute; a radio's option may bring further attributes."""

    id: OptionId
    label: str
    value: str
    """The label in lower case with `_` for white space: the name that scripts use."""
    attributes: tuple[Attribute, ...] = ()
    archived: bool = False
    extra: Mapping[str, Any] = NO_EXTRA


class Attribute(Struct, frozen=True, kw_only=True):
    """A question about an instance: static, or dynamic (its answer holds on frame ranges)."""

    id: AttributeId
    name: str
    kind: AttributeKind
    required: bool = False
    dynamic: bool = False
    options: tuple[Option, ...] = ()
    archived: bool = False
    extra: Mapping[str, Any] = NO_EXTRA
    """Unknown keys of the source, and our own rules: `minimum`, `maximum`, `pattern`, `help`."""

    def option(self, option_id: OptionId) -> Option | None:
        """Return the option with that id."""
        return next((o for o in self.options if o.id == option_id), None)


class SkeletonPoint(Struct, frozen=True, kw_only=True):
    """A named point of a skeleton template, at x, y of the template's own picture."""

    id: str
    name: str
    color: str
    x: float
    y: float


class SkeletonTemplate(Struct, frozen=True, kw_only=True):
    """The points and edges that every skeleton of a class has."""

    name: str
    width: float
    height: float
    points: tuple[SkeletonPoint, ...]
    edges: tuple[tuple[int, int], ...] = ()
    """Pairs of rows of `points`."""
    extra: Mapping[str, Any] = NO_EXTRA


class ObjectClass(Struct, frozen=True, kw_only=True):
    """A kind of thing that is labelled with one kind of shape."""

    id: ClassId
    name: str
    color: str
    """`#RRGGBB`."""
    shape: ShapeKind
    attributes: tuple[Attribute, ...] = ()
    required: bool = False
    archived: bool = False
    skeleton: SkeletonTemplate | None = None
    hotkey: str = ""
    foreign_shape: str = ""
    """The source's name of the shape where `shape` is `VERBATIM`."""
    extra: Mapping[str, Any] = NO_EXTRA


class Classification(Struct, frozen=True, kw_only=True):
    """A statement about whole frames, or about the whole data unit when it is global."""

    id: ClassId
    name: str
    attributes: tuple[Attribute, ...] = ()
    is_global: bool = False
    required: bool = False
    archived: bool = False
    color: str = "#B3B3B3"
    hotkey: str = ""
    extra: Mapping[str, Any] = NO_EXTRA

    @property
    def shape(self) -> ShapeKind:
        """Return the kind without geometry: a classification holds on a frame or doesn't."""
        return ShapeKind.PRESENCE


AnyClass = ObjectClass | Classification


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ontology:
    """Every class of a project, found by id."""

    classes: tuple[ObjectClass, ...] = ()
    classifications: tuple[Classification, ...] = ()
    extra: Mapping[str, Any] = NO_EXTRA
    _by_id: dict[ClassId, AnyClass] = field(init=False, repr=False)
    _attributes: dict[AttributeId, Attribute] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        entries: tuple[AnyClass, ...] = (*self.classes, *self.classifications)
        object.__setattr__(self, "_by_id", {c.id: c for c in entries})
        object.__setattr__(self, "_attributes", {a.id: a for c in entries for a in walk(c.attributes)})

    def all(self) -> tuple[AnyClass, ...]:
        """Return object classes, then classifications."""
        return (*self.classes, *self.classifications)

    def offered(self) -> tuple[AnyClass, ...]:
        """Return what new labels may be of: all but what is archived."""
        return tuple(entry for entry in self.all() if not entry.archived)

    def find(self, class_id: ClassId) -> AnyClass | None:
        """Return the class or classification with that id."""
        return self._by_id.get(class_id)

    def find_named(self, name: str) -> AnyClass | None:
        """Return the first class or classification of that name, ignoring case."""
        folded = name.casefold()
        return next((c for c in self.all() if c.name.casefold() == folded), None)

    def attribute(self, attribute_id: AttributeId) -> Attribute | None:
        """Return an attribute at any depth."""
        return self._attributes.get(attribute_id)


def walk(attributes: tuple[Attribute, ...]) -> Iterator[Attribute]:
    """Yield attributes depth first, those of options included."""
    for attribute in attributes:
        yield attribute
        for option in attribute.options:
            yield from walk(option.attributes)


def asked(attributes: tuple[Attribute, ...], answers: Mapping[AttributeId, AnswerValue]) -> Iterator[Attribute]:
    """Yield the attributes that apply: those of the class, and of the options that were chosen."""
    for attribute in attributes:
        yield attribute
        answer = answers.get(attribute.id)
        if isinstance(answer, tuple):
            for chosen in answer:
                option = attribute.option(chosen)
                yield from asked(option.attributes if option else (), answers)


def to_value(label: str) -> str:
    """Return an option's or class's script name: lower case, white space as `_`."""
    return "_".join(label.lower().split())
