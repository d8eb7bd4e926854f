"""Rules about labels that cover each other on a frame (family D)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.checks.pairs import Pairs, pairs_on_frames
from tui_editor.checks.rule import Fault, Hits, Rule, context_sheet
from tui_editor.checks.shapes import ShapesOf, exact
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.sheet import KINDS
from tui_editor.ports import CheckContext, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.ontology import AnyClass
    from tui_editor.model.sheet import Sheet

EXCLUSIVE = "exclusive"
"""Key of a class whose labels share their place with none of another class."""
PANOPTIC = "panoptic"
"""Setting of projects in which masks cover each pixel once."""


@lru_cache(maxsize=2)
def _same_class(sheet: Sheet, least: float) -> Pairs:
    """Return the pairs of one class of an IoU of at least `least`, by their shapes."""
    pairs = pairs_on_frames(sheet)
    pairs = pairs.where((sheet.classes[pairs.a] == sheet.classes[pairs.b]) & (pairs.iou >= least))
    pairs = exact(sheet, pairs)
    return pairs.where(pairs.iou >= least)


def _lasting(sheet: Sheet, pairs: Pairs) -> Pairs:
    """Return pairs without those in videos that only pass before one another.

    They stay when they are found on half of the frames of the shorter track.
    """
    span = int(sheet.track.max()) + 1 if len(sheet) else 1
    key = sheet.track[pairs.a].astype(np.int64) * span + sheet.track[pairs.b]
    _, group, counts = np.unique(key, return_inverse=True, return_counts=True)
    lengths = np.bincount(sheet.track, minlength=span)
    shorter = np.minimum(lengths[sheet.track[pairs.a]], lengths[sheet.track[pairs.b]])
    return pairs.where(~sheet.timed[pairs.a] | (2 * counts[group] >= shorter))


def _said(pairs: Pairs, what: str, column: str = "iou") -> Hits:
    values: NDArray[np.float64] = getattr(pairs, column)
    worst: dict[int, float] = {}
    for row, value in zip(pairs.a.tolist(), values.tolist(), strict=True):
        worst[row] = max(worst.get(row, 0.0), value)
    return Hits(
        rows=pairs.a, other=pairs.b, text=lambda run: what.format(100 * max(worst[row] for row in run.tolist()))
    )


def _duplicates(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    yield _said(_same_class(sheet, values["iou"]), "are nearly the same ({:.0f} % IoU)")


def _near(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    pairs = _same_class(sheet, values["iou"])
    yield _said(_lasting(sheet, pairs.where(pairs.iou < values["below"])), "cover each other by {:.0f} % IoU")


def _other_class(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield pairs of different classes on one place, where the ontology says that one of them excludes others."""
    strict = {e.id for e in context.project.ontology.all() if _is_exclusive(e)}
    if not strict and not values["all_classes"]:
        return
    sheet = context_sheet(context)
    apart = np.array([values["all_classes"] > 0 or key in strict for key in sheet.class_ids], bool)
    pairs = pairs_on_frames(sheet)
    mine, theirs = sheet.classes[pairs.a], sheet.classes[pairs.b]
    pairs = pairs.where((mine != theirs) & (apart[mine] | apart[theirs]) & (pairs.iou >= values["iou"]))
    pairs = exact(sheet, pairs)
    for a, b, iou in zip(*(c.tolist() for c in pairs.where(pairs.iou >= values["iou"])[:3]), strict=True):
        one, two = sheet.place(a), sheet.place(b)
        text = f"{one.name} and {two.name} are on one place ({100 * iou:.0f} % IoU), their classes exclude each other"
        frame = int(sheet.frames[a])
        yield Fault(message=text, unit=one.unit, frame=frame, instance=one.instance, other=two.instance)


def _is_exclusive(entry: AnyClass) -> bool:
    return bool(entry.extra.get(EXCLUSIVE))


