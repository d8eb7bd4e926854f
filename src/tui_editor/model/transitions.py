"""The one table of who may do what with a task where it stands, and where that leads."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.model.workflow import StageKind, TaskState

if TYPE_CHECKING:
    from tui_editor.model.workflow import Stage, TaskStatus


class Role(StrEnum):
    """What a member of a project is."""

    VIEWER = "viewer"
    ANNOTATOR = "annotator"
    REVIEWER = "reviewer"
    ANNOTATOR_REVIEWER = "annotator_reviewer"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def words(self) -> str:
        """Return the role in words: `team manager`."""
        return _TITLES.get(self, self.value)

    @property
    def with_article(self) -> str:
        """Return the role as a sentence names it: `a reviewer`."""
        return f"an {self.words}" if self.words[0] in "aeiou" else f"a {self.words}"


_TITLES = {Role.ANNOTATOR_REVIEWER: "annotator and reviewer", Role.MANAGER: "team manager"}


class Action(StrEnum):
    """What is done with a task. The docstring of each is what the manual says of it."""

    TAKE = "take"
    """Reserve the task for oneself; the issue of an earlier skip is resolved with it."""
    ASSIGN = "assign"
    """Give the task to somebody."""
    RELEASE = "release"
    """Give the task back: nobody has it."""
    LABEL = "label"
    """Change labels and answers."""
    SUBMIT = "submit"
    """Hand an annotated task on; refused while an issue is open or something required is missing."""
    SKIP = "skip"
    """Put the task aside with a reason, which becomes an issue."""
    DECIDE = "decide"
    """Approve or reject instances."""
    APPROVE = "approve"
    """Pass a reviewed task."""
    REJECT = "reject"
    """Send a reviewed task back to its author."""
    ISSUE = "issue"
    """Raise, answer, resolve and reopen issues."""
    REOPEN = "reopen"
    """Bring a finished task back to the first stage."""
    MOVE = "move"
    """Put the task into another stage."""
    PRIORITIZE = "prioritize"
    """Change the priority, 0..1."""


class Way(StrEnum):
    """Where an action leads."""

    STAY = "stay"
    NEXT = "next"
    BACK = "back"
    FIRST = "first"
    NAMED = "named"
    """The stage that the person names."""


class Rule(Struct, frozen=True, kw_only=True):
    """One line of the table."""

    action: Action
    stages: frozenset[StageKind]
    states: frozenset[TaskState]
    roles: frozenset[Role]
    way: Way = Way.STAY
    state: TaskState | None = None
    """The state afterwards; None: the one before, or after a crossing the arrival's (new, completed at an end)."""
    own: bool = False
    """Refused, but to managers and admins, while the task is assigned to somebody else."""


def _set(*values: StageKind) -> frozenset[StageKind]:
    return frozenset(values)


