"""Polygon and bitmask tools against bare shapely, and strokes of 200 dabs and on 4K masks.

Ours keeps the start vertex and the way rings run, drops crumbs, thins out what a stroke made, and checks that the
result is valid. Bare shapely is what gives the same figure: build, look whether it is valid (files hold others, and
set operations on those go wrong), operate, simplify where ours does, read the coordinates.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import numpy as np

from bench.figures import Figure, figure, interleaved_medians_ms
from tui_editor.model import mask_sets, mask_strokes, polygons, rings
from tui_editor.model.brush import Brush
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.shapes import Bitmask, Polygon, polygon

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

COUNTS = (20, 100, 1000, 10_000)
RUNS = 31
RADIUS_PX = 400.0
CENTRE = 500.0
BRUSH = Brush(size_px=40)
SIZE_4K = (3840, 2160)
WANTED = {1000: "≤ 1.5"}


def run() -> list[Figure]:
    return [*(found for count in COUNTS for found in _operations(count)), *_dabs(), *_masks()]


def _outline(count: int, centre: float = CENTRE) -> NDArray[np.float64]:
    """Return a ring (count, 2) with a ripple, as an outline drawn by hand has."""
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    tremor = min(0.3, RADIUS_PX / count)  # so that neighbours never pass each other
    radii = RADIUS_PX + 10 * np.sin(angles * 9) + np.random.default_rng(count).uniform(-tremor, tremor, count)
    ring: NDArray[np.float64] = centre + radii[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    return ring


def _operations(count: int) -> list[Figure]:
    ours, theirs = _subjects(count)
    found = interleaved_medians_ms(
        {**ours, **{f"shapely {name}": call for name, call in theirs.items()}}, runs=RUNS, clock=time.process_time
    )
    found = {name: max(value, 1e-4) for name, value in found.items()}
    wanted = WANTED.get(count, "")
    return [
        figure(
            f"polygon of {count}: {name}",
            found[name],
            "ms",
            n=RUNS,
            peer=f"bare shapely {wanted}".strip(),
            peer_value=found[f"shapely {name}"],
        )
        for name in ours
    ]


def _subjects(count: int) -> tuple[dict[str, Callable[[], object]], dict[str, Callable[[], object]]]:
    import shapely
    from shapely.ops import split

    ring, other = _outline(count), _outline(count, CENTRE + 350)
    shape, second = polygon(ring), polygon(other)
    path = np.column_stack([np.linspace(880, 960, 40), np.linspace(400, 600, 40)])
    quarter = count // 4
    drawn = np.column_stack([np.linspace(950, 500, 30), np.linspace(500, 950, 30)])
    lasso = np.array([[800, 300], [1000, 300], [1000, 700], [800, 700]])
    cut = shapely.LineString([(-500, 400), (1500, 600)])
    around = shapely.Polygon(lasso)

    def stroke() -> BaseGeometry:
        return shapely.LineString(path).simplify(0.25).buffer(BRUSH.size_px / 2, quad_segs=6)

    def built(points: NDArray[np.float64]) -> BaseGeometry:
        made = shapely.Polygon(points)
        assert shapely.is_valid(made)
        return made

    def read(geometry: BaseGeometry) -> object:
        return shapely.get_coordinates(geometry)

    def spliced() -> object:
        after = np.vstack([ring[:1], drawn, ring[quarter:]])
        return read(shapely.make_valid(shapely.Polygon(after), method="structure"))

    def snipped() -> object:
        left = ring[~shapely.contains_xy(around, ring[:, 0], ring[:, 1])]
        return read(shapely.make_valid(shapely.Polygon(left), method="structure"))

    ours: dict[str, Callable[[], object]] = {
        "add a brush stroke": lambda: polygons.with_stroke(shape, path, BRUSH),
        "erase a brush stroke": lambda: polygons.without_stroke(shape, path, BRUSH),
        "merge with another": lambda: polygons.merged(shape, second),
        "subtract another": lambda: polygons.subtracted(shape, second),
        "split by a line": lambda: polygons.split(shape, (100, 460), (900, 540)),
        "simplify": lambda: polygons.simplified(shape, 0.5),
        "touch up a quarter": lambda: polygons.touched_up(shape, (0, 0, 0), (0, 0, quarter), drawn),
        "scissors": lambda: polygons.snipped(shape, lasso),
    }
    theirs: dict[str, Callable[[], object]] = {
        "add a brush stroke": lambda: read(built(ring).union(stroke()).simplify(0.5)),
        "erase a brush stroke": lambda: read(built(ring).difference(stroke()).simplify(0.5)),
        "merge with another": lambda: read(built(ring).union(built(other))),
        "subtract another": lambda: read(built(ring).difference(built(other))),
        "split by a line": lambda: read(split(built(ring), cut)),
        "simplify": lambda: read(built(ring).simplify(0.5)),
        "touch up a quarter": spliced,
        "scissors": snipped,
    }
    return ours, theirs


def _dabs() -> list[Figure]:
    """Measure one stroke of 200 dabs on a polygon of 1,000 vertices, as one path and with shapely dab by dab."""
    import shapely

    rng = np.random.default_rng(7)
    path = np.array([900.0, 500.0]) + np.cumsum(rng.normal(0, 4, (200, 2)), axis=0)
    ring = _outline(1000)
    shape = polygon(ring)

    def dab_by_dab() -> object:
        whole: BaseGeometry = shapely.Polygon(ring)
        for x, y in path:
            whole = whole.union(shapely.Point(x, y).buffer(BRUSH.size_px / 2, quad_segs=8))
        return shapely.get_coordinates(whole)

    found = interleaved_medians_ms(
        {"ours": lambda: polygons.with_stroke(shape, path, BRUSH), "dabs": dab_by_dab}, runs=11, clock=time.process_time
    )
    square = Brush(size_px=40, square=True)
    squares = _cpu_ms(lambda: polygons.with_stroke(shape, path, square), 11)
    return [
        figure(
            "brush stroke of 200 dabs, wanted ≤ 16 ms", found["ours"], "ms", n=11, peer="shapely dab by dab",
            peer_value=found["dabs"],
        ),
        figure("square brush stroke of 200 dabs, wanted ≤ 16 ms", squares, "ms", n=11),
    ]  # fmt: skip


def _masks() -> list[Figure]:
    """Measure strokes on a mask of a 4K frame, against the same with a whole frame of pixels in OpenCV."""
    import cv2

    width, height = SIZE_4K
    y, x = np.ogrid[:height, :width]
    bits = ((x - 1900) / 1500) ** 2 + ((y - 1000) / 900) ** 2 < 1 + 0.1 * np.sin(x / 40) * np.cos(y / 30)
    mask = bitmask_from_array(bits)
    runs = {
        "short": np.array([[1000.0, 1000.0], [1300.0, 1200.0]]),
        "corner to corner": np.array([[20.0, 20.0], [3820.0, 2140.0]]),
    }
    brush = Brush(size_px=100)

    def whole(path: NDArray[np.float64]) -> Bitmask:
        canvas = bits.astype(np.uint8)
        cv2.polylines(canvas, [path.astype(np.int32)], False, 0, 100)
        return bitmask_from_array(canvas)

    def ours(path: NDArray[np.float64]) -> Bitmask:
        return mask_sets.without(mask, mask_strokes.stroke_mask(path, brush, SIZE_4K))

    found: list[Figure] = []
    for name, path in runs.items():
        times = interleaved_medians_ms(
            {"ours": lambda path=path: ours(path), "whole": lambda path=path: whole(path)},  # type: ignore[misc]
            runs=11,
            clock=time.process_time,
        )
        found.append(
            figure(
                f"stroke on a 4K mask, {name}, wanted ≤ 16 ms",
                times["ours"],
                "ms",
                n=11,
                peer="a whole frame in OpenCV",
                peer_value=times["whole"],
            )
        )
    return [*found, *_painting(mask)]


def _painting(mask: Bitmask) -> list[Figure]:
    """Measure what keys on a 4K frame wait for: protecting 20 other masks, and a vertex near the pointer."""
    stroke = mask_strokes.stroke_mask(np.array([[900.0, 900.0], [1800.0, 1500.0]]), Brush(size_px=80), SIZE_4K)
    others = [
        mask_strokes.stroke_mask(np.array([[n * 150.0, 300.0], [n * 150.0, 1800.0]]), Brush(size_px=90), SIZE_4K)
        for n in range(20)
    ]
    protect = _cpu_ms(lambda: mask_sets.united(mask, mask_sets.without(stroke, *others)), 11)
    large: Polygon = polygon(_outline(10_000))
    nearest = _cpu_ms(lambda: rings.nearest_edge(large, (700.0, 200.0)), 11)
    return [
        figure("stroke on a 4K mask beside 20 protected ones", protect, "ms", n=11),
        figure("nearest edge of a polygon of 10000", nearest, "ms", n=11),
    ]


def _cpu_ms(subject: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        started = time.process_time()
        subject()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)
