from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.formats.coco.files import MIXED, minimal, write_json
from tests.formats.contract import CONTROL, read_all
from tests.support.data import shared_data
from tui_editor.errors import FormatError, UsageError
from tui_editor.formats.coco import FORMAT
from tui_editor.model.frames import UnitKind
from tui_editor.model.masks import area
from tui_editor.model.shapes import Bitmask, Box, Polygon, Shape, Skeleton, Visibility, same_shape
from tui_editor.ports import ImportedTask, ImportOptions

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.instances import Instance


def shapes_of(task: ImportedTask) -> list[tuple[Instance, Shape]]:
    found = [(i, task.document.tracks_of(i.id)[0][1].geometry.shape(0)) for i in task.document.instances.values()]
    return sorted(found, key=lambda pair: (pair[0].source_id, pair[0].class_id))


def only(path: Path, value: Any) -> Shape:
    """Return the only shape of a file."""
    _, tasks = read_all(FORMAT, write_json(path / "a.json", value))
    ((_, shape),) = shapes_of(tasks[0])
    return shape


def test_each_image_is_a_task_with_its_size_and_picture() -> None:
    source, tasks = read_all(FORMAT, shared_data("coco", "instances.json"))
    assert (source.total, len(tasks)) == (16, 16)
    unit = next(t for t in tasks if t.task.title.endswith("000000000030.jpg")).task.units[0]
    assert (unit.kind, unit.frame_count, unit.width, unit.height) == (UnitKind.IMAGE, 1, 640, 428)
    assert (source.root_dir / unit.media.paths[0]).is_file()
    assert source.losses() == ()


def test_the_four_kinds_of_annotations_become_shapes(tmp_path: Path) -> None:
    assert only(tmp_path, minimal()) == Box(1, 2, 3, 4)
    polygon = only(tmp_path, minimal(segmentation=[[1, 1, 5, 1, 5, 5], [9, 9, 11, 9, 11, 12]]))
    assert isinstance(polygon, Polygon)
    assert [[r.tolist() for r in part] for part in polygon.parts] == [
        [[[1, 1], [5, 1], [5, 5]]],
        [[[9, 9], [11, 9], [11, 12]]],
    ]
    mask = only(tmp_path, minimal(segmentation={"size": [30, 40], "counts": [30, 4, 1166]}))
    assert isinstance(mask, Bitmask)
    assert ((mask.left, mask.top, mask.width, mask.height), area(mask)) == ((1, 0, 1, 4), 4)


def test_a_category_with_several_shapes_gives_tied_classes() -> None:
    source, tasks = read_all(FORMAT, shared_data("coco_keypoints", "test_coco.json"))
    assert [(c.name, c.shape.value) for c in source.ontology.classes] == [
        ("person", "polygon"),
        ("person·skeleton", "skeleton"),
    ]
    by_source: dict[str, list[str]] = {}
    for task in tasks:
        for instance, shape in shapes_of(task):
            by_source.setdefault(instance.source_id, []).append(type(shape).__name__)
    assert sorted(map(tuple, by_source.values())).count(("Polygon", "Skeleton")) + sorted(
        map(tuple, by_source.values())
    ).count(("Skeleton", "Polygon")) == sum(len(v) == 2 for v in by_source.values())
    assert sum(len(v) == 2 for v in by_source.values()) == 12


def test_keypoints_keep_places_and_visibility(tmp_path: Path) -> None:
    value = minimal(bbox=..., keypoints=[1, 2, 2, 3.5, 4, 1, 0, 0, 0])
    value["categories"][0] |= {"keypoints": ["a", "b", "c"], "skeleton": [[1, 2], [9, 1], "x"]}
    shape = only(tmp_path, value)
    assert same_shape(
        Skeleton(
            np.array([[1, 2], [3.5, 4], [0, 0]]),
            np.array([Visibility.VISIBLE, Visibility.OCCLUDED, Visibility.INVISIBLE], np.uint8),
        ),
        shape,
    )


