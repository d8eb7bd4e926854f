"""The dialog of bulk operations: merge, delete, reclassify many labels. What it deletes it writes as a `:delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.assist import filter_assist
from tui_editor.commands.batch import EXAMPLE, change_class, delete, find_objects
from tui_editor.commands.command import Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.identities import choices_of, merge_into
from tui_editor.commands.objects import class_choices, may_edit
from tui_editor.commands.proposals import named
from tui_editor.commands.ranges import HINT, confidence, count_text, parse_frames
from tui_editor.errors import Refused
from tui_editor.model.ids import ClassId, InstanceId
from tui_editor.state import selectors
from tui_editor.state.filters.syntax import value_text
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.commands.context import Context

GROUP = "Bulk operations"


# --- delete ----------------------------------------------------------------------------------------


def _delete_on_frames(context: Context, title: str, *words: str) -> None:
    """Ask for the frames, then delete what a filter describes there, in the active data unit."""
    unit = context.state.unit

    def typed(text: str) -> None:
        first, last = parse_frames(text, unit) if text.strip() else (0, unit.frame_count - 1)
        delete(context, " ".join((*words, *_in_unit(context), f"frames:{first}-{last}")))

    if unit.frame_count == 1:
        typed("0")
    else:
        every = f"0-{unit.frame_count - 1}"
        context.front.ask_text(f"{title}: on which frames", "", typed, hint=f"{HINT}; nothing for all, {every}")


def _in_unit(context: Context) -> list[str]:
    """Return the filter's words for the active data unit: none in a task of one."""
    units, here = context.state.task.units, context.state.unit
    if len(units) == 1:
        return []
    alike = [unit for unit in units if unit.title.casefold() == here.title.casefold()]
    return [f"unit:{value_text(here.title) if len(alike) == 1 else units.index(here) + 1}"]


def _delete_class(context: Context) -> None:
    def picked(values: tuple[str, ...]) -> None:
        entry = context.state.project.ontology.find(ClassId(values[0]))
        name = entry.name if entry else values[0]
        _delete_on_frames(context, f"Delete {one_line(name)}", f"class:{value_text(name)}")

    context.front.pick("Delete the labels of a class", class_choices(context), picked)


def _delete_range(context: Context) -> None:
    _delete_on_frames(context, "Delete all labels")


def _delete_below(context: Context) -> None:
    def typed(text: str) -> None:
        _delete_on_frames(context, "Delete uncertain labels", f"score<{confidence(text.strip()):g}")

    context.front.ask_text("Delete labels with a confidence below", "", typed, hint="0.5 or 50%")


def _delete_fitting(context: Context) -> None:
    title = "Delete the labels that fit"
    context.front.ask_text(title, "", lambda text: delete(context, text), hint=EXAMPLE, assist=filter_assist(context))


# --- merge and change class ------------------------------------------------------------------------


def _merge(context: Context) -> None:
    if context.argument:
        target = context.selected()

        def merge(found: tuple[InstanceId, ...]) -> None:
            merge_into(context, target, [i for i in found if i != target])

        find_objects(context, context.argument, merge)
        return
    choices = choices_of(context, selectors.listed(context.state))

    def picked(values: tuple[str, ...]) -> None:
        chosen = [c for c in choices if c.value in set(values)]
        if len(chosen) < 2:
            raise Refused("two objects at least are merged", hint="Space ticks them")

        def into(target: tuple[str, ...]) -> None:
            sources = [InstanceId(int(c.value)) for c in chosen if c.value != target[0]]
            merge_into(context, InstanceId(int(target[0])), sources)

        context.front.pick("Merge them into", chosen, into)

    context.front.pick("Merge objects", choices, picked, many=True)


def _change_class(context: Context) -> None:
    choices = choices_of(context, selectors.listed(context.state))
    context.front.pick("Change the class of", choices, lambda values: _pick_class(context, values), many=True)


def _pick_class(context: Context, values: tuple[str, ...]) -> None:
    instances = tuple(InstanceId(int(v)) for v in values)
    if not instances:
        raise Refused("no object was ticked", hint="Space ticks them")
    entry = context.state.project.ontology.find(context.state.document.instances[instances[0]].class_id)
    kinds = (entry.shape,) if entry else ()
    context.front.pick(
        "Their class becomes",
        class_choices(context, *kinds),
        lambda chosen: _classify(context, instances, ClassId(chosen[0])),
    )


def _classify(context: Context, instances: Sequence[InstanceId], to: ClassId) -> None:
    document, entry = context.state.document, context.state.project.ontology.find(to)
    assert entry is not None, "it was picked among the classes"
    changed = [i for i in instances if document.instances[i].class_id != to]
    if not changed:
        raise Refused(f"every object that was ticked is a {one_line(entry.name)} already")
    text = f"{count_text(len(changed), 'object', 'become')} {one_line(entry.name)}; answers that it lacks go."
    listed = [named(context, [i]) for i in changed]
    context.front.confirm("Change class", text, lambda: change_class(context, changed, entry), listed=listed)


# --- the dialog ------------------------------------------------------------------------------------


def _open(context: Context) -> None:
    operations: dict[str, tuple[str, str, Callable[[Context], None]]] = {
        "m": ("Merge objects", ":bulk.merge FILTER", _merge),
        "c": ("Delete a class in a range", ":bulk.delete_class", _delete_class),
        "r": ("Delete all labels in a range", ":bulk.delete_range", _delete_range),
        "b": ("Delete uncertain labels", ":bulk.delete_below", _delete_below),
        "t": ("Change the class of many", ":class CLASS FILTER", _change_class),
        "d": ("Delete what fits", ":delete FILTER", _delete_fitting),
    }
    choices = [
        Choice(value=key, label=title, hint=line, key=key, disabled=may_edit(context))
        for key, (title, line, _) in operations.items()
    ]

    def picked(values: tuple[str, ...]) -> None:
        context.argument = ""
        operations[values[0]][2](context)

    context.front.pick("Bulk operations", choices, picked)


COMMANDS = (
    Command(
        id="bulk.open",
        title="Bulk operations",
        doc="Merges, deletes or reclassifies many labels; what will go is counted and listed first.",
        run=_open,
        keys=on("g b"),
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="bulk.merge",
        title="Merge objects",
        doc="Merges several objects into a chosen one; on the line, those that fit into the selected one.",
        run=_merge,
        takes="FILTER",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="bulk.delete_class",
        title="Delete a class in a range",
        doc="Deletes the labels of a class on a range of frames of the data unit that is shown.",
        run=_delete_class,
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="bulk.delete_range",
        title="Delete all labels in a range",
        doc="Deletes everybody's labels on a range of frames of the data unit that is shown.",
        run=_delete_range,
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="bulk.delete_below",
        title="Delete uncertain labels",
        doc="Deletes the labels below a confidence on a range of frames of the data unit that is shown.",
        run=_delete_below,
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="bulk.class",
        title="Change the class of many",
        doc="Gives the objects that are ticked in a list another class.",
        run=_change_class,
        enabled=may_edit,
        group=GROUP,
    ),
)
