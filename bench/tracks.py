"""Track surgery on long tracks.

The peer of a merge is numpy putting the same columns one behind the other and sorting them by frame, as often as the
document does: that is the least that a merge of columns can cost.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from bench.figures import Figure, figure, interleaved_medians_ms
from tui_editor.edits.interpolate import interpolate
from tui_editor.edits.labels import put_label
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.tracks import merge, split
from tui_editor.model.columns import Geometry
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import Track, track_from_columns

if TYPE_CHECKING:
    from collections.abc import Callable

UNIT = UnitId(1)
LABELS = 100_000
ME = Stamp("me", 77)
A, B = InstanceId(1), InstanceId(2)
RUNS = 15
COLUMNS = ("frames", "confidence", "origin", "flags", "author", "editor", "created_ms", "edited_ms")


def run() -> list[Figure]:
    return [*_merging(), *_along()]


def _track(frames: np.ndarray, seed: int = 0) -> Track:
    rng = np.random.default_rng(seed)
    geometry = Geometry(ShapeKind.BOX, rng.uniform(0, 1000, (len(frames), 4)))
    confidence = rng.uniform(0, 1, len(frames)).astype(np.float32)
    return track_from_columns(frames.astype(np.int32), geometry, confidence=confidence, author="ann")


def _document(tracks: dict[InstanceId, Track]) -> LabelDocument:
    instances = [Instance(id=key, class_id=ClassId("car"), ordinal=n) for n, key in enumerate(tracks)]
    return make_document(instances=instances, tracks={(key, UNIT): track for key, track in tracks.items()})


def _merging() -> list[Figure]:
    # every other frame is on both: half of the second track's labels give way
    mine, theirs = _track(np.arange(LABELS), 1), _track(np.arange(LABELS) * 2, 2)
    found = _document({A: mine, B: theirs})
    subjects: dict[str, Callable[[], object]] = {
        "merge": lambda: merge(found, A, [B]),
        "merge and apply": lambda: found.apply(merge(found, A, [B])),
        "numpy": partial(_by_numpy, mine, theirs),
        "split and apply": lambda: found.apply(split(found, A, FrameRef(UNIT, LABELS // 2), ME)[0]),
    }
    wall = interleaved_medians_ms(subjects, runs=RUNS)
    cpu = interleaved_medians_ms(subjects, runs=RUNS, clock=time.process_time)
    peer = "numpy: concatenate, argsort, take"
    return [
        figure("merge of two tracks of 100k labels: the edit", wall["merge"], "ms", n=RUNS),
        figure(
            "the same with the document made (<= 50 ms)",
            wall["merge and apply"],
            "ms",
            n=RUNS,
            peer=peer,
            peer_value=wall["numpy"],
        ),
        figure(
            "the same: time of the processor", cpu["merge and apply"], "ms", n=RUNS, peer=peer, peer_value=cpu["numpy"]
        ),
        figure("split of a track of 100k labels, document made", wall["split and apply"], "ms", n=RUNS),
    ]


def _by_numpy(one: Track, other: Track) -> list[np.ndarray]:
    frames = np.concatenate([one.frames, other.frames])
    order = np.argsort(frames, kind="stable")
    order = order[np.concatenate([[True], np.diff(frames[order]) > 0])]
    columns = [np.concatenate([getattr(one, name), getattr(other, name)])[order] for name in COLUMNS]
    return [*columns, np.concatenate([one.geometry.fixed, other.geometry.fixed])[order]]


def _along() -> list[Figure]:
    """A nudge of a key label with 500 interpolated labels on either side, in a track of 100k labels."""
    found = _document({A: _track(np.arange(0, LABELS, 500))})
    filled = found.apply(interpolate(found, A, UNIT, ME).patch)
    at, box = FrameRef(UNIT, LABELS // 2), Box(1, 2, 3, 4)
    wall = interleaved_medians_ms(
        {
            "interpolate": lambda: interpolate(found, A, UNIT, ME),
            "nudge": lambda: filled.apply(put_label(filled, A, at, box, ME)),
            "plain nudge": lambda: found.apply(put_label(found, A, at, box, ME)),
        },
        runs=RUNS,
    )
    return [
        figure("interpolation of 100k labels between 200 keys: the edit", wall["interpolate"], "ms", n=RUNS),
        figure(
            "nudge of a key with 998 interpolated neighbours, of 100k labels",
            wall["nudge"],
            "ms",
            n=RUNS,
            peer="without neighbours, of 200 labels",
            peer_value=wall["plain nudge"],
        ),
    ]
