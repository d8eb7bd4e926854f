"""Segments of text on their way to the terminal, without what it would obey. The last defence, not the first."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment

from tui_editor.text import safe

_SAFE_LINK = re.compile(r"https?://[!-~]+")


def is_harmless(segment: Segment) -> bool:
    """Return whether a segment may reach the terminal as it is."""
    text, style, control = segment
    if control or (style is not None and style.link is not None and not _SAFE_LINK.fullmatch(style.link)):
        return False
    return _text_is_harmless(text)


def harmless(segment: Segment) -> Segment:
    """Return a segment of the same width without control characters, cursor movements and links to odd places."""
    text, style, control = segment
    if control:
        return Segment("", None)
    if style is not None and style.link is not None and not _SAFE_LINK.fullmatch(style.link):
        style = style.update_link(None)
    return Segment("".join(_plain(character) for character in text), style)


@lru_cache(maxsize=4096)
def _text_is_harmless(text: str) -> bool:
    if text.isascii() and text.isprintable():
        return True
    return safe(text, len(text)) == text and "\n" not in text and "\t" not in text


def _plain(character: str) -> str:
    return character if _text_is_harmless(character) else "\N{REPLACEMENT CHARACTER}" * cell_len(character)
