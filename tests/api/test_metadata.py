"""Client metadata of many data units from a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, document
from tui_editor.api import metadata
from tui_editor.api.metadata import read_table, set_from_table
from tui_editor.api.project import Project
from tui_editor.errors import FormatError, StoreFull
from tui_editor.model.ids import TaskId
from tui_editor.ports import ImportedTask
from tui_editor.storage.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.model.project import Task

TABLE = """name,site,number
clip 1,Bonn,1

clip 2,Ulm,2
clip 3,,3
clip 4,Jena,4
"""


class Filling(MemoryStore):
    """A store whose disk is full after so many changes of tasks."""

    changes = 0
    most = 1

    def change_tasks(self, tasks: Sequence[TaskId], change: Callable[[Task], Task]) -> int:
        self.changes += 1
        if self.changes > self.most:
            raise StoreFull("the disk is full")
        return super().change_tasks(tasks, change)


@pytest.fixture
def clips() -> Project:
    store = Filling(replace(PROJECT, group_by="site"))
    units = TASK.units[0]
    tasks = [
        replace(TASK, id=TaskId(n), title=f"task {n}", units=(replace(units, title=f"clip {n}", metadata={"a": n}),))
        for n in range(1, 6)
    ]
    store.add_tasks([ImportedTask(task=task, document=document("car@0 box 1,1 2,2")) for task in tasks], "ann")
    return Project(Path(), store, "ann")


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def sites(project: Project) -> list[object]:
    return [project.store.task(TaskId(n)).units[0].metadata.get("site") for n in range(1, 6)]


def test_a_table_sets_keys_of_the_units_that_it_names_and_groups_follow(clips: Project, tmp_path: Path) -> None:
    brought = set_from_table(clips, read_table(written(tmp_path, TABLE + "clip 9,Bonn,1\n")))
    assert (brought.units, brought.unknown) == (4, ("clip 9",))
    assert sites(clips) == ["Bonn", "Ulm", None, "Jena", None]
    assert clips.store.task(TaskId(3)).units[0].metadata == {"a": 3, "number": 3}
    assert clips.store.task(TaskId(2)).group_key == "site=ulm"


def test_when_the_disk_is_full_a_chunk_is_set_whole_or_not_at_all_and_the_line_is_told(
    clips: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "AT_ONCE", 2)
    with pytest.raises(StoreFull, match=r"line 5 and those set with it: the disk is full \(2 lines are set"):
        set_from_table(clips, read_table(written(tmp_path, TABLE)))
    assert sites(clips) == ["Bonn", "Ulm", None, None, None]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TABLE + "clip 1,Köln,1\n", "line 7: clip 1 is there twice"),
        (TABLE + "clip 5,Köln,1,2\n", "line 7: more cells than the first line"),
        ("name\nclip 1\n", "the table has no keys"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read_table(written(tmp_path, text))
