"""Small excerpts for tests: things on a frame, in few words."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec.structs import replace

from tui_editor.metrics.excerpts import Excerpt
from tui_editor.model.columns import pack
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import Attribute, AttributeKind, Classification, ObjectClass, Ontology, Option
from tui_editor.model.project import Task
from tui_editor.model.shapes import Box, Shape, ShapeKind, kind_of
from tui_editor.model.tracks import LabelFlag, track_from_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE = (200, 100)
COLOR = AttributeId("color")
_COLORS = (Option(id=OptionId("r"), label="red", value="red"), Option(id=OptionId("b"), label="blue", value="blue"))
_NAMES = ("car", "bus", "lane", "sky")


class Thing:
    """Something labelled: its class, its shape on each of its frames, and what is said of it."""

    def __init__(
        self,
        name: str,
        shape: Shape,
        frames: Sequence[int] = (0,),
        color: str = "",
        *,
        left: int = 0,
        **extra: Any,
    ) -> None:
        self.name, self.shape, self.frames, self.color, self.extra = name, shape, frames, color, extra
        self.left = left
        """So many of its last labels say that it has left the picture."""


def box(name: str, x: float, y: float = 10, *, size: float = 20, **rest: Any) -> Thing:
    return Thing(name, Box(x, y, size, size), **rest)


def ontology_of(things: Sequence[Thing]) -> Ontology:
    attribute = Attribute(id=COLOR, name="colour", kind=AttributeKind.RADIO, options=_COLORS)
    kinds = {(t.name, kind_of(t.shape)) for t in things}
    objects = [
        ObjectClass(id=class_id(name, kind), name=name, color="#FE9200", shape=kind, attributes=(attribute,))
        for name, kind in sorted(kinds)
        if kind is not ShapeKind.PRESENCE
    ]
    spoken = [
        Classification(id=class_id(name, kind), name=name) for name, kind in sorted(kinds) if kind is ShapeKind.PRESENCE
    ]
    return Ontology(classes=tuple(objects), classifications=tuple(spoken))


def class_id(name: str, kind: ShapeKind) -> ClassId:
    return ClassId(f"{name}-{kind}")


def excerpt(*things: Thing, frames: int = 1, title: str = "street.png", unit: int = 3) -> Excerpt:
    """Return an excerpt of one data unit with these things."""
    numbers: dict[str, Any] = {}
    instances, tracks = [], {}
    made = Unit(
        id=UnitId(unit),
        kind=UnitKind.IMAGE if frames == 1 else UnitKind.VIDEO,
        title=title,
        media=MediaRef(root="data", paths=(title,)),
        frame_count=frames,
        width=SIZE[0],
        height=SIZE[1],
    )
    for key, thing in enumerate(things, start=1):
        kind = class_id(thing.name, kind_of(thing.shape))
        answers = {COLOR: (OptionId(thing.color[0]),)} if thing.color else {}
        ordinal = next(numbers.setdefault(kind, count()))
        instances.append(
            Instance(id=InstanceId(key), class_id=kind, ordinal=ordinal, answers=answers, extra=thing.extra)
        )
        track = track_from_columns(np.array(thing.frames, np.int32), pack([thing.shape] * len(thing.frames)))
        outside = np.arange(len(track)) >= len(track) - thing.left
        flags = np.where(outside, int(LabelFlag.OUTSIDE), track.flags).astype(np.uint8)
        tracks[InstanceId(key), made.id] = replace(track, flags=flags)
    task = Task(id=TaskId(unit), title=title, units=(made,))
    return Excerpt(task, make_document(instances=instances, tracks=tracks), made, ontology_of(things))
