"""Look for an object by name in the Labels pane."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.commands import moving
from tui_editor.commands.assist import Assisted, Suggestion
from tui_editor.commands.command import Command, on
from tui_editor.commands.listing import GROUP
from tui_editor.errors import Refused
from tui_editor.state import selectors
from tui_editor.state.label_list import label_list
from tui_editor.state.searching import name_test
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.commands.context import Context
    from tui_editor.model.ids import InstanceId

MOST_SUGGESTED: Final = 10
_NAME: Final = re.compile(r"\s+")


def _search(context: Context) -> None:
    def typed(text: str) -> None:
        wanted = _NAME.sub(" ", text.strip())
        context.store.set(listing=replace(context.state.listing, search=wanted))
        if wanted:
            _go(context, 1, from_here=True)

    if context.argument:
        typed(context.argument)
    else:
        initial = context.state.listing.search
        title, hint = "Search the Labels pane", "a name, a number, or both: car 12"
        context.front.ask_text(title, initial, typed, hint=hint, assist=lambda text: _assist(context, text))


def _assist(context: Context, text: str) -> Assisted:
    """Return what is found first from the selected object on."""
    state = context.state
    names = (
        one_line(selectors.instance_name(state.project.ontology, state.document.instances[i]))
        for i in islice(_found(context, text, 1, from_here=True), MOST_SUGGESTED)
    )
    return Assisted(suggestions=tuple(Suggestion(text=name, title=name) for name in names))


def _found(context: Context, text: str, way: int, *, from_here: bool) -> Iterator[InstanceId]:
    """Yield the listed objects whose name fits, in one direction from the selected one, round to it."""
    state = context.state
    listed = label_list(state)
    ranks = listed.ranks()
    fits = name_test(text, state.project.ontology, listed.ranking)
    at = listed.place(state.selected)
    if at is None:
        at, from_here = (0 if way > 0 else len(ranks) - 1), True
    first = at if from_here else at + way
    if way > 0:
        ring = chain(range(first, len(ranks)), range(min(first, len(ranks))))
    else:
        ring = chain(range(first, -1, -1), range(len(ranks) - 1, max(first, -1), -1))
    return (listed.object(n) for n in ring if fits(ranks[n]))


def _go(context: Context, by: int, *, from_here: bool = False) -> None:
    wanted, way = context.state.listing.search, 1 if by > 0 else -1
    found = list(islice(_found(context, wanted, way, from_here=from_here), abs(by)))
    if not found:
        raise Refused(f"no listed object is called {one_line(wanted)}", hint="‹labels.scope› lists all objects")
    moving.focus(context, found[-1])


def _next(context: Context) -> None:
    if context.state.listing.search:
        _go(context, context.times)
    elif not moving.next_undecided(context, context.times):
        context.front.tell("nothing is searched: ‹labels.search› does")


def _previous(context: Context) -> None:
    if context.state.listing.search:
        _go(context, -context.times)
    elif not moving.next_undecided(context, -context.times):
        context.front.tell("nothing is searched: ‹labels.search› does")


COMMANDS = (
    Command(
        id="labels.search",
        title="Search the Labels pane",
        doc="Finds listed objects by name, number or both; what fits is shown while it is typed.",
        run=_search,
        keys=on("W /") + on("/", Mode.LABELS),
        hint="search",
        takes="NAME",
        group=GROUP,
    ),
    Command(
        id="labels.search_next",
        title="Next object found",
        doc="Selects the next object that the search finds, round to the first; without a search the next undecided.",
        run=_next,
        keys=on("W n") + on("n", Mode.LABELS),
        count="objects",
        group=GROUP,
    ),
    Command(
        id="labels.search_previous",
        title="Previous object found",
        doc="Selects the previous object that the search finds; without a search the previous undecided one.",
        run=_previous,
        keys=on("W N") + on("N", Mode.LABELS),
        count="objects",
        group=GROUP,
    ),
)
