"""Which labels are one thing: split, merge, join and swap tracks. Each shows what it will change first."""

from __future__ import annotations

import re
from heapq import nsmallest
from typing import TYPE_CHECKING

from tui_editor.commands.command import Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.objects import needs_selection
from tui_editor.commands.proposals import named, propose, span, track_here
from tui_editor.commands.ranges import count_text
from tui_editor.edits import tracks
from tui_editor.errors import Refused, UsageError
from tui_editor.model.ids import InstanceId
from tui_editor.model.shapes import bounds
from tui_editor.state import selectors
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui_editor.commands.context import Context

GROUP = "Tracks"
MOST_CHOICES = 500
"""Objects that a picker offers, the likeliest first; any other one can be named on the `:` line."""
_NAME = re.compile(r"(.+?)\s*\((\d+)\)")


def _split(context: Context) -> None:
    state, target, track = context.state, context.selected(), track_here(context)
    patch, made = tracks.split(state.document, target, state.frame, context.stamp())
    kept, gone = track.between(0, state.view.frame - 1), track.between(state.view.frame, int(track.frames[-1]))
    new = state.document.apply(patch).instances[made]
    name = one_line(selectors.instance_name(state.project.ontology, new))
    left = f"keeps {span(kept)}" if len(kept) else "keeps its labels elsewhere"
    text = f"{named(context, [target])} {left}; {name} gets {span(gone)}."
    propose(context, "Split the track", text, patch, "track.split", select=made)


def _others(context: Context, *, same_class: bool) -> list[InstanceId]:
    """Return the objects that the selected one could be put together with, the nearest in time, nearest first."""
    state, target, track = context.state, context.selected(), track_here(context)
    mine, document = state.document.instances[target], state.document
    first, last = track.frames.item(0), track.frames.item(-1)
    found = []
    for value in document.of_class(mine.class_id) if same_class else document.instances.values():
        theirs = document.tracks.get((value.id, state.view.unit))
        if theirs is None or value.id == target or theirs.kind != track.kind:
            continue
        away = max(theirs.frames.item(0) - last, first - theirs.frames.item(-1), 0)
        found.append((away, value.class_id != mine.class_id, value.class_id, value.ordinal, value.id))
    return [key for *_, key in nsmallest(MOST_CHOICES, found)]


def _named_object(context: Context) -> InstanceId | None:
    """Return the object that the line's argument names, as `car (1)`; None without an argument.

    Raises:
        UsageError: there is none of that name.
    """
    return found_object(context, context.argument) if context.argument else None


def found_object(context: Context, name: str) -> InstanceId:
    """Return the object that people call `car (1)`.

    Raises:
        UsageError: there is none of that name.
    """
    found = _NAME.fullmatch(name.strip())
    if found is not None:
        entry = context.state.project.ontology.find_named(found[1])
        values = context.state.document.of_class(entry.id) if entry is not None else iter(())
        named_so = next((v for v in values if v.ordinal == int(found[2])), None)
        if named_so is not None:
            return named_so.id
    raise UsageError(f"there is no object {one_line(name)}", hint="as the Labels pane names it: car (1)")


def choices_of(context: Context, instances: Iterable[InstanceId]) -> list[Choice]:
    """Return some objects for a picker, with where their labels in the active data unit lie; those that have any."""
    state = context.state
    return [
        Choice(
            value=str(key),
            label=named(context, [key]),
            hint=span(track),
            color=selectors.class_color(state.project.ontology, state.document.instances[key].class_id),
        )
        for key in instances
        if (track := state.document.track(key, state.view.unit)) is not None
    ]


def _merge(context: Context) -> None:
    target = context.selected()
    chosen = _named_object(context)
    others = [i for i in context.state.selection if i != target] if chosen is None else [chosen]
    if others:
        merge_into(context, target, others)
        return
    choices = choices_of(context, _others(context, same_class=False))
    if not choices:
        raise Refused("there is no other object with this kind of shape")

    def picked(values: tuple[str, ...]) -> None:
        merge_into(context, target, [InstanceId(int(v)) for v in values])

    context.front.pick(f"Merge into {named(context, [target])}", choices, picked, many=True)


def merge_into(context: Context, target: InstanceId, sources: Sequence[InstanceId]) -> None:
    """Ask which labels stay where several objects have one, then merge them into the target.

    Raises:
        Refused: they can't be merged.
    """
    document = context.state.document
    name, lost = named(context, [target]), tracks.clashes(document, [target, *sources])

    def ask(target_wins: bool, which: str) -> None:
        patch = tracks.merge(document, target, sources, target_wins=target_wins)
        clash = f" On frames where both have one {which} stay: {count_text(lost, 'label', 'go')}." if lost else ""
        text = f"{count_text(len(sources), 'object', 'become')} {name}.{clash}"
        propose(
            context, "Merge tracks", text, patch, "track.merge", listed=_gone_lines(context, sources), select=target
        )

    tracks.merge(document, target, sources)  # refused before anything is asked
    if not lost:
        ask(True, "")
        return
    choices = [
        Choice(value="target", label=f"Keep the labels of {name}", key="1"),
        Choice(value="sources", label="Keep those of the others", key="2"),
    ]
    context.front.pick(
        f"{count_text(lost, 'label')} on the same frames",
        choices,
        lambda values: ask(values[0] == "target", f"those of {name if values[0] == 'target' else 'the others'}"),
    )


