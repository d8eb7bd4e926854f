"""How labels are drawn: colours, opacity, line width, words, onion skin; all of it on one menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from tui_editor.commands.command import LOOP, Command, on
from tui_editor.commands.context import Choice
from tui_editor.errors import UsageError
from tui_editor.state.view import ColourBy, TagText
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context

GROUP = "View"
THICKEST_PX, MOST_ONION = 9, 5
_USUAL_OPACITY = 0.2
_T = TypeVar("_T", ColourBy, TagText)


def _set(context: Context, said: str, **changes: Any) -> None:
    context.store.set(display=replace(context.state.display, **changes))
    context.front.tell(said)


def _one_of(kinds: type[_T], text: str) -> _T:
    wanted = text.strip().casefold()
    found = [kind for kind in kinds if kind.value.startswith(wanted)]
    if not wanted or not found:
        raise UsageError(f"{one_line(text) or 'nothing'} is none of these", hint=", ".join(k.value for k in kinds))
    return found[0]


def _colour_by(context: Context) -> None:
    def picked(values: tuple[str, ...]) -> None:
        by = _one_of(ColourBy, values[0])
        _set(context, f"colours tell the {by.value}", colour_by=by)

    if context.argument:
        picked((context.argument,))
        return
    choices = [Choice(value=by.value, label=by.value, key=str(n)) for n, by in enumerate(ColourBy, start=1)]
    context.front.pick("Colours tell the", choices, picked)


def _ask_number(context: Context, title: str, hint: str, then: Callable[[float], None]) -> None:
    """Take a number from the count, from the argument, or from the person."""

    def typed(text: str) -> None:
        try:
            number = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
        except ValueError as error:
            raise UsageError(f"{one_line(text)} is not a number", hint=hint) from error
        then(number)

    if context.count is not None:
        then(float(context.count))
    elif context.argument:
        typed(context.argument.strip())
    else:
        context.front.ask_text(title, "", lambda text: typed(text.strip()), hint=hint)


def _opacity(context: Context) -> None:
    counted = context.count is not None

    def keep(number: float) -> None:
        share = number / 100 if counted or number > 1 else number
        if not 0 <= share <= 1:
            raise UsageError("an opacity lies between 0 and 100 %")
        _set(context, f"opacity {share:.0%}", opacity=share)

    _ask_number(context, "Opacity", "20% or 0.2", keep)


def _line_width(context: Context) -> None:
    def keep(number: float) -> None:
        if number not in range(1, THICKEST_PX + 1):
            raise UsageError(f"a line is 1 to {THICKEST_PX} pixels wide")
        _set(context, f"lines of {number:g} px", line_px=int(number))

    _ask_number(context, "Line width", "2", keep)


def _onion(context: Context) -> None:
    display = context.state.display
    frames = context.count if context.count is not None else (0 if display.onion else 1)
    if context.argument:
        frames = int(context.argument) if context.argument.isdecimal() else -1
    if not 0 <= frames <= MOST_ONION:
        raise UsageError(f"labels of up to {MOST_ONION} neighbouring frames can be outlined", hint="0 shows none")
    _set(context, f"onion skin of ±{frames} frames" if frames else "no onion skin", onion=frames)


def _words(context: Context) -> None:
    def picked(values: tuple[str, ...]) -> None:
        words = next(k for k in TagText if k.value == values[0])
        _set(context, f"beside labels: {words.value}", tags=words)

    choices = [Choice(value=kind.value, label=kind.value, key=str(n)) for n, kind in enumerate(TagText, start=1)]
    if context.argument:
        picked((_one_of(TagText, context.argument).value,))
    else:
        context.front.pick("Beside labels", choices, picked)


def _usual(context: Context) -> None:
    _set(
        context,
        "labels are drawn as usual",
        tags=TagText.NAME_AND_CONFIDENCE,
        colour_by=ColourBy.CLASS,
        opacity=_USUAL_OPACITY,
        line_px=2,
        onion=0,
        dim_others=False,
    )


def _menu(context: Context) -> None:
    from tui_editor.commands.table import by_id, run

    display = context.state.display
    now = {
        "view.words": display.tags.value,
        "view.colour_by": display.colour_by.value,
        "view.opacity": f"{display.opacity:.0%}",
        "view.line_width": f"{display.line_px} px",
        "view.dim": "on" if display.dim_others else "off",
        "view.onion": f"±{display.onion}" if display.onion else "off",
        "view.labels": "shown" if display.labels else "hidden",
        "view.threshold": "",
        "view.filter": context.state.filters.text or "none",
        "view.usual": "",
    }
    commands = [by_id()[name] for name in now]
    choices = [
        Choice(value=c.id, label=c.title, hint=now[c.id], key=str(n) if n < 10 else "")
        for n, c in enumerate(commands, start=1)
    ]

    def picked(values: tuple[str, ...]) -> None:
        run(by_id()[values[0]], context)

    context.front.pick("View", choices, picked)


COMMANDS = (
    Command(
        id="view.menu",
        title="View",
        doc="Lists how labels are drawn, with what is set; each line changes one thing.",
        run=_menu,
        keys=on("w v"),
        group=GROUP,
    ),
    Command(
        id="view.words",
        title="Words beside labels",
        doc="Chooses what is written beside labels: nothing, name, name and confidence, answers as well.",
        run=_words,
        keys=on("w t"),
        takes="WORDS",
        group=GROUP,
    ),
    Command(
        id="view.colour_by",
        title="What colours tell",
        doc="Colours labels by class, instance, review state, confidence (red to green) or author.",
        run=_colour_by,
        keys=on("w d"),
        takes="class|instance|review state|confidence|author",
        group=GROUP,
    ),
    Command(
        id="view.opacity",
        title="Opacity of labels",
        doc="Sets how much of the picture polygons, masks and the selected box hide, in percent by the count.",
        run=_opacity,
        keys=on("w o"),
        takes="PERCENT",
        count="percent",
        group=GROUP,
    ),
    Command(
        id="view.line_width",
        title="Width of lines",
        doc="Sets the width of outlines in screen pixels, by the count.",
        run=_line_width,
        keys=on("w e"),
        takes="PIXELS",
        count="pixels",
        group=GROUP,
    ),
    Command(
        id="view.onion",
        title="Onion skin",
        doc="Outlines the selected objects, without a selection all, as they are on the frames before and after.",
        run=_onion,
        keys=on("w n"),
        takes="FRAMES",
        count="frames",
        group=GROUP,
    ),
    Command(
        id="view.usual",
        title="Labels as usual",
        doc="Draws labels as at first: colours, words, opacity, lines, no onion skin, nothing dimmed.",
        run=_usual,
        keys=on("w =", *LOOP),
        group=GROUP,
    ),
)
