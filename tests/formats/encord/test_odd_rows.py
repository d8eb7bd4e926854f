"""Odd parts of a row are kept and reported; broken rows are refused with their place."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.formats.encord.sdk import differences
from tui_editor.errors import FormatError
from tui_editor.formats.encord import FORMAT
from tui_editor.model.frames import UnitKind
from tui_editor.model.ids import AttributeId, ClassId, OptionId, ProjectId
from tui_editor.model.project import Project
from tui_editor.model.shapes import Box, Polygon, Skeleton, Verbatim, Visibility
from tui_editor.ports import ImportedTask, ImportOptions, ImportSource, Loss

if TYPE_CHECKING:
    from pathlib import Path

ONTOLOGY: dict[str, Any] = {
    "objects": [
        {"id": "1", "name": "Car", "color": "#D33115", "shape": "bounding_box", "featureNodeHash": "car",
         "attributes": [
             {"id": "1.1", "name": "Parts", "type": "checklist", "featureNodeHash": "parts", "required": False,
              "options": [{"id": "1.1.1", "label": "Roof", "value": "roof", "featureNodeHash": "roof"},
                          {"id": "1.1.2", "label": "Bar", "value": "bar", "featureNodeHash": "bar"}]},
             {"id": "1.2", "name": "Lights", "type": "checklist", "featureNodeHash": "lights", "required": False,
              "dynamic": True,
              "options": [{"id": "1.2.1", "label": "Left", "value": "left", "featureNodeHash": "left"},
                          {"id": "1.2.2", "label": "Right", "value": "right", "featureNodeHash": "right"}]}]},
        {"id": "2", "name": "Lake", "color": "#16406C", "shape": "polygon", "featureNodeHash": "lake"},
        {"id": "3", "name": "Man", "color": "#16406C", "shape": "skeleton", "featureNodeHash": "man"},
        {"id": "4", "name": "Ball", "color": "#16406C", "shape": "circle", "featureNodeHash": "ball"},
    ],
    "classifications": [
        {"id": "1", "featureNodeHash": "tags", "attributes": [
            {"id": "1.1", "name": "Tags", "type": "text", "featureNodeHash": "tagText", "required": False}]},
    ],
}  # fmt: skip

BOX = {"boundingBox": {"x": 0.25, "y": 0.5, "w": 0.5, "h": 0.25}}


def _object(key: str = "h1", feature: str = "car", **more: Any) -> dict[str, Any]:
    return {"objectHash": key, "featureHash": feature, "name": "Car", "shape": "bounding_box", **(more or BOX)}


def _row(*objects: Any, **more: Any) -> dict[str, Any]:
    labels = {"objects": list(objects), "classifications": []}
    unit = {"data_hash": "d", "data_title": "a.png", "data_type": "image/png", "data_sequence": 0,
            "width": 64, "height": 32, "labels": labels}  # fmt: skip
    return {"label_hash": "l", "data_hash": "d", "data_title": "a.png", "data_type": "image", "object_answers": {},
            "classification_answers": {}, "object_actions": {}, "data_units": {"d": unit}} | more  # fmt: skip


def _video(frames: dict[str, Any], **more: Any) -> dict[str, Any]:
    row = _row(data_type="video", **more)
    row["data_units"]["d"] |= {"data_fps": 10.0, "data_duration": 2.0, "labels": frames}
    return row


def _open(folder: Path, content: Any, *, ontology: bool = True) -> ImportSource:
    if ontology:
        (folder / "ontology.json").write_text(json.dumps(ONTOLOGY))
    path = folder / "labels.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return FORMAT.read(path, ImportOptions())


def _one(folder: Path, row: dict[str, Any]) -> tuple[ImportedTask, list[Loss]]:
    """Return the task of a row and what was lost, after a look that the row is written as it was."""
    source = _open(folder, [row])
    (item,) = source.tasks()
    project = Project(id=ProjectId(1), name="odd", ontology=source.ontology)
    FORMAT.write(project, [item], folder / "out")
    (written,) = json.loads((folder / "out" / "labels.json").read_text())
    assert differences(row, written) == []
    return item, list(source.losses())


def _shape(item: ImportedTask) -> Any:
    ((_, track),) = item.document.tracks.items()
    return track.geometry.shape(0)


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (_object(boundingBox={"x": 0.1}), "label with unreadable geometry kept but not shown"),
        (_object(boundingBox={"x": "1", "y": 0, "w": 1, "h": 1}), "label with unreadable geometry kept but not shown"),
        (_object(polygon=[[1]]), "label with unreadable geometry kept but not shown"),
        (_object(), "second label of an instance on a frame kept but not shown"),
        (_object(feature="lake", polygon={}), "label of another class than its instance kept but not shown"),
        (_object("h2", "tags"), "label of an unknown class kept but not shown"),
        ({"name": "?"}, "label without hashes kept but not shown"),
        (17, "label without hashes kept but not shown"),
    ],
)
def test_an_odd_label_is_kept_beside_the_good_one(tmp_path: Path, bad: Any, what: str) -> None:
    item, losses = _one(tmp_path, _row(_object(), bad))
    assert (_shape(item), [(loss.what, loss.where) for loss in losses]) == (
        Box(16.0, 16.0, 32.0, 8.0),
        [(what, f"{tmp_path / 'labels.json'}#/0/data_units/d/labels/objects/1")],
    )


def test_polygons_win_over_the_polygon(tmp_path: Path) -> None:
    ring = [0.0, 0.0, 0.5, 0.0, 0.5, 0.5]
    lake = _object(
        "h", "lake", polygon={"0": {"x": 0.9, "y": 0.9}}, polygons=[[ring, [0.1, 0.1, 0.2, 0.1, 0.2, 0.2]], [ring]]
    )
    shape = _shape(_one(tmp_path, _row(lake))[0])
    assert [[r.tolist() for r in part] for part in shape.parts][1] == [[[0, 0], [32, 0], [32, 16]]]
    assert [len(part) for part in shape.parts] == [2, 1]


@pytest.mark.parametrize("missing", [{}, {"polygons": None}])
def test_the_polygon_counts_where_polygons_are_missing(tmp_path: Path, missing: dict[str, Any]) -> None:
    points = {"10": {"x": 0.5, "y": 0.5}, "2": {"x": 0.5, "y": 0.0}, "0": {"x": 0, "y": 0}}
    for polygon in (points, [points["0"], points["2"], points["10"]]):
        shape = _shape(_one(tmp_path, _row(_object("h", "lake", polygon=polygon, **missing)))[0])
        assert isinstance(shape, Polygon)
        assert shape.parts[0][0].tolist() == [[0, 0], [32, 0], [32, 16]]


def test_the_older_visibility_of_a_skeleton_s_points_is_read(tmp_path: Path) -> None:
    seen = [{"visible": True}, {"occluded": True}, {"invisible": True}, {"selfOccluded": True}, {}]
    points = {str(n): {"x": 0.5, "y": 0.5, "name": f"p{n}", **s} for n, s in enumerate(seen)}
    shape = _shape(_one(tmp_path, _row(_object("h", "man", skeleton=points)))[0])
    assert isinstance(shape, Skeleton)
    assert [Visibility(int(v)).name for v in shape.visibility] == [
        "VISIBLE", "OCCLUDED", "INVISIBLE", "SELF_OCCLUDED", "VISIBLE",
    ]  # fmt: skip


def test_a_skeleton_of_another_number_of_points_is_kept_unread(tmp_path: Path) -> None:
    point = {"x": 0.5, "y": 0.5, "name": "p"}
    three, two = ({str(n): point for n in range(k)} for k in (3, 2))
    frames = {str(f): {"objects": [_object("h", "man", skeleton=s)], "classifications": []}
              for f, s in enumerate((three, two))}  # fmt: skip
    item, losses = _one(tmp_path, _video(frames))
    assert (item.document.label_count, len(losses)) == (1, 1)


def test_a_shape_without_an_editor_is_kept_verbatim(tmp_path: Path) -> None:
    item, losses = _one(tmp_path, _row(_object("h", "ball", circle={"x": 0.1, "y": 0.2, "r": 0.3, "odd": [1]})))
    assert _shape(item) == Verbatim(b'{"circle":{"x":0.1,"y":0.2,"r":0.3,"odd":[1]}}')
    assert [loss.what for loss in losses] == ["circle shown read-only"]


def test_a_mask_on_a_frame_beyond_all_measure_is_kept_unread(tmp_path: Path) -> None:
    ontology = {"objects": [{"name": "Cell", "shape": "bitmask", "featureNodeHash": "cell"}], "classifications": []}
    mask = {"top": 0, "left": 0, "width": 2, "height": 2, "rleString": "112"}
    row = _row(_object("h", "cell", bitmask=mask))
    row["data_units"]["d"] |= {"width": 2_000_000_000, "height": 2_000_000_000}
    source = _open(tmp_path, {"ontology": ontology, "label_rows": [row]}, ontology=False)
    (item,) = source.tasks()
    assert (item.document.label_count, source.losses()[0].what) == (
        0,
        "label with unreadable geometry kept but not shown",
    )


def test_a_checklist_in_several_entries_is_one_answer(tmp_path: Path) -> None:
    entries = [{"name": "Parts", "value": "parts", "featureHash": "parts", "answers": [
        {"name": n, "value": n.lower(), "featureHash": n.lower()}]} for n in ("Bar", "Roof")]  # fmt: skip
    answers = {"h1": {"objectHash": "h1", "classifications": entries}}
    item, _ = _one(tmp_path, _row(_object(), object_answers=answers))
    (car,) = item.document.instances.values()
    assert car.answers == {AttributeId("parts"): (OptionId("roof"), OptionId("bar"))}


def test_dynamic_checklists_that_overlap_are_joined_frame_by_frame(tmp_path: Path) -> None:
    def action(option: str, first: int, last: int) -> dict[str, Any]:
        return {"name": "Lights", "featureHash": "lights", "range": [[first, last]], "trackHash": option,
                "answers": [{"name": option, "value": option, "featureHash": option}]}  # fmt: skip

    frames = {str(f): {"objects": [_object()], "classifications": []} for f in range(10)}
    actions = {"h1": {"objectHash": "h1", "actions": [action("right", 0, 5), action("left", 4, 9)]}}
    item, _ = _one(tmp_path, _video(frames, object_actions=actions))
    (car,) = item.document.instances.values()
    lights, unit = AttributeId("lights"), item.task.units[0].id
    assert [car.answer_at(lights, unit, f) for f in (3, 4, 5, 6)] == [
        ("right",), ("left", "right"), ("left", "right"), ("left",),
    ]  # fmt: skip


def test_answers_that_belong_to_nothing_are_kept(tmp_path: Path) -> None:
    orphan = {"gone": {"objectHash": "gone", "classifications": []}, "odd": 7}
    item, losses = _one(tmp_path, _row(_object(), object_answers=orphan, object_actions=copy.deepcopy(orphan)))
    assert (len(item.document.instances), losses[0].what, losses[0].count) == (
        1, "answers without a label kept but not shown", 4,
    )  # fmt: skip


def test_an_endless_range_makes_no_endless_labels(tmp_path: Path) -> None:
    answer = {"classificationHash": "c", "featureHash": "tags", "classifications": [], "range": [[0, 2_000_000_000]]}
    _, losses = _one(tmp_path, _video({}, classification_answers={"c": answer}))
    assert losses[0].what == "classification with an unreadable range"


def test_frames_without_a_number_and_empty_ones_are_kept(tmp_path: Path) -> None:
    frames = {"meta": {"x": 1}, "7": {"objects": [], "classifications": []}, "3": {"objects": [_object()], "odd": 1}}
    item, _ = _one(tmp_path, _video(frames))
    assert (item.task.units[0].frame_count, item.document.label_count) == (20, 1)


def test_labels_beyond_the_told_length_lengthen_the_video(tmp_path: Path) -> None:
    item, _ = _one(tmp_path, _video({"40": {"objects": [_object()], "classifications": []}}))
    assert item.task.units[0].frame_count == 41


def test_a_space_that_we_do_not_show_is_kept(tmp_path: Path) -> None:
    cloud = {"space_type": "point_cloud", "labels": {"0": {"objects": []}}}
    item, losses = _one(tmp_path, _row(data_type="scene", spaces={"s": cloud}, scene={"x": 1}))
    assert (item.task.units[0].kind, losses[0].what) == (UnitKind.OTHER, "space kept but not shown")


def test_labels_of_a_frame_of_unknown_size_stay_relative(tmp_path: Path) -> None:
    row = _row(_object())
    del row["data_units"]["d"]["width"], row["data_units"]["d"]["height"]
    item, losses = _one(tmp_path, row)
    assert (_shape(item), losses[0].what) == (
        Box(0.25, 0.5, 0.5, 0.25), "size of a frame unknown: its labels stay relative",
    )  # fmt: skip


def test_a_class_that_the_ontology_lacks_is_added_to_it(tmp_path: Path) -> None:
    source = _open(tmp_path, [_row(_object(), _object("h9", "new"))])
    found = source.ontology.find(ClassId("new"))
    assert (found is not None, source.losses()[0].what) == (True, "class that is not in the ontology added to it")


def test_an_ontology_inside_the_file_counts(tmp_path: Path) -> None:
    source = _open(tmp_path, {"ontology": ONTOLOGY, "label_rows": [_row(_object())]}, ontology=False)
    assert (len(list(source.tasks())), len(source.ontology.classes), source.losses()) == (1, 4, ())


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ("[1]", "#/0"),
        ('[{"label_hash": "x"}]', "#/0"),
        ('{"a": 1}', "#"),
        (json.dumps([_row(), _row(data_units=[])]), "#/1/data_units"),
        (json.dumps([_row(data_units={"d": 1})]), "#/0/data_units/d"),
        (json.dumps([_row(data_units={"d": {"labels": []}})]), "#/0/data_units/d/labels"),
        (json.dumps([_row(data_units={"a/b": {"labels": {"objects": {}}}})]), "#/0/data_units/a~1b/labels/objects"),
        (json.dumps([_video({"3": []})]), "#/0/data_units/d/labels/3"),
        (json.dumps([_row(object_answers=[])]), "#/0/object_answers"),
        (json.dumps([_row(spaces={"s": None})]), "#/0/spaces/s"),
        ("[" * 3000, "#"),
        ('[{"label_hash": "l", "data_units": {}, "x": NaN}]', "#"),
    ],
)
def test_a_broken_row_is_refused_with_its_pointer(tmp_path: Path, content: str, pointer: str) -> None:
    with pytest.raises(FormatError) as caught:
        list(_open(tmp_path, content).tasks())
    assert caught.value.where.startswith(f"{tmp_path / 'labels.json'}{pointer}")


def test_a_broken_ontology_names_its_place(tmp_path: Path) -> None:
    wrapped = {"ontology": {"objects": [{"name": "Car", "shape": "polygon"}]}, "label_rows": []}
    with pytest.raises(FormatError) as caught:
        _open(tmp_path, wrapped, ontology=False)
    assert (caught.value.where, caught.value.what) == (
        f"{tmp_path / 'labels.json'}#/objects/0", "`featureNodeHash` is missing",
    )  # fmt: skip
