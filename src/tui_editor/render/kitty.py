"""Commands of the kitty graphics protocol as bytes (https://sw.kovidgoyal.net/kitty/graphics-protocol/).

Pure functions: they know no terminal and send nothing. Every command says `q=2`, so the terminal never answers into the
keyboard. A picture is an image (its pixels, by image id) shown by placements (image id and placement id); a placement
that is sent again with the same ids moves.
"""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.render.diacritics import DIACRITICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from tui_editor.render.rects import Rect

FRAME_Z = -1073741827
"""Layer of frames. Below -2**30 a cell with a background of its own covers the picture: dialogs need no bytes."""
DELTA_Z = -1073741826
"""Layer of what differs from a key frame below."""
LABEL_Z = -1073741825
"""Layer of labels: over the frame, and still below every cell with a background of its own."""
CHUNK = 4096
"""Bytes of base64 that one command may carry."""

_PLACEHOLDER = "\U0010eeee"
_SESSIONS, _VIEWS, _SLOTS = 1 << 12, 1 << 4, 1 << 8


class Placement(Struct, frozen=True, kw_only=True):
    """How an image is shown, from the cell of the cursor on."""

    placement_id: int = 1
    z: int = FRAME_Z
    offset_px: tuple[int, int] = (0, 0)
    """Where in the first cell the picture begins, in pixels; less than a cell."""
    source: Rect | None = None
    """The part of the image that is shown; None: all of it."""
    columns: int = 0
    """Cells over which the picture is scaled; 0: at its own size."""
    rows: int = 0


DEFAULT_PLACEMENT = Placement()


def image_id(session: int, view: int, slot: int) -> int:
    """Return a 24-bit image id, never 0, that says whose it is.

    Args:
        session: 1..4095, different in each running program of one terminal.
        view: 0..15, the canvas.
        slot: 0..255, the picture in that canvas.
    """
    if not (0 < session < _SESSIONS and 0 <= view < _VIEWS and 0 <= slot < _SLOTS):
        raise ValueError("session, view or slot is out of its range")
    return (session * _VIEWS + view) * _SLOTS + slot


def command(keys: Mapping[str, int | str], payload: bytes = b"") -> bytes:
    """Return one graphics command, split into chunks where the payload is long.

    Args:
        keys: Control data; zeros and empty values are the protocol's defaults and are left out.
        payload: Bytes before base64.
    """
    control = ",".join(f"{key}={value}" for key, value in {**keys, "q": 2}.items() if value not in {0, ""})
    encoded = memoryview(binascii.b2a_base64(payload, newline=False))
    if len(encoded) <= CHUNK:
        return _escape(control, encoded)
    last = (len(encoded) - 1) // CHUNK * CHUNK
    parts: list[bytes | memoryview] = [b"\x1b_G", control.encode("ascii"), b",m=1;", encoded[:CHUNK]]
    for start in range(CHUNK, last, CHUNK):
        parts += (b"\x1b\\\x1b_Gq=2,m=1;", encoded[start : start + CHUNK])
    parts += (b"\x1b\\\x1b_Gq=2,m=0;", encoded[last:], b"\x1b\\")
    return b"".join(parts)


def transmit_png(image: int, png: bytes) -> bytes:
    """Return the upload of a PNG that is not shown yet."""
    return command({"a": "t", "f": 100, "i": image}, png)


def transmit_shared(image: int, size_px: tuple[int, int], name: str) -> bytes:
    """Return the upload of RGB pixels from POSIX shared memory, which the terminal removes; not shown yet."""
    width, height = size_px
    keys: dict[str, int | str] = {"a": "t", "t": "s", "f": 24, "s": width, "v": height, "i": image}
    return command(keys, name.encode("ascii"))


def transmit_pixels(image: int, pixels: NDArray[np.uint8]) -> bytes:
    """Return the upload of RGB or straight RGBA pixels (h, w, 3 | 4), deflated; not shown yet."""
    return command({"a": "t", **_raw(image, pixels)}, _deflated(pixels))


def show_png(image: int, png: bytes, placement: Placement = DEFAULT_PLACEMENT) -> bytes:
    """Return the upload of a PNG and its placement at the cursor, which does not move."""
    return command({"a": "T", "f": 100, "i": image, **_where(placement)}, png)


