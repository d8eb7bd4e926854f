"""What a patch does, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tui_editor.model.patch import StatusChange, TrackChange
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.patch import Change, Patch


def what_changed(patch: Patch) -> str:
    """Return in words what a patch does: `1 instance made, 2 labels set`."""
    return ", ".join(_phrase(what, count) for what, count in change_counts(patch).items())


def _phrase(what: str, count: int) -> str:
    noun, _, done = what.partition(" ")
    if noun in {"move", "given"}:
        return what
    return f"{count} {noun.removesuffix('s')}{'' if count == 1 else 's'} {done}"


def change_counts(patch: Patch) -> Counter[str]:
    """Return how often a patch does what: `{"labels set": 2}`."""
    counts: Counter[str] = Counter()
    for change in patch.changes:
        for what, count in _of_change(change):
            counts[what] += count
    return counts


def _of_change(change: Change) -> Iterator[tuple[str, int]]:
    if isinstance(change, StatusChange):
        yield _moved(change), 1
    elif isinstance(change, TrackChange):
        set_, removed = len(change.after), max(0, len(change.before) - len(change.after))
        yield from ((what, count) for what, count in (("labels set", set_), ("labels removed", removed)) if count)
    else:
        noun = type(change).__name__.removesuffix("Change").lower()
        verb = "made" if change.before is None else "removed" if change.after is None else "changed"
        yield f"{noun} {verb}", 1


def _moved(change: StatusChange) -> str:
    """Return to whom a task was given, or where it was moved."""
    before, after = change.before, change.after
    if before.stage == after.stage and before.assignee != after.assignee:
        return f"given to {one_line(after.assignee, 24)}" if after.assignee else "given back"
    return f"move to {after.stage}/{after.state.value}"
