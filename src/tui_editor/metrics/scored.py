"""Gathers what COCO's averages need: every true object, every guess with its score, and which pairs may match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field

from tui_editor.metrics.coco_ap import KEYPOINT_RULES, LEAST, Averages, Guesses, Rules, Truth, measure_ap
from tui_editor.metrics.keypoints import COCO_SIGMAS, SIGMA, keypoint_similarity
from tui_editor.metrics.pairs import Pairs, beside_each_other, box_overlap, join_pairs, within_groups
from tui_editor.metrics.similarity import bitmask_at, mask_overlap
from tui_editor.model.masks import area
from tui_editor.model.shapes import ShapeKind, Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.metrics.labels import Labels
    from tui_editor.metrics.pairs import Floats, Ints

FAMILIES = {
    "": (ShapeKind.BOX,),
    "mask_": (ShapeKind.POLYGON, ShapeKind.BITMASK),
    "keypoint_": (ShapeKind.SKELETON,),
}
"""Beginning of the figures' names → the kinds of shapes that they are about."""


class Scored:
    """COCO's averages of the labels that carry scores, batch by batch."""

    def __init__(self) -> None:
        self._families = {name: _Family(name) for name in FAMILIES}

    def add(self, a: Labels, b: Labels, first_picture: int) -> None:
        """Add a batch; its frames are pictures from `first_picture` on."""
        for name, kinds in FAMILIES.items():
            self._families[name].add(a, b, a.of_kinds(kinds), b.of_kinds(kinds), first_picture)

    def averages(self) -> dict[str, Averages]:
        """Return the averages of each family that has scores."""
        return {name: family.averages() for name, family in self._families.items() if family.has_scores}


class _Family(Struct, eq=False):
    name: str
    truth: list[Truth] = field(default_factory=list)
    guesses: list[Guesses] = field(default_factory=list)
    pairs: list[Pairs] = field(default_factory=list)
    counts: tuple[int, int] = (0, 0)
    has_scores: bool = False

    def add(self, a: Labels, b: Labels, truth: Ints, guesses: Ints, first_picture: int) -> None:
        self.has_scores = self.has_scores or bool((b.score[guesses] < 1).any())
        crowd = a.crowd[truth]
        self.truth.append(
            Truth(
                picture=a.frame[truth] + first_picture,
                category=a.klass[truth],
                area=_areas(a, truth),
                crowd=crowd,
                ignored=crowd | self._blind(a, truth),
            )
        )
        self.guesses.append(
            Guesses(
                picture=b.frame[guesses] + first_picture,
                category=b.klass[guesses],
                area=_guessed_areas(b, guesses),
                score=b.score[guesses],
            )
        )
        measure = _MEASURES[self.name]
        for rows, columns in self._candidates(a, b, truth, guesses):
            same = b.klass[guesses[rows]] == a.klass[truth[columns]]
            row, column = rows[same], columns[same]
            values = measure(a, b, truth[column], guesses[row])
            kept = values >= LEAST
            self.pairs.append(Pairs(row[kept] + self.counts[1], column[kept] + self.counts[0], values[kept]))
        self.counts = self.counts[0] + len(truth), self.counts[1] + len(guesses)

    def _candidates(self, a: Labels, b: Labels, truth: Ints, guesses: Ints) -> Iterator[tuple[Ints, Ints]]:
        """Yield guesses with truths of the same frame; skeletons may match without touching."""
        if self.name.startswith("keypoint"):
            return within_groups(b.frame[guesses], a.frame[truth])
        return beside_each_other(b.rectangle[guesses], b.frame[guesses], a.rectangle[truth], a.frame[truth])

    def _blind(self, a: Labels, truth: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which skeletons have no labelled point."""
        if not self.name.startswith("keypoint") or not len(truth):
            return np.zeros(len(truth), bool)
        table = a.fixed(truth, ShapeKind.SKELETON)
        seen = (table.reshape(len(table), -1, 3)[:, :, 2] != Visibility.INVISIBLE).any(axis=1)
        told = np.array([a.said[w].keypoints == 0 for w in a.whose[truth].tolist()], bool)
        return np.asarray(~seen | told)

    def averages(self) -> Averages:
        rules = KEYPOINT_RULES if self.name.startswith("keypoint") else Rules()
        truth = Truth(**{n: np.concatenate([getattr(t, n) for t in self.truth]) for n in Truth.__struct_fields__})
        guesses = Guesses(
            **{n: np.concatenate([getattr(g, n) for g in self.guesses]) for n in Guesses.__struct_fields__}
        )
        found = measure_ap(truth, guesses, join_pairs(self.pairs), rules)
        return Averages(
            figures={f"{self.name}{key}": value for key, value in found.figures.items()}, by_category=found.by_category
        )


def _areas(a: Labels, numbers: Ints) -> Floats:
    """Return the areas that the source gives, in square pixels; else those of the shapes."""
    told = [a.said[w].area for w in a.whose[numbers].tolist()]
    found = np.array([np.nan if value is None else value for value in told], np.float64)
    silent = np.isnan(found)
    if silent.any():
        found[silent] = _guessed_areas(a, numbers[silent])
    return found


def _guessed_areas(b: Labels, numbers: Ints) -> Floats:
    """Return the areas by COCO's rules for results: of rectangles around boxes and points, of the pixels of regions."""
    found = b.rectangle[numbers, 2] * b.rectangle[numbers, 3]
    for place, n in enumerate(numbers.tolist()):
        kind = b.kind_at(n)
        if kind in FAMILIES["mask_"]:
            found[place] = area(bitmask_at(b, n))
        elif kind is ShapeKind.SKELETON:  # every point counts
            points = b.fixed(np.array([n]), kind).reshape(-1, 3)[:, :2]
            found[place] = np.prod(points.max(axis=0) - points.min(axis=0))
    return np.asarray(np.nan_to_num(found))


def _boxes(a: Labels, b: Labels, truth: Ints, guesses: Ints) -> Floats:
    return box_overlap(b.rectangle[guesses], a.rectangle[truth], a.crowd[truth])


def _masks(a: Labels, b: Labels, truth: Ints, guesses: Ints) -> Floats:
    near = box_overlap(b.rectangle[guesses], a.rectangle[truth]) > 0
    values = np.zeros(len(truth))
    for place in np.flatnonzero(near).tolist():
        one, other = int(truth[place]), int(guesses[place])
        values[place] = mask_overlap(bitmask_at(b, other), bitmask_at(a, one), crowd=bool(a.crowd[one]))
    return values


def _skeletons(a: Labels, b: Labels, truth: Ints, guesses: Ints) -> Floats:
    if ShapeKind.SKELETON not in a.geometry or ShapeKind.SKELETON not in b.geometry:
        return np.zeros(len(truth))
    one, other = a.fixed(truth, ShapeKind.SKELETON), b.fixed(guesses, ShapeKind.SKELETON)
    if one.shape[1] != other.shape[1] or not len(one):
        return np.zeros(len(truth))
    points = one.reshape(len(one), -1, 3)
    count = points.shape[1]
    sigmas = COCO_SIGMAS if count == len(COCO_SIGMAS) else np.full(count, SIGMA)
    found = other.reshape(len(other), -1, 3)
    return keypoint_similarity(points, found, _areas(a, truth), sigmas, a.rectangle[truth])


_MEASURES: dict[str, Callable[[Labels, Labels, Ints, Ints], Floats]] = {
    "": _boxes,
    "mask_": _masks,
    "keypoint_": _skeletons,
}
