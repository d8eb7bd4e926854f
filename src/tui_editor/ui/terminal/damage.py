"""What the compositor wrote over, and who wants to know: those who paint past it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from msgspec import Struct
from textual.geometry import Region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tui_editor.ui.terminal.flow import Sent


class PictureOwner(Protocol):
    """Who paints pixels past the compositor. All methods are called on the event loop's thread."""

    def compositor_wrote(self, damage: Damage) -> None:
        """Learn what was overwritten, before the terminal shows it: what is written now appears with it."""

    def line_ready(self) -> None:
        """Learn that another picture may be sent."""

    def update_shown(self, sent: Sent) -> None:
        """Learn that the terminal has worked off an update."""

    def terminal_restored(self) -> None:
        """Learn that the terminal was left and holds nothing of ours any more."""

    def cell_size_changed(self) -> None:
        """Learn that the font or its size changed."""


class SeenCells(NamedTuple):
    """Where a widget lies on the screen; masks are (height, width) of its region."""

    region: Region
    uncovered: NDArray[np.bool_]
    """Cells that no other widget lies over."""
    inside: NDArray[np.bool_]
    """Cells that lie on the screen at all."""


def seen_cells(placed: Mapping[Any, tuple[Region, Region]], widget: object) -> SeenCells:
    """Return where a widget lies.

    Args:
        placed: Region and clip of each widget on the screen, from the front to the back.
        widget: The one that is asked for.
    """
    if widget not in placed:
        return SeenCells(Region(), np.zeros((0, 0), np.bool_), np.zeros((0, 0), np.bool_))
    region, clip = placed[widget]
    mask = np.zeros((region.height, region.width), np.bool_)
    part_of(mask, region, region.intersection(clip))[:] = True
    inside = mask.copy()
    for other, (other_region, other_clip) in placed.items():
        if other is widget:
            break
        part_of(mask, region, other_region.intersection(other_clip).intersection(region))[:] = False
    return SeenCells(region, mask, inside)


class Damage(Struct, frozen=True):
    """Cells that the compositor wrote: spans (y, x1, x2) of the screen; None: everywhere."""

    spans: tuple[tuple[int, int, int], ...] | None

    def of(self, region: Region) -> NDArray[np.bool_]:
        """Return which cells (height, width) of a region were written."""
        mask = np.zeros((region.height, region.width), np.bool_)
        if self.spans is None:
            mask[:] = True
            return mask
        for y, x1, x2 in self.spans:
            if region.y <= y < region.bottom:
                mask[y - region.y, max(0, x1 - region.x) : max(0, x2 - region.x)] = True
        return mask


def part_of(mask: NDArray[np.bool_], region: Region, part: Region) -> NDArray[np.bool_]:
    """Return the view of a region's mask (height, width) inside a part of the screen that lies within it."""
    y, x = part.y - region.y, part.x - region.x
    return mask[y : y + part.height, x : x + part.width] if part else mask[:0]