def _gone_lines(context: Context, instances: Sequence[InstanceId]) -> list[str]:
    document = context.state.document
    return [f"{named(context, [i])}: {', '.join(span(t) for _, t in document.tracks_of(i))}" for i in instances]


def _join(context: Context) -> None:
    state, target, track = context.state, context.selected(), track_here(context)
    chosen = _named_object(context)
    found = tracks.followers(state.document, target, state.view.unit)[:MOST_CHOICES] if chosen is None else [chosen]
    if not found:
        raise Refused("no object of this class begins after this one ends", hint="‹track.merge› merges any two")

    def picked(values: tuple[str, ...]) -> None:
        second = InstanceId(int(values[0]))
        patch = tracks.join(state.document, target, second, state.view.unit)
        theirs = state.document.tracks[second, state.view.unit]
        between = theirs.frames.item(0) - track.frames.item(-1) - 1
        gap = f" A gap of {count_text(between, 'frame')} stays between them: ‹track.fill› fills it." if between else ""
        text = f"{named(context, [second])}, {span(theirs)}, becomes {named(context, [target])}.{gap}"
        propose(context, "Join tracks", text, patch, "track.join", select=target)

    if len(found) == 1:
        picked((str(found[0]),))
    else:
        context.front.pick(f"Join {named(context, [target])} with", choices_of(context, found), picked)


def _swap(context: Context) -> None:
    state, target = context.state, context.selected()
    here = state.frame
    chosen = _named_object(context)
    marked = [i for i in state.selection if i != target] if chosen is None else [chosen]
    found = marked if len(marked) == 1 else _nearest(context, _others(context, same_class=True))
    if not found:
        raise Refused("there is no other object of this class")

    def picked(values: tuple[str, ...]) -> None:
        other = InstanceId(int(values[0]))
        patch = tracks.swap(state.document, target, other, here)
        counts = []
        for key in (target, other):
            track = state.document.track(key, here.unit)
            rest = None if track is None else track.between(here.index, int(track.frames[-1]))
            counts.append(
                f"{named(context, [key])} gives {span(rest) if rest is not None and len(rest) else 'nothing'}"
            )
        text = f"From frame {here.index} on {counts[0]}, {counts[1]}."
        propose(context, "Swap identities", text, patch, "track.swap")

    if len(found) == 1:
        picked((str(found[0]),))
    else:
        context.front.pick(f"Swap {named(context, [target])} from here on with", choices_of(context, found), picked)


def _nearest(context: Context, instances: Sequence[InstanceId]) -> list[InstanceId]:
    """Return the objects, those on this frame first, the nearest in the picture before the others."""
    state = context.state
    mine = _centre(context, context.selected())

    def away(instance: InstanceId) -> float:
        theirs = _centre(context, instance) if mine is not None else None
        if mine is None or theirs is None:
            return float("inf")
        return (mine[0] - theirs[0]) ** 2 + (mine[1] - theirs[1]) ** 2

    on_frame = set(state.document.on_frame(state.view.unit, state.view.frame))
    here = sorted((i for i in instances if i in on_frame), key=away)
    return here + [i for i in instances if i not in on_frame]


def _centre(context: Context, instance: InstanceId) -> tuple[float, float] | None:
    label = context.state.document.label(instance, context.state.view.unit, context.state.view.frame)
    box = bounds(label.shape) if label else None
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if box else None


COMMANDS = (
    Command(
        id="track.split",
        title="Split the track",
        doc="Makes a new object of the labels from this frame on; static answers are copied, dynamic ones cut.",
        run=_split,
        keys=on("T s"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="track.merge",
        title="Merge tracks",
        doc="Merges the rest of the selection, or those picked, into the object; of two labels on a frame one stays.",
        run=_merge,
        keys=on("T m"),
        takes="OBJECT",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="track.join",
        title="Join with the next track",
        doc="Makes one object of this one and one of its class that begins later.",
        run=_join,
        keys=on("T j"),
        takes="OBJECT",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="track.swap",
        title="Swap identities",
        doc="Exchanges the labels of two objects of one class from this frame on.",
        run=_swap,
        keys=on("T x"),
        takes="OBJECT",
        enabled=needs_selection,
        group=GROUP,
    ),
)
