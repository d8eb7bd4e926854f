"""A rule as a value, and what it finds."""

from __future__ import annotations

from functools import lru_cache, partial
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from tui_editor.checks.sheets import Labelled, file_of, ordered, sheet_of
from tui_editor.checks.told import Saying, Told, place_of
from tui_editor.ports import CheckContext, Finding, Param, Reads, Severity
from tui_editor.state.selectors import instance_name
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import InstanceId, IssueId, TaskId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.sheet import Place, Sheet
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
    last_frame: int | None = None
    other: InstanceId | None = None
    severity: Severity | None = None
    """Where it is not the rule's."""
    task: TaskId | None = None
    """Of a fault that was found among many tasks."""
    title: str = ""
    file: str = ""
    name: str = ""


def fault_at(place: Place, frame: int, message: str, *, whole_frame: bool = False) -> Fault:
    """Return a fault of a label that was found among many tasks, or of its frame."""
    return Fault(
        message=message,
        task=place.task,
        unit=place.unit,
        frame=frame,
        instance=None if whole_frame else place.instance,
        title=place.title,
        file=place.file,
        name="" if whole_frame else place.name,
    )


class Hits(Struct, frozen=True, kw_only=True, eq=False):
    """Labels of a sheet that are at fault."""

    rows: NDArray[np.intp]
    text: str | Callable[[NDArray[np.intp]], str]
    """What is wrong; or what says it from the rows of a run of neighbouring frames."""
    other: NDArray[np.intp] | None = None
    """The second label of each pair, on the same frame or a neighbouring one."""
    severity: Severity | None = None
    """Where it is not the rule's."""
    whole_frame: bool = False
    """The fault is that of the frame: no instance is named."""


