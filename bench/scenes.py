"""Labels of a frame on a 720p canvas: all of them drawn, and brought up to date after a nudge and a selection.

Every figure goes from the document to the raster. Wall time is what a person waits for; CPU time says what it is worth
on a machine that others use too.
"""

from __future__ import annotations

import statistics
import time
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.figures import Figure, figure
from bench.pictures import SIZE, photo_720p
from tui_editor.edits.labels import move_labels
from tui_editor.edits.stamp import Stamp
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.shapes import Box, Polygon, Shape, ShapeKind
from tui_editor.model.tracks import Label, make_track
from tui_editor.render.marks import BoxMark, PolygonMark
from tui_editor.render.retained import RetainedRaster
from tui_editor.render.scene import SceneBuilder, SceneOptions, build_scene
from tui_editor.render.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.patch import Patch

    Picture = NDArray[np.uint8]

MANY, FEW = 5000, 60
RUNS, EDITS = 11, 40
UNIT = UnitId(1)
FRAME = FrameRef(UNIT, 0)
VIEW = Viewport.one_to_one(SIZE)
ONTOLOGY = Ontology(
    classes=tuple(
        ObjectClass(id=ClassId(f"c{n}"), name=f"Class {n}", color=f"#{n * 25:02x}80ff", shape=ShapeKind.BOX)
        for n in range(10)
    )
)
MOVED = InstanceId(7)


class Times(NamedTuple):
    """Medians in ms."""

    wall: float
    cpu: float


def run() -> list[Figure]:
    photo = photo_720p()
    kinds: dict[str, tuple[Callable[[np.random.Generator], Shape], ...]] = {
        "boxes": (_box,),
        "polygons of 20 points": (_polygon,),
        "boxes and polygons of 20 points": (_box, _polygon),
    }
    figures: list[Figure] = []
    for title, shapes in kinds.items():
        figures += _whole(f"{MANY} {title}", _document(MANY, shapes), photo)
        figures += _edits(f"{MANY} {title}", _document(MANY, shapes), photo, limit_ms=16)
    mixed = "boxes and polygons of 20 points"
    figures += _edits(f"{FEW} {mixed}", _document(FEW, kinds[mixed]), photo, limit_ms=2)
    figures += _edits(f"{FEW} {mixed} alone on a layer", _document(FEW, kinds[mixed]), None, limit_ms=2)
    return figures


def _whole(title: str, document: LabelDocument, photo: Picture) -> Iterator[Figure]:
    """Yield what a frame costs that was not shown before, and another view of one that was."""
    retained, known = RetainedRaster(), SceneBuilder()
    views = cycle([VIEW.pan(3, 2), VIEW])
    frames = cycle([photo, photo.copy()])
    pillow = _pillow(document, photo)
    times = _medians(
        {
            "new frame": lambda: retained.update(build_scene(document, ONTOLOGY, FRAME), VIEW, next(frames)),
            "new view": lambda: retained.update(known.build(document, ONTOLOGY, FRAME), next(views), photo),
            "pillow": pillow,
        },
        runs=RUNS,
    )
    yield from _figures(f"{title}: a new frame (<= 60 ms)", times["new frame"], RUNS, "Pillow", times["pillow"])
    yield from _figures(f"{title}: a new view of it (<= 60 ms)", times["new view"], RUNS)


def _edits(title: str, document: LabelDocument, photo: Picture | None, *, limit_ms: int) -> Iterator[Figure]:
    """Yield what one moved label costs and one selected instead of another, held against drawing everything."""
    moved = cycle(list(_nudges(document, EDITS)))
    chosen = cycle([SceneOptions(selected=frozenset({InstanceId(n)})) for n in range(1, 40)])
    subjects: dict[str, Callable[[], object]] = {}
    for name, states in {
        "nudge": ((document, SceneOptions(selected=frozenset({MOVED}))) for document in moved),
        "select": ((document, options) for options in chosen),
    }.items():
        subjects[name] = _update(states, SceneBuilder(), RetainedRaster(), photo)
    subjects["anew"] = lambda: RetainedRaster().update(build_scene(document, ONTOLOGY, FRAME), VIEW, photo)
    times = _medians(subjects, runs=EDITS)
    for name in ("nudge", "select"):
        limit = f"{title}: {name} one (<= {limit_ms} ms)"
        yield from _figures(limit, times[name], EDITS, "everything anew", times["anew"])


