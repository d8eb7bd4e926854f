"""The console by which Textual makes bytes of text, with the colours that the terminal has."""

from __future__ import annotations

from typing import Final, Literal

from rich.console import Console

_System = Literal["standard", "256", "truecolor"] | None
_SYSTEMS: Final[dict[int, _System]] = {2: None, 16: "standard", 256: "256", 1 << 24: "truecolor"}


def console_like(old: Console, colours: int) -> Console:
    """Return a console like Textual's for a number of colours; Textual itself only knows COLORTERM and TERM.

    Args:
        old: Textual's.
        colours: As `Terminal.colours`; one that is unknown changes nothing.
    """
    if colours not in _SYSTEMS:
        return old
    return Console(
        color_system=_SYSTEMS[colours],
        file=old.file,
        no_color=old.no_color,
        markup=True,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
