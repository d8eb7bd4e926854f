"""Projects in scripts: making, opening, importing, exporting, roots and ontologies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tui_editor import create_project, open_project
from tui_editor.api.project import open_or_create
from tui_editor.errors import FormatError, LossyExport, StoreError, StoreMissing, UsageError
from tui_editor.model.ids import ClassId
from tui_editor.model.ontology import Classification, ObjectClass, Ontology
from tui_editor.model.project import TaskQuery
from tui_editor.model.shapes import Box, Polygon, ShapeKind

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.api import Project


def tiny_coco(folder: Path) -> Path:
    """Write two pictures and their COCO file with a box, a polygon and a crowd."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    for name in ("a.png", "b.png"):
        Image.fromarray(np.zeros((40, 60, 3), np.uint8)).save(pictures / name)
    data: dict[str, Any] = {
        "images": [
            {"id": 1, "file_name": "a.png", "width": 60, "height": 40},
            {"id": 2, "file_name": "b.png", "width": 60, "height": 40},
        ],
        "categories": [{"id": 3, "name": "cat", "supercategory": "animal"}],
        "annotations": [
            {"id": 5, "image_id": 1, "category_id": 3, "bbox": [1, 2, 10, 20], "area": 200, "iscrowd": 0},
            {
                "id": 6,
                "image_id": 2,
                "category_id": 3,
                "bbox": [0, 0, 9, 9],
                "area": 40.5,
                "iscrowd": 0,
                "segmentation": [[0, 0, 9, 0, 9, 9]],
            },
        ],
    }
    target = folder / "labels.json"
    target.write_text(json.dumps(data))
    return target


def imported(tmp_path: Path) -> Project:
    from tui_editor.ports import ImportOptions

    labels = tiny_coco(tmp_path / "data")
    folder = tmp_path / "project"
    folder.mkdir()
    project = create_project(folder, person="me")
    report = project.import_data(labels, options=ImportOptions(media_dir=tmp_path / "data" / "pictures"))
    assert (report.format, report.tasks, report.labels, report.losses) == ("coco", 2, 2, ())
    return project


def test_a_coco_file_comes_in_with_its_classes_tasks_and_shapes(tmp_path: Path) -> None:
    with imported(tmp_path) as project:
        tasks = [project.read(row.id) for row in project.tasks()]
        tracks = [track for opened in tasks for track in opened.document.tracks.values()]
        shapes = [label.shape for track in tracks for label in track.labels()]
        assert {Box, Polygon} == {type(shape) for shape in shapes}
        assert {"cat"} == {c.name.partition("·")[0] for c in project.info.ontology.classes}
        assert [opened.task.units[0].size(0) for opened in tasks] == [(60, 40), (60, 40)]
        for opened in tasks:
            source = project.source(opened.task.units[0])
            assert source.size(0) == (60, 40)
            source.close()


def test_what_was_imported_is_exported_without_a_difference(tmp_path: Path) -> None:
    before = tiny_coco(tmp_path / "other")
    with imported(tmp_path) as project:
        outcome = project.export(tmp_path / "out.json", "coco", allow_lossy=False)
        assert (outcome.differences, outcome.report.losses, outcome.report.labels) == ((), (), 2)
    old, new = (json.loads(p.read_text()) for p in (before, tmp_path / "out.json"))
    assert [a["bbox"] for a in old["annotations"]] == [a["bbox"] for a in new["annotations"]]
    assert [i["file_name"] for i in old["images"]] == [i["file_name"] for i in new["images"]]
    assert old["categories"] == [{k: c[k] for k in ("id", "name", "supercategory")} for c in new["categories"]]


def test_an_import_that_fails_leaves_no_task(tmp_path: Path) -> None:
    labels = tiny_coco(tmp_path / "data")
    labels.write_text(labels.read_text()[:-30])
    folder = tmp_path / "project"
    folder.mkdir()
    with create_project(folder) as project:
        with pytest.raises(FormatError):
            project.import_data(labels, "coco")
        assert list(project.tasks()) == []


