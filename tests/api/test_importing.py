"""Bringing data in: what a medium that can't be opened does to an import."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tui_editor.api import create_project
from tui_editor.api.importing import import_ids
from tui_editor.errors import MediaCorrupt
from tui_editor.ports import ImportOptions

if TYPE_CHECKING:
    from pathlib import Path


def test_a_single_medium_that_cant_be_opened_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    with create_project(tmp_path / "p", person="tester") as project:
        with pytest.raises(MediaCorrupt):
            project.import_data(tmp_path / "a.png")

        assert list(project.tasks()) == []


def test_a_folder_keeps_its_good_media_beside_one_that_cant_be_opened(tmp_path: Path) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(bytes(100))
    Image.fromarray(np.zeros((4, 6), np.uint8)).save(folder / "b.png")
    with create_project(tmp_path / "p", person="tester") as project:
        report = project.import_data(folder)

        assert (report.tasks, [loss.what for loss in report.losses]) == (2, ["the medium can't be opened"])


def test_shuffled_ids_are_each_used_once_in_an_order_of_their_own() -> None:
    plain, first, second = (list(islice(import_ids(shuffled=each), 5000)) for each in (False, True, True))
    assert plain == sorted(plain)
    for ids in (first, second):
        assert len(set(ids)) == 5000
        assert all(0 < each < 1 << 63 for each in ids)
        rising = sum(a < b for a, b in pairwise(ids))
        assert 2250 < rising < 2750, "as often up as down"
    assert [a < b for a, b in pairwise(first)] != [a < b for a, b in pairwise(second)]


def test_a_data_set_that_is_only_opened_keeps_its_order(tmp_path: Path) -> None:
    names = [f"{number:02}.png" for number in range(12)]
    for name in names:
        Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / name)
    with create_project(tmp_path / "p", person="tester") as project:
        project.import_data(tmp_path, options=ImportOptions(group="1"), in_order=True)
        assert [row.title for row in project.tasks()] == names
