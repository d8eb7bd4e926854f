"""Commands whose place is kept: they are listed, disabled, and say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import Command, on

if TYPE_CHECKING:
    from tui_editor.commands.context import Context


def _nothing(context: Context) -> None:
    context.front.tell("not built yet", severity="warning")


def _later(name: str, title: str, doc: str, keys: str, why: str) -> Command:
    return Command(id=name, title=title, doc=doc, run=_nothing, keys=on(keys) if keys else (), later=why, group="Later")


_AUTO = "automated labeling is not built yet"

COMMANDS = (
    _later("auto.track", "Track from this frame", "Follows the object over the next frames.", "T t", _AUTO),
    _later(
        "labels.auto",
        "Automatic labels of the object",
        "Turns automatic labels on or off for the selected object, on the frames that are gone to.",
        "T a",
        _AUTO,
    ),
)
