"""Real data from import to export, reviewed by a script of keys in the editor itself."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.data import shared_data
from tui_editor.api import create_project
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.workflow import submit
from tui_editor.model.issues import DecisionState
from tui_editor.ports import EntryKind
from tui_editor.ui.script import play

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.api import Project
    from tui_editor.model.ids import TaskId

pytestmark = pytest.mark.slow


def submit_all(project: Project) -> list[TaskId]:
    """Hand every annotate task on to review, as its author would; return the tasks."""
    tasks = [row.id for row in project.tasks()]
    for task in tasks:
        with project.edit(task) as editing:
            state = editing.store.state
            classes = tuple(replace(c, required=False) for c in state.project.ontology.classes)
            lenient = replace(state.project, ontology=dataclasses.replace(state.project.ontology, classes=classes))
            patch = submit(state.document, lenient, Stamp("author", 1))
            editing.store.apply(patch, "task.submit", EntryKind.WORKFLOW)
    return tasks


def test_coco_photos_are_reviewed_submitted_and_exported_equal(tmp_path: Path) -> None:
    project = create_project(tmp_path, "coco", person="reviewer")
    report = project.import_data(shared_data("coco", "instances.json"))
    assert (report.tasks, report.labels) == (16, 162)
    tasks = submit_all(project)
    objects = len(project.read(tasks[0]).document.instances)

    played = play(project, tasks[0], ["a"] * (objects - 1) + ["x", "2", "enter"])

    document = project.read(tasks[0]).document
    states = [d.state for d in document.decisions.values()]
    assert (objects - 1, 1) == (states.count(DecisionState.APPROVED), states.count(DecisionState.REJECTED))
    assert (document.status.stage, document.status.state.value) == ("annotate", "reopened")
    assert played.screen == "editor", "the next task in review was opened"
    outcome = project.export(tmp_path / "out.json", "coco")
    assert outcome.differences == ()
    assert outcome.report.labels == 162
    project.close()


def test_a_box_corrected_by_key_in_the_pedestrian_video_is_kept_and_undone_after_a_restart(tmp_path: Path) -> None:
    project = create_project(tmp_path, "video", person="me")
    project.import_data(shared_data("mot", "vtest_480x360.avi"))
    task = next(iter(project.tasks())).id
    assert project.read(task).task.units[0].frame_count == 795
    add_class(project)

    draw = ["s", "b", "q", "enter", "c", "enter"]
    played = play(project, task, [*draw, "1", "0", "l", "r", "e", "3", "l", "escape"])

    assert played.state is not None
    assert (played.state.view.frame, played.state.durability.kept) == (10, True)
    document = project.read(task).document
    (instance,) = document.instances
    unit = project.read(task).task.units[0].id
    first, later = document.label(instance, unit, 0), document.label(instance, unit, 10)
    assert first is not None
    assert later is not None
    assert later.shape.x - first.shape.x == 3  # type: ignore[union-attr]  # both are boxes
    play(project, task, ["u"])
    again = project.read(task).document.label(instance, unit, 10)
    assert again is not None
    assert first.shape == again.shape
    project.close()


def add_class(project: Project) -> None:
    """Give the project one class of boxes."""
    from tui_editor.model.ids import ClassId
    from tui_editor.model.ontology import ObjectClass, Ontology
    from tui_editor.model.shapes import ShapeKind

    person = ObjectClass(id=ClassId("person"), name="person", color="#68CCCA", shape=ShapeKind.BOX)
    project.merge_ontology(Ontology(classes=(person,)))


@pytest.mark.parametrize(
    "name", ["image_all_shapes.export.json", "image_group.export.json", "video.export.json", "video.sdk.json"]
)
def test_encord_samples_come_out_as_they_went_in(name: str, tmp_path: Path) -> None:
    project = create_project(tmp_path / "p", "encord", person="me")
    project.import_data(shared_data("encord_samples", name))
    task = next(iter(project.tasks())).id

    played = play(project, task, ["j", "j", "l"])

    assert played.screen == "editor"
    outcome = project.export(tmp_path / "out.json", "encord")
    assert outcome.differences == ()
    project.close()
