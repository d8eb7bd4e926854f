"""Where a project's store lies, and opening it. The store's libraries are imported only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.errors import StoreError, StoreMissing

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.project import Project
    from tui_editor.storage.sqlite.store import SqliteStore

FOLDER = ".tui-editor"
FILE = "project.db"


def store_file(folder: Path) -> Path:
    """Return the file of the store of the project in `folder`."""
    return folder / FOLDER / FILE


def find_project(start: Path) -> Path:
    """Return the nearest folder, `start` or above it, that holds a project.

    Raises:
        StoreMissing: there is none.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if store_file(folder).is_file():
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
        raise StoreError("the project's folder can't be made", where=str(path.parent)) from error
    return SqliteStore(path, project)


def open_store(folder: Path) -> SqliteStore:
    """Open the store of the project in `folder`.

    Raises:
        StoreMissing: there is none.
        StoreError: it can't be used; the leaf tells why.
    """
    from tui_editor.storage.sqlite.store import SqliteStore

    return SqliteStore(store_file(folder))
