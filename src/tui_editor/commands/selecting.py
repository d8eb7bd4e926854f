"""Select many objects in the order of the Labels pane; hide them, or all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import moving
from tui_editor.commands.command import Command, on
from tui_editor.commands.listing import GROUP
from tui_editor.commands.ranges import count_text
from tui_editor.errors import Refused
from tui_editor.state.label_list import label_list

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.ids import InstanceId


def _visual(context: Context) -> None:
    listing = context.state.listing
    if not listing.visual:
        context.selected()
        context.front.tell(
            "‹object.next› and ‹object.previous› select what is on their way; an edit or ‹labels.visual› ends it"
        )
    context.store.set(listing=replace(listing, visual=not listing.visual))


def toggle(context: Context, instance: InstanceId) -> None:
    """Select an object too, or no longer."""
    chosen = context.state.selection
    others = tuple(i for i in chosen if i != instance)
    context.store.select(*others, *(() if instance in chosen else (instance,)))


def _extend_down(context: Context) -> None:
    moving.extend(context, context.times)


def _extend_up(context: Context) -> None:
    moving.extend(context, -context.times)


def _select_all(context: Context) -> None:
    listed = label_list(context.state).objects()
    if not listed:
        raise Refused("no object is listed")
    context.store.select(*listed)
    context.front.tell(f"{count_text(len(listed), 'object')} selected")


def _hide_others(context: Context) -> None:
    display = context.state.display
    if display.hidden:
        context.store.set(display=replace(display, hidden=frozenset()))
        context.front.tell(f"{count_text(len(display.hidden), 'hidden object')} shown again")
        return
    context.selected()
    others = frozenset(label_list(context.state).objects()) - frozenset(context.state.selection)
    context.store.set(display=replace(display, hidden=others))
    context.front.tell(f"{count_text(len(others), 'object')} hidden: ‹labels.hide_others› shows all again")


COMMANDS = (
    Command(
        id="labels.visual",
        title="Select a range",
        doc="Begins a range in the Labels pane: going on selects everything on the way. ‹object.deselect› gives it up.",
        run=_visual,
        keys=on("V"),
        group=GROUP,
    ),
    Command(
        id="labels.extend_down",
        title="Select down to the next line",
        doc="Selects the next object of the Labels pane too, or as many as the count; back again gives them up.",
        run=_extend_down,
        keys=on("J, shift+down"),
        count="objects",
        group=GROUP,
    ),
    Command(
        id="labels.extend_up",
        title="Select up to the previous line",
        doc="Selects the previous object of the Labels pane too, or as many as the count.",
        run=_extend_up,
        keys=on("K, shift+up"),
        count="objects",
        group=GROUP,
    ),
    Command(
        id="labels.select_all",
        title="Select all that is listed",
        doc="Selects every object that the Labels pane lists.",
        run=_select_all,
        keys=on("%"),
        group=GROUP,
    ),
    Command(
        id="labels.hide_others",
        title="Hide the others or show all",
        doc="Hides all listed objects but the selected ones; while any is hidden, shows all again.",
        run=_hide_others,
        keys=on("O"),
        group=GROUP,
    ),
)
