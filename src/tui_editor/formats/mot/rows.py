"""The lines of a MOTChallenge file as columns.

A line is `frame, id, left, top, width, height[, confidence[, class[, visibility]]]`, or ends with `confidence, x, y, z`
(MOT15 and results). Frames and pixels count from 1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tui_editor.errors import FormatError
from tui_editor.formats.json_input import place, read_bytes, read_ends

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PLAIN: Final = frozenset({"gt.txt", "det.txt"})
"""Names that say nothing of the sequence; such a file may be empty: nothing is in its pictures."""
BOX_END: Final = 6
"""Columns up to the box."""
MOST_COLUMNS: Final = 10
PEDESTRIAN: Final = 1
_WITH_CLASS: Final = (8, 9)
"""Numbers of columns where the eighth is the class."""
_NUMBER = rb"\s*[-+]?(?:\d+\.?\d*|\.\d+|(?i:nan|inf))(?:[eE][-+]?\d+)?\s*"
_LINE = re.compile(rb"\s*\d+(?:\.0+)?\s*,\s*-?\d+(?:\.0+)?\s*,%s(?:,%s){3,7}\r?" % (_NUMBER, _NUMBER))
_LOOKED_AT: Final = 20
_MOST: Final = 2**31 - 2


class Rows(NamedTuple):
    """n lines."""

    frame: NDArray[np.int64]
    """As in the file."""
    identity: NDArray[np.int64]
    """Negative: none."""
    box: NDArray[np.float64]
    """(n, 4) left, top, width, height as in the file."""
    confidence: NDArray[np.float64]
    """-1 where none is given."""
    klass: NDArray[np.int64]
    """Number of the class; that of pedestrians where none is given."""
    tail: list[bytes]
    """What follows the box, as in the file."""


def looks_like(path: Path) -> bool:
    """Return whether most of the first lines of a file are such lines: a broken one is told by whoever reads it."""
    head, _ = read_ends(path, 8192)
    lines = [line for line in head.split(b"\n")[: _LOOKED_AT + 1] if line.strip()]
    whole = lines if len(head) < 8192 else lines[:-1]
    return bool(whole) and 2 * sum(_LINE.fullmatch(line) is not None for line in whole) > len(whole)


def read_rows(path: Path) -> Rows:
    """Return the lines of a file.

    Raises:
        FormatError: it can't be read, or is empty and no `gt.txt` or `det.txt`; or a line has too few or too many
            columns, or no number where one must be.
    """
    numbers: list[list[float]] = []
    tails: list[bytes] = []
    for line, text in enumerate(read_bytes(path).split(b"\n"), start=1):
        if text.strip():
            columns = text.split(b",", BOX_END)
            numbers.append(_numbers(columns, path, line))
            tails.append(columns[BOX_END].strip() if len(columns) > BOX_END else b"")
    if not numbers and path.name not in PLAIN:
        raise _fault(path, 1, "no line is in it")
    table = np.array(numbers, np.float64).reshape(-1, BOX_END + 2)
    return Rows(
        frame=table[:, 0].astype(np.int64),
        identity=table[:, 1].astype(np.int64),
        box=np.ascontiguousarray(table[:, 2:BOX_END]),
        confidence=table[:, BOX_END],
        klass=table[:, BOX_END + 1].astype(np.int64),
        tail=tails,
    )


def _numbers(columns: list[bytes], path: Path, line: int) -> list[float]:
    """Return frame, identity, box, confidence and class of a line."""
    if len(columns) < BOX_END:
        raise _fault(path, line, f"a line has {len(columns)} columns, and needs at least {BOX_END}")
    rest = columns[BOX_END].split(b",") if len(columns) > BOX_END else []
    if BOX_END + len(rest) > MOST_COLUMNS:
        raise _fault(path, line, f"a line has {BOX_END + len(rest)} columns, and at most {MOST_COLUMNS} are known")
    try:
        found = [float(text) for text in columns[:BOX_END]]
        found.append(float(rest[0]) if rest else -1.0)
        found.append(float(rest[1]) if BOX_END + len(rest) in _WITH_CLASS else float(PEDESTRIAN))
    except ValueError as error:
        raise _fault(path, line, "a column is no number") from error
    for name, value in (("frame", found[0]), ("identity", found[1]), ("class", found[-1])):
        if not (abs(value) <= _MOST and value == int(value)):
            raise _fault(path, line, f"the {name} is no whole number")
    if found[0] < 0:
        raise _fault(path, line, "the frame is below 0")
    return found


def _fault(path: Path, line: int, what: str) -> FormatError:
    return FormatError(what, where=f"{place(path)}:{line}")


def has_class(tail: bytes) -> bool:
    """Return whether what follows a box names a class."""
    return bool(tail) and BOX_END + tail.count(b",") + 1 in _WITH_CLASS
