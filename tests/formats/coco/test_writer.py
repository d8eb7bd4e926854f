from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from msgspec.structs import replace
from pycocotools import mask as oracle
from pycocotools.coco import COCO

from tests.formats.coco.files import MIXED, minimal, write_json
from tests.formats.contract import load_json, project_of, read_all
from tests.support.data import shared_data
from tui_editor.errors import InputError
from tui_editor.formats.coco import FORMAT
from tui_editor.model.columns import pack
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, IssueId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import DecisionState, Issue, IssueKind, ReviewDecision
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.ontology import Classification, ObjectClass, Ontology, SkeletonPoint, SkeletonTemplate
from tui_editor.model.project import Project, Task
from tui_editor.model.shapes import (
    Box,
    Keypoint,
    RotatedBox,
    Shape,
    ShapeKind,
    kind_of,
    polygon,
    polyline,
    skeleton,
)
from tui_editor.model.tracks import Label, Track, make_track, single_track
from tui_editor.ports import ExportReport, ImportedTask, ImportOptions

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (40, 30)


def with_tracks(item: ImportedTask, change: Any) -> ImportedTask:
    """Return a task whose tracks are what `change(instance, track)` returns; None deletes the instance."""
    tracks = {}
    for key, track in item.document.tracks.items():
        new = change(item.document.instances[key[0]], track)
        if new is not None:
            tracks[key] = new
    kept = [i for i in item.document.instances.values() if any(key[0] == i.id for key in tracks)]
    return ImportedTask(task=item.task, document=make_document(instances=kept, tracks=tracks))


def written(tmp_path: Path, value: Any, change: Any) -> tuple[dict[str, Any], ExportReport]:
    """Return the first annotation of a file that was read and changed."""
    source, tasks = read_all(FORMAT, write_json(tmp_path / "in.json", value))
    report = FORMAT.write(project_of(source), [with_tracks(t, change) for t in tasks], tmp_path / "out.json")
    return load_json(tmp_path / "out.json")["annotations"][0], report


def becomes(shape: Shape) -> Any:
    return lambda _instance, _track: single_track(0, pack([shape]))


def test_a_changed_box_has_a_new_area_and_keeps_everything_else(tmp_path: Path) -> None:
    found, report = written(tmp_path, minimal(area=12, score=0.5), becomes(Box(1, 2, 5, 4)))
    assert found == minimal(area=20, score=0.5, bbox=[1, 2, 5, 4])["annotations"][0]
    assert (report.losses, report.tasks, report.labels) == ((), 1, 1)


def test_a_changed_polygon_has_area_and_box_as_pycocotools_counts_them(tmp_path: Path) -> None:
    before = minimal(area=1, segmentation=[[1, 1, 5, 1, 5, 5]])
    shape = polygon([2.3, 2.7, 30.2, 5.1, 17.9, 25.5])
    found, _ = written(tmp_path, before, becomes(shape))
    rle = oracle.merge(oracle.frPyObjects(found["segmentation"], SIZE[1], SIZE[0]))
    assert found["segmentation"] == [shape.parts[0][0].ravel().tolist()]
    assert (found["area"], found["bbox"]) == (int(oracle.area(rle)), pytest.approx([2.3, 2.7, 27.9, 22.8]))
    assert found["iscrowd"] == 0


def test_a_changed_mask_is_written_as_pycocotools_would(tmp_path: Path) -> None:
    array = np.zeros(SIZE[::-1], np.uint8)
    array[5:9, 7:20] = 1
    before = minimal(iscrowd=1, segmentation={"size": [30, 40], "counts": [30, 4, 1166]})
    found, _ = written(tmp_path, before, becomes(bitmask_from_array(array)))
    theirs = oracle.encode(np.asfortranarray(array))
    assert found["segmentation"] == {"size": theirs["size"], "counts": theirs["counts"].decode()}
    assert (found["area"], found["bbox"], found["iscrowd"]) == (52, [7, 5, 13, 4], 1)


