"""What there is to know of a task, beside the queue: where it stands, what it is made of, its first picture."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from rich.color import Color
from rich.style import Style

from tui_editor.errors import TuiEditorError
from tui_editor.render.cells import half_blocks
from tui_editor.render.pixels import render_pixels
from tui_editor.render.viewport import Viewport
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, PLAIN, WARN, Line, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import Task, TaskRow
    from tui_editor.model.workflow import TaskStatus

NAME_CELLS = 10
MOST_METADATA = 12
"""Keys that are shown; more are counted."""
THUMBNAIL_ROWS = 12
KEPT_THUMBNAILS = 64
HALF = "▀"


class DetailRows:
    """Lines about one task, its picture above them."""

    def __init__(self, lines: tuple[Line, ...], picture: tuple[Line, ...] = ()) -> None:
        self._lines = (*picture, *lines)

    def __len__(self) -> int:
        return len(self._lines)

    def key(self, index: int) -> int:
        """Return the number of the line: nothing is chosen here."""
        return index

    def line(self, index: int) -> Line:
        """Return a line."""
        return self._lines[index]


def detail_lines(row: TaskRow, task: Task, status: TaskStatus) -> tuple[Line, ...]:
    """Return what is told of a task."""
    told = [
        ("stage", f"{row.stage} / {row.state}", BOLD),
        ("priority", f"{row.priority:.2f}", PLAIN),
        ("assignee", status.assignee, PLAIN),
        ("author", status.author, PLAIN),
        ("reviewer", status.reviewer, PLAIN),
        ("branch", row.branch, PLAIN),
        ("group", row.group_key, PLAIN),
        ("split", task.split, PLAIN),
        ("labels", f"{row.label_count:,}", PLAIN),
        ("issues", f"{row.issue_count} open" if row.issue_count else "", BAD),
        ("changed", _when(row.updated_ms), DIM),
    ]
    lines: list[Line] = [(text(f" {row.title}", BOLD),)]
    lines += [_named(name, words, style) for name, words, style in told if words]
    for number, unit in enumerate(task.units[:4]):
        size = f"{unit.width}×{unit.height}" if unit.width else "size unknown"
        kind = unit.kind.value.replace("_", " ")
        frames = f", {unit.frame_count:,} frames" if unit.frame_count != 1 else ""
        lines.append(_named("data" if number == 0 else "", f"{kind}{frames}", PLAIN))
        lines.append(_named("", size, DIM))
    pairs = [(key, value) for unit in task.units for key, value in unit.metadata.items()]
    lines += [_named(key, str(value), WARN) for key, value in pairs[:MOST_METADATA]]
    if len(pairs) > MOST_METADATA:
        lines.append(_named("", f"+{len(pairs) - MOST_METADATA} more keys", DIM))
    return tuple(lines)


def _when(ms: int) -> str:
    """Return a time in the person's zone."""
    try:
        return datetime.fromtimestamp(ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M") if ms else ""
    except (ValueError, OverflowError, OSError):  # a foreign file may hold any number
        return ""


def _named(name: str, words: str, style: Style) -> Line:
    shown, _ = text(name, DIM, NAME_CELLS)
    return ((" ", PLAIN), (shown.ljust(NAME_CELLS), DIM), (" ", PLAIN), text(words, style))


def picture_lines(frame: Frame, columns: int) -> tuple[Line, ...]:
    """Return a small picture in half blocks, a line of cells each."""
    width, height = frame.full_size
    rows = max(1, min(THUMBNAIL_ROWS, round(height / max(width, 1) * columns / 2)))
    canvas = (columns, 2 * rows)
    cells = half_blocks(render_pixels(frame, Viewport.fit(frame.full_size, canvas)))
    return tuple(
        tuple((HALF, _style(above, below)) for above, below in zip(upper, lower, strict=True))
        for upper, lower in zip(cells.upper.tolist(), cells.lower.tolist(), strict=True)
    )


def _style(above: list[int], below: list[int]) -> Style:
    return Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below))


class Thumbnails:
    """Makes first pictures on a thread of its own; the newest wish counts, and where one can't be made none is shown.

    Args:
        done: Called on the thread when a picture was made.
    """

    def __init__(self, done: Callable[[], None]) -> None:
        self._done = done
        self._wake = threading.Condition()
        self._wish: tuple[Task, Mapping[str, Path], int] | None = None
        self._closed = False
        self._made: OrderedDict[tuple[TaskId, int], tuple[Line, ...]] = OrderedDict()
        self._thread: threading.Thread | None = None

    def of(self, task: Task, roots: Mapping[str, Path], columns: int) -> tuple[Line, ...]:
        """Return a task's picture in so many columns; nothing yet where it is still to be made."""
        with self._wake:
            made = self._made.get((task.id, columns))
            if made is None and not self._closed:
                self._wish = task, roots, columns
                self._wake.notify()
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="thumbnails", daemon=True)
                    self._thread.start()
            return made or ()

    def close(self) -> None:
        """End the thread; nobody waits for what it is doing."""
        with self._wake:
            self._closed, self._wish = True, None
            self._wake.notify()

    def _work(self) -> None:
        while True:
            with self._wake:
                while self._wish is None and not self._closed:
                    self._wake.wait()
                if self._closed or self._wish is None:
                    return
                (task, roots, columns), self._wish = self._wish, None
            picture = _picture(task, roots, columns)
            with self._wake:
                self._made[task.id, columns] = picture
                while len(self._made) > KEPT_THUMBNAILS:
                    self._made.popitem(last=False)
            if not self._closed:
                self._done()


def _picture(task: Task, roots: Mapping[str, Path], columns: int) -> tuple[Line, ...]:
    from tui_editor.media.open import open_source
    from tui_editor.media.roots import paths_of

    try:
        unit = task.units[0]
        with closing(open_source(unit.kind, paths_of(unit, roots))) as source:
            return picture_lines(source.read(0, (columns, 2 * THUMBNAIL_ROWS)), columns)
    except (TuiEditorError, OSError, IndexError, ValueError):
        return ()
