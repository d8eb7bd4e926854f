"""Answer attributes: one after the other, on this frame or on many; preserve answers for the labels to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands.command import LOOP, Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.objects import GROUP, may_edit, needs_selection
from tui_editor.commands.ranges import HINT, frames_text, parse_frames
from tui_editor.edits import attributes
from tui_editor.errors import Refused, UsageError
from tui_editor.model.ids import OptionId
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.ontology import AnswerValue, Attribute, AttributeKind, Option, asked
from tui_editor.state import selectors
from tui_editor.state.details import answer_text
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.commands.context import Context
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.patch import Patch

    Frames = tuple[int, int]

NO_ANSWER = ""
"""The value of a choice that takes an answer back."""
_CHOSEN = frozenset({AttributeKind.RADIO, AttributeKind.CHECKLIST})


# --- which questions -----------------------------------------------------------------------------------


def questions_of(context: Context, target: InstanceId) -> list[Attribute]:
    """Return the attributes that are asked about an object on this frame, nested ones behind their option's."""
    state = context.state
    value = state.document.instances[target]
    entry = state.project.ontology.find(value.class_id)
    here = value.answers_at(state.view.unit, state.view.frame)
    return [a for a in asked(entry.attributes, here) if not a.archived] if entry else []


def _needed(context: Context, target: InstanceId, *, dynamic: bool) -> list[Attribute]:
    found = [a for a in questions_of(context, target) if a.dynamic or not dynamic]
    if not found:
        name = selectors.instance_name(context.state.project.ontology, context.state.document.instances[target])
        raise Refused(f"{one_line(name)} has no {'dynamic ' if dynamic else ''}attributes")
    return found


def _pick(context: Context, title: str, questions: Sequence[Attribute], then: Callable[[Attribute], None]) -> None:
    state = context.state
    here = state.document.instances[context.selected()].answers_at(state.view.unit, state.view.frame)
    choices = [
        Choice(value=a.id, label=one_line(a.name), hint=answer_text(a, here.get(a.id)), key=str(n) if n < 10 else "")
        for n, a in enumerate(questions, start=1)
    ]
    context.front.pick(title, choices, lambda values: then(next(a for a in questions if a.id == values[0])))


# --- answer --------------------------------------------------------------------------------------------


def _answer(context: Context) -> None:
    target = context.selected()
    questions = _needed(context, target, dynamic=False)
    frames = answered_frames(context)
    if context.argument and "=" not in context.argument:
        ask_answer(context, target, _named(questions, context.argument), frames)
    elif context.argument:
        attribute, value = read_answer(questions, context.argument)
        keep(context, target, attribute, value, frames)
    else:
        _pick(context, "Attribute", questions, lambda attribute: ask_answer(context, target, attribute, frames))


def answered_frames(context: Context) -> Frames:
    """Return the frames that a dynamic answer is for: the marked ones, as many as the count, or this one."""
    state = context.state
    marked = state.answering.frames_to(state.frame)
    if context.count is None and marked is not None:
        return marked
    return state.view.frame, min(state.view.frame + context.times, state.unit.frame_count) - 1


def ask_answer(context: Context, target: InstanceId, attribute: Attribute, frames: Frames | None = None) -> None:
    """Ask for the answer to an attribute, and keep it.

    Args:
        context: Of the command.
        target: Whose.
        attribute: Which.
        frames: First and last one that a dynamic answer is for; None: the marked ones, or this one.
    """
    span = frames or answered_frames(context)
    ask_value(context, target, attribute, lambda value: keep(context, target, attribute, value, span))


def ask_value(
    context: Context, target: InstanceId, attribute: Attribute, then: Callable[[AnswerValue | None], None]
) -> None:
    """Ask for a value; None is that there is no answer."""
    state = context.state
    old = state.document.instances[target].answers_at(state.view.unit, state.view.frame).get(attribute.id)
    if attribute.kind in _CHOSEN:
        many = attribute.kind is AttributeKind.CHECKLIST
        context.front.pick(attribute.name, _options(attribute, old), lambda v: then(_chosen(attribute, v)), many=many)
        return
    initial = "" if old is None else str(old)
    number = attribute.kind is AttributeKind.NUMERIC
    hint = ("a number" if number else "text") + ("" if old is None else "; nothing takes the answer back")
    context.front.ask_text(attribute.name, initial, lambda text: then(_typed(attribute, text)), hint=hint)


