"""The gate, and the ways from stage to stage."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import COLOR, ONTOLOGY, PROJECT, SPEED, UNIT, document
from tui_editor.edits.attributes import set_answer, set_dynamic_answer
from tui_editor.edits.issues import set_resolved
from tui_editor.edits.labels import move_labels
from tui_editor.edits.review import reject
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.workflow import (
    GateClosed,
    approve_task,
    end_review,
    reject_task,
    reopen,
    requirements,
    skip,
    submit,
    take,
)
from tui_editor.errors import Refused
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId, IssueId, OptionId
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.issues import SKIP_REASON, DecisionState
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.workflow import TaskState

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch

ME, YOU, BOB = Stamp("me", 70), Stamp("you", 80), Stamp("bob", 90)
CAR, OTHER = InstanceId(1), InstanceId(2)
HERE = FrameRef(UNIT, 0)
TWO = "car@0 box 1,1 2,2\ncar(1)@0 box 3,3 4,4"
CAR_CLASS = ONTOLOGY.classes[0]


def done(found: LabelDocument, patch: Patch) -> LabelDocument:
    """Return the document after a patch, once it was seen to be taken back whole."""
    after = found.apply(patch)
    assert found.same(after.apply(patch.inverse()))
    return after


def demanding(**changes: object) -> Ontology:
    """Return the ontology with another car class."""
    return Ontology(classes=(replace(CAR_CLASS, **changes), *ONTOLOGY.classes[1:]))


# --- submit ------------------------------------------------------------------------------------------


def test_a_submitted_task_goes_on_and_remembers_its_author() -> None:
    after = done(document(TWO), submit(document(TWO), PROJECT, ME)).status
    assert (after.stage, after.state, after.author, after.assignee) == ("review", TaskState.NEW, "me", "")


def test_an_open_issue_closes_the_gate_and_is_named() -> None:
    found = document(TWO + '\nissue file "first"\nissue file "second"')
    with pytest.raises(GateClosed, match="2 open issues") as caught:
        submit(found, PROJECT, ME)
    assert caught.value.first.title == "first"
    for key in (IssueId(1), IssueId(2)):
        found = found.apply(set_resolved(found, key, True, ME))
    assert submit(found, PROJECT, ME)


def rejected() -> LabelDocument:
    found = document(TWO)
    return found.apply(reject(found, [CAR], "odd", YOU))


def test_a_rejection_whose_label_changed_is_ticked_before_the_gate() -> None:
    found = rejected()
    with pytest.raises(GateClosed):
        submit(found, PROJECT, ME)
    moved = found.apply(move_labels(found, [CAR], HERE, (1, 0), ME))
    after = done(moved, submit(moved, PROJECT, ME))
    assert (
        after.status.stage,
        after.decisions[CAR].state,
        after.open_issues(),
    ) == ("review", DecisionState.RESOLVED, ())


def test_a_task_in_review_is_not_submitted() -> None:
    with pytest.raises(Refused, match="only an annotate task"):
        submit(document(TWO, "review"), PROJECT, ME)


# --- requirements ------------------------------------------------------------------------------------


def test_nothing_is_missing_where_nothing_is_required() -> None:
    assert requirements(document(TWO), PROJECT) == ()


def test_a_required_class_without_an_instance_closes_the_gate() -> None:
    project = replace(PROJECT, ontology=demanding(required=True))
    assert [r.text for r in requirements(document(""), project)] == ["car is required"]
    assert requirements(document(TWO), project) == ()
    with pytest.raises(Refused, match="car is required"):
        submit(document(""), project, ME)


def test_an_archived_class_is_not_required() -> None:
    project = replace(PROJECT, ontology=demanding(required=True, archived=True))
    assert requirements(document(""), project) == ()


def test_required_answers_are_asked_of_each_instance_and_under_the_chosen_option() -> None:
    red = replace(COLOR.options[0], attributes=(replace(COLOR.options[0].attributes[0], required=True),))
    color = replace(COLOR, required=True, options=(red, COLOR.options[1]))
    ontology = demanding(attributes=(color, replace(SPEED, required=True)))
    project = replace(PROJECT, ontology=ontology)
    found = document("car@0 box 1,1 2,2")
    assert [r.text for r in requirements(found, project)] == [
        "car (0) needs an answer to Color",
        "car (0) needs an answer to Speed",
    ]
    found = found.apply(set_answer(found, ontology, CAR, COLOR.id, (OptionId("red"),)))
    answer = DynamicAnswer(attribute=SPEED.id, value=3, unit=UNIT, first=0, last=0)
    found = found.apply(set_dynamic_answer(found, ontology, CAR, answer))
    (left,) = requirements(found, project)
    assert (left.text, left.instance, left.attribute) == ("car (0) needs an answer to Shade", CAR, "shade")
    found = found.apply(set_answer(found, ontology, CAR, COLOR.id, (OptionId("blue"),)))
    assert requirements(found, project) == ()


def test_an_empty_answer_does_not_satisfy_a_requirement() -> None:
    shade = replace(COLOR.options[0].attributes[0], required=True)
    car = ObjectClass(id=CAR_CLASS.id, name="car", color="#FFFFFF", shape=CAR_CLASS.shape, attributes=(shade,))
    ontology = Ontology(classes=(car,))
    found = document("car@0 box 1,1 2,2")
    found = found.apply(set_answer(found, ontology, CAR, shade.id, ""))
    assert len(requirements(found, replace(PROJECT, ontology=ontology))) == 1


# --- review ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "stage", "state"),
    [
        (("approved", "approved"), "complete", TaskState.COMPLETED),
        (("approved", "rejected"), "annotate", TaskState.REOPENED),
    ],
)
def test_a_review_ends_by_what_was_decided(states: tuple[str, str], stage: str, state: TaskState) -> None:
    found = document(f"car@0 box 1,1 2,2 {states[0]}\ncar(1)@0 box 3,3 4,4 {states[1]}", "review")
    found = dataclasses.replace(found, status=replace(found.status, author="ann"))
    status = done(found, end_review(found, PROJECT, ME)).status
    assert (stage, state, "me") == (status.stage, status.state, status.reviewer)
    assert ("ann" if stage == "annotate" else "") == status.assignee


def test_a_review_does_not_end_with_something_undecided() -> None:
    with pytest.raises(Refused, match="2 undecided"):
        end_review(document(TWO, "review"), PROJECT, ME)


def test_an_empty_task_in_review_is_approved() -> None:
    assert done(document("", "review"), end_review(document("", "review"), PROJECT, ME)).status.stage == "complete"


def test_a_whole_task_is_approved_whatever_is_undecided() -> None:
    assert document(TWO, "review").apply(approve_task(document(TWO, "review"), PROJECT, ME)).status.stage == "complete"


def test_a_whole_task_is_rejected_with_an_issue_for_each_undecided() -> None:
    found = document("car@0 box 1,1 2,2 approved\ncar(1)@0 box 3,3 4,4", "review")
    after = done(found, reject_task(found, PROJECT, "all wrong", ME))
    assert (
        after.status.stage,
        after.status.state,
        [i.instance for i in after.open_issues()],
    ) == ("annotate", TaskState.REOPENED, [OTHER])


def test_a_decided_task_that_is_rejected_gets_one_issue_of_the_file() -> None:
    found = document("car@0 box 1,1 2,2 approved", "review")
    after = done(found, reject_task(found, PROJECT, "wrong video", ME))
    assert [i.title for i in after.open_issues()] == ["wrong video"]


@pytest.mark.parametrize("verb", [end_review, approve_task, lambda d, p, s: reject_task(d, p, "x", s)])
def test_only_a_task_in_review_is_reviewed(verb: object) -> None:
    with pytest.raises(Refused, match="only a review task"):
        verb(document("", "annotate"), PROJECT, ME)  # type: ignore[operator]  # the parameters are functions


# --- skip, hand out, reopen --------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "title"), [("too dark", "too dark"), ("  ", SKIP_REASON)])
def test_a_skipped_task_says_why_until_it_is_handed_out_again(said: str, title: str) -> None:
    found = document(TWO)
    skipped = done(found, skip(found, PROJECT, said, ME))
    assert (TaskState.SKIPPED, [title]) == (skipped.status.state, [i.title for i in skipped.open_issues()])
    again = done(skipped, take(skipped, PROJECT, BOB))
    assert (again.status.state, again.status.assignee, again.open_issues()) == (TaskState.ASSIGNED, "bob", ())
    assert not take(again, PROJECT, BOB)


def test_a_reopened_task_stays_so_when_it_is_handed_out() -> None:
    found = document(TWO, "review")
    found = found.apply(reject_task(found, PROJECT, "x", ME))
    assert TaskState.REOPENED is found.apply(take(found, PROJECT, Stamp("ann", 90))).status.state


def test_a_reviewer_does_not_skip() -> None:
    with pytest.raises(Refused, match="only an annotator"):
        skip(document(TWO, "review"), PROJECT, "", ME)


def test_a_reopened_task_begins_anew_with_its_approvals_to_be_judged_again() -> None:
    found = document("car@0 box 1,1 2,2 approved\ncar(1)@0 box 3,3 4,4 rejected", "complete")
    after = done(found, reopen(found, PROJECT, ME))
    assert (after.status.stage, after.status.state) == ("annotate", TaskState.REOPENED)
    assert [after.decisions[i].state for i in (CAR, OTHER)] == [DecisionState.REOPENED, DecisionState.REJECTED]
