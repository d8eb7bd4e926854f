"""What a person typed, from what a terminal sent."""

from __future__ import annotations

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from tui_editor.ui.terminal.keyboard import Keyboard
from tui_editor.ui.terminal.replies import LateAnswers


def typed(*reads: str) -> list[str]:
    """Return the keys of what was read piece by piece, with a rest after the last one."""
    keyboard = Keyboard(XTermParser(), LateAnswers())
    messages = [message for text in reads for message in keyboard.feed(text)]
    messages += keyboard.idle()
    return [
        m.key if isinstance(m, events.Key) else m.text for m in messages if isinstance(m, events.Key | events.Paste)
    ]


@pytest.mark.parametrize(
    ("reads", "keys"),
    [
        (("\x1b",), ["escape"]),
        (("a\x1b",), ["a", "escape"]),
        (("\x1bg/",), ["escape", "g", "slash"]),
        (("\x1b", "g"), ["escape", "g"]),
        (("l\x1b", "gx"), ["l", "escape", "g", "x"]),
        (("\x1b\x1bj",), ["escape", "escape", "j"]),
        (("\x1bj\x1bk",), ["escape", "j", "escape", "k"]),
        (("\x1b\r",), ["escape", "enter"]),
        (("\x1bg\x1b[12;1R",), ["escape", "g"]),
        (("\x1b", "[A"), ["up"]),
        (("\x1b[A\x1b[1;2C",), ["up", "shift+right"]),
        (("\x1bOA",), ["up"]),
        (("\x1b", "\x1b[B"), ["escape", "down"]),
        (("\x1b[103;3u",), ["alt+g"]),
        (("\x1b2l",), ["escape", "2", "l"]),
        (("\x1bf",), ["ctrl+right"]),
        (("\x1b\x7f",), ["ctrl+w"]),
    ],
)
def test_escape_is_a_key_of_its_own_whatever_follows_close_behind(reads: tuple[str, ...], keys: list[str]) -> None:
    assert keys == typed(*reads)


def test_an_escape_that_nothing_follows_is_told_at_the_first_rest() -> None:
    keyboard = Keyboard(XTermParser(), LateAnswers())
    assert not list(keyboard.feed("\x1b"))
    assert [m.key for m in keyboard.idle() if isinstance(m, events.Key)] == ["escape"]
    assert not list(keyboard.idle())


def test_an_escape_within_a_paste_is_no_key() -> None:
    assert "escape" not in typed("\x1b[200~a\x1bb\x1b[201~c")
    assert typed("\x1b[200~a b\x1b[201~c") == ["a b", "c"]
