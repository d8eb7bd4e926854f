"""The colours of both themes can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from tui_editor.ui.widgets import inks
from tui_editor.ui.widgets.bars import KEY
from tui_editor.ui.widgets.rows import BAD, DIM, GOOD, WARN
from tui_editor.ui.widgets.virtual_list import CURSOR

LEAST_CONTRAST = 4.5


def rgb(color: str) -> list[int]:
    return [int(color[n : n + 2], 16) for n in (1, 3, 5)]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((inks.luminance(rgb(one)), inks.luminance(rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [inks.DARK_THEME, inks.LIGHT_THEME])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "ground"),
        ("ink", "bar"),
        ("ink", "header"),
        ("dialog-ink", "dialog"),
        ("lit", "dialog"),
        ("hint", "dialog"),
    ],
)
def test_text_has_contrast_on_what_it_stands_on(theme: str, ink: str, paper: str) -> None:
    found = inks.variables(theme)
    assert contrast(found[f"te-{ink}"], found[f"te-{paper}"]) >= LEAST_CONTRAST


@pytest.mark.parametrize("style", [GOOD, BAD, WARN, KEY])
def test_a_colour_that_means_something_can_be_read_on_the_light_screen(style: Style) -> None:
    inks.set_light(True)
    try:
        painted = inks.themed(style)
    finally:
        inks.set_light(False)
    assert painted.color is not None
    assert contrast(painted.color.get_truecolor().hex, inks.variables(inks.LIGHT_THEME)["te-ground"]) >= LEAST_CONTRAST
    assert painted.bold == style.bold


@given(st.integers(0, 0xFFFFFF))
def test_every_class_colour_can_be_read_on_the_light_screen(number: int) -> None:
    assert contrast(inks.darkened(f"#{number:06x}"), "#fbfbfd") >= LEAST_CONTRAST


def test_on_the_dark_screen_styles_are_what_they_are() -> None:
    assert all(inks.themed(style) is style for style in (GOOD, DIM, CURSOR))


def test_what_brings_its_own_ground_stays_as_it_is_on_the_light_screen() -> None:
    picture = Style(color="#ff0000", bgcolor="#00ff00")
    inks.set_light(True)
    try:
        assert inks.themed(picture) == picture
        assert inks.themed(CURSOR).bgcolor != CURSOR.bgcolor
    finally:
        inks.set_light(False)


def test_of_sixteen_colours_what_is_lit_is_not_yellow_on_the_light_screen() -> None:
    inks.set_light(True, few=True)
    try:
        lit = inks.themed(Style(color="#ffd75f", bold=True))
    finally:
        inks.set_light(False)

    assert lit.color is not None
    assert lit.color.downgrade(ColorSystem.STANDARD).number in {4, 12}, "blue"
    assert inks.variables(inks.LIGHT_THEME, few=True)["te-lit"] == "#0000aa"
    assert inks.variables(inks.DARK_THEME, few=True) == inks.variables(inks.DARK_THEME)
