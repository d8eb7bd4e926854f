"""How much of a picture is sent, and who decides it: the speed of the line, and whether somebody is on the move."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui_editor.ui.terminal.flow import Line


class Quality(IntEnum):
    """How true a picture is; each surface has its own way for each."""

    COARSE = 0
    """Half the resolution in both directions, few colours."""
    REDUCED = 1
    """Every pixel, few colours."""
    FULL = 2
    """As good as the protocol can."""


MOVING_MS: Final = 40.0
"""What a picture may cost while keys follow one another."""
STEP_MS: Final = 120.0
"""What the first picture after a rest may cost."""
PROMPT_MS: Final = 12.0
"""What of that a lossless picture may cost: the reduced one is there sooner, and the true one follows at rest."""
REST_MS, LOCAL_REST_MS = 4000.0, 30_000.0
"""What the true picture may cost when the keys rest; on a slower line the reduced one stays. A terminal of this machine
is slow only while it is busy, and its last figures say nothing of how fast it is afterwards."""
AHEAD_MS: Final = 60.0
"""What an upload that nobody asked for yet may cost: a key that comes meanwhile waits for its end."""

_BYTES_A_PIXEL: Final = {Quality.FULL: 1.6, Quality.REDUCED: 0.45, Quality.COARSE: 0.14}
"""On the wire, for a photograph, until pictures of this view were measured."""
_KEEP: Final = 0.7
"""Share of the old mean in the new one."""


class Pace:
    """Chooses how true the next picture is. Used on the event loop only.

    Args:
        line: What was measured of the way to the terminal.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._bytes_a_pixel = dict(_BYTES_A_PIXEL)

    def learn(self, quality: Quality, pixels: int, size: int) -> None:
        """Note how many bytes a picture of so many pixels had."""
        if pixels > 0 and size > 0:
            old = self._bytes_a_pixel[quality]
            self._bytes_a_pixel[quality] = old * _KEEP + size / pixels * (1 - _KEEP)

    def cost_ms(self, quality: Quality, pixels: int) -> float:
        """Return how long the line is expected to need for a picture."""
        return self._line.transfer_ms(self._bytes_a_pixel[quality] * pixels)

    def within(self, budget_ms: float, pixels: int) -> Quality:
        """Return the truest picture that the line carries in time; the coarsest when none is."""
        for quality in (Quality.FULL, Quality.REDUCED):
            if self.cost_ms(quality, pixels) <= budget_ms:
                return quality
        return Quality.COARSE

    def at_once(self, budget_ms: float, pixels: int) -> Quality:
        """Return how true a picture is made that somebody waits for."""
        best = self.within(budget_ms, pixels)
        return min(best, Quality.REDUCED) if self.cost_ms(Quality.FULL, pixels) > PROMPT_MS else best

    def at_rest(self, pixels: int) -> Quality:
        """Return how true the picture is made when the keys rest."""
        return max(Quality.REDUCED, self.within(REST_MS if self._line.remote else LOCAL_REST_MS, pixels))

    def ahead(self, pixels: int) -> Quality | None:
        """Return how true a picture may be uploaded before it is asked for; None when the line has no time for it."""
        best = self.within(AHEAD_MS, pixels)
        return best if self.cost_ms(best, pixels) <= AHEAD_MS else None
