"""What the Labels pane lists, in which order, and how much of each object it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_editor.commands.command import Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.ranges import HINT, frames_text, parse_frames
from tui_editor.errors import UsageError
from tui_editor.state.label_list import listing_steps
from tui_editor.state.listing import SortBy
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = "Labels pane"


def relist(context: Context, said: str, **changes: Any) -> None:
    """List otherwise; the order of many objects is found a few milliseconds at a time."""
    wanted = replace(context.state.listing, **changes)
    there = replace(context.state, listing=wanted)

    def done() -> None:
        context.store.set(listing=replace(context.state.listing, **changes))
        context.front.tell(said)

    context.front.go_through(listing_steps(there), done)


def _scope(context: Context) -> None:
    here = not context.state.listing.frame_only
    said = "the Labels pane lists those of this frame" if here else "the Labels pane lists all objects"
    relist(context, said, frame_only=here, frames=None)


def _details(context: Context) -> None:
    told = not context.state.listing.details
    context.store.set(listing=replace(context.state.listing, details=told))
    context.front.tell("the Labels pane tells the answers on this frame" if told else "without answers")


def _expand(context: Context) -> None:
    context.selected()
    listing, chosen = context.state.listing, frozenset(context.state.selection)
    expanded = listing.expanded - chosen if chosen <= listing.expanded else listing.expanded | chosen
    context.store.set(listing=replace(listing, expanded=expanded))


# --- order ---------------------------------------------------------------------------------------------


def _sort(context: Context) -> None:
    listing = context.state.listing

    def picked(values: tuple[str, ...]) -> None:
        by = sort_named(values[0])
        down = by is listing.sort and not listing.descending
        relist(context, f"sorted by {by.value}, {'downwards' if down else 'upwards'}", sort=by, descending=down)

    if context.argument:
        picked((context.argument,))
        return
    way = "downwards" if listing.descending else "upwards"
    choices = [
        Choice(
            value=by.value, label=by.value, key=str(n), hint=f"{way}; once more turns it" if by is listing.sort else ""
        )
        for n, by in enumerate(SortBy, start=1)
    ]
    context.front.pick("Sort the Labels pane by", choices, picked)


def sort_named(text: str) -> SortBy:
    """Return the order that a text names, or begins to name.

    Raises:
        UsageError: it is none.
    """
    wanted = text.strip().casefold()
    found = [by for by in SortBy if wanted and by.value.startswith(wanted)]
    if not found:
        raise UsageError(f"{one_line(text) or 'nothing'} is no order", hint=", ".join(by.value for by in SortBy))
    return found[0]


def _reverse(context: Context) -> None:
    listing = context.state.listing
    down = not listing.descending
    relist(context, f"sorted by {listing.sort.value}, {'downwards' if down else 'upwards'}", descending=down)


def _group(context: Context) -> None:
    grouped = not context.state.listing.group_by_class
    relist(context, "grouped by class" if grouped else "one list of all classes", group_by_class=grouped)


# --- range of frames -------------------------------------------------------------------------------------


def _frames(context: Context) -> None:
    state = context.state

    def typed(text: str) -> None:
        if not text.strip():
            relist(context, "objects of all frames are listed", frames=None)
            return
        frames = parse_frames(text, context.state.unit)
        relist(context, f"listed: objects with labels on {frames_text(*frames)}", frames=frames, frame_only=False)

    marked = state.answering.frames_to(state.frame)
    if context.argument:
        typed(context.argument)
    elif context.count is not None:
        typed(f"{state.view.frame}-{state.view.frame + context.count - 1}")
    else:
        known = marked or state.listing.frames
        initial = f"{known[0]}-{known[1]}" if known else ""
        context.front.ask_text("List objects of which frames", initial, typed, hint=f"{HINT}; nothing for all")


COMMANDS = (
    Command(
        id="labels.scope",
        title="All objects or this frame's",
        doc="Lists in the Labels pane all objects of the task, or only those on this frame.",
        run=_scope,
        keys=on("g a, W a"),
        group=GROUP,
    ),
    Command(
        id="labels.details",
        title="Details of the objects",
        doc="Tells in the Labels pane the answers that hold on this frame, or leaves them out.",
        run=_details,
        keys=on("g i, W i"),
        group=GROUP,
    ),
    Command(
        id="labels.expand",
        title="Details of the object",
        doc="Shows or hides below the selected objects their frames, confidence, and answers with the frames of each.",
        run=_expand,
        keys=on("E"),
        group=GROUP,
    ),
    Command(
        id="labels.sort",
        title="Sort the Labels pane",
        doc="Sorts by creation, name, class, first frame, confidence or review state; the same once more turns it.",
        run=_sort,
        keys=on("W s"),
        takes="creation|name|class|first frame|confidence|review state",
        group=GROUP,
    ),
    Command(
        id="labels.reverse",
        title="Turn the order of the Labels pane",
        doc="Sorts the other way round: upwards or downwards.",
        run=_reverse,
        keys=on("W r"),
        group=GROUP,
    ),
    Command(
        id="labels.group",
        title="Group by class",
        doc="Puts objects of a class together under its name, or makes one list of all.",
        run=_group,
        keys=on("W g"),
        group=GROUP,
    ),
    Command(
        id="labels.frames",
        title="List objects of some frames",
        doc="Lists objects with labels on a range of frames, by the count so many from here; without a range all.",
        run=_frames,
        keys=on("W f"),
        takes="FRAMES",
        count="frames",
        group=GROUP,
    ),
)