def show_pixels(image: int, pixels: NDArray[np.uint8], placement: Placement = DEFAULT_PLACEMENT) -> bytes:
    """Return the upload of RGB or straight RGBA pixels and their placement at the cursor, which does not move."""
    return command({"a": "T", **_raw(image, pixels), **_where(placement)}, _deflated(pixels))


def place(image: int, placement: Placement = DEFAULT_PLACEMENT) -> bytes:
    """Return the placement of an uploaded image at the cursor; one with the same ids moves there."""
    return command({"a": "p", "i": image, **_where(placement)})


def move(image: int, row: int, column: int, placement: Placement = DEFAULT_PLACEMENT) -> bytes:
    """Return the placement of an uploaded image at a cell of the screen, both from 0."""
    return b"\x1b[%d;%dH" % (row + 1, column + 1) + place(image, placement)


def delete_image(image: int) -> bytes:
    """Return the command that takes an image off the screen and frees its pixels, and maybe those of others.

    Kitty 0.26 to 0.46 frees every image that is not placed with it, whatever the id (issue 10450 of kovidgoyal/kitty).
    """
    return command({"a": "d", "d": "I", "i": image})


def replace_by_nothing(image: int) -> bytes:
    """Return the commands that take an image off the screen and put one transparent pixel in the place of its own."""
    return command({"a": "d", "d": "i", "i": image}) + command(
        {"a": "t", "f": 32, "s": 1, "v": 1, "i": image}, bytes(4)
    )


def delete_placement(image: int, placement_id: int) -> bytes:
    """Return the command that takes one placement off the screen and keeps the pixels."""
    return command({"a": "d", "d": "i", "i": image, "p": placement_id})


def delete_images(images: Iterable[int]) -> bytes:
    """Return the commands that free images: all of ours, and nobody else's."""
    return b"".join(delete_image(image) for image in images)


def place_for_placeholders(image: int, columns: int, rows: int) -> bytes:
    """Return the virtual placement that `placeholder_rows` refers to; it shows nothing by itself."""
    return command({"a": "p", "U": 1, "i": image, "c": columns, "r": rows})


def placeholder_rows(image: int, columns: int, rows: int) -> tuple[str, ...]:
    """Return the text of each row by which an image is shown inside a multiplexer's pane.

    The image id is the foreground colour; only the first cell of a row names its place, the terminal counts on.

    Raises:
        ValueError: More than 297 rows or columns, or an image id of more than 24 bits.
    """
    if max(columns, rows) > len(DIACRITICS) or not 0 < image < 1 << 24:
        raise ValueError("placeholders name at most 297 rows and columns and 24 bits of image id")
    colour = f"\x1b[38;2;{image >> 16};{image >> 8 & 255};{image & 255}m"
    rest = _PLACEHOLDER * (columns - 1)
    return tuple(f"{colour}{_PLACEHOLDER}{DIACRITICS[row]}{DIACRITICS[0]}{rest}\x1b[39m" for row in range(rows))


def tmux_wrap(data: bytes) -> bytes:
    """Return graphics commands so that tmux passes them on (`allow-passthrough on`), each in an envelope of its own."""
    commands = [part + b"\x1b\\" for part in data.split(b"\x1b\\") if part]
    return b"".join(b"\x1bPtmux;" + one.replace(b"\x1b", b"\x1b\x1b") + b"\x1b\\" for one in commands)


def _escape(control: str, payload: memoryview) -> bytes:
    return b"".join((b"\x1b_G", control.encode("ascii"), b";" if payload else b"", payload, b"\x1b\\"))


def _where(placement: Placement) -> dict[str, int | str]:
    source = placement.source
    part = {} if source is None else {"x": source.x0, "y": source.y0, "w": source.width, "h": source.height}
    return {
        "p": placement.placement_id,
        "C": 1,
        "z": placement.z,
        "X": placement.offset_px[0],
        "Y": placement.offset_px[1],
        "c": placement.columns,
        "r": placement.rows,
        **part,
    }


def _raw(image: int, pixels: NDArray[np.uint8]) -> dict[str, int | str]:
    height, width, channels = pixels.shape
    return {"f": 8 * channels, "o": "z", "s": width, "v": height, "i": image}


def _deflated(pixels: NDArray[np.uint8]) -> bytes:
    from isal import isal_zlib

    return bytes(isal_zlib.compress(np.ascontiguousarray(pixels), 1))
