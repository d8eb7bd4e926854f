"""Whole annotations from nothing, recorded as scripts of keys: played, compared with what is really there, exported."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support import scene
from tests.support.data import shared_data
from tests.support.fitting import fit
from tui_editor.api import create_project
from tui_editor.model.ids import ClassId
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.shapes import Box, Presence, ShapeKind, kind_of, polygon
from tui_editor.ui.script import play, read_script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui_editor.api import Project
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.instances import Instance
    from tui_editor.model.shapes import Polygon, Shape

pytestmark = pytest.mark.slow

LEAST = {
    ShapeKind.BOX: 0.9,
    ShapeKind.ROTATED_BOX: 0.9,
    ShapeKind.POLYGON: 0.95,
    ShapeKind.POLYLINE: 0.6,
    ShapeKind.KEYPOINT: 0.8,
    ShapeKind.SKELETON: 0.7,
    ShapeKind.BITMASK: 0.95,
}
"""How well labels fit at least; of points and lines 0.6 is four pixels off."""


def annotated(
    folder: Path, media: Path, script: str, ontology: Ontology = scene.ONTOLOGY
) -> tuple[Project, LabelDocument]:
    """Play a script on a picture or a clip without labels; return the project and what it came to, as it is kept."""
    project = create_project(folder, "recorded", ontology=ontology, person="me")
    project.import_data(media)
    task = next(iter(project.tasks())).id
    played = play(project, task, read_script((Path(__file__).parent / "recorded" / script).read_text(encoding="utf-8")))
    assert played.screen == "queue", f"the task was not submitted: {played.message}"
    return project, project.read(task).document


def labels_on(document: LabelDocument, frame: int) -> dict[str, list[Shape]]:
    """Return the shapes on a frame by the name of their class."""
    (unit,) = {unit for _, unit in document.tracks}
    found: dict[str, list[Shape]] = defaultdict(list)
    for key in document.on_frame(unit, frame):
        label = document.label(key, unit, frame)
        if label is not None and not isinstance(label.shape, Presence):
            found[str(document.instances[key].class_id)].append(label.shape)
    return found


def assert_fits(found: dict[str, list[Shape]], things: Iterable[scene.Thing]) -> None:
    """Assert that each thing has its label, that it fits well, and that there are no others."""
    left = {name: list(shapes) for name, shapes in found.items()}
    for thing in things:
        best = max(left[thing.name], key=lambda shape: fit(shape, thing.shape))
        assert fit(best, thing.shape) >= LEAST[kind_of(thing.shape)], (thing, best)
        left[thing.name].remove(best)
    assert not any(left.values()), left


def assert_comes_back(project: Project, target: Path) -> None:
    """Assert that everything is exported and read back without a difference."""
    outcome = project.export(target, "encord")
    assert outcome.differences == ()
    assert outcome.report.tasks == 1
    project.close()


def named(document: LabelDocument, class_id: str) -> list[Instance]:
    """Return the instances of a class by their ordinals."""
    found = [value for value in document.instances.values() if value.class_id == class_id]
    return sorted(found, key=lambda value: value.ordinal)


def test_a_photo_is_annotated_from_nothing_by_keys(tmp_path: Path) -> None:
    project, document = annotated(tmp_path / "p", scene.write_photo(tmp_path / "photo.png"), "photo.keys")

    assert_fits(labels_on(document, 0), scene.PHOTO)
    red, blue = named(document, "car")
    assert red.answers == {"Colour": ("Colour-Red",), "Shade": "dark", "Damage": ("d-Door", "d-Glass")}
    assert blue.answers == {"Colour": ("Colour-Blue",)}
    assert [value.answers for value in named(document, "weather")] == [{"Sky": ("Sky-Clear",)}]
    assert (document.status.stage, document.status.author) == ("review", "me")
    assert_comes_back(project, tmp_path / "out.json")


def test_a_clip_of_a_hundred_frames_is_annotated_from_nothing_by_keys(tmp_path: Path) -> None:
    project, document = annotated(tmp_path / "p", scene.write_clip(tmp_path / "clip.mp4"), "clip.keys")

    for frame in range(scene.FRAMES):
        assert_fits(labels_on(document, frame), scene.on_frame(frame))
    cars = named(document, "car")
    assert [value.answers for value in cars] == [{"Colour": ("Colour-Red",)}, {"Colour": ("Colour-Blue",)}]
    assert [(a.value, a.first) for a in cars[0].dynamic] == [(30, 0)]
    (weather,) = named(document, "weather")
    assert weather.answers == {"Sky": ("Sky-Clear",)}
    (track,) = (track for (key, _), track in document.tracks.items() if key == weather.id)
    assert len(track) == scene.FRAMES
    assert (document.status.stage, document.status.author) == ("review", "me")
    assert_comes_back(project, tmp_path / "out.json")


# --- real pictures -----------------------------------------------------------------------------------


def of_class(name: str, shape: ShapeKind) -> ObjectClass:
    return ObjectClass(id=ClassId(name), name=name, color="#FE9200", shape=shape)


def test_a_coco_photo_is_annotated_from_nothing_by_keys(tmp_path: Path) -> None:
    names = ("potted plant", "vase")
    ontology = Ontology(classes=tuple(of_class(name, ShapeKind.POLYGON) for name in names))
    photo = shared_data("coco", "images", "000000000030.jpg")
    project, document = annotated(tmp_path / "p", photo, "coco_photo.keys", ontology)

    found = labels_on(document, 0)
    for name in names:
        (shape,) = found[name]
        assert fit(shape, coco_outline(30, name)) >= 0.93
    assert_comes_back(project, tmp_path / "out.json")


def coco_outline(image: int, name: str) -> Polygon:
    """Return the outline of the one object of a category on a photo, as people drew it."""
    content = json.loads(shared_data("coco", "instances.json").read_text(encoding="utf-8"))
    (category,) = (entry["id"] for entry in content["categories"] if entry["name"] == name)
    (one,) = (a for a in content["annotations"] if (a["image_id"], a["category_id"]) == (image, category))
    return polygon(one["segmentation"][0])


def test_a_pedestrian_is_annotated_from_nothing_on_a_hundred_frames_of_a_video(tmp_path: Path) -> None:
    ontology = Ontology(classes=(of_class("person", ShapeKind.BOX),))
    project, document = annotated(tmp_path / "p", shared_data("mot", "vtest_480x360.avi"), "vtest.keys", ontology)

    found = [labels_on(document, frame)["person"] for frame in range(101)]
    assert [len(shapes) for shapes in found] == [1] * 100 + [0]
    fits = [fit(shapes[0], box) for shapes, box in zip(found[:100], detected_person(100), strict=True)]
    assert min(fits) >= 0.4
    assert sum(fits) / len(fits) >= 0.7
    assert_comes_back(project, tmp_path / "out.json")


def detected_person(frames: int) -> list[Box]:
    """Return where a detector saw the second person of the video's first frame, on so many frames."""
    rows = np.loadtxt(shared_data("mot", "PETS09-S2L1_det.txt"), delimiter=",")
    scale = 480 / 768  # the detector saw the larger original
    found: list[Box] = []
    for frame in range(1, frames + 1):
        boxes = [Box(*row) for row in (rows[rows[:, 0] == frame][:, 2:6] * scale).tolist()]
        found.append(max(boxes, key=lambda box: fit(box, found[-1])) if found else boxes[1])
    return found
