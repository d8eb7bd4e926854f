from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tui_editor.api.demo import build
from tui_editor.api.demo.build import build_demo, demo_project, photo_folder
from tui_editor.api.demo.labels import demo_tasks
from tui_editor.model.frames import UnitKind
from tui_editor.model.project import TaskQuery
from tui_editor.storage.locate import create_store, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.frames import Unit


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the demo in it; the video itself has a test of its own."""
    monkeypatch.setattr(build, "write_video", lambda path: path.write_bytes(b"film"))
    build_demo(tmp_path / "demo")
    return tmp_path / "demo"


def units(folder: Path) -> list[Unit]:
    with closing(open_store(folder)) as store:
        return [u for row in store.tasks(TaskQuery()) for u in store.task(row.id).units]


def test_the_store_gives_back_every_task_as_it_was_built(folder: Path) -> None:
    with closing(open_store(folder)) as store:
        assert [t.task.title for t in demo_tasks()] == [row.title for row in store.tasks(TaskQuery())]
        assert demo_project().ontology.all() == store.project().ontology.all()
        for one in demo_tasks():
            assert one.document.same(store.open(one.task.id).document)


def test_every_file_that_a_task_names_is_in_the_folder(folder: Path) -> None:
    for unit in units(folder):
        root = folder / demo_project().roots[unit.media.root]
        assert all((root / p).is_file() for p in unit.media.paths)
        size = (root / unit.media.paths[0]).stat().st_size
        assert unit.media.fingerprint.startswith(f"{size}:")


def test_a_second_build_leaves_the_demo_as_it_is(folder: Path) -> None:
    (folder / "media" / "street.mp4").write_bytes(b"mine")
    build_demo(folder)
    assert (folder / "media" / "street.mp4").read_bytes() == b"mine"
    assert sorted(p.name for p in (folder / "media").iterdir()) == ["photos", "street.mp4"]
    assert len(demo_tasks()) == len(units(folder))


def test_a_build_that_was_cut_off_before_its_tasks_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "write_video", lambda path: path.write_bytes(b"film"))
    create_store(tmp_path, demo_project()).close()
    build_demo(tmp_path)
    assert len(demo_tasks()) == len(units(tmp_path))


def test_the_photographs_have_the_sizes_that_their_tasks_say(folder: Path) -> None:
    from PIL import Image

    for unit in units(folder):
        for index, path in enumerate(unit.media.paths if unit.kind != UnitKind.VIDEO else ()):
            with Image.open(folder / "media" / path) as picture:
                assert unit.size(index) == picture.size


def test_the_photographs_origins_are_written_down() -> None:
    sources = (photo_folder().parents[1] / "SOURCES.md").read_text(encoding="utf-8")
    assert all(f"fixtures/demo/photos/{p.name}" in sources for p in photo_folder().iterdir())


def test_the_photographs_are_small() -> None:
    sizes = [p.stat().st_size for p in photo_folder().iterdir()]
    assert len(sizes) == 8
    assert max(sizes) < 500_000
    assert sum(sizes) < 3_000_000
