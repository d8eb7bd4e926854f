"""A command as a value: what a key, the palette, the `:` line or a script can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context

LOOP = (Mode.BROWSE, Mode.REVIEW)
"""The modes in which a person goes through objects and frames."""
CANVAS = (*LOOP, Mode.EDIT, Mode.DRAW, Mode.TOOL, Mode.TURBO)
"""The modes in which keys act on the canvas."""
ANYWHERE = tuple(Mode)
OVERLAYS = {"labels": Mode.LABELS, "findings": Mode.FINDINGS}
"""The panes whose keys lie over those of the loop while they have the focus."""

ANY_KEY = "<any>"
"""In a key sequence: whatever is typed, handed to the command as its argument."""


class Key(Struct, frozen=True):
    """A key or a sequence of keys (`g g`) in some modes, and the argument that it hands to the command."""

    keys: str
    modes: tuple[Mode, ...] = LOOP
    argument: str = ""


class Command(Struct, frozen=True, kw_only=True):
    """Something that can be done, with everything that help, palette, footer and manual say of it."""

    id: str
    title: str
    doc: str
    run: Callable[[Context], None]
    keys: tuple[Key, ...] = ()
    hint: str = ""
    """One or two words for the footer; empty: not shown there."""
    review_hint: str = ""
    """The words in review, where the key does something else than in browse; empty: `hint`."""
    takes: str = ""
    """What the `:` line's argument is (`FRAME`, `TEXT`); empty: none."""
    count: str = ""
    """What a count means (`frames`, `pixels`); empty: it repeats the command."""
    enabled: Callable[[Context], str] | None = None
    """Why it can't be run now; returns the empty string when it can."""
    later: str = ""
    """Why it is not there yet; the entry is shown, disabled."""
    group: str = ""

    def hint_in(self, mode: Mode) -> str:
        """Return the footer's words in a mode."""
        return self.review_hint or self.hint if mode is Mode.REVIEW else self.hint

    def why_not(self, context: Context) -> str:
        """Return why the command can't be run now; empty when it can."""
        if self.later:
            return self.later
        return self.enabled(context) if self.enabled else ""


def on(keys: str, *modes: Mode, argument: str = "") -> tuple[Key, ...]:
    """Return a key for each of the comma-separated sequences, in the modes (the loop's when none is named)."""
    return tuple(Key(k.strip(), modes or LOOP, argument) for k in keys.split(", "))
