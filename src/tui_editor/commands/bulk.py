"""Bulk operations: merge, delete and reclassify many labels. What will go is counted and listed before it goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from tui_editor.commands.command import Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.identities import choices_of, merge_into
from tui_editor.commands.objects import class_choices, find_class, may_edit
from tui_editor.commands.proposals import MOST_PREVIEWED, named, propose
from tui_editor.commands.ranges import HINT, count_text, frames_text, parse_frames
from tui_editor.edits import bulk, labels
from tui_editor.errors import Refused, UsageError
from tui_editor.model.ids import ClassId, InstanceId
from tui_editor.state import selectors
from tui_editor.state.filters import parse_filter
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context
    from tui_editor.edits.bulk import Match
    from tui_editor.model.patch import Patch

GROUP = "Bulk operations"
QUERY_HINT = "class:car frames:100-200 score<0.5"

_FRAMES = re.compile(r"frames?:(\S+)")
_BELOW = re.compile(r"(?:score|confidence|α)<([0-9.]+)(%?)", re.IGNORECASE)
_TO = re.compile(r'to:("[^"]*"|\S+)')


# --- what is meant ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which labels a bulk operation is about."""

    instances: tuple[InstanceId, ...] | None
    """None: everybody's."""
    first: int
    last: int
    below: float | None = None
    """Labels with less confidence than this; None: all."""


def parse_query(context: Context, text: str) -> Query:
    """Return what `class:car frames:100-200 score<0.5` means; the words that are no range filter the objects.

    Raises:
        UsageError: a range, a number or a name is wrong.
    """
    state = context.state
    first, last, below = 0, state.unit.frame_count - 1, None
    words = []
    for word in text.split():
        if frames := _FRAMES.fullmatch(word):
            first, last = parse_frames(frames[1], state.unit)
        elif score := _BELOW.fullmatch(word):
            below = confidence(score[1] + score[2])
        else:
            words.append(word)
    instances = None
    if words:
        filters = parse_filter(" ".join(words), state.project.ontology)
        passing = selectors.matching_of(state, filters).instances
        instances = tuple(i for i in selectors.review_order(state) if i in passing)
    return Query(instances=instances, first=first, last=last, below=below)


def confidence(text: str) -> float:
    """Return a confidence 0..1 from what was typed: `0.5` or `50%`.

    Raises:
        UsageError: it is none.
    """
    try:
        value = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError as error:
        raise UsageError(f"{one_line(text) or 'nothing'} is no confidence", hint="0.5 or 50%") from error
    if not 0 <= value <= 1:
        raise UsageError(f"a confidence lies between 0 and 1, {one_line(text)} does not", hint="0.5 or 50%")
    return value


# --- delete ----------------------------------------------------------------------------------------


class _Gone(Sequence[str]):
    """What will go, one line an object, made when it is seen."""

    def __init__(self, context: Context, matches: Sequence[Match]) -> None:
        self._context = context
        values = context.state.document.instances
        found = [(-len(m), values[m.instance].class_id, values[m.instance].ordinal, n) for n, m in enumerate(matches)]
        self._matches = [matches[n] for *_, n in sorted(found)]

    def __len__(self) -> int:
        return len(self._matches)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        match = self._matches[index]
        where = frames_text(*match.frames)
        whole = ", and the object" if match.whole else ""
        return f"{named(self._context, [match.instance])}: {count_text(len(match), 'label')}, {where}{whole}"


def delete(context: Context, query: Query, title: str) -> None:
    """Show what a query finds, and delete it when the user says so.

    Raises:
        Refused: it finds nothing.
    """
    state = context.state
    unit = state.view.unit
    found = bulk.matching(state.document, unit, query.instances, query.first, query.last, query.below)
    if not found:
        raise Refused(f"no label on {frames_text(query.first, query.last)} fits that")
    count, gone = sum(map(len, found)), sum(m.whole for m in found)
    sure = f" with a confidence below {query.below:g}" if query.below is not None else ""
    away = f" With them {count_text(gone, 'object', 'go')}." if gone else ""
    where = frames_text(query.first, query.last)
    if len(state.task.units) > 1:
        where += f" of {one_line(state.unit.title)}"
    text = f"{count_text(count, 'label')} of {count_text(len(found), 'object')} on {where}{sure} will go.{away}"

    def patch() -> Patch:
        return bulk.delete_matches(state.document, unit, found)

    # what touches many objects is worked out when it is wanted: the question does not wait for it
    few = patch() if len(found) <= MOST_PREVIEWED else patch
    propose(context, title, text, few, "bulk.delete", listed=_Gone(context, found))


def _delete(context: Context) -> None:
    def typed(text: str) -> None:
        if not text.strip():
            raise UsageError("say which labels", hint=QUERY_HINT)
        delete(context, parse_query(context, text), "Delete labels")

    if context.argument:
        typed(context.argument)
    else:
        context.front.ask_text("Delete the labels that fit", "", typed, hint=QUERY_HINT)


