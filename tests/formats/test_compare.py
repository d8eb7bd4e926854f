from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tui_editor.formats.compare import Comparison, compare
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, TaskId, UnitId, new_id
from tui_editor.model.instances import DynamicAnswer, Instance
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.ontology import Attribute, AttributeKind, ObjectClass, Ontology, Option
from tui_editor.model.project import Task
from tui_editor.model.shapes import Box, Keypoint, Shape, ShapeKind, polygon, skeleton
from tui_editor.model.tracks import Label, make_track
from tui_editor.ports import ImportedTask

BOX = Box(1, 2, 3, 4)


def item(*shapes: Shape, frames: tuple[int, ...] = (0,), path: str = "a.jpg", **fields: Any) -> ImportedTask:
    """Return a task with an instance for each shape, under ids of its own."""
    unit = Unit(
        id=UnitId(new_id()), kind=UnitKind.IMAGE, title=path, media=MediaRef(root="r", paths=(path,)),
        frame_count=1, width=40, height=30,
    )  # fmt: skip
    dynamic = tuple(replace(d, unit=unit.id) for d in fields.pop("dynamic", ()))
    given: dict[str, Any] = {"class_id": ClassId("car"), "ordinal": 0, "dynamic": dynamic} | fields
    instances = [Instance(id=InstanceId(new_id()), **given) for _ in shapes]
    tracks = {
        (i.id, unit.id): make_track([Label(frame=f, shape=shape) for f in frames])
        for i, shape in zip(instances, shapes, strict=True)
    }
    task = Task(id=TaskId(new_id()), title=path, units=(unit,))
    return ImportedTask(task=task, document=make_document(instances=instances, tracks=tracks))


def kinds(a: ImportedTask, b: ImportedTask, tolerance_px: float = 0.0) -> list[str]:
    return [d.what for d in compare([a], [b], Comparison(tolerance_px=tolerance_px))]


ANY = (BOX, polygon([1, 1, 2, 1, 2, 2]), skeleton([1, 2, 3, 4]), bitmask_from_array(np.eye(3)), Keypoint(1, 1))


@pytest.mark.parametrize("shape", ANY, ids=lambda s: type(s).__name__)
def test_equal_labels_under_other_ids_don_t_differ(shape: Shape) -> None:
    assert kinds(item(shape, shape), item(shape, shape)) == []


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (item(BOX), item(), ["instance missing"]),
        (item(), item(BOX), ["instance added"]),
        (item(BOX, frames=(0, 1)), item(BOX), ["label missing"]),
        (item(BOX), item(BOX, frames=(0, 3)), ["label added"]),
        (item(BOX, source_id="1"), item(Box(9, 2, 3, 4), source_id="1"), ["bounding_box differs"]),
        (item(BOX, source_id="1"), item(Keypoint(1, 2), source_id="1"), ["bounding_box differs"]),
        (item(BOX), item(Box(9, 2, 3, 4)), ["instance missing", "instance added"]),
        (item(BOX, class_id=ClassId("van")), item(BOX), ["instance missing", "instance added"]),
        (item(BOX, answers={AttributeId("a"): "x"}), item(BOX), ["answer differs"]),
    ],
)
def test_differences_are_named(a: ImportedTask, b: ImportedTask, expected: list[str]) -> None:
    assert expected == kinds(a, b)


def test_tasks_are_matched_by_their_files() -> None:
    found = compare([item(BOX, path="a\x1b.jpg"), item(path="b.jpg")], [item(path="b.jpg"), item(path="c.jpg")])
    assert [(d.what, d.where) for d in found] == [("task missing", "a␛.jpg"), ("task added", "c.jpg")]


def grouped(*paths: str, shape: Shape = BOX) -> ImportedTask:
    """Return a task of several pictures with an instance on each."""
    one = item(*(shape for _ in paths))
    unit = one.task.units[0]
    unit = replace(unit, kind=UnitKind.IMAGE_GROUP, frame_count=len(paths), media=MediaRef(root="r", paths=paths))
    instances = list(one.document.instances.values())
    tracks = {(i.id, unit.id): make_track([Label(frame=n, shape=shape)]) for n, i in enumerate(instances)}
    task = replace(one.task, units=(unit,))
    return ImportedTask(task=task, document=make_document(instances=instances, tracks=tracks))


