from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.formats.coco.files import MIXED, write_json
from tests.formats.contract import load_json, project_of, read_all
from tests.support.data import shared_data
from tui_editor.formats.coco import FORMAT
from tui_editor.ports import ExportReport, ImportOptions

if TYPE_CHECKING:
    from pathlib import Path


def round_trip(source_path: Path, target: Path, group: str = "") -> tuple[Any, ExportReport]:
    """Return what is written of a file that was read and not touched."""
    source, tasks = read_all(FORMAT, source_path, ImportOptions(group=group))
    report = FORMAT.write(project_of(source), tasks, target)
    return load_json(target), report


REAL = ("coco/instances.json", "coco_keypoints/test_coco.json", "coco_keypoints/test_coco_wholebody.json")


@pytest.mark.parametrize("name", [*REAL, "lvis/lvis_subset.json"])
@pytest.mark.parametrize("group", ["", "all", "3", "folder"])
def test_an_untouched_real_file_is_written_with_equal_values_in_order(tmp_path: Path, name: str, group: str) -> None:
    path = shared_data(name)
    written, report = round_trip(path, tmp_path / "out.json", group)
    assert load_json(path) == written
    assert report.losses == ()


@pytest.mark.parametrize("group", ["", "all"])
def test_an_untouched_odd_file_is_written_with_equal_values_in_order(tmp_path: Path, group: str) -> None:
    path = write_json(tmp_path / "in.json", MIXED)
    written, report = round_trip(path, tmp_path / "out.json", group)
    assert written == MIXED
    assert report.losses == ()
