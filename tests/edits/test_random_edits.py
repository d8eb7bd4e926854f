"""Long random sequences of the tools: every shape stays valid, undo restores, indexes equal a fresh rebuild.

`EDITS=10000` makes the sequence that long; each edit is one of the tools with random places.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.doctext import SIZE, UNIT
from tests.support.painting import APART, BESIDE, LINE, SQUARE, block, painting
from tui_editor.edits import masks, shapes
from tui_editor.edits.labels import delete_labels, move_labels, put_label
from tui_editor.edits.masks import Panoptic
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import InvalidShape, Refused
from tui_editor.model import mask_strokes, polygons, polylines
from tui_editor.model.brush import Brush
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.geometry import explain_invalid
from tui_editor.model.masks import array_of
from tui_editor.model.shapes import Bitmask, Polygon, Polyline, Shape, check_shape
from tui_editor.state.tool import Paint, PathTool, PathUse
from tui_editor.tools.paths import reshaped

if TYPE_CHECKING:
    from numpy.random import Generator

    from tui_editor.model.ids import InstanceId
    from tui_editor.model.patch import Patch

EDITS = int(os.environ.get("EDITS", "400"))
CHECK_EVERY = 100
HERE = FrameRef(UNIT, 0)
ME = Stamp("me", 1)
START: tuple[Shape, ...] = (SQUARE, BESIDE, APART, LINE, block(300, 300, 60, 40), block(340, 320, 60, 40))
MOST_INSTANCES = 30
PATH_USES = (PathUse.BRUSH, PathUse.ERASER, PathUse.TOUCH_UP, PathUse.SPLIT, PathUse.SCISSORS)


def near(shape: Shape, rng: Generator, count: int) -> np.ndarray:
    """Return places that are near a shape, as a hand that works on it goes."""
    if isinstance(shape, Bitmask):
        middle = np.array([shape.left + shape.width / 2, shape.top + shape.height / 2])
    else:
        points = shape.points if isinstance(shape, Polyline) else np.concatenate(shape.parts[0])  # type: ignore[union-attr]
        middle = points[rng.integers(len(points))]
    return np.clip(np.round(middle + np.cumsum(rng.normal(0, 15, (count, 2)), axis=0), 1), 0, SIZE)


def brush_of(rng: Generator) -> Brush:
    return Brush(size_px=float(rng.integers(2, 40)), square=bool(rng.integers(2)))


def path_edit(document: LabelDocument, key: InstanceId, shape: Shape, rng: Generator) -> Patch:
    """Return what a tool with a random path does; it may refuse."""
    use = PATH_USES[rng.integers(len(PATH_USES))]
    path = [(float(x), float(y)) for x, y in near(shape, rng, int(rng.integers(1, 7)))]
    tool = PathTool(
        use=use,
        crosshair=path[-1],
        window=(0.0, 0.0, 1.0, 1.0),
        paint=Paint(brush=brush_of(rng)),
        flipped=bool(rng.integers(2)),
    )
    found = reshaped(shape, tool, path)
    first = found[0]
    if isinstance(first, Polygon):
        if not first.parts:
            raise Refused("nothing would be left")
        if len(found) == 1 and rng.random() < 0.3:
            found = polygons.pieces(first)[: 1 + int(rng.integers(3))]
    return shapes.put_shapes(document, key, HERE, found, ME)


def polygon_edit(document: LabelDocument, key: InstanceId, shape: Polygon, rng: Generator) -> Patch:
    """Return a merge, a subtraction or a simplification."""
    others = {
        k: label.shape
        for k in document.on_frame(UNIT, 0)
        if k != key and (label := document.label(k, UNIT, 0)) and isinstance(label.shape, Polygon)
    }
    if not others or rng.random() < 0.4:
        return put_label(document, key, HERE, polygons.simplified(shape, float(rng.uniform(0.1, 5))), ME)
    other = list(others)[rng.integers(len(others))]
    if rng.random() < 0.5:
        return shapes.take_in(document, key, [other], HERE, polygons.merged(shape, others[other]), ME)
    left = polygons.subtracted(shape, others[other])
    if not left.parts:
        raise Refused("nothing would be left")
    return put_label(document, key, HERE, left, ME)


def mask_edit(document: LabelDocument, key: InstanceId, shape: Bitmask, rng: Generator) -> Patch:
    """Return a stroke, an erasure, a combination or a move of a bitmask."""
    stroke = mask_strokes.stroke_mask(near(shape, rng, 3), brush_of(rng), SIZE)
    kind = rng.integers(10)
    if kind < 5:
        return masks.paint(document, key, HERE, stroke, list(Panoptic)[rng.integers(3)], ME)
    if kind < 8:
        return masks.erase(document, key, HERE, stroke, ME)
    if kind == 8:
        others = list(masks.masks_beside(document, key, HERE))[:1]
        return masks.combine(document, key, others, HERE, ME)
    return move_labels(document, [key], HERE, (float(rng.integers(-9, 9)), float(rng.integers(-9, 9))), ME)


def random_edit(document: LabelDocument, rng: Generator) -> Patch:
    """Return what one tool with random places does to one label."""
    keys = sorted(document.on_frame(UNIT, 0))
    key = keys[rng.integers(len(keys))]
    if len(keys) > MOST_INSTANCES:
        return delete_labels(document, [key], HERE)
    label = document.label(key, UNIT, 0)
    assert label is not None
    match label.shape:
        case Bitmask():
            return mask_edit(document, key, label.shape, rng)
        case Polygon() if rng.random() < 0.3:
            return polygon_edit(document, key, label.shape, rng)
        case Polyline() if rng.random() < 0.2:
            return put_label(document, key, HERE, polylines.simplified(label.shape, float(rng.uniform(0.1, 5))), ME)
        case _:
            return path_edit(document, key, label.shape, rng)


def check_shapes(document: LabelDocument, keys: frozenset[InstanceId]) -> None:
    """Check that what was touched is valid."""
    for key in keys & frozenset(document.instances):
        label = document.label(key, UNIT, 0)
        assert label is not None
        check_shape(label.shape)
        if isinstance(label.shape, Polygon):
            assert explain_invalid(label.shape) == ""
        if isinstance(label.shape, Bitmask):
            assert array_of(label.shape).any()


def check_indexes(document: LabelDocument) -> None:
    """Check that everything that is kept up by edits is what a fresh document would have."""
    fresh = make_document(
        instances=document.instances.values(),
        tracks=dict(document.tracks.items()),
        issues=document.issues.values(),
        decisions=dict(document.decisions.items()),
        status=document.status,
    )
    assert fresh.on_frame(UNIT, 0) == document.on_frame(UNIT, 0)
    assert dict(fresh.units_of.items()) == dict(document.units_of.items())
    classes = {value.class_id for value in document.instances.values()}
    assert all(fresh.next_ordinal(c) <= document.next_ordinal(c) for c in classes)
    assert fresh.index.counts(UNIT, 3).tolist() == document.index.counts(UNIT, 3).tolist()
    assert fresh.same(document)


@pytest.mark.slow
def test_random_edits_leave_shapes_valid_and_indexes_as_a_fresh_rebuild_and_undo_brings_back_each_state() -> None:
    rng = np.random.default_rng(20)
    document = painting(START).state.document
    history: list[tuple[LabelDocument, Patch]] = []
    made: Counter[str] = Counter()
    while made["done"] < EDITS:
        try:
            patch = random_edit(document, rng)
        except (Refused, InvalidShape):
            made["refused"] += 1
            continue
        after = document.apply(patch)
        assert document.same(after.apply(patch.inverse()))
        check_shapes(after, patch.instances())
        history = [*history[-20:], (document, patch)]
        document = after
        made["done"] += 1
        if made["done"] % CHECK_EVERY == 0:
            check_indexes(document)
        if len(document.on_frame(UNIT, 0)) < 4:
            document = painting(START).state.document
            history = []
    assert made["refused"] < made["done"]
    for before, patch in reversed(history):
        document = document.apply(patch.inverse())
        assert before.same(document)


def test_a_touch_up_flipped_and_not_share_the_path() -> None:
    tool = PathTool(use=PathUse.TOUCH_UP, crosshair=(0, 0), window=(0, 0, 1, 1), paint=Paint())
    path = [(100.0, 100.0), (150.0, 60.0), (200.0, 100.0)]
    for flipped in (False, True):
        (after,) = reshaped(SQUARE, replace(tool, flipped=flipped), path)
        assert isinstance(after, Polygon)
        assert [150.0, 60.0] in after.parts[0][0].tolist()
