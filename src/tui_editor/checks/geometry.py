"""Rules about how large shapes are and where on their frames they lie (family G)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.checks.rule import Fault, Hits, Rule, instances, name_of
from tui_editor.model.extents import polygon_areas
from tui_editor.model.masks import bounding_rect
from tui_editor.model.ontology import walk
from tui_editor.model.shapes import Bitmask, ShapeKind
from tui_editor.model.sheet import KINDS, Sheet
from tui_editor.ports import CheckContext, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.columns import Geometry

TOLERANCE_PX = 0.5
"""A shape may reach so far out of its frame: formats that round put it there."""
_SIDES = ("left", "top", "right", "bottom")
_SIZED = (ShapeKind.BOX, ShapeKind.ROTATED_BOX, ShapeKind.BITMASK)
_WITH_AREA = (*_SIZED, ShapeKind.POLYGON)


def _parts_of(sheet: Sheet, *kinds: ShapeKind) -> Iterator[tuple[NDArray[np.intp], Geometry]]:
    for part in sheet.parts:
        if part.geometry.kind in kinds:
            yield part.rows, part.geometry


def _rows(bad: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.flatnonzero(bad)


# --- size ----------------------------------------------------------------------------------------


def _no_area(sheet: Sheet, _: Mapping[str, Any]) -> Iterator[Hits]:
    for rows, geometry in _parts_of(sheet, *_SIZED):
        bad = (geometry.fixed[:, 2:4] <= 0).any(axis=1)
        yield Hits(rows=rows[bad], text="has no area: its width or height is not positive")
    for rows, geometry in _parts_of(sheet, ShapeKind.POLYGON):
        bad = polygon_areas(geometry) <= 0
        yield Hits(rows=rows[bad], text="has no area: its outline encloses nothing")


def sides_px(sheet: Sheet) -> NDArray[np.float64]:
    """Return width and height of each label, those of the unturned one of rotated boxes; NaN where it has no area."""
    sides = np.full((len(sheet), 2), np.nan)
    for rows, geometry in _parts_of(sheet, *_WITH_AREA):
        sized = geometry.kind is ShapeKind.ROTATED_BOX
        sides[rows] = geometry.fixed[:, 2:4] if sized else sheet.high[rows] - sheet.low[rows]
    sides[~np.isfinite(sides).all(axis=1) | (sides <= 0).any(axis=1)] = np.nan
    return sides


def _tiny(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    sides = sides_px(sheet)
    rows = _rows((sides < values["least_side_px"]).any(axis=1))
    yield Hits(rows=rows, text=lambda run: f"is tiny: {sides[run[0], 0]:.2f}×{sides[run[0], 1]:.2f} px")


def _order(sheet: Sheet, _: Mapping[str, Any]) -> Iterator[Hits]:
    for rows, geometry in _parts_of(sheet, *_SIZED):
        bad = (geometry.fixed[:, 2:4] < 0).any(axis=1)
        yield Hits(rows=rows[bad], text="has its corners in the wrong order: its width or height is negative")


def _slim(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    sides = sides_px(sheet)
    ratio = sides.max(axis=1) / sides.min(axis=1)
    large = sides.max(axis=1) >= values["least_px"]
    rows = _rows((ratio > values["ratio"]) & large)
    yield Hits(rows=rows, text=lambda run: f"is {ratio[run].max():.0f} times as long as wide")


# --- place ---------------------------------------------------------------------------------------


def _is_outside(sheet: Sheet) -> NDArray[np.bool_]:
    """Return which labels have nothing inside their frame; a point on the edge is inside, a box that touches it not."""
    low, high, size = sheet.low, sheet.high, sheet.sizes
    beyond = (high < 0) | (low > size)
    touching = (high > low) & ((high <= 0) | (low >= size))
    return np.asarray((beyond | touching).any(axis=1) & sheet.visible)


def _outside(sheet: Sheet, _: Mapping[str, Any]) -> Iterator[Hits]:
    yield Hits(rows=_rows(_is_outside(sheet)), text="lies wholly outside the frame")


def overhang_px(sheet: Sheet, least: float = TOLERANCE_PX) -> NDArray[np.float64]:
    """Return how far each label reaches out of its frame at left, top, right and bottom: float64 (n, 4), pixels.

    0 or less when it doesn't; NaN where the shape has no geometry or the frame's size is not known.
    """
    over = np.column_stack([-sheet.low, sheet.high - sheet.sizes])
    for rows, geometry in _parts_of(sheet, ShapeKind.BITMASK):  # the rectangle may be larger than what is set in it
        for at in np.flatnonzero((over[rows] > least).any(axis=1)).tolist():
            mask, size = geometry.shape(at), sheet.sizes[rows[at]]
            assert isinstance(mask, Bitmask)
            left, top, width, height = bounding_rect(mask)
            over[rows[at]] = [-left, -top, left + width - size[0], top + height - size[1]]
    return over


def _overhanging(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    least = values["tolerance_px"]
    over = overhang_px(sheet, least)
    bad = (over > least).any(axis=1) & ~_is_outside(sheet) & sheet.visible
    bad &= sheet.kinds != KINDS.index(ShapeKind.ROTATED_BOX)
    yield Hits(rows=_rows(bad), text=partial(_reaching, over, least))


def _reaching(over: NDArray[np.float64], least: float, rows: NDArray[np.intp]) -> str:
    farthest = over[rows].max(axis=0)
    sides = [f"{side} by {px:.1f} px" for side, px in zip(_SIDES, farthest.tolist(), strict=True) if px > least]
    return f"reaches out of the frame: {', '.join(sides)}"


def _rotated(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    low, high = values["lowest_deg"], values["highest_deg"]
    over = overhang_px(sheet)
    for rows, geometry in _parts_of(sheet, ShapeKind.ROTATED_BOX):
        turn = geometry.fixed[:, 4]
        odd = (turn < low - 1e-6) | (turn > high + 1e-6)
        angle = dict(zip(rows[odd].tolist(), turn[odd].tolist(), strict=True))
        yield Hits(rows=rows[odd], text=partial(_turned, angle, f"{low:g} to {high:g}"))
        out = (over[rows] > values["tolerance_px"]).any(axis=1) & ~_is_outside(sheet)[rows] & sheet.visible[rows]
        yield Hits(rows=rows[out], text=partial(_reaching, over, values["tolerance_px"]))


def _turned(angle: Mapping[int, float], allowed: str, rows: NDArray[np.intp]) -> str:
    return f"is turned by {angle[int(rows[0])]:.2f}°, not {allowed}"


def _cut_off(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield labels that touch their frame's edge, of classes that ask whether a thing is truncated, unanswered."""
    from tui_editor.checks.rule import context_sheet

    asking = _truncations(context, values["attribute"])
    open_ = {i.id: i for i in instances(context) if i.class_id in asking}
    if not open_:
        return
    sheet = context_sheet(context)
    near = np.column_stack([sheet.low, sheet.sizes - sheet.high]) <= values["within_px"]
    told: set[int] = set()
    for row in _rows(near.any(axis=1) & sheet.visible).tolist():
        place = sheet.place(row)
        value = open_.get(place.instance)
        if value is None or value.id in told:
            continue
        frame = int(sheet.frames[row])
        if not asking[value.class_id] & set(value.answers_at(place.unit, frame)):
            told.add(value.id)
            text = f"{name_of(context, value)} touches the frame's edge and does not say whether it is truncated"
            yield Fault(message=text, unit=place.unit, frame=frame, instance=value.id)


