"""A project that can't be read, written or made: one clear line, exit code 4, and nothing half-made."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.e2e.shell_runs import Run, run_all
from tests.e2e.test_hostile_files import CONTROL, TROUBLE
from tests.support.projects import boxes_project
from tui_editor.api import open_project
from tui_editor.edits.labels import delete_instance
from tui_editor.errors import ExitCode, StoreError
from tui_editor.storage.locate import FOLDER, store_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    boxes_project(tmp_path / "p", boxes=10, stage="annotate").close()
    (tmp_path / "keys").write_text("d d\n")
    yield tmp_path
    for folder, _, files in os.walk(tmp_path):
        os.chmod(folder, 0o755)  # noqa: PTH101 - so that pytest can take it away
        del files


def uses_of(project: Path) -> list[list[str]]:
    """Commands that need the project, each in another way."""
    here, home = ["--project", str(project)], project.parent
    return [
        ["tasks", *here],
        ["issues", *here],
        ["log", "--task", "1", *here],
        ["undo", "--task", "1", *here],
        ["import", str(home / "p" / "media"), *here],
        ["export", str(home / "out.json"), "--format", "coco", *here],
        ["verify", *here],
        ["check", str(project)],
        ["render", str(project), "-o", str(home / "out.png")],
        ["show", str(project)],
        ["open", str(project)],
        ["play", str(home / "keys"), str(project)],
        [*here],
    ]


def run(cases: Sequence[Sequence[str]], home: Path) -> list[Run]:
    runs = run_all(cases, home, powers=False)
    assert [r.argv for r in runs if any(word in r.text for word in TROUBLE) or CONTROL.search(r.text)] == []
    return runs


def refused(cases: Sequence[Sequence[str]], home: Path, words: str) -> None:
    """Check that each command ends with code 4 and one line that holds the words."""
    for one in run(cases, home):
        assert (one.code, one.stdout) == (ExitCode.STORE, ""), one
        assert words in one.stderr, one
        assert one.stderr.count("\n") == 1, one


def test_a_folder_that_may_not_be_looked_into_says_so(home: Path) -> None:
    (home / "p" / FOLDER).chmod(0o000)

    refused(uses_of(home / "p"), home, "permission denied")


def test_a_project_is_not_made_where_one_may_not_write(home: Path) -> None:
    (home / "ro").mkdir(mode=0o555)
    (home / "file").touch()

    wishes = [["init", str(home / where)] for where in ("ro", "ro/below", "file", "file/below")]
    refused(wishes, home, "can't be made")
    assert list((home / "ro").iterdir()) == []


def test_media_that_lie_where_one_may_not_write_need_a_folder_of_ones_own(home: Path) -> None:
    (home / "p" / "media").chmod(0o555)
    (home / "data").mkdir(mode=0o555)

    refused([["open", str(home / "p" / "media")]], home, "tui-editor init DIR")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"garbage " * 1000])
def test_a_damaged_store_says_so(home: Path, content: bytes) -> None:
    for path in (home / "p" / FOLDER).glob("project.db*"):
        path.unlink()
    store_file(home / "p").write_bytes(content)

    for one in run(uses_of(home / "p"), home):
        assert one.code in (ExitCode.STORE, ExitCode.USAGE), one
        assert one.stderr.count("\n") == 1, one


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB; skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_full_disk_an_edit_is_refused_and_what_was_kept_stays(home: Path, small: Path) -> None:
    shutil.copytree(home / "p" / "media", small / "p" / "media")
    shutil.copytree(home / "p" / FOLDER, small / "p" / FOLDER, ignore=lambda *_: ["ballast"])
    _fill(small)

    imported, played, checked = run(
        [
            ["import", str(small / "p" / "media"), "--project", str(small / "p")],
            ["play", str(home / "keys"), str(small / "p"), "--dump", "-"],
            ["init", str(small / "new")],
        ],
        home,
    )
    assert {ExitCode.STORE} == {imported.code, checked.code}, (imported, checked)
    assert "full" in imported.stderr + checked.stderr
    assert "full" in played.text or played.code == ExitCode.STORE, played
    for path in small.glob("filler*"):
        path.unlink()
    with open_project(small / "p") as project:
        (row,) = project.tasks()
        assert len(project.read(row.id).document.instances) == 10
        assert project.store.check() == []  # type: ignore[attr-defined]  # the default engine


def _fill(disk: Path) -> None:
    """Take all room that is left."""
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\1" * size)
            except OSError:
                continue


def test_a_store_that_is_moved_away_under_an_open_task_refuses_edits(home: Path) -> None:
    with open_project(home / "p", person="tester") as project:
        (row,) = project.tasks()
        editing = project.edit(row.id)
        shutil.move(home / "p" / FOLDER, home / "elsewhere")
        document = editing.store.state.document
        patch = delete_instance(document, next(iter(document.instances)))

        editing.store.apply(patch, "object.delete")
        with pytest.raises(StoreError):
            editing.close()
    assert not store_file(home / "p").exists(), "nothing is made anew in its place"
