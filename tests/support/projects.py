"""Small projects on disk, for tests that need the whole program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tui_editor.api import create_project
from tui_editor.model.columns import pack
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.project import Task
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import track_from_columns
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.api import Project

CAR = ClassId("car")
SIZE = (160, 120)
UNIT = UnitId(11)


def boxes_project(
    folder: Path,
    *,
    boxes: int = 100,
    frames: int = 10,
    stage: str = "review",
    name: str = "car",
    levels: tuple[int, int] = (90, 150),
) -> Project:
    """Return a project of one image sequence with boxes spread over its frames, awaiting a stage.

    Its pictures are smooth noise of random `levels`, from the first to below the second.
    """
    media = folder / "media"
    media.mkdir(parents=True)
    rng = np.random.default_rng(7)
    paths = []
    for number in range(frames):
        noise = rng.integers(*levels, (SIZE[1] // 8, SIZE[0] // 8, 3), np.uint8)
        Image.fromarray(noise).resize(SIZE).save(media / f"{number:03}.png")
        paths.append(f"{number:03}.png")
    color = ObjectClass(id=CAR, name=name, color="#FE9200", shape=ShapeKind.BOX)
    project = create_project(folder, "boxes", ontology=Ontology(classes=(color,)), person="tester")
    root = project.add_root(media)
    project.store.add_tasks([_task(root, tuple(paths), boxes, stage)], "tester")
    return project


def _task(root: str, paths: tuple[str, ...], boxes: int, stage: str) -> ImportedTask:
    unit = Unit(
        id=UNIT,
        kind=UnitKind.IMAGE_SEQUENCE,
        title="frames",
        media=MediaRef(root=root, paths=paths),
        frame_count=len(paths),
        width=SIZE[0],
        height=SIZE[1],
    )
    instances = [Instance(id=InstanceId(n + 1), class_id=CAR, ordinal=n) for n in range(boxes)]
    tracks = {
        (InstanceId(n + 1), UNIT): track_from_columns(
            np.array([n % len(paths)], np.int32), pack([Box(n % 10 * 14.0 + 2, n // 10 % 10 * 11.0 + 2, 12, 9)])
        )
        for n in range(boxes)
    }
    document = make_document(instances=instances, tracks=tracks, status=TaskStatus(stage=stage, author="author"))
    return ImportedTask(task=Task(id=TaskId(5), title="frames", units=(unit,)), document=document)
