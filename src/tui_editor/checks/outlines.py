"""Rules about the outlines of polygons, bitmasks and skeletons, and what their source says of them (family G)."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.checks.geometry import _parts_of
from tui_editor.checks.rings import perimeters, ring_areas, rings_of
from tui_editor.checks.rule import Hits, Rule
from tui_editor.model.extents import polygon_areas
from tui_editor.model.geometry import problems_of
from tui_editor.model.masks import bounding_rect
from tui_editor.model.shapes import Bitmask, ShapeKind
from tui_editor.ports import Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.checks.rings import Rings
    from tui_editor.model.columns import Geometry
    from tui_editor.model.sheet import Sheet


def _few_points(sheet: Sheet, _: Mapping[str, Any]) -> Iterator[Hits]:
    for rows, geometry in _parts_of(sheet, ShapeKind.POLYGON):
        rings = rings_of(geometry)
        bad = np.zeros(len(geometry), bool)
        bad[np.diff(geometry.ragged[1].offsets) == 0] = True
        ends = np.cumsum(rings.lengths)
        for k in np.flatnonzero(rings.outer & (ring_areas(rings) <= 0)).tolist():
            points = rings.points[ends[k] - rings.lengths[k] : ends[k]]
            bad[rings.rows[k]] |= len(np.unique(points, axis=0)) < 3
        yield Hits(rows=rows[bad], text="has a ring of fewer than three different points")
    for rows, geometry in _parts_of(sheet, ShapeKind.POLYLINE):
        bad = np.array([_distinct(geometry, row) < 2 for row in range(len(geometry))], bool)
        yield Hits(rows=rows[bad], text="is a line of fewer than two different points")


def _distinct(geometry: Geometry, row: int) -> int:
    points = geometry.ragged[0].row(row).reshape(-1, 2)
    if len(points) > 1 and not np.array_equal(points[0], points[1]):
        return 2
    return len(np.unique(points, axis=0))


# --- crossing outlines, holes ---------------------------------------------------------------------


def _crossing(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    touches = values["touches"] > 0
    for rows, geometry in _parts_of(sheet, ShapeKind.POLYGON):
        found = {
            row: reason
            for row, reason in problems_of(geometry).items()
            if reason.startswith("Self-intersection") or (touches and reason.startswith("Ring Self"))
        }
        yield from _by_reason(rows, found, "crosses itself")


def _holes(sheet: Sheet, _: Mapping[str, Any]) -> Iterator[Hits]:
    wanted = ("Hole lies", "Holes are", "Interior is", "Nested", "Parts overlap", "Duplicate Rings")
    for rows, geometry in _parts_of(sheet, ShapeKind.POLYGON):
        found = {r: why for r, why in problems_of(geometry).items() if why.startswith(wanted)}
        yield from _by_reason(rows, found, "has holes or parts that don't fit")


def _by_reason(rows: NDArray[np.intp], found: Mapping[int, str], what: str) -> Iterator[Hits]:
    """Yield hits that tell where the outline is wrong (GEOS says it as `Self-intersection[3 4]`)."""
    at = np.array(sorted(found), np.intp)
    said = {int(rows[row]): reason for row, reason in found.items()}

    def text(run: NDArray[np.intp]) -> str:
        reason, _, where = said[int(run[0])].partition("[")
        place = ", ".join(f"{float(v):.1f}" for v in where.rstrip("]").split()[:2])
        return f"{what}: {reason.lower()}" + (f" at {place} px" if place else "")

    yield Hits(rows=rows[at], text=text)


# --- vertices -------------------------------------------------------------------------------------


def _vertices(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    for rows, geometry in _parts_of(sheet, ShapeKind.POLYGON):
        rings = rings_of(geometry)
        owner = rings.rows[rings.ring]
        same = (rings.points == rings.points[rings.after]).all(axis=1)
        same &= rings.after > np.arange(len(rings.after))  # a last vertex on the first one closes the ring: no fault
        counts = np.bincount(owner[same], minlength=len(geometry))
        yield _counted(rows, counts, ("vertex", "vertices"), "on the one before")
        sharp, straight = _angles(rings, values["spike_deg"], values["collinear_deg"])
        counts = np.bincount(owner[sharp], minlength=len(geometry))
        yield _counted(rows, counts, ("spike", "spikes"), f"of less than {values['spike_deg']:g}°")
        if values["collinear_share"] < 1:
            counts = np.bincount(owner[straight], minlength=len(geometry))
            points = np.bincount(owner, minlength=len(geometry))
            counts[counts <= points * values["collinear_share"]] = 0
            yield _counted(rows, counts, ("vertex", "vertices"), "on a straight line between its neighbours")


def _counted(rows: NDArray[np.intp], counts: NDArray[np.int64], names: tuple[str, str], where: str) -> Hits:
    bad = counts > 0
    number = dict(zip(rows[bad].tolist(), counts[bad].tolist(), strict=True))

    def text(run: NDArray[np.intp]) -> str:
        most = max(number[row] for row in run.tolist())
        return f"has {most} {names[most > 1]} {where}"

    return Hits(rows=rows[bad], text=text)


def _angles(rings: Rings, sharp_deg: float, straight_deg: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which points are spikes, and which lie on a straight line between their neighbours; (m,) each."""
    back = rings.points[rings.before] - rings.points
    ahead = rings.points[rings.after] - rings.points
    cross = back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0]
    dot = (back * ahead).sum(axis=1)
    real = (np.abs(back).sum(axis=1) > 0) & (np.abs(ahead).sum(axis=1) > 0) & (rings.lengths[rings.ring] > 3)
    tilt = np.abs(np.arctan2(cross, dot))
    return real & (tilt < math.radians(sharp_deg)), real & (tilt > math.pi - math.radians(straight_deg))


