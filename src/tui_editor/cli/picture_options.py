"""Options for how the pixels of a frame are shown: the picture settings of a view."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tui_editor.errors import UsageError
from tui_editor.state.picture import PLAIN, Channel, PictureSettings, with_setting
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse

_LEVELS = {
    "rotation_deg": ("--rotate", "DEGREES", "turn clockwise"),
    "contrast": ("--contrast", "N", "0 to 4; 1 is that of the file"),
    "brightness": ("--brightness", "N", "-1 (black) to 1 (white)"),
    "gamma": ("--gamma", "N", "0.1 to 5; above 1 shadows open"),
}


def add_picture(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("how pixels are shown")
    for name, (option, metavar, text) in _LEVELS.items():
        group.add_argument(option, metavar=metavar, dest=name, type=_number, help=text)
    group.add_argument("--channel", choices=list(map(str, Channel)), help="one colour, or all, as grey")
    group.add_argument("--pixelated", action="store_true", help="sharp squares where it is magnified")
    group.add_argument(
        "--window", metavar="CENTRE,WIDTH", type=_window, help="pixel values from black to white: --window=-600,1500"
    )


def picture_settings(arguments: argparse.Namespace) -> PictureSettings:
    """Return what the options ask for; levels beyond their limits become the nearest."""
    settings = PictureSettings(
        channel=Channel(arguments.channel or Channel.ALL),
        window=arguments.window,
        pixelated=arguments.pixelated,
    )
    for name in _LEVELS:
        value = getattr(arguments, name)
        settings = with_setting(settings, name, getattr(PLAIN, name) if value is None else value)
    return settings


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{one_line(text)} is not a number")
    return value


def _window(text: str) -> tuple[float, float]:
    centre, _, width = text.partition(",")
    window = _number(centre), _number(width)
    if window[1] <= 0:
        raise UsageError("the width of a window is above 0", hint="centre and width: 40,400")
    return window
