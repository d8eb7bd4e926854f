"""The input stream as messages: without answers of the terminal, and with Escape as a key that a letter may follow.

Terminals without kitty's keyboard protocol send Escape as the byte that begins sequences, and the same bytes for Escape
and a letter as for Alt with the letter. Nothing of ours needs Alt, so these are two keys.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, Protocol

from textual import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.message import Message

    from tui_editor.ui.terminal.replies import LateAnswers

_ESCAPE: Final = "\x1b"
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_BEGINS_SEQUENCE: Final = frozenset("\x1b[]OPX^_\\")
"""What goes on with a sequence after Escape; whatever else follows is a key."""
_WITH_ALT: Final = frozenset("bf\t\x7f")
"""Alt with an arrow, Tab or Backspace, which fields of text know: some terminals send no more than this for them."""
_PAIR: Final = re.compile(r"\x1b(?=(.))", re.DOTALL)


def read_input(descriptor: int) -> bytes:
    """Return what the terminal sent; nothing when it hung up."""
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:
        return b""


class Parser(Protocol):
    """Textual's parser of what terminals send."""

    def feed(self, data: str) -> Iterable[Message]:
        """Yield the messages that the data completes."""

    def tick(self) -> Iterable[Message]:
        """Yield the messages that time completes."""


class Keyboard:
    """Makes messages of what was read.

    Args:
        parser: Of sequences.
        late: Takes answers out.
    """

    def __init__(self, parser: Parser, late: LateAnswers) -> None:
        self._parser, self._late = parser, late
        self._held = False
        self._pasting = False

    def feed(self, text: str) -> Iterator[Message]:
        """Yield the messages that the text completes; an Escape at its end waits for more, or for `idle`."""
        yield from self._parsed(self._late.feed(text))

    def idle(self) -> Iterator[Message]:
        """Yield what waited for more; call it when nothing came for a while."""
        yield from self._parsed(self._late.idle())
        if self._held:
            self._held = False
            yield events.Key("escape", _ESCAPE)
        yield from self._parser.tick()

    def _parsed(self, text: str) -> Iterator[Message]:
        if text:
            for piece in self._pieces(text):
                yield from (events.Key("escape", _ESCAPE),) if piece == _ESCAPE else self._parser.feed(piece)
            yield from self._parser.tick()

    def _pieces(self, text: str) -> Iterator[str]:
        """Yield the text cut at each Escape that is a key; that one stands alone."""
        text = _ESCAPE + text if self._held else text
        begin = 0
        for match in _PAIR.finditer(text):
            self._mark_paste(text, match.start())
            if self._pasting or match[1] in _BEGINS_SEQUENCE | _WITH_ALT:
                continue
            if match.start() > begin:
                yield text[begin : match.start()]
            yield _ESCAPE
            begin = match.start() + 1
        rest = text[begin:]
        self._held = rest.endswith(_ESCAPE) and not self._pasting
        if rest := rest[: len(rest) - self._held]:
            yield rest

    def _mark_paste(self, text: str, at: int) -> None:
        if text.startswith(_PASTE_BEGINS, at):
            self._pasting = True
        elif text.startswith(_PASTE_ENDS, at):
            self._pasting = False
