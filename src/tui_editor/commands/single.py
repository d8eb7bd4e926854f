"""Single label review: one object alone, zoomed, with its answers and what changed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import comparing, moving
from tui_editor.commands.command import Command, on
from tui_editor.state.view import FIT

if TYPE_CHECKING:
    from tui_editor.commands.context import Context


def _toggle(context: Context) -> None:
    state = context.state
    alone = not state.display.alone
    context.store.set(display=replace(state.display, alone=alone))
    context.store.set_view(auto_zoom=alone)
    if alone:
        comparing.begin_quietly(context)
    if not alone:
        context.store.set(comparing=None)
        context.store.set_view(camera=FIT)
        context.front.tell("all objects are shown again")
        return
    if state.selected is not None:
        moving.focus(context, state.selected)
    elif not moving.next_undecided(context):
        moving.step(context, 1)
    context.front.tell("one object at a time: ‹object.next› and ‹object.previous› go on, ‹review.single› ends it")


COMMANDS = (
    Command(
        id="review.single",
        title="One object at a time",
        doc="Shows the selected object alone and zoomed, with what changed since the last review; once more ends it.",
        run=_toggle,
        keys=on("g z"),
        hint="single",
        group="Review",
    ),
)
