"""The menu of a label: what can be done with it, by its shape and the medium, each entry with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui_editor.commands.command import LOOP, Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.objects import needs_selection
from tui_editor.model.frames import UnitKind
from tui_editor.model.shapes import ShapeKind
from tui_editor.state import selectors
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.commands.context import Context


class Entry(NamedTuple):
    """An entry of the menu: what people call it, the command that it runs, and on which media it is offered."""

    title: str
    command: str
    media: frozenset[UnitKind] | None = None
    """None: on all."""


_FRAMES = frozenset({UnitKind.VIDEO, UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE})
_VIDEO = frozenset({UnitKind.VIDEO})
_SPLIT = Entry("Split object track", "track.split")
_CLASS = Entry("Change class", "object.class")
_IDENTIFIER = Entry("Copy identifier", "app.copy_id")
_DELETE = Entry("Delete object", "object.delete_all")
_URL = Entry("Copy URL", "app.copy_url")
_TOUCH_UP = Entry("Freehand edge touchup", "polygon.touch_up")
_TRACK, _INTERPOLATE = "Track from this frame", "Interpolate"


def _track(media: frozenset[UnitKind] = _FRAMES) -> Entry:
    return Entry(_TRACK, "auto.track", media)


def _interpolate(media: frozenset[UnitKind] | None = _FRAMES) -> Entry:
    return Entry(_INTERPOLATE, "auto.interpolate", media)


_COMMON = (_SPLIT, _CLASS, _IDENTIFIER, _DELETE, _URL)
ENTRIES: dict[ShapeKind, tuple[Entry, ...]] = {
    ShapeKind.BOX: (_track(), _interpolate(), *_COMMON),
    ShapeKind.ROTATED_BOX: (_track(), _interpolate(), *_COMMON),
    ShapeKind.POLYGON: (
        _interpolate(None),
        *_COMMON,
        _track(_VIDEO),
        Entry("Edit with brush", "tool.brush"),
        _TOUCH_UP,
        Entry("Merge with another polygon", "polygon.merge"),
        Entry("Subtract another polygon", "polygon.subtract"),
    ),
    ShapeKind.POLYLINE: (_track(), _interpolate(None), *_COMMON, _TOUCH_UP),
    ShapeKind.KEYPOINT: (_track(), _interpolate(), *_COMMON),
    ShapeKind.BITMASK: (
        _interpolate(),
        _CLASS,
        _IDENTIFIER,
        _DELETE,
        _URL,
        Entry("Select more bitmasks to combine", "bitmask.combine"),
        _track(_VIDEO),
    ),
    ShapeKind.SKELETON: (_track(), _interpolate(), _CLASS, _IDENTIFIER, _DELETE, _URL),
}
"""What the web editor offers on a right click, by shape; other shapes have the part that all share."""
ELSE = (_CLASS, _IDENTIFIER, _DELETE, _URL)
OWN = (
    "geometry.edit",
    "object.answer",
    "object.occluded",
    "object.here",
    "object.draw",
    "labels.expand",
    "labels.auto",
    "object.delete",
    "view.hide_object",
    "view.fit_object",
    "issue.new",
    "review.approve",
    "review.reject",
)
"""Commands that follow below a line: what only this editor has on its menu."""
LINE = "─" * 24
KEYS = "1234567890-"
"""Pick an entry of the first part at once; letters find one by its name."""


def entries_for(kind: ShapeKind, medium: UnitKind) -> tuple[Entry, ...]:
    """Return the entries that come first, in order, for a shape on a medium."""
    return tuple(e for e in ENTRIES.get(kind, ELSE) if e.media is None or medium in e.media)


def _kind(context: Context) -> ShapeKind:
    """Return the shape of the selected object: of its labels, without any of its class."""
    state, selected = context.state, context.selected()
    for _, track in state.document.tracks_of(selected):
        return track.kind
    entry = state.project.ontology.find(state.document.instances[selected].class_id)
    return entry.shape if entry else ShapeKind.VERBATIM


def _choices(context: Context, find: Callable[[str], Command]) -> Iterator[Choice]:
    state = context.state
    keys = iter(KEYS)
    for offered in entries_for(_kind(context), state.unit.kind):
        yield _choice(context, find(offered.command), offered.title, next(keys))
    yield Choice(value="", label=LINE, disabled=" ")
    for name in OWN:
        command = find(name)
        if any(state.mode in key.modes for key in command.keys):
            yield _choice(context, command, command.title)


def _choice(context: Context, command: Command, title: str, key: str = "") -> Choice:
    keymap, mode = context.loop.keymap, context.state.mode
    keys, bound = keymap.keys_of(command.id, mode), keymap.command(command.id)
    if keys and bound is not None and not any(mode in key.modes for key in bound.keys):
        keys = f"{keymap.keys_of('geometry.edit', mode)} {keys}"  # a key of edit mode means something else here
    return Choice(value=command.id, label=title, hint=keys, key=key, disabled=command.why_not(context))


def open_menu(context: Context) -> None:
    """List what can be done with the selected label, and do what is picked."""
    from tui_editor.commands.table import by_id, run

    def picked(values: tuple[str, ...]) -> None:
        run(by_id()[values[0]], context)

    name = selectors.instance_name(context.state.project.ontology, context.state.document.instances[context.selected()])
    context.front.pick(one_line(name), list(_choices(context, lambda key: by_id()[key])), picked)


COMMANDS = (
    Command(
        id="label.menu",
        title="Menu of the label",
        doc="Lists what can be done with the selected label on this medium, each with its key; so does a right click.",
        run=open_menu,
        keys=on(",", *LOOP, Mode.EDIT),
        enabled=needs_selection,
        group="Objects",
    ),
)
