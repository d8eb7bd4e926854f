from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.render.lettering import TAG_CHARACTERS, spelled, text_mask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Car (0) α 87%", "Car (0) a 87%"),
        ("Façade naïve", "Facade naive"),
        ("Straße", "Strasse"),
        ("車 (1)", "? (1)"),
        ("a\x1b[31mb", "a?[31mb"),
        ("two\nlines", "two?lines"),
        ("[b]bold[/b]", "[b]bold[/b]"),
    ],
)
def test_text_is_spelled_in_the_letters_that_the_font_has(text: str, expected: str) -> None:
    assert expected == spelled(text)


@given(st.text())
def test_any_text_becomes_one_line_of_printable_ascii(text: str) -> None:
    line = spelled(text)
    assert line.isascii()
    assert line == "" or line.isprintable()


@given(st.text(max_size=300))
def test_any_text_becomes_a_mask_of_bounded_size(text: str) -> None:
    height, width = text_mask(text).shape
    assert 10 <= height <= 24
    assert 6 <= width <= 16 * 8 * TAG_CHARACTERS


def test_letters_are_seen_and_the_room_around_them_is_free() -> None:
    mask = text_mask("Car")
    assert int(mask.max()) == 255
    assert not mask[:, 0].any()
    assert not mask[:, -1].any()


def test_a_longer_text_is_wider() -> None:
    assert text_mask("Car").shape[1] < text_mask("Car (0)").shape[1]


def test_masks_can_not_be_written_to() -> None:
    assert not text_mask("Car").flags.writeable
