"""Edits that are too large for the turn of a key: what they are, and how one goes through their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.model.patch import TrackChange

if TYPE_CHECKING:
    from collections.abc import Generator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch

MOST_AT_ONCE: Final = 50
"""Changes of a patch: so many take a few milliseconds."""
TRACKS_A_STEP: Final = 1000


def tracks_replaced(document: LabelDocument, patch: Patch) -> Generator[float, None, list[object]]:
    """Return the tracks of a document that a patch changes, a few milliseconds a step."""
    found: list[object] = []
    for number, change in enumerate(patch.changes):
        if isinstance(change, TrackChange):
            found.append(document.tracks.get((change.instance, change.unit)))
        if number % TRACKS_A_STEP == 0:
            yield 0.0
    return found


def is_small(patch: Patch) -> bool:
    """Return whether a patch is done in the turn of its key; a larger one is done in steps."""
    return len(patch.changes) <= MOST_AT_ONCE


def finished(steps: Generator[float, None, str]) -> str:
    """Go through steps and return what they come to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: str = end.value
            return found
