"""`:` commands that act on whatever a filter describes: `:delete class:car frames:100-200 score<0.5`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, overload

from msgspec.structs import replace

from tui_editor.commands.assist import filter_assist
from tui_editor.commands.command import Command
from tui_editor.commands.objects import find_class, may_edit
from tui_editor.commands.proposals import MOST_NAMES, MOST_PREVIEWED
from tui_editor.commands.ranges import count_text, frames_text
from tui_editor.commands.review import in_review
from tui_editor.commands.steps import Step, replay
from tui_editor.edits import labels
from tui_editor.edits import review as decisions
from tui_editor.edits.bulk import deletions
from tui_editor.errors import FilterInvalid, Refused, UsageError
from tui_editor.model.patch import Patch
from tui_editor.state import selectors
from tui_editor.state.filters import WORDS, parse_filter
from tui_editor.state.filters.syntax import first_value
from tui_editor.state.order import sorted_steps
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.commands.context import Context
    from tui_editor.edits.bulk import Deletion
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.ontology import AnyClass
    from tui_editor.model.patch import Change
    from tui_editor.state.store import TaskState
    from tui_editor.state.view import Filters

GROUP: Final = "By filter"
EXAMPLE: Final = "class:car frames:100-200 score<0.5"
OBJECTS_A_STEP: Final = 100


def _asked(context: Context, title: str, then: Callable[[tuple[InstanceId, ...]], None]) -> None:
    """Go on with the objects of the argument's filter; without an argument ask for one."""
    if context.argument.strip():
        find_objects(context, context.argument, then)
        return
    context.front.ask_text(
        title,
        "",
        lambda text: find_objects(context, text, then),
        hint=EXAMPLE,
        assist=filter_assist(context),
    )


def find_objects(context: Context, text: str, then: Callable[[tuple[InstanceId, ...]], None]) -> None:
    """Find the objects that a filter describes, in review order, and go on with them.

    Raises:
        UsageError: the text is no filter.
    """
    _found(context, _filters(context, text), then)


def _filters(context: Context, text: str, offset: int = 0) -> Filters:
    """Return the filter of a command.

    Raises:
        UsageError: none was typed, or it is none.
    """
    if not text.strip():
        raise UsageError("say which labels", hint=EXAMPLE)
    try:
        return parse_filter(text, context.state.project.ontology, context.state.task.units)
    except FilterInvalid as error:
        raise error.moved(offset + len(text) - len(text.lstrip())) from error


def _found(context: Context, filters: Filters, then: Callable[[tuple[InstanceId, ...]], None]) -> None:
    state = context.state

    def done() -> None:
        passing = selectors.matching_of(context.state, filters).instances
        found = tuple(i for i in selectors.review_order(context.state) if i in passing)
        if not found:
            raise Refused(f"nothing fits {one_line(filters.text)}")
        then(found)

    context.front.go_through(selectors.matching_steps(state, filters), done)


# --- delete ----------------------------------------------------------------------------------------


