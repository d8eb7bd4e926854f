"""Presses keys in an app that runs without a terminal, each when the one before has been dealt with.

Textual's `Pilot.press` waits until the process uses little CPU time: 40 ms a key at least, up to two seconds where
threads of ours work. What it waits for can be seen instead: that nobody has a message left.
"""

from __future__ import annotations

import unicodedata
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, cast

from textual.events import Key
from textual.keys import ASCII_KEY_NAMES, KEY_NAME_REPLACEMENTS, KEY_TO_UNICODE_NAME, REPLACED_KEYS

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tui_editor.ui.app import EditorApp

CALM: Final = 2
"""Looks in a row that find nobody with a message: at the first a handler may be at work on its last one."""
LONGEST_S: Final = 10.0
"""An app that never comes to rest is not waited for any longer."""


def key_event(name: str) -> Key:
    """Return what a terminal would send for a key.

    Args:
        name: One character, or a name as Textual has it (`enter`, `shift+tab`, `question_mark`).
    """
    key = _name_of(name) if len(name) == 1 and not name.isalnum() else name
    original = REPLACED_KEYS.get(key, key)
    try:
        character: str | None = unicodedata.lookup(KEY_TO_UNICODE_NAME.get(original, original))
    except KeyError:
        character = key if len(key) == 1 else None
    return Key(key, character)


def _name_of(character: str) -> str:
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name) or ASCII_KEY_NAMES.get(character, character)


async def press(pilot: Pilot[Any], *names: str) -> None:
    """Press keys, one after the other, each when the one before has been dealt with."""
    for name in names:
        event = key_event(name)
        event.set_sender(pilot.app)
        pilot.app.post_message(event)
        await at_rest(pilot)


async def at_rest(pilot: Pilot[Any]) -> None:
    """Wait until nobody in the app has a message left, the next key would be taken, and what changed is painted."""
    app = cast("EditorApp", pilot.app)
    calm, until = 0, monotonic() + LONGEST_S
    while calm < CALM and monotonic() < until:
        await pilot.pause(0)
        calm = calm + 1 if app.takes_keys and app.screen.size and not _has_messages(app) else 0


def _has_messages(app: EditorApp) -> bool:
    return any(node.message_queue_size for screen in app.screen_stack for node in screen.walk_children(with_self=True))
