"""Pictures of every kind that is sniffed, videos by container, and sequences of stills."""

from __future__ import annotations

import io
import tempfile
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tests.fuzz.mutations import fields_mutated, png_mutated
from tests.fuzz.target import Target, unless_broken
from tests.support.data import SHARED
from tui_editor.errors import MediaError
from tui_editor.media.open import open_source, probe, read_once
from tui_editor.media.stills import read_still
from tui_editor.model.frames import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from numpy.typing import NDArray

PICTURES = {
    "jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "tif": "TIFF", "bmp": "BMP", "avif": "AVIF",
    "ppm": "PPM", "jp2": "JPEG2000", "tga": "TGA", "ico": "ICO", "pcx": "PCX", "sgi": "SGI", "qoi": "QOI", "dib": "DIB",
}  # fmt: skip
"""Suffix → Pillow's name; what Pillow can't write here is left out."""
SEVERAL = frozenset({"gif", "webp", "tif", "png"})
VIDEOS = {
    "mp4": ("libx264", "mp4"), "mkv": ("libx264", "matroska"), "avi": ("mjpeg", "avi"), "ts": ("libx264", "mpegts"),
    "mpg": ("mpeg2video", "mpeg"), "webm": ("libvpx-vp9", "webm"), "flv": ("flv1", "flv"), "ogv": ("libtheora", "ogg"),
    "mov": ("mpeg4", "mov"), "264": ("libx264", "h264"), "y4m": ("wrapped_avframe", "yuv4mpegpipe"),
}  # fmt: skip
"""Suffix → (codec, container); what PyAV can't write here is left out."""
REAL = (
    "images/RGB_12__128x128.heif", "images/16_bit_noise.tif", "images/delay.png", "images/dispose_bgnd.gif",
    "images/hopper.avif", "images/hopper.webp", "images/hopper_gray.jpg", "images/hopper_orientation_6.jpg",
    "images/multipage.tiff", "images/g4-multi.tiff", "images/p_trns_single.png", "images/hopper.Lab.tif",
    "images/pil_sample_cmyk.jpg", "images/corrupted.hif",
)  # fmt: skip
REAL_VIDEOS = (
    "video/av1_video.mkv",
    "video/h265_video.mp4",
    "video/nasa_13013_rotated.mp4",
    "video/test_non_zero_start.mp4",
)

# --- seeds ---------------------------------------------------------------------------------------


def noise(number: int, size: tuple[int, int] = (48, 32)) -> NDArray[np.uint8]:
    """Return a picture that differs from number to number."""
    return np.random.default_rng(number).integers(0, 256, (size[1], size[0], 3), np.uint8)


@cache
def png() -> bytes:
    """Return a small PNG."""
    kept = io.BytesIO()
    Image.fromarray(noise(1, (16, 12))).save(kept, "PNG")
    return kept.getvalue()


@cache
def pictures() -> tuple[tuple[str, bytes], ...]:
    """Return (suffix, bytes) of stills: one of each kind made here, and small ones of the kit."""
    found = []
    for suffix, kind in PICTURES.items():
        kept = io.BytesIO()
        pages = [Image.fromarray(noise(n)) for n in range(3)]
        several = {"save_all": True, "append_images": pages[1:]} if suffix in SEVERAL else {}
        with suppress(KeyError, OSError, ValueError):
            pages[0].save(kept, kind, **several)
            found.append((suffix, kept.getvalue()))
    files = [SHARED / name for name in REAL]
    return (*found, *((file.suffix[1:], file.read_bytes()) for file in files if file.is_file()))


@cache
def videos() -> tuple[tuple[str, bytes], ...]:
    """Return (suffix, bytes) of clips: one of each container made here, and small ones of the kit."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for suffix, (codec, container) in VIDEOS.items():
            path = Path(folder, f"a.{suffix}")
            with suppress(Exception):  # a codec that this PyAV lacks
                _encode(path, codec, container)
                found.append((suffix, path.read_bytes()))
    files = [SHARED / name for name in REAL_VIDEOS]
    return (*found, *((file.suffix[1:], file.read_bytes()) for file in files if file.is_file()))


def _encode(path: Path, codec: str, container: str) -> None:
    import av

    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.gop_size = 4
        for number in range(9):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(noise(number), format="rgb24")))
        output.mux(stream.encode(None))


# --- what is done with them ----------------------------------------------------------------------


def picture_file(chance: Random, folder: Path) -> Path:
    """Write a mutated still, now and then under another kind's name."""
    suffix, data = chance.choice(pictures())
    path = folder / f"a.{suffix if chance.random() < 0.9 else chance.choice(list(PICTURES))}"
    path.write_bytes(png_mutated(data, chance) if suffix == "png" else fields_mutated(data, chance))
    return path


def video_file(chance: Random, folder: Path) -> Path:
    """Write a mutated clip."""
    suffix, data = chance.choice(videos())
    path = folder / f"a.{suffix}"
    path.write_bytes(fields_mutated(data, chance))
    return path


def sequence_folder(chance: Random, folder: Path) -> Path:
    """Write stills of which some are mutated, missing, or of another size."""
    top = folder / "frames"
    top.mkdir()
    for number in range(4):
        suffix, data = chance.choice(pictures())
        how = chance.random()
        if how < 0.1:
            continue
        mutated = data if how < 0.4 else png_mutated(data, chance) if suffix == "png" else fields_mutated(data, chance)
        (top / f"{number}.{suffix}").write_bytes(mutated)
    return top


def read_medium(path: Path) -> None:
    """Read what a file is, its first, middle and last frame, whole and reduced, and what proves them."""
    info = probe(path)
    unless_broken(info.frame_count > 0 and info.width > 0 and info.height > 0, f"a medium without a frame: {info}")
    with closing(open_source(info.kind, [path])) as source:
        for index in dict.fromkeys((0, info.frame_count // 2, info.frame_count - 1)):
            with suppress(MediaError):
                frame = source.read(index)
                unless_broken(frame.pixels.size > 0, "a frame without a pixel")
                source.read(index, (20, 20))
                source.identity(index)
                source.time_s(index)
        for index in (-1, info.frame_count):
            with suppress(MediaError, IndexError):
                source.read(index)
    read_once(info.kind, [path], 0, (20, 20))


def read_sequence(path: Path) -> None:
    """Read every frame of a folder of stills as one data unit; a bad one spoils only itself."""
    files = sorted(path.iterdir())
    with closing(open_source(UnitKind.IMAGE_SEQUENCE, [*files, path / "missing.png"])) as source:
        for index in range(source.frame_count):
            with suppress(MediaError):
                source.size(index)
            with suppress(MediaError):
                source.read(index, (20, 20))
    for file in files:
        with suppress(MediaError):
            read_still(file)


def targets() -> Iterator[Target]:
    """Yield the targets of this module."""
    yield Target("picture", 14, picture_file, read_medium)
    yield Target("video", 10, video_file, read_medium)
    yield Target("sequence", 3, sequence_folder, read_sequence)
