"""The media of a folder, in natural order, without opening a file."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.errors import MediaMissing
from tui_editor.media.registry import plugins
from tui_editor.media.sniff import IMAGE_SUFFIXES, VIDEO_SUFFIXES
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = re.compile(r"(\d+)")
_DEPTH = 32


class FolderScan(Struct, frozen=True, kw_only=True):
    """What a folder holds. Names are relative to it, with `/` between folders, each tuple in natural order."""

    folder: Path
    images: tuple[str, ...]
    videos: tuple[str, ...]
    plugged: tuple[tuple[str, str], ...]
    """(name, name of the plug-in) of files that a plug-in claims by extension."""
    others: int
    """Number of further files; hidden ones are not counted."""


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Return a sort key by which `img2` comes before `img10`; equal numbers (`01`, `1`) are told apart by the text."""
    parts: list[str | int] = list(_DIGITS.split(name))
    parts[1::2] = map(int, parts[1::2])
    return parts, name


def natural_sorted(names: list[str]) -> list[str]:
    """Return names in natural order."""
    plain = sorted(names)
    if plain and _uniform(plain):
        return plain  # the same text with numbers of the same width: text order is natural order
    return sorted(plain, key=natural_key)


def _uniform(names: list[str]) -> bool:
    match = _DIGITS.search(names[0])
    if match is None:
        return False
    before, after, length = names[0][: match.start()], names[0][match.end() :], len(names[0])
    if _DIGITS.search(after):
        return False
    start, end = match.span()
    return all(
        len(name) == length and name[start:end].isdecimal() and name.startswith(before) and name.endswith(after)
        for name in names
    )


def scan_folder(path: Path, *, recursive: bool = False) -> FolderScan:
    """List the images and videos of a folder by extension.

    Args:
        path: The folder.
        recursive: Look into folders below as well; links to folders are not followed.

    Raises:
        MediaMissing: The folder isn't there or may not be read.
    """
    images: list[str] = []
    videos: list[str] = []
    plugged: list[tuple[str, str]] = []
    claimed = {suffix: plugin.name for plugin in plugins()[0] for suffix in plugin.suffixes}
    others = 0
    for name in _files(path, "", _DEPTH if recursive else 0):
        suffix = name[name.rfind(".") :].lower()  # a Path for each of 100,000 names costs seconds
        if suffix in IMAGE_SUFFIXES:
            images.append(name)
        elif suffix in VIDEO_SUFFIXES:
            videos.append(name)
        elif suffix in claimed:
            plugged.append((name, claimed[suffix]))
        else:
            others += 1
    return FolderScan(
        folder=path,
        images=tuple(natural_sorted(images)),
        videos=tuple(natural_sorted(videos)),
        plugged=tuple(sorted(plugged, key=lambda entry: natural_key(entry[0]))),
        others=others,
    )


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # links in a circle
        return False


def _files(folder: Path, prefix: str, depth: int) -> Iterator[str]:
    below: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if _is_file(entry):
                    yield prefix + entry.name
                elif depth and entry.is_dir(follow_symlinks=False):
                    below.append(entry.name)
    except OSError as error:
        if prefix:
            return  # a folder below that may not be read hides only itself
        reason = error.strerror or str(error)
        raise MediaMissing(f"the folder can't be listed: {reason}", where=one_line(str(folder))) from error
    for name in sorted(below, key=natural_key):
        yield from _files(Path(folder, name), f"{prefix}{name}/", depth - 1)
