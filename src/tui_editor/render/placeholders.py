"""Pictures at characters, for terminals behind a multiplexer (kitty graphics protocol, "Unicode placeholders").

A picture is uploaded with a virtual placement, which shows nothing. Wherever the terminal then meets a placeholder
character, it draws the part of the picture that the character's marks name. To the multiplexer it is text like any
other: it moves, hides and restores it, and a new picture under the same id needs no text at all.
"""

from __future__ import annotations

from typing import Final

from tui_editor.render.diacritics import DIACRITICS
from tui_editor.render.kitty import delete_image, place_for_placeholders, tmux_wrap, transmit_png

MOST_CELLS: Final = len(DIACRITICS)
"""Rows and columns that marks can name."""
_END = b"\x1b_Gq=2,m=0;\x1b\\"
"""Ends an upload whose end tmux dropped; else the next one would be taken for its rest. Without one it does nothing."""
_PLACEHOLDER = "\U0010eeee"
_SESSIONS, _COLOURS = 255, 255


def placeholder_id(session: int, number: int) -> int:
    """Return an image id that a colour of the 256 and one mark name: multiplexers may know no more colours.

    Args:
        session: Different in each program of one terminal; only its remainder by 255 counts.
        number: 1..255: the colour.

    Raises:
        ValueError: `number` is out of its range.
    """
    if not 0 < number <= _COLOURS:
        raise ValueError("the number of a picture at placeholders is 1 to 255")
    return (session % _SESSIONS + 1) << 24 | number


def colour_of(image: int) -> int:
    """Return the foreground colour (of the 256) that placeholders of an image must have."""
    return image & _COLOURS


def placeholder_row(image: int, row: int, columns: range) -> str:
    """Return the text of some columns of a row, without its colour. Each cell names its place and can stand alone.

    Raises:
        ValueError: More rows or columns than marks can name.
    """
    if max(row + 1, columns.stop) > MOST_CELLS:
        raise ValueError(f"placeholders name at most {MOST_CELLS} rows and columns")
    high = DIACRITICS[image >> 24]
    first = _PLACEHOLDER + DIACRITICS[row]
    return "".join([first + column + high for column in DIACRITICS[columns.start : columns.stop]])


def upload(image: int, png: bytes, columns: int, rows: int) -> bytes:
    """Return what shows a PNG at the placeholders of an image, scaled to so many cells, through tmux.

    The placement is a command of its own, after the pixels: kitty looks for placeholders only at commands that say U=1,
    and the last chunk of an upload does not.
    """
    return tmux_wrap(_END + transmit_png(image, png) + place_for_placeholders(image, columns, rows))


def delete(image: int) -> bytes:
    """Return what frees the pixels of an image, through tmux."""
    return tmux_wrap(delete_image(image))
