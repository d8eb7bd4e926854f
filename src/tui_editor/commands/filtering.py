"""What is listed, drawn and gone through: the filter of the task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.assist import filter_assist
from tui_editor.commands.command import Command, on
from tui_editor.commands.view import GROUP
from tui_editor.state import selectors
from tui_editor.state.filters import WORDS, parse_filter

if TYPE_CHECKING:
    from tui_editor.commands.context import Context


def _filter(context: Context) -> None:
    def typed(text: str) -> None:
        filter_by(context, text)

    if context.argument:
        typed(context.argument)
    else:
        context.front.ask_text(
            "Filter", context.state.filters.text, typed, hint="  ".join(WORDS), assist=filter_assist(context)
        )


def filter_by(context: Context, text: str) -> None:
    """Let through only what a filter describes.

    Raises:
        FilterInvalid: it is none.
    """
    state = context.state
    filters = parse_filter(text, state.project.ontology)

    def found() -> None:
        context.store.set(filters=filters)
        if filters.terms:
            passing = len(selectors.listed(context.state))
            context.front.tell(f"{passing} of {len(context.state.document.instances)} objects pass the filter")

    context.front.go_through(selectors.matching_steps(state, filters) if filters.terms else iter(()), found)


def _clear_filter(context: Context) -> None:
    filter_by(context, "")


COMMANDS = (
    Command(
        id="view.filter",
        title="Filter",
        doc="Lists and goes through only what fits: "
        + "  ".join(WORDS)
        + ". A minus before it turns a condition round.",
        run=_filter,
        keys=on("/"),
        hint="filter",
        takes="FILTER",
        group=GROUP,
    ),
    Command(
        id="view.clear_filter",
        title="Clear the filter",
        doc="Lists everything again.",
        run=_clear_filter,
        keys=on("g /"),
        group=GROUP,
    ),
)
