"""`:` commands that act on whatever a filter describes: `:delete class:car frames:100-200 score<0.5`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, overload

from tui_editor.commands.assist import filter_assist
from tui_editor.commands.command import Command
from tui_editor.commands.objects import find_class, may_edit
from tui_editor.commands.review import in_review
from tui_editor.commands.steps import Step, replay
from tui_editor.edits import labels
from tui_editor.edits import review as decisions
from tui_editor.edits.label_sets import deletions
from tui_editor.errors import FilterInvalid, Refused, UsageError
from tui_editor.model.patch import Patch
from tui_editor.state import selectors
from tui_editor.state.filters import WORDS, parse_filter
from tui_editor.state.filters.syntax import first_value
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.commands.context import Context
    from tui_editor.edits.label_sets import Deletion
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.ontology import Ontology
    from tui_editor.state.view import Filters

GROUP: Final = "By filter"
EXAMPLE: Final = "class:car frames:100-200 score<0.5"
OBJECTS_A_STEP: Final = 100


def _asked(context: Context, title: str, then: Callable[[tuple[InstanceId, ...]], None]) -> None:
    """Go on with the objects of the argument's filter; without an argument ask for one."""
    if context.argument.strip():
        _found(context, _filters(context, context.argument), then)
        return
    context.front.ask_text(
        title,
        "",
        lambda text: _found(context, _filters(context, text), then),
        hint=EXAMPLE,
        assist=filter_assist(context),
    )


def _filters(context: Context, text: str, offset: int = 0) -> Filters:
    """Return the filter of a command.

    Raises:
        UsageError: none was typed, or it is none.
    """
    if not text.strip():
        raise UsageError("say which labels", hint=EXAMPLE)
    try:
        return parse_filter(text, context.state.project.ontology)
    except FilterInvalid as error:
        raise error.moved(offset + len(text) - len(text.lstrip())) from error


def _found(context: Context, filters: Filters, then: Callable[[tuple[InstanceId, ...]], None]) -> None:
    """Find the objects that a filter describes, in review order, and go on with them."""
    state = context.state

    def done() -> None:
        passing = selectors.matching_of(context.state, filters).instances
        found = tuple(i for i in selectors.review_order(context.state) if i in passing)
        if not found:
            raise Refused(f"nothing fits {one_line(filters.text)}")
        then(found)

    context.front.go_through(selectors.matching_steps(state, filters), done)


def count_text(count: int, noun: str) -> str:
    """Return a number of things: "1 label", "2,000 labels"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


# --- delete ----------------------------------------------------------------------------------------


class _Listed(Sequence[str]):
    """What goes, one line an object, made when it is seen."""

    def __init__(self, document: LabelDocument, ontology: Ontology, found: Sequence[Deletion]) -> None:
        self._document, self._ontology, self._found = document, ontology, found

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        entry = self._found[index]
        name = one_line(selectors.instance_name(self._ontology, self._document.instances[entry.instance]))
        frames = f"frame {entry.first}" if entry.first == entry.last else f"frames {entry.first}–{entry.last}"
        return f"{name}: {count_text(entry.labels, 'label')}, {frames}{', all of it' if entry.whole else ''}"


def _delete(context: Context) -> None:
    if not context.argument.strip():
        context.front.go_through(replay(context, Step(command="object.delete")), lambda: None)
        return
    filters = _filters(context, context.argument)
    found: list[Deletion] = []
    document = context.state.document
    context.front.go_through(_gather(context, filters, found), lambda: _ask(context, document, filters, found))


def _gather(context: Context, filters: Filters, found: list[Deletion]) -> Iterator[None]:
    """Find what goes, a few milliseconds a step."""
    state = context.state
    yield from selectors.matching_steps(state, filters)
    chosen: dict[InstanceId, dict[UnitId, NDArray[np.int32]]] = {}
    for number, part in enumerate(selectors.matching_of(state, filters).labels(), start=1):
        chosen.setdefault(part.instance, {})[part.unit] = part.frames
        if number % OBJECTS_A_STEP == 0:
            yield
    for number, deletion in enumerate(deletions(state.document, chosen), start=1):
        found.append(deletion)
        if number % OBJECTS_A_STEP == 0:
            yield


def _ask(context: Context, document: LabelDocument, filters: Filters, found: list[Deletion]) -> None:
    if not found:
        raise Refused(f"no label fits {one_line(filters.text)}")
    count, whole = sum(entry.labels for entry in found), sum(entry.whole for entry in found)
    patch = Patch(tuple(change for entry in found for change in entry.changes))

    def go_on() -> None:
        context.apply(patch, "range.delete")
        context.front.tell(f"deleted {count_text(count, 'label')}: ‹edit.undo› brings back")

    gone = f" {count_text(whole, 'object')} go{'es' if whole == 1 else ''} with the last label." if whole else ""
    text = f"{count_text(count, 'label')} of {count_text(len(found), 'object')} will go.{gone}"
    listed = _Listed(document, context.state.project.ontology, sorted(found, key=lambda e: -e.labels))
    context.front.confirm(f"Delete {one_line(filters.text, 60)}", text, go_on, listed=listed, preview=patch)


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

    def change(found: tuple[InstanceId, ...]) -> None:
        state = context.state
        patch = labels.set_class(state.document, state.project.ontology, found, entry.id)
        context.apply(patch, "range.class")
        count = count_text(len(patch.changes), "object")
        context.front.tell(f"{count} made {one_line(entry.name)}: ‹edit.undo› takes it back")

    _found(context, _filters(context, rest, stop), change)


def _whole_name(context: Context) -> str:
    """Return the class of a line without a filter: a name with blanks needs no quotation marks there."""
    typed = context.argument.strip()
    return first_value(typed)[0] if typed.startswith('"') else typed


def _approve(context: Context) -> None:
    def change(found: tuple[InstanceId, ...]) -> None:
        patch = decisions.approve(context.state.document, found, context.stamp())
        context.apply(patch, "range.approve")
        context.front.tell(f"approved {count_text(len(found), 'object')}: ‹edit.undo› takes it back")

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
        _found(context, _filters(context, context.argument), change)
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
