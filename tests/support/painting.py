"""A task with polygons, polylines and bitmasks on one frame, for tests of the tools that reshape them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, UNIT, FixedClock
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.model.document import make_document
from tui_editor.model.geometry import is_valid
from tui_editor.model.ids import ClassId, InstanceId
from tui_editor.model.instances import Instance
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.shapes import Bitmask, Polygon, Polyline, Shape, ShapeKind, kind_of, polygon, polyline
from tui_editor.model.tracks import Label, make_track
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore
from tui_editor.state.tool import PathTool
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CLASSES = {
    ShapeKind.POLYGON: ObjectClass(id=ClassId("lake"), name="lake", color="#FE9200", shape=ShapeKind.POLYGON),
    ShapeKind.POLYLINE: ObjectClass(id=ClassId("lane"), name="lane", color="#DBDF00", shape=ShapeKind.POLYLINE),
    ShapeKind.BITMASK: ObjectClass(id=ClassId("road"), name="road", color="#68CCCA", shape=ShapeKind.BITMASK),
    ShapeKind.BOX: ObjectClass(id=ClassId("car"), name="car", color="#D33115", shape=ShapeKind.BOX),
}
SQUARE = polygon([100, 100, 200, 100, 200, 200, 100, 200])
BESIDE = polygon([180, 120, 300, 120, 300, 180, 180, 180])
APART = polygon([400, 100, 500, 100, 500, 200, 400, 200])
LINE = polyline([100, 300, 200, 300, 300, 300])


def block(left: int, top: int, width: int, height: int) -> Bitmask:
    """Return a rectangle of set pixels."""
    return bitmask_from_array(np.ones((height, width), np.bool_), left, top)


def painting(shapes: Sequence[Shape], stage: str = "annotate") -> TaskStore:
    """Return a store with one instance for each shape, all on the first frame, numbered from 1."""
    counts: dict[ShapeKind, int] = {}
    instances, tracks = [], {}
    for number, shape in enumerate(shapes, start=1):
        kind = kind_of(shape)
        ordinal = counts.get(kind, 0)
        counts[kind] = ordinal + 1
        key = InstanceId(number)
        instances.append(Instance(id=key, class_id=CLASSES[kind].id, ordinal=ordinal))
        tracks[key, UNIT] = make_track([Label(frame=0, shape=shape)])
    document = make_document(instances=instances, tracks=tracks, status=TaskStatus(stage=stage))
    project = replace(PROJECT, ontology=Ontology(classes=tuple(CLASSES.values())))
    store = TaskStore(
        OpenedTask(task=TASK, document=document, seq=0, view={"frame": 0}),
        project,
        person="me",
        session="test",
        clock=FixedClock(),
    )
    store.set(mode=Mode.REVIEW if stage == "review" else Mode.BROWSE)
    return store


def editing(
    *shapes: Shape,
    answers: Sequence[Answer] = (),
    stage: str = "annotate",
    pixels: NDArray[np.uint8] | None = None,
) -> Keyboard:
    """Return a keyboard with the first shape selected and being edited."""
    keyboard = Keyboard(painting(shapes, stage), HeadlessFront(answers))
    keyboard.front.pixels = pixels
    keyboard.store.select(InstanceId(1))
    keyboard.type("e")
    return keyboard


def shape_of(keyboard: Keyboard, number: int = 1) -> Shape | None:
    """Return the shape of an instance, None when it has no label."""
    label = keyboard.store.state.document.label(InstanceId(number), UNIT, 0)
    return None if label is None else label.shape


def new_shapes(keyboard: Keyboard, known: int) -> list[Shape]:
    """Return the shapes of the instances that are not among the first `known`, in their order."""
    document = keyboard.store.state.document
    made = [key for key in document.on_frame(UNIT, 0) if not 1 <= key <= known]
    return [label.shape for key in made if (label := document.label(key, UNIT, 0)) is not None]


def polygon_of(keyboard: Keyboard, number: int = 1) -> Polygon:
    """Return an instance's polygon, which is valid."""
    shape = shape_of(keyboard, number)
    assert isinstance(shape, Polygon)
    assert is_valid(shape)
    return shape


def points_of(keyboard: Keyboard, number: int = 1) -> list[list[float]]:
    """Return the points of an instance's polyline."""
    shape = shape_of(keyboard, number)
    assert isinstance(shape, Polyline)
    found: list[list[float]] = shape.points.tolist()
    return found


def tool_of(keyboard: Keyboard) -> PathTool:
    """Return the tool in the hand."""
    tool = keyboard.store.state.tool
    assert isinstance(tool, PathTool)
    return tool


def at(keyboard: Keyboard, x: float, y: float) -> None:
    """Put the crosshair at a place by keys."""
    now = tool_of(keyboard).crosshair
    for step, keys in ((x - now[0], "lh"), (y - now[1], "jk")):
        if step:
            keyboard.type(" ".join([*str(abs(round(step))), keys[step < 0]]))
