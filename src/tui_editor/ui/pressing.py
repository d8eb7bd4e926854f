"""Presses keys in an app that runs without a terminal, each when the one before has been dealt with.

Textual's `Pilot.press` waits until the process uses little CPU time: 40 ms a key at least, up to two seconds where
threads of ours work. What it waits for can be seen instead: that nobody has a message left.
"""

from __future__ import annotations

import asyncio
import unicodedata
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, cast

from textual.events import Key
from textual.keys import ASCII_KEY_NAMES, KEY_NAME_REPLACEMENTS, KEY_TO_UNICODE_NAME, REPLACED_KEYS

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tui_editor.ui.app import EditorApp

AT_ONCE: Final = 50
"""Turns of the event loop in which what a key leads to is usually there."""
LOOK_S: Final = 0.002
TURNS: Final = 3
"""Turns after which nobody may have a message: a handler may be at work on its last one before."""
PAUSE_S: Final = 0.01
MOST_LOOKS: Final = 500
"""What is not there after so many pauses is not waited for any longer."""
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


async def answered(pilot: Pilot[Any]) -> None:
    """Wait until the store answered what it was asked for."""
    desk = cast("EditorApp", pilot.app).desk
    for _ in range(MOST_LOOKS):
        if not desk.store_thread.busy:
            return
        await pilot.pause(PAUSE_S)


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until every edit was kept or refused, the store has answered and the picture is painted."""
    app = cast("EditorApp", pilot.app)
    await asyncio.to_thread(app.flush)
    await at_rest(pilot)
    screen = app.screen
    for _ in range(MOST_LOOKS):
        if getattr(screen, "settled", True):  # of an editor; others paint no picture
            break
        await asyncio.sleep(PAUSE_S)
    await answered(pilot)
    await at_rest(pilot)


async def at_rest(pilot: Pilot[Any]) -> None:
    """Wait until nobody in the app has a message left, the next key would be taken, and what changed is painted."""
    app, turn, until = cast("EditorApp", pilot.app), 0, monotonic() + LONGEST_S
    while app.is_running and monotonic() < until:
        if _is_busy(app):
            turn += 1
            await asyncio.sleep(0 if turn < AT_ONCE else LOOK_S)
            continue
        await pilot.pause(0)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if not _is_busy(app):
            return


def _is_busy(app: EditorApp) -> bool:
    if not app.takes_keys or not app.screen.size:
        return True
    return any(node.message_queue_size for screen in app.screen_stack for node in screen.walk_children(with_self=True))
