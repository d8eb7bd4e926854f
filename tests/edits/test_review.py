"""Decisions on instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.doctext import UNIT, document, text_of
from tui_editor.edits.issues import comment
from tui_editor.edits.labels import move_labels
from tui_editor.edits.review import approve, approve_left, decision_of, reject, tick, undecided
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import Refused
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId
from tui_editor.model.issues import DecisionState

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch

ME, YOU = Stamp("me", 70), Stamp("you", 80)
CAR, OTHER = InstanceId(1), InstanceId(2)
TWO = "car@0 box 1,1 2,2\ncar(1)@0 box 3,3 4,4"


def done(found: LabelDocument, patch: Patch) -> LabelDocument:
    """Return the document after a patch, once it was seen to be taken back whole."""
    after = found.apply(patch)
    assert found.same(after.apply(patch.inverse()))
    return after


def test_nobody_said_anything_is_pending() -> None:
    assert DecisionState.PENDING is decision_of(document(TWO), CAR).state


def test_an_approval_says_who_when_and_of_which_content() -> None:
    found = document(TWO)
    decision = done(found, approve(found, [CAR], ME)).decisions[CAR]
    assert (DecisionState.APPROVED, "me", 70, found.content_of(CAR)) == (
        decision.state,
        decision.by,
        decision.at_ms,
        decision.content,
    )


def test_the_same_approval_again_is_no_change_until_the_label_changes() -> None:
    found = document(TWO)
    found = found.apply(approve(found, [CAR], ME))
    assert not approve(found, [CAR], YOU)
    moved = found.apply(move_labels(found, [CAR], FrameRef(UNIT, 0), (1, 0), YOU))
    assert approve(moved, [CAR], YOU)


def test_a_rejection_makes_an_issue_for_each_instance() -> None:
    found = document(TWO)
    after = done(found, reject(found, [CAR, OTHER], "odd", ME, at=FrameRef(UNIT, 0), tags=["hard"]))
    for key in (CAR, OTHER):
        (issue,) = after.issues_of(key)
        assert (issue.id, True, ("hard",), (0, 0)) == (
            after.decisions[key].issue,
            issue.rejection,
            issue.tags,
            issue.frames,
        )


def test_a_rejection_needs_a_reason_or_a_tag() -> None:
    with pytest.raises(Refused, match="reason or a tag"):
        reject(document(TWO), [CAR], "  ", ME)
    assert reject(document(TWO), [CAR], "", ME, tags=["hard"])


def test_a_second_rejection_resolves_the_first() -> None:
    found = document(TWO)
    found = found.apply(reject(found, [CAR], "one", ME))
    after = done(found, reject(found, [CAR], "two", ME))
    assert {i.title: i.resolved for i in after.issues_of(CAR)} == {"one": True, "two": False}


def test_an_approval_resolves_the_rejection() -> None:
    found = document(TWO)
    found = found.apply(reject(found, [CAR], "one", ME))
    after = done(found, approve(found, [CAR], YOU))
    assert (after.open_issues(), after.decisions[CAR].state) == ((), DecisionState.APPROVED)


def test_a_tick_says_that_a_rejection_is_dealt_with() -> None:
    found = document(TWO)
    assert not tick(found, CAR, ME)
    found = found.apply(reject(found, [CAR], "one", ME))
    found = found.apply(move_labels(found, [CAR], FrameRef(UNIT, 0), (1.0, 0.0), YOU))
    after = done(found, tick(found, CAR, YOU))
    assert (after.decisions[CAR].state, after.open_issues()) == (DecisionState.RESOLVED, ())
    assert undecided(after, [CAR, OTHER]) == [CAR, OTHER]


def test_a_label_that_was_rejected_and_is_as_it_was_is_ticked_only_after_a_reply() -> None:
    found = document(TWO)
    found = found.apply(reject(found, [CAR], "one", ME))
    with pytest.raises(Refused, match="as it was"):
        tick(found, CAR, YOU)
    (issue,) = found.open_issues()
    found = found.apply(comment(found, issue.id, "it is right", Stamp("you", ME.at_ms + 1)))
    assert found.apply(tick(found, CAR, YOU)).decisions[CAR].state is DecisionState.RESOLVED


def test_what_is_left_is_approved_and_rejections_stay() -> None:
    found = document("car@0 box 1,1 2,2 rejected\ncar(1)@0 box 3,3 4,4")
    after = done(found, approve_left(found, [CAR, OTHER], ME))
    assert text_of(after) == "car(1)@0 box 3,3 4,4 approved\ncar@0 box 1,1 2,2 rejected"
