"""What can be labelled in the demo: every kind of shape, attribute and classification."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tui_editor.api.demo.stable import short
from tui_editor.api.demo.walkers import EDGES, POINT_NAMES
from tui_editor.model.ids import AttributeId, ClassId, OptionId
from tui_editor.model.ontology import (
    Attribute,
    AttributeKind,
    Classification,
    ObjectClass,
    Ontology,
    Option,
    SkeletonPoint,
    SkeletonTemplate,
    to_value,
)
from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tui_editor.model.ontology import AnswerValue

ISSUE_TAGS = ("geometry", "class", "identity", "attribute", "missing object", "question")
_TEMPLATE_XY = (
    (52, 8),
    (50, 20),
    (47, 52),
    (38, 35),
    (34, 50),
    (60, 35),
    (66, 49),
    (40, 74),
    (34, 97),
    (56, 74),
    (60, 97),
)


def class_id(name: str) -> ClassId:
    """Return the id of the demo's class or classification of that name."""
    return ClassId(short(f"class/{name}"))


def attribute_id(owner: str, name: str) -> AttributeId:
    """Return the id of an attribute by the class that it belongs to, at any depth, and its name."""
    return AttributeId(short(f"attribute/{owner}/{name}"))


def option_id(owner: str, attribute: str, label: str) -> OptionId:
    """Return the id of an option."""
    return OptionId(short(f"option/{owner}/{attribute}/{label}"))


def answer(owner: str, name: str, value: str | float | tuple[str, ...]) -> tuple[AttributeId, AnswerValue]:
    """Return an attribute's id with its answer; options are given by their labels, a radio's as one text.

    Raises:
        KeyError: the class has no such attribute.
    """
    key = attribute_id(owner, name)
    attribute = build_ontology().attribute(key)
    if attribute is None:
        raise KeyError(name)
    if isinstance(value, str) and attribute.kind is AttributeKind.RADIO:
        value = (value,)
    if isinstance(value, tuple):
        return key, tuple(o.id for o in attribute.options if o.label in value)
    return key, value


class _Questions:
    """Makes the attributes of one class."""

    def __init__(self, owner: str) -> None:
        self._owner = owner

    def choice(
        self,
        name: str,
        labels: tuple[str, ...],
        *,
        many: bool = False,
        required: bool = False,
        dynamic: bool = False,
        nested: Mapping[str, tuple[Attribute, ...]] | None = None,
    ) -> Attribute:
        """Return a radio attribute, or a checklist where many may be chosen."""
        options = tuple(
            Option(
                id=option_id(self._owner, name, label),
                label=label,
                value=to_value(label),
                attributes=(nested or {}).get(label, ()),
            )
            for label in labels
        )
        kind = AttributeKind.CHECKLIST if many else AttributeKind.RADIO
        return self._make(name, kind, required=required, dynamic=dynamic, options=options)

    def text(self, name: str, *, required: bool = False, dynamic: bool = False, **rules: object) -> Attribute:
        """Return a text attribute; `rules` such as `pattern` are kept beside it."""
        return self._make(name, AttributeKind.TEXT, required=required, dynamic=dynamic, extra=rules)

    def numeric(self, name: str, *, required: bool = False, dynamic: bool = False, **rules: object) -> Attribute:
        """Return a numeric attribute; `rules` such as `minimum` are kept beside it."""
        return self._make(name, AttributeKind.NUMERIC, required=required, dynamic=dynamic, extra=rules)

    def _make(self, name: str, kind: AttributeKind, **rest: Any) -> Attribute:
        return Attribute(id=attribute_id(self._owner, name), name=name, kind=kind, **rest)


def _car() -> tuple[Attribute, ...]:
    ask = _Questions("Car")
    nested = {
        "Taxi": (ask.text("Licence number", required=True, pattern=r"TX \d{4}"),),
        "Truck": (ask.numeric("Axles", minimum=2, maximum=9),),
    }
    return (
        ask.choice("Type", ("Hatchback", "SUV", "Taxi", "Truck", "Van"), required=True, nested=nested),
        ask.choice("Equipment", ("Roof sign", "Loading box", "Rear side window"), many=True),
        ask.text("Plate", help="As it is painted on the car"),
        ask.numeric("Doors", minimum=1, maximum=6),
        ask.choice("Motion", ("Moving", "Standing"), dynamic=True),
        ask.choice("Hidden by", ("Tree", "Lamp post", "Vehicle"), many=True, dynamic=True),
        ask.numeric("Speed", dynamic=True, minimum=0, help="Pixels a second along the road"),
        ask.text("Remark", dynamic=True),
    )


