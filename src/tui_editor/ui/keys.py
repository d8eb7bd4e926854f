"""From Textual's key events to the names that the command table uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual import events

_NAMES = {"ctrl+h": "backspace", "ctrl+m": "enter", "ctrl+i": "tab", "ctrl+j": "enter"}
"""What terminals send for keys that they can't tell from control characters."""


_SIDES = ("shift", "control", "alt", "super", "hyper", "meta")
_NOT_TYPED = frozenset(
    {f"{side}_{name}" for side in ("left", "right") for name in _SIDES}
    | {"iso_level3_shift", "iso_level5_shift", "caps_lock", "num_lock", "scroll_lock"}
)
"""Keys that type nothing by themselves: terminals with kitty's keyboard protocol tell them as well."""


def is_typed(event: events.Key) -> bool:
    """Return whether a key means something: Shift by itself does not."""
    return event.key not in _NOT_TYPED


def key_name(event: events.Key) -> str:
    """Return a printable character as it is (`A`, `[`), other keys by name (`shift+tab`, `ctrl+p`)."""
    if event.key == "space":
        return "space"
    if event.character and event.is_printable:
        return event.character
    return _NAMES.get(event.key, event.key)
