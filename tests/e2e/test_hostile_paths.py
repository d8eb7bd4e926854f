"""Data sets whose paths lead elsewhere: nothing outside of the root, no pipe and no device is ever read."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.e2e.shell_runs import Run, run_all
from tests.e2e.test_hostile_files import CONTROL, TROUBLE
from tui_editor.api import create_project, open_project
from tui_editor.errors import FormatUnknown
from tui_editor.formats.encord.media_paths import MediaFinder

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

SECRET = 201
"""The grey of every pixel of the picture outside of the data set."""
NAMES = (
    "../../secret/secret.png",
    "<outside>/secret.png",  # absolute
    "//secret/secret.png",
    "link.png",
    "folder/secret.png",
    "circle.png",
    "pipe.png",
    "zero.png",
    "x" * 5000 + ".png",
    "a\0b.png",
    "",
    "..",
    "C:\\secret\\secret.png",
    "\\\\host\\secret.png",
    "file:///etc/passwd",
    "http://127.0.0.1:9/secret.png",
    "concat:good.png|good.png",
    "-i.png",
    "pipe:0",
)
"""Names of pictures in the labels: none of them may be read. `good.png` and a link within the data set may."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    images, outside = home / "set" / "images", home / "secret"
    images.mkdir(parents=True)
    outside.mkdir()
    Image.fromarray(np.full((20, 30, 3), SECRET, np.uint8)).save(outside / "secret.png")
    Image.fromarray(np.full((20, 30, 3), 99, np.uint8)).save(images / "good.png")
    (images / "inside.png").symlink_to("good.png")
    (images / "link.png").symlink_to(outside / "secret.png")
    (images / "folder").symlink_to(outside)
    (images / "circle.png").symlink_to("circle.png")
    (images / "zero.png").symlink_to("/dev/zero")
    os.mkfifo(images / "pipe.png")
    names = ["good.png", "inside.png", *(name.replace("<outside>", str(outside)) for name in NAMES)]
    (home / "set" / "labels.json").write_text(json.dumps(coco(names)))
    return home


def coco(names: list[str]) -> dict[str, object]:
    images = [{"id": n, "file_name": name, "width": 30, "height": 20} for n, name in enumerate(names)]
    boxes = [{"id": n, "image_id": n, "category_id": 1, "bbox": [1, 1, 5, 5]} for n in range(len(names))]
    return {"images": images, "annotations": boxes, "categories": [{"id": 1, "name": "thing"}]}


@pytest.fixture(scope="module")
def runs(home: Path) -> list[Run]:
    project = ["--project", str(home / "p")]
    tasks = range(1, len(NAMES) + 3)
    return run_all(
        [
            ["init", str(home / "p")],
            ["import", str(home / "set" / "labels.json"), *project],
            ["check", str(home / "p"), "--format", "json"],
            ["verify", "--record", *project],
            ["export", str(home / "out.json"), "--format", "coco", *project],
            *(["render", str(home / "p"), "--task", str(n), "-o", str(home / f"{n}.png")] for n in tasks),
            *(["show", str(home / "p"), "--task", str(n), "--graphics", "cells"] for n in tasks),
            ["import", "/dev/zero", *project, "--format", "coco"],
            ["import", "/dev/zero", *project, "--format", "encord"],
            ["import", str(home / "set" / "images" / "pipe.png"), *project, "--format", "coco"],
            ["open", str(home / "set" / "images" / "pipe.png")],
            ["open", str(home / "set" / "images" / "circle.png")],
            ["open", str(home / "set" / "images" / "zero.png")],
            ["open", "/dev/null"],
        ],
        home,
    )


def test_what_leads_elsewhere_is_a_finding_and_the_rest_can_be_used(runs: list[Run]) -> None:
    check = runs[2]
    assert len(NAMES) == sum(f["rule"] == "M01" for f in json.loads(check.stdout))
    assert [run.code for run in runs[:5]] == [0, 0, 1, 1, 0]
    renders = [run.code for run in runs if run.argv[0] == "render"]
    assert (2, len(NAMES)) == (renders.count(0), renders.count(3))


def test_no_pixel_from_outside_reaches_a_picture(runs: list[Run], home: Path) -> None:
    written = [home / f"{n}.png" for n, run in enumerate([r for r in runs if r.argv[0] == "render"], 1) if not run.code]
    assert len(written) == 2
    for path in written:
        with Image.open(path) as picture:
            assert (SECRET,) * 3 not in set(picture.convert("RGB").get_flattened_data())


def test_pipes_and_devices_are_refused_at_once(runs: list[Run]) -> None:
    assert {3} == {run.code for run in runs[-7:]}
    assert [run.argv for run in runs if CONTROL.search(run.text) and run.argv[0] != "show"] == []
    assert [run.argv for run in runs if any(word in run.text for word in TROUBLE)] == []


def test_a_folder_with_a_pipe_a_device_and_links_opens_with_its_good_pictures(home: Path, tmp_path: Path) -> None:
    with create_project(tmp_path, person="tester") as project:
        report = project.import_data(home / "set" / "images")
        (row,) = project.tasks()
        (unit,) = project.read(row.id).task.units
        source = project.source(unit)

        assert unit.media.paths == ("good.png", "inside.png")
        assert [int(source.read(n).pixels.max()) for n in (0, 1)] == [99, 99]
        assert [(loss.what, loss.count) for loss in report.losses] == [("link that leads out of the folder", 1)]


def test_a_folder_that_holds_nothing_but_links_out_says_so(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(home / "secret" / "secret.png")
    with create_project(tmp_path / "p", person="tester") as project, pytest.raises(FormatUnknown, match="leads out"):
        project.import_data(tmp_path, "media")


def test_a_link_that_the_user_names_is_followed(home: Path, tmp_path: Path) -> None:
    with create_project(tmp_path, person="tester") as project:
        project.import_data(home / "set" / "images" / "link.png")
        (row,) = project.tasks()
        (unit,) = project.read(row.id).task.units
        assert project.source(unit).size(0) == (30, 20)


def test_the_sizes_of_pictures_outside_are_not_looked_up(home: Path) -> None:
    finder = MediaFinder(home / "set" / "images")
    names = ("good.png", "link.png", "folder/secret.png", "circle.png", "pipe.png", "zero.png")

    assert [(30, 20), *[None] * 5] == [finder.image_size(name) for name in names]


def test_the_store_holds_no_path_that_leaves_the_root(runs: list[Run], home: Path) -> None:
    assert runs
    with open_project(home / "p") as project:
        paths = [p for row in project.tasks() for u in project.read(row.id).task.units for p in u.media.paths]
    assert [p for p in paths if p.startswith("/") or ".." in p.split("/") or "\0" in p] == []
