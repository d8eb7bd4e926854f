"""Colours of text as few bytes: what the terminal's pen has already is not told again."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_SGR: Final = re.compile(r"\x1b\[([\d;]*)m")
_EXTENDED: Final = {"2": 5, "5": 3}
"""How many parameters a colour has that begins with 38 or 48, by the one after it."""


class Look(NamedTuple):
    """How characters look: parameters of SGR, each group as they were written; empty: the default."""

    attributes: frozenset[str] = frozenset()
    ink: str = ""
    paper: str = ""


PLAIN: Final = Look()
_ON_INK: Final = frozenset({"1", "2", "3"})
"""Bold, dim, italic: they don't show on a space."""


class Pen:
    """Rewrites text with its escape sequences so that it names only what changes. The terminal's pen starts plain."""

    def __init__(self) -> None:
        self._has = PLAIN

    def write(self, text: str) -> str:
        """Return text that looks the same; the pen is left as it is at its last character."""
        parts = _SGR.split(text)
        wanted, out = PLAIN, [self._take(PLAIN), parts[0]] if parts[0] else []
        for codes, words in zip(parts[1::2], parts[2::2], strict=True):
            wanted = _after(wanted, codes)
            if words:
                out += [self._take(wanted if words.strip(" ") else self._for_spaces(wanted)), words]
        return "".join(out)

    def _for_spaces(self, look: Look) -> Look:
        """Return how spaces may look instead: their ink, and what is only seen on it, stays as it is."""
        if look.attributes <= _ON_INK and self._has.attributes <= _ON_INK:
            return Look(self._has.attributes, self._has.ink, look.paper)
        return look

    def put_down(self) -> str:
        """Return what makes the pen plain."""
        return self._take(PLAIN)

    def _take(self, look: Look) -> str:
        has, self._has = self._has, look
        return _change(has, look)


@lru_cache(maxsize=4096)
def _after(look: Look, codes: str) -> Look:
    """Return a look after a sequence's parameters."""
    attributes, ink, paper = set(look.attributes), look.ink, look.paper
    waiting = codes.split(";")
    while waiting:
        code = waiting[0]
        count = _EXTENDED.get(waiting[1], 1) if code in {"38", "48"} and len(waiting) > 1 else 1
        whole, waiting = ";".join(waiting[:count]), waiting[count:]
        if code in {"", "0"}:
            attributes, ink, paper = set(), "", ""
        elif code == "38" or _is_basic(code, "3", "9"):
            ink = whole
        elif code == "48" or _is_basic(code, "4", "10"):
            paper = whole
        else:
            attributes.add(whole)
    return Look(frozenset(attributes), ink, paper)


def _is_basic(code: str, dark: str, bright: str) -> bool:
    """Return whether a parameter is one of the sixteen colours."""
    return len(code) > 1 and code[:-1] in {dark, bright} and code[-1] in "01234567"


@lru_cache(maxsize=4096)
def _change(has: Look, wanted: Look) -> str:
    if has == wanted:
        return ""
    if has.attributes - wanted.attributes or (has.ink and not wanted.ink) or (has.paper and not wanted.paper):
        return f"\x1b[{';'.join(['0', *_parts(PLAIN, wanted)])}m" if wanted != PLAIN else "\x1b[m"
    return f"\x1b[{';'.join(_parts(has, wanted))}m"


def _parts(has: Look, wanted: Look) -> list[str]:
    """Return the parameters that lead from one look to another that takes nothing away."""
    colours = [new for old, new in ((has.ink, wanted.ink), (has.paper, wanted.paper)) if new != old]
    return [*sorted(wanted.attributes - has.attributes), *colours]
