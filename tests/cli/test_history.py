"""log, undo and restore: what was done by whom, and taking back any of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui_editor.api.person import current_person
from tui_editor.api.project import open_project
from tui_editor.api.undoing import plan_undo
from tui_editor.errors import UsageError
from tui_editor.model.ids import ClassId, InstanceId
from tui_editor.model.instances import Instance
from tui_editor.model.patch import InstanceChange, Patch, StatusChange
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.state.moments import moment_ms
from tui_editor.state.patch_words import what_changed
from tui_editor.state.taking_back import Wanted

if TYPE_CHECKING:
    from tests.cli.support import Shell

TASK = ("--task", "Dahlia")


@pytest.fixture
def reviewed(demo: Path, shell: Shell) -> Path:
    """The demo after a script approved the flower and rejected the scene."""
    Path("review.keys").write_text("# both objects\na x 1\n")
    assert shell("play", "review.keys", ".", *TASK).code == 0
    return demo


def me(shell: Shell) -> str:
    return str(shell("log", *TASK, "--json").json[1]["person"])


def kinds(shell: Shell) -> list[str]:
    return [e["kind"] for e in shell("log", *TASK, "--json").json]


def test_a_preview_lists_what_would_go_and_changes_nothing(shell: Shell, reviewed: Path) -> None:
    shown = shell("undo", *TASK, "--author", me(shell), "--since", "1h", "--preview")

    assert shown.code == 0
    assert "review.approve" in shown.out
    assert "2 steps would go; nothing was taken back" in shown.err
    assert kinds(shell) == ["import", "edit", "edit"]


def test_where_nobody_can_be_asked_the_preview_is_shown_and_nothing_goes(shell: Shell, reviewed: Path) -> None:
    refused = shell("undo", *TASK, "--author", me(shell))

    assert refused.code == 1
    assert "review.approve" in refused.out
    assert "--yes does it" in refused.err
    assert kinds(shell) == ["import", "edit", "edit"]


def test_all_of_an_author_goes_as_one_entry_which_is_taken_back_by_its_number(shell: Shell, reviewed: Path) -> None:
    assert shell("undo", *TASK, "--author", me(shell), "--yes").code == 0
    assert kinds(shell) == ["import", "edit", "edit", "undo"]
    assert shell("undo", *TASK, "--entry", "4", "--yes").code == 0
    assert kinds(shell) == ["import", "edit", "edit", "undo", "redo"]
    assert shell("undo", *TASK, "--entry", "4", "--yes").code == 1


def test_what_was_done_to_one_object_is_listed_and_taken_back(shell: Shell, reviewed: Path) -> None:
    entries = shell("log", *TASK, "--json").json
    with open_project(reviewed) as project:
        task = next(row.id for row in project.tasks() if row.title == "Dahlia")
        approved = plan_undo(project, task, 2)
        name = str(next(iter(approved.patch.instances())))

    assert [e["seq"] for e in shell("log", *TASK, "--json", "--object", name).json] == [2]
    assert [e["seq"] for e in shell("undo", *TASK, "--object", name, "--yes", "--json").json] == [2]
    assert [e["undone"] for e in shell("log", *TASK, "--json").json] == [False, True, False, False]
    assert len(entries) == 3


def test_filters_that_fit_nothing_say_what_is_wrong(shell: Shell, reviewed: Path) -> None:
    def complaint(*words: str) -> str:
        result = shell("undo", *TASK, *words, "--yes")
        assert result.code in {1, 2}
        return result.err

    assert f"somebody did nothing in this task; these did: ada, {me(shell)}" in complaint("--author", "somebody")
    assert "since 2100-01-01" in complaint("--since", "2100-01-01T12:00")
    assert "noon is not a time" in complaint("--since", "noon")
    assert "25:00 is not a time" in complaint("--since", "25:00")
    assert "no object Zeppelin (9)" in complaint("--object", "Zeppelin (9)")
    assert "no object Zeppelin (9)" in shell("log", *TASK, "--object", "Zeppelin (9)").err
    assert "entry 99 can't be taken back" in complaint("--entry", "99")
    assert "--entry names one entry: --author" in complaint("--entry", "2", "--author", "kim")
    assert kinds(shell) == ["import", "edit", "edit"]


def test_a_deleted_object_is_listed_and_brought_back(shell: Shell, demo: Path) -> None:
    Path("delete.keys").write_text(":go 0\n:object.delete_all\n")
    Path("delete.keys").write_text("n d a\n")
    assert shell("play", "delete.keys", ".", *TASK).code == 0
    (gone,) = shell("restore", *TASK, "--json").json
    assert shell("restore", *TASK, "--object", gone["object"]).code == 0

    assert shell("restore", *TASK, "--json").json == []
    assert [e["command"] for e in shell("log", *TASK, "--json", "--object", gone["id"]).json][-1] == "history.restore"
    again = shell("restore", *TASK, "--object", gone["object"])
    assert again.code == 1
    assert "was not deleted" in again.err
    assert shell("undo", *TASK, "-n", "1").code == 0
    assert len(shell("restore", *TASK, "--json").json) == 1


def test_a_time_of_day_is_the_last_one_that_was() -> None:
    now = moment_ms("0s")
    for text in ("00:00", "14:00", "23:59:59", "9:05"):
        ago = now - moment_ms(text)
        assert -2000 <= ago <= 25 * 3_600_000, text
    with pytest.raises(UsageError, match="14:00"):
        moment_ms("14:61")


def test_what_was_done_is_told_with_the_right_plural() -> None:
    one, two = (Instance(id=InstanceId(n), class_id=ClassId("car"), ordinal=n) for n in (1, 2))
    made = (InstanceChange(one.id, None, one), InstanceChange(two.id, None, two))
    moved = StatusChange(TaskStatus(stage="annotate"), TaskStatus(stage="review"))

    assert what_changed(Patch(made[:1])) == "1 instance made"
    assert what_changed(Patch((*made, moved))) == "2 instances made, move to review/new"
    his = StatusChange(TaskStatus(), TaskStatus(state=TaskState.ASSIGNED, assignee="kim"))
    assert [what_changed(Patch((each,))) for each in (his, his.inverse())] == ["given to kim", "given back"]


def test_steps_of_nobody_are_none(reviewed: Path) -> None:
    with open_project(reviewed) as project:
        task = next(row.id for row in project.tasks() if row.title == "Dahlia")
        assert not plan_undo(project, task, Wanted(author="nobody")).patch


# --- in all tasks ------------------------------------------------------------------------------------------------


@pytest.fixture
def twice(demo: Path, shell: Shell) -> Path:
    """The demo after a script approved an object in each of two tasks."""
    Path("one.keys").write_text("a\n")
    others = [t["title"] for t in shell("tasks", "--stage", "review", "--json").json if t["title"] != "Dahlia"]
    for title in ("Dahlia", others[0]):
        assert shell("play", "one.keys", ".", "--task", title).code == 0
    return demo


def test_without_a_task_what_a_person_did_since_goes_in_all_of_them_after_a_preview(shell: Shell, twice: Path) -> None:
    words = ("undo", "--author", me(shell), "--since", "1h")
    shown = shell(*words, "--preview")
    assert (shown.code, len(shown.out.splitlines())) == (0, 3)
    assert "2 steps in 2 tasks would go" in shown.err
    assert shell("undo", "--author", me(shell), "--preview", "--json").json[0]["title"]

    assert shell(*words).code == 1, "nobody can be asked"
    assert kinds(shell) == ["import", "edit"]
    assert "2 tasks changed" in shell(*words, "--yes").err
    assert kinds(shell) == ["import", "edit", "undo"]


def test_without_a_task_the_log_lists_what_was_done_lately_in_all(shell: Shell, twice: Path) -> None:
    found = shell("log", "--author", me(shell), "--since", "1h", "--json").json
    assert len({entry["title"] for entry in found if entry["command"] == "review.approve"}) == 2
    assert [e["at_ms"] for e in found] == sorted(e["at_ms"] for e in found)
    assert shell("log").code == 0


@pytest.mark.parametrize(
    "words", [["undo"], ["undo", "--preview"], ["undo", "--since", "1h", "--steps", "2"], ["log", "--object", "x"]]
)
def test_what_belongs_to_one_task_asks_for_it(shell: Shell, demo: Path, words: list[str]) -> None:
    refused = shell(*words)
    assert refused.code == 2
    assert "--task names it" in refused.err


# --- activities -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("reviewed")
def test_imports_exports_checks_and_undos_of_many_are_in_the_log_of_the_project(shell: Shell) -> None:
    shell("export", "out.json", "--format", "coco")
    shell("check")
    shell("undo", *TASK, "-n", "2")
    shell("settings", "name", "Flowers")

    newest_first = shell("log", "--activities", "--json").json

    assert [(a["kind"], a["what"]) for a in newest_first[:4]] == [
        ("settings", "name"),
        ("undo", "Dahlia"),
        ("check", "all rules"),
        ("export", "out.json (coco)"),
    ]
    assert {a["state"] for a in newest_first} == {"done"}
    assert newest_first[0]["outcome"] == "name: “Demo” → “Flowers”"
    assert newest_first[1]["outcome"] == "2 steps taken back"
    assert "read back" in newest_first[3]["outcome"]


@pytest.mark.usefixtures("demo")
def test_an_export_that_fails_is_in_the_log_with_the_reason(shell: Shell) -> None:
    assert shell("export", "no/such/folder/out.json", "--format", "nonsense").code != 0

    (last, *_) = shell("log", "--activities", "--author", current_person(), "--json").json

    assert (last["kind"], last["state"]) == ("export", "failed")
    assert "nonsense" in last["outcome"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--activities", *TASK), "--task is about the journal of a task"),
        (("--activities", "--after", "3"), "--task names the task"),
    ],
)
def test_what_is_about_a_task_needs_one(shell: Shell, words: tuple[str, ...], said: str) -> None:
    refused = shell("log", *words)

    assert refused.code == 2
    assert said in refused.err
