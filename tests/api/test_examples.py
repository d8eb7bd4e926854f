"""The examples run."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tui_editor import open_project

if TYPE_CHECKING:
    import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_folder_is_labelled_reviewed_by_keys_and_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures, folder, target = tmp_path / "pictures", tmp_path / "project", tmp_path / "out.json"
    pictures.mkdir()
    folder.mkdir()
    for number in range(8):
        noise = np.random.default_rng(number).integers(0, 255, (120, 160, 3), np.uint8)
        Image.fromarray(noise).save(pictures / f"{number}.png")
    monkeypatch.setattr(sys, "argv", ["review_a_folder.py", str(pictures), str(folder), str(target)])
    runpy.run_path(str(EXAMPLES / "review_a_folder.py"), run_name="__main__")

    assert f"2 labels of 1 tasks in {target}\n" == capsys.readouterr().out
    boxes = [annotation["bbox"] for annotation in json.loads(target.read_text())["annotations"]]
    assert boxes == [[10, 6, 40, 30], [8, 6, 40, 30]]
    with open_project(folder) as project:
        (row,) = project.tasks()
        assert (row.stage, row.state, row.label_count, row.issue_count) == ("complete", "completed", 2, 0)
        (issue,) = project.read(row.id).document.issues.values()
        assert [c.text for c in issue.comments] == ["is there a sign behind the tree?", "no, a bird"]
