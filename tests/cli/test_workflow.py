"""next, assign, release, move, reopen, priority, metadata, workflow, members: the queue's twins in the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui_editor.api.metadata import value_of
from tui_editor.api.person import current_person
from tui_editor.api.project import open_project

if TYPE_CHECKING:
    from tests.cli.support import Shell

ME = current_person()


@pytest.mark.usefixtures("demo")
def test_a_task_is_handed_out_assigned_released_and_told_as_json(shell: Shell) -> None:
    (first,) = shell("next", "--json").json
    assert (first["assignee"], first["state"]) == (ME, "assigned")
    (released,) = shell("release", first["id"], "--json").json
    assert (released["assignee"], released["state"]) == ("", "released")
    (given,) = shell("assign", "kim", first["id"], "--json").json
    assert (given["assignee"], given["state"]) == ("kim", "assigned")
    assert [t["id"] for t in shell("tasks", "--assignee", "kim", "--json").json] == [first["id"]]


@pytest.mark.usefixtures("demo")
def test_tasks_are_moved_reopened_and_prioritised_by_name(shell: Shell) -> None:
    moved = shell("move", "complete", "Dahlia", "#1")
    assert (moved.code, "task" in moved.err) == (0, True)
    assert "Dahlia: complete/completed" in moved.out
    assert "Dahlia: annotate/reopened" in shell("reopen", "Dahlia").out
    assert shell("priority", "0.9", "Dahlia", "--json").json[0]["priority"] == 0.9
    assert shell("tasks", "--json").json[0]["title"] == "Dahlia"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("move", "nowhere", "Dahlia"), 1, "no stage nowhere"),
        (("priority", "7", "Dahlia"), 2, "7 is no priority"),
        (("priority", "high", "Dahlia"), 2, "high is no priority"),
        (("assign", "kim", "no such task"), 2, "no task no such task"),
        (("next", "--stage", "nowhere"), 2, "no stage nowhere"),
        (("reopen", "Dahlia"), 1, "only a finished task is reopened"),
        (("members", "kim"), 2, "which role has kim"),
        (("members", "kim", "king"), 2, "king is no role"),
        (("members", "kim", "viewer"), 1, "needs an admin"),
        (("metadata", "--task", "Dahlia", "nothing"), 2, "nothing sets nothing"),
        (("metadata", "--task", "Dahlia", "--unit", "9", "a=1"), 2, "no data unit 9"),
    ],
)
def test_what_can_not_be_done_is_said(shell: Shell, words: tuple[str, ...], code: int, said: str) -> None:
    result = shell(*words)
    assert (result.code, said in result.err) == (code, True), result.err


@pytest.mark.usefixtures("demo")
def test_a_task_that_is_refused_does_not_keep_the_others_from_being_moved_and_is_told(shell: Shell) -> None:
    moved = shell("move", "review", "#3", "#1", "Dahlia", "Coffee on a wooden table", "#4")
    assert moved.code == 1
    assert "Coffee on a wooden table: review/new" in moved.out
    assert "Pagoda by the lake: review/new" in moved.out
    assert "2 tasks moved" in moved.err
    assert "Dahlia: the task is in review already" in moved.err
    assert "Street, summer morning: the task is in review already" in moved.err


@pytest.mark.usefixtures("demo")
def test_roles_hold_once_there_are_members(shell: Shell) -> None:
    assert "everybody is an admin" in shell("members").err
    assert shell("members", ME, "admin").code == shell("members", "kim", "annotator").code == 0
    assert shell("members", "--json").json == sorted(
        [{"person": ME, "role": "admin"}, {"person": "kim", "role": "annotator"}], key=lambda m: m["person"]
    )
    project = open_project(Path())
    from msgspec.structs import replace

    project.store.save_project(replace(project.info, members={ME: "reviewer", "kim": "admin"}))
    project.close()
    refused = shell("assign", "kim", "Dahlia")
    assert (refused.code, f"{ME} is a reviewer here, who can't assign tasks" in refused.err) == (1, True)
    project = open_project(Path())
    project.store.save_project(replace(project.info, members={ME: "viewer", "kim": "admin"}))
    project.close()
    assert f"{ME} is a viewer here, who can't take tasks" in shell("next").err


@pytest.mark.usefixtures("demo")
def test_the_priority_that_was_set_is_told(shell: Shell) -> None:
    assert "1 task with priority 0.25" in shell("priority", "0.25", "Dahlia").err


@pytest.mark.usefixtures("demo")
def test_metadata_is_set_shown_filtered_by_and_removed(shell: Shell) -> None:
    shown = shell("metadata", "--task", "Dahlia", "site=Bonn", "night=true", "patient=17", "--json").json
    assert shown[0]["metadata"] == {"site": "Bonn", "night": True, "patient": 17}
    assert [t["title"] for t in shell("tasks", "--meta", "site=bonn", "--json").json] == ["Dahlia"]
    assert [t["title"] for t in shell("tasks", "--meta", "patient=17", "--meta", "site=ulm", "--json").json] == []
    assert "site" not in shell("metadata", "--task", "Dahlia", "site=").out
    assert "1 task in groups" in shell("workflow", "--group-by", "patient").err
    for group in ("17", "patient=17"):
        assert [t["title"] for t in shell("tasks", "--group", group, "--json").json] == ["Dahlia"]


@pytest.mark.usefixtures("demo")
def test_metadata_of_many_data_units_comes_from_a_table(shell: Shell) -> None:
    Path("sites.csv").write_text("name,site,patient\nDahlia,Bonn,017\nNobody,Ulm,2\n")
    set_some = shell("metadata", "--from", "sites.csv")
    assert set_some.code == 1
    assert "1 data unit set" in set_some.err
    assert "1 name of the file: Nobody" in set_some.err
    assert shell("metadata", "--task", "Dahlia", "--json").json[0]["metadata"] == {"site": "Bonn", "patient": "017"}
    Path("sites.csv").write_text("name,site,patient\nDahlia,,3\n")
    assert shell("metadata", "--from", "sites.csv").code == 0
    assert shell("metadata", "--task", "Dahlia", "--json").json[0]["metadata"] == {"site": "Bonn", "patient": 3}
    for text, said in (("name", "no keys"), ("n,a\nx,1\nx,2\n", "x is there twice"), ("n,a\nx,1,2\n", "line 2")):
        Path("sites.csv").write_text(text)
        refused = shell("metadata", "--from", "sites.csv")
        assert (refused.code, said in refused.err) == (3, True), refused.err
    assert "can't be read as a table" in shell("metadata", "--from", "none.csv").err
    assert shell("metadata", "--from", "sites.csv", "--task", "Dahlia").code == shell("metadata").code == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("true", True), ("17", 17), ("-1.5", -1.5), ("0.50", 0.5)]
    + [(word, word) for word in ("017", "1e5", "nan", "1_000", "True", "٣", "12345678901234567890")],
)
def test_what_is_no_plain_number_stays_text(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.usefixtures("demo")
def test_tasks_are_sorted_and_filtered(shell: Shell) -> None:
    titles = [t["title"] for t in shell("tasks", "--sort", "title", "--json").json]
    assert titles == sorted(titles, key=str.casefold)
    turned = [t["title"] for t in shell("tasks", "--sort", "title", "--reverse", "--json").json]
    assert turned == titles[::-1]
    kinds = {t["kind"] for t in shell("tasks", "--kind", "image", "--json").json}
    assert kinds == {"image"}


@pytest.mark.usefixtures("demo")
def test_the_rules_are_printed_as_the_program_knows_them(shell: Shell) -> None:
    rules = shell("workflow", "--rules", "--json").json
    skip = next(rule for rule in rules if rule["action"] == "skip")
    assert (skip["stages"], skip["state"]) == (["annotate", "consensus_annotate"], "skipped")
    assert "ACTION" in shell("workflow", "--rules").out


def test_a_workflow_is_read_as_it_is_printed(shell: Shell, demo: Path) -> None:
    stages = shell("workflow", "--json").json
    stages[1]["sampling"] = {"every": 5}
    stages.insert(
        1, {"name": "split", "kind": "router", "routes": [{"to": "review", "percent": 30}, {"to": "complete"}]}
    )
    stages[0]["next"] = "split"
    (demo / "stages.json").write_text(json.dumps(stages))
    again = shell("workflow", "--set", "stages.json", "--json").json
    assert [s["name"] for s in again] == ["annotate", "split", "review", "complete"]
    assert again[2]["sampling"] == {"every": 5}
    shown = shell("workflow").out
    assert "30 % → review; the rest → complete" in shown
    assert "1 in 5" in shown


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ([], "no list of stages"),
        ({"a": 1}, "no list of stages"),
        ([{"name": "a"}], "no kind of stage"),
        ([{"name": "a", "kind": "annotate", "nxt": "b"}], "nxt is unknown"),
        ([{"name": "a", "kind": "annotate", "next": 5}], "next can't be 5"),
        ([{"name": "a", "kind": "annotate", "next": "b"}], "next leads to b, which is no stage"),
        ([{"name": "a", "kind": "annotate"}], "leads nowhere"),
        ([{"name": "r", "kind": "review"}], "tasks can't begin in r"),
        ([{"kind": "annotate"}], "Missing"),
        (
            [{"name": "annotate", "kind": "annotate", "next": "done"}, {"name": "done", "kind": "complete"}],
            "which it lacks (move them first)",
        ),
    ],
)
def test_a_file_that_is_no_workflow_says_what_is_wrong(shell: Shell, demo: Path, stages: object, said: str) -> None:
    (demo / "stages.json").write_text(json.dumps(stages))
    before = shell("workflow", "--json").out
    result = shell("workflow", "--set", "stages.json")
    assert (result.code, said in result.err) == (3, True), result.err
    assert shell("workflow", "--json").out == before
