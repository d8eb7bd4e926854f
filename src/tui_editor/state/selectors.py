"""What lists and keys see of a state: orders, rows, progress. Pure, and cheap when nothing changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_editor.model.issues import DecisionState
from tui_editor.model.ontology import ObjectClass
from tui_editor.state.filters import passes
from tui_editor.state.memo import remember_last

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rpds import HashTrieMap

    from tui_editor.model.document import LabelDocument, TrackKey
    from tui_editor.model.ids import ClassId, InstanceId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issues import ReviewDecision
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.project import Task
    from tui_editor.model.tracks import Track
    from tui_editor.state.store import TaskState
    from tui_editor.state.view import Filters


def instance_name(ontology: Ontology, instance: Instance) -> str:
    """Return what people call an instance: "Car (0)"."""
    entry = ontology.find(instance.class_id)
    return f"{entry.name if entry else instance.class_id} ({instance.ordinal})"


def class_color(ontology: Ontology, class_id: ClassId) -> str:
    """Return the colour of a class as `#RRGGBB`; grey for one that the ontology lacks."""
    entry = ontology.find(class_id)
    return entry.color if entry else "#B3B3B3"


def review_order(state: TaskState) -> tuple[InstanceId, ...]:
    """Return all instances in the order in which a review goes through them: by first frame, class and number."""
    # A decision makes a new document with the same instances and tracks: the order is not made again.
    document = state.document
    return _order(document.instances, document.tracks, document.units_of, state.task)


@remember_last
def _order(
    instances: HashTrieMap[InstanceId, Instance],
    tracks: HashTrieMap[TrackKey, Track],
    units_of: HashTrieMap[InstanceId, tuple[UnitId, ...]],
    task: Task,
) -> tuple[InstanceId, ...]:
    unit_rank = {unit.id: rank for rank, unit in enumerate(task.units)}

    def rank(instance: Instance) -> tuple[int, int, str, int, int]:
        units = units_of.get(instance.id, ())
        unit, first = min(
            ((unit_rank.get(u, 0), int(tracks[instance.id, u].frames[0])) for u in units), default=(0, -1)
        )
        return unit, first, instance.class_id, instance.ordinal, instance.id

    return tuple(i.id for i in sorted(instances.values(), key=rank))


def listed(state: TaskState) -> tuple[InstanceId, ...]:
    """Return the instances that the filter lets through, in review order."""
    order = review_order(state)
    if not state.filters.text:
        return order
    return _filtered(order, state.filters, state.document, state.project.ontology)


@remember_last
def _filtered(
    order: Sequence[InstanceId], filters: Filters, document: LabelDocument, ontology: Ontology
) -> tuple[InstanceId, ...]:
    return tuple(i for i in order if passes(filters, document, ontology, i))


def on_frame(state: TaskState) -> tuple[InstanceId, ...]:
    """Return the instances with a label on the active frame that the filter lets through."""
    found = state.document.on_frame(state.view.unit, state.view.frame)
    if not state.filters.text:
        return found
    return tuple(i for i in found if passes(state.filters, state.document, state.project.ontology, i))


def undecided(state: TaskState, instances: Sequence[InstanceId]) -> list[InstanceId]:
    """Return those of the instances that a reviewer has still to judge."""
    decisions = state.document.decisions
    return [i for i in instances if (d := decisions.get(i)) is None or not d.decided]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many instances are decided."""

    done: int
    total: int
    rejected: int


def tally(state: TaskState) -> Tally:
    """Return how far the review of the task is."""
    return _tally(state.document.decisions, state.document.instances)


@remember_last
def _tally(decisions: HashTrieMap[InstanceId, ReviewDecision], instances: HashTrieMap[InstanceId, Instance]) -> Tally:
    decided = [d for i, d in decisions.items() if d.decided and i in instances]
    rejected = sum(d.state is DecisionState.REJECTED for d in decided)
    return Tally(done=len(decided), total=len(instances), rejected=rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
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


def label_instances(state: TaskState) -> tuple[InstanceId, ...]:
    """Return the instances that the Labels pane lists: this frame's (and global classifications), or all."""
    return on_frame(state) if state.display.frame_only else listed(state)


def label_row(state: TaskState, instance: InstanceId) -> LabelRow:
    """Return a line of the Labels pane; made only for the lines that are seen."""
    document, ontology = state.document, state.project.ontology
    value = document.instances[instance]
    entry = ontology.find(value.class_id)
    label = document.label(instance, state.view.unit, state.view.frame)
    track = document.track(instance, state.view.unit)
    issues = document.issues_of(instance) if len(document.issues) else ()
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
        selected=instance in state.selection,
        hidden=instance in state.display.hidden,
        on_frame=label is not None,
    )


def first_frame(document: LabelDocument, instance: InstanceId) -> tuple[UnitId, int] | None:
    """Return where an instance begins, None when it has no labels."""
    starts = [(unit, int(track.frames[0])) for unit, track in document.tracks_of(instance)]
    return min(starts, key=lambda start: start[1], default=None)


def key_frames(document: LabelDocument, instance: InstanceId, unit: UnitId) -> list[int]:
    """Return the frames of an instance's key labels in a data unit."""
    track = document.track(instance, unit)
    if track is None:
        return []
    frames: list[int] = track.frames[(track.flags & 1) == 1].tolist()
    return frames
