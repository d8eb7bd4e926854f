"""Our own file beside the rows: issues, decisions, status and what else of a task a label row has no place for."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_editor.formats.encord.issues import read_issue, write_issue
from tui_editor.formats.encord.labels import is_manual, provenance, same_metadata
from tui_editor.formats.encord.media_paths import inside
from tui_editor.formats.encord.times import iso_ms, parse_ms
from tui_editor.formats.encord.units import STILLS, titles_of
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.issues import DecisionState, Issue, ReviewDecision
from tui_editor.model.ontology import Classification, Ontology
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.tracks import LabelFlag, Origin, make_track
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.formats.encord.places import Place
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.instances import Instance
    from tui_editor.model.tracks import Track

SUFFIX = ".tui-editor.json"
VERSION = 1

Record = dict[str, Any]


class RowKeys:
    """Names rows in the sidecar: by label hash, else data hash, else place; a name that comes again gets a number."""

    def __init__(self) -> None:
        self._met: dict[str, int] = {}

    def next(self, row: Mapping[str, Any]) -> str:
        """Return the name of the next row of a file."""
        found = row.get("label_hash") or row.get("data_hash")
        name = found if isinstance(found, str) else str(sum(self._met.values()))
        self._met[name] = self._met.get(name, 0) + 1
        return name if self._met[name] == 1 else f"{name}~{self._met[name]}"


# --- writing -------------------------------------------------------------------------------------


def write_record(item: ImportedTask, hashes: Mapping[InstanceId, str], ontology: Ontology) -> Record:
    """Return what of a task goes to the sidecar; empty when its row says all."""
    document, units = item.document, item.task.units
    instances = sorted((i for i in document.instances.values() if i.id in hashes), key=lambda i: hashes[i.id])
    numbered = {i.class_id for i in instances if i.ordinal}  # a row counts classifications by their first mention
    issues = sorted(document.issues.values(), key=lambda i: (i.created_ms, i.id))
    record: Record = {
        "status": _status(document.status),
        "task": {k: v for k, v in (("group", item.task.group_key), ("split", item.task.split)) if v},
        "units": _units(units),
        "instances": {
            hashes[i.id]: found
            for i in instances
            if (found := _instance(i, item, ontology, numbered=i.class_id in numbered))
        },
        "issues": [write_issue(i, units, hashes) for i in issues],
        "decisions": [
            _decision(hashes[key], document, key, value)
            for key, value in sorted(document.decisions.items(), key=lambda pair: hashes.get(pair[0], ""))
            if key in hashes
        ],
    }
    return {key: value for key, value in record.items() if value}


def _status(status: TaskStatus) -> Record:
    if status == TaskStatus():
        return {}
    return {
        "stage": status.stage,
        "state": status.state.value,
        "assignee": status.assignee,
        "author": status.author,
        "reviewer": status.reviewer,
    }


def _units(units: tuple[Unit, ...]) -> list[Record]:
    """Return the media paths of the units, where they are not what the row's titles say."""
    found = [_unit(u) for u in units]
    return found if any(found) else []


def _unit(unit: Unit) -> Record:
    told = tuple(inside(t) for t in titles_of(unit))
    return {} if told == unit.media.paths else {"paths": list(unit.media.paths)}


def _instance(instance: Instance, item: ImportedTask, ontology: Ontology, *, numbered: bool) -> Record:
    """Return what the row doesn't tell of an instance: who made it, a classification's number, labels' origins."""
    tracks = [(n, t) for n, u in enumerate(item.task.units) if (t := item.document.track(instance.id, u.id))]
    first = tracks[0][1].label(0) if tracks else None
    record: Record = {}
    if first and (first.author, first.created_ms) != (instance.created_by, instance.created_ms):
        record["made"] = [instance.created_by, iso_ms(instance.created_ms)]
    if numbered and isinstance(ontology.find(instance.class_id), Classification):
        record["number"] = instance.ordinal
    marks = {str(n): found for n, t in tracks if (found := _marks(t, item.task.units[n]))}
    return record | ({"origins": marks} if marks else {})


def _marks(track: Track, unit: Unit) -> list[list[int]]:
    """Return runs [first, last, origin, flags] of labels whose origin the row doesn't tell."""
    runs: list[list[int]] = []
    if (track.origin == Origin.MANUAL).all() and (track.flags == LabelFlag.KEY).all():
        return runs
    first = track.label(0)
    doubtful = track.kind is ShapeKind.PRESENCE and not is_manual(first)
    for label in track.labels():
        manual = is_manual(label) and not (doubtful and same_metadata(label, first))
        told = provenance(manual=manual, confidence=label.confidence, moving=unit.kind not in STILLS)
        if told == (label.origin, label.flags):
            continue
        mark = [int(label.origin), int(label.flags)]
        if runs and runs[-1][1] == label.frame - 1 and runs[-1][2:] == mark:
            runs[-1][1] = label.frame
        else:
            runs.append([label.frame, label.frame, *mark])
    return runs


def _decision(name: str, document: LabelDocument, key: InstanceId, value: ReviewDecision) -> Record:
    issue = {"issue": str(int(value.issue))} if value.issue is not None else {}
    content = {"content": "same" if value.content == document.content_of(key) else value.content}
    return {
        "annotationId": name,
        "status": value.state.value.upper(),
        "actorEmail": value.by,
        "at": iso_ms(value.at_ms),
        **issue,
        **(content if value.content else {}),
    }


