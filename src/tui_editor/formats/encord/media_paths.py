"""Finds the files that label rows name, below one folder; the paths it gives never leave that folder."""

from __future__ import annotations

import os
import struct
from pathlib import Path, PurePosixPath

_LIMIT = 300_000
"""Files that are looked at when names must be searched."""
_HEADERS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "PPM", "JPEG2000")
"""Pillow's names of the kinds whose headers are read; the other kinds are told by the media themselves, later."""


class MediaFinder:
    """Looks for media by title: as a path below `root`, else by file name anywhere below it.

    Args:
        root: The folder that paths are relative to.
        name: The name of the media root that stands for the folder.
        search: Whether folders below `root` are searched for a name that is not found directly.
    """

    def __init__(self, root: Path, name: str = "data", *, search: bool = False) -> None:
        self.root = root
        self.name = name
        self._search = search
        self._names: dict[str, str] | None = None

    def path_of(self, title: str, fallback: str = "media") -> str:
        """Return the POSIX path, relative to the root, of a file titled `title`, whether it exists or not."""
        path = inside(title) or inside(fallback) or "media"
        if self._search and not self._is_file(path):
            return self._by_name().get(PurePosixPath(path).name, path)
        return path

    def fingerprint(self, path: str) -> str:
        """Return `size:mtime_ns` of a file, empty when it is not there."""
        try:
            found = (self.root / path).stat()
        except (OSError, ValueError):
            return ""
        return f"{found.st_size}:{found.st_mtime_ns}"

    def image_size(self, path: str) -> tuple[int, int] | None:
        """Return (width, height) of a still as it is displayed, from its header; None when it can't be told."""
        if not self._is_file(path):
            return None
        from PIL import Image

        try:
            with Image.open(self.root / path, formats=_HEADERS) as picture:
                width, height = picture.size
                turned = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, LookupError, TypeError, struct.error):
            return None
        return (height, width) if turned else (width, height)

    def _is_file(self, path: str) -> bool:
        """Return whether a regular file is there, below the root also when links are followed."""
        try:
            real = (self.root / path).resolve()
            return real.is_file() and real.is_relative_to(self.root.resolve())
        except (OSError, ValueError, RuntimeError):  # the last one: links in a circle
            return False

    def _by_name(self) -> dict[str, str]:
        if self._names is None:
            self._names = {}
            for folder, _, files in os.walk(self.root):
                for name in files:
                    self._names.setdefault(name, (Path(folder) / name).relative_to(self.root).as_posix())
                if len(self._names) > _LIMIT:
                    break
        return self._names


def inside(title: str) -> str:
    """Return a title as a relative path that stays in its folder."""
    parts = PurePosixPath(title.replace("\\", "/").replace("\0", "")).parts
    return "/".join(p for p in parts if p not in {"/", "//", "..", "."} and not p.endswith(":"))