def _covered(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    """Yield smaller masks and polygons of which others, which are drawn later, leave nearly nothing to be seen."""
    pairs = pairs_on_frames(sheet)
    outlined = np.isin(sheet.kinds, [KINDS.index(ShapeKind.POLYGON), KINDS.index(ShapeKind.BITMASK)])
    area = (sheet.high - sheet.low).prod(axis=1)
    pairs = pairs.where(outlined[pairs.a] & outlined[pairs.b] & (pairs.inside > 1 - values["visible"]))
    pairs = exact(sheet, pairs)
    pairs = pairs.where((pairs.inside > 1 - values["visible"]) & (pairs.iou < values["below_iou"]))
    small = np.where(area[pairs.a] <= area[pairs.b], pairs.a, pairs.b)
    large = np.where(area[pairs.a] <= area[pairs.b], pairs.b, pairs.a)
    same = sheet.classes[small] == sheet.classes[large]
    pairs = pairs._replace(a=small, b=large).where(same)
    yield _said(pairs, "lie on one another: {:.0f} % of the smaller one is covered", "inside")


def _panoptic(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield masks that overlap, and what no mask covers, where the project says that each pixel has one class."""
    if not context.project.settings.get(PANOPTIC):
        return
    sheet = context_sheet(context)
    shapes = ShapesOf(sheet)
    order, bounds = sheet.by_frame
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        rows = [r for r in order[start:stop].tolist() if shapes.kind(r) in {ShapeKind.BITMASK, ShapeKind.POLYGON}]
        if rows and np.isfinite(sheet.sizes[rows[0]]).all():
            place, frame = sheet.place(rows[0]), int(sheet.frames[rows[0]])
            twice, empty = _layers(sheet, shapes, rows)
            if twice > values["share"]:
                text = f"{100 * twice:.1f} % of the frame has more than one label on it"
                yield Fault(message=text, unit=place.unit, frame=frame)
            if empty > values["holes"]:
                text = f"{100 * empty:.1f} % of the frame has no label"
                yield Fault(message=text, unit=place.unit, frame=frame)


def _layers(sheet: Sheet, shapes: ShapesOf, rows: list[int]) -> tuple[float, float]:
    """Return which share of a frame has two labels or more, and which has none."""
    from tui_editor.model.mask_outlines import polygon_to_bitmask
    from tui_editor.model.masks import frame_array
    from tui_editor.model.shapes import Bitmask, Polygon

    width, height = (int(v) for v in sheet.sizes[rows[0]])
    layers = np.zeros((height, width), np.uint16)
    for row in rows:
        shape = shapes.shape(row)
        mask = polygon_to_bitmask(shape, width, height) if isinstance(shape, Polygon) else shape
        assert isinstance(mask, Bitmask)
        layers += frame_array(mask, width, height) > 0
    return float((layers > 1).mean()), float((layers == 0).mean())


def _nested(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    pairs = pairs_on_frames(sheet)
    pairs = pairs.where((sheet.classes[pairs.a] == sheet.classes[pairs.b]) & (pairs.inside >= values["inside"]))
    pairs = exact(sheet, pairs)
    pairs = pairs.where((pairs.inside >= values["inside"]) & (pairs.iou < values["below_iou"]))
    yield _said(_lasting(sheet, pairs), "lie in one another: {:.0f} % of the smaller one is inside", "inside")


RULES = (
    Rule(
        rule="D01",
        title="two labels of a class are nearly the same",
        severity=Severity.WARNING,
        doc="On one frame, with an intersection over union of at least `iou`: of the shapes themselves, not of the "
        "boxes "
        "around them. Crowds, and labels flagged as outside, do not count.",
        reads=Reads.FRAME,
        labels=_duplicates,
        params=(Param("iou", 0.95, "intersection over union from which on they are the same"),),
        hint="delete one of them",
        fix="duplicate",
    ),
    Rule(
        rule="D02",
        title="two labels of a class cover each other much",
        severity=Severity.INFO,
        doc="An intersection over union of at least `iou`, and less than `below`, from which on it is D01. In videos "
        "only pairs that last for half of the shorter track: others pass before one another.",
        reads=Reads.TRACKS,
        labels=_near,
        params=(
            Param("iou", 0.6, "intersection over union that is reported"),
            Param("below", 0.95, "D01 from here on"),
        ),
        hint="see whether they are one thing",
    ),
    Rule(
        rule="D03",
        title="labels of classes that exclude each other are on one place",
        severity=Severity.WARNING,
        doc="An intersection over union of at least `iou`, where one of the classes is `exclusive` by the ontology "
        "or by `checks.toml`; with `all_classes = 1` whatever they say.",
        reads=Reads.FRAME,
        find=_other_class,
        params=(
            Param("iou", 0.9, "intersection over union that is reported"),
            Param("all_classes", 0.0, "1: every class excludes every other"),
        ),
        hint="decide for one class",
    ),
    Rule(
        rule="D04",
        title="a shape is covered by another one",
        severity=Severity.WARNING,
        doc="Of a polygon or mask less than `visible` is left beside another one of its class.",
        reads=Reads.FRAME,
        labels=_covered,
        params=(
            Param("visible", 0.05, "share that must be visible"),
            Param("below_iou", 0.6, "D02 from this intersection over union on"),
        ),
        hint="delete the covered one, or cut it out of the other",
    ),
    Rule(
        rule="D05",
        title="a frame is not covered once everywhere",
        severity=Severity.WARNING,
        doc="Only where `checks.toml` says `panoptic = true`: more than `share` of the frame has two labels, "
        "or more than `holes` has none.",
        reads=Reads.FRAME,
        find=_panoptic,
        params=(
            Param("share", 0.001, "share of the frame that may have two labels"),
            Param("holes", 0.05, "share of the frame that may have none"),
        ),
        hint="cut one out of the other; label what is left",
    ),
    Rule(
        rule="D06",
        title="a label of a class lies in another one",
        severity=Severity.INFO,
        doc="At least `inside` of the smaller one, and an intersection over union of less than `below_iou`. In "
        "videos only pairs that last for half of the shorter track.",
        reads=Reads.TRACKS,
        labels=_nested,
        params=(
            Param("inside", 0.9, "share of the smaller one that is inside"),
            Param("below_iou", 0.6, "D02 from this intersection over union on"),
        ),
        hint="see whether the outer one is a group",
    ),
)