def test_a_polygon_with_a_hole_becomes_a_mask_and_is_reported(tmp_path: Path) -> None:
    holed = polygon([0, 0, 10, 0, 10, 10, 0, 10], [2, 2, 4, 2, 4, 4, 2, 4])
    found, report = written(tmp_path, minimal(segmentation=[[1, 1, 5, 1, 5, 5]]), becomes(holed))
    assert int(oracle.decode(found["segmentation"]).sum()) == found["area"] == 96
    assert [loss.what for loss in report.losses] == ["polygon with holes (written as mask)"]


def test_a_moved_polygon_leaves_its_skeleton_as_it_was(tmp_path: Path) -> None:
    def move(_instance: Instance, track: Track) -> Track:
        if track.kind == ShapeKind.SKELETON:
            return track
        return single_track(0, pack([polygon([1, 1, 9, 1, 9, 9])]))

    path = shared_data("coco_keypoints", "test_coco.json")
    source, tasks = read_all(FORMAT, path)
    FORMAT.write(project_of(source), [with_tracks(t, move) for t in tasks], tmp_path / "out.json")
    before, after = load_json(path)["annotations"], load_json(tmp_path / "out.json")["annotations"]
    changed = {"segmentation", "bbox", "area"}
    assert [{k: v for k, v in a.items() if k not in changed} for a in before] == [
        {k: v for k, v in a.items() if k not in changed} for a in after
    ]
    assert {str(a["segmentation"]) for a in after} == {"[[1.0, 1.0, 9.0, 1.0, 9.0, 9.0]]"}


def test_a_deleted_outline_leaves_an_annotation_with_keypoints_only(tmp_path: Path) -> None:
    points = {"keypoints": [1, 2, 2, 9, 4, 2], "num_keypoints": 2}
    value = minimal(segmentation=[[1, 1, 5, 1, 5, 5]], area=3, bbox=[0] * 4, **points)
    value["categories"][0]["keypoints"] = ["a", "b"]
    found, _ = written(tmp_path, value, lambda _i, t: t if t.kind == ShapeKind.SKELETON else None)
    assert found == {
        "id": 7, "image_id": 1, "category_id": 3, "iscrowd": 0, "segmentation": [], "bbox": [1, 2, 8, 2], "area": 16,
        **points,
    }  # fmt: skip


def test_a_deleted_skeleton_takes_its_keys_with_it(tmp_path: Path) -> None:
    value = minimal(keypoints=[1, 2, 2], num_keypoints=1, segmentation=[[1, 1, 5, 1, 5, 5]], area=3)
    value["categories"][0]["keypoints"] = ["a"]
    found, _ = written(tmp_path, value, lambda _i, t: None if t.kind == ShapeKind.SKELETON else t)
    assert found == minimal(segmentation=[[1, 1, 5, 1, 5, 5]], area=3)["annotations"][0]


def test_deleted_and_new_annotations_leave_the_others_as_they_were(tmp_path: Path) -> None:
    source, tasks = read_all(FORMAT, write_json(tmp_path / "in.json", MIXED))
    image = next(t for t in tasks if t.task.title == "sub/b.jpg")
    unit = image.task.units[0].id
    new = Instance(id=InstanceId(5), class_id=source.ontology.classes[2].id, ordinal=99)
    kept = [i for i in image.document.instances.values() if i.source_id != "15"]
    tracks = {k: t for k, t in image.document.tracks.items() if k[0] in {i.id for i in kept}}
    tracks[new.id, unit] = single_track(0, pack([Box(1, 1, 2, 2)]))
    edited = ImportedTask(task=image.task, document=make_document(instances=[*kept, new], tracks=tracks))
    FORMAT.write(project_of(source), [edited if t is image else t for t in tasks], tmp_path / "out.json")
    *others, last = load_json(tmp_path / "out.json")["annotations"]
    assert others == MIXED["annotations"][:-1]
    assert (last["image_id"], last["bbox"], last["id"]) == (30, [1, 1, 2, 2], 900719925474099313)


