"""What lists and keys see of a state: orders, rows, progress. Pure, and cheap when nothing changed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.edits.sampling import sampled
from tui_editor.model.document import frame_order
from tui_editor.model.issues import DecisionState
from tui_editor.model.ontology import ObjectClass
from tui_editor.model.workflow import StageKind
from tui_editor.state.memo import remember_last
from tui_editor.state.order import ReviewOrder, Standouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import ClassId, InstanceId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.workflow import Sampling
    from tui_editor.state.filters.matching import Matcher, Matching
    from tui_editor.state.store import TaskState
    from tui_editor.state.view import Filters


def instance_name(ontology: Ontology, instance: Instance) -> str:
    """Return what people call an instance: "Car (0)"."""
    return f"{class_name(ontology, instance.class_id)} ({instance.ordinal})"


def class_name(ontology: Ontology, class_id: ClassId) -> str:
    """Return the name of a class; its id where the ontology lacks it."""
    entry = ontology.find(class_id)
    return entry.name if entry else class_id


def discussed(state: TaskState) -> bool:
    """Return whether issues are seen here: not where annotators must not know of each other's work."""
    return state.project.stage_kind(state.document.status) is not StageKind.CONSENSUS_ANNOTATE


def class_color(ontology: Ontology, class_id: ClassId) -> str:
    """Return the colour of a class as `#RRGGBB`; grey for one that the ontology lacks."""
    entry = ontology.find(class_id)
    return entry.color if entry else "#B3B3B3"


def review_order(state: TaskState) -> tuple[InstanceId, ...]:
    """Return all instances in the order in which a review goes through them: by first frame, class and number."""
    return _ORDER.of(state.document, state.task)


def listed(state: TaskState) -> tuple[InstanceId, ...]:
    """Return the instances that the filter lets through, in review order."""
    order = review_order(state)
    if not state.filters.terms:
        return order
    return _listed(order, matching(state).instances)


def _within(order: tuple[InstanceId, ...], instances: frozenset[InstanceId]) -> tuple[InstanceId, ...]:
    return tuple(i for i in order if i in instances)


_listed, _here = remember_last(_within), remember_last(_within)


def following(state: TaskState) -> InstanceId | None:
    """Return the listed instance after the selected one; None at the end, and where nothing listed is selected."""
    order, selected = listed(state), state.selected
    if selected is None or selected not in order:
        return None
    at = order.index(selected) + 1
    return order[at] if at < len(order) else None


def matching(state: TaskState) -> Matching:
    """Return what the filter lets through."""
    return matching_of(state, state.filters)


def matching_of(state: TaskState, filters: Filters) -> Matching:
    """Return what a filter lets through."""
    return _matcher().of(state.document, filters, state.project.ontology)


def matching_steps(state: TaskState, filters: Filters) -> Iterator[None]:
    """Find what a filter lets through, a few milliseconds a step: `matching` then knows it."""
    return _matcher().steps(state.document, filters, state.project.ontology)


@cache
def _matcher() -> Matcher:
    """Return what remembers answers; what filters mean is loaded with the first one."""
    from tui_editor.state.filters.matching import Matcher

    return Matcher()


def on_frame(state: TaskState) -> tuple[InstanceId, ...]:
    """Return the instances with a label on the active frame that the filter lets through."""
    document, view = state.document, state.view
    found = _on_frame(document.index, document.instances, view.unit, view.frame)
    if not state.filters.terms:
        return found
    return _here(found, _passing_here(matching(state), view.unit, view.frame))


@remember_last
def _passing_here(found: Matching, unit: UnitId, frame: int) -> frozenset[InstanceId]:
    return found.on_frame(unit, frame)


_on_frame = remember_last(frame_order)


def undecided(state: TaskState, instances: Sequence[InstanceId]) -> list[InstanceId]:
    """Return those of the instances that a reviewer has still to judge."""
    left = to_judge(state)
    return [i for i in instances if i in left]


def made_ready(state: TaskState) -> Iterator[None]:
    """Work out a few milliseconds a step what the lists ask of a document that much became of."""
    if state.filters.terms:
        yield from matching_steps(state, state.filters)
    yield from _UNDECIDED.steps(state.document)
    yield from _ORDER.steps(state.document, state.task)


def to_judge(state: TaskState) -> AbstractSet[InstanceId]:
    """Return all instances that a reviewer has still to judge: where the stage samples, of those that it picks."""
    found, picked = _UNDECIDED.found(state.document), sample(state)
    return found if picked is None else found & picked


def sample(state: TaskState) -> frozenset[InstanceId] | None:
    """Return the instances that the stage's sampling picks, None where all are judged."""
    sampling = state.project.stage_of(state.document.status).sampling
    return _SAMPLE.of(state.document, sampling) if sampling.picks else None