def test_a_group_and_its_single_pictures_are_matched_picture_by_picture() -> None:
    group, singles = grouped("a.jpg", "b.jpg", "c.jpg"), [item(BOX, path=p) for p in ("c.jpg", "a.jpg", "b.jpg")]
    assert compare([group], singles) == []
    assert compare(singles, [group]) == []
    assert compare([group], [grouped("c.jpg"), grouped("a.jpg", "b.jpg")]) == []
    assert [d.what for d in compare([group], singles[1:])] == ["task missing"]
    assert [d.what for d in compare([grouped("a.jpg", "b.jpg", shape=Box(9, 9, 1, 1))], singles[1:])] == [
        *["instance missing", "instance added"] * 2
    ]


def test_tasks_of_the_same_files_are_matched_one_by_one() -> None:
    assert compare([item(BOX), item(BOX)], [item(BOX), item(BOX)]) == []
    assert [d.what for d in compare([item(BOX)], [item(BOX), item(BOX)])] == ["task added"]


def test_data_units_are_compared() -> None:
    a, b = item(), item()
    b = dataclasses.replace(b, task=replace(b.task, units=(replace(b.task.units[0], width=41),)))
    assert kinds(a, b) == ["data unit differs"]


@pytest.mark.parametrize("tolerance_px", [0.0, 0.05, 0.2])
@pytest.mark.parametrize(
    ("a", "b"),
    [
        (BOX, Box(1.1, 2, 3, 4)),
        (polygon([1, 1, 2, 1, 2, 2]), polygon([1, 1, 2.1, 1, 2, 2])),
        (skeleton([1, 2, 3, 4]), skeleton([1, 2, 3, 4.1])),
    ],
)
def test_coordinates_may_differ_by_the_tolerance(a: Shape, b: Shape, tolerance_px: float) -> None:
    assert bool(kinds(item(a, source_id="1"), item(b, source_id="1"), tolerance_px)) is (tolerance_px < 0.1)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (skeleton([1, 2], [1]), skeleton([1, 2], [2])),
        (polygon([1, 1, 2, 1, 2, 2]), polygon([1, 1, 2, 1, 2, 2, 1, 2])),
        (polygon([0, 0, 9, 0, 9, 9], [1, 1, 2, 1, 2, 2]), polygon([0, 0, 9, 0, 9, 9])),
        (bitmask_from_array(np.eye(2)), bitmask_from_array(np.ones((2, 2)))),
    ],
)
def test_structure_has_no_tolerance(a: Shape, b: Shape) -> None:
    assert len(kinds(item(a, source_id="1"), item(b, source_id="1"), 100)) == 1


def ontology(mark: str) -> Ontology:
    option = Option(id=OptionId(f"o{mark}"), label="red", value="red")
    attribute = Attribute(id=AttributeId(f"a{mark}"), name="colour", kind=AttributeKind.RADIO, options=(option,))
    entry = ObjectClass(
        id=ClassId(f"c{mark}"), name="car", color="#000000", shape=ShapeKind.BOX, attributes=(attribute,)
    )
    return Ontology(classes=(entry,))


def answered(mark: str, last: int = 3) -> ImportedTask:
    value = (OptionId(f"o{mark}"),)
    dynamic = DynamicAnswer(attribute=AttributeId(f"a{mark}"), value=value, unit=UnitId(0), first=0, last=last)
    return item(BOX, class_id=ClassId(f"c{mark}"), answers={AttributeId(f"a{mark}"): value}, dynamic=(dynamic,))


def test_classes_attributes_and_options_are_compared_by_name_when_ontologies_are_given() -> None:
    rules = Comparison(before=ontology("1"), after=ontology("2"))
    assert compare([answered("1")], [answered("2")], rules) == []
    assert len(compare([answered("1")], [answered("2")])) == 2


def test_dynamic_answers_are_compared_by_their_ranges() -> None:
    assert kinds(answered("1"), answered("1", last=4)) == ["answer differs"]
