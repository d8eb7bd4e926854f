"""Delete many labels at once, by instance, range of frames and confidence. Counts first, over all columns at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.edits.labels import delete_part
from tui_editor.model.patch import Patch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.patch import Change
    from tui_editor.model.tracks import Track


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """The labels of one instance that were found."""

    instance: InstanceId
    track: Track
    """All that it has in the data unit."""
    rows: NDArray[np.intp]
    """Those of the track that were found, at least one."""
    whole: bool
    """It has no other labels: the instance goes with these."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def frames(self) -> tuple[int, int]:
        """Return the first and the last frame."""
        return self.track.frames.item(self.rows.item(0)), self.track.frames.item(self.rows.item(-1))

    @property
    def labels(self) -> Track:
        """Return the labels: a view where they lie one behind the other, else a copy."""
        begin, end = self.rows.item(0), self.rows.item(-1) + 1
        if len(self.rows) == len(self.track):
            return self.track
        return self.track.part(begin, end) if end - begin == len(self.rows) else self.track.take(self.rows)


def matching(
    document: LabelDocument,
    unit: UnitId,
    instances: Iterable[InstanceId] | None = None,
    first: int = 0,
    last: int | None = None,
    below: float | None = None,
) -> list[Match]:
    """Return the labels of some instances on frames first..last of a data unit, with a confidence under a bound.

    Args:
        document: The task.
        unit: The data unit.
        instances: Whose labels; None: everybody's.
        first: The first frame.
        last: The last frame, included; None: the last one there is.
        below: Only labels with less confidence than this, 0..1; None: all.
    """
    # a persistent map's own order differs from run to run, that of a patch should not
    wanted = sorted(document.instances if instances is None else instances)
    found = [(i, track) for i in wanted if (track := document.tracks.get((i, unit))) is not None]
    if not found:
        return []
    starts = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(track.frames) for _, track in found], out=starts[1:])
    frames = np.concatenate([track.frames for _, track in found])
    hit = frames >= first
    if last is not None:
        hit &= frames <= last
    if below is not None:
        hit &= np.concatenate([track.confidence for _, track in found]) < np.float32(below)
    counts = np.add.reduceat(hit, starts[:-1], dtype=np.int64)
    return [_match(document, *found[n], hit[starts[n] : starts[n + 1]]) for n in np.flatnonzero(counts).tolist()]


def _match(document: LabelDocument, instance: InstanceId, track: Track, hit: NDArray[np.bool_]) -> Match:
    rows = hit.nonzero()[0]
    whole = len(rows) == len(track) and len(document.units_of[instance]) == 1
    return Match(instance, track, rows, whole)


def delete_matches(document: LabelDocument, unit: UnitId, matches: Iterable[Match]) -> Patch:
    """Return the patch that removes labels that `matching` found; an instance goes with its last label."""
    changes: list[Change] = []
    for match in matches:
        changes += delete_part(document, match.instance, unit, match.labels).changes
    return Patch(tuple(changes))
