"""Still pictures as frames: one file with one picture or several (pages, animation)."""

from __future__ import annotations

import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui_editor.errors import MediaCorrupt, MediaError, MediaTooLarge, MediaUnknown
from tui_editor.media import pillow
from tui_editor.media.files import file_digest, read_bytes
from tui_editor.media.fit import fitted
from tui_editor.media.headers import Header, read_header
from tui_editor.media.limits import DEFAULT_LIMITS, Limits
from tui_editor.media.orient import swaps_sides, upright, upright_size
from tui_editor.media.sniff import HEAD_BYTES, STILL_TYPES, file_type
from tui_editor.model.frames import Frame, FrameIdentity, UnitKind
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from PIL import Image

_ORIENTATION = 0x0112
_PAGED = frozenset({"GIF", "WEBP", "PNG", "TIFF", "AVIF", "HEIF"})
"""Formats whose further pictures are frames; elsewhere they are previews, layers or icon sizes."""
_TURNED_BY_PILLOW = frozenset({"TIFF", "HEIF"})
_JPEG_COST, _PROGRESSIVE_COST = 3.5, 10.0
_MORE = "the file holds further pictures; only the first is shown"
_PARTIAL = "damaged, shown as far as it can be decoded"


class StillSource:
    """The picture or pictures of one still file."""

    def __init__(self, path: Path, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._path, self._limits = path, limits
        self._image: Image.Image | None = None
        self._header = read_header(path)
        self._warnings: tuple[str, ...] = (_MORE,) if self._header is not None and self._header.more_pictures else ()
        self._sizes: dict[int, tuple[int, int]] = {}
        self._one_canvas = False
        """Whether all pictures have the size of the first: all formats but TIFF."""
        self._frame_count = 1 if self._single() else self._count()

    def _single(self) -> bool:
        return self._header is not None and not self._header.animated

    def _count(self) -> int:
        with translated(self._path):
            image = self._opened()
            count = int(getattr(image, "n_frames", 1)) if image.format in _PAGED else 1
            self._sizes[0] = upright_size(image.size, _orientation(image, self._header))
            self._one_canvas = image.format != "TIFF"
        if count <= 1:
            self.close()
        if count > self._limits.frames:
            raise MediaTooLarge(f"the file says it has {count} pictures", where=one_line(str(self._path)))
        return max(1, count)

    @property
    def kind(self) -> UnitKind:
        """Return IMAGE."""
        return UnitKind.IMAGE

    @property
    def frame_count(self) -> int:
        """Return the number of pages or pictures."""
        return self._frame_count

    @property
    def fps(self) -> float | None:
        """Return None: stills have no time."""
        return None

    @property
    def warnings(self) -> Sequence[str]:
        """Return what a user should know of the file."""
        return self._warnings

    def size(self, index: int) -> tuple[int, int]:
        """Return (width, height) in pixels of a displayed page."""
        self._check(index)
        if self._single():
            assert self._header is not None
            return self._header.size
        if self._one_canvas:
            return self._sizes[0]
        if index not in self._sizes:
            with translated(self._path), self._intact():
                image = self._at(index)
                self._sizes[index] = upright_size(image.size, _orientation(image, self._header))
        return self._sizes[index]

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        """Return a page, reduced towards `fit`."""
        self._check(index)
        if self._header is not None and self._header.kind == "jpeg":
            return _read_jpeg(self._path, self._header, fit, self._limits)
        with translated(self._path), self._intact():
            frame = _picture(self._at(index), self._path, self._header, fit, self._limits)
        if self._frame_count == 1:
            self.close()
        return frame

    def time_s(self, index: int) -> float | None:
        """Return None: stills have no time."""
        self._check(index)
        return None

    def identity(self, index: int) -> FrameIdentity:
        """Return the digest of the file's bytes, with the page number for pages after the first."""
        self._check(index)
        return FrameIdentity(algorithm="file-blake2b", digest=file_digest(self._path, index))

    def close(self) -> None:
        """Free the file."""
        if self._image is not None:
            self._image.close()
            self._image = None

    def _check(self, index: int) -> None:
        if not 0 <= index < self._frame_count:
            raise IndexError(index)

    def _opened(self) -> Image.Image:
        if self._image is None:
            self._image = open_still(self._path)
            self._limits.check(self._image.size, pillow.cost(self._image), self._path)
        return self._image

    def _at(self, index: int) -> Image.Image:
        image = self._opened()
        if self._frame_count > 1:
            try:
                self._walk(image, index)
            except EOFError as error:
                raise MediaCorrupt(f"picture {index} is missing", where=one_line(str(self._path))) from error
        return image

    def _walk(self, image: Image.Image, index: int) -> None:
        """Go to a picture; going on decodes those before it, each of which may claim another size."""
        first = image.tell() + 1 if index >= image.tell() else 0
        for number in range(first, index + 1):
            image.seek(number)
            self._limits.check(image.size, pillow.cost(image), self._path)

    @contextmanager
    def _intact(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()  # a Pillow image that failed half-way is not to be used again
            raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what Pillow and the codecs raise into our errors."""
    from PIL import Image

    where = one_line(str(path))
    try:
        yield
    except MediaError:
        raise
    except Image.DecompressionBombError as error:
        raise MediaTooLarge("the picture would take more memory than is allowed", where=where) from error
    except MemoryError as error:
        raise MediaTooLarge("there is not enough memory for the picture", where=where) from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, struct.error) as error:
        raise MediaCorrupt(f"the picture is damaged: {one_line(str(error), 120)}", where=where) from error
    except (OverflowError, ZeroDivisionError, AttributeError, RuntimeError, AssertionError) as error:
        # hostile headers reach arithmetic and assertions inside the decoders
        raise MediaCorrupt(f"the picture can't be decoded: {one_line(repr(error), 120)}", where=where) from error


def open_still(path: Path) -> Image.Image:
    """Return the lazily opened Pillow image of a file.

    Raises:
        MediaUnknown: No decoder of ours takes it.
        MediaCorrupt: It has the signature of a known kind but no readable header.
    """
    from PIL import UnidentifiedImageError

    where = one_line(str(path))
    kind = file_type(read_bytes(path, HEAD_BYTES))
    try:
        return pillow.open_image(path, kind)
    except UnidentifiedImageError as error:
        if kind == "heif" and not pillow.heif_works():
            hint = "install the package pillow-heif"
            raise MediaUnknown("HEIC pictures need a further package", where=where, hint=hint) from error
        if kind in STILL_TYPES:
            raise MediaCorrupt(f"the {kind} header is damaged", where=where) from error
        raise MediaUnknown("this is not a picture that we can decode", where=where) from error


def read_still(path: Path, fit: tuple[int, int] | None = None, limits: Limits = DEFAULT_LIMITS) -> Frame:
    """Return the first picture of a file, upright, reduced towards `fit`; errors as `StillSource`."""
    header = read_header(path)
    if header is not None and header.kind == "jpeg":
        return _read_jpeg(path, header, fit, limits)
    with translated(path), open_still(path) as image:
        limits.check(image.size, pillow.cost(image), path)
        return _picture(image, path, header, fit, limits)


def still_size(path: Path) -> tuple[int, int]:
    """Return (width, height) in pixels of the first displayed picture of a file from its header."""
    header = read_header(path)
    if header is not None:
        return header.size
    with translated(path), open_still(path) as image:
        return upright_size(image.size, _orientation(image, None))


def _orientation(image: Image.Image, header: Header | None) -> int:
    """Return the orientation still to be applied to what Pillow gives."""
    if header is not None:
        return header.orientation
    if image.format in _TURNED_BY_PILLOW:
        return 1
    value = image.getexif().get(_ORIENTATION, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _stored_fit(size: tuple[int, int], orientation: int, fit: tuple[int, int] | None) -> tuple[int, int]:
    box = (fit[1], fit[0]) if fit is not None and swaps_sides(orientation) else fit
    return fitted(size, box)


def _read_jpeg(path: Path, header: Header, fit: tuple[int, int] | None, limits: Limits) -> Frame:
    target = _stored_fit(header.stored_size, header.orientation, fit)
    limits.check(header.stored_size, _PROGRESSIVE_COST if header.progressive else 0, path)
    limits.check(_dct_size(header.stored_size, target), _JPEG_COST, path)
    if header.components not in (1, 3) or header.bits != 8:
        return _read_jpeg_by_pillow(path, header, target, limits)
    data = read_bytes(path, limits.decode_bytes)
    with translated(path):
        pixels, notes = _decode_jpeg(data, header.components, target)
    return Frame(
        pixels=upright(pixels, header.orientation),
        full_size=header.size,
        color="gray" if pixels.ndim == 2 else "rgb",
        orientation=header.orientation,
        warnings=(*notes, *((_MORE,) if header.more_pictures else ())),
    )


def _dct_size(size: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    """Return the size of the smallest DCT-scaled picture (k/8) that is at least `target`."""
    for eighths in range(1, 9):
        scaled = -(-size[0] * eighths // 8), -(-size[1] * eighths // 8)
        if scaled[0] >= target[0] and scaled[1] >= target[1]:
            return scaled
    return size


def _decode_jpeg(data: bytes, components: int, target: tuple[int, int]) -> tuple[Any, tuple[str, ...]]:
    import simplejpeg

    options = {"colorspace": "GRAY" if components == 1 else "RGB", "min_width": target[0], "min_height": target[1]}
    notes: tuple[str, ...] = ()
    try:
        pixels = simplejpeg.decode_jpeg(data, **options)
    except ValueError as error:
        # the lenient mode fills what is missing with grey, and still raises when nothing can be decoded
        pixels, notes = simplejpeg.decode_jpeg(data, strict=False, **options), (_note(error),)
    return (pixels[:, :, 0] if components == 1 else pixels), notes


def _note(error: Exception) -> str:
    return f"{_PARTIAL} ({one_line(str(error), 80)})"


def _read_jpeg_by_pillow(path: Path, header: Header, target: tuple[int, int], limits: Limits) -> Frame:
    with translated(path), open_still(path) as image:
        image.draft(image.mode, target)
        return _picture(image, path, header, target, limits, full_size=header.size, stored_fit=True)


def _picture(
    image: Image.Image,
    path: Path,
    header: Header | None,
    fit: tuple[int, int] | None,
    limits: Limits,
    *,
    full_size: tuple[int, int] | None = None,
    stored_fit: bool = False,
) -> Frame:
    limits.check(image.size, pillow.cost(image), path)
    orientation = _orientation(image, header)
    notes = [note for note in (pillow.loses_depth(image),) if note]
    notes += _load(image, path)
    stored = image.size
    target = fit if stored_fit and fit is not None else _stored_fit(stored, orientation, fit)
    shown, color = pillow.to_frame_mode(image)
    pixels = pillow.to_array(pillow.shrink(shown, target))
    return Frame(
        pixels=upright(pixels, orientation),
        full_size=full_size or upright_size(stored, orientation),
        color=color,
        orientation=orientation,
        window=pillow.window_of(pixels),
        warnings=tuple(notes),
    )


def _load(image: Image.Image, path: Path) -> list[str]:
    """Decode; of a damaged picture keep the part that was decoded and say so.

    Raises:
        MediaCorrupt: Nothing of it could be decoded.
    """
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        image.tile = []  # type: ignore[attr-defined]  # nothing left to decode: load() then gives what is there
        with translated(path):
            image.load()
            if image.getbbox() is None:
                raise
        return [_note(error)]
    return []