def _skeleton() -> SkeletonTemplate:
    sides = {"left": "#009CE0", "right": "#E27300"}
    points = tuple(
        SkeletonPoint(id=short(f"point/{name}"), name=name, color=sides.get(name.split()[0], "#A4DD00"), x=x, y=y)
        for name, (x, y) in zip(POINT_NAMES, _TEMPLATE_XY, strict=True)
    )
    return SkeletonTemplate(name="Walker", width=100, height=105, points=points, edges=EDGES)


# bright colours: each stands out from the demo's pictures and reads as text on a dark ground
_SHAPES: tuple[tuple[str, ShapeKind, str, str], ...] = (
    ("Car", ShapeKind.BOX, "c", "#FF5C49"),
    ("Traffic light", ShapeKind.BOX, "t", "#FCDC00"),
    ("Person", ShapeKind.BOX, "p", "#73D8FF"),
    ("Animal", ShapeKind.BOX, "a", "#FE9200"),
    ("Rocket", ShapeKind.BOX, "r", "#FA28FF"),
    ("Boat", ShapeKind.ROTATED_BOX, "b", "#A4DD00"),
    ("Spoon", ShapeKind.ROTATED_BOX, "s", "#AEA1FF"),
    ("Pond", ShapeKind.POLYGON, "o", "#68CCCA"),
    ("Building", ShapeKind.POLYGON, "u", "#FCC400"),
    ("Cup", ShapeKind.POLYGON, "k", "#73D8FF"),
    ("Helmet", ShapeKind.POLYGON, "h", "#A4DD00"),
    ("Optic disc", ShapeKind.POLYGON, "d", "#FCDC00"),
    ("Lane line", ShapeKind.POLYLINE, "l", "#DBDF00"),
    ("Blood vessel", ShapeKind.POLYLINE, "v", "#68CCCA"),
    ("Tower", ShapeKind.POLYLINE, "w", "#FE9200"),
    ("Ball", ShapeKind.KEYPOINT, "n", "#FFFFFF"),
    ("Landmark", ShapeKind.KEYPOINT, "m", "#73D8FF"),
    ("Cloud", ShapeKind.BITMASK, "x", "#AEA1FF"),
    ("Flower", ShapeKind.BITMASK, "f", "#7B64FF"),
    ("Pedestrian", ShapeKind.SKELETON, "e", "#FA28FF"),
)


def _attributes() -> dict[str, tuple[Attribute, ...]]:
    light, walker, landmark = _Questions("Traffic light"), _Questions("Pedestrian"), _Questions("Landmark")
    flower = _Questions("Flower")
    return {
        "Car": _car(),
        "Traffic light": (light.choice("State", ("Red", "Amber", "Green"), required=True, dynamic=True),),
        "Pedestrian": (walker.choice("Motion", ("Moving", "Standing"), dynamic=True),),
        "Landmark": (landmark.choice("Which", ("Left pupil", "Right pupil", "Nose", "Fovea"), required=True),),
        "Flower": (flower.choice("Whole", ("Yes", "Cut by the frame"), required=True),),
    }


@cache
def build_ontology() -> Ontology:
    """Return the demo's ontology; its ids are the same in every build."""
    attributes = _attributes()
    classes = tuple(
        ObjectClass(
            id=class_id(name),
            name=name,
            color=color,
            shape=kind,
            attributes=attributes.get(name, ()),
            skeleton=_skeleton() if kind is ShapeKind.SKELETON else None,
            hotkey=hotkey,
        )
        for name, kind, hotkey, color in _SHAPES
    )
    return Ontology(classes=classes, classifications=_classifications())


def _classifications() -> tuple[Classification, ...]:
    scene, traffic = _Questions("Scene"), _Questions("Traffic")
    place = scene.choice(
        "Place",
        ("Outdoors", "Indoors", "Medical"),
        required=True,
        nested={"Outdoors": (scene.choice("Weather", ("Sunny", "Overcast", "Dusk")),)},
    )
    return (
        Classification(
            id=class_id("Scene"),
            name="Scene",
            attributes=(place, scene.text("Note")),
            is_global=True,
            required=True,
            color="#7B64FF",
        ),
        Classification(
            id=class_id("Traffic"),
            name="Traffic",
            attributes=(traffic.choice("Flow", ("Free", "Waiting"), required=True),),
            color="#FB9E00",
        ),
    )