class Plan(Sequence[str]):
    """What a deletion takes away; its lines, the most labels first, are made when they are seen."""

    def __init__(self, state: TaskState) -> None:
        self._document, self._ontology = state.document, state.project.ontology
        self._titles = {unit.id: one_line(unit.title, 24) for unit in state.task.units}
        self._by_size: dict[int, list[Deletion]] = {}
        self._changes: list[Change] = []
        self._units: set[UnitId] = set()
        self.labels = self.objects = self.whole = 0

    def add(self, found: Deletion) -> None:
        """Take in what goes of one object."""
        self._by_size.setdefault(found.labels, []).append(found)
        self._changes += found.changes
        self._units.update(found.units)
        self.labels += found.labels
        self.objects += 1
        self.whole += found.whole

    def patch(self) -> Patch:
        """Return the patch that takes it away."""
        return Patch(tuple(self._changes))

    def told(self) -> str:
        """Return how much goes, and where in a task of several data units."""
        where = f" in {self._named(self._units)}" if len(self._titles) > 1 else ""
        gone = f" {count_text(self.whole, 'object', 'go')} with the last label." if self.whole else ""
        return f"{count_text(self.labels, 'label')} of {count_text(self.objects, 'object')}{where} will go.{gone}"

    def _named(self, units: Collection[UnitId]) -> str:
        named = [title for unit, title in self._titles.items() if unit in units]
        more = f" and {len(named) - MOST_NAMES:,} more" if len(named) > MOST_NAMES else ""
        return ", ".join(named[:MOST_NAMES]) + more

    def __len__(self) -> int:
        return self.objects

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        return self._line(self._at(index))

    def _at(self, index: int) -> Deletion:
        for size in sorted(self._by_size, reverse=True):
            found = self._by_size[size]
            if index < len(found):
                return found[index]
            index -= len(found)
        raise IndexError

    def _line(self, entry: Deletion) -> str:
        name = one_line(selectors.instance_name(self._ontology, self._document.instances[entry.instance]))
        where = f" of {self._named(entry.units)}" if len(self._titles) > 1 else ""
        whole = ", all of it" if entry.whole else ""
        return f"{name}: {count_text(entry.labels, 'label')}, {frames_text(entry.first, entry.last)}{where}{whole}"


def _delete(context: Context) -> None:
    if context.argument.strip():
        delete(context, context.argument)
    else:
        context.front.go_through(replay(context, Step(command="object.delete")), lambda: None)


def delete(context: Context, text: str) -> None:
    """Show what a filter describes, and delete it when the user says so.

    Raises:
        UsageError: the text is no filter.
    """
    filters, plan = _filters(context, text), Plan(context.state)
    context.front.go_through(_gather(context, filters, plan), lambda: _ask(context, filters, plan))


def _gather(context: Context, filters: Filters, plan: Plan) -> Iterator[None]:
    """Find what goes, a few milliseconds a step."""
    state = context.state
    yield from selectors.matching_steps(state, filters)
    chosen: dict[InstanceId, dict[UnitId, NDArray[np.int32]]] = {}
    for number, part in enumerate(selectors.matching_of(state, filters).labels(), start=1):
        chosen.setdefault(part.instance, {})[part.unit] = part.frames
        if number % OBJECTS_A_STEP == 0:
            yield
    values = state.document.instances
    # a persistent map's own order differs from run to run, that of a patch should not
    ranks = yield from sorted_steps((values[key].class_id, values[key].ordinal, key) for key in chosen)
    ordered = {key: chosen[key] for _, _, key in ranks}
    for number, deletion in enumerate(deletions(state.document, ordered), start=1):
        plan.add(deletion)
        if number % OBJECTS_A_STEP == 0:
            yield


def _ask(context: Context, filters: Filters, plan: Plan) -> None:
    if not plan.labels:
        raise Refused(f"no label fits {one_line(filters.text)}")
    patch = plan.patch()

    def told() -> None:
        context.front.tell(f"deleted {count_text(plan.labels, 'label')}: ‹edit.undo› brings back")

    def go_on() -> None:
        context.apply_then(patch, "range.delete", told)

    preview = patch if len(patch.changes) <= MOST_PREVIEWED else None
    title = f"Delete {one_line(filters.text, 60)}"
    context.front.confirm(title, plan.told(), go_on, listed=plan, preview=preview)


# --- the others ------------------------------------------------------------------------------------


def _class(context: Context) -> None:
    name, stop = first_value(context.argument)
    rest = context.argument[stop:]
    if not rest.strip():
        context.front.go_through(
            replay(context, Step(command="object.class", argument=_whole_name(context))), lambda: None
        )
        return
    entry = find_class(context, name)
    _found(context, _filters(context, rest, stop), lambda found: change_class(context, found, entry))