def _options(attribute: Attribute, old: AnswerValue | None) -> list[Choice]:
    chosen = old if isinstance(old, tuple) else ()
    choices = [
        Choice(
            value=o.id,
            label=one_line(o.label),
            key=str(n) if n < 10 else "",
            hint=_said_of(o, chosen),
            picked=o.id in chosen,
        )
        for n, o in enumerate((o for o in attribute.options if not o.archived or o.id in chosen), start=1)
    ]
    if chosen and attribute.kind is AttributeKind.RADIO:
        choices.append(Choice(value=NO_ANSWER, label="no answer", key="0", hint="takes it back"))
    return choices


def _said_of(option: Option, chosen: Sequence[str]) -> str:
    """Return what is to be said of an option; one that is archived is offered only where it is the answer already."""
    return f"the answer{', archived' if option.archived else ''}" if option.id in chosen else ""


def _chosen(attribute: Attribute, values: Sequence[str]) -> AnswerValue | None:
    picked = set(values) - {NO_ANSWER}
    return tuple(o.id for o in attribute.options if o.id in picked) or None


def _typed(attribute: Attribute, text: str) -> AnswerValue | None:
    if not text.strip():
        return None
    return _number(text.strip()) if attribute.kind is AttributeKind.NUMERIC else text


def _number(text: str) -> float | int:
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError as error:
        raise UsageError(f"{one_line(text)} is not a number") from error


def read_answer(questions: Sequence[Attribute], text: str) -> tuple[Attribute, AnswerValue | None]:
    """Return the attribute and the answer of `Colour=Red`; `Damage=Door,Glass` has two options, `Colour=` none.

    Raises:
        UsageError: no attribute is called so, or that is no answer to it.
    """
    name, _, said = (part.strip() for part in text.partition("="))
    attribute = _named(questions, name)
    if attribute.kind not in _CHOSEN:
        return attribute, _typed(attribute, said)
    words = [word.strip().casefold() for word in said.split(",")] if said else []
    found = {w: o.id for o in attribute.options for w in (o.label.casefold(), o.value.casefold()) if w in words}
    if unknown := [word for word in words if word not in found]:
        options = ", ".join(one_line(o.label, 30) for o in attribute.options)
        raise UsageError(f"{one_line(attribute.name)} has no option {one_line(unknown[0])}", hint=options)
    return attribute, _chosen(attribute, [OptionId(v) for v in found.values()])


def _named(questions: Sequence[Attribute], name: str) -> Attribute:
    """Return the attribute of that name or id.

    Raises:
        UsageError: there is none.
    """
    folded = name.casefold()
    found = next((a for a in questions if name == a.id or a.name.casefold() == folded), None)
    if found is None:
        known = ", ".join(one_line(a.name, 30) for a in questions)
        raise UsageError(f"there is no attribute {one_line(name) or 'without a name'} here", hint=known)
    return found


def keep(context: Context, target: InstanceId, attribute: Attribute, value: AnswerValue | None, frames: Frames) -> None:
    """Keep an answer, or take it back; of a dynamic attribute on the frames first..last of the active data unit."""
    patch = answer_patch(context, target, attribute, value, frames)
    context.apply(patch, "object.answer")
    preserved = context.state.answering.preserved
    if attribute.dynamic and target in preserved and frames[0] <= context.state.view.frame <= frames[1]:
        _preserve(context, target)  # what is chosen here is what the next labels get
    if attribute.dynamic and frames[0] != frames[1]:
        context.front.tell(f"{one_line(attribute.name)}: {answer_text(attribute, value)} on {frames_text(*frames)}")


def answer_patch(
    context: Context, target: InstanceId, attribute: Attribute, value: AnswerValue | None, frames: Frames
) -> Patch:
    """Return the patch that answers an attribute; None takes the answer back."""
    state = context.state
    document, ontology, unit = state.document, state.project.ontology, state.view.unit
    if not attribute.dynamic:
        return attributes.set_answer(document, ontology, target, attribute.id, value)
    answer = DynamicAnswer(
        attribute=attribute.id, value=() if value is None else value, unit=unit, first=frames[0], last=frames[1]
    )
    return attributes.set_dynamic_answer(document, ontology, target, answer, clear=value is None)


# --- over frames ---------------------------------------------------------------------------------------


