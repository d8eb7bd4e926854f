"""Boxes from two corners and from typed numbers."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui_editor.errors import UsageError
from tui_editor.model.shapes import Box
from tui_editor.text import one_line

Point = tuple[float, float]

_NUMBER = r"-?\d+(?:\.\d+)?"
_PLACE = re.compile(rf"({_NUMBER})\s*,\s*({_NUMBER})")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)$")
_MOST_PX = 1e9
"""No frame is that large; larger numbers are slips of the hand."""


class Typed(NamedTuple):
    """Coordinates that were typed, in image pixels."""

    points: tuple[Point, ...]
    """At least one."""
    size: tuple[float, float] | None = None
    """Width and height, where they were given."""


def box_between(a: Point, b: Point, size: tuple[float, float] | None = None) -> Box:
    """Return the box with these opposite corners, cut to an image of `size` (width, height) when given."""
    if size is not None:
        a, b = _inside(a, size), _inside(b, size)
    x, y = min(a[0], b[0]), min(a[1], b[1])
    return Box(x, y, abs(a[0] - b[0]), abs(a[1] - b[1]))


def _inside(point: Point, size: tuple[float, float]) -> Point:
    return min(max(point[0], 0.0), size[0]), min(max(point[1], 0.0), size[1])


def parse_place(text: str) -> Typed:
    """Return the point of `@120,40`, point and size of `@120,40 200x80`, or the points of `10,10 50,10 50,40`.

    Raises:
        UsageError: the text is none of these, or a number is too large to be a pixel.
    """
    rest, points = text.strip().removeprefix("@").strip(), []
    while match := _PLACE.match(rest):
        points.append((float(match[1]), float(match[2])))
        rest = rest[match.end() :].strip()
    sized = _SIZE.match(rest) if len(points) == 1 else None
    if not points or (rest and sized is None):
        raise UsageError(f"{one_line(rest or text)} is no place", hint="x,y or x,y widthxheight: @120,40 200x80")
    size = (float(sized[1]), float(sized[2])) if sized else None
    if any(abs(number) > _MOST_PX for pair in (*points, size or (0.0, 0.0)) for number in pair):
        raise UsageError("that number is too large to be a pixel")
    return Typed(tuple(points), size)
