"""Groups of pictures: each has a size of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tui_editor.api.importing import probed
from tui_editor.errors import MediaError
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import UnitId

if TYPE_CHECKING:
    from pathlib import Path


def group(folder: Path, pictures: dict[str, tuple[int, int] | None]) -> Unit:
    for name, size in pictures.items():
        if size is None:
            (folder / name).write_bytes(b"no picture")
        else:
            Image.new("L", size).save(folder / name)
    unit = Unit(
        id=UnitId(1),
        kind=UnitKind.IMAGE_GROUP,
        title="group",
        media=MediaRef(root="data", paths=tuple(pictures)),
        frame_count=0,
        width=0,
        height=0,
    )
    return probed(unit, {"data": folder})


def test_each_picture_of_a_group_keeps_its_size(tmp_path: Path) -> None:
    unit = group(tmp_path, {"a.png": (4, 3), "b.png": (5, 9)})

    assert (unit.frame_count, unit.size(0), unit.size(1)) == (2, (4, 3), (5, 9))


def test_a_group_of_one_size_needs_no_list(tmp_path: Path) -> None:
    unit = group(tmp_path, {"a.png": (4, 3), "b.png": (4, 3)})

    assert (unit.width, unit.height, unit.frame_sizes) == (4, 3, ())


def test_a_bad_picture_spoils_only_itself(tmp_path: Path) -> None:
    unit = group(tmp_path, {"a.png": None, "b.png": (4, 3), "c.png": (5, 9)})

    assert unit.frame_count == 3
    assert [unit.size(index) for index in (1, 2)] == [(4, 3), (5, 9)]


def test_a_group_without_a_good_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        group(tmp_path, {"a.png": None, "b.png": None})
