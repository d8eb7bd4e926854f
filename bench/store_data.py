"""Projects, documents and edits for the benchmarks of the store."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from tui_editor.model.columns import Geometry
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.patch import Patch, TrackChange
from tui_editor.model.project import Project, Task
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import Label, make_track, track_from_columns
from tui_editor.ports import Edit
from tui_editor.storage.locate import create_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.document import TrackKey
    from tui_editor.model.tracks import Track
    from tui_editor.storage.sqlite.store import SqliteStore

BUILD = Path(__file__).resolve().parents[1] / "build"
UNIT = UnitId(7)
TASK = TaskId(1)
FRAMES = 200_000


@contextmanager
def project() -> Iterator[tuple[Path, SqliteStore]]:
    # In the checkout: /tmp is often a RAM disk, on which fsync costs nothing.
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="store-") as folder:
        store = create_store(Path(folder), Project(id=ProjectId(1), name="bench"))
        try:
            yield Path(folder), store
        finally:
            store.close()


def task(key: int, kind: UnitKind = UnitKind.VIDEO, frames: int = FRAMES) -> Task:
    media = MediaRef(root="data", paths=(f"{key}.mp4",))
    unit = Unit(id=UNIT, kind=kind, title=str(key), media=media, frame_count=frames, width=1920, height=1080)
    return Task(id=TaskId(key), title=f"task {key}", units=(unit,))


def boxes(first: int, count: int) -> Track:
    """Return boxes on consecutive frames with confidences of their own, as a tracker leaves them."""
    frames = np.arange(first, first + count, dtype=np.int32)
    fixed = np.random.default_rng(first).random((count, 4)) * 1000
    confidence = np.linspace(0.5, 1, count, dtype=np.float32)
    return track_from_columns(frames, Geometry(ShapeKind.BOX, fixed), confidence=confidence)


def document(tracks: int, length: int) -> LabelDocument:
    instances = [
        Instance(id=InstanceId(i + 1), class_id=ClassId("car"), ordinal=i, source_id=f"obj{i}") for i in range(tracks)
    ]
    starts = np.linspace(0, FRAMES - length, tracks).astype(int).tolist()
    kept: dict[TrackKey, Track] = {(i.id, UNIT): boxes(s, length) for i, s in zip(instances, starts, strict=True)}
    return make_document(instances=instances, tracks=kept)


def edits(now: LabelDocument, fence: int, count: int) -> list[Edit]:
    """Return edits that each move one box of a track of 256, with the view that goes with each."""
    found = []
    keys = sorted(now.tracks)
    for number in range(count):
        instance, unit = keys[number % len(keys)]
        track = now.tracks[instance, unit]
        before = track.part(number % 256, number % 256 + 1)
        frame = int(before.frames[0])
        after = make_track([Label(frame=frame, shape=Box(number, 2, 3, 4), author="bench", edited_ms=number)])
        patch = Patch((TrackChange(instance, unit, before, after),))
        now = now.apply(patch)
        view = {"unit": unit, "frame": frame, "selection": [instance], "center": None, "scale": 1.0}
        found.append(
            Edit(
                task=TASK,
                patch=patch,
                person="bench",
                session="s",
                command="label.nudge",
                at_ms=number,
                idem=uuid4().hex,
                fence=fence,
                view=view,
            )
        )
    return found
