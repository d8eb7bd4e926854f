"""The projects that the benchmarks of the editor open: one data unit with 60 boxes on each frame."""

from __future__ import annotations

from pathlib import Path

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
from tui_editor.ports import ImportedTask

PHOTO = Path(__file__).resolve().parents[1] / "fixtures" / "demo" / "photos" / "china.jpg"
FRAMES = 20
SIZE = (1280, 720)
STEP_PX = 4
CAR = ObjectClass(id=ClassId("car"), name="car", color="#D33115", shape=ShapeKind.BOX)


def photo_frames(count: int, size: tuple[int, int]) -> list[Image.Image]:
    """Return photographic frames of (width, height) that differ from one to the next, as a moving camera's do."""
    width, height = size
    photo = Image.open(PHOTO).convert("RGB").resize((width + count * STEP_PX, height))
    return [photo.crop((n * STEP_PX, 0, n * STEP_PX + width, height)) for n in range(count)]


def make_project(
    folder: Path, media: Path, kind: UnitKind, names: list[str], *, frames: int, size: tuple[int, int]
) -> None:
    """Make a project of one data unit, whose files lie in `media`, with 60 boxes on each frame."""
    _make(folder, media, kind, [tuple(names)], frames=frames, size=size)


def make_queue(
    folder: Path, media: Path, kind: UnitKind, names: list[str], *, frames: int, size: tuple[int, int]
) -> None:
    """Make a project of one task for each file in `media`, with 60 boxes on each frame."""
    _make(folder, media, kind, [(name,) for name in names], frames=frames, size=size)


def _make(
    folder: Path, media: Path, kind: UnitKind, units: list[tuple[str, ...]], *, frames: int, size: tuple[int, int]
) -> None:
    with create_project(folder, "bench", ontology=Ontology(classes=(CAR,))) as project:
        project.add_root(media)
        project.store.add_tasks(
            [_task(number, kind, names, frames, size) for number, names in enumerate(units, start=1)], "me"
        )


def _task(number: int, kind: UnitKind, names: tuple[str, ...], frames: int, size: tuple[int, int]) -> ImportedTask:
    unit = Unit(
        id=UnitId(number),
        kind=kind,
        title="frames",
        media=MediaRef(root="data", paths=names),
        frame_count=frames,
        width=size[0],
        height=size[1],
    )
    numbers, scale = np.arange(frames, dtype=np.int32), size[0] / 1280
    tracks, instances = {}, []
    for n in range(60):
        box = Box((n % 10 * 120.0 + 20) * scale, (n // 10 * 110.0 + 20) * scale, 80 * scale, 60 * scale)
        key = InstanceId(number * 1000 + n)
        tracks[key, unit.id] = track_from_columns(numbers, pack([box] * frames))
        instances.append(Instance(id=key, class_id=CAR.id, ordinal=n))
    document = make_document(instances=instances, tracks=tracks)
    return ImportedTask(task=Task(id=TaskId(number), title=f"t{number}", units=(unit,)), document=document)


def png_project(folder: Path) -> Path:
    """Write frames of 720p as PNG into a folder and make a project of them in it; return the project's folder."""
    names = [f"{number:02}.png" for number in range(FRAMES)]
    for name, picture in zip(names, photo_frames(FRAMES, SIZE), strict=True):
        picture.save(folder / name)
    make_project(folder / "p", folder, UnitKind.IMAGE_SEQUENCE, names, frames=FRAMES, size=SIZE)
    return folder / "p"
