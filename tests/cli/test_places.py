"""open, demo and no command at all: from what a person names to a project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cli.support import Shell, make_photos

from tui_editor.api.addresses import Address
from tui_editor.api.project import Project, open_project
from tui_editor.cli.verbs import opening, queue
from tui_editor.model.ids import to_text


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """A terminal whose editor only notes how it was begun."""
    begun: list[dict[str, object]] = []

    def run_app(project: Project, **how: object) -> int:
        begun.append({"folder": project.folder, **how})
        return 0

    monkeypatch.setattr("tui_editor.ui.launch.run_app", run_app)
    monkeypatch.setattr(opening, "is_interactive", lambda: True)
    monkeypatch.setattr(queue, "is_interactive", lambda: True)
    return begun


def test_without_a_project_a_guide_says_what_to_type(shell: Shell) -> None:
    result = shell()

    assert result.code == 0
    assert "tui-editor demo" in result.out
    assert "tui-editor open PATH" in result.out


def test_a_project_that_is_named_must_be_there(shell: Shell) -> None:
    assert shell("--project", "nowhere").code == 2


def test_without_a_command_the_queue_opens(shell: Shell, demo: Path, runs: list[dict[str, object]]) -> None:
    assert shell("--graphics", "none", "--preset", "cvat").code == 0
    assert runs == [{"folder": demo, "graphics": "none", "preset": "cvat"}]


def test_without_a_terminal_the_queue_is_listed(shell: Shell, demo: Path) -> None:
    result = shell()

    assert result.code == 0
    assert "Dahlia" in result.out
    assert "this would show the queue of project Demo" in result.err


def test_open_begins_where_it_was_told(shell: Shell, demo: Path, runs: list[dict[str, object]]) -> None:
    assert shell("open", ".", "--task", "1", "--frame", "12", "--review", "--graphics", "cells").code == 0
    (how,) = runs

    assert (how["folder"], how["frame"], how["review"], how["graphics"]) == (demo, 12, True, "cells")
    with open_project(demo) as project:
        assert how["task"] == next(iter(project.tasks())).id


def test_open_goes_back_to_the_task_where_a_person_was(shell: Shell, demo: Path, runs: list[dict[str, object]]) -> None:
    with open_project(demo) as project:
        last = [row.id for row in project.tasks()][3]
        project.store.save_view(last, project.person, {"frame": 0})
    shell("open", ".")
    shell("open")

    assert [run["task"] for run in runs] == [last, last]


def test_open_follows_an_address(shell: Shell, demo: Path, runs: list[dict[str, object]]) -> None:
    with open_project(demo) as project:
        task = next(iter(project.tasks())).id
        instance = min(project.read(task).document.instances)
    shell("open", Address(folder=demo, task=task, frame=7, instance=instance))

    assert (runs[0]["task"], runs[0]["frame"], runs[0]["instance"]) == (task, 7, instance)


def test_open_follows_an_address_whose_path_ends_in_the_task(
    shell: Shell, demo: Path, runs: list[dict[str, object]]
) -> None:
    with open_project(demo) as project:
        task = next(iter(project.tasks())).id
    shell("open", f"tui-editor://{demo}/{to_text(task)}?frame=2")

    assert (runs[0]["task"], runs[0]["frame"]) == (task, 2)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("tui-editor://{demo}?task=zzzzzz", 2),
        ("tui-editor://{demo}?task=1&task=../../x", 2),
        ("tui-editor://{demo}?frame=99999999999999999999", 2),
        ("tui-editor://{demo}?frame=1e3", 2),
        ("tui-editor://{demo}?run=rm", 2),
        ("tui-editor://{demo}/\x1b]52;c;eA==\x07", 3),
        ("tui-editor:///" + "x" * 5000, 4),
        ("tui-editor:///dev/null/x?task=2", 3),
        ("tui-editor://host/demo", 2),
    ],
)
def test_an_address_that_is_wrong_or_hostile_is_refused_in_harmless_words(
    shell: Shell, demo: Path, address: str, code: int
) -> None:
    result = shell("open", address.format(demo=demo))

    assert result.code == code, result.err
    assert result.err.startswith("tui-editor")
    assert "Traceback" not in result.err
    assert "\x1b" not in result.err


def test_a_named_task_and_frame_win_over_the_address(shell: Shell, demo: Path, runs: list[dict[str, object]]) -> None:
    with open_project(demo) as project:
        first, second = [row.id for row in project.tasks()][:2]
    shell("open", Address(folder=demo, task=first, frame=7), "--task", to_text(second), "--frame", "0")

    assert (runs[0]["task"], runs[0]["frame"], runs[0]["instance"]) == (second, 0, None)


@pytest.mark.parametrize(
    "words",
    [
        ["nothing-here"],
        ["tui-editor://relative?task=1"],
        ["tui-editor:///nowhere"],
        [".", "--frame", "300"],
        [".", "--frame", "-1"],
        [".", "--task", "zzzzzzzzzzzzzzzzzzzzz"],
    ],
)
def test_open_refuses_what_is_not_there(
    shell: Shell, demo: Path, runs: list[dict[str, object]], words: list[str]
) -> None:
    result = shell("open", *words)

    assert result.code in {2, 3}
    assert result.err.startswith("tui-editor: ")
    assert runs == []


def test_a_folder_of_pictures_gets_its_own_project(shell: Shell, photos: Path, runs: list[dict[str, object]]) -> None:
    first = shell("open", photos)
    again = shell("open", photos)

    assert first.code == again.code == 0
    assert runs[0]["folder"] == photos
    assert "read" in first.err
    assert again.err == ""
    with open_project(photos) as project:
        assert [row.frame_count for row in project.tasks()] == [2]


def test_a_folder_that_is_opened_again_shows_its_new_pictures(
    shell: Shell, photos: Path, runs: list[dict[str, object]]
) -> None:
    shell("open", photos)
    (photos / "0.png").write_bytes((photos / "a.png").read_bytes())
    looked, again = shell("check", photos), shell("open", photos)

    assert "1 new picture at the end of photos" in again.err
    assert "new picture" not in looked.err
    with open_project(photos) as project:
        (row,) = project.tasks()
        assert project.store.task(row.id).units[0].media.paths == ("a.png", "b.png", "0.png")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_gets_a_project_elsewhere(
    shell: Shell, photos: Path, runs: list[dict[str, object]], tmp_path: Path
) -> None:
    photos.chmod(0o555)
    shell("open", photos)

    assert runs[0]["folder"] != photos


def test_a_project_elsewhere_is_used_when_the_folder_refuses(
    shell: Shell, photos: Path, runs: list[dict[str, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_editor.cli.places.os.access", lambda path, mode: False)
    result = shell("open", photos)

    assert Path(str(runs[0]["folder"])).parent == tmp_path / "home" / "data" / "tui-editor" / "opened"
    assert str(runs[0]["folder"]) in result.err
    assert not (photos / ".tui-editor").exists()


def test_a_file_gets_a_project_in_the_users_data_and_keeps_it(
    shell: Shell, hostile: Path, runs: list[dict[str, object]], tmp_path: Path
) -> None:
    first = shell("open", hostile)
    again = shell("open", hostile)
    folder = Path(str(runs[0]["folder"]))

    assert folder.parent == tmp_path / "home" / "data" / "tui-editor" / "opened"
    assert runs[1]["folder"] == folder
    assert f"the project is kept in {folder}" in first.err
    assert f"the project made earlier for it, in {folder}" in again.err


def test_a_data_set_that_cannot_be_read_leaves_no_project(
    shell: Shell, tmp_path: Path, runs: list[dict[str, object]]
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"images": [{"id": 1, "file_name": "a.png"}], "annotations": [{"id": ')
    result = shell("open", broken)

    assert result.code == 3
    assert runs == []
    assert list((tmp_path / "home").rglob("project.db")) == []


def test_a_data_set_opens_in_the_project_that_is_named(
    shell: Shell, photos: Path, runs: list[dict[str, object]], tmp_path: Path
) -> None:
    shell("init", "mine")
    shell("--project", "mine", "open", photos)

    assert runs[0]["folder"] == tmp_path / "here" / "mine"
    assert not (photos / ".tui-editor").exists()
    assert shell("--project", "mine", "open", photos).code == 0


def test_a_named_project_is_not_opened_instead_of_other_data(
    shell: Shell, photos: Path, demo: Path, runs: list[dict[str, object]]
) -> None:
    result = shell("--project", demo, "open", photos)

    assert result.code == 2
    assert "the project Demo has other data (add more with `tui-editor import`)" in result.err
    assert runs == []


def test_a_folder_whose_first_import_was_cut_off_is_read_again(
    shell: Shell, photos: Path, runs: list[dict[str, object]]
) -> None:
    shell("init", photos)
    shell("open", photos)

    assert runs[0]["folder"] == photos
    with open_project(photos) as project:
        assert [row.frame_count for row in project.tasks()] == [2]


def test_a_command_that_looks_changes_no_named_project(shell: Shell, photos: Path, tmp_path: Path) -> None:
    shell("init", "mine")

    assert shell("check", photos, "--project", "mine").code == 0
    assert shell("tasks", "--project", "mine", "--json").json == []


def test_a_project_without_tasks_says_what_to_do(shell: Shell, runs: list[dict[str, object]]) -> None:
    shell("init")
    result = shell("open", ".")

    assert result.code == 2
    assert "tui-editor import" in result.err


def test_without_a_terminal_open_tells_checks_and_draws(shell: Shell, demo: Path) -> None:
    from PIL import Image

    result = shell("open", ".", "--task", "1", "--frame", "200")
    picture = Path(result.out.strip())

    assert result.code == 0
    assert "this would open project Demo (7 tasks), task Street, summer morning" in result.err
    assert "frame 200" in result.err
    assert "error G03" in result.err
    assert "checks: 3 errors" in result.err
    assert picture.parent.name == ".tui-editor"
    assert Image.open(picture).size == (640, 360)


def test_without_a_terminal_a_missing_picture_is_told(shell: Shell, photos: Path) -> None:
    shell("open", photos)
    (photos / "a.png").unlink()
    result = shell("open", photos)

    assert (result.code, result.out) == (0, "")
    assert "no picture: " in result.err
    assert "error M01" in result.err


def test_demo_makes_its_project_once(
    shell: Shell, demo_template: Path, runs: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []
    monkeypatch.setattr("tui_editor.api.demo.build.build_demo", built.append)
    result = shell("demo", "--folder", demo_template, "--graphics", "cells")

    assert (result.code, built) == (0, [demo_template])
    assert runs[0]["folder"] == demo_template
    assert runs[0]["graphics"] == "cells"


def test_demo_without_a_terminal_ends_well(shell: Shell, demo: Path) -> None:
    result = shell("demo", "--folder", demo)

    assert result.code == 0
    assert Path(result.out.strip()).is_file()
    assert "checks: 3 errors" in result.err


def test_pictures_are_read_where_they_lie(shell: Shell, tmp_path: Path, runs: list[dict[str, object]]) -> None:
    folder = make_photos(tmp_path / "p", {"a.png": (8, 8)})
    shell("open", folder / "a.png")
    with open_project(Path(str(runs[0]["folder"]))) as project:
        (root,) = project.roots().values()

    assert root == folder
