"""Changes of a workflow by words: what comes out is linked, or refused with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.api.stages import (
    changed_stage,
    fields_of,
    in_order,
    moved_stage,
    renamed_stage,
    with_stage,
    without_stage,
    words_of,
)
from tui_editor.api.workflow_file import faults
from tui_editor.errors import UsageError
from tui_editor.model.workflow import DEFAULT_WORKFLOW, Route, StageKind, Workflow


def way(workflow: Workflow) -> str:
    return " ".join(f"{s.name}>{s.next}<{s.back}" for s in workflow.stages)


def test_a_new_stage_stands_before_the_end_and_is_linked_in() -> None:
    workflow = with_stage(DEFAULT_WORKFLOW, "audit", "review")
    assert way(workflow) == "annotate>review< review>audit<annotate audit>complete<annotate complete><"
    assert list(faults(workflow)) == []


def test_a_new_stage_follows_the_one_that_is_named() -> None:
    workflow = with_stage(DEFAULT_WORKFLOW, "fix", "annotate", after="annotate")
    assert way(workflow) == "annotate>fix< fix>review< review>complete<annotate complete><"


def test_a_router_leads_on_until_it_is_told_where_to() -> None:
    workflow = with_stage(DEFAULT_WORKFLOW, "split", "router", after="annotate")
    assert list(faults(workflow)) == []
    workflow = changed_stage(workflow, "split", "routes", "review=30%, complete=70")
    assert workflow.stage("split").routes == (Route(to="review", percent=30), Route(to="complete", percent=70))
    workflow = changed_stage(workflow, "split", "routes", "review=kim+lee,complete")
    assert workflow.stage("split").routes == (Route(to="review", people=("kim", "lee")), Route(to="complete"))
    assert words_of(workflow.stage("split"), "routes") == "review=kim+lee,complete"


def test_a_consensus_is_made_of_two_stages() -> None:
    workflow = with_stage(DEFAULT_WORKFLOW, "agree", "consensus_review", after="annotate")
    workflow = with_stage(workflow, "three", "consensus_annotate", after="annotate")
    workflow = changed_stage(changed_stage(workflow, "three", "annotators", "3"), "agree", "determine", "on")
    assert list(faults(workflow)) == []
    assert (workflow.stage("three").annotators, workflow.stage("agree").determine) == (3, True)


def test_what_led_to_a_stage_that_goes_leads_on() -> None:
    assert way(without_stage(DEFAULT_WORKFLOW, "review")) == "annotate>complete< complete><"


def test_a_renamed_stage_keeps_its_place_and_its_links() -> None:
    assert (
        way(renamed_stage(DEFAULT_WORKFLOW, "review", "check")) == "annotate>check< check>complete<annotate complete><"
    )


def test_stages_are_put_in_order_and_the_others_follow() -> None:
    assert [s.name for s in in_order(DEFAULT_WORKFLOW, ["review", "annotate"]).stages] == [
        "review",
        "annotate",
        "complete",
    ]
    assert next(faults(in_order(DEFAULT_WORKFLOW, ["review"]))).startswith("tasks can't begin in review")
    assert moved_stage(moved_stage(DEFAULT_WORKFLOW, "review", 1), "review", -1) == DEFAULT_WORKFLOW


@pytest.mark.parametrize(
    ("stage", "field", "words", "why"),
    [
        ("review", "edit", "perhaps", "edit can't be perhaps"),
        ("review", "every", "1.5", "every can't be 1.5"),
        ("review", "lowest_percent", "101", "lowest_percent can't be 101"),
        ("annotate", "back", "review", "has no back"),
        ("review", "colour", "red", "a stage has no colour"),
        ("nowhere", "next", "x", "no stage nowhere"),
    ],
)
def test_what_can_not_be_said_of_a_stage_is_refused(stage: str, field: str, words: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        changed_stage(DEFAULT_WORKFLOW, stage, field, words)


@pytest.mark.parametrize(("name", "kind"), [("", "review"), ("a,b", "review"), ("review", "review"), ("x", "king")])
def test_a_stage_that_can_not_be_is_refused(name: str, kind: str) -> None:
    with pytest.raises(UsageError):
        with_stage(DEFAULT_WORKFLOW, name, kind)


@given(st.lists(st.sampled_from([kind.value for kind in StageKind if kind.value.startswith(("rev", "ann", "rou"))])))
def test_stages_that_are_added_one_after_the_other_stay_a_valid_workflow(kinds: list[str]) -> None:
    workflow = DEFAULT_WORKFLOW
    for number, kind in enumerate(kinds):
        workflow = with_stage(workflow, f"s{number}", kind)
    assert list(faults(workflow)) == []
    for stage in workflow.stages:
        for field in fields_of(stage):
            assert changed_stage(workflow, stage.name, field, words_of(stage, field)) == workflow
