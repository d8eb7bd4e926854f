"""A new instance by the key of its class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import ANY_KEY, Command, on
from tui_editor.commands.objects import class_choices, find_class, may_edit
from tui_editor.errors import UsageError
from tui_editor.model.shapes import ShapeKind
from tui_editor.state.filters.syntax import first_value
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.ontology import AnyClass

TOOLS = {
    ShapeKind.BOX: "draw.box",
    ShapeKind.ROTATED_BOX: "draw.rotated_box",
    ShapeKind.POLYGON: "draw.polygon",
    ShapeKind.POLYLINE: "draw.polyline",
    ShapeKind.KEYPOINT: "draw.keypoint",
    ShapeKind.BITMASK: "draw.bitmask",
    ShapeKind.SKELETON: "draw.skeleton",
    ShapeKind.PRESENCE: "object.classify",
}
"""The command that makes a new instance of each kind of shape; it takes the class."""


def _new(context: Context) -> None:
    from tui_editor.commands.table import by_id  # the table is made of this module

    typed = context.argument
    name = first_value(typed)[0] if typed.startswith('"') else typed
    entry = _class_of_key(context) if len(typed) == 1 else find_class(context, name)
    tool = TOOLS.get(entry.shape)
    if tool is None:
        raise UsageError(f"{one_line(entry.name)} is labelled with a shape that has no tool")
    context.argument = entry.name
    by_id()[tool].run(context)  # within this step: a macro shall not do it twice


def _class_of_key(context: Context) -> AnyClass:
    """Return the class that a key means: by its hotkey, else one of the first nine by number.

    Raises:
        UsageError: no class has that key.
    """
    choices = class_choices(context)
    wanted = next((c for c in choices if c.key == context.argument), None)
    entry = context.state.project.ontology.find_named(context.argument) if wanted is None else None
    if wanted is not None:
        return find_class(context, wanted.label)
    if entry is None:
        keys = "  ".join(f"{c.key} {c.label}" for c in choices if c.key)
        raise UsageError(f"no class has the key {one_line(context.argument)}", hint=one_line(keys, 120))
    return entry


COMMANDS = (
    Command(
        id="object.new",
        title="New object",
        doc="Begins a new object of the class whose hotkey or number (1 to 9) follows: drawn, or a classification.",
        run=_new,
        keys=on(f"C {ANY_KEY}"),
        takes="CLASS",
        enabled=may_edit,
        group="Objects",
    ),
)
