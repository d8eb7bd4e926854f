"""Finding a task by what a person types."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK
from tui_editor.api.lookup import find_task
from tui_editor.api.project import Project
from tui_editor.errors import UsageError
from tui_editor.model.document import make_document
from tui_editor.model.ids import TaskId, to_text
from tui_editor.ports import ImportedTask
from tui_editor.storage.memory import MemoryStore

TITLES = {100: "Lake", 101: "lake", 102: "Twice", 103: "Twice", 104: "3"}


@pytest.fixture
def project() -> Project:
    store = MemoryStore(PROJECT)
    tasks = (replace(TASK, id=TaskId(number), title=title) for number, title in TITLES.items())
    store.add_tasks((ImportedTask(task=task, document=make_document()) for task in tasks), "ann")
    return Project(Path(), store, "ann")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (to_text(102), 102),
        (to_text(102).upper(), 102),
        ("Lake", 100),
        ("lake", 101),
        ("1", 100),
        ("#2", 101),
        ("3", 104),
        ("#3", 102),
    ],
)
def test_a_task_is_found_by_identifier_title_or_number(project: Project, text: str, number: int) -> None:
    assert find_task(project, text) == number


@pytest.mark.parametrize("text", ["Twice", "LAKE", "twic", "0", "#0", "9", "", "z" * 40, "-1", "１"])
def test_what_names_no_task_or_several_is_refused(project: Project, text: str) -> None:
    with pytest.raises(UsageError):
        find_task(project, text)


def test_a_title_of_several_tasks_leads_to_their_identifiers(project: Project) -> None:
    with pytest.raises(UsageError, match="2 tasks have the title") as refused:
        find_task(project, "Twice")

    assert to_text(102) in refused.value.hint
    assert to_text(103) in refused.value.hint


def test_a_title_means_the_task_and_not_its_branches(project: Project) -> None:
    branch = replace(TASK, id=TaskId(110), title="Lake", parent=TaskId(100), branch="kim")
    project.store.add_tasks([ImportedTask(task=branch, document=make_document())], "ann")

    assert find_task(project, "Lake") == 100
