"""What `checks.toml` says of the data: classes, masks that cover everything, splits; and thresholds of every rule."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.support import Shell

FULL = [[0, 0, 40, 0, 40, 30, 0, 30]]
LEFT = [[0, 0, 20, 0, 20, 30, 0, 30]]


def data_set(folder: Path, *rows: dict[str, Any], name: str = "labels.json", file: str = "a.png") -> Path:
    """Write a COCO file of one picture with a car or a bus for each row."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30)).save(folder / file)
    (folder / name).write_text(
        json.dumps(
            {
                "images": [{"id": 1, "file_name": file, "width": 40, "height": 30}],
                "categories": [{"id": 1, "name": "Car"}, {"id": 2, "name": "bus"}],
                "annotations": [{"id": n, "image_id": 1, "category_id": 1, **row} for n, row in enumerate(rows, 1)],
            }
        )
    )
    return folder / name


def rules(shell: Shell, *arguments: object) -> list[str]:
    """The rules that find something."""
    return [finding["rule"] for finding in shell("check", *arguments, "--format", "json").json]


@pytest.mark.parametrize("pixels", ["--pixels", "--no-pixels"])
def test_a_class_that_shares_its_place_with_none_is_held_to_it(shell: Shell, tmp_path: Path, pixels: str) -> None:
    labels = data_set(tmp_path / "data", {"bbox": [1, 1, 20, 20]}, {"bbox": [1, 1, 20, 20], "category_id": 2})
    assert rules(shell, labels, "--select", "D03", pixels) == []

    (tmp_path / "data" / "checks.toml").write_text("[classes.car]\nexclusive = true\n")

    assert rules(shell, labels, "--select", "D03", pixels) == ["D03"]


@pytest.mark.parametrize(
    ("limit", "found"), [("max_per_frame = 1", 1), ("max_per_frame = 2", 0), ("min_per_frame = 3", 1)]
)
def test_a_frame_holds_as_many_of_a_class_as_the_settings_allow(
    shell: Shell, tmp_path: Path, limit: str, found: int
) -> None:
    labels = data_set(tmp_path / "data", {"bbox": [1, 1, 5, 5]}, {"bbox": [20, 1, 5, 5]})
    (tmp_path / "data" / "checks.toml").write_text(f"[classes.Car]\n{limit}\n")

    assert rules(shell, labels, "--select", "O08") == ["O08"] * found


@pytest.mark.parametrize(
    ("shapes", "found"), [((FULL,), 0), ((LEFT,), 1), ((FULL, LEFT), 1)], ids=["once", "a hole", "twice"]
)
def test_where_masks_cover_everything_each_pixel_has_one(
    shell: Shell, tmp_path: Path, shapes: tuple[Any, ...], found: int
) -> None:
    labels = data_set(tmp_path / "data", *({"segmentation": s, "bbox": [0, 0, 40, 30]} for s in shapes))
    assert rules(shell, labels, "--select", "D05") == []

    (tmp_path / "data" / "checks.toml").write_text("panoptic = true\n")

    assert rules(shell, labels, "--select", "D05") == ["D05"] * found


def test_a_project_is_held_to_the_same_settings(shell: Shell, tmp_path: Path) -> None:
    labels = data_set(tmp_path / "data", {"bbox": [1, 1, 20, 20]}, {"bbox": [1, 1, 20, 20], "category_id": 2})
    project = tmp_path / "project"
    shell("init", project)
    shell("import", labels, "--project", project)
    (project / "checks.toml").write_text("[classes.bus]\nexclusive = true\nmax_per_frame = 0\n")

    assert rules(shell, project, "--select", "D03,O08") == ["D03", "O08"]


def test_files_named_for_splits_must_not_share_a_picture(shell: Shell, tmp_path: Path) -> None:
    train = data_set(tmp_path / "data", {"bbox": [1, 1, 20, 20]}, name="train.json")
    val = data_set(tmp_path / "data", {"bbox": [1, 1, 20, 20]}, name="instances_val2017.json")
    other = data_set(tmp_path / "other", {"bbox": [1, 1, 20, 20]}, name="val.json")
    one, two = (data_set(tmp_path / "data", {"bbox": [1, 1, 20, 20]}, name=f"{who}.json") for who in ("ada", "bo"))

    assert rules(shell, train, val, "--select", "L") == ["L01"]
    assert rules(shell, train, other, "--select", "L") == [], "another picture of that name"
    assert rules(shell, one, two, "--select", "L") == [], "two people's labels are no splits"