def change_class(context: Context, instances: Sequence[InstanceId], entry: AnyClass) -> None:
    """Give instances another class, in one step."""
    document, ontology = context.state.document, context.state.project.ontology
    changes: list[Change] = []

    def gather() -> Iterator[None]:
        for number, change in enumerate(labels.class_changes(document, ontology, instances, entry.id), start=1):
            changes.append(change)
            if number % OBJECTS_A_STEP == 0:
                yield

    def told() -> None:
        count = count_text(len(changes), "object")
        context.front.tell(f"{count} made {one_line(entry.name)}: ‹edit.undo› takes it back")

    context.front.go_through(gather(), lambda: context.apply_then(Patch(tuple(changes)), "range.class", told))


def _whole_name(context: Context) -> str:
    """Return the class of a line without a filter: a name with blanks needs no quotation marks there."""
    typed = context.argument.strip()
    return first_value(typed)[0] if typed.startswith('"') else typed


def _approve(context: Context) -> None:
    def change(found: tuple[InstanceId, ...]) -> None:
        document, stamp = context.state.document, context.stamp()
        changes: list[Change] = []

        def gather() -> Iterator[None]:
            for first in range(0, len(found), OBJECTS_A_STEP):
                some = found[first : first + OBJECTS_A_STEP]
                changes.extend(decisions.approve(document, some, stamp).changes)
                yield

        def told() -> None:
            context.front.tell(f"approved {count_text(len(found), 'object')}: ‹edit.undo› takes it back")

        context.front.go_through(gather(), lambda: context.apply_then(Patch(tuple(changes)), "range.approve", told))

    _asked(context, "Approve the objects that fit", change)


def _hide(context: Context) -> None:
    def change(found: tuple[InstanceId, ...]) -> None:
        display = context.state.display
        context.store.set(display=replace(display, hidden=display.hidden | set(found)))
        context.front.tell(f"{count_text(len(found), 'object')} hidden: :show brings all back")

    _asked(context, "Hide the objects that fit", change)


def _show(context: Context) -> None:
    def change(found: tuple[InstanceId, ...]) -> None:
        display = context.state.display
        context.store.set(display=replace(display, hidden=display.hidden - set(found)))
        context.front.tell(f"{count_text(len(found), 'object')} shown")

    if context.argument.strip():
        find_objects(context, context.argument, change)
    else:
        change(tuple(context.state.display.hidden))


def _select(context: Context) -> None:
    def change(found: tuple[InstanceId, ...]) -> None:
        context.store.select(*found)
        context.front.tell(f"{count_text(len(found), 'object')} selected")

    _asked(context, "Select the objects that fit", change)


def _open(context: Context) -> str:
    return "" if context.task is not None else "no task is open"


_LANGUAGE: Final = "The filter is that of ‹view.filter›: " + "  ".join(WORDS) + "."

COMMANDS = (
    Command(
        id="range.delete",
        title="Delete what a filter describes",
        doc=(
            "Deletes the labels that pass a filter, in all frames, after their count and a list were shown; without a "
            f"filter, the selected labels on this frame. {_LANGUAGE}"
        ),
        run=_delete,
        takes="FILTER",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="range.class",
        title="Give what a filter describes a class",
        doc="Gives the objects that pass a filter another class; without a filter, the selected ones.",
        run=_class,
        takes="CLASS [FILTER]",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="range.approve",
        title="Approve what a filter describes",
        doc="Approves the objects that pass a filter.",
        run=_approve,
        takes="FILTER",
        enabled=in_review,
        group=GROUP,
    ),
    Command(
        id="range.hide",
        title="Hide what a filter describes",
        doc="Hides the labels of the objects that pass a filter.",
        run=_hide,
        takes="FILTER",
        enabled=_open,
        group=GROUP,
    ),
    Command(
        id="range.show",
        title="Show what a filter describes",
        doc="Shows hidden objects that pass a filter again; without a filter, all.",
        run=_show,
        takes="FILTER",
        enabled=_open,
        group=GROUP,
    ),
    Command(
        id="range.select",
        title="Select what a filter describes",
        doc="Selects the objects that pass a filter.",
        run=_select,
        takes="FILTER",
        enabled=_open,
        group=GROUP,
    ),
)
