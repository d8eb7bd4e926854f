"""What is listed, drawn and gone through: the filter of the task."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui_editor.commands.assist import filter_assist
from tui_editor.commands.command import Command, on
from tui_editor.commands.view import GROUP
from tui_editor.errors import UsageError
from tui_editor.state import selectors
from tui_editor.state.filters import WORDS, parse_filter
from tui_editor.text import one_line

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
    filters = parse_filter(text, state.project.ontology, state.task.units)

    def found() -> None:
        context.store.set(filters=filters)
        if filters.terms:
            passing = len(selectors.listed(context.state))
            context.front.tell(f"{passing} of {len(context.state.document.instances)} objects pass the filter")

    context.front.go_through(selectors.matching_steps(state, filters) if filters.terms else iter(()), found)


def _threshold(context: Context) -> None:
    def typed(text: str) -> None:
        number = text.strip().rstrip("%")
        least = float(number) / (100 if text.strip().endswith("%") or float(number) > 1 else 1) if _is(number) else -1.0
        if not 0 <= least <= 1:
            raise UsageError(f"{one_line(text)} is no confidence", hint="0.5 or 50%; 0 shows everything")
        others = [word for word in context.state.filters.text.split(" ") if not _LEAST.fullmatch(word)]
        filter_by(context, " ".join([*others, *([f"score>={least:g}"] if least else [])]).strip())

    if context.count is not None:
        typed(f"{context.count}%")
    elif context.argument:
        typed(context.argument)
    else:
        context.front.ask_text("Least confidence", "", typed, hint="0.5 or 50%; 0 shows everything")


def _is(number: str) -> bool:
    return re.fullmatch(r"\d*\.?\d+", number) is not None


_LEAST = re.compile(r"score>=\S*")
"""The filter's word that a threshold is."""


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
        id="view.threshold",
        title="Least confidence",
        doc="Shows and lists only labels of at least a confidence, in percent by the count; a word of the filter.",
        run=_threshold,
        keys=on("w q"),
        takes="CONFIDENCE",
        count="percent",
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
