"""Hypothesis strategies for figures that people draw: valid polygons, strokes, brushes, masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from tui_editor.model import geometry
from tui_editor.model.brush import Brush
from tui_editor.model.shapes import Polygon, polygon

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn
    from numpy.typing import NDArray

SIDE = 120.0
"""Figures lie in a square of this side, roughly."""

places = st.tuples(st.integers(0, int(SIDE)).map(float), st.integers(0, int(SIDE)).map(float))
paths = st.lists(places, min_size=1, max_size=6).map(lambda found: np.array(found, np.float64))
brushes = st.builds(Brush, size_px=st.integers(2, 40).map(float), square=st.booleans())
tolerances = st.floats(0.1, 20)


@st.composite
def stars(draw: DrawFn, *, least: int = 3, most: int = 12) -> NDArray[np.float64]:
    """Draw a ring (n, 2) that never crosses itself: radii around a centre, in either direction."""
    count = draw(st.integers(least, most))
    radii = draw(st.lists(st.integers(5, 40), min_size=count, max_size=count))
    centre = np.array(draw(places))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    ring: NDArray[np.float64] = centre + np.array(radii)[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    return ring if draw(st.booleans()) else ring[::-1]


@st.composite
def polygons(draw: DrawFn) -> Polygon:
    """Draw a valid polygon: of one part, with a hole, or of several parts."""
    found = polygon(draw(stars()))
    for _ in range(draw(st.integers(0, 2))):
        other = polygon(draw(stars(most=6)))
        after = geometry.union([found, other]) if draw(st.booleans()) else geometry.difference(found, other)
        found = after if after.parts else other
    return found


def same_area(a: Polygon, b: Polygon) -> float:
    """Return the area in square pixels that only one of two valid polygons covers."""
    return geometry.area(geometry.difference(a, b)) + geometry.area(geometry.difference(b, a))


masks = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**81 - 1)).map(
    lambda m: np.array([m[2] >> n & 1 for n in range(m[0] * m[1])], np.bool_).reshape(m[1], m[0])
)
"""Arrays of set pixels, up to 9 × 9."""
