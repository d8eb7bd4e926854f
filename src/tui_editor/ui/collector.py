"""The garbage collector rests while a window starts and while a long piece of work goes on: what is made then stays.

Its passes cost a tenth of the start, and a fifth of a second each among the tracks of a large edit. What lives at the
end (modules, the document) is left out of later passes: those are shorter for it.
"""

from __future__ import annotations

import gc


def rest() -> None:
    """Stop collecting until `work`."""
    gc.disable()


def work() -> None:
    """Collect again, only what comes from now on; does nothing when it never rested."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
