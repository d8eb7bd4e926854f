"""What the compositor wrote over, and who wants to know: those who paint past it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from textual.geometry import Region

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
