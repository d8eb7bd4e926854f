from __future__ import annotations

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.formats.contract import FormatContract, read_all
from tests.support.data import shared_data
from tui_editor.errors import FormatError, FormatUnknown, UsageError
from tui_editor.formats.bare import FORMAT, natural_key
from tui_editor.model.frames import UnitKind
from tui_editor.model.ids import ProjectId
from tui_editor.model.project import Project
from tui_editor.ports import ImportOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff\xe0"


def folder(path: Path, *names: str) -> Path:
    """Return a folder with files whose names are what matters."""
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(b"")
    return path


def units(path: Path, group: str = "") -> list[tuple[UnitKind, int, tuple[str, ...]]]:
    _, tasks = read_all(FORMAT, path, ImportOptions(group=group))
    return [(u.kind, u.frame_count, u.media.paths) for t in tasks for u in t.task.units]


class TestContract(FormatContract):
    fmt = FORMAT

    def samples(self, tmp_path: Path) -> Iterable[Path]:
        yield shared_data("coco", "images")
        yield shared_data("coco", "images", "000000000030.jpg")
        yield shared_data("video", "bikes.mp4")
        yield folder(tmp_path / "mixed", "b.jpg", "a.png", "clip.mp4", "notes.txt")


def test_a_folder_of_numbered_images_is_one_sequence_in_natural_order(tmp_path: Path) -> None:
    path = folder(tmp_path, "f10.png", "f9.png", "f1.png")
    assert units(path) == [(UnitKind.IMAGE_SEQUENCE, 3, ("f1.png", "f9.png", "f10.png"))]


def test_a_folder_of_other_names_is_one_group(tmp_path: Path) -> None:
    assert units(folder(tmp_path, "cat.png", "dog.png")) == [(UnitKind.IMAGE_GROUP, 2, ("cat.png", "dog.png"))]


def test_each_video_is_a_task_and_its_frames_are_not_counted_yet(tmp_path: Path) -> None:
    path = folder(tmp_path, "b.mkv", "a.mp4", "x.jpg", "readme.md", ".hidden.jpg")
    assert units(path) == [
        (UnitKind.IMAGE, 1, ("x.jpg",)),
        (UnitKind.VIDEO, 0, ("a.mp4",)),
        (UnitKind.VIDEO, 0, ("b.mkv",)),
    ]


def test_a_picture_that_may_be_animated_is_not_counted_yet(tmp_path: Path) -> None:
    assert units(folder(tmp_path, "a.gif") / "a.gif") == [(UnitKind.IMAGE, 0, ("a.gif",))]


@pytest.mark.parametrize(
    ("group", "sizes"), [("", [5]), ("all", [5]), ("2", [2, 2, 1]), ("1", [1, 1, 1, 1, 1]), ("folder", [3, 2])]
)
def test_groups_decide_how_many_images_make_a_task(tmp_path: Path, group: str, sizes: list[int]) -> None:
    path = folder(tmp_path, "a/1.jpg", "a/2.jpg", "a/3.jpg", "b/1.jpg", "b/2.jpg")
    assert sizes == [len(paths) for _, _, paths in units(path, group)]


def test_folders_in_a_folder_without_media_are_looked_into(tmp_path: Path) -> None:
    found = units(folder(tmp_path, "s10/1.jpg", "s2/1.jpg", "labels.json"))
    assert [paths for _, _, paths in found] == [("s2/1.jpg", "s10/1.jpg")]


def test_an_unknown_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        units(folder(tmp_path, "a.jpg"), "some")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (JPEG, UnitKind.IMAGE),
        (PNG, UnitKind.IMAGE),
        (b"RIFF\0\0\0\0WEBP", UnitKind.IMAGE),
        (b"RIFF\0\0\0\0AVI ", UnitKind.VIDEO),
        (b"\0\0\0\x20ftypisom", UnitKind.VIDEO),
        (b"\0\0\0\x20ftypavif", UnitKind.IMAGE),
    ],
)
def test_a_file_without_an_extension_is_recognised_by_its_bytes(tmp_path: Path, head: bytes, kind: UnitKind) -> None:
    path = tmp_path / "file"
    path.write_bytes(head + bytes(100))
    assert [kind] == [found for found, _, _ in units(path)]
    assert FORMAT.detect(path).confidence >= 0.5


@pytest.mark.parametrize("make", ["text", "empty folder", "nothing"])
def test_what_holds_no_media_is_refused(tmp_path: Path, make: str) -> None:
    path = tmp_path / "x"
    if make == "text":
        path.write_text("words")
    elif make == "empty folder":
        path.mkdir()
    assert FORMAT.detect(path).confidence == 0
    with pytest.raises(FormatUnknown):
        read_all(FORMAT, path)


def test_a_name_that_is_not_utf_8_is_left_out_and_said(tmp_path: Path) -> None:
    try:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.jpg"))).write_bytes(JPEG)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    source, tasks = read_all(FORMAT, folder(tmp_path, "good.jpg"))
    assert [t.task.title for t in tasks] == ["good.jpg"]
    assert [(loss.what, loss.where) for loss in source.losses()] == [("file name that is not UTF-8", "bad\ufffd.jpg")]


def test_ten_thousand_files_are_listed_in_natural_order_and_not_opened(tmp_path: Path) -> None:
    names = [f"{n}.jpg" for n in range(10_000)]
    for name in names:
        os.mkfifo(tmp_path / name) if name == "77.jpg" else os.close(os.open(tmp_path / name, os.O_CREAT))
    ((_, count, paths),) = units(tmp_path)
    assert (count, list(paths)) == (9_999, [n for n in names if n != "77.jpg"])


def test_natural_order_is_a_total_order() -> None:
    names = ["a1", "a01", "a2", "a10", "b", "1", "02", "²", "٣", "a٢", "A", ""]
    shuffled = random.Random(1).sample(names, len(names))
    assert sorted(names, key=natural_key) == sorted(shuffled, key=natural_key)


def test_media_hold_no_labels_to_write(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        FORMAT.write(Project(id=ProjectId(1), name="p"), [], tmp_path / "x")
    assert list(tmp_path.iterdir()) == []
