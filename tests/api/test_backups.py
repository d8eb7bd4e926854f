"""Plain-text backups: what is written can be read by a person, and read back without loss."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings

from tests.storage.engine import TASK
from tests.storage.samples import imported
from tests.storage.samples import project as sample_project
from tests.support.doctext import ONTOLOGY, document
from tests.support.strategies import documents
from tui_editor.api.backups import MOST_KEPT, backups, load_backup, patch_to, restore_backup, write_backup
from tui_editor.api.project import Project
from tui_editor.edits.labels import delete_instances
from tui_editor.errors import InputError, UsageError
from tui_editor.model.plain_labels import plain_lines, read_plain
from tui_editor.model.project import Task
from tui_editor.storage.locate import create_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.model.document import LabelDocument


def back(found: LabelDocument) -> LabelDocument:
    lines = b"".join(plain_lines(found, ONTOLOGY, {"task": "x"}))
    return read_plain(io.BytesIO(lines), "x.jsonl")[1]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Return a project with one task that has labels."""
    with Project(tmp_path, create_store(tmp_path, sample_project()), "ann") as made:
        made.store.add_tasks([imported()], "ann")
        yield made


def made(project: Project) -> Path:
    opened = project.read(TASK)
    return write_backup(project.folder, project.info, opened.task, opened.document, opened.seq)


@settings(max_examples=40, deadline=None)
@given(documents())
def test_labels_of_every_kind_come_back_exactly(before: LabelDocument) -> None:
    after = back(before)

    assert dict(before.instances) == dict(after.instances)
    assert set(before.tracks) == set(after.tracks)
    assert all(before.tracks[key].same(after.tracks[key]) for key in before.tracks)
    assert patch_to(before, after).changes == ()


@settings(max_examples=40, deadline=None)
@given(documents(), documents())
def test_the_patch_to_a_backup_gives_its_instances_and_labels(here: LabelDocument, kept: LabelDocument) -> None:
    there = here.apply(patch_to(here, kept))

    assert dict(there.instances) == dict(kept.instances)
    assert patch_to(there, kept).changes == ()


def test_a_line_can_be_read_by_a_person() -> None:
    lines = [msgspec.json.decode(line) for line in plain_lines(document("car@3 box 10,10 40,30"), ONTOLOGY, {})]

    (label,) = (line for line in lines if "label" in line)
    assert label["label"].startswith("car (0)")
    assert (label["frame"], label["kind"]) == (3, "bounding_box")
    assert label["shape"] == {"x": 10.0, "y": 10.0, "width": 40.0, "height": 30.0}


def test_a_task_gets_the_labels_of_a_backup_as_one_entry_that_can_be_taken_back(project: Project) -> None:
    file, before = made(project), project.read(TASK).document
    with project.edit(TASK) as task:
        task.store.apply(delete_instances(task.store.state.document, list(before.instances)), "object.delete")
    assert not project.read(TASK).document.instances

    assert restore_backup(project, TASK, file) > 0

    after = project.read(TASK).document
    assert patch_to(after, before).changes == ()
    assert [e.command for e in project.store.recent(TASK)][:2] == ["backup.restore", "object.delete"]
    assert restore_backup(project, TASK, file) == 0, "it has them already"
    assert project.store.activities()[0].kind == "backup"


def test_of_a_task_the_last_backups_are_kept(project: Project) -> None:
    folder = made(project).parent
    for number in range(MOST_KEPT + 3):
        (folder / f"2001-01-{number + 1:02}T00-00-00.jsonl").write_bytes(b"")

    newest = made(project)

    kept = list(backups(project.folder, TASK))
    assert len(kept) == MOST_KEPT
    assert kept[0].file == newest
    assert not list(folder.glob(".*")), "no piece of one is left"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b'{"tui-editor-labels":2}\n',
        b'{"tui-editor-labels":1}\n{"label":"car","of":1,"unit":1}\n',
        b'{"tui-editor-labels":1}\n{"instance":"car (0)"}\n',
        b'{"tui-editor-labels":1}\n{"label":"x","of":7,"unit":1,"frame":0,"kind":"point","shape":{"x":0,"y":0}}\n',
    ],
)
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(content)

    with pytest.raises(InputError):
        load_backup(file)


def test_a_backup_of_another_task_is_refused(project: Project) -> None:
    opened = project.read(TASK)
    other = Task(id=type(TASK)(99), title="other", units=opened.task.units)
    file = write_backup(project.folder, project.info, other, opened.document, 1)

    with pytest.raises(UsageError, match="of another task, other"):
        restore_backup(project, TASK, file)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written_to_is_told(project: Project) -> None:
    (project.folder / ".tui-editor").chmod(0o500)

    with pytest.raises(InputError):
        made(project)
