"""Answers of terminals as text: read by the probe, and kept from the keyboard when they come late."""

from __future__ import annotations

import re
from typing import Final

LATE_LIMIT: Final = 8192
"""Characters of an unfinished answer that are held back at most."""

_STRING = r"(?:\x1bP(?:>\||[01]?\+r|[01]?\$r)|\x1b_G|\x1b\]\d)[^\x1b\x07]*"
"""The beginning of an answer that ends with a string terminator: XTVERSION, XTGETTCAP, DECRQSS, kitty, OSC."""
_CSI = r"\x1b\[(?:\?[\d;]*[cS]|>[\d;]*c|[468];\d+;\d+t|0n)"
"""Device attributes, XTSMGRAPHICS, sizes, status. Mode reports (`$y`) are left to Textual, which wants some of them."""
_MODE_REPORT = r"\x1b\[\?\d+;\d\$y"
_ANSWER = re.compile(rf"{_STRING}(?:\x1b\\|\x07)|{_CSI}")
_LAST_ANSWER = re.compile(r"\x1b\[\?[\d;]*c")
_BEGUN = r"\x1b(?:[_\]]|P(?:>|[01]?\+?|[01]?\$?)|\[(?:0|[468](?:;[\d;]*)?)?)"
_UNFINISHED = re.compile(rf"(?:{_STRING}\x1b?|{_BEGUN}|\x1b\[(?:\?[\d;]*|>[\d;]*))\Z")
_MAYBE_KEY = re.compile(rf"{_BEGUN}\Z")
"""Beginnings that a key may have as well (Alt with a letter, Ctrl with Page Down): given back when nothing follows."""
_UNFINISHED_OR_ESCAPE = re.compile(rf"{_UNFINISHED.pattern}|\x1b\Z")
_PROBED = re.compile(rf"{_ANSWER.pattern}|{_MODE_REPORT}")


class LateAnswers:
    """Takes answers out of the input stream, so that nobody can press keys by making the terminal answer.

    Late answers of the probe, and answers to queries that hostile text managed to send, are dropped; keys, mouse and
    mode reports pass. An answer may be cut between two reads.

    Args:
        owed: The probe gave up before its last answer, so that the answers are still to come.
    """

    def __init__(self, *, owed: bool = False) -> None:
        self._held = ""
        self.dropped = 0
        """How many answers were kept from the keyboard."""
        self.owed = owed
        """Whether the probe's last answer is still to come."""

    def feed(self, text: str) -> str:
        """Return what of the input is no answer; an unfinished answer is held until the next call."""
        text = self._held + text
        self._held = ""
        if "\x1b" not in text:
            return text
        unfinished_ones = _UNFINISHED_OR_ESCAPE if self.owed else _UNFINISHED
        text = _ANSWER.sub(self._drop, text)
        if unfinished := unfinished_ones.search(text):
            if len(unfinished[0]) <= LATE_LIMIT:
                self._held = unfinished[0]
            text = text[: unfinished.start()]
        return text

    def idle(self) -> str:
        """Return what was held back and may be a key after all; call it when nothing came for a while."""
        maybe_key = self._held == "\x1b" or (not self.owed and _MAYBE_KEY.match(self._held))
        if not maybe_key:
            return ""
        held, self._held = self._held, ""
        return held

    def _drop(self, answer: re.Match[str]) -> str:
        self.dropped += 1
        if _LAST_ANSWER.fullmatch(answer[0]):
            self.owed = False
        return ""


def without_answers(data: bytes) -> bytes:
    """Return what of the probe's input is no whole answer: keys, and the beginning of an answer that was cut off."""
    return _PROBED.sub("", data.decode("latin-1")).encode("latin-1")


_FIELDS: Final = {
    "name": re.compile(rb"\x1bP>\|([^\x1b]*)\x1b\\"),
    "kitty": re.compile(rb"\x1b_Gi=31;(OK)\x1b\\"),
    "shared": re.compile(rb"\x1b_Gi=32;(OK)\x1b\\"),
    "outer": re.compile(rb"\x1b_Gi=33;(OK)\x1b\\"),
    "status": re.compile(rb"\x1b\[(0)n"),
    "rgb": re.compile(rb"\x1bP1\+r(524742)\b[^\x1b]*\x1b\\", re.IGNORECASE),
    "rendition": re.compile(rb"\x1bP1\$r([\d:;]*)m\x1b\\"),
    "cell": re.compile(rb"\x1b\[6;(\d+);(\d+)t"),
    "area": re.compile(rb"\x1b\[4;(\d+);(\d+)t"),
    "registers": re.compile(rb"\x1b\[\?1;0;(\d+)S"),
    "geometry": re.compile(rb"\x1b\[\?2;0;(\d+);(\d+)S"),
    "attributes": re.compile(rb"\x1b\[\?([\d;]*)c"),
}
_MODE = re.compile(rb"\x1b\[\?(\d+);(\d)\$y")
_KNOWN_MODE_STATES = frozenset({b"1", b"2", b"3"})


def field(answers: bytes, name: str) -> tuple[bytes, ...] | None:
    """Return the parts of one answer in what the terminal sent; None when it is not there.

    Args:
        answers: Everything read.
        name: A key of `_FIELDS`.
    """
    found = _FIELDS[name].search(answers)
    return tuple(found.groups()) if found else None


def names(answers: bytes) -> tuple[str, ...]:
    """Return every name that XTVERSION was answered with: a multiplexer's, and that of the terminal around it."""
    return tuple(name.decode("utf-8", "replace") for name in _FIELDS["name"].findall(answers))


def modes(answers: bytes) -> frozenset[int]:
    """Return the private modes that the terminal knows and lets programs change."""
    return frozenset(int(number) for number, state in _MODE.findall(answers) if state in _KNOWN_MODE_STATES)
