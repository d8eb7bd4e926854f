from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui_editor.errors import MediaMissing
from tui_editor.media.roots import paths_of
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import UnitId

if TYPE_CHECKING:
    from pathlib import Path


def _unit(*paths: str, root: str = "media") -> Unit:
    ref = MediaRef(root=root, paths=paths)
    return Unit(id=UnitId(1), kind=UnitKind.IMAGE, title="u", media=ref, frame_count=1, width=1, height=1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret.png").touch()
    inside = tmp_path / "data"
    (inside / "sub").mkdir(parents=True)
    (inside / "sub" / "a.png").touch()
    (inside / "out.png").symlink_to(tmp_path / "secret.png")
    (inside / "outdir").symlink_to(tmp_path)
    (inside / "in.png").symlink_to(inside / "sub" / "a.png")
    return inside


def test_a_path_is_found_below_its_root(root: Path) -> None:
    assert [root / "sub/a.png", root / "not-there.png"] == paths_of(
        _unit("sub/a.png", "not-there.png"), {"media": root}
    )


@pytest.mark.parametrize(
    "path", ["../secret.png", "sub/../../secret.png", "/etc/passwd", "", ".", "a\0b", "out.png", "outdir/secret.png"]
)
def test_a_path_that_leaves_its_root_is_refused(root: Path, path: str) -> None:
    with pytest.raises(MediaMissing):
        paths_of(_unit(path), {"media": root})


def test_a_link_that_stays_inside_is_followed(root: Path) -> None:
    assert [root / "sub/a.png"] == paths_of(_unit("in.png"), {"media": root})


def test_a_folder_whose_name_begins_like_the_root_is_outside(tmp_path: Path, root: Path) -> None:
    (tmp_path / "data2").mkdir()
    (tmp_path / "data2" / "a.png").touch()
    (root / "near").symlink_to(tmp_path / "data2")
    with pytest.raises(MediaMissing):
        paths_of(_unit("near/a.png"), {"media": root})


def test_an_unknown_root_is_named(root: Path) -> None:
    with pytest.raises(MediaMissing, match="'other'"):
        paths_of(_unit("a.png", root="other"), {"media": root})
