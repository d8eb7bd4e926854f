"""Rules about identifiers, references and numbers (family S)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from tui_editor.checks.rule import Fault, Hits, Rule, first_label, instances, name_of
from tui_editor.model.frames import UnitKind
from tui_editor.model.ids import to_text
from tui_editor.model.ontology import Ontology, walk
from tui_editor.model.shapes import ShapeKind
from tui_editor.ports import CheckContext, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tui_editor.model.ids import ClassId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issues import Issue
    from tui_editor.model.sheet import Sheet

_T = TypeVar("_T")

# --- S02 -----------------------------------------------------------------------------------------


def _duplicates(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for unit, count in Counter(u.id for u in context.task.units).items():
        if count > 1:
            yield Fault(message=f"{count} data units have the identifier {to_text(unit)}", unit=unit)
    yield from _same_source(context)
    yield from _ambiguous_classes(context)


def _same_source(context: CheckContext) -> Iterator[Fault]:
    """Yield instances of one class that the source gave one identifier: one of them overwrites the other on export."""
    found: dict[tuple[ClassId, str], list[Instance]] = defaultdict(list)
    for instance in instances(context):
        if instance.source_id:
            found[instance.class_id, instance.source_id].append(instance)
    for (_, source_id), same in found.items():
        if len(same) > 1:
            names = ", ".join(name_of(context, i) for i in same[:4]) + (", …" if len(same) > 4 else "")
            unit, frame = first_label(context, same[1].id)
            yield Fault(
                message=f"{len(same)} instances have the identifier {source_id} of the source: {names}",
                unit=unit,
                frame=frame,
                instance=same[1].id,
            )


def _ambiguous_classes(context: CheckContext) -> Iterator[Fault]:
    ambiguous = _repeated_in(context.project.ontology)
    if not ambiguous:
        return
    told: set[ClassId] = set()
    for instance in instances(context):
        if instance.class_id in ambiguous and instance.class_id not in told:
            told.add(instance.class_id)
            unit, frame = first_label(context, instance.id)
            yield Fault(message=ambiguous[instance.class_id], unit=unit, frame=frame, instance=instance.id)


@lru_cache(maxsize=4)
def _repeated_in(ontology: Ontology) -> dict[ClassId, str]:
    """Return the classes that share an identifier, or that hold two attributes or options of one."""
    found: dict[ClassId, str] = {}
    for class_id in _repeated(entry.id for entry in ontology.all()):
        found[class_id] = f"the ontology has several classes with the identifier {class_id}"
    for entry in ontology.all():
        attributes = list(walk(entry.attributes))
        same = [
            *_repeated(a.id for a in attributes),
            *(o for a in attributes for o in _repeated(o.id for o in a.options)),
        ]
        if same:
            found.setdefault(
                entry.id, f"the class {entry.name} has several attributes or options with the identifier {same[0]}"
            )
    return found


def _repeated(values: Iterable[_T]) -> list[_T]:
    return [value for value, count in Counter(values).items() if count > 1]


# --- S03 -----------------------------------------------------------------------------------------


def _dangling(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    document, units = context.document, {u.id for u in context.task.units}
    for unit in context.task.units:
        if unit.media.root not in context.project.roots:
            yield Fault(message=f"the media root {unit.media.root} of {unit.title} is not known", unit=unit.id)
    for instance, unit_id in sorted(document.tracks):
        if instance not in document.instances:
            yield Fault(message=f"labels of an instance {to_text(instance)} that isn't there", unit=unit_id)
        if unit_id not in units:
            yield Fault(message=f"labels on a data unit {to_text(unit_id)} that isn't there", instance=instance)
    for value in instances(context):
        lost = sorted({a.unit for a in value.dynamic} - units) if value.dynamic else ()
        if lost:
            text = f"{name_of(context, value)} has answers on a data unit {to_text(lost[0])} that isn't there"
            yield Fault(message=text, instance=value.id)
    yield from _dangling_reviews(context)


def _dangling_reviews(context: CheckContext) -> Iterator[Fault]:
    document, units = context.document, {u.id for u in context.task.units}
    for issue in _issues(context):
        if issue.unit is not None and issue.unit not in units:
            yield Fault(message=f"the issue {issue.title!r} hangs on a data unit that isn't there", issue=issue.id)
        if issue.instance is not None and issue.instance not in document.instances:
            yield Fault(message=f"the issue {issue.title!r} hangs on an instance that isn't there", issue=issue.id)
    for instance, decision in sorted(document.decisions.items()):
        if instance not in document.instances:
            yield Fault(message=f"a review decision on an instance {to_text(instance)} that isn't there")
        elif decision.issue is not None and decision.issue not in document.issues:
            yield Fault(message="a rejection names an issue that isn't there", instance=instance)


def _issues(context: CheckContext) -> list[Issue]:
    return sorted(context.document.issues.values(), key=lambda i: (i.created_ms, i.id))


# --- S04 -----------------------------------------------------------------------------------------


def _beyond_the_ends(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    counts = {u.id: u.frame_count for u in context.task.units if u.kind is not UnitKind.OTHER and u.frame_count > 0}
    for instance in instances(context):
        for answer in instance.dynamic:
            count = counts.get(answer.unit)
            if count is not None and not 0 <= answer.first <= answer.last < count:
                text = f"{name_of(context, instance)} has an answer on frames {answer.first}–{answer.last} of {count}"
                yield Fault(message=text, unit=answer.unit, frame=answer.first, instance=instance.id)
    for issue in _issues(context):
        count = counts.get(issue.unit) if issue.unit is not None else None
        if count is not None and issue.frames is not None and not 0 <= issue.frames[0] <= issue.frames[1] < count:
            text = f"the issue {issue.title!r} is on frames {issue.frames[0]}–{issue.frames[1]} of {count}"
            yield Fault(message=text, unit=issue.unit, frame=issue.frames[0], issue=issue.id)


# --- S06 -----------------------------------------------------------------------------------------


def _not_finite(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for instance in instances(context):
        values = [*instance.answers.values(), *(a.value for a in instance.dynamic)]
        if any(isinstance(v, float) and not math.isfinite(v) for v in values):
            unit, frame = first_label(context, instance.id)
            text = f"{name_of(context, instance)} has an answer that is not a finite number"
            yield Fault(message=text, unit=unit, frame=frame, instance=instance.id)
    for issue in _issues(context):
        if issue.point is not None and not all(map(math.isfinite, issue.point)):
            text = f"the pin of the issue {issue.title!r} is nowhere: its place is not finite"
            yield Fault(message=text, unit=issue.unit, issue=issue.id)


def _beyond(sheet: Sheet, _: Mapping[str, Any]) -> Iterator[Hits]:
    counts = sheet.frame_counts
    rows = np.flatnonzero((counts > 0) & ((sheet.frames < 0) | (sheet.frames >= counts)))
    yield Hits(rows=rows, text=lambda run: f"is labelled beyond the {counts[run[0]]} frames of its medium")


def _broken(sheet: Sheet, _: Mapping[str, Any]) -> Iterator[Hits]:
    bad = ~np.isfinite(sheet.confidence)
    for rows, geometry in sheet.parts:
        bad[rows] |= ~np.isfinite(geometry.fixed).all(axis=1)
        if geometry.kind in (ShapeKind.POLYGON, ShapeKind.POLYLINE):
            column = geometry.ragged[0]
            wrong = np.flatnonzero(~np.isfinite(column.values))
            bad[rows[np.searchsorted(column.offsets, wrong, side="right") - 1]] = True
    yield Hits(rows=np.flatnonzero(bad), text="has a number that is not finite")


RULES = (
    Rule(
        rule="S02",
        title="an identifier is there twice",
        severity=Severity.ERROR,
        doc="Data units of a task; instances of one class with the same identifier of the source; classes, attributes "
        "and options of the ontology that the task uses.",
        reads=Reads.TASK,
        find=_duplicates,
        hint="give one of them another identifier",
    ),
    Rule(
        rule="S03",
        title="something refers to what isn't there",
        severity=Severity.ERROR,
        doc="Labels, answers, issues and decisions that name a missing instance, data unit or issue; media of an "
        "unknown root. A missing class is O01.",
        reads=Reads.TASK,
        find=_dangling,
        hint="delete what refers to it, or import it again",
    ),
    Rule(
        rule="S04",
        title="a label is on a frame that the medium doesn't have",
        severity=Severity.ERROR,
        doc="Labels, dynamic answers and issues on frames outside 0 to n-1.",
        reads=Reads.LABEL,
        labels=_beyond,
        find=_beyond_the_ends,
        hint="cut the track; see whether the medium is the one that was labelled",
    ),
    Rule(
        rule="S06",
        title="a number is not finite",
        severity=Severity.ERROR,
        doc="NaN or infinity in coordinates, confidences, numeric answers and places of pins.",
        reads=Reads.LABEL,
        labels=_broken,
        find=_not_finite,
        hint="delete the label and draw it again",
    ),
)
