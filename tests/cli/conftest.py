"""A shell for tests: runs the command line in this process, in folders of its own."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.cli.support import HOSTILE, Result, Shell, make_photos

from tui_editor.api.demo.build import build_demo
from tui_editor.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    """Runs a command in an empty folder, with the user's folders beside it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    def run(*words: object) -> Result:
        capfd.readouterr()
        code = main([str(word) for word in words])
        captured = capfd.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    build_demo(folder)
    return folder


@pytest.fixture
def demo(demo_template: Path, tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demo project of the test's own; the current folder."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_template, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with two pictures, 40×30 and 20×50 pixels."""
    return make_photos(tmp_path / "photos", {"a.png": (40, 30), "b.png": (20, 50)})


@pytest.fixture
def hostile(photos: Path) -> Path:
    """A COCO file whose class and picture carry a hostile name."""
    annotation = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [-9, 2, 20, 10], "area": 200, "iscrowd": 0}
    document = {
        "images": [{"id": 1, "file_name": "a.png", "width": 40, "height": 30}],
        "categories": [{"id": 1, "name": HOSTILE}],
        "annotations": [annotation],
    }
    path = photos / "labels.json"
    path.write_text(json.dumps(document))
    return path
