"""The colours of text on the dark and on the light screen. The canvas is dark on both: labels are drawn for it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rich.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

DARK_THEME: Final = "textual-dark"
LIGHT_THEME: Final = "textual-light"
_VARIABLES: Final[Mapping[str, tuple[str, str]]] = {
    "ground": ("#14161b", "#fbfbfd"),
    "bar": ("#1d2028", "#eceef3"),
    "header": ("#262b36", "#dfe3ec"),
    "ink": ("#d7dae0", "#1b1f27"),
    "dialog": ("#20242e", "#f3f5f9"),
    "dialog-ink": ("#e6e9ef", "#14171d"),
    "edge": ("#3b4252", "#b6bdca"),
    "edge-faint": ("#2a2f3a", "#d3d8e2"),
    "edge-title": ("#aab2c0", "#4b5362"),
    "edge-note": ("#6b7484", "#67707f"),
    "lit": ("#ffd75f", "#8a5a00"),
    "hint": ("#8a93a3", "#5b6472"),
}
"""Variables of the style sheet, on the dark and on the light screen; text has a contrast of 4.5 : 1 on both."""
_LIGHT_INKS: Final[Mapping[str, str]] = {
    "#5fd787": "#1a7f37",
    "#ff6b6b": "#c4232d",
    "#ffd75f": "#8a5a00",
    "#ffffff": "#000000",
}
FEW_COLOURS: Final = 16
_FEW_LIT: Final = "#0000aa"
"""Of sixteen colours the nearest to a dark yellow is yellow, which nobody reads on white: blue is in its place."""
_LIT: Final = "#ffd75f"
_LIGHT_PAPERS: Final[Mapping[str, str]] = {"#264f78": "#b9d5f7", "#2a2f3a": "#dde2eb"}
MOST_LUMINANCE: Final = 0.17
"""Against the light screen this is a contrast of 4.5 : 1."""

_light = _few = False


def variables(theme: str, *, few: bool = False) -> dict[str, str]:
    """Return the style sheet's variables of a theme.

    Args:
        theme: Its name.
        few: Whether text has no more than `FEW_COLOURS`.
    """
    found = {f"te-{name}": pair[theme == LIGHT_THEME] for name, pair in _VARIABLES.items()}
    return {**found, "te-lit": _FEW_LIT} if few and theme == LIGHT_THEME else found


def set_light(light: bool, *, few: bool = False) -> None:
    """Have text painted for the light screen, or for the dark one; `few`: with no more than `FEW_COLOURS`."""
    global _light, _few  # one screen has one theme; every line that is painted asks for it
    _light, _few = light, few


def themed(style: Style) -> Style:
    """Return a style of the dark screen as it is painted on the screen that there is."""
    return _on_light(style, few=_few) if _light else style


@lru_cache(maxsize=4096)
def _on_light(style: Style, *, few: bool) -> Style:
    ink = style.color.get_truecolor().hex if style.color is not None else ""
    paper = style.bgcolor.get_truecolor().hex if style.bgcolor is not None else ""
    if paper and paper not in _LIGHT_PAPERS:
        return style  # it brings its own ground
    if few and ink == _LIT:
        return style + Style(color=_FEW_LIT, bgcolor=_LIGHT_PAPERS.get(paper))
    return style + Style(
        color=(_LIGHT_INKS.get(ink) or darkened(ink)) if ink else None, bgcolor=_LIGHT_PAPERS.get(paper)
    )


def darkened(color: str) -> str:
    """Return a `#RRGGBB` colour that can be read on the light screen: light ones are mixed with black."""
    rgb = [int(color[n : n + 2], 16) for n in (1, 3, 5)]
    mixed = rgb
    for step in range(11):
        mixed = [round(c * (10 - step) / 10) for c in rgb]
        if luminance(mixed) <= MOST_LUMINANCE:
            break
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def luminance(rgb: list[int]) -> float:
    """Return the relative luminance 0..1 of WCAG 2."""
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
