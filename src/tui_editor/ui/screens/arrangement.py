"""What a person made of the editor's panes: their sizes, and which are hidden; kept in the state folder."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from pathlib import Path

Border = Literal["left", "right", "timeline"]
"""What can be moved: the right edge of the classes, the left edge of the right column, the timeline's top."""

WIDE_FROM = 100
"""Columns of a screen that has room for more than one pane."""
LEAST_SIDE, LEAST_TIMELINE, MOST_TIMELINE = 12, 1, 9
LEAST_CANVAS = (20, 5)
"""Columns and rows that the canvas keeps, if there are so many."""
_OTHER_ROWS = 4
"""Header, toolbar, message and keys."""
_FILE = "panes.json"


class PaneSizes(Struct, frozen=True, kw_only=True):
    """Cells of the panes around the canvas."""

    left: int = 24
    """Width of the classes."""
    right: int = 38
    """Width of the column of labels, attributes, issues, findings and history."""
    timeline: int = 4
    """Height of the timeline."""


NARROW: Final = PaneSizes(right=28, timeline=2)


class Arrangement(Struct, frozen=True, kw_only=True):
    """The panes of the editor on wide screens, and on narrow ones, which show one pane at a time."""

    wide: PaneSizes = PaneSizes()
    narrow: PaneSizes = NARROW
    hidden: frozenset[str] = frozenset({"findings", "history"})
    """What was put away; findings and history come into sight when somebody asks for them."""
    toolbar: bool | None = None
    """Whether the toolbar is wanted; None: where there is room."""
    layout: str = ""
    """The editor layout that is wanted where the project has it; `-`: one window; empty: what the project says."""

    def sizes(self, columns: int, rows: int) -> PaneSizes:
        """Return the sizes on a screen of so many cells: the canvas keeps some of them."""
        kept, wide = (self.wide, True) if columns >= WIDE_FROM else (self.narrow, False)
        room = max(LEAST_SIDE, columns - LEAST_CANVAS[0])
        right = _within(kept.right, LEAST_SIDE, room - LEAST_SIDE if wide else room)
        left = _within(kept.left, LEAST_SIDE, room - right if wide else room)
        most_rows = min(MOST_TIMELINE, rows - _OTHER_ROWS - LEAST_CANVAS[1])
        return PaneSizes(left=left, right=right, timeline=_within(kept.timeline, LEAST_TIMELINE, most_rows))

    def moved(self, border: Border, cells: int, *, columns: int, rows: int) -> Arrangement:
        """Return the arrangement with a pane of another size on such a screen."""
        sizes = replace(self.sizes(columns, rows), **{border: cells})
        wide = columns >= WIDE_FROM
        changed = replace(self, wide=sizes) if wide else replace(self, narrow=sizes)
        fitted = changed.sizes(columns, rows)
        return replace(self, wide=fitted) if wide else replace(self, narrow=fitted)

    def unsized(self) -> Arrangement:
        """Return the arrangement with the sizes that panes have at first."""
        return replace(self, wide=PaneSizes(), narrow=NARROW)


def _within(cells: int, least: int, most: int) -> int:
    return max(least, min(cells, most))


def arrangement_file() -> Path:
    """Return where the person's arrangement is kept."""
    from tui_editor.person_folders import state_folder

    return state_folder() / _FILE


def load_arrangement(file: Path | None = None) -> Arrangement:
    """Return what was kept; the first arrangement where nothing was, or nothing that can be read."""
    import msgspec

    from tui_editor.model.unreadable import UNREADABLE

    try:
        return msgspec.json.decode((file or arrangement_file()).read_bytes(), type=Arrangement)
    except (OSError, *UNREADABLE):
        return Arrangement()


class ArrangementFile:
    """Keeps the newest arrangement, written on a thread: a state folder may lie on a slow disk.

    Args:
        file: Another one than `arrangement_file()`.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._waiting: Arrangement | None = None
        self._thread: threading.Thread | None = None
        self._now: Arrangement | None = None

    @property
    def now(self) -> Arrangement:
        """Return the arrangement; read when it is first asked for."""
        if self._now is None:
            self._now = load_arrangement(self._file)
        return self._now

    def keep(self, arrangement: Arrangement) -> None:
        """Have an arrangement written; where that can't be, it lives as long as the window."""
        if arrangement == self.now:
            return
        self._now = arrangement
        with self._lock:
            self._waiting = arrangement
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, name="arrangement", daemon=True)
                self._thread.start()

    def close(self, timeout: float) -> None:
        """Wait until the newest one is written."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _write_all(self) -> None:
        while True:
            with self._lock:
                arrangement, self._waiting = self._waiting, None
                if arrangement is None:
                    self._thread = None
                    return
            with suppress(OSError):
                _write(self._file or arrangement_file(), arrangement)


def _write(file: Path, arrangement: Arrangement) -> None:
    import msgspec

    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{threading.get_native_id()}")
    new.write_bytes(msgspec.json.format(msgspec.json.encode(arrangement), indent=1))
    new.replace(file)
