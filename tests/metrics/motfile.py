"""MOTChallenge text as arrays and as projects: what measures of tracks are tried on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tui_editor.api import create_project
from tui_editor.metrics.pairs import box_pairs
from tui_editor.metrics.series import Scene, series_of
from tui_editor.model.columns import Geometry
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.project import Task
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.tracks import track_from_columns
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tui_editor.api import Project

PERSON = ClassId("person")
UNIT = UnitId(7)


class Tracks(NamedTuple):
    """n detections."""

    frame: NDArray[np.int64]
    identity: NDArray[np.int64]
    box: NDArray[np.float64]
    """(n, 4) x, y, width, height."""


def read_mot(path: Path) -> Tracks:
    table = np.loadtxt(path, delimiter=",", usecols=range(6))
    return Tracks(table[:, 0].astype(np.int64) - 1, table[:, 1].astype(np.int64), table[:, 2:6])


def scene_of(truth: Tracks, found: Tracks) -> Scene:
    a, order_a = series_of(truth.frame, truth.identity)
    b, order_b = series_of(found.frame, found.identity)
    return Scene(a, b, box_pairs(truth.box[order_a], a.frames, found.box[order_b], b.frames))


def project_of(folder: Path, tracks: Tracks, *, media: str = "street.mp4", frames: int = 0) -> Project:
    """Return a project of one video that has these tracks."""
    folder.mkdir()
    person = ObjectClass(id=PERSON, name="person", color="#FE9200", shape=ShapeKind.BOX)
    project = create_project(folder, folder.name, ontology=Ontology(classes=(person,)), person="tester")
    unit = Unit(
        id=UNIT,
        kind=UnitKind.VIDEO,
        title=media,
        media=MediaRef(root="data", paths=(media,)),
        frame_count=frames or int(tracks.frame.max()) + 1,
        width=768,
        height=576,
    )
    instances, columns = [], {}
    for ordinal, identity in enumerate(np.unique(tracks.identity).tolist()):
        own = np.flatnonzero(tracks.identity == identity)
        own = own[np.argsort(tracks.frame[own])]
        key = InstanceId(identity + 1)
        instances.append(Instance(id=key, class_id=PERSON, ordinal=ordinal))
        columns[key, UNIT] = track_from_columns(
            tracks.frame[own].astype(np.int32), Geometry(ShapeKind.BOX, tracks.box[own])
        )
    document = make_document(instances=instances, tracks=columns)
    project.store.add_tasks(
        [ImportedTask(task=Task(id=TaskId(5), title=media, units=(unit,)), document=document)], "tester"
    )
    return project
