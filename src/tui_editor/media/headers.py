"""Size and orientation of JPEG and PNG files from their headers, in microseconds. Decodes nothing.

Formats: ITU T.81 Annex B, EXIF 2.32 section 4.6, PNG 3rd edition.
"""

from __future__ import annotations

import os
import re
import struct
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.errors import MediaCorrupt
from tui_editor.media.files import open_fd
from tui_editor.media.orient import upright_size
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FIRST_READ = 2048
_SEGMENTS = 10_000
"""A header with more parts than this is refused: it would only keep us busy."""
_META_BYTES = 1 << 20
_ORIENTATION_TAG = 0x0112
_XMP_ORIENTATION = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')
_NO_SOF = frozenset({0xC4, 0xC8, 0xCC})
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Header(Struct, frozen=True, kw_only=True):
    """What the header of a still says."""

    kind: str
    """`jpeg` or `png`."""
    stored_size: tuple[int, int]
    """(width, height) in pixels as stored, before turning it upright."""
    orientation: int = 1
    components: int = 3
    bits: int = 8
    progressive: bool = False
    animated: bool = False
    more_pictures: bool = False
    """A JPEG that holds further pictures (MPF), such as a depth map or a second view."""

    @property
    def size(self) -> tuple[int, int]:
        """Return (width, height) in pixels of the displayed frame."""
        return upright_size(self.stored_size, self.orientation)


def read_header(path: Path) -> Header | None:
    """Return the header of a JPEG or PNG, None for any other file.

    Raises:
        MediaMissing: There is no such file.
        MediaCorrupt: It begins like a JPEG or PNG but has no readable header.
    """
    fd = open_fd(path)
    try:
        head = os.pread(fd, _FIRST_READ, 0)

        def at(offset: int, count: int) -> bytes:
            end = offset + count
            return head[offset:end] if end <= len(head) else os.pread(fd, count, offset)

        parse = _jpeg if head[:2] == b"\xff\xd8" else _png if head.startswith(_PNG_SIGNATURE) else None
        return _with_pixels(parse(at)) if parse else None
    except (struct.error, IndexError, ValueError) as error:
        reason = str(error) if type(error) is ValueError else "it ends too early"
        raise MediaCorrupt(f"the header can't be read: {reason}", where=one_line(str(path))) from error
    finally:
        os.close(fd)


def _with_pixels(header: Header) -> Header:
    if 0 in header.stored_size:
        width, height = header.stored_size
        raise ValueError(f"it says {width}×{height} pixels")
    return header


def _jpeg(at: Callable[[int, int], bytes]) -> Header:
    offset, exif, xmp, more = 2, 0, 0, False
    for _ in range(_SEGMENTS):
        fill, marker, length = struct.unpack(">BBH", at(offset, 4))
        if fill != 0xFF:
            raise ValueError("a segment does not begin with a marker")
        if marker == 0xFF:
            offset += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in _NO_SOF:
            bits, height, width, parts = struct.unpack(">BHHB", at(offset + 4, 6))
            return Header(
                kind="jpeg",
                stored_size=(width, height),
                orientation=exif or xmp or 1,
                components=parts,
                bits=bits,
                progressive=marker in _PROGRESSIVE,
                more_pictures=more,
            )
        if marker == 0xE1:
            body = at(offset + 4, length - 2)
            if body.startswith(b"Exif\x00") and not exif:
                exif = exif_orientation(body[6:])
            elif body.startswith(b"http://ns.adobe.com/xap/"):
                xmp = xmp or _xmp_orientation(body)
        elif marker == 0xE2:
            more = more or at(offset + 4, 4) == b"MPF\x00"
        elif marker in (0xD9, 0xDA):
            break
        offset += 2 + length
    raise ValueError("it has no frame header")


def _png(at: Callable[[int, int], bytes]) -> Header:
    length, name, width, height, bits, colour = struct.unpack(">I4sIIBB", at(8, 18))
    if name != b"IHDR" or length != 13:
        raise ValueError("the first chunk is not IHDR")
    offset, exif, xmp, animated = 33, 0, 0, False
    for _ in range(_SEGMENTS):
        try:
            length, name = struct.unpack(">I4s", at(offset, 8))
        except struct.error:
            break  # the size is known; what is missing shows when the picture is decoded
        if name in (b"IDAT", b"IEND"):
            break
        if name == b"eXIf":
            exif = exif_orientation(at(offset + 8, min(length, _META_BYTES)))
        elif name == b"iTXt":
            xmp = xmp or _xmp_orientation(at(offset + 8, min(length, _META_BYTES)))
        animated = animated or name == b"acTL"
        offset += 12 + length
    return Header(
        kind="png",
        stored_size=(width, height),
        orientation=exif or xmp or 1,
        components={0: 1, 4: 2, 6: 4}.get(colour, 3),
        bits=bits,
        animated=animated,
    )


def exif_orientation(tiff: bytes) -> int:
    """Return the orientation in an EXIF block (a TIFF file without pictures), 0 when it says nothing valid."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        (ifd,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, ifd)
        for entry in range(ifd + 2, ifd + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", tiff, entry)
            if tag == _ORIENTATION_TAG:
                (value,) = struct.unpack_from(order + ("I" if kind == 4 else "H"), tiff, entry + 8)
                return int(value) if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _xmp_orientation(packet: bytes) -> int:
    match = _XMP_ORIENTATION.search(packet)
    return int(match[1]) if match else 0
