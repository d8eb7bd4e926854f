"""The filter over a million labels in 10,000 tracks, against one comparison of the same columns by numpy.

What the filter takes at first has to gather the columns; the next one finds them. A turn is the longest time that the
event loop is held while the labels are gone through step by step, as the editor does it.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import numpy as np

from bench.figures import Figure, figure, interleaved_medians_ms
from tui_editor.edits.labels import set_flag
from tui_editor.edits.stamp import Stamp
from tui_editor.model.columns import Geometry
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.tracks import LabelFlag, track_from_columns
from tui_editor.state.filters import parse_filter
from tui_editor.state.filters.matching import Matcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

TRACKS, LABELS_EACH, FRAMES = 10_000, 100, 200_000
RUNS = 9
UNIT = UnitId(1)
ONTOLOGY = Ontology(
    classes=tuple(
        ObjectClass(id=ClassId(f"c{n}"), name=f"class {n}", color="#FFFFFF", shape=ShapeKind.BOX) for n in range(20)
    )
)
FILTERS = {
    "score<0.5": "score<0.5",
    "frames": "frames:50000-100000",
    "class, score and frames": '"class 3" score<0.5 frames:100-150000 -state:approved',
    "an expression over names": "text:/class (1|2).*[05]\\)$/",
    "track:jump": "track:jump",
}


def run() -> list[Figure]:
    document = _document()
    confidence = np.concatenate([track.confidence for track in document.tracks.values()])
    limit = np.float32(0.5)
    figures: list[Figure] = []
    for name, text in FILTERS.items():
        filters = parse_filter(text, ONTOLOGY)
        warm = Matcher()
        list(warm.steps(document, parse_filter("key:yes", ONTOLOGY), ONTOLOGY))
        for column in ("confidence", "frames"):
            list(warm.steps(document, parse_filter(_WARM[column], ONTOLOGY), ONTOLOGY))
        subjects: dict[str, Callable[[], object]] = {
            "first": lambda f=filters: Matcher().of(document, f, ONTOLOGY),  # type: ignore[misc]
            "next": lambda f=filters, m=warm: _afresh(m).of(document, f, ONTOLOGY),  # type: ignore[misc]
            "numpy": lambda: confidence < limit,
        }
        wall = interleaved_medians_ms(subjects, runs=RUNS)
        cpu = interleaved_medians_ms({"first": subjects["first"]}, runs=RUNS, clock=time.process_time)
        peer = {"peer": "numpy, one comparison", "peer_value": wall["numpy"]}
        figures += [
            figure(f"filter 1 M labels, columns not there: {name} (<= 100 ms)", wall["first"], "ms", n=RUNS, **peer),  # type: ignore[arg-type]
            figure(f"filter 1 M labels, columns there: {name}", wall["next"], "ms", n=RUNS, **peer),  # type: ignore[arg-type]
            figure(f"filter 1 M labels, time of the processor: {name}", cpu["first"], "ms", n=RUNS),
            figure(f"filter 1 M labels, longest turn: {name} (<= 8 ms)", _longest_ms(document, text), "ms", n=RUNS),
        ]
    return [*figures, *_after_an_edit(document), _plain_re(document)]


_WARM = {"confidence": "score<2%", "frames": "frames:1"}


def _afresh(matcher: Matcher) -> Matcher:
    """Return a matcher that has its columns and forgot its answers."""
    matcher._recent.clear()
    return matcher


def _document() -> LabelDocument:
    rng = np.random.default_rng(7)
    tracks = {}
    for n in range(TRACKS):
        frames = np.arange(LABELS_EACH, dtype=np.int32) + int(rng.integers(0, FRAMES - LABELS_EACH))
        boxes = np.column_stack([rng.random((LABELS_EACH, 2)).cumsum(axis=0), np.full((LABELS_EACH, 2), 20.0)])
        confidence = rng.random(LABELS_EACH, dtype=np.float32)
        tracks[InstanceId(n), UNIT] = track_from_columns(
            frames, Geometry(ShapeKind.BOX, boxes), confidence=confidence, author="ann"
        )
    instances = [Instance(id=InstanceId(n), class_id=ClassId(f"c{n % 20}"), ordinal=n // 20) for n in range(TRACKS)]
    return make_document(instances=instances, tracks=tracks)


def _longest_ms(document: LabelDocument, text: str) -> float:
    """Return the median over runs of the longest step."""
    found = []
    for _ in range(RUNS):
        matcher, longest = Matcher(), 0.0
        steps = matcher.steps(document, parse_filter(text, ONTOLOGY), ONTOLOGY)
        while True:
            begun = time.perf_counter()
            over = next(steps, 0) == 0
            longest = max(longest, time.perf_counter() - begun)
            if over:
                break
        found.append(longest * 1000)
    return statistics.median(found)


def _after_an_edit(document: LabelDocument) -> list[Figure]:
    """Return what a filter costs after each edit, and on each frame."""
    filters, matcher = parse_filter("score<0.5", ONTOLOGY), Matcher()
    made = matcher.of(document, filters, ONTOLOGY)
    edits, frames, now = [], [], document
    for n in range(RUNS):
        frame = int(document.tracks[InstanceId(n), UNIT].frames[3])
        patch = set_flag(now, InstanceId(n), FrameRef(UNIT, frame), LabelFlag.OCCLUDED, True, Stamp("me", 1))
        now = now.apply(patch)
        begun = time.perf_counter()
        made = matcher.of(now, filters, ONTOLOGY)
        edits.append((time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        made.on_frame(UNIT, frame)
        frames.append((time.perf_counter() - begun) * 1000)
    whole: NDArray[np.int32] = np.concatenate([track.frames for track in document.tracks.values()])
    begun = time.perf_counter()
    np.flatnonzero(whole == 7)
    peer = (time.perf_counter() - begun) * 1000
    return [
        figure("filter kept up after an edit in 1 M labels", statistics.median(edits), "ms", n=RUNS),
        figure(
            "labels of a frame that pass, of 1 M",
            statistics.median(frames),
            "ms",
            n=RUNS,
            peer="numpy, one comparison of the frames",
            peer_value=peer,
        ),
    ]


def _plain_re(document: LabelDocument) -> Figure:
    """Return an expression over 10,000 names by our own machine, against `re`, which may hang."""
    import re

    from tui_editor.state.filters.pattern import Pattern

    names = [f"class {i.class_id} ({i.ordinal})" for i in document.instances.values()]
    text = r"class c(1|2).*[05]\)$"
    ours, theirs = Pattern(text), re.compile(text, re.IGNORECASE)
    wall = interleaved_medians_ms(
        {"ours": lambda: [ours.found(n) for n in names], "re": lambda: [theirs.search(n) for n in names]}, runs=RUNS
    )
    return figure("expression over 10,000 names", wall["ours"], "ms", n=RUNS, peer="re", peer_value=wall["re"])
