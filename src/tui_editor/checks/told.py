"""Findings about labels that are as they were: they are not made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.sheet import Sheet
    from tui_editor.ports import Finding, Severity

MOST: Final = 50_000
"""Findings that are kept; more are made again."""


class Saying(NamedTuple):
    """What tells a finding about a run of labels from all others, whatever sheet they are in."""

    rule: str
    said: str
    severity: Severity | None
    unit: UnitId
    instance: InstanceId | None
    """None when the frame is at fault."""
    other: InstanceId | None
    first: int
    last: int


class Told:
    """Findings by what they say. Whoever keeps them says which labels changed."""

    def __init__(self) -> None:
        self._findings: dict[Saying, Finding] = {}

    def once(self, saying: Saying, make: Callable[[], Finding]) -> Finding:
        """Return the finding that says so; made where there is none."""
        found = self._findings.get(saying)
        if found is None:
            if len(self._findings) >= MOST:
                self._findings.clear()
            found = self._findings[saying] = make()
        return found

    def forget(self, touched: frozenset[int]) -> None:
        """Drop the findings about objects that are no longer what they were."""
        gone = [saying for saying in self._findings if saying.instance in touched or saying.other in touched]
        for saying in gone:
            del self._findings[saying]

    def clear(self) -> None:
        """Drop all."""
        self._findings.clear()


def place_of(
    sheet: Sheet, rows: NDArray[np.intp], other: NDArray[np.intp] | None, *, whole_frame: bool
) -> tuple[UnitId, InstanceId | None, InstanceId | None, int, int]:
    """Return where a run of labels is, as the end of a `Saying`: cheaper than a `Place`, which has names."""
    unit, instance = sheet.things[int(sheet.track[rows[0]])]
    beside = None if other is None else sheet.things[int(sheet.track[other[0]])][1]
    first, last = int(sheet.frames[rows[0]]), int(sheet.frames[rows[-1]])
    return unit, None if whole_frame else instance, beside, first, last
