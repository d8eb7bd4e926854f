"""Select, classify, answer, delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from msgspec.structs import replace

from tui_editor.commands.command import Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.permissions import may
from tui_editor.commands.proposals import MOST_PREVIEWED, named
from tui_editor.commands.ranges import count_text
from tui_editor.edits import attributes, labels
from tui_editor.errors import Refused, UsageError
from tui_editor.model.ids import ClassId
from tui_editor.model.ontology import Classification
from tui_editor.model.tracks import LabelFlag
from tui_editor.model.transitions import Action
from tui_editor.state import selectors
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.ontology import AnyClass
    from tui_editor.model.patch import Patch
    from tui_editor.model.shapes import ShapeKind

GROUP = "Objects"


def may_edit(context: Context) -> str:
    """Return why no label can be changed; empty when it can."""
    return may(context, Action.LABEL)


def needs_selection(context: Context) -> str:
    """Return why there is nothing to act on; empty when an object is selected."""
    return may_edit(context) or ("" if context.state.selected is not None else "nothing is selected")


# --- class -----------------------------------------------------------------------------------------


def class_choices(context: Context, *kinds: ShapeKind) -> list[Choice]:
    """Return the classes of these kinds (all without any) for a picker, the first nine on digits."""
    entries = [c for c in context.state.project.ontology.offered() if not kinds or c.shape in kinds]
    return [
        Choice(
            value=entry.id,
            label=one_line(entry.name),
            hint=str(entry.shape),
            color=entry.color,
            key=entry.hotkey or (str(number) if number < 10 else ""),
        )
        for number, entry in enumerate(entries, start=1)
    ]


def find_class(context: Context, name: str) -> AnyClass:
    """Return the class of that name.

    Raises:
        UsageError: there is none.
    """
    entry = context.state.project.ontology.find_named(name)
    if entry is None:
        raise UsageError(f"there is no class {one_line(name)}")
    return entry


def _change_class(context: Context) -> None:
    chosen = context.state.selection
    first = context.state.document.instances[context.selected()]
    entry = context.state.project.ontology.find(first.class_id)

    def picked(values: tuple[str, ...]) -> None:
        patch = labels.set_class(context.state.document, context.state.project.ontology, chosen, ClassId(values[0]))
        context.apply(patch, "object.class")

    if context.argument:
        picked((find_class(context, context.argument).id,))
    else:
        kinds = (entry.shape,) if entry else ()
        context.front.pick("Class", class_choices(context, *kinds), picked)


# --- classifications -------------------------------------------------------------------------------


def _classify(context: Context) -> None:
    entries = [c for c in context.state.project.ontology.all() if isinstance(c, Classification)]
    if not entries:
        raise Refused("the ontology has no classifications")

    def picked(values: tuple[str, ...]) -> None:
        state = context.state
        last = min(state.view.frame + context.times, state.unit.frame_count) - 1
        frames = (state.view.frame, last)
        patch, made = attributes.place_classification(
            state.document, state.project.ontology, ClassId(values[0]), state.view.unit, frames, context.stamp()
        )
        context.apply(patch, "object.classify")
        context.store.select(made)

    if context.argument:
        picked((find_class(context, context.argument).id,))
    else:
        choices = [
            Choice(value=c.id, label=one_line(c.name), color=c.color, key=str(n) if n < 10 else "")
            for n, c in enumerate(entries, start=1)
        ]
        context.front.pick("Classification", choices, picked)


# --- select and delete -----------------------------------------------------------------------------


def _select_more(context: Context) -> None:
    order = selectors.listed(context.state)
    selected = context.selected()
    if not order:
        raise Refused("no object passes the filter", hint="‹view.clear_filter› lists all")
    at = order.index(selected) if selected in order else -1
    target = order[min(at + context.times, len(order) - 1)]
    others = tuple(i for i in context.state.selection if i != target)
    context.store.select(*others, target)


def _deselect(context: Context) -> None:
    state = context.state
    if state.answering.marked is not None:
        context.store.set(answering=replace(state.answering, marked=None))
        context.front.tell("no frames are marked")
        return
    if state.listing.visual:
        context.store.set(listing=replace(state.listing, visual=False))
    context.store.select()


def _delete(context: Context) -> None:
    context.selected()
    state = context.state
    here = [i for i in state.selection if state.document.label(i, state.view.unit, state.view.frame)]
    if not here:
        raise Refused("the object has no label on this frame")
    patch = labels.delete_labels(state.document, here, state.frame, context.stamp())
    context.apply(patch, "object.delete")
    context.front.tell(f"deleted {len(here)} label{'s' if len(here) > 1 else ''}: ‹edit.undo› brings back")


def _delete_instance(context: Context) -> None:
    context.selected()
    state = context.state
    chosen = state.selection
    count = sum(len(t) for i in chosen for _, t in state.document.tracks_of(i))
    names = named(context, chosen)

    def patch() -> Patch:
        return labels.delete_instances(context.state.document, chosen)

    def go_on() -> None:
        context.apply(patch(), "object.delete_all")
        context.front.tell(f"deleted {names} with {count_text(count, 'label')}: ‹edit.undo› brings back")

    if count > 1 or len(chosen) > 1:
        all_of = f"{count_text(len(chosen), 'object', 'go')} with " if len(chosen) > 1 else "All its "
        text = f"{all_of}{count_text(count, 'label')}{'' if len(chosen) > 1 else ' go'}."
        preview = patch() if 1 < len(chosen) <= MOST_PREVIEWED else None
        context.front.confirm(f"Delete {names}", text, go_on, listed=_Names(context, chosen), preview=preview)
    else:
        go_on()


class _Names(Sequence[str]):
    """What people call some objects, looked up when it is seen; empty for a single one."""

    def __init__(self, context: Context, instances: Sequence[InstanceId]) -> None:
        self._context, self._instances = context, instances if len(instances) > 1 else ()

    def __len__(self) -> int:
        return len(self._instances)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        return named(self._context, [self._instances[index]])


def _toggle_occluded(context: Context) -> None:
    target, state = context.selected(), context.state
    label = state.document.label(target, state.view.unit, state.view.frame)
    if label is None:
        raise Refused("the object has no label on this frame")
    on_now = not label.flags & LabelFlag.OCCLUDED
    patch = labels.set_flag(state.document, target, state.frame, LabelFlag.OCCLUDED, on_now, context.stamp())
    context.apply(patch, "object.occluded")


def _repeat_label(context: Context) -> None:
    state = context.state
    target = context.selected()
    track = state.document.track(target, state.view.unit)
    row = int(track.frames.searchsorted(state.view.frame)) - 1 if track is not None else -1
    if track is None or row < 0:
        raise Refused("the object has no label on an earlier frame")
    shape = track.geometry.shape(row)
    context.apply(labels.put_label(state.document, target, state.frame, shape, context.stamp()), "object.here")


COMMANDS = (
    Command(
        id="object.class",
        title="Change the class",
        doc="Gives the selected objects another class of the same shape: found by typing, the first nine on digits.",
        run=_change_class,
        keys=on("c"),
        hint="class",
        takes="CLASS",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="object.classify",
        title="Classify the frame",
        doc="Makes a classification hold on this frame; with a count, on as many frames.",
        run=_classify,
        keys=on("s c"),
        takes="CLASS",
        count="frames",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="object.here",
        title="Label the object here",
        doc="Repeats the object's last earlier label on this frame.",
        run=_repeat_label,
        keys=on("r"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="object.occluded",
        title="Occluded or not",
        doc="Sets or clears the occluded flag of the label.",
        run=_toggle_occluded,
        keys=on("g c"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="object.select_more",
        title="Select the next one too",
        doc="Adds the next object to the selection.",
        run=_select_more,
        keys=on("v"),
        count="objects",
        group=GROUP,
    ),
    Command(
        id="object.deselect",
        title="Select nothing",
        doc="Gives up the selection.",
        run=_deselect,
        keys=on("escape"),
        group=GROUP,
    ),
    Command(
        id="object.delete",
        title="Delete the label",
        doc="Deletes the selected objects' labels on this frame.",
        run=_delete,
        keys=on("d d, delete"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="object.delete_all",
        title="Delete the object",
        doc="Deletes the selected objects with all their labels.",
        run=_delete_instance,
        keys=on("d a"),
        enabled=needs_selection,
        group=GROUP,
    ),
)
