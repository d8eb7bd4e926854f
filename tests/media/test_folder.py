from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.errors import MediaMissing
from tui_editor.media.folder import natural_key, natural_sorted, scan_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_numbers_in_names_sort_by_value() -> None:
    assert natural_sorted(["a1.png", "10.png", "2.png", "1.png"]) == ["1.png", "2.png", "10.png", "a1.png"]


@given(st.lists(st.from_regex(r"[ab]{0,2}[0-9]{1,4}[ab]{0,2}[0-9]{0,2}", fullmatch=True), unique=True))
def test_the_short_way_for_uniform_names_gives_the_same_order(names: list[str]) -> None:
    assert sorted(names, key=natural_key) == natural_sorted(names)


@given(st.lists(st.from_regex(r"x[0-9]{3}y", fullmatch=True), unique=True))
def test_numbers_of_one_width_sort_like_text(names: list[str]) -> None:
    assert sorted(names) == natural_sorted(names)


def test_superscript_digits_in_a_name_are_text() -> None:
    assert sorted(natural_sorted(["a².png", "a1.png"])) == ["a1.png", "a².png"]


def test_ten_thousand_files_are_listed_without_opening_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10_000):
        os.close(os.open(tmp_path / f"img{number}.jpg", os.O_CREAT, 0o000))  # empty and not readable
    (tmp_path / "clip.MP4").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".hidden.jpg").touch()

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("os.open", refuse)
    scan = scan_folder(tmp_path)
    assert tuple(f"img{number}.jpg" for number in range(10_000)) == scan.images
    assert scan.videos == ("clip.MP4",)
    assert scan.others == 1


def test_folders_below_are_listed_when_asked_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "b10").mkdir()
    (tmp_path / "b2").mkdir()
    for name in ("b10/x.png", "b2/x.png", "a.png"):
        (tmp_path / name).touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    assert scan_folder(tmp_path).images == ("a.png",)
    assert scan_folder(tmp_path, recursive=True).images == ("a.png", "b2/x.png", "b10/x.png")


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing, match="can't be listed"):
        scan_folder(tmp_path / "nothing")
