"""The rows of the Labels pane: after an edit, after a new object, on another frame, in another order.

The peer of an edit is what a pane does that sorts all objects anew; times are those of the processor.
"""

from __future__ import annotations

import statistics
import time
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from bench.figures import Figure, figure
from tui_editor.edits.labels import create_instance, put_label
from tui_editor.edits.stamp import Stamp
from tui_editor.model.document import make_document
from tui_editor.model.frames import FrameRef, MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.project import Project, Task
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import Label, make_track
from tui_editor.ports import OpenedTask
from tui_editor.state.label_list import label_list, listing_steps
from tui_editor.state.listing import Listing, SortBy
from tui_editor.state.store import TaskStore
from tui_editor.ui.panes.labels import label_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNIT, CAR = UnitId(1), ClassId("class 0")
CLASSES = 5
A_FRAME = 50
"""Objects that begin on a frame."""
LINES = 40
ME = Stamp("me", 1)
RUNS = 15


class Size(NamedTuple):
    """How much is listed."""

    objects: int
    labels_each: int


SIZES = (Size(1_000, 1), Size(5_000, 20), Size(100_000, 1))


def run() -> list[Figure]:
    return [found for size in SIZES for found in _of(size)]


def _of(size: Size) -> Iterator[Figure]:
    named = f"{size.objects * size.labels_each:,} labels of {size.objects:,} objects"
    store = _store(size)
    frames = count(1)

    def step() -> None:
        store.go(UNIT, next(frames))
        _shown(store)

    _shown(store)
    yield figure(f"{named}: rows of the next frame", _median_ms(step), "ms", n=RUNS)
    for sort in (SortBy.NAME, SortBy.FIRST_FRAME):
        steps = _steps_ms(replace_listing(store, sort))
        name = f"{named}: order by {sort.value}, made in {len(steps)} steps"
        yield figure(f"{name}, together", sum(steps), "ms", n=1)
        yield figure(f"{name}, the longest", max(steps), "ms", n=1)
    store.set(listing=Listing(frame_only=False))
    _shown(store)
    yield from _edits(store, named)


def _edits(store: TaskStore, named: str) -> Iterator[Figure]:
    objects = label_list(store.state).objects()
    picked = iter(objects[:: max(1, len(objects) // (RUNS + 1))])
    values = store.state.document.instances

    def anew() -> object:
        ranked = ((v.class_id, v.created_ms, v.ordinal, v.id) for v in values.values())
        return sorted(ranked)

    def edit() -> None:
        instance = next(picked)
        frame = store.state.document.tracks[instance, UNIT].frames.item(0)
        store.apply(put_label(store.state.document, instance, FrameRef(UNIT, frame), Box(2, 2, 3, 3), ME), "bench")

    def create() -> None:
        patch, _ = create_instance(
            store.state.document, store.state.project.ontology, CAR, FrameRef(UNIT, 0), Box(1, 1, 2, 2), ME
        )
        store.apply(patch, "bench")

    peer = _median_ms(anew)
    for name, change in (("after an edit", edit), ("after a new object", create)):
        took = _median_ms(lambda: _shown(store), before=change)
        yield figure(f"{named}: rows {name}", took, "ms", n=RUNS, peer="sorting all objects anew", peer_value=peer)


def replace_listing(store: TaskStore, sort: SortBy) -> Iterator[None]:
    """Return the steps in which another order is found."""
    return listing_steps(replace(store.state, listing=Listing(frame_only=False, sort=sort)))


def _steps_ms(steps: Iterator[None]) -> list[float]:
    found: list[float] = []
    left = object()
    step: object = None
    while step is not left:
        started = time.process_time()
        step = next(steps, left)
        found.append((time.process_time() - started) * 1000)
    return found


def _shown(store: TaskStore) -> None:
    rows = label_rows(store.state)
    for row in range(min(LINES, len(rows))):
        rows.line(row)


def _median_ms(subject: Callable[[], object], before: Callable[[], None] = lambda: None) -> float:
    times = []
    for _ in range(RUNS):
        before()
        started = time.process_time()
        subject()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def _store(size: Size) -> TaskStore:
    ids = [InstanceId(n + 1) for n in range(size.objects)]
    frames = size.objects // A_FRAME + size.labels_each + 1
    document = make_document(
        instances=[
            Instance(id=i, class_id=ClassId(f"class {n % CLASSES}"), ordinal=n // CLASSES) for n, i in enumerate(ids)
        ],
        tracks={
            (i, UNIT): make_track(
                [Label(frame=n // A_FRAME + k, shape=Box(1, 1, 2, 2)) for k in range(size.labels_each)]
            )
            for n, i in enumerate(ids)
        },
    )
    unit = Unit(
        id=UNIT,
        kind=UnitKind.VIDEO,
        title="clip",
        media=MediaRef(root="data", paths=("clip.mp4",)),
        frame_count=frames,
        width=640,
        height=480,
        fps=10.0,
    )
    classes = (
        ObjectClass(id=ClassId(f"class {n}"), name=f"c{n}", color="#D33115", shape=ShapeKind.BOX)
        for n in range(CLASSES)
    )
    project = Project(id=ProjectId(1), name="bench", ontology=Ontology(classes=tuple(classes)))
    task = Task(id=TaskId(1), title="clip", units=(unit,))
    return TaskStore(OpenedTask(task=task, document=document, seq=0, view={}), project, person="me")
