"""Boxes from two corners and from typed numbers."""

from __future__ import annotations

import re

from tui_editor.errors import UsageError
from tui_editor.model.shapes import Box

Point = tuple[float, float]

_TYPED = re.compile(
    r"^\s*@?\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)(?:\s+(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?))?\s*$"
)


def box_between(a: Point, b: Point, size: tuple[float, float] | None = None) -> Box:
    """Return the box with these opposite corners, cut to an image of `size` (width, height) when given."""
    if size is not None:
        a, b = _inside(a, size), _inside(b, size)
    x, y = min(a[0], b[0]), min(a[1], b[1])
    return Box(x, y, abs(a[0] - b[0]), abs(a[1] - b[1]))


def _inside(point: Point, size: tuple[float, float]) -> Point:
    return min(max(point[0], 0.0), size[0]), min(max(point[1], 0.0), size[1])


def parse_place(text: str) -> tuple[Point, tuple[float, float] | None]:
    """Return the point, and the size when it was given, of `@120,40` or `@120,40 200x80`.

    Raises:
        UsageError: the text is neither.
    """
    match = _TYPED.match(text)
    if match is None:
        raise UsageError("write x,y or x,y widthxheight in pixels", hint="@120,40 200x80")
    x, y, width, height = match.groups()
    return (float(x), float(y)), (float(width), float(height)) if width else None
