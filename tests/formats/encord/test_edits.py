"""What is edited, new or of either generation is written as the SDK reads it; the rest stays as it was."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tests.formats.encord.sdk import Sdk, differences, newer
from tests.support.data import shared_data
from tui_editor.formats.encord import FORMAT
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, ProjectId
from tui_editor.model.instances import Instance
from tui_editor.model.project import Project
from tui_editor.model.shapes import Box, Polygon, Presence, RotatedBox, Shape, polygon
from tui_editor.model.tracks import Label, Origin, make_track
from tui_editor.ports import ImportedTask, ImportOptions

if TYPE_CHECKING:
    import pytest


def _rows(path: Path) -> list[dict[str, Any]]:
    found = json.loads(path.read_text())
    return found if isinstance(found, list) else [found]


def _read(path: Path) -> tuple[Project, list[ImportedTask]]:
    source = FORMAT.read(path, ImportOptions())
    tasks = list(source.tasks())
    return Project(id=ProjectId(1), name="samples", ontology=source.ontology), tasks


def _exported(project: Project, tasks: list[ImportedTask], folder: Path) -> list[dict[str, Any]]:
    FORMAT.write(project, tasks, folder)
    return _rows(folder / "labels.json")


def _change(item: ImportedTask, **parts: Any) -> ImportedTask:
    """Return the task with instances or tracks replaced."""
    document = item.document
    instances = {i.id: i for i in document.instances.values()} | parts.get("instances", {})
    tracks = dict(document.tracks.items()) | parts.get("tracks", {})
    return dataclasses.replace(item, document=make_document(instances=instances.values(), tracks=tracks))


def _named(document: LabelDocument, source_id: str) -> Instance:
    return next(i for i in document.instances.values() if i.source_id == source_id)


def _of(document: LabelDocument, class_id: str) -> Instance:
    return next(iter(document.of_class(ClassId(class_id))))


def test_a_moved_box_changes_only_its_own_numbers(tmp_path: Path) -> None:
    path = shared_data("encord_samples/video.export.json")
    project, (item,) = _read(path)
    unit, car = item.task.units[0].id, _of(item.document, "objCar01")
    track = item.document.tracks[car.id, unit]
    labels = [replace(lb, shape=Box(6.4, 4.8, 32.0, 24.0)) if lb.frame == 3 else lb for lb in track.labels()]
    edited = _change(item, tracks={(car.id, unit): make_track(labels)})
    (row,) = _exported(project, [edited], tmp_path / "out")
    (source,) = _rows(path)
    data = row["data_hash"]
    objects = source["data_units"][data]["labels"]["3"]["objects"]
    place = next(n for n, o in enumerate(objects) if o["objectHash"] == car.source_id)
    objects[place]["boundingBox"] = {"h": 0.5, "w": 0.5, "x": 0.1, "y": 0.1}
    assert differences(source, row) == []


def test_an_edited_answer_leaves_the_others_as_the_source_spelled_them(tmp_path: Path) -> None:
    path = shared_data("encord/native_image_labels.json")
    project, (item,) = _read(path)
    lion = _named(item.document, "saG3qh6C")
    answers = {**lion.answers, AttributeId("OTkxMjU1"): "Tiger"}
    edited = _change(item, instances={lion.id: replace(lion, answers=answers)})
    (row,) = _exported(project, [edited], tmp_path / "out")
    (source,) = _rows(path)
    entries = source["object_answers"]["saG3qh6C"]["classifications"]
    assert entries[1]["answers"] == "Lion"
    entries[1]["answers"] = "Tiger"
    assert differences(source, row) == []


def test_an_edited_row_of_any_generation_is_what_the_sdk_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for sample in ("encord_samples/video.sdk.json", "encord_samples/image_all_shapes.export.json"):
        project, (item,) = _read(shared_data(sample))
        unit = item.task.units[0].id
        edits: dict[str, Shape] = {
            "objLake1": polygon([[1, 1], [9, 1], [9, 9]], [[2, 2], [3, 2], [3, 3]]),
            "objShip1": RotatedBox(10.0, 10.0, 20.0, 8.0, 45.0),
        }
        tracks = {}
        for name, shape in edits.items():
            key = (_of(item.document, name).id, unit)
            tracks[key] = make_track([replace(lb, shape=shape) for lb in item.document.tracks[key].labels()])
        edited = _change(item, tracks=tracks)
        folder = tmp_path / Path(sample).stem
        (row,) = _exported(project, [edited], folder)
        sdk = Sdk(json.loads((folder / "ontology.json").read_text()), monkeypatch)
        assert differences(newer(row), newer(sdk.written_back(row))) == []
        again = next(FORMAT.read(folder, ImportOptions()).tasks())
        lake = again.document.tracks[_of(again.document, "objLake1").id, again.task.units[0].id].geometry.shape(0)
        assert isinstance(lake, Polygon)
        assert [len(r) for part in lake.parts for r in part] == [3, 3]


def test_a_new_instance_gets_a_hash_of_eight_characters_that_stays_the_same(tmp_path: Path) -> None:
    project, (item,) = _read(shared_data("encord_samples/image_all_shapes.sdk.json"))
    unit, key = item.task.units[0].id, InstanceId(2**62 + 12345)
    fresh = Instance(id=key, class_id=ClassId("objCar01"), ordinal=7)
    label = Label(frame=0, shape=Box(0, 0, 32, 24), author="ann@example.com", created_ms=1_768_469_400_000)
    edited = _change(item, instances={key: fresh}, tracks={(key, unit): make_track([label])})
    (row,), (again,) = (_exported(project, [edited], tmp_path / n) for n in ("a", "b"))
    found = [o for o in row["data_units"][row["data_hash"]]["labels"]["objects"] if o["createdBy"] == label.author
             and o["lastEditedAt"] == o["createdAt"]]  # fmt: skip
    assert [(o["createdAt"], len(o["objectHash"]), o["boundingBox"]) for o in found] == [
        ("Thu, 15 Jan 2026 09:30:00 UTC", 8, {"h": 0.5, "w": 0.5, "x": 0.0, "y": 0.0})
    ]
    assert row["object_answers"][found[0]["objectHash"]]["objectNumber"] == 7
    assert row == again


def test_an_edited_classification_is_placed_in_both_generations(tmp_path: Path) -> None:
    project, (item,) = _read(shared_data("encord_samples/video.sdk.json"))
    unit, tags = item.task.units[0].id, _of(item.document, "clsTags1")
    track = item.document.tracks[tags.id, unit]
    labels = [*track.labels(), replace(track.label(0), frame=20, shape=Presence())]
    edited = _change(item, tracks={(tags.id, unit): make_track(labels)})
    (row,) = _exported(project, [edited], tmp_path / "out")
    frames = row["data_units"][row["data_hash"]]["labels"]
    listed = [int(f) for f, b in frames.items() for c in b["classifications"] if c["featureHash"] == "clsTags1"]
    assert (listed, row["classification_answers"][tags.source_id]["range"]) == ([*range(15), 20], [[0, 14], [20, 20]])


def test_interpolated_labels_are_told_by_their_confidence() -> None:
    _, (item,) = _read(shared_data("encord_samples/video.export.json"))
    track = item.document.tracks[_of(item.document, "objCar01").id, item.task.units[0].id]
    manual = [lb.frame for lb in track.labels() if lb.origin is Origin.MANUAL]
    assert (manual, {lb.origin for lb in track.labels()}) == ([0, 10, 20, 25, 26], {Origin.MANUAL, Origin.INTERPOLATED})


def test_nested_static_and_dynamic_answers_are_read() -> None:
    _, (item,) = _read(shared_data("encord_samples/video.export.json"))
    car = _of(item.document, "objCar01")
    assert car.answers == {
        AttributeId("attColou"): (OptionId("optRed01"),),
        AttributeId("attShade"): (OptionId("optDark1"),),
        AttributeId("attEquip"): (OptionId("optRack1"), OptionId("optSun01")),
        AttributeId("attPlate"): "AB-123",
        AttributeId("attSeats"): 5,
    }
    unit = item.task.units[0].id
    assert [car.answer_at(AttributeId("dynSpeed"), unit, f) for f in (9, 10, 20, 21)] == [42.5, 0, 0, None]


def test_the_union_of_both_generations_places_a_classification(tmp_path: Path) -> None:
    (row,) = _rows(shared_data("encord_samples/video.export.json"))
    tags = next(k for k, v in row["classification_answers"].items() if v["featureHash"] == "clsTags1")
    row["classification_answers"][tags]["range"] = [[3, 4], [17, 17]]
    path = tmp_path / "labels.json"
    path.write_text(json.dumps([row]))
    _, (item,) = _read(path)
    track = item.document.tracks[_named(item.document, tags).id, item.task.units[0].id]
    assert track.frames.tolist() == [*range(15), 17]


def test_the_spaces_of_a_group_become_data_units(tmp_path: Path) -> None:
    _, (item,) = _read(shared_data("encord_samples/data_group_spaces.sdk.json"))
    assert [(u.kind.value, u.title, u.frame_count, u.size(0)) for u in item.task.units] == [
        ("video", "space-video-left", 10, (64, 48)),
        ("image", "space-image-map", 1, (32, 32)),
    ]
    car = _of(item.document, "objCar01")
    assert [t.frames.tolist() for _, t in sorted(item.document.tracks_of(car.id), key=lambda p: -len(p[1]))] == [
        [0, 1, 2],
        [0],
    ]
