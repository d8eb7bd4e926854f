"""settings, workflow: what a project says of itself and its work, changed in the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui_editor.api.person import current_person
from tui_editor.api.project import open_project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.support import Shell

ME = current_person()


@pytest.mark.usefixtures("demo")
def test_the_settings_of_a_project_are_told_whole_and_one_by_one(shell: Shell) -> None:
    every = shell("settings", "--json").json
    assert every["name"] == "Demo"
    assert len(every["reasons"]) == 9
    assert {"members", "workflow", "gates", "group_by", "tags", "instructions", "description"} <= set(every)
    assert any(c["name"] == "Car" for c in every["ontology"]["classes"])
    assert "annotate → review → complete" in shell("settings").out
    assert shell("settings", "name").out == "Demo\n"


@pytest.mark.usefixtures("demo")
def test_texts_and_lists_are_set(shell: Shell, tmp_path: Path) -> None:
    rules = tmp_path / "rules.md"
    rules.write_text("# Rules\n\n- tight\n")
    assert shell("settings", "instructions", f"@{rules}", "--json").json == {"instructions": "# Rules\n\n- tight"}
    assert shell("settings", "description", "Streets", "in  May", "--json").json == {"description": "Streets in May"}
    assert shell("settings", "reasons", "Loose", "Other", "Loose", "--json").json == {"reasons": ["Loose", "Other"]}
    assert shell("settings", "tags", "hard", "--json").json == {"tags": ["hard"]}
    assert shell("settings", "description", "").out == "\n"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("settings", "colour"), 2, "no setting colour"),
        (("settings", "name", ""), 2, "needs a name"),
        (("settings", "reasons", *"abcdefghij"), 2, "room for 9 reasons"),
        (("settings", "instructions", "@/no/such/file"), 3, "can't be read"),
        (("settings", "name", "x" * 300), 2, "longer than 200"),
        (("workflow", "--add", "audit"), 2, "audit says not what"),
        (("workflow", "--add", "audit=king"), 2, "king is no kind of stage"),
        (("workflow", "--remove", "review"), 1, "in review, which it lacks"),
        (("workflow", "--change", "review.next=nowhere"), 1, "nowhere, which is no stage"),
        (("workflow", "--order", "review"), 1, "tasks can't begin in review"),
    ],
)
def test_what_can_not_be_is_said(shell: Shell, words: tuple[str, ...], code: int, said: str) -> None:
    before = shell("settings", "--json").out
    result = shell(*words)
    assert (result.code, said in result.err) == (code, True), result.err
    assert shell("settings", "--json").out == before


@pytest.mark.usefixtures("demo")
def test_a_workflow_is_changed_in_one_go(shell: Shell) -> None:
    stages = shell(
        "workflow", "--add", "split=router", "--add", "audit=review", "--change", "split.routes=audit=20,complete=80",
        "--change", "audit.every=5", "--change", "audit.edit=off", "--json",
    ).json  # fmt: skip
    by_name = {stage["name"]: stage for stage in stages}
    assert list(by_name) == ["annotate", "review", "split", "audit", "complete"]
    assert by_name["split"]["routes"] == [{"to": "audit", "percent": 20.0}, {"to": "complete", "percent": 80.0}]
    assert (by_name["audit"]["sampling"], by_name["audit"]["edit"]) == ({"every": 5}, False)


def test_who_may_not_change_a_setting_is_told_why(shell: Shell, demo: Path) -> None:
    assert shell("members", ME, "admin").code == 0
    assert shell("members", "boss", "admin").code == 0
    assert shell("members", ME, "annotator").code == 0
    for words in (
        ("settings", "name", "Mine"),
        ("settings", "tags", "x"),
        ("workflow", "--add", "audit=review"),
        ("gates", "annotate", "S"),
    ):
        result = shell(*words)
        assert (result.code, "is an annotator here, who can't change" in result.err) == (1, True), result.err
    with open_project(demo) as project:
        assert project.info.name == "Demo"


@pytest.mark.usefixtures("demo")
def test_notifications_are_none_in_a_project_of_one_person(shell: Shell) -> None:
    assert shell("notifications", "--all", "--json").json == []
    assert "0 notifications" in shell("notifications").err


@pytest.mark.usefixtures("demo")
def test_the_gate_of_a_stage_goes_with_its_new_name(shell: Shell) -> None:
    assert shell("workflow", "--add", "audit=review").code == 0
    assert shell("gates", "audit", "S", "G01").code == 0
    assert shell("workflow", "--rename", "audit=last look").code == 0
    assert shell("settings", "--json").json["gates"] == {"last look": ["S", "G01"]}
