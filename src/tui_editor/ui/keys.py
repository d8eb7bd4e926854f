"""From Textual's key events to the names that the command table uses."""

from __future__ import annotations

from textual import events

_NAMES = {"ctrl+h": "backspace", "ctrl+m": "enter", "ctrl+i": "tab", "ctrl+j": "enter"}
"""What terminals send for keys that they can't tell from control characters."""


_SIDES = ("shift", "control", "alt", "super", "hyper", "meta")
_NOT_TYPED = frozenset(
    {f"{side}_{name}" for side in ("left", "right") for name in _SIDES}
    | {"iso_level3_shift", "iso_level5_shift", "caps_lock", "num_lock", "scroll_lock"}
)
"""Keys that type nothing by themselves: terminals with kitty's keyboard protocol tell them as well."""


def as_typed(event: events.Key) -> tuple[events.Key, ...]:
    """Return the keys that a person typed: none for Shift alone, two for Escape and a letter close together.

    A terminal without kitty's keyboard protocol sends the same bytes for these two as for Alt with the letter, which is
    no key of ours.
    """
    if event.key in _NOT_TYPED:
        return ()
    if event.key.startswith("alt+") and event.character and event.is_printable:
        return events.Key("escape", "\x1b"), events.Key(event.key.removeprefix("alt+"), event.character)
    return (event,)


def key_name(event: events.Key) -> str:
    """Return a printable character as it is (`A`, `[`), other keys by name (`shift+tab`, `ctrl+p`)."""
    if event.key == "space":
        return "space"
    if event.character and event.is_printable:
        return event.character
    return _NAMES.get(event.key, event.key)
