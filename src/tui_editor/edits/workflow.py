"""Submit, skip, review and reopen a task: the rules of the gate stand here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.edits.issues import new_issue
from tui_editor.edits.review import reject, tick, undecided
from tui_editor.errors import Refused
from tui_editor.model.issues import SKIP_REASON, DecisionState, Issue, IssueKind, Resolution
from tui_editor.model.ontology import ObjectClass, asked
from tui_editor.model.patch import DecisionChange, IssueChange, Patch, StatusChange, compose
from tui_editor.model.workflow import StageKind, TaskState, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import AttributeId, InstanceId
    from tui_editor.model.ontology import AnswerValue, AnyClass, Attribute
    from tui_editor.model.project import Project


class Requirement(Struct, frozen=True, kw_only=True):
    """Something that the ontology asks for and the task lacks: gone when it is there."""

    text: str
    instance: InstanceId | None = None
    attribute: AttributeId | None = None


def requirements(document: LabelDocument, project: Project) -> tuple[Requirement, ...]:
    """Return what is missing: required classes without an instance, required attributes without an answer."""
    present = {i.class_id for i in document.instances.values()}
    absent = [
        Requirement(text=f"{entry.name} is required")
        for entry in project.ontology.all()
        if entry.required and entry.id not in present and not (isinstance(entry, ObjectClass) and entry.archived)
    ]
    return (*absent, *_unanswered(document, project))


def _unanswered(document: LabelDocument, project: Project) -> Iterator[Requirement]:
    ordered = sorted(document.instances.values(), key=lambda i: (i.class_id, i.ordinal, i.id))
    for instance in ordered:
        entry = project.ontology.find(instance.class_id)
        answered = {**{a.attribute: a.value for a in instance.dynamic}, **instance.answers}
        for attribute in _required(entry, answered):
            name = f"{entry.name if entry else '?'} ({instance.ordinal})"
            yield Requirement(
                text=f"{name} needs an answer to {attribute.name}", instance=instance.id, attribute=attribute.id
            )


def _required(entry: AnyClass | None, answered: dict[AttributeId, AnswerValue]) -> Iterator[Attribute]:
    for attribute in asked(entry.attributes, answered) if entry else ():
        if attribute.required and not attribute.archived and answered.get(attribute.id) in (None, (), ""):
            yield attribute


def submit(document: LabelDocument, project: Project, stamp: Stamp) -> Patch:
    """Return the patch that hands an annotated task on.

    Rejections whose label changed since are ticked first. Then the gate: no open issue, nothing required missing.

    Raises:
        Refused: the task is not in an annotate stage, or the gate holds; `where` names the first issue.
    """
    stage = project.workflow.stage(document.status.stage)
    if stage.kind not in {StageKind.ANNOTATE, StageKind.CONSENSUS_ANNOTATE}:
        raise Refused(f"the task is in {stage.name}: only an annotate task is submitted")
    ticks = compose(*(tick(document, i, stamp) for i in _changed_since_rejection(document)))
    after = document.apply(ticks)
    open_issues = after.open_issues()
    if open_issues:
        raise GateClosed(open_issues[0], len(open_issues))
    missing = requirements(after, project)
    if missing:
        more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise Refused(f"{missing[0].text}{more}")
    status = replace(after.status, stage=stage.next, state=TaskState.NEW, author=stamp.person, assignee="")
    return compose(ticks, Patch((StatusChange(after.status, status),)))


class GateClosed(Refused):
    """A task can't be submitted while an issue is open.

    Args:
        first: The oldest open issue: where to go.
        count: How many are open.
    """

    def __init__(self, first: Issue, count: int) -> None:
        super().__init__(f"{count} open issue{'s' if count != 1 else ''}: resolve them before submitting")
        self.first = first


def _changed_since_rejection(document: LabelDocument) -> list[InstanceId]:
    rejected = [i for i, d in document.decisions.items() if d.state is DecisionState.REJECTED]
    return sorted(i for i in rejected if document.decisions[i].content != document.content_of(i))


def end_review(document: LabelDocument, project: Project, stamp: Stamp) -> Patch:
    """Return the patch that ends a review: back to its author with rejections, on without.

    Raises:
        Refused: the task is not in a review stage, or an instance is undecided.
    """
    left = undecided(document, sorted(document.instances))
    if left:
        raise Refused(f"{len(left)} undecided: approve the task with :approve-task, or go on with n")
    rejections = [d for d in document.decisions.values() if d.state is DecisionState.REJECTED]
    return _leave_review(document, project, stamp, rejected=bool(rejections))


def approve_task(document: LabelDocument, project: Project, stamp: Stamp) -> Patch:
    """Return the patch that approves a whole task, whatever is undecided, rejected or open in it."""
    return _leave_review(document, project, stamp, rejected=False)


def reject_task(document: LabelDocument, project: Project, reason: str, stamp: Stamp) -> Patch:
    """Return the patch that sends a whole task back; the undecided are rejected with the reason."""
    left = undecided(document, sorted(document.instances))
    if left:
        said = reject(document, left, reason, stamp)
    else:
        issue = new_issue(IssueKind.FILE, reason, stamp)
        said = Patch((IssueChange(issue.id, None, issue),)) if issue.comments else Patch()
    return compose(said, _leave_review(document, project, stamp, rejected=True))


def _leave_review(document: LabelDocument, project: Project, stamp: Stamp, *, rejected: bool) -> Patch:
    stage = project.workflow.stage(document.status.stage)
    if stage.kind not in {StageKind.REVIEW, StageKind.CONSENSUS_REVIEW}:
        raise Refused(f"the task is in {stage.name}: only a review task is approved or rejected")
    target = project.workflow.stage(stage.back if rejected else stage.next)
    ended = target.kind in {StageKind.COMPLETE, StageKind.ARCHIVE}
    state = TaskState.REOPENED if rejected else TaskState.COMPLETED if ended else TaskState.NEW
    old = document.status
    new = replace(old, stage=target.name, state=state, reviewer=stamp.person, assignee=old.author if rejected else "")
    return Patch((StatusChange(old, new),))


def skip(document: LabelDocument, project: Project, reason: str, stamp: Stamp) -> Patch:
    """Return the patch that skips an annotate task, with a file issue that says why.

    Raises:
        Refused: the task is not in an annotate stage: a reviewer can't skip.
    """
    if project.stage_kind(document.status) not in {StageKind.ANNOTATE, StageKind.CONSENSUS_ANNOTATE}:
        raise Refused("only an annotator skips a task")
    issue = replace(new_issue(IssueKind.FILE, reason.strip() or SKIP_REASON, stamp), skip=True)
    status = replace(document.status, state=TaskState.SKIPPED, assignee="")
    return Patch((IssueChange(issue.id, None, issue), StatusChange(document.status, status)))


def hand_out(document: LabelDocument, person: str, stamp: Stamp) -> Patch:
    """Return the patch that gives a task to a person: the issue of an earlier skip is resolved with it."""
    done = Resolution(resolved=True, by=stamp.person, at_ms=stamp.at_ms)
    skips = [i for i in document.open_issues() if i.skip]
    resolved = [IssueChange(i.id, i, replace(i, history=(*i.history, done))) for i in skips]
    old = document.status
    state = TaskState.REOPENED if old.state is TaskState.REOPENED else TaskState.ASSIGNED
    new = replace(old, assignee=person, state=state)
    return Patch((*resolved, StatusChange(old, new))) if new != old or resolved else Patch()


def reopen(document: LabelDocument, project: Project) -> Patch:
    """Return the patch that brings a finished task back to the first stage, its decisions to be judged again."""
    old = document.status
    new = TaskStatus(stage=project.workflow.first.name, state=TaskState.REOPENED, author=old.author)
    reset = [
        DecisionChange(i, d, replace(d, state=DecisionState.REOPENED))
        for i, d in sorted(document.decisions.items(), key=lambda item: item[0])
        if d.state is DecisionState.APPROVED
    ]
    return Patch((*reset, StatusChange(old, new)))