class _Sample:
    """The instances that a sampling picked; the same ones until an instance comes or goes."""

    def __init__(self) -> None:
        self._given: tuple[object, object] | None = None
        self._picked: frozenset[InstanceId] = frozenset()

    def of(self, document: LabelDocument, sampling: Sampling) -> frozenset[InstanceId]:
        if self._given is None or self._given[0] is not document.instances or self._given[1] != sampling:
            self._given, self._picked = (document.instances, sampling), sampled(document, sampling)
        return self._picked


def is_undecided(document: LabelDocument, instance: InstanceId) -> bool:
    """Return whether a reviewer has still to judge an instance."""
    decision = document.decisions.get(instance)
    return decision is None or not decision.decided


# What these remember is of one task at a time: the one that is open.
_ORDER = ReviewOrder()
_UNDECIDED = Standouts(is_undecided)
_SAMPLE = _Sample()


class Tally(Struct, frozen=True, kw_only=True):
    """How many instances are decided."""

    done: int
    total: int
    rejected: int


def tally(state: TaskState) -> Tally:
    """Return how far the review of the task is."""
    lookup, picked = state.document.lookup, sample(state)
    if picked is not None:
        left = len(to_judge(state))
        return Tally(done=len(picked) - left, total=len(picked), rejected=lookup.rejected)
    return Tally(done=lookup.decided, total=len(state.document.instances), rejected=lookup.rejected)


class LabelRow(Struct, frozen=True, kw_only=True):
    """One line of the Labels pane."""

    instance: InstanceId
    name: str
    color: str
    class_name: str
    shape: str
    ranges: tuple[tuple[int, int], ...]
    confidence: float | None
    """Of the label on this frame; None when it has none here."""
    decision: DecisionState
    issues_open: int
    issues_resolved: int
    selected: bool
    hidden: bool
    on_frame: bool


@remember_last
def selected_set(selection: tuple[InstanceId, ...]) -> frozenset[InstanceId]:
    """Return the selected instances as a set."""
    return frozenset(selection)


def label_row(state: TaskState, instance: InstanceId) -> LabelRow:
    """Return a line of the Labels pane; made only for the lines that are seen."""
    document, ontology = state.document, state.project.ontology
    value = document.instances[instance]
    entry = ontology.find(value.class_id)
    label = document.label(instance, state.view.unit, state.view.frame)
    track = document.track(instance, state.view.unit)
    issues = document.issues_of(instance) if len(document.issues) and discussed(state) else ()
    decision = document.decisions.get(instance)
    return LabelRow(
        instance=instance,
        name=instance_name(ontology, value),
        color=class_color(ontology, value.class_id),
        class_name=entry.name if entry else value.class_id,
        shape=str(entry.shape) if isinstance(entry, ObjectClass) else "classification",
        ranges=track.ranges() if track is not None else (),
        confidence=label.confidence if label else None,
        decision=decision.state if decision else DecisionState.PENDING,
        issues_open=sum(not i.resolved for i in issues),
        issues_resolved=sum(i.resolved for i in issues),
        selected=instance in selected_set(state.selection),
        hidden=instance in state.display.hidden,
        on_frame=label is not None,
    )


def first_frame(document: LabelDocument, instance: InstanceId) -> tuple[UnitId, int] | None:
    """Return where an instance begins, None when it has no labels."""
    starts = [(unit, int(track.frames[0])) for unit, track in document.tracks_of(instance)]
    return min(starts, key=lambda start: start[1], default=None)


def nearest_frame(document: LabelDocument, instance: InstanceId, at: FrameRef) -> tuple[UnitId, int] | None:
    """Return the labelled frame of an instance that is nearest to a frame; in another unit where it begins."""
    track = document.track(instance, at.unit)
    if track is None:
        return first_frame(document, instance)
    return at.unit, _nearest(track.frames, at.index)


def nearest_passing(state: TaskState, instance: InstanceId) -> tuple[UnitId, int] | None:
    """Return the nearest frame on which a label of an instance passes the filter; of any label when none does."""
    if state.filters.terms:
        found = matching(state)
        here = found.frames(state.document, instance, state.view.unit)
        if len(here):
            return state.view.unit, _nearest(here, state.view.frame)
        for unit in state.document.units_of.get(instance, ()):
            frames = found.frames(state.document, instance, unit)
            if len(frames):
                return unit, int(frames[0])
    return nearest_frame(state.document, instance, state.frame)


def _nearest(frames: NDArray[np.int32], to: int) -> int:
    row = int(frames.searchsorted(np.int32(to)))
    around = [int(frames[r]) for r in (row - 1, row) if 0 <= r < len(frames)]
    return min(around, key=lambda frame: abs(frame - to))


def key_frames(document: LabelDocument, instance: InstanceId, unit: UnitId) -> list[int]:
    """Return the frames of an instance's key labels in a data unit."""
    track = document.track(instance, unit)
    if track is None:
        return []
    frames: list[int] = track.frames[(track.flags & 1) == 1].tolist()
    return frames