def _answer_range(context: Context) -> None:
    target = context.selected()
    questions = _needed(context, target, dynamic=True)

    def asked_value(attribute: Attribute) -> None:
        ask_value(context, target, attribute, lambda value: asked_frames(attribute, value))

    def asked_frames(attribute: Attribute, value: AnswerValue | None) -> None:
        end = _end_of_labels(context, target)
        hint = f"{end}, or a range: {HINT}; nothing for {frames_text(context.state.view.frame, end)}"

        def typed(text: str) -> None:
            keep(context, target, attribute, value, _frames_of(context, text, end))

        context.front.ask_text(f"{one_line(attribute.name)}: until which frame", "", typed, hint=hint)

    if len(questions) == 1:
        asked_value(questions[0])
    else:
        _pick(context, "Answer on many frames", questions, asked_value)


def _frames_of(context: Context, text: str, end: int) -> Frames:
    here = context.state.view.frame
    if not text.strip():
        return here, end
    if text.strip().isdecimal():
        other = parse_frames(text, context.state.unit)[0]
        return min(here, other), max(here, other)
    return parse_frames(text, context.state.unit)


def _end_of_labels(context: Context, target: InstanceId) -> int:
    track = context.state.document.track(target, context.state.view.unit)
    last = track.frames.item(-1) if track is not None else context.state.unit.frame_count - 1
    return max(last, context.state.view.frame)


def _mark_frames(context: Context) -> None:
    state = context.state
    if state.answering.marked is not None:
        context.store.set(answering=replace(state.answering, marked=None))
        context.front.tell("no frames are marked")
    elif state.unit.frame_count == 1:
        raise Refused("there is one frame only")
    else:
        context.store.set(answering=replace(state.answering, marked=state.frame))
        context.front.tell(
            "frames are marked from here: go on, ‹object.answer› answers for them, ‹object.deselect› forgets them"
        )


# --- preserve ------------------------------------------------------------------------------------------


def _toggle_preserve(context: Context) -> None:
    target = context.selected()
    answering = context.state.answering
    if target in answering.preserved:
        left = {key: value for key, value in answering.preserved.items() if key != target}
        context.store.set(answering=replace(answering, preserved=left))
        context.front.tell("the next labels get no answers by themselves")
    else:
        _needed(context, target, dynamic=True)
        told = _preserve(context, target)
        if not told:
            raise Refused("no dynamic attribute has an answer on this frame", hint="‹object.answer› gives one")
        context.front.tell(f"preserved: the next labels get {told}")


def _preserve(context: Context, target: InstanceId) -> str:
    """Preserve the dynamic answers of this frame; return them as text, empty when there are none."""
    state = context.state
    value, ontology = state.document.instances[target], state.project.ontology
    here = {
        a.attribute: a.value
        for a in value.dynamic
        if a.unit == state.view.unit and a.first <= state.view.frame <= a.last
    }
    preserved = {key: answers for key, answers in state.answering.preserved.items() if key != target}
    if here:
        preserved[target] = here
    context.store.set(answering=replace(state.answering, preserved=preserved))
    known = ((ontology.attribute(key), answer) for key, answer in here.items())
    return ", ".join(f"{one_line(a.name)} {answer_text(a, answer)}" for a, answer in known if a)


COMMANDS = (
    Command(
        id="object.answer",
        title="Answer an attribute",
        doc=(
            "Lists the object's attributes and asks for an answer; dynamic ones are answered for this frame, for as "
            "many as the count says, or for the marked ones. On the line: `Colour` asks, `Colour=Red` answers, "
            "`Colour=` takes the answer back."
        ),
        run=_answer,
        keys=on("f"),
        hint="attributes",
        count="frames",
        takes="ATTRIBUTE=ANSWER",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="object.answer_range",
        title="Answer on many frames",
        doc="Gives a dynamic attribute one answer from here to a frame, or on a range; other answers give way there.",
        run=_answer_range,
        keys=on("g f"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="frame.mark_range",
        title="Mark frames from here",
        doc=(
            "Marks the frames between this one and the one that you go to; answers are for them. "
            "‹object.deselect› forgets them."
        ),
        run=_mark_frames,
        keys=on("Y", *LOOP, Mode.TURBO),
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="object.preserve",
        title="Preserve the chosen state",
        doc="From now on the object's new labels get the dynamic answers of this frame; once more ends that.",
        run=_toggle_preserve,
        keys=on("g v") + on("v", Mode.TURBO),
        enabled=needs_selection,
        group=GROUP,
    ),
)
