"""Where a project's store lies, and opening it. The store's libraries are imported only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.errors import StoreError, StoreMissing
from tui_editor.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.project import Project
    from tui_editor.storage.sqlite.store import SqliteStore

FOLDER = ".tui-editor"
FILE = "project.db"


def store_file(folder: Path) -> Path:
    """Return the file of the store of the project in `folder`."""
    return folder / FOLDER / FILE


def has_store(folder: Path) -> bool:
    """Return whether a folder holds a project.

    Raises:
        StoreError: that can't be told: the folder may not be looked into.
    """
    try:
        return store_file(folder).is_file()
    except OSError as error:
        raise StoreError(
            f"the project's folder can't be read: {_reason(error)}", where=one_line(str(folder))
        ) from error


def find_project(start: Path) -> Path:
    """Return the nearest folder, `start` or above it, that holds a project.

    Raises:
        StoreMissing: there is none.
        StoreError: one of the folders may not be looked into.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if has_store(folder):
            return folder
    raise StoreMissing("there is no project here", where=str(start), hint="make one with `tui-editor init`")


def create_store(folder: Path, project: Project) -> SqliteStore:
    """Make the store of a new project in `folder`.

    Raises:
        StoreError: there is a project already, or the folder can't be written to.
    """
    from tui_editor.storage.sqlite.store import SqliteStore

    path = store_file(folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the project's folder can't be made: {_reason(error)}",
            where=one_line(str(path.parent)),
            hint="make a project where you may write with `tui-editor init DIR`, and name it with --project DIR",
        ) from error
    return SqliteStore(path, project)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def open_store(folder: Path, *, edits: bool = False) -> SqliteStore:
    """Open the store of the project in `folder`, read-only where nothing may be written.

    Args:
        folder: The project's folder.
        edits: Whether many are to come, as in a window.

    Raises:
        StoreMissing: there is none.
        StoreError: it can't be used; the leaf tells why.
    """
    from tui_editor.storage.sqlite.read_only import may_write
    from tui_editor.storage.sqlite.store import SqliteStore

    path = store_file(folder)
    return SqliteStore(path, edits=edits, read_only=path.exists() and not may_write(path))
