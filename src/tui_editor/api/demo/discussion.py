"""The demo's issues and review decisions: one of each kind, with threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.api.demo.draft import ANNOTATOR, LABELLED_MS, REVIEWER
from tui_editor.api.demo.photo_labels import CAT, COFFEE, EYE
from tui_editor.api.demo.stable import instance_id, issue_id, unit_id
from tui_editor.api.demo.street_labels import STREET
from tui_editor.model.issues import (
    SKIP_REASON,
    Comment,
    DecisionState,
    Issue,
    IssueKind,
    Resolution,
    ReviewDecision,
)

if TYPE_CHECKING:
    from typing import Any

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId

_MINUTE_MS = 60_000
_REJECTED_MS = LABELLED_MS + 200 * _MINUTE_MS


def issues_of(task: str) -> list[Issue]:
    """Return the issues of the demo task of that title."""
    made = {STREET: _street, COFFEE: _coffee, EYE: _eye}.get(task)
    return made() if made else []


def _issue(task: str, kind: IssueKind, *texts: str, by: str = REVIEWER, start_min: int, **rest: Any) -> Issue:
    """Return an issue whose thread alternates between the person who began it and the other one."""
    other = ANNOTATOR if by == REVIEWER else REVIEWER
    start_ms = LABELLED_MS + start_min * _MINUTE_MS
    thread = tuple(
        Comment(author=other if row % 2 else by, at_ms=start_ms + row * 7 * _MINUTE_MS, text=text)
        for row, text in enumerate(texts)
    )
    return Issue(
        id=issue_id(task, f"{kind}/{start_min}"),
        kind=kind,
        author=by,
        created_ms=start_ms,
        comments=thread,
        stage="review" if by == REVIEWER else "annotate",
        **rest,
    )


def _ticked(*states: bool, start_min: int) -> tuple[Resolution, ...]:
    return tuple(
        Resolution(resolved=resolved, by=REVIEWER, at_ms=LABELLED_MS + (start_min + row) * _MINUTE_MS)
        for row, resolved in enumerate(states)
    )


def _street() -> list[Issue]:
    unit = unit_id(STREET)
    return [
        _issue(
            STREET,
            IssueKind.FILE,
            "The video ends while the van is still in view. Is there more of it?",
            "No, twelve seconds are all we have.",
            by=ANNOTATOR,
            start_min=30,
            tags=("question",),
            history=_ticked(True, start_min=45),
        ),
        _issue(
            STREET,
            IssueKind.FRAME,
            "The light turns red here. Does the answer begin on this frame or the next?",
            "On this one: the red lamp is lit.",
            start_min=60,
            unit=unit,
            frames=(110, 110),
            tags=("attribute", "question"),
        ),
        _issue(
            STREET,
            IssueKind.FRAME_RANGE,
            "Do we keep a label on the taxi while the truck drives past in front of it?",
            start_min=70,
            unit=unit,
            frames=(196, 226),
            tags=("question",),
        ),
        _issue(
            STREET,
            IssueKind.PIN,
            "Is this islet part of the pond?",
            "No. It is cut out as a hole.",
            "Then please write that into the instructions.",
            start_min=80,
            unit=unit,
            frames=(60, 60),
            point=(340.0, 163.0),
        ),
        _issue(
            STREET,
            IssueKind.LABEL,
            "The legs are right now. Look at the hands once more, where she passes the lamp post.",
            start_min=90,
            unit=unit,
            frames=(262, 262),
            instance=instance_id(STREET, "Pedestrian (0)"),
            tags=("geometry",),
            history=_ticked(True, False, start_min=100),
        ),
    ]


def _coffee() -> list[Issue]:
    return [
        _issue(
            COFFEE,
            IssueKind.LABEL,
            "Wrong class",
            "I took the first class for turned boxes. What should it be?",
            start_min=200,
            unit=unit_id(COFFEE),
            frames=(0, 0),
            instance=instance_id(COFFEE, "Boat (0)"),
            tags=("class",),
            rejection=True,
        )
    ]


def _eye() -> list[Issue]:
    return [
        _issue(
            EYE,
            IssueKind.FILE,
            f"{SKIP_REASON}: somebody who knows eyes should follow the smaller vessels.",
            by=ANNOTATOR,
            start_min=210,
            skip=True,
        )
    ]


def decisions_of(task: str, document: LabelDocument) -> dict[InstanceId, ReviewDecision]:
    """Return what the reviewer said of the instances of the demo task of that title, whose labels `document` holds."""
    if task == CAT:
        return {i: _decision(document, i, DecisionState.APPROVED) for i in document.instances}
    if task == COFFEE:
        return {i: _coffee_decision(document, i) for i in document.instances}
    return {}


def _coffee_decision(document: LabelDocument, instance: InstanceId) -> ReviewDecision:
    rejection = next((i for i in document.issues_of(instance) if i.rejection), None)
    if rejection is None:
        return _decision(document, instance, DecisionState.APPROVED)
    return _decision(document, instance, DecisionState.REJECTED, rejection)


def _decision(
    document: LabelDocument, instance: InstanceId, state: DecisionState, rejection: Issue | None = None
) -> ReviewDecision:
    return ReviewDecision(
        state=state,
        by=REVIEWER,
        at_ms=_REJECTED_MS,
        issue=rejection.id if rejection else None,
        content=document.content_of(instance),
    )
