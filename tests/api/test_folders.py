"""A folder that is opened again: what is new joins, what was labelled stays where it was."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.media.clips import encode
from tui_editor.api import create_project
from tui_editor.api.editing import this_session
from tui_editor.api.folders import TakenIn, take_in_new
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.workflow import submit
from tui_editor.model.frames import FrameRef, UnitKind
from tui_editor.model.ids import ClassId
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.ports import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.api import Project
    from tui_editor.model.project import Task

ONTOLOGY = Ontology(classes=(ObjectClass(id=ClassId("box"), name="Box", color="#D33115", shape=ShapeKind.BOX),))


def draw(folder: Path, *names: str, size: tuple[int, int] = (8, 6)) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        Image.fromarray(np.zeros((size[1], size[0], 3), np.uint8)).save(folder / name)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "p", ontology=ONTOLOGY, person="me") as project:
        yield project


def only(project: Project) -> Task:
    (row,) = project.tasks()
    return project.store.task(row.id)


def files(project: Project) -> list[tuple[str, ...]]:
    return [project.store.task(row.id).units[0].media.paths for row in project.tasks()]


def label_frame(project: Project, index: int) -> None:
    from tui_editor.edits.labels import create_instance

    task = only(project)
    with project.edit(task.id) as editing:
        state = editing.store.state
        frame = FrameRef(task.units[0].id, index)
        patch, _ = create_instance(state.document, ONTOLOGY, ClassId("box"), frame, Box(1, 1, 3, 2), Stamp("me", 1))
        editing.store.apply(patch, "draw.box")


def test_new_pictures_stand_behind_the_others_and_labels_stay_on_their_files(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    draw(folder, "b2.png", "b10.png")
    project.import_data(folder)
    label_frame(project, 1)
    draw(folder, "b1.png", "b3.png", "b20.png")

    assert take_in_new(project, folder) == TakenIn(joined=3, title="photos")

    task = only(project)
    (unit,) = task.units
    assert unit.media.paths == ("b2.png", "b10.png", "b1.png", "b3.png", "b20.png")
    assert (unit.frame_count, unit.width, unit.height) == (5, 8, 6)
    (labelled,) = project.read(task.id).document.instances
    document = project.read(task.id).document
    assert [document.label(labelled, unit.id, i) is not None for i in range(5)] == [False, True, False, False, False]
    assert next(iter(project.tasks())).frame_count == 5
    assert take_in_new(project, folder) == TakenIn()


def test_a_picture_that_is_gone_stays_a_frame(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    draw(folder, "1.png", "2.png", "3.png")
    project.import_data(folder)
    (folder / "2.png").unlink()
    draw(folder, "4.png")

    assert take_in_new(project, folder).joined == 1
    assert files(project) == [("1.png", "2.png", "3.png", "4.png")]


def test_pictures_of_another_size_make_a_group_that_knows_all_sizes(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    draw(folder, "1.png")
    project.import_data(folder)
    draw(folder, "other.png", size=(4, 10))

    assert take_in_new(project, folder) == TakenIn(joined=1, title="photos")

    (unit,) = only(project).units
    assert (unit.kind, unit.frame_sizes) == (UnitKind.IMAGE_GROUP, ((8, 6), (4, 10)))


def test_pictures_in_folders_below_join_too(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder, "a/1.png", "b/1.png")
    project.import_data(folder)
    draw(folder, "a/2.png")

    assert take_in_new(project, folder).joined == 1
    assert files(project) == [("a/1.png", "b/1.png", "a/2.png")]


def test_a_new_video_is_a_task_of_its_own(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    draw(folder, "1.png", "2.png")
    project.import_data(folder)
    encode(folder / "clip.mp4", 5)

    assert take_in_new(project, folder) == TakenIn(tasks=1)
    assert {(r.title, r.kind, r.frame_count) for r in project.tasks()} == {
        ("photos", "image_sequence", 2),
        ("clip.mp4", "video", 5),
    }


def test_pictures_that_come_after_the_task_was_handed_on_are_a_task_of_their_own(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    draw(folder, "1.png", "2.png")
    project.import_data(folder)
    with project.edit(only(project).id) as editing:
        state = editing.store.state
        editing.store.apply(submit(state.document, state.project, Stamp("me", 1)), "task.submit", EntryKind.WORKFLOW)
    draw(folder, "3.png", "4.png")

    assert take_in_new(project, folder) == TakenIn(tasks=1)
    assert sorted(files(project)) == [("1.png", "2.png"), ("3.png", "4.png")]
    draw(folder, "5.png")
    assert take_in_new(project, folder).tasks == 1, "two tasks hold pictures: which one is meant is not known"


def test_pictures_wait_while_somebody_has_the_task_open(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    draw(folder, "1.png", "2.png")
    project.import_data(folder)
    lease = project.store.acquire(only(project).id, this_session("other"))
    draw(folder, "3.png")

    assert take_in_new(project, folder) == TakenIn(waiting=1, title="photos")
    assert files(project) == [("1.png", "2.png")]
    project.store.release(lease)
    assert take_in_new(project, folder) == TakenIn(joined=1, title="photos")


def test_other_data_in_the_folder_is_left_alone(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    draw(folder, "1.png")
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    project.import_data(folder)
    draw(other, "2.png")

    assert take_in_new(project, other) == TakenIn()
