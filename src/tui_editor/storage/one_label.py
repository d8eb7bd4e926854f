"""The commonest edit, one label that gives way to another on its frame, without the general way through `splice`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.model.columns import Geometry
from tui_editor.model.tracks import Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FACTS = ("confidence", "origin", "flags", "created_ms", "edited_ms")
_PLAIN = ("confidence", "origin", "flags", "author", "editor", "created_ms", "edited_ms")


def with_row(track: Track, before: Track, after: Track) -> Track | None:
    """Return `track` with its label `before` replaced by `after`; None where that takes `splice`.

    It does when the label is not there as `before` tells, frames differ, shapes vary in length, labels have unknown
    fields, or a person is new to the track.
    """
    frame = before.frames.item(0)
    row = track.row_of(frame)
    if row is None or after.frames.item(0) != frame:
        return None
    if not _is(track, row, before):
        return None
    if len(track) == 1:
        return after
    after = _numbered(after, track)
    if not _fits(track, after):
        return None
    columns: dict[str, Any] = {name: _set(getattr(track, name), row, getattr(after, name)) for name in _PLAIN}
    fixed = track.geometry.fixed.copy()
    fixed[row] = after.geometry.fixed[0]
    return Track(frames=track.frames, geometry=Geometry(track.kind, fixed), people=track.people, **columns)


def _is(track: Track, row: int, label: Track) -> bool:
    """Return whether a row of the track is surely the label; a false no only costs time."""
    if track.geometry.ragged or track.extra is not None or label.extra is not None or track.kind is not label.kind:
        return False
    if any(getattr(track, name).item(row) != getattr(label, name).item(0) for name in _FACTS):
        return False
    if track.geometry.fixed[row].tobytes() != label.geometry.fixed[0].tobytes():
        return False
    return all(_login(track, name, row) == _login(label, name, 0) for name in ("author", "editor"))


def _login(track: Track, name: str, row: int) -> str:
    number: int = getattr(track, name).item(row)
    return track.people[number] if number >= 0 else ""


def _fits(track: Track, after: Track) -> bool:
    if track.extra is not None or after.extra is not None or after.people != track.people:
        return False
    a, b = track.geometry, after.geometry
    return a.kind == b.kind and not a.ragged and a.fixed.shape[1] == b.fixed.shape[1]


def _numbered(label: Track, track: Track) -> Track:
    """Return the label with its people numbered as in the track, where the track knows them all."""
    if label.people == track.people or not set(label.people) <= set(track.people):
        return label
    table = np.array([track.people.index(login) for login in label.people] + [-1], np.int16)  # index -1 stays -1
    columns: dict[str, Any] = {name: getattr(label, name) for name in _PLAIN}
    columns |= {"author": table[label.author], "editor": table[label.editor]}
    return Track(frames=label.frames, geometry=label.geometry, people=track.people, extra=label.extra, **columns)


def _set(column: NDArray[Any], row: int, value: NDArray[Any]) -> NDArray[Any]:
    if column.item(row) == value.item(0):
        return column
    changed = column.copy()
    changed[row] = value[0]
    return changed
