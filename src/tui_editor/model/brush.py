"""A brush: what a stroke covers is worked out by `polygons` and `mask_strokes`."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

LEAST_PX = 1.0
MOST_PX = 2000.0


class Brush(Struct, frozen=True, kw_only=True):
    """A disc or an upright square that is drawn along a path."""

    size_px: float = 20.0
    """Diameter, or the square's side, in image pixels: `LEAST_PX`..`MOST_PX`."""
    square: bool = False

    def sized(self, size_px: float) -> Brush:
        """Return the brush with another size, as near to it as a brush may have."""
        return replace(self, size_px=min(max(size_px, LEAST_PX), MOST_PX))
