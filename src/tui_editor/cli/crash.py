"""Where the details of an unexpected error go: a file of the user's, never the terminal."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui_editor.text import safe

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 1_000_000
"""The file begins anew when it is larger."""


def log_file() -> Path:
    """Return the file in the user's state folder."""
    from tui_editor.person_folders import state_folder

    return state_folder() / "errors.log"


def keep_details(error: BaseException) -> str:
    """Append an error's traceback to the log; return a few words that say where it is."""
    path = log_file()
    text = safe("".join(traceback.format_exception(error)), limit=100_000)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = "a" if not path.exists() or path.stat().st_size < MOST_BYTES else "w"
        with path.open(mode, encoding="utf-8") as log:
            log.write(f"--- {datetime.now(UTC).isoformat(timespec='seconds')}\n{text}\n")
    except OSError as refused:
        return f"its details could not be written to {path}: {refused.strerror}"
    return f"details are in {path}"