def _update(
    states: Iterator[tuple[LabelDocument, SceneOptions]],
    builder: SceneBuilder,
    retained: RetainedRaster,
    photo: Picture | None,
) -> Callable[[], object]:
    def update() -> object:
        document, options = next(states)
        return retained.update(builder.build(document, ONTOLOGY, FRAME, options), VIEW, photo)

    update()
    return update


def _nudges(document: LabelDocument, count: int) -> Iterator[LabelDocument]:
    """Yield documents, each with a label a pixel beside where it was in the one before."""
    assert document.lookup is not None  # made here: a document that was shown has it, and hands it on
    for number in range(count):
        step: Patch = move_labels(document, [MOVED], FRAME, (1.0 if number % 2 else -1.0, 0.0), Stamp("bench", number))
        document = document.apply(step)
        yield document


def _pillow(document: LabelDocument, photo: Picture) -> Callable[[], object]:
    """Return the same outlines and insides drawn by Pillow, which draws no smooth lines."""
    from PIL import Image, ImageDraw

    marks = build_scene(document, ONTOLOGY, FRAME)

    def draw() -> object:
        image = Image.fromarray(photo)
        pen = ImageDraw.Draw(image, "RGBA")
        for mark in marks:
            if isinstance(mark, BoxMark):
                x, y, width, height = mark.box_px
                pen.rectangle((x, y, x + width, y + height), outline=mark.style.colour, width=2)
            elif isinstance(mark, PolygonMark):
                pen.polygon(mark.rings[0].ravel().tolist(), fill=(*mark.style.colour, 51), outline=mark.style.colour)
        return np.asarray(image)

    return draw


# --- figures -------------------------------------------------------------------------------------


def _medians(subjects: Mapping[str, Callable[[], object]], *, runs: int) -> dict[str, Times]:
    """Return the median times of each subject; they take turns, so that a busy machine slows all alike."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in subjects}
    for _ in range(runs):
        for name, subject in subjects.items():
            started = time.perf_counter(), time.thread_time()
            subject()
            ended = time.perf_counter(), time.thread_time()
            times[name].append((ended[0] - started[0], ended[1] - started[1]))
    return {
        name: Times(*(statistics.median(column) * 1000 for column in zip(*pairs, strict=True)))
        for name, pairs in times.items()
    }


def _figures(name: str, ours: Times, n: int, peer: str = "", theirs: Times | None = None) -> Iterator[Figure]:
    yield figure(name, ours.wall, "ms", n=n, peer=peer, peer_value=theirs.wall if theirs else None)
    yield figure(f"{name}: CPU", ours.cpu, "ms", n=n, peer=peer, peer_value=theirs.cpu if theirs else None)


# --- documents -----------------------------------------------------------------------------------


def _document(count: int, shapes: tuple[Callable[[np.random.Generator], Shape], ...]) -> LabelDocument:
    random = np.random.default_rng(0)
    ids = [InstanceId(number) for number in range(1, count + 1)]
    return make_document(
        instances=[Instance(id=key, class_id=ClassId(f"c{key % 10}"), ordinal=key) for key in ids],
        tracks={(key, UNIT): make_track([Label(frame=0, shape=shapes[key % len(shapes)](random))]) for key in ids},
    )


def _box(random: np.random.Generator) -> Shape:
    x, y, width, height = (random.uniform((0, 0, 10, 10), (1200, 640, 80, 80))).tolist()
    return Box(x, y, width, height)


def _polygon(random: np.random.Generator) -> Shape:
    centre, radius = random.uniform((40, 40), (1240, 680)), random.uniform(5, 40)
    turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    return Polygon(((centre + radius * np.stack([np.cos(turn), np.sin(turn)], axis=1),),))