def test_a_copied_instance_becomes_an_annotation_of_its_own(tmp_path: Path) -> None:
    source, (item,) = read_all(FORMAT, write_json(tmp_path / "in.json", minimal()))
    ((key, track),) = item.document.tracks.items()
    copy = replace(item.document.instances[key[0]], id=InstanceId(5), ordinal=1)
    both = make_document(
        instances=[*item.document.instances.values(), copy], tracks={key: track, (copy.id, key[1]): track}
    )
    FORMAT.write(project_of(source), [ImportedTask(task=item.task, document=both)], tmp_path / "out.json")
    assert [a["id"] for a in load_json(tmp_path / "out.json")["annotations"]] == [7, 8]


def test_a_renamed_class_renames_its_category(tmp_path: Path) -> None:
    source, tasks = read_all(FORMAT, write_json(tmp_path / "in.json", minimal()))
    (cat,) = source.ontology.classes
    project = replace(project_of(source), ontology=Ontology(classes=(replace(cat, name="tiger"),)))
    FORMAT.write(project, tasks, tmp_path / "out.json")
    assert load_json(tmp_path / "out.json")["categories"] == [{"id": 3, "name": "tiger", "supercategory": "animal"}]


def test_two_files_with_the_same_ids_become_one_file_with_different_ids(tmp_path: Path) -> None:
    other = minimal()
    other["categories"][0]["name"] = "dog"
    sources = [read_all(FORMAT, write_json(tmp_path / f"{n}.json", v)) for n, v in enumerate((minimal(), other))]
    classes = tuple(c for source, _ in sources for c in source.ontology.classes)
    project = replace(project_of(sources[0][0]), ontology=Ontology(classes=classes))
    report = FORMAT.write(project, [t for _, tasks in sources for t in tasks], tmp_path / "out.json")
    found = load_json(tmp_path / "out.json")
    assert [c["name"] for c in found["categories"]] == ["cat", "dog"]
    for table in ("images", "annotations", "categories"):
        assert len({entry["id"] for entry in found[table]}) == 2
    assert [a["category_id"] for a in found["annotations"]] == [c["id"] for c in found["categories"]]
    assert [loss.what for loss in report.losses] == ["id changed, for another record had it"]


# --- tasks of other origin -----------------------------------------------------------------------

TEMPLATE = SkeletonTemplate(
    name="t", width=1, height=1, edges=((0, 1),),
    points=tuple(SkeletonPoint(id=n, name=n, color="#000000", x=0, y=0) for n in "ab"),
)  # fmt: skip
SHAPES: tuple[Shape, ...] = (
    Box(1, 2, 3, 4),
    polygon([1, 1, 9, 1, 9, 9]),
    bitmask_from_array(np.eye(6)),
    skeleton([1, 1, 5, 5], [1, 3]),
    RotatedBox(10, 10, 6, 4, 30),
    polyline([1, 1, 2, 2]),
    Keypoint(3, 3),
    Box(np.nan, 0, 1, 1),
)


def foreign_task() -> tuple[Project, ImportedTask]:
    classes = tuple(
        ObjectClass(
            id=ClassId(str(n)), name=f"c\ud800{n}" if n == 1 else f"c{n}", color="#000000", shape=kind_of(s),
            skeleton=TEMPLATE if n == 3 else None,
        )
        for n, s in enumerate(SHAPES)
    )  # fmt: skip
    unit = Unit(
        id=UnitId(1), kind=UnitKind.VIDEO, title="clip", media=MediaRef(root="r", paths=("v/clip.mp4",)),
        frame_count=9, width=40, height=30,
    )  # fmt: skip
    instances = [
        Instance(id=InstanceId(n + 1), class_id=c.id, ordinal=0, source_id="hash") for n, c in enumerate(classes)
    ]
    statement = Classification(id=ClassId("s"), name="s")
    instances.append(Instance(id=InstanceId(99), class_id=statement.id, ordinal=0))
    tracks = {(InstanceId(n + 1), unit.id): make_track([Label(frame=4, shape=s)]) for n, s in enumerate(SHAPES)}
    tracks[InstanceId(1), unit.id] = make_track([Label(frame=f, shape=SHAPES[0]) for f in (2, 4)])
    document: LabelDocument = make_document(
        instances=instances,
        tracks=tracks,
        issues=[Issue(id=IssueId(1), kind=IssueKind.FILE, author="a", created_ms=1)],
        decisions={InstanceId(1): ReviewDecision(state=DecisionState.APPROVED)},
    )
    project = Project(id=ProjectId(1), name="p", ontology=Ontology(classes=classes, classifications=(statement,)))
    task = Task(id=TaskId(1), title="clip", units=(unit,))
    return project, ImportedTask(task=task, document=document)


