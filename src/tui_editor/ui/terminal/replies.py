"""Answers of terminals as text: read by the probe, and kept from the keyboard when they come late."""

from __future__ import annotations

import re
from typing import Final

LATE_LIMIT: Final = 8192
"""Characters of an unfinished answer that are held back at most."""

_STRING = r"(?:\x1bP(?:>\||[01]?\+r|[01]?\$r)|\x1b_G|\x1b\]\d)[^\x1b\x07]*"
"""The beginning of an answer that ends with a string terminator: XTVERSION, XTGETTCAP, DECRQSS, kitty, OSC."""
_CSI = r"\x1b\[(?:\?[\d;]*[cS]|>[\d;]*c|[468];\d+;\d+t)"
"""Device attributes, XTSMGRAPHICS, sizes. Mode reports (`$y`) are left to Textual, which wants some of them."""
_ANSWER = re.compile(rf"{_STRING}(?:\x1b\\|\x07)|{_CSI}")
_BEGUN = r"\x1b(?:[_\]]|P(?:>|[01]?\+?|[01]?\$?)|\[(?:[468](?:;[\d;]*)?)?)"
_UNFINISHED = re.compile(rf"(?:{_STRING}\x1b?|{_BEGUN}|\x1b\[(?:\?[\d;]*|>[\d;]*))\Z")
_MAYBE_KEY = re.compile(rf"{_BEGUN}\Z")
"""Beginnings that a key may have as well (Alt with a letter, Ctrl with Page Down): given back when nothing follows."""


class LateAnswers:
    """Takes answers out of the input stream, so that nobody can press keys by making the terminal answer.

    Late answers of the probe, and answers to queries that hostile text managed to send, are dropped; keys, mouse and
    mode reports pass. An answer may be cut between two reads.
    """

    def __init__(self) -> None:
        self._held = ""
        self.dropped = 0
        """How many answers were kept from the keyboard."""

    def feed(self, text: str) -> str:
        """Return what of the input is no answer; an unfinished answer is held until the next call."""
        text = self._held + text
        self._held = ""
        if "\x1b" not in text:
            return text
        text, dropped = _ANSWER.subn("", text)
        self.dropped += dropped
        if unfinished := _UNFINISHED.search(text):
            if len(unfinished[0]) <= LATE_LIMIT:
                self._held = unfinished[0]
            text = text[: unfinished.start()]
        return text

    def idle(self) -> str:
        """Return what was held back and may be a key after all; call it when nothing came for a while."""
        if not _MAYBE_KEY.match(self._held):
            return ""
        held, self._held = self._held, ""
        return held


_FIELDS: Final = {
    "name": re.compile(rb"\x1bP>\|([^\x1b]*)\x1b\\"),
    "kitty": re.compile(rb"\x1b_Gi=(\d+);OK\x1b\\"),
    "cell": re.compile(rb"\x1b\[6;(\d+);(\d+)t"),
    "area": re.compile(rb"\x1b\[4;(\d+);(\d+)t"),
    "colours": re.compile(rb"\x1b\[\?1;0;(\d+)S"),
    "geometry": re.compile(rb"\x1b\[\?2;0;(\d+);(\d+)S"),
    "attributes": re.compile(rb"\x1b\[\?([\d;]*)c"),
}
_MODE = re.compile(rb"\x1b\[\?(\d+);(\d)\$y")
_KNOWN_MODE_STATES = frozenset({b"1", b"2", b"3"})


def field(answers: bytes, name: str) -> tuple[bytes, ...] | None:
    """Return the parts of one answer in what the terminal sent; None when it is not there.

    Args:
        answers: Everything read.
        name: `name`, `kitty`, `cell`, `area`, `colours`, `geometry` or `attributes`.
    """
    found = _FIELDS[name].search(answers)
    return tuple(found.groups()) if found else None


def modes(answers: bytes) -> frozenset[int]:
    """Return the private modes that the terminal knows and lets programs change."""
    return frozenset(int(number) for number, state in _MODE.findall(answers) if state in _KNOWN_MODE_STATES)
