"""A rule as a value, and what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.ports import CheckContext, Finding, Severity
from tui_editor.state.selectors import instance_name
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import InstanceId, IssueId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.tracks import Track

MESSAGE_CHARS = 300


class Fault(Struct, frozen=True, kw_only=True):
    """One fault, before the rule puts its name to it."""

    message: str
    unit: UnitId | None = None
    frame: int | None = None
    """Index in the unit; the first one of a run of frames."""
    instance: InstanceId | None = None
    issue: IssueId | None = None


class Rule(Struct, frozen=True, kw_only=True, eq=False):
    """A `Check` made of a function that yields faults in a fixed order."""

    rule: str
    title: str
    severity: Severity
    doc: str
    """How it decides, for the manual: thresholds and exceptions."""
    find: Callable[[CheckContext], Iterator[Fault]]

    def run(self, context: CheckContext) -> Iterator[Finding]:
        """Yield the faults of one task."""
        for fault in self.find(context):
            yield Finding(
                rule=self.rule,
                severity=self.severity,
                message=one_line(fault.message, limit=MESSAGE_CHARS),
                task=context.task.id,
                unit=fault.unit,
                frame=fault.frame,
                instance=fault.instance,
                issue=fault.issue,
            )


# --- going through a task in a fixed order --------------------------------------------------------


def instances(context: CheckContext) -> list[Instance]:
    """Return the instances by class, ordinal and id."""
    return sorted(context.document.instances.values(), key=lambda i: (i.class_id, i.ordinal, i.id))


def tracks(context: CheckContext) -> Iterator[tuple[Instance, Unit, Track]]:
    """Yield the tracks whose instance and data unit are there, by instance, then in the task's order of units."""
    for instance in instances(context):
        for unit in context.task.units:
            track = context.document.track(instance.id, unit.id)
            if track is not None:
                yield instance, unit, track


def name_of(context: CheckContext, instance: Instance) -> str:
    """Return what people call an instance: `Car (0)`."""
    return instance_name(context.project.ontology, instance)


def first_label(context: CheckContext, instance: InstanceId) -> tuple[UnitId | None, int | None]:
    """Return data unit and frame of an instance's first label; None and None when it has none."""
    found = dict(context.document.tracks_of(instance))
    for unit in context.task.units:
        if unit.id in found:
            return unit.id, int(found[unit.id].frames[0])
    return None, None


# --- runs of frames ------------------------------------------------------------------------------


def runs(frames: NDArray[np.int32], bad: NDArray[np.bool_]) -> Iterator[NDArray[np.intp]]:
    """Yield the rows of each run of bad labels on consecutive frames.

    Args:
        frames: (n,) ascending.
        bad: (n,) which labels are at fault.
    """
    rows = np.flatnonzero(bad)
    if len(rows):
        yield from np.split(rows, np.flatnonzero(np.diff(frames[rows]) > 1) + 1)


def on_frames(frames: NDArray[np.int32]) -> str:
    """Return a run of frames in words: `on frame 3`, `on frames 3–9`."""
    first, last = int(frames[0]), int(frames[-1])
    return f"on frame {first}" if first == last else f"on frames {first}–{last}"


def faults_by_run(
    context: CheckContext,
    place: tuple[Instance, Unit, Track],
    bad: NDArray[np.bool_],
    what: str | Callable[[NDArray[np.intp]], str],
) -> Iterator[Fault]:
    """Yield one fault for each run of bad labels of a track.

    Args:
        context: What is checked.
        place: The track and where it lies.
        bad: (n,) which of its labels are at fault.
        what: What is wrong, or what says it from the rows of the run.
    """
    instance, unit, track = place
    for rows in runs(track.frames, bad):
        frames = track.frames[rows]
        said = what if isinstance(what, str) else what(rows)
        yield Fault(
            message=f"{name_of(context, instance)} {said} {on_frames(frames)}",
            unit=unit.id,
            frame=int(frames[0]),
            instance=instance.id,
        )