class Rule(Struct, frozen=True, kw_only=True, eq=False):
    """A `Check` made of functions that yield faults in a fixed order."""

    rule: str
    title: str
    severity: Severity
    doc: str
    """How it decides, for the manual: thresholds and exceptions."""
    reads: Reads
    labels: Callable[[Sheet, Mapping[str, Any]], Iterator[Hits]] | None = None
    """Finds faults in the columns of many labels at once."""
    find: Callable[[CheckContext, Mapping[str, Any]], Iterator[Fault]] | None = None
    """Finds faults of a task."""
    tally: Callable[[Sheet, Mapping[str, Any]], Any] | None = None
    """Counts what `conclude` looks at, in the labels of some tasks; can be pickled."""
    tally_task: Callable[[CheckContext, Mapping[str, Any]], Any] | None = None
    """Counts in a task beyond its labels; can be pickled."""
    tally_ontology: Callable[[Ontology, Mapping[str, Any]], Any] | None = None
    """Counts in the ontology of some tasks; can be pickled."""
    conclude: Callable[[Iterable[Any], Mapping[str, Any]], Iterator[Fault]] | None = None
    """Finds faults in all tallies together."""
    params: tuple[Param, ...] = ()
    hint: str = ""
    """What to do about a finding."""
    fix: str = ""
    """Id of what mends it; empty when only a person can."""

    def values(self, settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Return the thresholds by name: those of the settings over the defaults."""
        given = settings.get(self.rule, {})
        return {p.name: given.get(p.name, p.default) for p in self.params}

    def run(self, context: CheckContext) -> Iterator[Finding]:
        """Yield the faults of one task."""
        if self.labels is not None:
            yield from self.on_sheet(context_sheet(context), context.settings)
        yield from self.on_task(context)

    def on_sheet(
        self, sheet: Sheet, settings: Mapping[str, Mapping[str, Any]], told: Told | None = None
    ) -> Iterator[Finding]:
        """Yield the faults of many labels, which may be those of many tasks.

        Args:
            sheet: The labels.
            settings: Thresholds.
            told: Findings about labels that are still as they were when these were made. What says the same of the
                same labels is yielded again; what is new is added.
        """
        if self.labels is not None and len(sheet):
            with np.errstate(all="ignore"):  # numbers of foreign files may be anything; what comes of them is no fault
                found = list(self.labels(sheet, self.values(settings)))
            for hits in found:
                yield from self._of_hits(sheet, hits, told)

    def on_task(self, context: CheckContext) -> Iterator[Finding]:
        """Yield the faults of a task beyond its labels' columns."""
        if self.find is not None:
            for fault in self.find(context, self.values(context.settings)):
                yield self._of_fault(context, fault)

    def concluded(self, tallies: Iterable[Any], settings: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
        """Yield the faults that only all tasks together show."""
        if self.conclude is not None:
            for fault in self.conclude(tallies, self.values(settings)):
                yield self._finding(fault, fault.task, fault.title, fault.file, fault.name, "")

    def _of_fault(self, context: CheckContext, fault: Fault) -> Finding:
        unit = next((u for u in context.task.units if u.id == fault.unit), None)
        value = context.document.instances.get(fault.instance) if fault.instance is not None else None
        name = name_of(context, value) if value is not None else ""
        file = file_of(unit, fault.frame or 0) if unit is not None else ""
        source_id = value.source_id if value is not None else ""
        return self._finding(fault, context.task.id, context.task.title, file, name, source_id)

    def _finding(self, fault: Fault, task: TaskId | None, title: str, file: str, name: str, source_id: str) -> Finding:
        return Finding(
            rule=self.rule,
            severity=fault.severity or self.severity,
            message=one_line(fault.message, limit=MESSAGE_CHARS),
            task=task,
            unit=fault.unit,
            frame=fault.frame,
            instance=fault.instance,
            issue=fault.issue,
            last_frame=fault.last_frame,
            other=fault.other,
            title=title,
            file=file,
            name=name,
            source_id=source_id,
            fix=self.fix,
            hint=self.hint,
        )

    def _of_hits(self, sheet: Sheet, hits: Hits, told: Told | None) -> Iterator[Finding]:
        for rows, other in runs_of(sheet, hits):
            said = hits.text if isinstance(hits.text, str) else hits.text(rows)
            make = partial(self._of_run, sheet, hits, rows, other, said)
            if told is None or not sheet.things:
                yield make()
                continue
            place = place_of(sheet, rows, other, whole_frame=hits.whole_frame)
            yield told.once(Saying(self.rule, said, hits.severity, *place), make)

    def _of_run(
        self, sheet: Sheet, hits: Hits, rows: NDArray[np.intp], other: NDArray[np.intp] | None, said: str
    ) -> Finding:
        place = sheet.place(int(rows[0]))
        beside = None if other is None else sheet.place(int(other[0]))
        where = on_frames(sheet.frames[rows]) if place.frame_count != 1 else ""
        first, last = int(sheet.frames[rows[0]]), int(sheet.frames[rows[-1]])
        return Finding(
            rule=self.rule,
            severity=hits.severity or self.severity,
            message=one_line(_sentence(place, beside, said, where, hits), limit=MESSAGE_CHARS),
            task=place.task,
            unit=place.unit,
            frame=first,
            instance=None if hits.whole_frame else place.instance,
            last_frame=last if last != first else None,
            other=None if beside is None else beside.instance,
            title=place.title,
            file=place.file,
            name="" if hits.whole_frame else place.name,
            source_id="" if hits.whole_frame else place.source_id,
            box_px=None if hits.whole_frame else _box(sheet, rows, other),
            fix=self.fix,
            hint=self.hint,
        )


def _sentence(place: Place, beside: Place | None, said: str, where: str, hits: Hits) -> str:
    who = "" if hits.whole_frame else place.name if beside is None else f"{place.name} and {beside.name}"
    return " ".join(word for word in (who, said, where) if word)


def _box(
    sheet: Sheet, rows: NDArray[np.intp], other: NDArray[np.intp] | None
) -> tuple[float, float, float, float] | None:
    """Return what a finding's first label covers, together with the second one of a pair."""
    at = int(rows[0])  # numbers of Python: arrays of two are slow, and there may be thousands of findings
    (left, top), (right, bottom) = sheet.low[at].tolist(), sheet.high[at].tolist()
    if other is not None:
        (x0, y0), (x1, y1) = sheet.low[int(other[0])].tolist(), sheet.high[int(other[0])].tolist()
        left, top, right, bottom = min(left, x0), min(top, y0), max(right, x1), max(bottom, y1)
        if not isfinite(x0 + y0 + x1 + y1):
            return None
    if not isfinite(left + top + right + bottom):
        return None
    return round(left, 2), round(top, 2), round(right - left, 2), round(bottom - top, 2)


def runs_of(sheet: Sheet, hits: Hits) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp] | None]]:
    """Yield the rows of each run of neighbouring frames of a track (or of a pair of tracks), with their partners."""
    rows, other = hits.rows, hits.other
    if not len(rows):
        return
    ahead = sheet.unit if hits.whole_frame else sheet.track
    keys = (sheet.frames[rows], ahead[rows]) if other is None else (sheet.frames[rows], sheet.track[other], ahead[rows])
    order = np.lexsort(keys)
    rows = rows[order]
    new = np.diff(ahead[rows]) != 0
    new |= np.diff(sheet.frames[rows].astype(np.int64)) > 1
    if other is not None:
        other = other[order]
        new |= np.diff(sheet.track[other]) != 0
    cuts = np.flatnonzero(new) + 1
    bounds = zip([0, *cuts.tolist()], [*cuts.tolist(), len(rows)], strict=True)
    for start, stop in bounds:
        yield rows[start:stop], None if other is None else other[start:stop]


@lru_cache(maxsize=2)
def context_sheet(context: CheckContext) -> Sheet:
    """Return the labels of a task as a sheet, once for all rules: they come one after the other for each task."""
    return sheet_of([Labelled(context.task, context.document, context.project.ontology, context.only)])


# --- going through a task in a fixed order --------------------------------------------------------


def instances(context: CheckContext) -> list[Instance]:
    """Return the instances by class, ordinal and id."""
    if context.only is None:
        return _all(context)
    found = [i for key in context.only if (i := context.document.instances.get(key)) is not None]  # type: ignore[call-overload]  # ids are numbers
    return sorted(found, key=lambda i: (i.class_id, i.ordinal, i.id))


@lru_cache(maxsize=2)
def _all(context: CheckContext) -> list[Instance]:
    return ordered(context.document)


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
