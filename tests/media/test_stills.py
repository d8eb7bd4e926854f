from __future__ import annotations

import hashlib
import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tests.support.data import shared_data
from tui_editor.errors import MediaCorrupt, MediaMissing, MediaTooLarge, MediaUnknown
from tui_editor.media.limits import Limits
from tui_editor.media.sequence import SequenceSource
from tui_editor.media.stills import StillSource, read_still, still_size

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

EXIF_ORIENTATION = 0x0112


def _corners() -> Image.Image:
    """48×32: red, green, blue and white quarters from the top left in reading order."""
    pixels = np.zeros((32, 48, 3), np.uint8)
    pixels[:16, :24], pixels[:16, 24:] = (255, 0, 0), (0, 255, 0)
    pixels[16:, :24], pixels[16:, 24:] = (0, 0, 255), (255, 255, 255)
    return Image.fromarray(pixels)


_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright picture is stored when the tag says 2..8 (each undone by applying the tag)."""


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_shown_upright(tmp_path: Path, suffix: str, orientation: int) -> None:
    upright = _corners()
    stored = upright.transpose(_STORED[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    path = tmp_path / f"a{suffix}"
    stored.save(path, exif=exif, quality=95, lossless=True)
    for fit in (None, (24, 24)):
        frame = read_still(path, fit)
        height, width = frame.pixels.shape[:2]
        quarters = frame.pixels[:: height - 1, :: width - 1].astype(int)
        expected = [[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]]
        assert np.abs(quarters - expected).max() < 40
        assert frame.full_size == (48, 32) == still_size(path)
        assert width > height


@pytest.mark.parametrize("number", range(1, 9))
def test_real_photos_of_all_orientations_show_the_same_upright_picture(number: int) -> None:
    first = read_still(shared_data("images", "exif", "Landscape_1.jpg")).pixels.astype(int)
    turned = read_still(shared_data("images", "exif", f"Landscape_{number}.jpg")).pixels.astype(int)
    assert np.abs(first - turned).mean() < 5


def test_an_avif_that_is_turned_by_its_own_boxes_is_upright() -> None:
    frame = read_still(shared_data("images", "rot1mir0.avif"))
    assert frame.pixels.shape[:2] == (427, 640)
    assert frame.orientation == 5


def test_an_orientation_in_xmp_only_is_honoured() -> None:
    assert read_still(shared_data("images", "xmp_tags_orientation.png")).orientation == 3


@pytest.mark.parametrize(
    ("mode", "suffix", "color", "dtype"),
    [
        ("1", ".png", "gray", np.uint8),
        ("L", ".png", "gray", np.uint8),
        ("LA", ".png", "gray_alpha", np.uint8),
        ("P", ".png", "rgb", np.uint8),
        ("RGBA", ".png", "rgba", np.uint8),
        ("I;16", ".png", "gray", np.uint16),
        ("I;16", ".tif", "gray", np.uint16),
        ("F", ".tif", "gray", np.float32),
        ("CMYK", ".jpg", "rgb", np.uint8),
        ("LAB", ".tif", "rgb", np.uint8),
    ],
)
def test_a_mode_becomes_a_frame_of_its_kind(
    tmp_path: Path, mode: str, suffix: str, color: str, dtype: type[np.generic]
) -> None:
    Image.new(mode, (20, 10), 1 if mode in ("1", "F", "I;16", "L", "P") else None).save(tmp_path / f"a{suffix}")
    frame = read_still(tmp_path / f"a{suffix}")
    assert color == frame.color
    assert frame.pixels.dtype == dtype


def test_sixteen_bits_are_kept_and_windowed_to_the_depth_in_use(tmp_path: Path) -> None:
    pixels = np.arange(4000, dtype=np.uint16).reshape(50, 80)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    frame = read_still(tmp_path / "a.png")
    assert (pixels == frame.pixels).all()
    assert frame.window == (2048.0, 4096.0)


def test_sixteen_bit_colour_says_that_it_is_cut(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_png(4, 4, bits=16, colour=2, row=b"\0" * (4 * 6)))
    assert "16-bit" in read_still(tmp_path / "a.png").warnings[0]


def test_a_palette_with_a_transparent_entry_has_alpha() -> None:
    frame = read_still(shared_data("images", "p_trns_single.png"))
    assert frame.color == "rgba"
    assert frame.pixels[..., 3].min() == 0


def test_cmyk_of_a_camera_is_not_inverted() -> None:
    frame = read_still(shared_data("images", "pil_sample_cmyk.jpg"))
    with Image.open(shared_data("images", "pil_sample_cmyk.jpg")) as image:
        assert (np.asarray(image.convert("RGB")) == frame.pixels).all()


@pytest.mark.parametrize(
    ("name", "count"), [("chi.gif", 31), ("delay.png", 5), ("multipage.tiff", 3), ("iss634.gif", 42)]
)
def test_pages_and_animation_are_frames(name: str, count: int) -> None:
    source = StillSource(shared_data("images", name))
    with Image.open(shared_data("images", name)) as image:
        for index in (count - 1, 0, count // 2):
            image.seek(index)
            assert (np.asarray(image.convert("RGBA")) == _rgba(source.read(index).pixels)).all()
    assert count == source.frame_count
    source.close()


def _rgba(pixels: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(Image.fromarray(pixels).convert("RGBA"))


def test_pages_of_different_sizes_each_have_their_own() -> None:
    source = StillSource(shared_data("images", "multipage.tiff"))
    assert [source.size(index) for index in range(3)] == [(10, 10), (10, 10), (20, 20)]
    source.close()


def test_a_jpeg_is_decoded_no_larger_than_needed(tmp_path: Path) -> None:
    Image.new("RGB", (800, 600)).save(tmp_path / "a.jpg")
    assert read_still(tmp_path / "a.jpg", (200, 200)).pixels.shape[:2] == (150, 200)


def test_identity_is_the_digest_of_the_file_and_later_pages_differ() -> None:
    path = shared_data("images", "multipage.tiff")
    source = StillSource(path)
    assert hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest() == source.identity(0).digest
    assert len({source.identity(index).digest for index in range(3)}) == 3
    source.close()


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_truncated_picture_shows_what_there_is_with_a_warning(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / f"a{suffix}")
    whole = (tmp_path / f"a{suffix}").read_bytes()
    (tmp_path / f"a{suffix}").write_bytes(whole[: len(whole) // 2])
    frame = read_still(tmp_path / f"a{suffix}")
    assert frame.warnings
    assert frame.full_size == (200, 200)
    assert frame.pixels[:80].std() > 50


def test_a_truncated_picture_does_not_change_how_pillow_treats_the_next() -> None:
    from PIL import ImageFile

    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
    read_still(shared_data("adversarial", "truncated_image.png"))
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def _png(width: int, height: int, *, bits: int = 8, colour: int = 2, row: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for _ in range(height)) if row else b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (2**31 - 1, 2**31 - 1), (256_000_001, 1)])
def test_a_picture_that_claims_too_many_pixels_is_refused_by_its_header(
    tmp_path: Path, width: int, height: int
) -> None:
    (tmp_path / "a.png").write_bytes(_png(width, height))
    with pytest.raises(MediaTooLarge):
        read_still(tmp_path / "a.png")


def test_the_limits_can_be_set(tmp_path: Path) -> None:
    Image.new("RGB", (100, 100)).save(tmp_path / "a.png")
    with pytest.raises(MediaTooLarge, match="100×100"):
        read_still(tmp_path / "a.png", limits=Limits(pixels=9_999))


def test_a_jpeg_too_large_to_show_whole_is_shown_reduced(tmp_path: Path) -> None:
    Image.new("RGB", (2000, 2000)).save(tmp_path / "a.jpg")
    limits = Limits(decode_bytes=4_000_000)
    with pytest.raises(MediaTooLarge):
        read_still(tmp_path / "a.jpg", limits=limits)
    assert read_still(tmp_path / "a.jpg", (200, 200), limits).pixels.shape[:2] == (250, 250)


def test_a_bad_file_of_a_sequence_spoils_only_its_own_frame(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "0.png")
    (tmp_path / "1.png").write_bytes(b"\x89PNG\r\n\x1a\nrubbish")
    (tmp_path / "3.png").write_text("no picture")
    Image.new("RGB", (9, 9)).save(tmp_path / "4.png")
    source = SequenceSource([tmp_path / f"{n}.png" for n in range(5)])
    for index, error in ((1, MediaCorrupt), (2, MediaMissing), (3, MediaUnknown)):
        for ask in (source.read, source.size):
            with pytest.raises(error):
                ask(index)
    assert [source.size(index) for index in (0, 4)] == [(8, 8), (9, 9)]


def test_names_with_escape_sequences_are_harmless_in_messages(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing) as caught:
        read_still(tmp_path / "a\x1b]52;c;x\x07\u202e.png")
    assert not set("\x1b\x07\u202e") & set(str(caught.value))


def test_a_jpeg_with_a_second_view_says_so(tmp_path: Path) -> None:
    stream = io.BytesIO()
    left, right = Image.new("RGB", (16, 16), "red"), Image.new("RGB", (16, 16), "blue")
    left.save(stream, format="MPO", save_all=True, append_images=[right])
    (tmp_path / "a.jpg").write_bytes(stream.getvalue())
    source = StillSource(tmp_path / "a.jpg")
    assert source.frame_count == 1
    assert "further pictures" in source.warnings[0]


def test_a_picture_that_is_copied_in_bands_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_editor.media.pillow._BAND_PIXELS", 100)
    noise = np.random.default_rng(1).integers(0, 256, (37, 41, 3), np.uint8)
    for name, pixels in (("a.png", noise), ("b.png", noise[..., 0])):
        Image.fromarray(pixels).save(tmp_path / name)
        assert (pixels == read_still(tmp_path / name).pixels).all()
