"""Hand a task out and on: who may is in the table of `model.transitions`, the rules of the gate stand here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.edits.issues import new_issue
from tui_editor.edits.review import reject, tick, undecided
from tui_editor.edits.routing import after
from tui_editor.edits.sampling import sampled
from tui_editor.errors import Refused
from tui_editor.model.issues import SKIP_REASON, DecisionState, Issue, IssueKind, Resolution
from tui_editor.model.ontology import asked, walk
from tui_editor.model.patch import DecisionChange, IssueChange, Patch, StatusChange, compose
from tui_editor.model.transitions import Action, refusal, rule_for
from tui_editor.model.workflow import TaskState, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import AttributeId, ClassId, InstanceId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import AnswerValue, AnyClass, Attribute, Ontology
    from tui_editor.model.project import Project, Task
    from tui_editor.model.transitions import Rule


class Requirement(Struct, frozen=True, kw_only=True):
    """Something that the ontology asks for and the task lacks: gone when it is there."""

    text: str
    instance: InstanceId | None = None
    attribute: AttributeId | None = None
    class_id: ClassId | None = None
    """The class that is missing."""


def requirements(document: LabelDocument, project: Project) -> tuple[Requirement, ...]:
    """Return what is missing: required classes without an instance, required attributes without an answer."""
    absent = absent_classes({i.class_id for i in document.instances.values()}, project.ontology)
    return (*absent, *_unanswered(document, project))


def absent_classes(present: Container[ClassId], ontology: Ontology) -> Iterator[Requirement]:
    """Yield the required classes that are not among those that have an instance."""
    for entry in ontology.all():
        if entry.required and entry.id not in present and not entry.archived:
            yield Requirement(text=f"{entry.name} is required", class_id=entry.id)


def _unanswered(document: LabelDocument, project: Project) -> Iterator[Requirement]:
    asking = {entry.id for entry in project.ontology.all() if any(a.required for a in walk(entry.attributes))}
    found = [i for i in document.instances.values() if i.class_id in asking] if asking else []
    for instance in sorted(found, key=lambda i: (i.class_id, i.ordinal, i.id)):
        yield from unanswered(instance, project.ontology)


def unanswered(instance: Instance, ontology: Ontology) -> Iterator[Requirement]:
    """Yield the required attributes that an instance has no answer to."""
    entry = ontology.find(instance.class_id)
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


def allowed(document: LabelDocument, project: Project, action: Action, person: str, task: Task | None = None) -> Rule:
    """Return the line of the table by which a person may do something with a task.

    Raises:
        Refused: there is none; it says why.
    """
    standing = project.standing(document.status, person, branch=task is not None and task.parent is not None)
    why = refusal(standing, action)
    rule = rule_for(standing, action)
    if why or rule is None:
        raise Refused(why)
    return rule


def _passed_on(
    document: LabelDocument, project: Project, rule: Rule, stamp: Stamp, task: Task | None, named: str = ""
) -> TaskStatus:
    return after(project, document.status, rule, stamp.person, task, named)


def submit(document: LabelDocument, project: Project, stamp: Stamp, task: Task | None = None) -> Patch:
    """Return the patch that hands an annotated task on; a branch stays where it is, completed.

    Rejections whose label changed since are ticked first. Then the gate: no open issue, nothing required missing.

    Raises:
        Refused: the task is not in an annotate stage, or not this person's, or the gate holds.
    """
    rule = allowed(document, project, Action.SUBMIT, stamp.person, task)
    ticks = compose(*(tick(document, i, stamp) for i in _changed_since_rejection(document)))
    ticked = document.apply(ticks)
    if (oldest := ticked.oldest_open()) is not None:
        raise GateClosed(oldest, ticked.open_count)
    missing = requirements(ticked, project)
    if missing:
        more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise Refused(f"{missing[0].text}{more}")
    if task is not None and task.parent is not None:
        status = replace(ticked.status, state=TaskState.COMPLETED)
    else:
        status = _passed_on(ticked, project, rule, stamp, task)
    return compose(ticks, Patch((StatusChange(ticked.status, replace(status, author=stamp.person)),)))


class GateClosed(Refused):
    """A task can't be submitted while an issue is open.

    Args:
        first: The oldest open issue: where to go.
        count: How many are open.
    """

    def __init__(self, first: Issue, count: int) -> None:
        issues, them = ("issue", "it") if count == 1 else ("issues", "them")
        super().__init__(f"{count} open {issues}: resolve {them} before submitting")
        self.first = first


def _changed_since_rejection(document: LabelDocument) -> list[InstanceId]:
    return sorted(i for i in _rejected(document) if document.decisions[i].content != document.content_of(i))


def resubmitted_unchanged(document: LabelDocument) -> list[InstanceId]:
    """Return the instances that were rejected and are as they were: a reply and a tick are asked for (W02)."""
    again = {DecisionState.REJECTED, DecisionState.RESOLVED}
    return sorted(i for i, d in document.decisions.items() if d.state in again and d.content == document.content_of(i))


def _rejected(document: LabelDocument) -> list[InstanceId]:
    return [i for i, d in document.decisions.items() if d.state is DecisionState.REJECTED]


def end_review(
    document: LabelDocument,
    project: Project,
    stamp: Stamp,
    task: Task | None = None,
    left: Collection[InstanceId] | None = None,
) -> Patch:
    """Return the patch that ends a review: back to its author with rejections, on without.

    Args:
        document: The task.
        project: Its project.
        stamp: Who ends it.
        task: The task itself, for routers.
        left: Those that have still to be judged; None: all that are undecided and picked by the stage's sampling.

    Raises:
        Refused: the task is not in a review stage, or an instance is undecided.
    """
    rejections = _rejected(document)
    rule = allowed(document, project, Action.REJECT if rejections else Action.APPROVE, stamp.person, task)
    if left is None:
        picked = sampled(document, project.stage_of(document.status).sampling)
        left = undecided(document, sorted(picked))
    if left:
        raise Refused(f"{len(left)} undecided: approve the task with :approve-task, or go on with n")
    return _leave_review(document, project, rule, stamp, task)


def approve_task(document: LabelDocument, project: Project, stamp: Stamp, task: Task | None = None) -> Patch:
    """Return the patch that approves a whole task, whatever is undecided, rejected or open in it.

    Raises:
        Refused: the task is not in a review stage, or not this person's.
    """
    rule = allowed(document, project, Action.APPROVE, stamp.person, task)
    return _leave_review(document, project, rule, stamp, task)


def reject_task(
    document: LabelDocument, project: Project, reason: str, stamp: Stamp, task: Task | None = None
) -> Patch:
    """Return the patch that sends a whole task back; the undecided are rejected with the reason.

    Raises:
        Refused: the task is not in a review stage, or not this person's.
    """
    rule = allowed(document, project, Action.REJECT, stamp.person, task)
    left = undecided(document, sorted(document.instances))
    if left:
        said = reject(document, left, reason, stamp)
    else:
        issue = new_issue(IssueKind.FILE, reason, stamp, stage=document.status.stage)
        said = Patch((IssueChange(issue.id, None, issue),)) if issue.comments else Patch()
    return compose(said, _leave_review(document, project, rule, stamp, task))


def _leave_review(document: LabelDocument, project: Project, rule: Rule, stamp: Stamp, task: Task | None) -> Patch:
    status = _passed_on(document, project, rule, stamp, task)
    return Patch((StatusChange(document.status, replace(status, reviewer=stamp.person)),))


def skip(document: LabelDocument, project: Project, reason: str, stamp: Stamp, task: Task | None = None) -> Patch:
    """Return the patch that skips an annotate task, with a file issue that says why.

    Raises:
        Refused: the task is not in an annotate stage: a reviewer can't skip.
    """
    allowed(document, project, Action.SKIP, stamp.person, task)
    said = reason.strip() or SKIP_REASON
    issue = replace(new_issue(IssueKind.FILE, said, stamp, stage=document.status.stage), skip=True)
    status = replace(document.status, state=TaskState.SKIPPED, assignee="")
    return Patch((IssueChange(issue.id, None, issue), StatusChange(document.status, status)))


def take(document: LabelDocument, project: Project, stamp: Stamp, task: Task | None = None) -> Patch:
    """Return the patch by which a person takes a task; empty when it is this person's already.

    Raises:
        Refused: it is somebody else's, or not for this person.
    """
    rule = allowed(document, project, Action.TAKE, stamp.person, task)
    return _hand_out(document, _passed_on(document, project, rule, stamp, task), stamp.person, stamp)


def assign(document: LabelDocument, project: Project, person: str, stamp: Stamp, task: Task | None = None) -> Patch:
    """Return the patch that gives a task to somebody who may work on it.

    Raises:
        Refused: who gives may not, or who gets it may not work there.
    """
    rule = allowed(document, project, Action.ASSIGN, stamp.person, task)
    unclaimed = replace(document.status, assignee="")
    standing = project.standing(unclaimed, person, branch=task is not None and task.parent is not None)
    if why := refusal(standing, Action.TAKE):
        raise Refused(why)
    return _hand_out(document, _passed_on(document, project, rule, stamp, task), person, stamp)


def _hand_out(document: LabelDocument, status: TaskStatus, person: str, stamp: Stamp) -> Patch:
    """Give a task to a person: the issue of an earlier skip is resolved with it."""
    done = Resolution(resolved=True, by=stamp.person, at_ms=stamp.at_ms)
    skips = [i for i in document.open_issues_of_task() if i.skip]
    resolved = [IssueChange(i.id, i, replace(i, history=(*i.history, done))) for i in skips]
    old, new = document.status, replace(status, assignee=person)
    return Patch((*resolved, StatusChange(old, new))) if new != old or resolved else Patch()


def release(document: LabelDocument, project: Project, stamp: Stamp, task: Task | None = None) -> Patch:
    """Return the patch that gives a task back: what was reopened stays so, for anybody.

    Raises:
        Refused: nobody has it, or somebody else.
    """
    rule = allowed(document, project, Action.RELEASE, stamp.person, task)
    old = document.status
    if not old.assignee:
        raise Refused("nobody has the task")
    reopened = old.state is TaskState.REOPENED
    status = old if reopened else _passed_on(document, project, rule, stamp, task)
    return Patch((StatusChange(old, replace(status, assignee="")),))


def move(document: LabelDocument, project: Project, stage: str, stamp: Stamp, task: Task | None = None) -> Patch:
    """Return the patch that puts a task into a stage, unassigned.

    Raises:
        Refused: there is no such stage, it is there already, or the person may not.
    """
    rule = allowed(document, project, Action.MOVE, stamp.person, task)
    status = _passed_on(document, project, rule, stamp, task, stage)
    if status.stage == document.status.stage:
        raise Refused(f"the task is in {status.stage} already")
    return Patch((StatusChange(document.status, status),))


def reopen(document: LabelDocument, project: Project, stamp: Stamp, task: Task | None = None) -> Patch:
    """Return the patch that brings a finished task back to the first stage, its decisions to be judged again.

    Raises:
        Refused: it is not finished, or the person may not.
    """
    rule = allowed(document, project, Action.REOPEN, stamp.person, task)
    old = document.status
    new = replace(_passed_on(document, project, rule, stamp, task), reviewer="")
    reset = [
        DecisionChange(i, d, replace(d, state=DecisionState.REOPENED))
        for i, d in sorted(document.decisions.items(), key=lambda item: item[0])
        if d.state is DecisionState.APPROVED
    ]
    return Patch((*reset, StatusChange(old, new)))