# --- reading -------------------------------------------------------------------------------------


def apply_record(item: ImportedTask, record: Record, place: Place, ontology: Ontology) -> ImportedTask:
    """Return a task with what its sidecar record says.

    Raises:
        FormatError: the record is malformed; its place is told.
    """
    units = _with_paths(item.task.units, place.member(record, "units", list, []), place.at("units"))
    about = place.member(record, "task", dict, {})
    task = replace(item.task, units=units, group_key=str(about.get("group", "")), split=str(about.get("split", "")))
    told = place.member(record, "instances", dict, {})
    document = _with_instances(dataclasses.replace(item, task=task), told, place.at("instances"), ontology)
    by_hash = {i.source_id: i.id for i in document.instances.values()}
    at = place.at("issues")
    issues: dict[str, Issue] = {}
    for n, value in enumerate(place.member(record, "issues", list, [])):
        source = at.at(n).as_object(value)
        issues[str(source.get("uuid", n))] = read_issue(source, at.at(n), units, by_hash)
    document = make_document(
        instances=document.instances.values(),
        tracks=dict(document.tracks.items()),
        issues=issues.values(),
        status=_read_status(place.member(record, "status", dict, {}), place.at("status")),
    )
    decisions = place.member(record, "decisions", list, [])
    found = dict(
        pair
        for n, value in enumerate(decisions)
        if (pair := _read_decision(value, place.at("decisions", n), by_hash, issues))
    )
    for key, decision in found.items():
        content = document.content_of(key) if decision.content == "same" else decision.content
        decided = document.decisions.insert(key, replace(decision, content=content))
        document = dataclasses.replace(document, decisions=decided)
    return ImportedTask(task=task, document=document)


def _with_paths(units: tuple[Unit, ...], records: list[Any], place: Place) -> tuple[Unit, ...]:
    out = list(units)
    for n, value in enumerate(records[: len(out)]):
        paths = place.at(n).as_object(value).get("paths")
        if isinstance(paths, list):
            safe = tuple(p for v in paths if (p := inside(str(v))))
            out[n] = replace(out[n], media=replace(out[n].media, paths=safe))
    return tuple(out)


def _with_instances(item: ImportedTask, told: Record, place: Place, ontology: Ontology) -> LabelDocument:
    instances: list[Instance] = []
    tracks = dict(item.document.tracks.items())
    for instance in item.document.instances.values():
        record = told.get(instance.source_id)
        if record is None:
            instances.append(instance)
            continue
        at = place.at(instance.source_id)
        instances.append(_read_instance(instance, at.as_object(record), ontology))
        for row, runs in at.member(record, "origins", dict, {}).items():
            unit = item.task.units[int(row)].id if row.isdecimal() and int(row) < len(item.task.units) else None
            track = tracks.get((instance.id, unit)) if unit is not None else None
            if unit is not None and track is not None:
                tracks[instance.id, unit] = _marked(track, at.at("origins", row).as_list(runs), at)
    return make_document(instances=instances, tracks=tracks)


def _read_instance(instance: Instance, record: Record, ontology: Ontology) -> Instance:
    made, number = record.get("made"), record.get("number")
    if isinstance(made, list) and len(made) == 2:
        instance = replace(instance, created_by=str(made[0]), created_ms=parse_ms(made[1]))
    if type(number) is int and isinstance(ontology.find(instance.class_id), Classification):
        instance = replace(instance, ordinal=number)
    return instance


def _marked(track: Track, runs: list[Any], place: Place) -> Track:
    table: dict[int, tuple[Origin, LabelFlag]] = {}
    try:
        for first, last, origin, flags in runs:
            for frame in track.frames[(track.frames >= first) & (track.frames <= last)].tolist():
                table[frame] = (Origin(origin), LabelFlag(flags))
    except (TypeError, ValueError) as error:
        raise place.error("the origins of labels are malformed") from error
    labels = [
        replace(lb, origin=table[lb.frame][0], flags=table[lb.frame][1]) if lb.frame in table else lb
        for lb in track.labels()
    ]
    return make_track(labels)


def _read_status(value: Record, place: Place) -> TaskStatus:
    if not value:
        return TaskStatus()
    try:
        state = TaskState(value.get("state", TaskState.NEW))
    except ValueError as error:
        raise place.at("state").error("there is no such state of a task") from error
    texts = {k: str(value.get(k, "")) for k in ("assignee", "author", "reviewer")}
    return TaskStatus(stage=str(value.get("stage", "annotate")), state=state, **texts)


def _read_decision(
    value: Any, place: Place, by_hash: Mapping[str, InstanceId], issues: Mapping[str, Issue]
) -> tuple[InstanceId, ReviewDecision] | None:
    """Return a decision with its instance, None when that is gone; `content` may still be the word `same`."""
    source = place.as_object(value)
    key = by_hash.get(str(source.get("annotationId")))
    if key is None:
        return None
    try:
        state = DecisionState(str(source.get("status", "")).lower())
    except ValueError as error:
        raise place.at("status").error("there is no such decision") from error
    issue = issues.get(str(source.get("issue")))
    decision = ReviewDecision(
        state=state,
        by=str(source.get("actorEmail", "")),
        at_ms=parse_ms(source.get("at")),
        issue=None if issue is None else issue.id,
        content=str(source.get("content", "")),
    )
    return key, decision
