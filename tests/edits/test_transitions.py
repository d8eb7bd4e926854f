"""Every stage, state, role and action: what the table allows is done as it says, everything else is refused."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, document, standing
from tui_editor.commands.context import Context
from tui_editor.commands.headless import HeadlessFront
from tui_editor.commands.permissions import may
from tui_editor.edits import workflow as edits
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import Refused
from tui_editor.model.ids import TaskId
from tui_editor.model.transitions import (
    ENDS,
    LABELLING,
    REVIEWING,
    TABLE,
    WAITING,
    Action,
    Role,
    Way,
    refusal,
    rule_for,
)
from tui_editor.model.workflow import Stage, StageKind, TaskState, TaskStatus, Workflow
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch
    from tui_editor.model.project import Project, Task

STAGES = tuple(
    Stage(name=kind.value, kind=kind, next="after", back="annotate")
    for kind in StageKind
    if kind is not StageKind.ROUTER
)
AFTER = Stage(name="after", kind=StageKind.REVIEW, next="complete", back="annotate")
ME = Stamp("me", 1)
BRANCH = replace(TASK, parent=TaskId(9), branch="me")

VERBS: dict[Action, Callable[[LabelDocument, Project, Task], Patch]] = {
    Action.TAKE: lambda d, p, t: edits.take(d, p, ME, t),
    Action.ASSIGN: lambda d, p, t: edits.assign(d, p, "boss", ME, t),
    Action.RELEASE: lambda d, p, t: edits.release(d, p, ME, t),
    Action.SUBMIT: lambda d, p, t: edits.submit(d, p, ME, t),
    Action.SKIP: lambda d, p, t: edits.skip(d, p, "dark", ME, t),
    Action.APPROVE: lambda d, p, t: edits.approve_task(d, p, ME, t),
    Action.REJECT: lambda d, p, t: edits.reject_task(d, p, "no", ME, t),
    Action.REOPEN: lambda d, p, t: edits.reopen(d, p, ME, t),
    Action.MOVE: lambda d, p, t: edits.move(d, p, "after", ME, t),
}
"""The actions that change where a task stands; the others are asked of the table by commands."""

CELLS = list(product(StageKind, TaskState, Role, Action))


def project(role: Role) -> Project:
    return replace(PROJECT, workflow=Workflow(stages=(*STAGES, AFTER)), members={"me": role.value, "boss": "admin"})


def standing_document(kind: StageKind, state: TaskState) -> LabelDocument:
    taken = state in {TaskState.ASSIGNED, TaskState.REOPENED}
    status = TaskStatus(stage=kind.value, state=state, assignee="me" if taken else "", author="ann")
    return standing(document("car@0 box 1,1 2,2"), status)


def wanted(kind: StageKind, state: TaskState, role: Role, action: Action) -> list[object]:
    return [
        rule
        for rule in TABLE
        if rule.action is action and kind in rule.stages and state in rule.states and role in rule.roles
    ]


@pytest.mark.parametrize(("kind", "state", "role", "action"), CELLS, ids=["-".join(map(str, cell)) for cell in CELLS])
def test_each_cell_of_the_table_is_allowed_or_refused_with_a_reason(
    kind: StageKind, state: TaskState, role: Role, action: Action
) -> None:
    found, of = standing_document(kind, state), project(role)
    task = BRANCH if kind is StageKind.CONSENSUS_ANNOTATE else TASK
    if kind is StageKind.ROUTER:
        found = standing(found, replace(found.status, stage="nowhere"))  # no task rests in a router
        kind = StageKind.ARCHIVE
    rules = wanted(kind, state, role, action)
    store = TaskStore(OpenedTask(task=task, document=found, seq=0, view={}), of, person="me")
    why = may(Context(front=HeadlessFront(), task=store), action)
    if not rules:
        assert why
        if action in VERBS:
            with pytest.raises(Refused, match=r"\w") as caught:
                VERBS[action](found, of, task)
            assert why == caught.value.what
        return
    assert (why, len(rules)) == ("", 1)
    if action in VERBS and not (kind is StageKind.ARCHIVE and found.status.stage == "nowhere"):
        after = found.apply(VERBS[action](found, of, task)).status
        assert after == led_to(kind, found.status, action)


def led_to(kind: StageKind, before: TaskStatus, action: Action) -> TaskStatus:
    """Return what the words of the documentation say, written out without the table."""
    keeps = before.state is TaskState.REOPENED
    match action:
        case Action.TAKE:
            return replace(before, state=before.state if keeps else TaskState.ASSIGNED, assignee="me")
        case Action.ASSIGN:
            return replace(before, state=before.state if keeps else TaskState.ASSIGNED, assignee="boss")
        case Action.RELEASE:
            return replace(before, state=before.state if keeps else TaskState.RELEASED, assignee="")
        case Action.SUBMIT if kind is StageKind.CONSENSUS_ANNOTATE:
            return replace(before, state=TaskState.COMPLETED, author="me")
        case Action.SUBMIT:
            return replace(before, stage="after", state=TaskState.NEW, author="me", assignee="")
        case Action.SKIP:
            return replace(before, state=TaskState.SKIPPED, assignee="")
        case Action.APPROVE:
            return replace(before, stage="after", state=TaskState.NEW, reviewer="me", assignee="")
        case Action.REJECT:
            return replace(before, stage="annotate", state=TaskState.REOPENED, reviewer="me", assignee="ann")
        case Action.REOPEN:
            return replace(before, stage="annotate", state=TaskState.REOPENED, assignee="")
        case _:
            return replace(before, stage="after", state=TaskState.NEW, assignee="")


# --- the table itself ------------------------------------------------------------------------------------------------


def test_no_two_lines_of_the_table_speak_of_the_same_cell() -> None:
    assert all(len(wanted(*cell)) <= 1 for cell in CELLS)


def test_what_a_role_may_do_with_a_task_that_waits() -> None:
    """Written by hand: the table against what the roles are meant to be."""

    def may_do(role: Role, kind: StageKind) -> str:
        return " ".join(a.value for a in Action if wanted(kind, TaskState.NEW, role, a))

    annotate, review, over = StageKind.ANNOTATE, StageKind.REVIEW, StageKind.COMPLETE
    assert {role: (may_do(role, annotate), may_do(role, review), may_do(role, over)) for role in Role} == {
        Role.VIEWER: ("", "", ""),
        Role.ANNOTATOR: ("take label submit skip issue", "issue", "issue"),
        Role.REVIEWER: ("issue", "take label decide approve reject issue", "issue reopen"),
        Role.ANNOTATOR_REVIEWER: (
            "take label submit skip issue",
            "take label decide approve reject issue",
            "issue reopen",
        ),
        Role.MANAGER: (
            "take assign label submit skip issue move prioritize",
            "take assign label decide approve reject issue move prioritize",
            "issue reopen move",
        ),
        Role.ADMIN: (
            "take assign label submit skip issue move prioritize",
            "take assign label decide approve reject issue move prioritize",
            "issue reopen move",
        ),
    }


def test_a_reviewer_can_skip_nowhere() -> None:
    assert not any(wanted(kind, state, role, Action.SKIP) for kind, state, role in product(REVIEWING, TaskState, Role))


def test_no_issue_is_raised_in_a_consensus_annotate_stage() -> None:
    cells = product([StageKind.CONSENSUS_ANNOTATE], TaskState, Role, [Action.ISSUE])
    assert not any(wanted(*cell) for cell in cells)


def test_what_leads_somewhere_leads_out_of_the_stage_it_is_done_in() -> None:
    for rule in TABLE:
        leaves = rule.way is not Way.STAY
        assert leaves == (rule.action in {Action.SUBMIT, Action.APPROVE, Action.REJECT, Action.REOPEN, Action.MOVE})
        assert not (leaves and rule.stages & ENDS and rule.action not in {Action.REOPEN, Action.MOVE})


# --- whose task it is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [rule.action for rule in TABLE if rule.own and rule.stages & LABELLING])
@pytest.mark.parametrize(("role", "free"), [(Role.ANNOTATOR, False), (Role.MANAGER, True)])
def test_a_task_of_somebody_else_is_left_alone_but_by_managers(action: Action, role: Role, free: bool) -> None:
    status = TaskStatus(state=TaskState.ASSIGNED, assignee="kim")
    why = refusal(project(role).standing(status, "me"), action)
    assert why == ("" if free else "the task is assigned to kim")


def test_a_stage_may_be_of_some_people_only() -> None:
    closed = Workflow(stages=(replace(STAGES[0], people=("kim",)), *STAGES[1:], AFTER))
    of = replace(project(Role.ANNOTATOR), workflow=closed)
    assert refusal(of.standing(TaskStatus(), "me"), Action.TAKE) == "me doesn't work in annotate"
    assert not refusal(replace(of, members={"kim": "annotator"}).standing(TaskStatus(), "kim"), Action.TAKE)


def test_a_task_is_assigned_only_to_who_may_work_on_it() -> None:
    of = replace(PROJECT, members={"me": "manager", "vic": "viewer", "rae": "reviewer"})
    for person in ("vic", "rae", "nobody"):
        with pytest.raises(Refused, match="who can't take tasks"):
            edits.assign(document(""), of, person, ME)
    given = edits.assign(document("", "review"), of, "rae", ME)
    assert document("", "review").apply(given).status.assignee == "rae"


def test_labels_are_not_changed_in_a_review_that_forbids_it() -> None:
    for stage in (
        Stage(name="r", kind=StageKind.REVIEW, edit=False),
        Stage(name="r", kind=StageKind.CONSENSUS_REVIEW, determine=True),
    ):
        of = replace(PROJECT, workflow=Workflow(stages=(stage,)))
        standing = of.standing(TaskStatus(stage="r"), "me")
        assert refusal(standing, Action.LABEL) == "labels can't be changed in r"
        assert not refusal(standing, Action.DECIDE)


def test_without_members_everybody_is_an_admin_and_with_them_a_stranger_looks_on() -> None:
    assert PROJECT.role_of("anybody") is Role.ADMIN
    assert replace(PROJECT, members={"kim": "reviewer"}).role_of("anybody") is Role.VIEWER


def test_the_table_names_waiting_tasks_as_those_that_are_worked_on() -> None:
    assert {TaskState.NEW, TaskState.ASSIGNED, TaskState.RELEASED, TaskState.REOPENED} == WAITING
    assert rule_for(PROJECT.standing(TaskStatus(state=TaskState.SKIPPED), "me"), Action.TAKE)
