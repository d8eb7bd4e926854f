"""Letters as pixels, from the font that Pillow brings: the same picture on every machine."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.text import one_line

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.ImageFont import FreeTypeFont

TAG_CHARACTERS = 48
"""Characters of a name that fit a tag."""

_SIZE_PX = 13
_PADDING_PX = 3
_UNKNOWN = "?"
# Letters that do not fall apart into a base letter and marks, as Latin readers write them.
_SPELLED = str.maketrans(
    {"α": "a", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d"}
    | {"·": ".", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "×": "x"}
)


def spelled(text: str) -> str:
    """Return `text` as one harmless line of the printable ASCII characters that the font has.

    Accents are dropped, a few letters are spelled out, everything else becomes a question mark.
    """
    parts = unicodedata.normalize("NFKD", one_line(text, TAG_CHARACTERS).translate(_SPELLED))
    bare = (char for char in parts if not unicodedata.combining(char))
    return "".join(char if char.isascii() and char.isprintable() else _UNKNOWN for char in bare)


@lru_cache(maxsize=4096)
def text_mask(text: str) -> NDArray[np.uint8]:
    """Return the coverage (h, w), 0..255, of one line of text with a little room around it; read-only.

    All lines have one height. Any text may be given: it is spelled as `spelled` does.
    """
    from PIL import Image, ImageDraw

    line, font = spelled(text), _font()
    ascent, descent = font.getmetrics()
    width = max(1, round(font.getlength(line)))
    image = Image.new("L", (width + 2 * _PADDING_PX, ascent + descent + 2))
    ImageDraw.Draw(image).text((_PADDING_PX, 1), line, fill=255, font=font)
    mask = np.array(image, np.uint8)
    mask.flags.writeable = False
    return mask


@lru_cache(maxsize=1)
def _font() -> FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.load_default(_SIZE_PX)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return font
