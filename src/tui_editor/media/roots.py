"""From a data unit's relative paths to files on this machine, without leaving the named root."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tui_editor.errors import MediaMissing
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.model.frames import Unit


def paths_of(unit: Unit, roots: Mapping[str, Path]) -> list[Path]:
    """Return the files of a unit, one for each path of its media reference, existing or not.

    Raises:
        MediaMissing: The root has no folder on this machine, or a path is absolute, climbs with `..`, or leads out of
            the root through a link.
    """
    root = roots.get(unit.media.root)
    if root is None:
        raise MediaMissing(
            f"the folder of the root {one_line(unit.media.root)!r} is not known",
            where=one_line(unit.title),
            hint="the project's settings say where each root lies on this machine",
        )
    real = os.path.realpath(root)
    folders: dict[str, str] = {}
    return [Path(_inside(real, path, folders)) for path in unit.media.paths]


def _inside(root: str, path: str, folders: dict[str, str]) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path:
        raise MediaMissing("a path of the unit is not inside its root", where=one_line(path))
    folder, name = "/".join(parts[:-1]), parts[-1]
    if folder not in folders:
        folders[folder] = os.path.realpath(os.path.join(root, folder))  # noqa: PTH118  # text: 100,000 paths a unit
    full = f"{folders[folder]}/{name}"
    if os.path.islink(full):  # noqa: PTH114  # as above
        full = os.path.realpath(full)
    if not full.startswith(root.rstrip("/") + "/"):
        raise MediaMissing("a path of the unit leads out of its root through a link", where=one_line(path))
    return full