def test_progress_is_told_task_by_task(tmp_path: Path) -> None:
    labels = tiny_coco(tmp_path / "data")
    folder = tmp_path / "project"
    folder.mkdir()
    seen: list[int] = []
    with create_project(folder) as project:
        project.import_data(labels, "coco", progress=lambda done, total: seen.append(done))
    assert seen == [1, 2]


def test_an_unknown_format_is_wrong_use(tmp_path: Path) -> None:
    with imported(tmp_path) as project, pytest.raises((UsageError, FormatError)):
        project.export(tmp_path / "x", "nonsense")


def test_a_lossy_export_can_be_refused_and_writes_nothing(tmp_path: Path) -> None:
    from tui_editor import Keyboard

    with imported(tmp_path) as project:
        project.merge_ontology(Ontology(classifications=(Classification(id=ClassId("night"), name="night"),)))
        row = next(project.tasks())
        with project.edit(row.id) as task:
            assert Keyboard(task.store).line("object.classify night")
        with pytest.raises(LossyExport):
            project.export(tmp_path / "out.json", "coco", allow_lossy=False)
        assert not (tmp_path / "out.json").exists()


def test_the_queue_is_listed_by_query_over_pages(tmp_path: Path) -> None:
    from tui_editor.api import project as module

    with imported(tmp_path) as project, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PAGE", 1)
        assert len(list(project.tasks())) == 2
        assert len(list(project.tasks(TaskQuery(text="a.png")))) == 1
        assert len(list(project.tasks(TaskQuery(stage="review")))) == 0


# --- roots and ontologies ----------------------------------------------------------------------------


def test_a_media_folder_is_kept_relative_to_the_project(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    with create_project(folder) as project:
        assert project.add_root(folder / "media") == "data"
        assert project.add_root(folder / "media" / ".." / "media") == "data"
        assert project.add_root(tmp_path / "beside") == "data2"
        assert dict(project.info.roots) == {"data": "media", "data2": "../beside"}
        assert {"data": folder / "media", "data2": tmp_path / "beside"} == dict(project.roots())


def test_a_project_that_moved_finds_its_media_again(tmp_path: Path) -> None:
    home = tmp_path / "here"
    (home / "project").mkdir(parents=True)
    with create_project(home / "project") as project:
        project.add_root(home / "media")
    moved = home.rename(tmp_path / "there")
    with open_project(moved / "project") as project:
        assert {"data": moved / "media"} == dict(project.roots())


CAT = ObjectClass(id=ClassId("cat"), name="cat", color="#FE9200", shape=ShapeKind.BOX)


def test_classes_that_the_project_has_stay_as_they_are(tmp_path: Path) -> None:
    other = ObjectClass(id=ClassId("cat"), name="tiger", color="#000000", shape=ShapeKind.BOX)
    dog = ObjectClass(id=ClassId("dog"), name="dog", color="#000000", shape=ShapeKind.POLYGON)
    night = Classification(id=ClassId("night"), name="night")
    with create_project(tmp_path, ontology=Ontology(classes=(CAT,))) as project:
        project.merge_ontology(Ontology(classes=(other, dog), classifications=(night,)))
        found = project.info.ontology
        assert ((CAT, dog), (night,)) == (found.classes, found.classifications)


def test_a_project_is_found_from_a_folder_below_it(tmp_path: Path) -> None:
    create_project(tmp_path, "street").close()
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    with open_project(below) as project:
        assert ("street", tmp_path) == (project.info.name, project.folder)


def test_there_is_one_project_in_a_folder(tmp_path: Path) -> None:
    create_project(tmp_path).close()
    with pytest.raises(StoreError):
        create_project(tmp_path)
    open_or_create(tmp_path).close()


def test_a_folder_without_a_project_says_so_and_gets_one_when_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        open_project(tmp_path)
    open_or_create(tmp_path).close()
    open_project(tmp_path).close()
