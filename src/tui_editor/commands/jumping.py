"""Go to any label or handle in view by the letters that stand on it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import geometry, moving
from tui_editor.commands.command import ANY_KEY, LOOP, Command, on
from tui_editor.errors import Refused, UsageError
from tui_editor.model.ids import InstanceId
from tui_editor.state import selectors
from tui_editor.state.tool import HandleTool, JumpTarget, JumpTool
from tui_editor.state.view import Mode
from tui_editor.text import one_line
from tui_editor.tools.handles import handles_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.commands.context import Context
    from tui_editor.tools.boxes import Point

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""The home row first."""
MOST_TARGETS = len(LETTERS) ** 2
GROUP = "Objects"


def letters_for(count: int) -> Iterator[str]:
    """Yield letters for so many targets, one each where they suffice, else two."""
    return iter(LETTERS) if count <= len(LETTERS) else map("".join, product(LETTERS, repeat=2))


def _jump(context: Context) -> None:
    state = context.state
    handles = state.mode is Mode.EDIT
    found = list(_in_view(context, _handles(context) if handles else _labels(context)))[:MOST_TARGETS]
    if not found:
        raise Refused("nothing is in view to go to")
    letters = letters_for(len(found))
    targets = tuple(JumpTarget(next(letters), point, number) for number, point in found)
    tool = JumpTool(targets=targets, handles=handles, mode=state.mode, tool=state.tool)
    context.store.set(mode=Mode.JUMP, tool=tool)


def _labels(context: Context) -> Iterator[tuple[int, Point]]:
    state = context.state
    for instance in selectors.on_frame(state):
        box = None if instance in state.display.hidden else moving.object_bounds(state, instance)
        if box is not None:
            yield instance, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def _handles(context: Context) -> Iterator[tuple[int, Point]]:
    for number, handle in enumerate(handles_of(geometry.label_shape(context))):
        yield number, (handle.x, handle.y)


def _in_view(context: Context, found: Iterable[tuple[int, Point]]) -> Iterator[tuple[int, Point]]:
    now = moving.viewport(context)
    for number, point in found:
        x, y = now.to_screen(point).tolist()
        if 0 <= x <= now.canvas_size[0] and 0 <= y <= now.canvas_size[1]:
            yield number, point


def _tool(context: Context) -> JumpTool:
    tool = context.state.tool
    if not isinstance(tool, JumpTool):
        raise Refused("no letters are shown", hint="‹jump.start› shows them")
    return tool


def _letter(context: Context) -> None:
    tool = _tool(context)
    after = replace(tool, typed=tool.typed + context.argument)
    if not context.argument or not after.left:
        raise UsageError(f"no letters begin with {one_line(after.typed) or 'nothing'}", hint="‹jump.leave› leaves")
    if len(after.left) > 1:
        context.store.set(tool=after)
        return
    _leave(context)
    number = after.left[0].number
    if tool.handles:
        context.store.set(tool=HandleTool(handle=number))
    else:
        moving.focus(context, InstanceId(number))


def _leave(context: Context) -> None:
    tool = _tool(context)
    context.store.set(mode=tool.mode, tool=tool.tool)


COMMANDS = (
    Command(
        id="jump.start",
        title="Go by letters",
        doc="Puts letters on the labels in view, in edit mode on the handles; typing them selects one.",
        run=_jump,
        keys=on(";", *LOOP, Mode.EDIT),
        group=GROUP,
    ),
    Command(
        id="jump.letter",
        title="Type the letters",
        doc="Goes to the label or handle on which the letters stand.",
        run=_letter,
        keys=on(ANY_KEY, Mode.JUMP),
        hint="go there",
        takes="LETTER",
        group=GROUP,
    ),
    Command(
        id="jump.leave",
        title="Leave the letters",
        doc="Takes the letters away; the selection stays.",
        run=_leave,
        keys=on("escape, backspace", Mode.JUMP),
        hint="back",
        group=GROUP,
    ),
)
