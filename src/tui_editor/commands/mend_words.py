"""What mends a finding, in words, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.edits.workflow import unanswered
from tui_editor.model.ids import InstanceId
from tui_editor.model.ontology import asked
from tui_editor.model.shapes import ShapeKind
from tui_editor.state.findings import frames_of
from tui_editor.state.selectors import instance_name
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ontology import Attribute
    from tui_editor.model.tracks import Track
    from tui_editor.ports import Finding
    from tui_editor.state.store import TaskState

NAME_CHARS = 40
_CLIPPED = frozenset({ShapeKind.BOX, ShapeKind.POLYGON, ShapeKind.BITMASK, ShapeKind.POLYLINE, ShapeKind.KEYPOINT})
"""Kinds of shapes that can be clipped to the frame."""
_PLAIN = {
    "order": "exchanges its corners",
    "turn": "turns its angle by whole turns into 0° to 360°",
    "vertices": "removes its repeated vertices",
}


def mend_words(state: TaskState, finding: Finding) -> str:
    """Return what one key does about a finding; empty where only a person can mend it."""
    owner = owner_of(state.document, finding)
    if not finding.fix or owner is None:
        return ""
    if finding.fix == "answer":
        attribute = asked_attribute(state, finding)
        return f"asks for {one_line(attribute.name, NAME_CHARS)}" if attribute is not None else ""
    track = track_of(state.document, finding)
    return "" if track is None else _of_track(state, finding, owner, track)


def _of_track(state: TaskState, finding: Finding, owner: InstanceId, track: Track) -> str:
    frames = frames_of(finding) or (0, 0)
    span = f" on {_span(*frames)}" if frames[1] > frames[0] else ""
    match finding.fix:
        case "clip":
            return f"clips it to the frame{span}" if track.kind in _CLIPPED else ""
        case "fill":
            row = track.row_of(frames[0])
            return (
                f"fills {_span(int(track.frames[row - 1]) + 1, frames[0] - 1)} with interpolated labels" if row else ""
            )
        case "swap" | "duplicate":
            return _of_two(state, finding, owner, span)
        case _:
            return f"{_PLAIN[finding.fix]}{span}" if finding.fix in _PLAIN and _reshapes(track, finding) else ""


def _reshapes(track: Track, finding: Finding) -> bool:
    """Return whether a fix changes a label of the finding: a spike is no repeated vertex."""
    from tui_editor.checks.fixes import reshapes  # the checks come when something was found

    first, last = frames_of(finding) or (0, 0)
    return any(reshapes(finding.fix, label.shape) for label in track.between(first, last).labels())


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _of_two(state: TaskState, finding: Finding, owner: InstanceId, span: str) -> str:
    from tui_editor.checks.fixes import redundant  # the checks come when something was found

    other = InstanceId(finding.other) if finding.other is not None else None
    if other is None or other not in state.document.instances:
        return ""
    if finding.fix == "swap":
        return f"swaps {_name(state, owner)} and {_name(state, other)} from {finding.frame} on"
    gone = redundant(state.document, finding)
    return "" if gone is None else f"deletes {_name(state, gone)}{span or ' here'}"


def _name(state: TaskState, instance: InstanceId) -> str:
    return one_line(instance_name(state.project.ontology, state.document.instances[instance]), NAME_CHARS)


def owner_of(document: LabelDocument, finding: Finding) -> InstanceId | None:
    """Return the instance that a finding is about, None when it is about none or that is gone."""
    owner = InstanceId(finding.instance) if finding.instance is not None else None
    return owner if owner in document.instances else None


def track_of(document: LabelDocument, finding: Finding) -> Track | None:
    """Return the labels that a finding is about, None where it has no place."""
    owner = owner_of(document, finding)
    return document.track(owner, finding.unit) if owner is not None and finding.unit is not None else None


def asked_attribute(state: TaskState, finding: Finding) -> Attribute | None:
    """Return the required attribute that lacks an answer: of the object, else on the finding's frame."""
    owner = owner_of(state.document, finding)
    if owner is None:
        return None
    value, ontology = state.document.instances[owner], state.project.ontology
    entry = ontology.find(value.class_id)
    wanted = {lack.attribute for lack in unanswered(value, ontology)}
    here = {} if finding.unit is None or finding.frame is None else value.answers_at(finding.unit, finding.frame)
    questions = asked(entry.attributes, here) if entry is not None else ()
    open_ = (a for a in questions if not a.archived and (a.id in wanted or (a.required and a.id not in here)))
    return next(open_, None)