def test_what_coco_can_t_hold_is_reported_and_the_rest_written(tmp_path: Path) -> None:
    project, item = foreign_task()
    report = FORMAT.write(project, [item], tmp_path / "out.json")
    assert {loss.what: loss.count for loss in report.losses} == {
        "issue": 1,
        "review decision": 1,
        "classification": 1,
        "point label": 1,
        "polyline label": 1,
        "instance over several frames (one annotation each)": 1,
        "frame that is no picture file (written under a made-up name)": 2,
        "rotated box (written as polygon)": 1,
        "self-occluded point (written as labelled, not visible)": 1,
        "label with a coordinate that is not a number": 1,
        "text that is not Unicode": 1,
    }
    found = load_json(tmp_path / "out.json")
    assert [i["file_name"] for i in found["images"]] == ["v/clip.mp4/000002.jpg", "v/clip.mp4/000004.jpg"]
    assert [c["name"] for c in found["categories"]] == ["c0", "c\ufffd1", "c2", "c3", "c4", "c7"]
    assert found["categories"][3]["keypoints"] == ["a", "b"]
    assert found["categories"][3]["skeleton"] == [[1, 2]]


def test_pycocotools_reads_what_we_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project, item = foreign_task()
    FORMAT.write(project, [item], tmp_path / "out.json")
    theirs = COCO(str(tmp_path / "out.json"))
    capsys.readouterr()
    areas = {
        a["category_id"]: (int(theirs.annToMask(a).sum()), a["area"]) for a in theirs.anns.values() if a["segmentation"]
    }
    assert all(drawn == said for drawn, said in areas.values()), areas
    assert len(theirs.anns) == 6


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    project, item = foreign_task()
    FORMAT.write(project, [item], tmp_path / "out.json")
    _, tasks = read_all(FORMAT, tmp_path / "out.json", ImportOptions(group="all"))
    kinds = [type(t.geometry.shape(0)) for t in tasks[0].document.tracks.values()]
    assert sorted(k.__name__ for k in kinds) == ["Bitmask", "Box", "Box", "Polygon", "Polygon", "Skeleton"]


def test_a_failing_export_leaves_the_target_as_it_was(tmp_path: Path) -> None:
    source, tasks = read_all(FORMAT, write_json(tmp_path / "in.json", minimal()))
    target = tmp_path / "out" / "a.json"
    write_json(target, "old")

    def failing() -> Any:
        yield tasks[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        FORMAT.write(project_of(source), failing(), target)
    assert (load_json(target), [p.name for p in target.parent.iterdir()]) == ("old", ["a.json"])


def test_a_folder_gets_a_file_of_a_fixed_name(tmp_path: Path) -> None:
    source, tasks = read_all(FORMAT, write_json(tmp_path / "in.json", minimal()))
    report = FORMAT.write(project_of(source), tasks, tmp_path)
    assert report.files == (tmp_path / "annotations.json",)
    assert load_json(report.files[0]) == minimal()


def test_a_target_that_can_t_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    project, item = foreign_task()
    with pytest.raises(InputError):
        FORMAT.write(project, [item], tmp_path / "file" / "a.json")
