"""A new instance by the key of its class; a label of one that is there."""

from __future__ import annotations

from string import ascii_letters
from typing import TYPE_CHECKING

from tui_editor.commands import drawing
from tui_editor.commands.command import ANY_KEY, Command, on
from tui_editor.commands.objects import find_class, may_edit, needs_selection
from tui_editor.edits import labels
from tui_editor.errors import Refused, UsageError
from tui_editor.model.ontology import Classification
from tui_editor.model.shapes import Presence, ShapeKind
from tui_editor.state.filters.syntax import first_value
from tui_editor.state.label_list import label_list
from tui_editor.state.memo import remember_last
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.ids import ClassId
    from tui_editor.model.ontology import AnyClass, Ontology

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


@remember_last
def class_keys(ontology: Ontology) -> dict[ClassId, str]:
    """Return the key of each class: its hotkey, else its number up to 9, then the letters that are free."""
    entries = ontology.offered()
    taken = {entry.hotkey for entry in entries}
    keys: dict[ClassId, str] = {}
    free = iter([c for c in ascii_letters if c not in taken])
    for number, entry in enumerate(entries, start=1):
        digit = str(number) if number < 10 and str(number) not in taken else ""
        key = entry.hotkey or digit or next(free, "")
        if key:
            keys[entry.id] = key
    return keys


def _class_of_key(context: Context) -> AnyClass:
    """Return the class that a key means.

    Raises:
        UsageError: no class has that key.
    """
    ontology = context.state.project.ontology
    known = class_keys(ontology)
    wanted = next((class_id for class_id, key in known.items() if key == context.argument), None)
    entry = ontology.find_named(context.argument) if wanted is None else ontology.find(wanted)
    if entry is None:
        keys = "  ".join(f"{key} {one_line(c.name)}" for c in ontology.offered() if (key := known.get(c.id)))
        raise UsageError(f"no class has the key {one_line(context.argument)}", hint=one_line(keys, 120))
    return entry


def _draw_here(context: Context) -> None:
    """Begin to draw the selected object's label on this frame; a classification holds at once."""
    state, target = context.state, context.selected()
    value = state.document.instances[target]
    entry = state.project.ontology.find(value.class_id)
    if not isinstance(entry, Classification):
        drawing.start(context, value.class_id, replaces=True)
        return
    others = (
        i
        for i in state.document.of_class(value.class_id)
        if state.document.label(i.id, state.view.unit, state.view.frame)
    )
    if entry.is_global or next(others, None) is not None:
        raise Refused(f"{one_line(entry.name)} holds on this frame already")
    patch = labels.put_label(state.document, target, state.frame, Presence(), context.stamp())
    context.apply(patch, "object.draw")


def _draw_listed(context: Context) -> None:
    listed = label_list(context.state)
    number = int(context.argument) if context.argument.isdecimal() and len(context.argument) < 10 else 0
    if not 1 <= number <= listed.count:
        said = one_line(context.argument) or "nothing"
        raise UsageError(f"{said} is no line of the Labels pane", hint=f"1 to {listed.count}")
    context.store.select(listed.object(number - 1))
    _draw_here(context)


COMMANDS = (
    Command(
        id="object.new",
        title="New object",
        doc=(
            "Begins a new object of the class whose key follows, drawn or a classification. The Classes pane shows the "
            "keys: the hotkeys of the ontology, else 1 to 9, then letters."
        ),
        run=_new,
        keys=on(f"C {ANY_KEY}"),
        takes="CLASS",
        enabled=may_edit,
        group="Objects",
    ),
    Command(
        id="object.draw",
        title="Draw the object here",
        doc="Draws a label of the selected object on this frame, in place of one that is there.",
        run=_draw_here,
        keys=on("S"),
        enabled=needs_selection,
        group="Objects",
    ),
    Command(
        id="object.draw_listed",
        title="Draw a listed object here",
        doc="Draws a label on this frame of the object with that digit in the Labels pane, or with the count.",
        run=_draw_listed,
        keys=on(f"M {ANY_KEY}"),
        takes="NUMBER",
        enabled=may_edit,
        group="Objects",
    ),
)
