"""Approve and reject instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.edits.issues import new_issue
from tui_editor.errors import Refused
from tui_editor.model.issues import DecisionState, IssueKind, Resolution, ReviewDecision
from tui_editor.model.patch import Change, DecisionChange, IssueChange, Patch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import InstanceId, IssueId

PENDING = ReviewDecision(state=DecisionState.PENDING)


def decision_of(document: LabelDocument, instance: InstanceId) -> ReviewDecision:
    """Return where the review of an instance stands; pending when nobody said anything."""
    return document.decisions.get(instance, PENDING)


def approve(document: LabelDocument, instances: Iterable[InstanceId], stamp: Stamp) -> Patch:
    """Return the patch that approves instances; an open rejection of them is resolved with it."""
    changes: list[Change] = []
    for instance in instances:
        changes += _resolve_rejections(document, instance, stamp)
        changes += _decide(document, instance, DecisionState.APPROVED, stamp)
    return Patch(tuple(changes))


def _decide(
    document: LabelDocument, instance: InstanceId, state: DecisionState, stamp: Stamp, issue: IssueId | None = None
) -> list[Change]:
    old = document.decisions.get(instance)
    content = document.content_of(instance)
    new = ReviewDecision(state=state, by=stamp.person, at_ms=stamp.at_ms, content=content)
    if issue is not None:
        new = replace(new, issue=issue)
    if old is not None and (old.state, old.content, old.issue) == (new.state, new.content, new.issue):
        return []
    return [DecisionChange(instance, old, new)]


def _resolve_rejections(document: LabelDocument, instance: InstanceId, stamp: Stamp) -> list[Change]:
    done = Resolution(resolved=True, by=stamp.person, at_ms=stamp.at_ms)
    open_ones = [i for i in document.issues_of(instance) if i.rejection and not i.resolved]
    return [IssueChange(i.id, i, replace(i, history=(*i.history, done))) for i in open_ones]


def reject(
    document: LabelDocument,
    instances: Iterable[InstanceId],
    reason: str,
    stamp: Stamp,
    *,
    at: FrameRef | None = None,
    tags: Sequence[str] = (),
) -> Patch:
    """Return the patch that rejects instances, with one rejection issue for each.

    Args:
        document: The task.
        instances: Whom to reject.
        reason: What the author is told.
        stamp: Who rejects, and when.
        at: The frame on which it was seen.
        tags: Issue tags.

    Raises:
        Refused: there is neither a reason nor a tag.
    """
    if not reason.strip() and not tags:
        raise Refused("a rejection needs a reason or a tag")
    changes: list[Change] = []
    for instance in instances:
        raised = new_issue(IssueKind.LABEL, reason, stamp, at=at, instance=instance, tags=tags)
        issue = replace(raised, rejection=True, stage=document.status.stage)
        changes += _resolve_rejections(document, instance, stamp)
        changes.append(IssueChange(issue.id, None, issue))
        changes += _decide(document, instance, DecisionState.REJECTED, stamp, issue.id)
    return Patch(tuple(changes))


def tick(document: LabelDocument, instance: InstanceId, stamp: Stamp) -> Patch:
    """Return the patch by which an annotator says that a rejection is dealt with; empty when it was not rejected.

    Raises:
        Refused: the label is as it was when it was rejected, and nobody replied why.
    """
    old = document.decisions.get(instance)
    if old is None or old.state is not DecisionState.REJECTED:
        return Patch()
    if old.content == document.content_of(instance) and not _was_answered(document, instance, old):
        raise Refused("the label is as it was when it was rejected", hint="change it, or reply first: ‹issue.reply›")
    new = replace(old, state=DecisionState.RESOLVED, at_ms=stamp.at_ms)
    changes = [*_resolve_rejections(document, instance, stamp), DecisionChange(instance, old, new)]
    return Patch(tuple(changes))


def _was_answered(document: LabelDocument, instance: InstanceId, rejected: ReviewDecision) -> bool:
    """Return whether somebody replied to the rejection."""
    said = (c for i in document.issues_of(instance) if i.rejection for c in i.comments if c.at_ms > i.created_ms)
    return any(comment.at_ms >= rejected.at_ms for comment in said)


def undecided(document: LabelDocument, instances: Iterable[InstanceId]) -> list[InstanceId]:
    """Return those that a reviewer has still to judge, in the order given."""
    return [i for i in instances if not decision_of(document, i).decided]


def approve_left(document: LabelDocument, instances: Iterable[InstanceId], stamp: Stamp) -> Patch:
    """Return the patch that approves those that are not decided yet."""
    return approve(document, undecided(document, instances), stamp)