def test_class_ids_are_the_same_in_every_reading_and_differ_between_categories(tmp_path: Path) -> None:
    other = minimal()
    other["categories"][0]["name"] = "dog"
    ids = []
    for n, value in enumerate((minimal(), minimal(), other)):
        source = FORMAT.read(write_json(tmp_path / f"{n}.json", value), ImportOptions())
        ids.append(source.ontology.classes[0].id)
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("group", "frames"), [("", [1] * 16), ("all", [16]), ("5", [5, 5, 5, 1]), ("folder", [16]), ("100", [16])]
)
def test_groups_make_tasks_of_several_frames(group: str, frames: list[int]) -> None:
    _, tasks = read_all(FORMAT, shared_data("coco", "instances.json"), ImportOptions(group=group))
    assert frames == [t.task.units[0].frame_count for t in tasks]
    assert sum(t.document.label_count for t in tasks) == 162
    for task in tasks:
        unit = task.task.units[0]
        assert len(unit.media.paths) == unit.frame_count
        assert unit.kind == (UnitKind.IMAGE if unit.frame_count == 1 else UnitKind.IMAGE_GROUP)


def test_an_unknown_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        FORMAT.read(write_json(tmp_path / "a.json", minimal()), ImportOptions(group="0"))


def test_ordinals_count_within_class_and_task() -> None:
    _, tasks = read_all(FORMAT, shared_data("coco", "instances.json"), ImportOptions(group="all"))
    ordinals: dict[str, list[int]] = {}
    for instance in tasks[0].document.instances.values():
        ordinals.setdefault(instance.class_id, []).append(instance.ordinal)
    assert all(sorted(found) == list(range(len(found))) for found in ordinals.values())


def test_what_is_odd_is_counted(tmp_path: Path) -> None:
    value = MIXED | {"annotations": [*MIXED["annotations"], {"image_id": 99, "category_id": 18}]}
    value["annotations"].append({"image_id": 5, "category_id": 18, "id": 100})
    source, _ = read_all(FORMAT, write_json(tmp_path / "a.json", value))
    assert {loss.what: loss.count for loss in source.losses()} == {
        "annotation of an image that the file doesn't list": 1,
        "picture missing": 3,
        "annotation id used more than once (kept)": 2,
        "polygon with an odd number of coordinates (kept as it is)": 1,
        "malformed mask (kept as it is)": 1,
        "annotation without a shape (left out)": 1,
    }


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"bbox": [1, 2, 3]}, "#/annotations/0/bbox"),
        ({"bbox": "\x1b[31m"}, "#/annotations/0/bbox"),
        ({"segmentation": [["a", 1]]}, "#/annotations/0/segmentation/0"),
        ({"segmentation": [[1, 2], 3]}, "#/annotations/0/segmentation/1"),
        ({"segmentation": [[[1, 2]]]}, "#/annotations/0/segmentation/0"),
        ({"keypoints": [1, "x", 2]}, "#/annotations/0/keypoints"),
        ({"image_id": None}, "#/annotations/0/image_id"),
        ({"image_id": ...}, "#/annotations/0"),
        ({"category_id": 1.5}, "#/annotations/0/category_id"),
        ({"id": []}, "#/annotations/0/id"),
        ({"id": True, "unknown": 1}, "#/annotations/0/id"),
    ],
)
def test_a_malformed_annotation_is_refused_with_its_pointer(
    tmp_path: Path, change: dict[str, Any], pointer: str
) -> None:
    value = minimal(**change)
    if any("keypoints" in c for c in change):
        value["categories"][0]["keypoints"] = ["a"]
    path = write_json(tmp_path / "a.json", value)
    with pytest.raises(FormatError) as caught:
        read_all(FORMAT, path)
    assert caught.value.where == f"{path}{pointer}"
    assert not CONTROL.search(str(caught.value))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"images": [],\n "annotations": NaN}', ":2:17"),
        ('{"images": [],\n "annotations": [Infinity]}', ":2:18"),
        ('{"images": [{"id": 1, "x": ' + "[" * 100_000, ""),
        ('{"images": {}, "annotations": []}', "#/images"),
        ('{"images": [{"id": 1.5}], "annotations": []}', "#/images/0"),
        ('{"images": [1], "annotations": []}', "#/images/0"),
        ('{"images": [], "annotations": {}}', "#/annotations"),
        ('{"images": [], "annotations": [], "categories": [{"name": "x"}]}', "#/categories/0"),
        ('{"annotations": []}', ""),
        ('{"images": []}', ""),
        ('{"images": [], "annotations": [], "info": "\\ud800"}', ""),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(FormatError) as caught:
        read_all(FORMAT, path)
    assert caught.value.where.startswith(f"{path}{where}")


