"""The garbage collector rests while a window starts: nothing becomes garbage then, and its passes cost a tenth.

What lives at the end of the start (modules, the document) is left out of later passes: those are shorter for it.
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
