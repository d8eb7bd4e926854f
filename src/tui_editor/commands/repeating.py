"""`.`: the last edit once more, on the next object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands import moving
from tui_editor.commands.command import Command, on
from tui_editor.commands.objects import GROUP, may_edit
from tui_editor.commands.steps import Step, replay
from tui_editor.errors import Refused
from tui_editor.state.selectors import following
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_editor.commands.context import Context
    from tui_editor.commands.steps import Edited


def _repeat(context: Context) -> None:
    edits = context.loop.last_edit
    if not edits and context.loop.drawn is None:
        raise Refused("nothing was drawn or edited yet")
    steps = _times(context, edits) if edits else replay(context, Step(command="draw.again"))
    context.front.go_through(steps, lambda: None)


def _times(context: Context, edits: Sequence[Edited]) -> Iterator[None]:
    """Do the edits on as many objects as the count says."""
    for _ in range(context.times):
        _to_target(context, edits)
        yield from _once(context, edits)


def _to_target(context: Context, edits: Sequence[Edited]) -> None:
    """Stay on an object that was selected since; from the one that was edited last go to the next."""
    state = context.state
    edited = {edit.target for edit in edits} | {context.loop.last_target}
    if state.selected is not None and (state.selected, state.frame) not in edited:
        return
    target = context.loop.following
    if target is None or target not in state.document.instances:
        raise Refused("there is no next object")
    moving.focus(context, target)


def _once(context: Context, edits: Sequence[Edited]) -> Iterator[None]:
    home, tool = context.state.mode, context.state.tool
    context.loop.last_target, context.loop.following = (
        (context.state.selected, context.state.frame),
        following(context.state),
    )
    try:
        for edit in edits:
            if edit.mode is Mode.EDIT:
                context.store.set(mode=edit.mode, tool=edit.tool)
            yield from replay(context, edit.step)
    finally:
        context.store.set(mode=home, tool=tool)


COMMANDS = (
    Command(
        id="edit.repeat",
        title="Repeat the last edit",
        doc=(
            "Does the last edit once more: on the selected object, or on the next one where that was edited already; "
            "with a count, on as many. What was nudged is moved as far; after drawing, begins another one of its class."
        ),
        run=_repeat,
        keys=on(".", Mode.BROWSE),
        count="objects",
        enabled=may_edit,
        group=GROUP,
    ),
)
