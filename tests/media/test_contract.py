from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.media import clips
from tests.media.contract import check_source
from tui_editor.media.open import open_source
from tui_editor.model.frames import UnitKind

if TYPE_CHECKING:
    from pathlib import Path


def _save(path: Path, mode: str, size: tuple[int, int] = (60, 40)) -> Path:
    noise = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 4), np.uint8)
    Image.fromarray(noise).convert("RGB").convert(mode).save(path)
    return path


@pytest.mark.parametrize(
    ("suffix", "mode"),
    [
        (".jpg", "RGB"),
        (".jpg", "L"),
        (".jpg", "CMYK"),
        (".png", "RGBA"),
        (".png", "P"),
        (".png", "1"),
        (".png", "LA"),
        (".webp", "RGB"),
        (".tif", "CMYK"),
        (".tif", "F"),
        (".bmp", "RGB"),
        (".avif", "RGB"),
    ],
)
def test_a_still_keeps_the_contract(tmp_path: Path, suffix: str, mode: str) -> None:
    path = _save(tmp_path / f"a{suffix}", mode)
    check_source(lambda: open_source(UnitKind.IMAGE, [path]))


def test_a_file_of_several_pictures_keeps_the_contract(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (40 + 10 * n, 30), (n * 60, 10, 20)) for n in range(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    check_source(lambda: open_source(UnitKind.IMAGE, [tmp_path / "a.tif"]))


@pytest.mark.parametrize("kind", [UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE])
def test_a_row_of_files_keeps_the_contract(tmp_path: Path, kind: UnitKind) -> None:
    paths = [_save(tmp_path / f"{n}.png", "RGB", (50 + n, 40)) for n in range(5)]
    check_source(lambda: open_source(kind, paths))


@pytest.mark.parametrize("name", ["closed GOP mp4", "open GOP in AVI", "raw H.264"])
def test_a_video_keeps_the_contract(tmp_path: Path, name: str) -> None:
    path = clips.MAKERS[name](tmp_path)
    check_source(lambda: open_source(UnitKind.VIDEO, [path]))
