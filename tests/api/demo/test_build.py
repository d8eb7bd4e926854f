from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui_editor.api.demo import build
from tui_editor.api.demo.build import build_demo, photo_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui_editor.model.project import Project
    from tui_editor.ports import ImportedTask

Kept = list[tuple["Project", "Sequence[ImportedTask]"]]


@pytest.fixture
def quick_video(monkeypatch: pytest.MonkeyPatch) -> None:
    """The video itself has a test of its own."""
    monkeypatch.setattr(build, "write_video", lambda path: path.write_bytes(b"film"))


def kept_from(folder: Path) -> Kept:
    kept: Kept = []
    build_demo(folder, lambda _, project, tasks: kept.append((project, tasks)))
    return kept


@pytest.mark.usefixtures("quick_video")
def test_every_file_that_a_task_names_is_in_the_folder(tmp_path: Path) -> None:
    ((project, tasks),) = kept_from(tmp_path / "demo")
    for unit in (u for t in tasks for u in t.task.units):
        root = tmp_path / "demo" / project.roots[unit.media.root]
        assert all((root / p).is_file() for p in unit.media.paths)
        size = (root / unit.media.paths[0]).stat().st_size
        assert unit.media.fingerprint.startswith(f"{size}:")


@pytest.mark.usefixtures("quick_video")
def test_a_second_build_leaves_the_media_as_they_are(tmp_path: Path) -> None:
    kept_from(tmp_path)
    (tmp_path / "media" / "street.mp4").write_bytes(b"mine")
    kept_from(tmp_path)
    assert (tmp_path / "media" / "street.mp4").read_bytes() == b"mine"
    assert sorted(p.name for p in (tmp_path / "media").iterdir()) == ["photos", "street.mp4"]


@pytest.mark.usefixtures("quick_video")
def test_the_photographs_have_the_sizes_that_their_tasks_say(tmp_path: Path) -> None:
    from PIL import Image

    ((_, tasks),) = kept_from(tmp_path)
    for unit in (u for t in tasks for u in t.task.units if u.kind != "video"):
        for index, path in enumerate(unit.media.paths):
            with Image.open(tmp_path / "media" / path) as picture:
                assert unit.size(index) == picture.size


def test_the_photographs_origins_are_written_down() -> None:
    sources = (photo_folder().parents[1] / "SOURCES.md").read_text(encoding="utf-8")
    assert all(f"fixtures/demo/photos/{p.name}" in sources for p in photo_folder().iterdir())


def test_the_photographs_are_small() -> None:
    sizes = [p.stat().st_size for p in photo_folder().iterdir()]
    assert len(sizes) == 8
    assert max(sizes) < 500_000
    assert sum(sizes) < 3_000_000
