"""How much memory one picture may take. Knows numbers and errors only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.errors import MediaCorrupt, MediaTooLarge
from tui_editor.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1 << 20


class Limits(Struct, frozen=True, kw_only=True):
    """What a file may claim before it is refused unread."""

    pixels: int = 256_000_000
    """Width × height of one picture by its header; 200-megapixel cameras fit."""
    decode_bytes: int = 1024 * MIB
    """Memory that decoding one picture may take, estimated from the header."""
    frames: int = 20_000_000
    """Pictures in one file."""

    def check(self, size: tuple[int, int], bytes_per_pixel: float, path: Path) -> None:
        """Refuse a picture by what its header claims.

        Args:
            size: (width, height) that will be decoded, in pixels.
            bytes_per_pixel: Peak memory of the decoder for a pixel.
            path: The file, for the message.

        Raises:
            MediaCorrupt: A side is not positive.
            MediaTooLarge: The picture is over a limit.
        """
        width, height = size
        if width <= 0 or height <= 0:
            raise MediaCorrupt(f"the header says {width}×{height} pixels", where=one_line(str(path)))
        pixels = width * height
        if pixels > self.pixels or pixels * bytes_per_pixel > self.decode_bytes:
            raise MediaTooLarge(
                f"the picture of {width}×{height} pixels would take more memory than is allowed",
                where=one_line(str(path)),
                hint=f"the limit is {self.pixels // 1_000_000} megapixels and {self.decode_bytes // MIB} MiB",
            )


DEFAULT_LIMITS = Limits()
