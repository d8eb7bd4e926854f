"""What can be drawn over a frame, as values. Positions are image pixels; widths and letters are screen pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.render.palette import RGB

Point = tuple[float, float]
BoxPx = tuple[float, float, float, float]
"""x, y, width, height in image pixels."""

HINT_LETTERS = "qweasdzxc"
"""Keys of the 3×3 grid, row by row, as they lie on a keyboard."""


class Style(Struct, frozen=True, kw_only=True):
    """How a mark looks. Marks that look alike should share one style: they are drawn together."""

    colour: RGB
    thickness: int = 2
    """Of lines, in screen pixels."""
    dashed: bool = False
    fill_alpha: float = 0.0
    """Opacity of the inside, 0..1."""
    dimmed: bool = False
    """Drawn first, darker and without its inside."""
    selected: bool = False
    """Drawn last."""


class BoxMark(Struct, frozen=True):
    """An upright rectangle."""

    box_px: BoxPx
    style: Style


class PolygonMark(Struct, frozen=True, eq=False):
    """An outer ring and its holes, each float64 (n, 2)."""

    rings: tuple[NDArray[np.float64], ...]
    style: Style


class PolylineMark(Struct, frozen=True, eq=False):
    """An open line through points, float64 (n, 2)."""

    points: NDArray[np.float64]
    style: Style


class PointMark(Struct, frozen=True):
    """A single point."""

    point_px: Point
    style: Style


class SkeletonMark(Struct, frozen=True, eq=False):
    """Joined points: float64 (k, 2), pairs of indices, and how each can be seen (0 not, 1 seen, 2 and 3 covered)."""

    points: NDArray[np.float64]
    edges: tuple[tuple[int, int], ...]
    visibility: NDArray[np.uint8]
    style: Style


class MaskMark(Struct, frozen=True, eq=False):
    """Set pixels, bool (h, w), whose first one lies at `left`, `top`."""

    bits: NDArray[np.bool_]
    left: int
    top: int
    style: Style


class HandleMark(Struct, frozen=True):
    """A place to take hold of; `active` is the one that keys move."""

    point_px: Point
    style: Style
    active: bool = False
    side_px: int = 7
    """Of the square, in screen pixels; an active one is larger by two."""


class CrosshairMark(Struct, frozen=True):
    """Lines through a point over the whole canvas."""

    point_px: Point
    style: Style


class PinMark(Struct, frozen=True):
    """An issue at a point, with a letter or number in it."""

    point_px: Point
    text: str
    style: Style
    radius_px: float = 9.0
    """Of the head, in screen pixels; one that is too small for the letter has none."""


class GridMark(Struct, frozen=True):
    """A box in 3×3 parts, each with the letter that chooses it."""

    box_px: BoxPx
    style: Style
    letters: str = HINT_LETTERS


class TagMark(Struct, frozen=True):
    """A line of text at the top-left corner of a box, kept on the canvas while the box is."""

    box_px: BoxPx
    text: str
    style: Style


Mark = (
    BoxMark
    | PolygonMark
    | PolylineMark
    | PointMark
    | SkeletonMark
    | MaskMark
    | HandleMark
    | CrosshairMark
    | PinMark
    | GridMark
    | TagMark
)


def look_alike(some: Sequence[Mark], others: Sequence[Mark]) -> bool:
    """Return whether two scenes are drawn alike: the same marks in the same order, by their content."""
    return len(some) == len(others) and all(
        one is other or _equal(one, other) for one, other in zip(some, others, strict=True)
    )


def _equal(one: Mark, other: Mark) -> bool:
    if type(one) is not type(other):
        return False
    names = one.__struct_fields__
    return all(_same_value(getattr(one, name), getattr(other, name)) for name in names)


def _same_value(one: object, other: object) -> bool:
    if one is other:
        return True
    if hasattr(one, "dtype"):
        return one.shape == other.shape and bool((one == other).all())  # type: ignore[attr-defined]
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_same_value(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)
