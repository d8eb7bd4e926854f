from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.support.data import shared_data
from tui_editor.errors import MediaCorrupt
from tui_editor.media.fit import fitted
from tui_editor.media.headers import exif_orientation, read_header
from tui_editor.media.orient import from_matrix, upright, upright_size

if TYPE_CHECKING:
    from pathlib import Path


def test_the_size_is_the_one_that_pillow_reads() -> None:
    for folder in ("coco/images", "images", "images/exif"):
        for path in sorted(shared_data(folder).iterdir()):
            header = read_header(path) if path.is_file() else None
            if header is not None:
                with Image.open(path) as image:
                    assert image.size == header.stored_size, path


@pytest.mark.parametrize("progressive", [False, True])
def test_a_progressive_jpeg_is_told_apart(tmp_path: Path, progressive: bool) -> None:
    Image.new("RGB", (33, 17)).save(tmp_path / "a.jpg", progressive=progressive)
    header = read_header(tmp_path / "a.jpg")
    assert header is not None
    assert (progressive, (33, 17)) == (header.progressive, header.size)


def test_a_large_block_before_the_size_is_skipped(tmp_path: Path) -> None:
    Image.new("RGB", (33, 17)).save(tmp_path / "a.jpg", icc_profile=b"x" * 200_000, comment=b"y" * 60_000)
    header = read_header(tmp_path / "a.jpg")
    assert header is not None
    assert header.size == (33, 17)


def _jpeg() -> bytes:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(2, 300), value=st.integers(0, 255), cut=st.integers(3, 700))
def test_a_damaged_header_is_read_or_refused_and_nothing_else(tmp_path: Path, at: int, value: int, cut: int) -> None:
    data = bytearray(_jpeg())
    data[at] = value
    (tmp_path / "a.jpg").write_bytes(bytes(data[:cut]))
    try:
        header = read_header(tmp_path / "a.jpg")
    except MediaCorrupt:
        return
    assert header is not None
    assert 1 <= header.orientation <= 8


@given(st.binary(max_size=200))
def test_any_bytes_as_exif_give_an_orientation_or_none(block: bytes) -> None:
    assert exif_orientation(b"II*\0" + block) in range(9)
    assert exif_orientation(b"MM\0*" + block) in range(9)


def _matrix(a: int, b: int, c: int, d: int) -> bytes:
    import numpy as np

    one = 1 << 16
    return np.array([a * one, b * one, 0, c * one, d * one, 0, 5, 7, 1 << 30], "<i4").tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_display_matrix_and_its_orientation_move_a_pixel_alike(orientation: int) -> None:
    import numpy as np

    matrices = [(a, b, c, d) for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1) for d in (-1, 0, 1)]
    found = [m for m in matrices if from_matrix(_matrix(*m)) == orientation]
    assert len(found) == 1
    a, b, c, d = found[0]
    pixels = np.zeros((4, 6), np.uint8)
    pixels[1, 4] = 1  # y = 1, x = 4
    x, y = a * 4.5 + c * 1.5, b * 4.5 + d * 1.5
    turned = upright(pixels, orientation)
    width, height = upright_size((6, 4), orientation)
    assert turned.shape == (height, width)
    assert turned[int(y if y > 0 else y + height), int(x if x > 0 else x + width)] == 1


def test_a_rotation_between_right_angles_is_none_of_the_eight() -> None:
    assert from_matrix(_matrix(1, 1, -1, 1)) is None
    assert from_matrix(b"short") is None


@given(st.tuples(st.integers(1, 9000), st.integers(1, 9000)), st.tuples(st.integers(1, 9000), st.integers(1, 9000)))
def test_a_fitted_size_is_inside_the_picture_and_fills_the_box_on_one_side(
    size: tuple[int, int], fit: tuple[int, int]
) -> None:
    width, height = fitted(size, fit)
    assert 1 <= width <= size[0]
    assert 1 <= height <= size[1]
    assert (width, height) == size or width >= min(fit[0], size[0]) or height >= min(fit[1], size[1])
    assert width <= min(fit[0], size[0])
    assert height <= min(fit[1], size[1])


def test_a_header_without_a_pixel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (3, 2)).save(path)
    path.write_bytes(path.read_bytes()[:16] + bytes(4) + path.read_bytes()[20:])

    with pytest.raises(MediaCorrupt, match="it says 0×2 pixels"):
        read_header(path)
