"""Our own file beside the rows keeps what label rows have no place for; files appear whole or not at all."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace

from tests.formats.encord.documents import ONTOLOGY, PROJECT, UNITS
from tui_editor.errors import FormatError
from tui_editor.formats.encord import FORMAT
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit
from tui_editor.model.ids import ClassId, InstanceId, IssueId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Comment, DecisionState, Issue, IssueKind, ReviewDecision
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.project import Task
from tui_editor.model.shapes import Box, Keypoint, Shape
from tui_editor.model.tracks import Label, Origin, make_track
from tui_editor.ports import ImportedTask, ImportOptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IMAGE = UNITS[0]
CAR = Instance(id=InstanceId(1), class_id=ClassId("car"), ordinal=0, source_id="carHash1")


def _task(*units: Unit, origin: Origin = Origin.MANUAL, issues: tuple[Issue, ...] = (), **more: object) -> ImportedTask:
    units = units or (IMAGE,)
    tracks = {(CAR.id, u.id): make_track([Label(frame=0, shape=Box(1, 2, 3, 4), origin=origin)]) for u in units}
    task = Task(id=TaskId(5), title="rig", units=units, group_key="g", split="validation")
    document = make_document(instances=[CAR], tracks=tracks, issues=issues, **more)  # type: ignore[arg-type]
    return ImportedTask(task=task, document=document)


def _again(item: ImportedTask, folder: Path) -> ImportedTask:
    FORMAT.write(PROJECT, [item], folder)
    return next(FORMAT.read(folder, ImportOptions()).tasks())


def test_issues_are_written_with_encord_s_keys(tmp_path: Path) -> None:
    issue = Issue(
        id=IssueId(77), kind=IssueKind.PIN, author="rev@example.com", created_ms=1_768_469_400_123, unit=IMAGE.id,
        frames=(0, 0), point=(16.0, 8.0), tags=("blur",),
        comments=(Comment(author="rev@example.com", at_ms=1_768_469_400_123, text="look"),),
    )  # fmt: skip
    FORMAT.write(PROJECT, [_task(issues=(issue,))], tmp_path)
    (record,) = json.loads((tmp_path / "labels.tui-editor.json").read_text())["rows"].values()
    (found,) = record["issues"]
    assert {k: found[k] for k in ("type", "frameIndex", "coordinate", "tags", "comments")} == {
        "type": "frameCoordinate",
        "frameIndex": 0,
        "coordinate": {"x": 0.25, "y": 0.25},
        "tags": [{"name": "blur"}],
        "comments": [
            {"content": "look", "authorEmail": "rev@example.com", "createdAt": "2026-01-15T09:30:00.123+00:00"}
        ],
    }


def test_a_decision_on_unchanged_labels_stays_one_on_unchanged_labels(tmp_path: Path) -> None:
    item = _task()
    content = item.document.content_of(CAR.id)
    decision = ReviewDecision(state=DecisionState.APPROVED, by="rev@example.com", at_ms=9, content=content)
    again = _again(_task(decisions={CAR.id: decision}), tmp_path)
    ((key, found),) = again.document.decisions.items()
    assert (found.state, found.content) == (DecisionState.APPROVED, again.document.content_of(key))


def test_an_origin_that_rows_can_t_tell_comes_back(tmp_path: Path) -> None:
    again = _again(_task(origin=Origin.TRACKED), tmp_path)
    assert [t.label(0).origin for t in again.document.tracks.values()] == [Origin.TRACKED]


def test_rows_of_one_hash_keep_their_own_record(tmp_path: Path) -> None:
    items = [_task(origin=origin) for origin in (Origin.TRACKED, Origin.IMPORTED)]
    FORMAT.write(PROJECT, items, tmp_path)
    again = FORMAT.read(tmp_path, ImportOptions()).tasks()
    found = [t.label(0).origin for item in again for t in item.document.tracks.values()]
    assert found == [Origin.TRACKED, Origin.IMPORTED]


def test_paths_group_and_split_come_back(tmp_path: Path) -> None:
    deep = replace(IMAGE, media=MediaRef(root="data", paths=("train/one/street.png",)))
    again = _again(_task(deep), tmp_path)
    assert (again.task.units[0].media.paths, again.task.group_key, again.task.split) == (
        ("train/one/street.png",), "g", "validation",
    )  # fmt: skip


def test_a_task_of_several_units_is_a_group_with_spaces(tmp_path: Path) -> None:
    units = tuple(replace(u, id=UnitId(n)) for n, u in enumerate(UNITS, 1))
    item = _task(*units)
    again = _again(item, tmp_path)
    (row,) = json.loads((tmp_path / "labels.json").read_text())
    assert (row["data_type"], [s["space_type"] for s in row["spaces"].values()]) == (
        "group", ["image", "image_sequence", "video"],
    )  # fmt: skip
    assert [(u.title, u.frame_count, u.media.paths) for u in again.task.units] == [
        (u.title, u.frame_count, u.media.paths) for u in units
    ]
    shapes = [t.geometry.shape(0) for t in again.document.tracks.values()]
    assert shapes == [Box(1, 2, 3, 4)] * 3


def test_an_older_sidecar_goes_when_there_is_nothing_to_say(tmp_path: Path) -> None:
    FORMAT.write(PROJECT, [_task(origin=Origin.TRACKED)], tmp_path)
    plain = _task()
    report = FORMAT.write(
        PROJECT, [dataclasses.replace(plain, task=replace(plain.task, group_key="", split=""))], tmp_path
    )
    # the instance's maker is that of its label, so the row tells all
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in report.files)
    assert [p.name for p in report.files] == ["labels.json", "ontology.json"]


def test_a_failing_export_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    FORMAT.write(PROJECT, [_task()], target)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def tasks() -> Iterator[ImportedTask]:
        yield _task()
        raise RuntimeError("the store went away")

    for place in (target, tmp_path / "folder"):
        with pytest.raises(RuntimeError):
            FORMAT.write(PROJECT, tasks(), place)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_file_has_its_ontology_beside_it(tmp_path: Path) -> None:
    report = FORMAT.write(PROJECT, [_task()], tmp_path / "out.json")
    source = FORMAT.read(tmp_path / "out.json", ImportOptions())
    assert (report.files[1].name, source.ontology.classes, source.losses()) == (
        "out.ontology.json", ONTOLOGY.classes, (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ("[]", "#"),
        ('{"version": 99, "rows": {}}', "#/version"),
        ('{"version": 1, "rows": {"KEY": {"issues": [{"type": "?"}]}}}', "#/rows/KEY/issues/0/type"),
        ('{"version": 1, "rows": {"KEY": {"status": {"state": "?"}}}}', "#/rows/KEY/status/state"),
        ('{"version": 1, "rows": {"KEY": {"instances": {"carHash1": {"origins": {"0": [[1]]}}}}}}', "#/rows/KEY"),
        ('{"version": 1, "rows": {"KEY": {"decisions": [{"annotationId": "carHash1"}]}}}', "#/rows/KEY/decisions/0"),
    ],
)
def test_a_broken_sidecar_names_its_place(tmp_path: Path, content: str, pointer: str) -> None:
    FORMAT.write(PROJECT, [_task()], tmp_path)
    (row,) = json.loads((tmp_path / "labels.json").read_text())
    path = tmp_path / "labels.tui-editor.json"
    path.write_text(content.replace("KEY", row["label_hash"]))
    with pytest.raises(FormatError) as caught:
        list(FORMAT.read(tmp_path, ImportOptions()).tasks())
    assert caught.value.where.startswith(f"{path}{pointer.replace('KEY', row['label_hash'])}")


def test_what_a_row_can_t_hold_is_reported(tmp_path: Path) -> None:
    mask = bitmask_from_array(np.ones((4, 4), bool), left=62, top=0)
    shapes: dict[str, Shape] = {"cell": mask, "nose": Keypoint(float("nan"), 1.0), "road": Box(1, 2, 3, 4)}
    instances = [Instance(id=InstanceId(n), class_id=ClassId(c), ordinal=0) for n, c in enumerate(shapes, 1)]
    tracks = {(i.id, IMAGE.id): make_track([Label(frame=0, shape=shapes[i.class_id])]) for i in instances}
    bare = Instance(id=InstanceId(9), class_id=ClassId("car"), ordinal=0, extra={"coco": 1})
    item = dataclasses.replace(_task(), document=make_document(instances=[*instances, bare], tracks=tracks))
    report = FORMAT.write(PROJECT, [item], tmp_path)
    assert [loss.what for loss in report.losses] == [
        "fields of another format",
        "instance without a label",
        "label whose shape is not that of its class",
        "coordinate that is not a number",
        "part of a bitmask outside its frame",
    ]


def test_two_instances_of_one_source_get_two_hashes(tmp_path: Path) -> None:
    halves = [CAR, replace(CAR, id=InstanceId(2), ordinal=1)]
    tracks = {(i.id, IMAGE.id): make_track([Label(frame=0, shape=Box(1, 2, 3, 4))]) for i in halves}
    again = _again(dataclasses.replace(_task(), document=make_document(instances=halves, tracks=tracks)), tmp_path)
    found = {i.ordinal: i.source_id for i in again.document.instances.values()}
    assert (found[0], len(found[1]), len(set(found.values()))) == ("carHash1", 8, 2)


def test_milliseconds_are_reported_as_lost(tmp_path: Path) -> None:
    track = make_track([Label(frame=0, shape=Box(1, 2, 3, 4), created_ms=1234)])
    item = dataclasses.replace(_task(), document=make_document(instances=[CAR], tracks={(CAR.id, IMAGE.id): track}))
    report = FORMAT.write(PROJECT, [item], tmp_path)
    assert [loss.what for loss in report.losses] == ["milliseconds of times"]