def test_patterns_tell_the_split_of_a_task(shell: Shell, tmp_path: Path) -> None:
    here, there = (data_set(tmp_path / n, {"bbox": [1, 1, 20, 20]}, file=f"p7_{n}.png") for n in ("one", "two"))
    settings = tmp_path / "settings.toml"
    settings.write_text('[splits]\ntrain = ["*_one.png"]\nval = ["*_two.png"]\n\n[rules.L03]\nleast_instances = 1\n')
    (there.parent / there.name).write_text(there.read_text().replace('"category_id": 1', '"category_id": 2'))

    found = shell("check", here, there, "--select", "L", "--config", settings, "--format", "json").json

    assert [f["message"] for f in found] == ["train has no bus", "val has no Car"]


@pytest.mark.parametrize("pixels", ["--pixels", "--no-pixels"])
def test_thresholds_count_for_rules_that_look_at_whole_tasks(shell: Shell, tmp_path: Path, pixels: str) -> None:
    labels = data_set(tmp_path / "data", {"bbox": [0, 0, 20, 20]}, {"bbox": [0, 0, 20, 15], "category_id": 2})
    (tmp_path / "data" / "checks.toml").write_text("[classes.car]\nexclusive = true\n\n[rules.D03]\niou = 0.7\n")

    assert rules(shell, labels, "--select", "D03", pixels) == ["D03"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('panoptic = "yes"', "panoptic is true or false"),
        ("classes = 1", "classes are tables by name"),
        ("[classes.car]\nexclusive = 1", "the class car can't have exclusive = 1"),
        ("[classes.car]\nmax_per_frame = -1", "the class car can't have max_per_frame = -1"),
        ("[classes.car]\nmost = 1", "the class car can't have most = 1"),
        ("splits = []", "splits are lists of patterns by name"),
        ('[splits]\ntrain = "a"', "the split train is no list of patterns"),
    ],
)
def test_what_can_t_be_said_is_told(shell: Shell, tmp_path: Path, text: str, said: str) -> None:
    labels = data_set(tmp_path / "data")
    (tmp_path / "data" / "checks.toml").write_text(text)

    result = shell("check", labels)

    assert result.code != 0
    assert said in result.err


@pytest.mark.parametrize("options", [["--pixels"], ["--no-pixels"], ["--no-pixels", "--jobs", "2"]])
def test_a_class_that_the_data_lack_is_told_with_its_line(shell: Shell, tmp_path: Path, options: list[str]) -> None:
    labels = data_set(tmp_path / "data", {"bbox": [1, 1, 20, 20]})
    settings = tmp_path / "data" / "checks.toml"
    settings.write_text('[classes.CAR]\nexclusive = true\n\n[classes."tra\u202effic"]\nexclusive = true\n')
    result = shell("check", labels, "--select", "D03", *options)

    told = f"warning: {settings}:4: the data have no class tra⟨U+202E⟩ffic: what is said of it does nothing"
    assert (result.code, [line for line in result.err.splitlines() if "warning:" in line]) == (0, [told])


def test_a_class_is_looked_for_in_all_data_sets_and_in_a_project(shell: Shell, tmp_path: Path) -> None:
    one, two = (data_set(tmp_path / "here", {"bbox": [1, 1, 5, 5]}, name=name) for name in ("a.json", "b.json"))
    (tmp_path / "here" / "checks.toml").write_text(
        "[classes.bus]\nexclusive = true\n[classes.tram]\nexclusive = true\n"
    )
    shell("init")
    shell("import", one)

    for arguments in ([one, two], []):
        err = shell("check", *arguments, "--no-pixels").err
        assert (err.count("warning:"), "checks.toml:3: the data have no class tram" in err) == (1, True)