LABELLING = _set(StageKind.ANNOTATE, StageKind.CONSENSUS_ANNOTATE)
REVIEWING = _set(StageKind.REVIEW, StageKind.CONSENSUS_REVIEW)
WORK = LABELLING | REVIEWING
ENDS = _set(StageKind.COMPLETE, StageKind.ARCHIVE)
WAITING = frozenset({TaskState.NEW, TaskState.ASSIGNED, TaskState.RELEASED, TaskState.REOPENED})
"""States of a task on which somebody works or may begin."""
_WAITING_OR_SKIPPED = WAITING | {TaskState.SKIPPED}
_ANY = frozenset(TaskState)
_ANNOTATORS = frozenset({Role.ANNOTATOR, Role.ANNOTATOR_REVIEWER, Role.MANAGER, Role.ADMIN})
_REVIEWERS = frozenset({Role.REVIEWER, Role.ANNOTATOR_REVIEWER, Role.MANAGER, Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
_WORKERS = _ANNOTATORS | _REVIEWERS


def _rule(
    action: Action,
    stages: frozenset[StageKind],
    states: frozenset[TaskState],
    roles: frozenset[Role],
    way: Way = Way.STAY,
    state: TaskState | None = None,
    *,
    own: bool = False,
) -> Rule:
    return Rule(action=action, stages=stages, states=states, roles=roles, way=way, state=state, own=own)


TABLE: tuple[Rule, ...] = (
    _rule(Action.TAKE, LABELLING, _WAITING_OR_SKIPPED, _ANNOTATORS, state=TaskState.ASSIGNED, own=True),
    _rule(Action.TAKE, REVIEWING, WAITING, _REVIEWERS, state=TaskState.ASSIGNED, own=True),
    _rule(Action.ASSIGN, LABELLING, _WAITING_OR_SKIPPED, MANAGERS, state=TaskState.ASSIGNED),
    _rule(Action.ASSIGN, REVIEWING, WAITING, MANAGERS, state=TaskState.ASSIGNED),
    _rule(
        Action.RELEASE,
        WORK,
        frozenset({TaskState.ASSIGNED, TaskState.REOPENED}),
        _WORKERS,
        state=TaskState.RELEASED,
        own=True,
    ),
    _rule(Action.LABEL, LABELLING, WAITING, _ANNOTATORS, own=True),
    _rule(Action.LABEL, REVIEWING, WAITING, _REVIEWERS, own=True),
    _rule(Action.SUBMIT, LABELLING, WAITING, _ANNOTATORS, Way.NEXT, own=True),
    _rule(Action.SKIP, LABELLING, WAITING, _ANNOTATORS, state=TaskState.SKIPPED, own=True),
    _rule(Action.DECIDE, REVIEWING, WAITING, _REVIEWERS, own=True),
    _rule(Action.APPROVE, REVIEWING, WAITING, _REVIEWERS, Way.NEXT, own=True),
    _rule(Action.REJECT, REVIEWING, WAITING, _REVIEWERS, Way.BACK, TaskState.REOPENED, own=True),
    _rule(Action.ISSUE, (WORK | ENDS) - {StageKind.CONSENSUS_ANNOTATE}, _ANY, _WORKERS),
    _rule(Action.REOPEN, ENDS, _ANY, _REVIEWERS, Way.FIRST, TaskState.REOPENED),
    _rule(Action.MOVE, WORK | ENDS, _ANY, MANAGERS, Way.NAMED),
    _rule(Action.PRIORITIZE, WORK, _WAITING_OR_SKIPPED, MANAGERS),
)
"""Everything that may be done; what no line allows is refused."""

_OF = {action: tuple(rule for rule in TABLE if rule.action is action) for action in Action}

_ELSEWHERE = {
    Action.TAKE: "there is nothing to take",
    Action.ASSIGN: "there is nothing to assign",
    Action.RELEASE: "there is nothing to release",
    Action.LABEL: "reopen it to change labels",
    Action.SUBMIT: "only an annotate task is submitted",
    Action.SKIP: "only an annotator skips a task",
    Action.DECIDE: "only a review decides",
    Action.APPROVE: "only a review task is approved or rejected",
    Action.REJECT: "only a review task is approved or rejected",
    Action.ISSUE: "no issues are raised here, only requirements are seen",
    Action.REOPEN: "only a finished task is reopened",
    Action.MOVE: "it can't be moved from here",
    Action.PRIORITIZE: "a finished task has no priority",
}
"""What is said where the task's stage is the wrong one."""

_VERBS = {
    Action.LABEL: "change labels",
    Action.DECIDE: "decide",
    Action.ISSUE: "raise issues",
    Action.PRIORITIZE: "change priorities",
}


class Standing(Struct, frozen=True, kw_only=True):
    """A task where it stands, and who looks at it."""

    stage: Stage
    status: TaskStatus
    person: str
    role: Role
    branch: bool = False
    """It is an annotator's branch of a task in a consensus stage."""


def rule_for(standing: Standing, action: Action) -> Rule | None:
    """Return the line that allows an action by stage, state and role; None when none does."""
    kind, state = standing.stage.kind, standing.status.state
    for rule in _OF[action]:
        if kind in rule.stages and state in rule.states and standing.role in rule.roles:
            return rule
    return None


def refusal(standing: Standing, action: Action) -> str:
    """Return why an action can't be done with a task by a person; empty when it can."""
    stage, status = standing.stage, standing.status
    here = [rule for rule in _OF[action] if stage.kind in rule.stages]
    if not here:
        return f"the task is in {stage.name}: {_ELSEWHERE[action]}"
    fitting = [rule for rule in here if status.state in rule.states]
    if not fitting:
        return f"the task is {status.state}{_how_to_go_on(status.state, action)}"
    rule = next((rule for rule in fitting if standing.role in rule.roles), None)
    if rule is None:
        verb = _VERBS.get(action, f"{action} tasks")
        return f"{standing.person or 'nobody'} is {standing.role.with_article} here, who can't {verb}"
    return _private(standing, rule) or _option(standing, action)


def _how_to_go_on(state: TaskState, action: Action) -> str:
    if state is TaskState.SKIPPED and action in {Action.LABEL, Action.SUBMIT}:
        return ": take it to go on with it"
    return f" already: it can't be {action.value}ped" if action is Action.SKIP else ""


def _private(standing: Standing, rule: Rule) -> str:
    """Return why a rule doesn't hold for this person: the task is somebody else's, or the stage is."""
    if standing.role in MANAGERS:
        return ""
    if rule.own and standing.status.assignee not in {"", standing.person}:
        return f"the task is assigned to {standing.status.assignee}"
    people = standing.stage.people
    if rule.own and people and standing.person not in people:
        return f"{standing.person} doesn't work in {standing.stage.name}"
    return ""


def _option(standing: Standing, action: Action) -> str:
    """Return why the stage's own settings forbid an action."""
    stage = standing.stage
    if action is Action.LABEL and stage.kind in REVIEWING and (stage.determine or not stage.edit):
        return f"labels can't be changed in {stage.name}"
    whole = stage.kind is StageKind.CONSENSUS_ANNOTATE and not standing.branch
    if whole and action in {Action.LABEL, Action.SUBMIT, Action.SKIP}:
        return f"in {stage.name} everybody labels a branch: take one"
    return ""