def test_a_number_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(minimal(bbox="B")).replace('"B"', "[1, 2, 3, 1e999]"))
    with pytest.raises(FormatError):
        read_all(FORMAT, path)


def test_huge_claims_cost_no_memory(tmp_path: Path) -> None:
    value = minimal(segmentation={"size": [10**9, 10**9], "counts": [0, 10**18]})
    source, tasks = read_all(FORMAT, write_json(tmp_path / "a.json", value))
    assert [loss.what for loss in source.losses()] == ["picture missing", "malformed mask (kept as it is)"]
    assert tasks[0].document.label_count == 1


# --- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label_file", "picture", "root", "path"),
    [
        ("a.json", "a.jpg", ".", "a.jpg"),
        ("a.json", "images/a.jpg", ".", "images/a.jpg"),
        ("annotations/a.json", "images/a.jpg", ".", "images/a.jpg"),
        ("annotations/instances_val.json", "val/a.jpg", ".", "val/a.jpg"),
        ("annotations/instances_val.json", "images/val/a.jpg", ".", "images/val/a.jpg"),
        ("annotations/a.json", "annotations/a.jpg", "annotations", "a.jpg"),
    ],
)
def test_pictures_are_found_in_the_usual_places(
    tmp_path: Path, label_file: str, picture: str, root: str, path: str
) -> None:
    write_json(tmp_path / label_file, minimal())
    (tmp_path / picture).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / picture).write_bytes(b"")
    source, tasks = read_all(FORMAT, tmp_path / label_file)
    assert (tmp_path / root, path) == (source.root_dir, tasks[0].task.units[0].media.paths[0])
    assert source.losses() == ()


def test_pictures_are_looked_for_where_the_user_says(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels" / "a.json", minimal())
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"")
    source, tasks = read_all(FORMAT, path, ImportOptions(media_dir=tmp_path / "labels" / ".." / "photos", root="r"))
    media = tasks[0].task.units[0].media
    assert (source.root_dir, media.root, media.paths) == (tmp_path / "photos", "r", ("a.jpg",))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("/etc/passwd", "passwd"),
        ("../../up.jpg", "up.jpg"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("sub\\a.jpg", "sub/a.jpg"),
        ("..", "unnamed"),
        ("a\0b.jpg", "a_b.jpg"),
        ("http://host/x/a.jpg", "a.jpg"),
        ("\x1b[31m\n.jpg", "\x1b[31m\n.jpg"),
    ],
)
def test_file_names_can_t_leave_the_root(tmp_path: Path, name: str, path: str) -> None:
    value = minimal()
    value["images"][0]["file_name"] = name
    source, tasks = read_all(FORMAT, write_json(tmp_path / "a.json", value))
    assert (path,) == tasks[0].task.units[0].media.paths
    assert not any(CONTROL.search(loss.where) for loss in source.losses())


# --- detection -----------------------------------------------------------------------------------


def test_a_folder_with_one_file_is_read_and_several_are_named(tmp_path: Path) -> None:
    write_json(tmp_path / "annotations" / "a.json", minimal())
    write_json(tmp_path / "annotations" / "other.json", {"words": 1})
    assert len(read_all(FORMAT, tmp_path)[1]) == 1
    write_json(tmp_path / "annotations" / "b.json", minimal())
    with pytest.raises(FormatError, match=r"a\.json, b\.json"):
        FORMAT.read(tmp_path, ImportOptions())


@pytest.mark.parametrize(
    "name",
    [
        "panoptic/panoptic_examples.json",
        "labelstudio/test_export_json_min__data.json",
        "formats_atlas/datumaro_dataset/legacy/annotations/train.json",
    ],
)
def test_other_files_with_annotations_are_not_taken_for_coco(name: str) -> None:
    assert FORMAT.detect(shared_data(name)).confidence < 0.5
