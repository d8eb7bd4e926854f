"""Raise, discuss, resolve, reopen and delete issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.errors import Refused
from tui_editor.model.ids import IssueId, new_id
from tui_editor.model.issues import Comment, Issue, IssueKind, Resolution
from tui_editor.model.patch import IssueChange, Patch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import InstanceId


def new_issue(
    kind: IssueKind,
    text: str,
    stamp: Stamp,
    *,
    at: FrameRef | None = None,
    last_frame: int | None = None,
    point: tuple[float, float] | None = None,
    instance: InstanceId | None = None,
    tags: Sequence[str] = (),
    stage: str = "",
) -> Issue:
    """Return an issue value with its anchor as its kind needs it: frame, frame range, pin, label or the whole file."""
    framed = kind in {IssueKind.FRAME, IssueKind.FRAME_RANGE, IssueKind.PIN} or (kind is IssueKind.LABEL and at)
    frames = (at.index, at.index if last_frame is None else last_frame) if at and framed else None
    comments = (Comment(author=stamp.person, at_ms=stamp.at_ms, text=text),) if text else ()
    return Issue(
        id=IssueId(new_id()),
        kind=kind,
        author=stamp.person,
        created_ms=stamp.at_ms,
        unit=at.unit if at else None,
        frames=frames,
        point=point if kind is IssueKind.PIN else None,
        instance=instance if kind is IssueKind.LABEL else None,
        tags=tuple(tags),
        comments=comments,
        stage=stage,
    )


def raise_issue(issue: Issue) -> Patch:
    """Return the patch that adds an issue.

    Raises:
        Refused: it has neither a comment nor a tag, or lacks the anchor that its kind needs.
    """
    if not issue.comments and not issue.tags:
        raise Refused("an issue needs a comment or a tag")
    if issue.kind is IssueKind.REQUIREMENT:
        raise Refused("task requirements come and go by themselves")
    if issue.kind is IssueKind.PIN and issue.point is None:
        raise Refused("a pinned issue needs a place on the canvas")
    return Patch((IssueChange(issue.id, None, issue),))


def _change(document: LabelDocument, issue_id: IssueId, **changes: object) -> Patch:
    old = _find(document, issue_id)
    new = replace(old, **changes)
    return Patch((IssueChange(issue_id, old, new),))


def _find(document: LabelDocument, issue_id: IssueId) -> Issue:
    issue = document.issues.get(issue_id)
    if issue is None:
        raise Refused("this issue is gone")
    return issue


def comment(document: LabelDocument, issue_id: IssueId, text: str, stamp: Stamp) -> Patch:
    """Return the patch that adds a message to a thread; empty when the text is blank."""
    if not text.strip():
        return Patch()
    said = Comment(author=stamp.person, at_ms=stamp.at_ms, text=text)
    return _change(document, issue_id, comments=(*_find(document, issue_id).comments, said))


def set_resolved(document: LabelDocument, issue_id: IssueId, resolved: bool, stamp: Stamp) -> Patch:
    """Return the patch that ticks an issue or reopens it; empty when it is so already."""
    issue = _find(document, issue_id)
    if issue.resolved == resolved:
        return Patch()
    entry = Resolution(resolved=resolved, by=stamp.person, at_ms=stamp.at_ms)
    return _change(document, issue_id, history=(*issue.history, entry))


def set_tags(document: LabelDocument, issue_id: IssueId, tags: Sequence[str]) -> Patch:
    """Return the patch that gives an issue these tags."""
    return _change(document, issue_id, tags=tuple(tags))


def delete_issue(document: LabelDocument, issue_id: IssueId, person: str) -> Patch:
    """Return the patch that deletes a thread.

    Raises:
        Refused: somebody else made it, or it is a label rejection.
    """
    issue = _find(document, issue_id)
    if issue.rejection:
        raise Refused("a label rejection can't be deleted", hint="resolve it instead")
    if issue.author != person:
        raise Refused(f"only {issue.author} can delete this issue")
    return Patch((IssueChange(issue_id, issue, None),))
