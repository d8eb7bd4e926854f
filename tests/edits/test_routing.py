"""Routers: where a task comes to rest."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, document
from tui_editor.edits.routing import resting_stage
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.workflow import submit
from tui_editor.errors import Refused
from tui_editor.model.ids import TaskId
from tui_editor.model.workflow import Route, Stage, StageKind, Workflow

REVIEWS = (Stage(name="quick", kind=StageKind.REVIEW), Stage(name="strict", kind=StageKind.REVIEW))


def routed(*routes: Route) -> Workflow:
    router = Stage(name="split", kind=StageKind.ROUTER, routes=routes)
    return Workflow(stages=(Stage(name="annotate", kind=StageKind.ANNOTATE, next="split"), router, *REVIEWS))


def test_a_router_by_percentage_sends_each_share_its_way_and_a_task_always_the_same() -> None:
    workflow = routed(Route(to="quick", percent=30), Route(to="strict", percent=70))
    arrived = [resting_stage(workflow, "split", TaskId(n), "ann").name for n in range(10_000)]
    assert 2_850 < arrived.count("quick") < 3_150
    assert arrived == [resting_stage(workflow, "split", TaskId(n), "bo").name for n in range(10_000)]


def test_the_tasks_of_a_group_go_the_same_way() -> None:
    project = replace(PROJECT, workflow=routed(Route(to="quick", percent=50), Route(to="strict", percent=50)))

    def ways(group: str) -> set[str]:
        tasks = [replace(TASK, id=TaskId(n), group_key=group) for n in range(1, 20)]
        made = [submit(document(""), project, Stamp("ann", 1), task=task) for task in tasks]
        return {document("").apply(patch).status.stage for patch in made}

    assert ways("") == {"quick", "strict"}
    assert {len(ways(f"patient={n}")) for n in range(5)} == {1}


def test_the_last_route_takes_what_the_percentages_leave() -> None:
    workflow = routed(Route(to="quick", percent=0), Route(to="strict", percent=0))
    assert {resting_stage(workflow, "split", TaskId(n), "").name for n in range(50)} == {"strict"}


def test_a_router_by_user_sends_the_tasks_of_those_it_names() -> None:
    workflow = routed(Route(to="strict", people=("ann", "new")), Route(to="quick"))
    sent = [resting_stage(workflow, "split", TaskId(5), person).name for person in ("ann", "new", "bo")]
    assert sent == ["strict", "strict", "quick"]


def test_a_submitted_task_passes_the_router_at_once() -> None:
    project = replace(PROJECT, workflow=routed(Route(to="strict", people=("me",)), Route(to="quick")))
    found = document("car@0 box 1,1 2,2")
    for person, stage in (("me", "strict"), ("you", "quick")):
        assert found.apply(submit(found, project, Stamp(person, 1), TASK)).status.stage == stage


def test_routers_that_lead_to_each_other_and_stages_that_are_not_there_are_refused() -> None:
    loop = routed(Route(to="split"))
    with pytest.raises(Refused, match="lead nowhere"):
        resting_stage(loop, "split", TaskId(1), "")
    with pytest.raises(Refused, match="no stage gone"):
        resting_stage(routed(Route(to="gone")), "split", TaskId(1), "")
