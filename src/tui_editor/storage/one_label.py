"""The commonest edit, one label that gives way to another on its frame, without the general way through `splice`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_editor.model.columns import Geometry
from tui_editor.model.tracks import Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FACTS = ("confidence", "origin", "flags", "created_ms", "edited_ms")


def with_row(track: Track, before: Track, after: Track) -> Track | None:
    """Return `track` with its label `before` replaced by `after`; None where that takes `splice`.

    It does when the label is not there as `before` tells, frames differ, shapes vary in length, or labels have unknown
    fields.
    """
    frame = before.frames.item(0)
    row = track.row_of(frame)
    if row is None or after.frames.item(0) != frame:
        return None
    if not _is(track, row, before):
        return None
    if len(track) == 1:
        return after
    if not _fits(track, after):
        return None
    author, editor = _login(after, after.author, 0), _login(after, after.editor, 0)
    people = track.people + tuple(dict.fromkeys(p for p in (author, editor) if p and p not in track.people))
    columns: dict[str, Any] = {name: _set(getattr(track, name), row, getattr(after, name).item(0)) for name in _FACTS}
    columns["author"] = _set(track.author, row, people.index(author) if author else -1)
    columns["editor"] = _set(track.editor, row, people.index(editor) if editor else -1)
    fixed = track.geometry.fixed.copy()
    fixed[row] = after.geometry.fixed[0]
    return Track(frames=track.frames, geometry=Geometry(track.kind, fixed), people=people, **columns)


def _is(track: Track, row: int, label: Track) -> bool:
    """Return whether a row of the track is surely the label; a false no only costs time."""
    if track.geometry.ragged or track.extra is not None or label.extra is not None or track.kind is not label.kind:
        return False
    if any(getattr(track, name).item(row) != getattr(label, name).item(0) for name in _FACTS):
        return False
    if track.geometry.fixed[row].tobytes() != label.geometry.fixed[0].tobytes():
        return False
    return _login(track, track.author, row) == _login(label, label.author, 0) and _login(
        track, track.editor, row
    ) == _login(label, label.editor, 0)


def _login(track: Track, numbers: NDArray[np.int16], row: int) -> str:
    number: int = numbers.item(row)
    return track.people[number] if number >= 0 else ""


def _fits(track: Track, after: Track) -> bool:
    if track.extra is not None or after.extra is not None:
        return False
    a, b = track.geometry, after.geometry
    return a.kind == b.kind and not a.ragged and a.fixed.shape[1] == b.fixed.shape[1]


def _set(column: NDArray[Any], row: int, value: float) -> NDArray[Any]:
    if column.item(row) == value:
        return column
    changed = column.copy()
    changed[row] = value
    return changed
