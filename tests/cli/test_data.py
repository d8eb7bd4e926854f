"""init, import, export, formats, tasks: data in and out of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.support import HOSTILE, Shell, make_photos

if TYPE_CHECKING:
    from pathlib import Path


def test_init_makes_a_project_and_prints_its_folder(shell: Shell, tmp_path: Path) -> None:
    result = shell("init", "street", "--name", "Street scenes")

    assert (result.code, result.out) == (0, f"{tmp_path / 'here' / 'street'}\n")
    assert shell("doctor", "--project", "street", "--json").json[-1] == {
        "name": "project",
        "value": "Street scenes",
        "why": str(tmp_path / "here" / "street"),
    }


def test_init_makes_the_project_where_project_says(shell: Shell, tmp_path: Path) -> None:
    shell("--project", "other", "init")

    assert (tmp_path / "here" / "other" / ".tui-editor").is_dir()


def test_init_refuses_a_second_project(shell: Shell) -> None:
    shell("init")

    assert shell("init").code == 4


def test_commands_need_a_project(shell: Shell) -> None:
    result = shell("tasks")

    assert (result.code, result.out) == (2, "")
    assert "tui-editor init" in result.err


def test_import_tells_what_came(shell: Shell, photos: Path) -> None:
    shell("init")
    result = shell("import", photos, "--json")

    assert result.code == 0
    assert result.json == {"format": "media", "tasks": 1, "labels": 0, "losses": []}
    assert "imported 1 task with 0 labels (media)" in result.err
    assert shell("tasks", "--json").json[0]["frames"] == 2


def test_import_groups_as_asked_and_tasks_of_one_priority_stand_in_a_random_order(shell: Shell, tmp_path: Path) -> None:
    names = [f"{number}.png" for number in range(20)]
    folder = make_photos(tmp_path / "many", dict.fromkeys(names, (4, 4)))
    shell("init")
    shell("import", folder, "--group", "1")

    listed = [task["title"] for task in shell("tasks", "--json").json]
    assert sorted(listed) == sorted(names)
    assert listed not in (names, sorted(names))
    assert [task["title"] for task in shell("tasks", "--sort", "title", "--json").json] == sorted(names)


@pytest.mark.parametrize("words", [["nothing.json"], ["--format", "nonsense", "."], ["--group", "odd", "."]])
def test_import_refuses_what_it_cannot_read(shell: Shell, photos: Path, words: list[str]) -> None:
    shell("init")
    result = shell("import", *words)

    assert result.code in {2, 3}
    assert result.err.startswith("tui-editor: ")
    assert shell("tasks", "--json").json == []


def test_a_file_of_no_kind_names_the_formats(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "here" / "x.txt").write_text("hello")
    shell("init")
    result = shell("import", "x.txt")

    assert result.code == 3
    assert "--format: coco, encord, media, mot" in result.err


def test_coco_goes_round_without_difference(shell: Shell, hostile: Path, tmp_path: Path) -> None:
    shell("init")
    shell("import", hostile)
    result = shell("export", "out.json", "--format", "coco")

    assert (result.code, result.out) == (0, "out.json\n")
    assert "read back: equal" in result.err
    assert shell("export", "again.json", "--format", "coco", "--json").json["differences"] == []


def test_a_lossy_export_is_reported_and_fails(shell: Shell, demo: Path) -> None:
    result = shell("export", "out.json", "--format", "coco", "--json")

    assert result.code == 1
    assert {"polyline label", "rotated box (written as polygon)"} <= {loss["what"] for loss in result.json["losses"]}
    assert result.json["differences"]


def test_a_lossy_export_can_be_forbidden(shell: Shell, demo: Path) -> None:
    result = shell("export", "out.json", "--format", "coco", "--no-lossy")

    assert result.code == 1
    assert "export with --allow-lossy" in result.err
    assert not (demo / "out.json").exists()


def test_media_cannot_be_written(shell: Shell, demo: Path) -> None:
    assert shell("export", "out", "--format", "media").code == 2


def test_formats_tells_which_can_be_written(shell: Shell) -> None:
    can = {f["name"]: f["can_export"] for f in shell("formats", "--json").json}

    assert can["coco"]
    assert can["encord"]
    assert not can["media"]
    assert "read and write" in shell("formats").out


def test_tasks_are_listed_by_priority_with_numbers(shell: Shell, demo: Path) -> None:
    rows = shell("tasks", "--json").json

    assert [row["number"] for row in rows] == list(range(1, 8))
    assert rows[0]["title"] == "Street, summer morning"
    assert shell("tasks").out.splitlines()[1].split("  ")[0] == "1"


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["--stage", "complete"], ["Cat, close up"]),
        (["--state", "skipped"], ["Eye, seen from behind"]),
        (["--text", "LAKE"], ["Pagoda by the lake"]),
        (["--assignee", "ada"], ["Coffee on a wooden table"]),
        (["--issues", "--stage", "review"], ["Street, summer morning"]),
        (["--stage", "nowhere"], []),
    ],
)
def test_tasks_are_filtered(shell: Shell, demo: Path, words: list[str], titles: list[str]) -> None:
    rows = shell("tasks", "--json", *words).json

    assert [row["title"] for row in rows] == titles
    assert {row["number"] for row in rows} <= {None}


def test_a_hostile_name_is_harmless_wherever_it_is_told(shell: Shell, hostile: Path) -> None:
    shell("init")
    said = [
        shell("import", hostile),
        shell("tasks"),
        shell("tasks", "--json"),
        shell("check"),
        shell("check", "--format", "json"),
        shell("show", "."),
        shell("export", "out.json", "--format", "coco", "--json"),
        shell("open", "."),
        shell("check", hostile),
    ]
    told = "".join(result.out + result.err for result in said)

    assert [c for c in "\x1b\x07\u202e\x9b" if c in told] == []
    assert "Evil␛]52;c;cHduZWQ=␇⟨U+202E⟩gnp⟨9B⟩2J[@click=app.quit]x[/]" in told
    assert HOSTILE not in told
