"""Ranges of frames, confidences and counts as people type and read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui_editor.errors import UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.model.frames import Unit

_RANGE = re.compile(r"(\d+)(?:\s*(?:-|–|\.\.|,)\s*(\d+))?")
HINT = "100-200"


def parse_frames(text: str, unit: Unit) -> tuple[int, int]:
    """Return the first and the last frame of a range: `100-200`, or `100` alone.

    Raises:
        UsageError: that is no range, or it lies beyond the data unit's frames.
    """
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{one_line(text) or 'nothing'} is no range of frames", hint=HINT)
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        raise UsageError(f"the range {first}-{last} ends before it begins", hint=f"{last}-{first}")
    if first >= unit.frame_count:
        raise UsageError(f"there is no frame {first}: the last one is {unit.frame_count - 1}")
    return first, min(last, unit.frame_count - 1)


def confidence(text: str) -> float:
    """Return a confidence 0..1 from what was typed: `0.5` or `50%`.

    Raises:
        UsageError: it is none.
    """
    try:
        value = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError as error:
        raise UsageError(f"{one_line(text) or 'nothing'} is no confidence", hint="0.5 or 50%") from error
    if not 0 <= value <= 1:
        raise UsageError(f"a confidence lies between 0 and 1, {one_line(text)} does not", hint="0.5 or 50%")
    return value


def frames_text(first: int, last: int) -> str:
    """Return a range of frames as people read it."""
    return f"frame {first}" if first == last else f"frames {first}–{last}"


def count_text(count: int, noun: str, verb: str = "") -> str:
    """Return a number of things: "1 label", "2,000 labels"; with the plural of a verb, "1 label goes"."""
    done = f" {verb}{('es' if verb.endswith('o') else 's') if count == 1 else ''}" if verb else ""
    return f"{count:,} {noun}{'' if count == 1 else 's'}{done}"
