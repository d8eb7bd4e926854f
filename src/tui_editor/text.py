"""Text from data, made harmless before it reaches a terminal, a log or a report."""

from __future__ import annotations

import re

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_NEWLINES = re.compile(r"\r\n|[\r\n]")

LINE_LIMIT = 200
"""Characters of a name that a list, tag or message shows."""


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)  # the picture of the control character: ␛ for escape
    if code == 0x7F:
        return "␡"
    if 0xD800 <= code < 0xE000:
        return "\ufffd"
    return f"⟨{code:02X}⟩" if code < 0xA0 else f"⟨U+{code:04X}⟩"


def safe(text: str, limit: int = 10_000) -> str:
    """Return `text` with control, escape, bidi and invisible characters made visible.

    Tabs and newlines stay. Longer text is cut to `limit` characters and ends in an ellipsis.
    """
    cut = text if len(text) <= limit else text[:limit] + "…"
    if cut.isascii() and cut.isprintable():
        return cut
    return _HARMFUL.sub(_visible, cut)


def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Return `text` as one harmless line of at most `limit` characters."""
    return safe(_NEWLINES.sub("⏎", text).replace("\t", " "), limit)
