"""Counts what an import or export could not carry over, by kind of loss. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.ports import Loss
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable


class LossLog:
    """Losses by what was lost: each kind keeps its count and the first place."""

    def __init__(self) -> None:
        self._found: dict[str, Loss] = {}

    def add(self, what: str, where: str = "", count: int = 1) -> None:
        """Count a loss.

        Args:
            what: The same text for the same kind of loss (`crowd flag`).
            where: The place of this one; the first of a kind is kept. Text from data is neutralised here.
            count: How many labels or values were lost at that place.
        """
        known = self._found.get(what)
        if known is None:
            self._found[what] = Loss(what=what, where=one_line(where), count=count)
        else:
            self._found[what] = Loss(what=what, where=known.where, count=known.count + count)

    def extend(self, losses: Iterable[Loss]) -> None:
        """Count losses that were found elsewhere."""
        for loss in losses:
            self.add(loss.what, loss.where, loss.count)

    def losses(self) -> tuple[Loss, ...]:
        """Return one loss for each kind, in the order in which the kinds were met."""
        return tuple(self._found.values())

    def __bool__(self) -> bool:
        return bool(self._found)
