"""How many images make one task: `--group`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tui_editor.errors import UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence


def group_rows(paths: Sequence[str], group: str) -> list[list[int]]:
    """Return the rows of `paths` (relative, POSIX) that belong to one task, in order.

    Args:
        paths: One for each image.
        group: Empty: each image by itself; `all`; `folder`: the images of each folder; N: every N images.

    Raises:
        UsageError: `group` is none of these.
    """
    rows = range(len(paths))
    if group == "folder":
        folders = sorted(rows, key=lambda row: paths[row].rpartition("/")[0])
        return [list(found) for _, found in groupby(folders, key=lambda row: paths[row].rpartition("/")[0])]
    if group == "all":
        return [list(rows)] if paths else []
    if group and not (group.isascii() and group.isdigit() and int(group)):
        raise UsageError(f"images can't be grouped by {one_line(group)}", hint="--group all, folder or a number")
    size = int(group) if group else 1
    return [list(rows[start : start + size]) for start in range(0, len(paths), size)]