def _truncations(context: CheckContext, name: str) -> dict[str, set[str]]:
    """Return the attributes that ask whether a thing is truncated, by class."""
    found: dict[str, set[str]] = {}
    for entry in context.project.ontology.all():
        asks = {str(a.id) for a in walk(entry.attributes) if a.name.casefold().startswith(name)}
        if asks:
            found[entry.id] = asks
    return found


RULES = (
    Rule(
        rule="G01",
        title="a shape has no area",
        severity=Severity.ERROR,
        doc="Boxes, rotated boxes and bitmasks whose width or height is 0 or less; polygons whose outer rings enclose "
        "nothing.",
        reads=Reads.LABEL,
        labels=_no_area,
        hint="draw it again or delete it",
    ),
    Rule(
        rule="G02",
        title="a shape is tiny",
        severity=Severity.WARNING,
        doc="A side that is shorter than `least_side_px`. Without any area it is G01.",
        reads=Reads.LABEL,
        labels=_tiny,
        params=(Param("least_side_px", 1.0, "the shortest side in pixels that is not reported"),),
        hint="delete it if it is a slip of the pointer",
    ),
    Rule(
        rule="G03",
        title="a shape lies wholly outside its frame",
        severity=Severity.ERROR,
        doc="Labels that are flagged as outside (the thing has left the picture) are not reported.",
        reads=Reads.LABEL,
        labels=_outside,
        hint="delete the label, or flag it as outside",
    ),
    Rule(
        rule="G04",
        title="a shape reaches out of its frame",
        severity=Severity.WARNING,
        doc="By more than `tolerance_px` on any of the four sides. Wholly outside is G03, rotated boxes are G13.",
        reads=Reads.LABEL,
        labels=_overhanging,
        params=(Param("tolerance_px", TOLERANCE_PX, "pixels that a shape may reach out"),),
        hint="clip it to the frame",
        fix="clip",
    ),
    Rule(
        rule="G05",
        title="a shape's corners are in the wrong order",
        severity=Severity.ERROR,
        doc="Boxes, rotated boxes and bitmasks of negative width or height: their least corner is the greatest.",
        reads=Reads.LABEL,
        labels=_order,
        hint="exchange the corners",
        fix="order",
    ),
    Rule(
        rule="G12",
        title="a shape is very long for its width",
        severity=Severity.WARNING,
        doc="The longer side is more than `ratio` times the shorter one, and at least `least_px` long.",
        reads=Reads.LABEL,
        labels=_slim,
        params=(
            Param("ratio", 20.0, "the greatest ratio of sides that is not reported"),
            Param("least_px", 40.0, "the shortest length in pixels that is judged"),
        ),
        hint="see whether it is a slip of the pointer",
    ),
    Rule(
        rule="G13",
        title="a rotated box has an odd angle or corners out of its frame",
        severity=Severity.WARNING,
        doc="An angle outside `lowest_deg` to `highest_deg`, or a corner out of the frame by more than `tolerance_px`.",
        reads=Reads.LABEL,
        labels=_rotated,
        params=(
            Param("lowest_deg", -180.0, "the least angle in degrees"),
            Param("highest_deg", 360.0, "the greatest angle in degrees"),
            Param("tolerance_px", TOLERANCE_PX, "pixels that a corner may reach out"),
        ),
        hint="turn it back by whole turns; move corners into the frame",
        fix="turn",
    ),
    Rule(
        rule="G15",
        title="a thing at the frame's edge does not say whether it is truncated",
        severity=Severity.INFO,
        doc="Only for classes with an attribute whose name begins with `attribute`; once for each instance.",
        reads=Reads.ANSWERS,
        find=_cut_off,
        params=(
            Param("within_px", 0.5, "how near to the edge a label touches it, in pixels"),
            Param("attribute", "truncat", "how the attribute's name begins, in lower case"),
        ),
        hint="answer the attribute",
    ),
)
