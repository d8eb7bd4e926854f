"""Pillow, set up once: which formats it may open, its own limit, and its modes as arrays."""

from __future__ import annotations

import functools
import importlib
import logging
import re
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.media.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

_PLUGINS = {
    "JPEG": "JpegImagePlugin",
    "PNG": "PngImagePlugin",
    "GIF": "GifImagePlugin",
    "WEBP": "WebPImagePlugin",
    "BMP": "BmpImagePlugin",
    "TIFF": "TiffImagePlugin",
    "AVIF": "AvifImagePlugin",
    "PPM": "PpmImagePlugin",
    "JPEG2000": "Jpeg2KImagePlugin",
    "TGA": "TgaImagePlugin",
    "ICO": "IcoImagePlugin",
    "PCX": "PcxImagePlugin",
    "SGI": "SgiImagePlugin",
    "QOI": "QoiImagePlugin",
}
"""What may be opened; not EPS (starts Ghostscript), PSD or movie formats."""
_BAND_PIXELS = 16_000_000
_COSTS = {"1": 3, "L": 3, "P": 9, "LA": 6, "I;16": 6, "I;16B": 6, "I;16L": 6, "RGBA": 12, "CMYK": 11, "LAB": 11}
"""Peak bytes for a pixel of decoding, converting and copying into an array."""
_COSTLY = frozenset({"WEBP", "AVIF", "HEIF", "JPEG2000", "GIF"})
"""Formats whose decoders hold another picture: that of the codec, or the one before."""
_AS_THEY_ARE = {"RGB": "rgb", "RGBA": "rgba", "LA": "gray_alpha"}
_DEEP = "16-bit colour is shown with 8 bits a channel"


@functools.cache
def _setup() -> None:
    from PIL import Image

    # Pillow raises at twice its own limit and warns below; the exact limits are checked by us on the header before.
    Image.MAX_IMAGE_PIXELS = DEFAULT_LIMITS.pixels // 2
    warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
    warnings.filterwarnings("ignore", module=r"PIL\.")
    # Without a handler of anybody's, Python would print its messages to the terminal.
    logging.getLogger("PIL").addHandler(logging.NullHandler())
    _hush_libtiff()


@functools.cache
def _every_format() -> tuple[str, ...]:
    from PIL import Image

    for module in _PLUGINS.values():
        importlib.import_module(f"PIL.{module}")
    formats = [name for name in _PLUGINS if name in Image.OPEN]
    try:
        import pillow_heif  # type: ignore[import-not-found]
    except ImportError:
        pass
    else:
        pillow_heif.register_heif_opener()
        formats.append("HEIF")
    return tuple(formats)


def _hush_libtiff() -> None:
    """Keep libtiff from printing to the terminal: the errors that Pillow raises say enough.

    Pillow hushes its warnings only. Where the library isn't found as a file of its own, it stays as it is.
    """
    import ctypes

    with suppress(OSError, AttributeError):
        mapped = Path("/proc/self/maps").read_text(errors="surrogateescape")
        for library in set(re.findall(r"/.*/libtiff[^/\n]*", mapped)):
            ctypes.CDLL(library).TIFFSetErrorHandler(None)


def heif_works() -> bool:
    """Return whether the package that reads HEIC is installed."""
    return "HEIF" in _every_format()


def open_image(path: Path, likely: str = "") -> Image.Image:
    """Return a lazily opened Pillow image, of one of the allowed formats; raises what Pillow raises.

    Args:
        path: The file.
        likely: What its first bytes say that it is (`sniff.file_type`): this is tried first, without loading the rest.
    """
    from PIL import Image, UnidentifiedImageError

    _setup()
    name = likely.upper()
    if name in _PLUGINS:
        importlib.import_module(f"PIL.{_PLUGINS[name]}")
        with suppress(UnidentifiedImageError):
            return Image.open(path, formats=(name,))
    return Image.open(path, formats=_every_format())


def cost(image: Image.Image) -> float:
    """Return the peak bytes for a pixel that decoding takes."""
    return _COSTS.get(image.mode, 10) + (8 if image.format in _COSTLY else 0)


def loses_depth(image: Image.Image) -> str:
    """Return a sentence when Pillow cuts 16-bit colour to 8 bits (before the image is loaded), else nothing."""
    raw = str(image.tile[0][3]) if image.tile else ""  # type: ignore[attr-defined]
    return _DEEP if ";16" in raw and image.mode in ("RGB", "RGBA", "LA", "RGBX", "CMYK") else ""


def to_frame_mode(image: Image.Image) -> tuple[Image.Image, str]:
    """Return the image in a mode that a Frame can hold, and the Frame's colour name."""
    mode = image.mode
    if mode in ("L", "I", "F") or mode.startswith("I;16"):
        return image, "gray"
    if mode in _AS_THEY_ARE:
        return image, _AS_THEY_ARE[mode]  # convert() would copy
    if mode == "1":
        return image.convert("L"), "gray"
    if mode == "La":
        return image.convert("LA"), "gray_alpha"
    if mode == "LAB":
        return _lab_to_rgb(image), "rgb"
    if mode in ("RGBa", "PA") or (mode == "P" and "transparency" in image.info):
        return image.convert("RGBA"), "rgba"
    return image.convert("RGB"), "rgb"


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    from PIL import ImageCms

    to_screen = ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")
    result = ImageCms.applyTransform(image, to_screen)
    assert result is not None
    return result


def shrink(image: Image.Image, target: tuple[int, int]) -> Image.Image:
    """Return the image reduced by the largest whole factor that keeps it at least `target` (width, height) large."""
    factor = min(image.width // target[0], image.height // target[1])
    if factor < 2 or image.mode not in ("L", "LA", "RGB", "RGBA"):
        return image
    return image.reduce(factor)


def to_array(image: Image.Image) -> NDArray[Any]:
    """Return the pixels (h, w) or (h, w, c): uint8, uint16, int16 or float32."""
    if image.mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16, copy=False)
    if image.mode == "I":
        return _narrow(np.asarray(image))
    if image.width * image.height <= _BAND_PIXELS or image.mode == "F":
        return np.asarray(image)
    channels = len(image.getbands())
    pixels = np.empty((image.height, image.width, channels)[: 2 if channels == 1 else 3], np.uint8)
    rows = max(1, _BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):  # in bands: Pillow's copy through bytes doubles the memory
        bottom = min(top + rows, image.height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return pixels


def _narrow(pixels: NDArray[Any]) -> NDArray[Any]:
    low, high = int(pixels.min()), int(pixels.max())
    for kind in (np.uint16, np.int16):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return pixels.astype(kind)
    return pixels.astype(np.float32)


def window_of(pixels: NDArray[Any]) -> tuple[float, float] | None:
    """Return the (centre, width) by which to show more than 8 bits: the smallest usual bit depth that holds all."""
    if pixels.dtype == np.uint8:
        return None
    low, high = float(pixels.min()), float(pixels.max())
    if pixels.dtype == np.uint16:
        depth = next(bits for bits in (8, 10, 12, 14, 16) if high < 1 << bits)
        return float(1 << (depth - 1)), float(1 << depth)
    if not (np.isfinite(low) and np.isfinite(high)):
        finite = pixels[np.isfinite(pixels)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return (low + high) / 2, max(high - low, 1e-6)
