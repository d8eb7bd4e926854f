"""The program's folders of a person: what is configured, what is left for the next sitting, data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

APP = "tui-editor"
_ON_LINUX = "linux" in sys.platform


def config_folder() -> Path:
    """Return the folder of the person's configuration."""
    return _folder("config", "XDG_CONFIG_HOME", ".config")


def state_folder() -> Path:
    """Return the folder of what is left for the next sitting: marks, lines, edits kept aside, logs."""
    return _folder("state", "XDG_STATE_HOME", ".local/state")


def data_folder() -> Path:
    """Return the folder of data that the program makes: its demo project."""
    return _folder("data", "XDG_DATA_HOME", ".local/share")


def _folder(kind: str, variable: str, usual: str) -> Path:
    """Return a folder as platformdirs does; on Linux without it: loading it holds up the first picture by 6 ms.

    Source: XDG Base Directory Specification 0.8.
    """
    if _ON_LINUX:
        given = os.environ.get(variable, "")
        # A relative path is to be ignored.
        return (Path(given) if given.startswith("/") else _home() / usual) / APP
    import platformdirs

    found: Path = getattr(platformdirs, f"user_{kind}_path")(APP, appauthor=False)
    return found


def _home() -> Path:
    """Return the person's home; the root, where nothing can be kept, of somebody who has none."""
    home = os.path.expanduser("~")  # noqa: PTH111  # Path.home() raises for a person without one
    return Path(home if home.startswith("/") else "/")
