"""Finding and making projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.storage.samples import project
from tui_editor.errors import StoreError, StoreMissing
from tui_editor.storage.locate import create_store, find_project, open_store, store_file

if TYPE_CHECKING:
    from pathlib import Path


def test_a_project_is_found_from_a_folder_below(tmp_path: Path) -> None:
    create_store(tmp_path, project()).close()
    below = tmp_path / "images" / "day 1"
    below.mkdir(parents=True)

    assert tmp_path.resolve() == find_project(below)
    assert tmp_path.resolve() == find_project(tmp_path)


def test_the_nearest_project_wins(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    for folder in (tmp_path, inner):
        create_store(folder, project()).close()

    assert inner.resolve() == find_project(inner)


def test_without_a_project_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="init"):
        find_project(tmp_path)
    with pytest.raises(StoreMissing, match="init"):
        open_store(tmp_path)


def test_a_made_project_opens(tmp_path: Path) -> None:
    create_store(tmp_path / "new" / "one", project()).close()

    store = open_store(tmp_path / "new" / "one")

    assert project().name == store.project().name
    assert store_file(tmp_path / "new" / "one") == store.path
    store.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(StoreError, match="can't be made"):
        create_store(tmp_path / "file", project())
