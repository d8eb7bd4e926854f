"""How labels are drawn, by keys and from the View menu."""

from __future__ import annotations

import pytest

from tests.support.doctext import case, opened
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.state.view import ColourBy, TagText

CAR = "car@0 box 10,10 20,20"


@pytest.mark.parametrize(
    ("keys", "answers", "name", "value"),
    [
        ("w d", ("confidence",), "colour_by", ColourBy.CONFIDENCE),
        ("w d", ("3",), "colour_by", ColourBy.STATE),
        ("w t", ("1",), "tags", TagText.NONE),
        ("5 0 w o", (), "opacity", 0.5),
        ("w o", ("35%",), "opacity", 0.35),
        ("w o", ("0.4",), "opacity", 0.4),
        ("w o", ("40",), "opacity", 0.4),
        ("4 w e", (), "line_px", 4),
        ("w n", (), "onion", 1),
        ("w n w n", (), "onion", 0),
        ("3 w n", (), "onion", 3),
        ("w v", ("What colours tell", "author"), "colour_by", ColourBy.AUTHOR),
        ("w v", ("Dim the others",), "dim_others", True),
        ("5 w e 3 w n w =", (), "onion", 0),
    ],
)
def test_a_setting_is_changed_and_told(keys: str, answers: tuple[Answer, ...], name: str, value: object) -> None:
    keyboard = case(CAR, keys, CAR, answers=answers)
    assert getattr(keyboard.store.state.display, name) == value
    assert keyboard.front.warnings == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("view.opacity 300", "between 0 and 100 %"),
        ("view.opacity much", "is not a number"),
        ("view.line_width 0", "1 to 9 pixels"),
        ("view.line_width nan", "1 to 9 pixels"),
        ("view.onion 9", "up to 5"),
        ("view.onion x", "up to 5"),
        ("view.colour_by smell", "is none of these"),
    ],
)
def test_what_can_not_be_set_is_told_and_nothing_changes(line: str, said: str) -> None:
    keyboard = Keyboard(opened(CAR), HeadlessFront())
    before = keyboard.store.state.display
    keyboard.line(line)
    assert said in keyboard.front.warnings[0]
    assert keyboard.store.state.display == before


def test_the_menu_tells_what_is_set() -> None:
    keyboard = Keyboard(opened(CAR), HeadlessFront())
    keyboard.type("4 w e w v")
    assert keyboard.front.shown == ["View"]


@pytest.mark.parametrize(
    ("keys", "answers", "text"),
    [
        ("5 0 w q", (), "score>=0.5"),
        ("w q", ("0.3",), "score>=0.3"),
        ("w q", ("30%",), "score>=0.3"),
        ("5 0 w q 8 0 w q", (), "score>=0.8"),
        ("/ 5 0 w q", ("class:car",), "class:car score>=0.5"),
        ("/ 5 0 w q w q", ("class:car", "0"), "class:car"),
    ],
)
def test_the_least_confidence_is_a_word_of_the_filter(keys: str, answers: tuple[Answer, ...], text: str) -> None:
    keyboard = case(CAR, keys, CAR, answers=answers)
    assert keyboard.store.state.filters.text == text


@pytest.mark.parametrize("typed", ["much", "-1", "nan", "300", ""])
def test_what_is_no_confidence_is_told(typed: str) -> None:
    keyboard = case(CAR, "w q", CAR, answers=(typed,))
    assert "is no confidence" in keyboard.front.warnings[0]
    assert not keyboard.store.state.filters.text
