"""Measures of tracks, batch by batch: each class is a scene of its own, and their counts add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tui_editor.metrics.clear import Clear, match_in_time, measure_clear, switches
from tui_editor.metrics.hota import Hota, measure_hota
from tui_editor.metrics.identity import Identity, measure_identity, partners
from tui_editor.metrics.pairs import make_pairs
from tui_editor.metrics.series import Scene, Series, series_of
from tui_editor.metrics.spans import temporal_iou
from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from tui_editor.metrics.labels import Labels
    from tui_editor.metrics.pairs import Flags, Ints, Pairs

_SPOKEN = (ShapeKind.PRESENCE,)
_FOREIGN = (ShapeKind.VERBATIM,)


class Switch(NamedTuple):
    """A label of the first side whose track has another partner than before."""

    a: int
    before: int
    """Label of the second side that it had last."""
    now: int


class Tracked:
    """HOTA, CLEAR, identities, and how far spans agree."""

    def __init__(self) -> None:
        self._hota: Hota | None = None
        self._clear, self._identity = Clear(), Identity()
        self._spans: list[float] = []

    def add(self, a: Labels, b: Labels, pairs: Pairs) -> list[Switch]:
        """Add a batch with all pairs of labels that have anything in common; return where identities change."""
        moving = _of_tracks(a) & ~a.crowd, _of_tracks(b) & ~b.crowd
        still = [np.zeros(len(side), bool) for side in (a, b)]
        for side, marks in zip((a, b), still, strict=True):
            marks[side.of_kinds((*_SPOKEN, *_FOREIGN))] = True
        wanted = moving[0] & ~still[0], moving[1] & ~still[1]
        things = scene_of(a, b, pairs, wanted)
        if len(things.truth) or len(things.found):
            measured = measure_hota(things)
            self._hota = measured if self._hota is None else self._hota + measured
            self._clear += measure_clear(things)
            self._identity += measure_identity(things)
            self._spans += temporal_iou(things, partners(things)).tolist()
        spoken = [np.isin(np.arange(len(side)), side.of_kinds(_SPOKEN)) for side in (a, b)]
        said = scene_of(a, b, pairs, (moving[0] & spoken[0], moving[1] & spoken[1]))
        self._spans += temporal_iou(said, partners(said)).tolist()
        return _switches(a, b, things, wanted)

    def figures(self) -> dict[str, float]:
        """Return the figures by their short names; none without tracks."""
        found: dict[str, float] = {}
        if self._hota is not None:
            found = {**self._hota.figures(), **self._identity.figures(), **self._clear.figures()}
        if self._spans:
            found["tiou"] = float(np.mean(self._spans))
        return found


def _switches(a: Labels, b: Labels, scene: Scene, wanted: tuple[Flags, Flags]) -> list[Switch]:
    matched = match_in_time(scene)
    frames = _frames(a, b)
    own, other = (_order(side, np.flatnonzero(flags), frames) for side, flags in zip((a, b), wanted, strict=True))
    return [
        Switch(int(own[matched.rows[now]]), int(other[matched.columns[before]]), int(other[matched.columns[now]]))
        for before, now in switches(scene, matched)
    ]


def _of_tracks(side: Labels) -> Flags:
    """Return which labels belong to units in which something is followed: where an instance has several labels."""
    sizes = np.bincount(side.whose, minlength=len(side.instances))
    followed = {id(excerpt.unit) for excerpt, size in zip(side.excerpts, sizes.tolist(), strict=True) if size > 1}
    long = np.array([excerpt.frame_count > 1 and id(excerpt.unit) in followed for excerpt in side.excerpts], bool)
    return long[side.whose]


def scene_of(a: Labels, b: Labels, pairs: Pairs, wanted: tuple[Flags, Flags]) -> Scene:
    """Return the wanted labels as a scene in which each class has frames of its own."""
    frames = _frames(a, b)
    numbers = [np.flatnonzero(flags) for flags in wanted]
    series, places = [], []
    for side, own in zip((a, b), numbers, strict=True):
        made, place = _series(side, own, frames)
        series.append(made)
        places.append(place)
    kept = wanted[0][pairs.rows] & wanted[1][pairs.columns]
    kept &= a.klass[pairs.rows] == b.klass[pairs.columns]
    inside = pairs.where(kept)
    return Scene(series[0], series[1], make_pairs(places[0][inside.rows], places[1][inside.columns], inside.values))


def _series(side: Labels, numbers: Ints, frames: int) -> tuple[Series, Ints]:
    """Return labels in order of class and frame, and where each label of the side stands in it."""
    ordered = _order(side, numbers, frames)
    made, _ = series_of(side.klass[ordered] * frames + side.frame[ordered], side.whose[ordered])
    place = np.full(len(side), -1, np.int64)
    place[ordered] = np.arange(len(ordered))
    return made, place


def _order(side: Labels, numbers: Ints, frames: int) -> Ints:
    """Return labels in the order that they have in a scene: by class, then frame."""
    return numbers[np.argsort(side.klass[numbers] * frames + side.frame[numbers], kind="stable")]


def _frames(a: Labels, b: Labels) -> int:
    return max(int(side.frame.max(initial=0)) for side in (a, b)) + 1
