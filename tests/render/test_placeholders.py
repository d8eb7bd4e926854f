"""Pictures at characters: their text, and the commands around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_editor.render.diacritics import DIACRITICS
from tui_editor.render.placeholders import (
    MOST_CELLS,
    colour_of,
    delete,
    placeholder_id,
    placeholder_row,
    upload,
)


def cells(text: str) -> list[tuple[int, int, int]]:
    """Return (row, column, high byte of the id) that each placeholder of a text names."""
    found = [[DIACRITICS.index(mark) for mark in part] for part in text.split("\U0010eeee")[1:]]
    return [(row, column, high) for row, column, high in found]


@given(st.integers(0, 10_000), st.integers(1, 255), st.integers(0, MOST_CELLS - 1), st.integers(1, MOST_CELLS))
def test_each_cell_names_row_column_and_image(session: int, number: int, row: int, columns: int) -> None:
    image = placeholder_id(session, number)
    named = cells(placeholder_row(image, row, range(columns)))

    assert named == [(row, column, image >> 24) for column in range(columns)]
    assert colour_of(image) == number
    assert image == named[0][2] << 24 | colour_of(image)


def test_marks_take_no_room() -> None:
    assert cell_len(placeholder_row(placeholder_id(1, 1), MOST_CELLS - 1, range(MOST_CELLS))) == MOST_CELLS


def test_programs_in_one_terminal_have_images_of_their_own() -> None:
    assert len({placeholder_id(session, 5) for session in range(1000, 1255)}) == 255


@pytest.mark.parametrize(("row", "columns"), [(MOST_CELLS, 1), (0, MOST_CELLS + 1)])
def test_what_no_mark_can_name_is_refused(row: int, columns: int) -> None:
    with pytest.raises(ValueError, match="297"):
        placeholder_row(placeholder_id(1, 1), row, range(columns))


def test_a_number_that_is_no_colour_is_refused() -> None:
    for number in (0, 256):
        with pytest.raises(ValueError, match="1 to 255"):
            placeholder_id(1, number)


def test_an_upload_begins_by_ending_one_that_was_cut_off() -> None:
    unwrapped = upload(5, b"png", 80, 24).replace(b"\x1b\x1b", b"\x1b")

    assert unwrapped.index(b"\x1b_Gq=2,m=0;\x1b\\") < unwrapped.index(b"a=t")


def test_commands_are_wrapped_for_tmux() -> None:
    for command in (upload(5, b"png" * 4000, 80, 24), delete(5)):
        assert command.startswith(b"\x1bPtmux;\x1b\x1b_G")
        assert b"\x1b_G" not in command.replace(b"\x1b\x1b", b"")
        assert command.endswith(b"\x1b\x1b\\\x1b\\")
