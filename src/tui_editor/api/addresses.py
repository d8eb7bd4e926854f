"""Addresses of a place in a project: `tui-editor:///folder/of/project?task=9kq0v&frame=12&instance=3fz`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.errors import UsageError
from tui_editor.model.ids import InstanceId, TaskId, from_text, to_text
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.state.store import TaskState

SCHEME = "tui-editor://"


class Address(Struct, frozen=True, kw_only=True):
    """A project's folder and, optionally, a task, a frame and an instance in it."""

    folder: Path
    task: TaskId | None = None
    frame: int | None = None
    instance: InstanceId | None = None

    def __str__(self) -> str:
        named = (("task", self.task), ("instance", self.instance))
        parts = [f"{name}={to_text(number)}" for name, number in named if number is not None]
        if self.frame is not None:
            parts.insert(1 if self.task is not None else 0, f"frame={self.frame}")
        folder = self.folder.as_posix()
        # The last question mark ends the folder: one whose name has it needs another.
        return f"{SCHEME}{folder}" + ("?" + "&".join(parts) if parts or "?" in folder else "")

    @property
    def resolved(self) -> Address:
        """Return the address with the task that its path ends in: `tui-editor:///folder/of/project/9kq0v?frame=12`."""
        try:
            if self.task is None and not self.folder.exists() and self.folder.parent.is_dir():
                return replace(self, folder=self.folder.parent, task=TaskId(from_text(self.folder.name)))
        except (ValueError, OSError):  # a name that no file system takes names no task either
            pass
        return self


def address_of(folder: str, state: TaskState) -> Address:
    """Return the address of what is shown.

    Args:
        folder: Of the project, its whole path without the first slash.
        state: Of the task: the frame and the selected instance are named.
    """
    from tui_editor.api.pictures import row_of

    row = row_of(state.task, state.frame)
    return Address(folder=Path("/" + folder), task=state.task.id, frame=row, instance=state.selected)


def is_address(text: str) -> bool:
    """Return whether a text is meant to be an address rather than a path."""
    return text.startswith(SCHEME)


def parse_address(text: str) -> Address:
    """Return what an address names.

    Raises:
        UsageError: it is not one, or holds something that is no number or identifier.
    """
    if not is_address(text):
        raise UsageError("an address begins with tui-editor:///", where=one_line(text))
    folder, mark, query = text.removeprefix(SCHEME).rpartition("?")
    if not mark:  # rpartition puts everything last
        folder, query = query, ""
    if not folder.startswith("/"):
        raise UsageError("an address holds the whole path of the project's folder", where=one_line(text))
    values = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(values.keys() - {"task", "frame", "instance"})
    if unknown:
        raise UsageError(f"an address has no part {one_line(unknown[0])}", where=one_line(text))
    try:
        return Address(
            folder=Path(folder),
            task=TaskId(from_text(values["task"])) if "task" in values else None,
            frame=_frame(values["frame"]) if "frame" in values else None,
            instance=InstanceId(from_text(values["instance"])) if "instance" in values else None,
        )
    except ValueError as error:
        raise UsageError("the address holds something that is no identifier", where=one_line(text)) from error


def _frame(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)
