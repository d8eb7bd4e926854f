"""What the shell says: data on stdout, narration on stderr, everything harmless to a terminal."""

from __future__ import annotations

import sys
import time
import unicodedata
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TextIO

from tui_editor.text import one_line, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tui_editor.ports import Loss

ERROR_CHARS = 1000
"""Most characters of an error's line."""
_MEASURED_ROWS = 500
_CELL_CHARS = 100


def out(text: str = "") -> None:
    """Write lines of data."""
    sys.stdout.write(safe(text, limit=1_000_000) + "\n")


def note(text: str) -> None:
    """Tell the person what happens; one line."""
    sys.stderr.write(one_line(text, limit=ERROR_CHARS) + "\n")


def complain(text: str) -> None:
    """Tell why the command failed; one line."""
    note(f"tui-editor: {text}")


def counted(count: int, what: str) -> str:
    """Return a number with its noun: `1 task`, `2 tasks`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def note_losses(what: str, losses: Iterable[Loss]) -> None:
    """Tell each kind of loss, how often it came, and where first."""
    for loss in losses:
        place = f", first in {loss.where}" if loss.where else ""
        note(f"{what}: {loss.what} ({loss.count}×{place})")


# --- tables and JSON -----------------------------------------------------------------------------


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Print aligned columns; return the number of rows. Widths are those of the first rows, so that long lists flow."""
    cells = ([one_line(str(value), limit=_CELL_CHARS) for value in row] for row in rows)
    first = list(islice(cells, _MEASURED_ROWS))
    if not first:
        return 0
    widths = [max(map(width, column)) for column in zip(head, *first, strict=True)]
    count = 0
    out(_aligned(head, widths))
    for row in chain(first, cells):
        out(_aligned(row, widths))
        count += 1
    return count


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * max(0, most - width(cell)) for cell, most in zip(row, widths, strict=True))
    return "  ".join(padded).rstrip()


def width(text: str) -> int:
    """Return how many cells a terminal gives to harmless text."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def print_json(value: Any) -> None:
    """Print one value. Everything beyond ASCII is escaped, so nothing in it can act on a terminal."""
    import json

    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def print_json_list(values: Iterable[Any]) -> int:
    """Print an array, an element a line, as the elements come; return how many there were."""
    import json

    count = 0
    for value in values:
        sys.stdout.write(("[\n" if not count else ",\n") + json.dumps(value))
        count += 1
    sys.stdout.write("\n]\n" if count else "[]\n")
    return count


# --- progress ------------------------------------------------------------------------------------


def is_interactive() -> bool:
    """Return whether a person sits at a terminal: input, output and narration all go there."""
    return all(_is_terminal(stream) for stream in (sys.stdin, sys.stdout, sys.stderr))


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it was closed
        return False


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int | None], None] | None]:
    """Yield a function that takes (done, total): a bar on stderr where that is a terminal, else None."""
    if not _is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4) as bars:
        bar = bars.add_task(one_line(what), total=None)
        yield seldom(lambda done, total: bars.update(bar, completed=done, total=total))


def seldom(
    tell: Callable[[int, int | None], None], *, every_s: float = 0.05, clock: Callable[[], float] = time.monotonic
) -> Callable[[int, int | None], None]:
    """Return `tell` for calls by the hundred thousand: most are left out, the first and the last one never."""
    last = -every_s

    def told(done: int, total: int | None) -> None:
        nonlocal last
        now = clock()
        if now - last >= every_s or done == total:
            last = now
            tell(done, total)

    return told