def _ask_frames(context: Context, title: str, then: Callable[[int, int], None]) -> None:
    unit = context.state.unit

    def typed(text: str) -> None:
        then(*(parse_frames(text, unit) if text.strip() else (0, unit.frame_count - 1)))

    if unit.frame_count == 1:
        then(0, 0)
    else:
        every = f"0-{unit.frame_count - 1}"
        context.front.ask_text(f"{title}: on which frames", "", typed, hint=f"{HINT}; nothing for all, {every}")


def _delete_class(context: Context) -> None:
    def picked(values: tuple[str, ...]) -> None:
        entry = context.state.project.ontology.find(ClassId(values[0]))
        name = one_line(entry.name) if entry else values[0]
        instances = tuple(i.id for i in context.state.document.of_class(ClassId(values[0])))
        title = f"Delete {name}"
        _ask_frames(context, title, lambda a, b: delete(context, Query(instances=instances, first=a, last=b), title))

    context.front.pick("Delete the labels of a class", class_choices(context), picked)


def _delete_range(context: Context) -> None:
    title = "Delete all labels"
    _ask_frames(context, title, lambda a, b: delete(context, Query(instances=None, first=a, last=b), title))


def _delete_below(context: Context) -> None:
    title = "Delete uncertain labels"

    def typed(text: str) -> None:
        below = confidence(text.strip())
        _ask_frames(
            context, title, lambda a, b: delete(context, Query(instances=None, first=a, last=b, below=below), title)
        )

    context.front.ask_text("Delete labels with a confidence below", "", typed, hint="0.5 or 50%")


# --- merge and change class ------------------------------------------------------------------------


def _merge(context: Context) -> None:
    state = context.state
    if context.argument:
        query = parse_query(context, context.argument)
        found = bulk.matching(state.document, state.view.unit, query.instances, query.first, query.last, query.below)
        merge_into(context, context.selected(), [m.instance for m in found if m.instance != context.selected()])
        return
    choices = choices_of(context, selectors.listed(state))

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
    to = _TO.search(context.argument)
    if to is not None:
        found = parse_query(context, _TO.sub("", context.argument)).instances
        _classify(context, selectors.review_order(context.state) if found is None else found, to[1].strip('"'))
    elif context.argument:
        raise UsageError("say the new class", hint=f"to:van {QUERY_HINT}")
    else:
        choices = choices_of(context, selectors.listed(context.state))
        context.front.pick("Change the class of", choices, lambda values: _pick_class(context, values), many=True)


def _pick_class(context: Context, values: tuple[str, ...]) -> None:
    instances = tuple(InstanceId(int(v)) for v in values)
    if not instances:
        raise Refused("no object was ticked", hint="Space ticks them")
    entry = context.state.project.ontology.find(context.state.document.instances[instances[0]].class_id)
    kinds = (entry.shape,) if entry else ()

    def picked(chosen: tuple[str, ...]) -> None:
        new = context.state.project.ontology.find(ClassId(chosen[0]))
        _classify(context, instances, new.name if new else chosen[0])

    context.front.pick("Their class becomes", class_choices(context, *kinds), picked)


def _classify(context: Context, instances: Sequence[InstanceId], name: str) -> None:
    document, ontology = context.state.document, context.state.project.ontology
    entry = find_class(context, name)
    changed = [i for i in instances if document.instances[i].class_id != entry.id]
    patch = labels.set_class(document, ontology, changed, entry.id)
    if not patch:
        raise Refused(f"nothing that fits has another class than {one_line(entry.name)}")
    text = f"{count_text(len(changed), 'object', 'become')} {one_line(entry.name)}; answers that it lacks go."
    listed = [named(context, [i]) for i in changed]
    propose(context, "Change class", text, patch, "bulk.class", listed=listed)


# --- the dialog ------------------------------------------------------------------------------------


def _open(context: Context) -> None:
    chosen = {c.id: c for c in COMMANDS if c.id != "bulk.open"}
    keys = dict(zip(chosen, "mcrbtd", strict=True))
    choices = [
        Choice(value=c.id, label=c.title, hint=f":{c.id}", key=keys[c.id], disabled=c.why_not(context))
        for c in chosen.values()
    ]

    def picked(values: tuple[str, ...]) -> None:
        context.argument = ""
        chosen[values[0]].run(context)

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
        doc="Deletes the labels of a class on a range of frames.",
        run=_delete_class,
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="bulk.delete_range",
        title="Delete all labels in a range",
        doc="Deletes everybody's labels on a range of frames.",
        run=_delete_range,
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="bulk.delete_below",
        title="Delete uncertain labels",
        doc="Deletes the labels below a confidence on a range of frames.",
        run=_delete_below,
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="bulk.class",
        title="Change the class of many",
        doc="Gives many objects another class; on the line, `to:CLASS` those that fit.",
        run=_change_class,
        takes="to:CLASS FILTER",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="bulk.delete",
        title="Delete what fits",
        doc=f"Deletes the labels that fit, as `{QUERY_HINT}`: a filter, a range of frames, a confidence.",
        run=_delete,
        takes="FILTER",
        enabled=may_edit,
        group=GROUP,
    ),
)
