"""Finds the pictures that a COCO file names: the file says their names, seldom their folder."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SAMPLES = 5
"""How many of the first file names are tried in each folder."""
_PREFIXES = ("instances_", "person_keypoints_", "annotations_", "labels_", "image_info_")


class Pictures:
    """The folder of the pictures, and the paths of pictures relative to the media root.

    Args:
        label_file: The COCO file.
        names: `file_name` of the first images.
        media_dir: Where the user says that the pictures are.
    """

    def __init__(self, label_file: Path, names: Sequence[str], media_dir: Path | None) -> None:
        base = _plain(label_file).parent
        tried = list(_candidates(label_file, media_dir))
        wanted = [relative_name(n) for n in names[:_SAMPLES]]
        hits = {folder: sum(_is_file(folder / name) for name in wanted) for folder in tried}
        best = max(tried, key=lambda folder: hits[folder])
        self.folder = best
        self.root = _plain(media_dir) if media_dir is not None else Path(os.path.commonpath([base, best]))
        self._prefix = best.relative_to(self.root).as_posix()
        self._listings: dict[str, frozenset[str]] = {}

    def path(self, file_name: str) -> str:
        """Return a picture's path relative to the root, with POSIX separators."""
        name = relative_name(file_name)
        return name if self._prefix == "." else f"{self._prefix}/{name}"

    def exists(self, path: str) -> bool:
        """Return whether a file is at a path that `path` gave; each folder is listed once."""
        folder, _, name = path.rpartition("/")
        if folder not in self._listings:
            self._listings[folder] = _listing(self.root / folder)
        return name in self._listings[folder]


def relative_name(file_name: str) -> str:
    """Return a `file_name` as a path that can't leave its folder: absolute ones lose all but their last part."""
    parts = PurePosixPath(file_name.replace("\\", "/").replace("\0", "_")).parts
    drive = bool(parts) and parts[0].endswith(":")
    if not parts or parts[0] in {"/", "//"} or drive or ".." in parts:
        return next((p for p in reversed(parts) if p not in {"/", "//", ".."}), "unnamed")
    return "/".join(parts)


def _candidates(label_file: Path, media_dir: Path | None) -> Iterable[Path]:
    stem = label_file.stem
    split = next((stem.removeprefix(p) for p in _PREFIXES if stem.startswith(p)), stem)
    base = _plain(label_file).parent
    for folder in (_plain(media_dir),) if media_dir is not None else (base, base.parent):
        yield folder
        yield from (folder / "images", folder / "images" / split, folder / split, folder / "data")


def _plain(path: Path) -> Path:
    """Return an absolute path without `..`; links stay what they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path has no such function that leaves links alone


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long
        return False


def _listing(folder: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 - names only, of a folder that may hold 100,000
    except (OSError, ValueError):
        return frozenset()
