"""What a line offers while it is typed: how it may go on, and what is wrong with it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.errors import FilterInvalid
from tui_editor.state.filters import parse_filter

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context


class Suggestion(Struct, frozen=True, kw_only=True):
    """One way to go on."""

    text: str
    """What stands from `Assisted.start` on when it is taken."""
    title: str = ""
    hint: str = ""
    disabled: str = ""
    """Why it is of no use now."""


class Fault(Struct, frozen=True, kw_only=True):
    """Characters start..stop-1 that are wrong, and why."""

    start: int
    stop: int
    what: str


class Assisted(Struct, frozen=True, kw_only=True):
    """What can be said of a line up to the cursor."""

    start: int = 0
    """Where a suggestion begins; it goes to the cursor."""
    suggestions: tuple[Suggestion, ...] = ()
    fault: Fault | None = None


if TYPE_CHECKING:
    Assist = Callable[[str], Assisted]
    """Is asked with the text up to the cursor."""


def filter_assist(context: Context) -> Assist:
    """Return what helps to type a filter."""
    return lambda text: assist_filter(context, text)


def assist_filter(context: Context, text: str, offset: int = 0) -> Assisted:
    """Return how a filter may go on.

    Args:
        context: With the task that is filtered.
        text: The filter so far.
        offset: Characters before it on the line.
    """
    from tui_editor.state.filters.suggest import possible  # what filters mean is loaded with the first one

    state = context.state
    found = possible(text, state.project.ontology, state.document, state.task.units)
    suggestions = tuple(Suggestion(text=word, title=word, hint=hint) for word, hint in found.words)
    return Assisted(start=offset + found.start, suggestions=suggestions, fault=_fault(context, text, offset))


def _fault(context: Context, text: str, offset: int) -> Fault | None:
    state = context.state
    try:
        parse_filter(text, state.project.ontology, state.task.units)
    except FilterInvalid as error:
        at = offset + len(text) - len(text.lstrip())
        hint = f": {error.hint}" if error.hint else ""
        return Fault(start=at + error.start, stop=at + error.stop, what=f"{error.what}{hint}")
    return None
