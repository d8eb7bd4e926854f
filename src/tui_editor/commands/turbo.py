"""Turbo mode: one object after the other, its attributes set or confirmed by one key each."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.commands import moving
from tui_editor.commands.answering import answered_frames, ask_value, keep, questions_of
from tui_editor.commands.command import LOOP, Command, on
from tui_editor.commands.geometry import home_mode
from tui_editor.commands.identities import MOST_CHOICES, choices_of, found_object
from tui_editor.commands.objects import may_edit
from tui_editor.errors import Refused, UsageError
from tui_editor.model.ids import InstanceId
from tui_editor.model.ontology import AttributeKind
from tui_editor.state import selectors
from tui_editor.state.tool import TurboTool
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.commands.context import Context
    from tui_editor.model.ontology import AnswerValue, Attribute

GROUP: Final = "Turbo mode"
DIGITS: Final = "123456789"


# --- where we are --------------------------------------------------------------------------------------


def _tool(context: Context) -> TurboTool:
    tool = context.state.tool
    if not isinstance(tool, TurboTool):
        raise Refused("this is not Turbo mode", hint="‹turbo.start› begins it")
    return tool


def _question(context: Context) -> Attribute:
    """Return the question that keys answer."""
    questions = questions_of(context, context.selected())
    if not questions:
        raise Refused("the object has no attributes", hint="‹turbo.next› goes on")
    return questions[min(_tool(context).question, len(questions) - 1)]


def _has_questions(context: Context, instance: InstanceId) -> bool:
    state = context.state
    entry = state.project.ontology.find(state.document.instances[instance].class_id)
    return entry is not None and any(not a.archived for a in entry.attributes)


def _lacks_answer(context: Context, instance: InstanceId) -> bool:
    state = context.state
    here = state.document.instances[instance].answers_at(state.view.unit, state.view.frame)
    return any(here.get(a.id) in (None, "", ()) for a in questions_of(context, instance))


def _around(context: Context, way: int) -> Iterator[InstanceId]:
    """Yield the objects with attributes from behind the selected one on, in one direction, to the end."""
    order = selectors.listed(context.state)
    selected = context.state.selected
    at = order.index(selected) if selected in order else (-1 if way > 0 else len(order))
    ahead = order[at + 1 :] if way > 0 else order[:at][::-1]
    return (i for i in ahead if _has_questions(context, i))


def _show(context: Context, instance: InstanceId) -> None:
    context.store.set(tool=replace(_tool(context), question=0))
    moving.focus(context, instance)


def _go(context: Context, by: int) -> None:
    found = list(islice(_around(context, 1 if by > 0 else -1), abs(by)))
    if not found:
        raise Refused("there is no further object with attributes", hint="‹turbo.leave› leaves Turbo mode")
    _show(context, found[-1])


# --- begin and leave -----------------------------------------------------------------------------------


def _start(context: Context) -> None:
    state = context.state
    selected = state.selected
    first = selected if selected is not None and _has_questions(context, selected) else next(_around(context, 1), None)
    if first is None:
        raise Refused("no listed object has attributes")
    context.loop.turbo = True
    tool = TurboTool(auto_zoom=state.view.auto_zoom)
    context.store.set(mode=Mode.TURBO, tool=tool, listing=replace(state.listing, visual=False))
    context.store.set_view(auto_zoom=context.loop.wishes.turbo_zoom or state.view.auto_zoom)
    _show(context, first)


def start_quietly(context: Context) -> None:
    """Begin where Turbo mode is wanted and a task that is annotated has anything to answer."""
    if context.loop.turbo and context.state.mode is Mode.BROWSE and not may_edit(context):
        try:
            _start(context)
        except Refused:
            return


def _leave(context: Context) -> None:
    tool = _tool(context)
    context.loop.turbo = False
    context.store.set(mode=home_mode(context), tool=None)
    context.store.set_view(auto_zoom=tool.auto_zoom)


# --- answer --------------------------------------------------------------------------------------------


def _option(context: Context) -> None:
    attribute, digit = _question(context), context.argument
    if attribute.kind not in {AttributeKind.RADIO, AttributeKind.CHECKLIST}:
        _type(context)
        return
    options = [o for o in attribute.options if not o.archived]
    if digit not in DIGITS or not digit or int(digit) > len(options):
        known = "  ".join(f"{n} {one_line(o.label, 20)}" for n, o in enumerate(options[:9], start=1))
        raise UsageError(
            f"{one_line(attribute.name)} has no option {one_line(digit) or 'without a number'}", hint=known
        )
    chosen = options[int(digit) - 1].id
    target = context.selected()
    if attribute.kind is AttributeKind.RADIO:
        keep(context, target, attribute, (chosen,), answered_frames(context))
        _advance(context, attribute)
        return
    ticked = _ticked(context, attribute) ^ {chosen}
    value = tuple(o.id for o in attribute.options if o.id in ticked) or None
    keep(context, target, attribute, value, answered_frames(context))


def _ticked(context: Context, attribute: Attribute) -> frozenset[str]:
    state = context.state
    here = state.document.instances[context.selected()].answers_at(state.view.unit, state.view.frame)
    value = here.get(attribute.id)
    return frozenset(value) if isinstance(value, tuple) else frozenset()


def _advance(context: Context, attribute: Attribute) -> None:
    """Go to the question behind one, else to the next object."""
    questions = questions_of(context, context.selected())  # an answer may have brought some
    at = next((n for n, a in enumerate(questions) if a.id == attribute.id), len(questions) - 1)
    if at + 1 < len(questions):
        context.store.set(tool=replace(_tool(context), question=at + 1))
    elif (following := next(_around(context, 1), None)) is not None:
        _show(context, following)
    else:
        context.front.tell("that was the last object: ‹turbo.leave› leaves Turbo mode")


def _confirm(context: Context) -> None:
    attribute, state = _question(context), context.state
    here = state.document.instances[context.selected()].answers_at(state.view.unit, state.view.frame)
    if attribute.required and here.get(attribute.id) in (None, "", ()):
        raise Refused(f"{one_line(attribute.name)} wants an answer", hint="‹turbo.next› leaves it open")
    _advance(context, attribute)


def _type(context: Context) -> None:
    target, attribute, frames = context.selected(), _question(context), answered_frames(context)

    def typed(value: AnswerValue | None) -> None:
        keep(context, target, attribute, value, frames)
        if value is not None:
            _advance(context, attribute)

    ask_value(context, target, attribute, typed)


def _clear(context: Context) -> None:
    keep(context, context.selected(), _question(context), None, answered_frames(context))


def _turn(context: Context, by: int) -> None:
    questions = questions_of(context, context.selected())
    if questions:
        at = min(_tool(context).question, len(questions) - 1)
        context.store.set(tool=replace(_tool(context), question=(at + by) % len(questions)))


def _next_question(context: Context) -> None:
    _turn(context, context.times)


def _previous_question(context: Context) -> None:
    _turn(context, -context.times)


# --- objects -------------------------------------------------------------------------------------------


def _next(context: Context) -> None:
    _tool(context)
    _go(context, context.times)


def _previous(context: Context) -> None:
    _tool(context)
    _go(context, -context.times)


def _next_open(context: Context) -> None:
    _tool(context)
    found = next((i for i in _around(context, 1) if _lacks_answer(context, i)), None)
    if found is None:
        raise Refused("no object further on lacks an answer")
    _show(context, found)


def _choose(context: Context) -> None:
    _tool(context)
    if context.argument:
        found = found_object(context, context.argument)
        if not _has_questions(context, found):
            raise Refused(f"{one_line(context.argument)} has no attributes")
        _show(context, found)
        return
    listed = (i for i in selectors.listed(context.state) if _has_questions(context, i))
    choices = choices_of(context, list(islice(listed, MOST_CHOICES)))
    context.front.pick("Object", choices, lambda values: _show(context, InstanceId(int(values[0]))))


def _command(name: str, title: str, doc: str, run: Callable[[Context], None], keys: str, **more: str) -> Command:
    return Command(
        id=f"turbo.{name}",
        title=title,
        doc=doc,
        run=run,
        keys=on(keys, Mode.TURBO),
        enabled=may_edit,
        group=GROUP,
        **more,
    )


COMMANDS = (
    Command(
        id="turbo.start",
        title="Turbo mode",
        doc=(
            "Zooms on one object after the other; digits answer its attributes, ‹turbo.confirm› confirms what is "
            "there. Tasks that are opened afterwards begin in it, until it is left; `turbo` in the configuration makes "
            "all do so."
        ),
        run=_start,
        keys=on("g t", *LOOP),
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="turbo.option",
        title="Choose an option",
        doc="Answers with the option of that number and goes on; of a checklist ticks it. Other answers are typed.",
        run=_option,
        keys=tuple(k for d in DIGITS for k in on(d, Mode.TURBO, argument=d)),
        hint="answer",
        takes="NUMBER",
        enabled=may_edit,
        group=GROUP,
    ),
    _command(
        "confirm", "Confirm the answer", "Goes on; what is there stays.", _confirm, "enter, space", hint="confirm"
    ),
    _command(
        "type",
        "Type the answer",
        "Asks for text, a number or an option found by typing, and goes on.",
        _type,
        "t",
        hint="type",
    ),
    _command("clear", "Take the answer back", "The attribute has no answer then.", _clear, "d, delete", hint="clear"),
    _command(
        "next_question",
        "Next question",
        "Goes to the next attribute; the first follows the last.",
        _next_question,
        "tab",
    ),
    _command(
        "previous_question", "Previous question", "Goes to the attribute before.", _previous_question, "shift+tab"
    ),
    _command(
        "next", "Next object to answer", "Goes to the next object with attributes.", _next, "j, down", hint="next"
    ),
    _command("previous", "Previous object to answer", "Goes to the one before.", _previous, "k, up"),
    _command(
        "next_open", "Next object without an answer", "Goes to the next one with an open question.", _next_open, "n"
    ),
    _command(
        "choose",
        "Choose the object",
        "Lists the objects with attributes.",
        _choose,
        "i, /",
        hint="object",
        takes="NAME",
    ),
    _command("leave", "Leave Turbo mode", "Goes back to the loop.", _leave, "escape, q", hint="leave"),
)