# --- what the source says -------------------------------------------------------------------------


def _masks(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    for rows, geometry in _parts_of(sheet, ShapeKind.BITMASK):
        runs = geometry.ragged[0]
        total = _sums(runs.values.astype(np.float64), runs.offsets)
        set_ = _sums(np.where(_odd(runs.offsets, len(runs.values)), runs.values, 0).astype(np.float64), runs.offsets)
        wrong = total != geometry.fixed[:, 2] * geometry.fixed[:, 3]
        yield Hits(rows=rows[wrong], text="has run lengths that don't fill its rectangle")
        yield Hits(rows=rows[(set_ == 0) & ~wrong], text="is an empty mask")
    if sheet.told_box is not None:
        yield _other_box(sheet, sheet.told_box, values["tolerance_px"])


def _sums(values: NDArray[np.float64], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[offsets[1:]] - total[offsets[:-1]])


def _odd(offsets: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    """Return which runs of masks are set: the second, fourth … of each."""
    within = np.arange(n) - np.repeat(offsets[:-1], np.diff(offsets))
    return np.asarray(within % 2 == 1)


def _other_box(sheet: Sheet, told: NDArray[np.float64], tolerance_px: float) -> Hits:
    low, high = sheet.low.copy(), sheet.high.copy()
    for rows, geometry in _parts_of(sheet, ShapeKind.BITMASK):
        for at, row in enumerate(rows.tolist()):
            mask = geometry.shape(at)
            assert isinstance(mask, Bitmask)
            left, top, width, height = bounding_rect(mask) if mask.width * mask.height == mask.runs.sum() else (0,) * 4
            low[row], high[row] = (left, top), (left + width, top + height)
    off = np.column_stack([np.abs(told[:, :2] - low), np.abs(told[:, :2] + told[:, 2:] - high)]).max(axis=1)
    skeleton = np.zeros(len(sheet), bool)
    for rows, _ in _parts_of(sheet, ShapeKind.SKELETON):
        skeleton[rows] = True  # a person's box is around the person, not around the points
    rows = np.flatnonzero((off > tolerance_px) & ~skeleton)
    return Hits(rows=rows, text=lambda run: f"has a stored box that is {off[run[0]]:.1f} px off the shape's own")


def _other_area(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    told = sheet.told_area
    if told is None:
        return
    real, slack = np.full(len(sheet), np.nan), np.zeros(len(sheet))
    box_only = np.zeros(len(sheet), bool)
    for rows, geometry in _parts_of(sheet, ShapeKind.POLYGON):
        rings = rings_of(geometry)
        # the sum of rings or, where parts lie in one another, what they cover: both are in use
        real[rows] = polygon_areas(geometry)
        slack[rows] = perimeters(rings, len(geometry)) / 2
    for rows, geometry in _parts_of(sheet, ShapeKind.BITMASK):
        runs = geometry.ragged[0]
        real[rows] = _sums(np.where(_odd(runs.offsets, len(runs.values)), runs.values, 0).astype(float), runs.offsets)
    for rows, geometry in _parts_of(sheet, ShapeKind.BOX):
        real[rows] = geometry.fixed[:, 2] * geometry.fixed[:, 3]
        slack[rows] = geometry.fixed[:, 2] + geometry.fixed[:, 3]
        box_only[rows] = True
    off = told - real
    off = np.where(box_only, np.maximum(off, 0), np.abs(off))  # a thing may fill less than its box, never more
    bad = off > np.maximum(values["share"] * real, slack)
    if sheet.crowd is not None:
        bad &= ~sheet.crowd  # COCO's own areas of crowds are those of the people, not of the region
    yield Hits(
        rows=np.flatnonzero(bad),
        text=lambda run: f"has a stored area of {told[run[0]]:.0f} px², its shape covers {real[run[0]]:.0f}",
    )


# --- skeletons ------------------------------------------------------------------------------------


def _skeletons(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    widths: dict[int, set[int]] = defaultdict(set)
    for rows, geometry in _parts_of(sheet, ShapeKind.SKELETON):
        points = geometry.fixed.reshape(len(geometry), -1, 3)
        for number in np.unique(sheet.classes[rows]).tolist():
            widths[number].add(points.shape[1])
        seen = points[:, :, 2] > 0
        size = sheet.sizes[rows][:, None, :]
        out = ((points[:, :, :2] < -values["tolerance_px"]) | (points[:, :, :2] > size + values["tolerance_px"])).any(2)
        bad = (out & seen).any(axis=1) & sheet.visible[rows]
        yield Hits(rows=rows[bad], text="has a visible point outside the frame")
    for rows, geometry in _parts_of(sheet, ShapeKind.SKELETON):
        points = geometry.fixed.shape[1] // 3
        usual = {c: max(w) for c, w in widths.items() if len(w) > 1}
        less = np.array([usual.get(c, 0) > points for c in sheet.classes[rows].tolist()], bool)
        yield Hits(rows=rows[less], text=f"has {points} points, others of its class have more")
        yield _twins(sheet, rows, geometry)


def _twins(sheet: Sheet, rows: NDArray[np.intp], geometry: Geometry) -> Hits:
    """Return skeletons of which more than half of the seen points lie on one place."""
    points = geometry.fixed.reshape(len(geometry), -1, 3)
    seen = points[:, :, 2] > 0
    low = np.where(seen[:, :, None], points[:, :, :2], np.inf).min(axis=1)
    high = np.where(seen[:, :, None], points[:, :, :2], -np.inf).max(axis=1)
    bad = (seen.sum(axis=1) > 2) & (low == high).all(axis=1)
    return Hits(rows=rows[bad & sheet.visible[rows]], text="has all its points on one place", severity=Severity.WARNING)


RULES = (
    Rule(
        rule="G06",
        title="an outline has too few points",
        severity=Severity.ERROR,
        doc="Polygons with an outer ring of fewer than three different points, polylines of fewer than two.",
        reads=Reads.LABEL,
        labels=_few_points,
        hint="draw it again or delete it",
    ),
    Rule(
        rule="G07",
        title="a polygon crosses itself",
        severity=Severity.ERROR,
        doc="Edges of a ring cross or run over each other; the place is told. A ring that only touches itself in a "
        "point is sound for most readers: `touches = 1` reports it as well.",
        reads=Reads.LABEL,
        labels=_crossing,
        params=(Param("touches", 0.0, "1: rings that touch themselves in a point are reported"),),
        hint="move the vertices beside the crossing, or merge the polygon with itself",
    ),
    Rule(
        rule="G08",
        title="a polygon has repeated vertices or spikes",
        severity=Severity.WARNING,
        doc="A vertex that repeats the one before (the last one may close the ring), or an angle of less than "
        "`spike_deg`. Vertices on straight lines are common in outlines of masks: they are reported where more than "
        "`collinear_share` of all are such.",
        reads=Reads.LABEL,
        labels=_vertices,
        params=(
            Param("spike_deg", 1.0, "degrees of a spike"),
            Param("collinear_deg", 0.01, "degrees by which a straight line may bend"),
            Param("collinear_share", 0.5, "share of vertices on straight lines that is not reported"),
        ),
        hint="remove the vertices",
        fix="vertices",
    ),
    Rule(
        rule="G09",
        title="a polygon's holes or parts don't fit",
        severity=Severity.WARNING,
        doc="Holes outside their outer ring or in one another; parts that overlap.",
        reads=Reads.LABEL,
        labels=_holes,
        hint="merge the parts; delete the hole",
    ),
    Rule(
        rule="G10",
        title="a mask is empty, broken, or not where its stored box is",
        severity=Severity.WARNING,
        doc="Bitmasks without a set pixel or with run lengths that don't fill their rectangle; boxes that the source "
        "wrote beside a polygon or mask and that are more than `tolerance_px` off its extent.",
        reads=Reads.LABEL,
        labels=_masks,
        params=(Param("tolerance_px", 1.5, "pixels by which a stored box may be off: writers round"),),
        hint="export the labels anew: boxes are then those of the shapes",
    ),
    Rule(
        rule="G11",
        title="a stored area is not that of the shape",
        severity=Severity.WARNING,
        doc="By more than `share` of the area and more than half a pixel along the outline (areas of rasterised shapes "
        "differ by that). A box may hold a smaller thing, never a larger one.",
        reads=Reads.LABEL,
        labels=_other_area,
        params=(Param("share", 0.01, "share of the area that is not reported"),),
        hint="export the labels anew: areas are then those of the shapes",
    ),
    Rule(
        rule="G14",
        title="a skeleton lacks points, has them on one place, or a visible one outside the frame",
        severity=Severity.ERROR,
        doc="A visible point further out than `tolerance_px`; fewer points than others of the class; all seen "
        "points on "
        "one place (a warning).",
        reads=Reads.LABEL,
        labels=_skeletons,
        params=(Param("tolerance_px", 0.5, "pixels that a point may lie outside"),),
        hint="move the point, or set it to invisible",
    ),
)
