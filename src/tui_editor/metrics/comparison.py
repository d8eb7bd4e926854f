"""Compares two sides batch by batch: matches their labels, counts, measures, and tells where they differ."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.metrics.answers import AnswerTally, AttributeFigures
from tui_editor.metrics.assignment import heaviest_matching
from tui_editor.metrics.boundary import boundary_f
from tui_editor.metrics.collector import Collector
from tui_editor.metrics.disagreements import Disagreement, Matched, disagreements
from tui_editor.metrics.excerpts import Names
from tui_editor.metrics.rules import Conflict, MatchRules
from tui_editor.metrics.scored import Scored
from tui_editor.metrics.similarity import bitmask_at, similar_pairs
from tui_editor.metrics.tally import NOBODY, ClassFigures, Tally
from tui_editor.metrics.tracked import Tracked
from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.metrics.excerpts import Excerpt
    from tui_editor.metrics.labels import Labels
    from tui_editor.metrics.pairs import Flags, Pairs

_SAME_CLASS = 1e-6
"""How much the same class adds to an overlap: of equals, the label of the same class is matched."""
_LEVELS = (0.5, 0.75)
"""Overlaps at which F1 is told too."""
_REGIONS = (ShapeKind.POLYGON, ShapeKind.BITMASK)
_WITH_AREA = (ShapeKind.BOX, ShapeKind.ROTATED_BOX, *_REGIONS)


class Report(Struct, frozen=True, kw_only=True):
    """What a comparison found."""

    figures: dict[str, float]
    """By short name; NaN where there is nothing to measure."""
    classes: tuple[ClassFigures, ...]
    confused: tuple[tuple[str, str, int], ...]
    """Class in A, class in B and how often, the most frequent first; empty where one side has nothing."""
    attributes: tuple[AttributeFigures, ...]
    conflicts: dict[Conflict, int]
    ap_by_class: dict[str, dict[str, float]]
    """Kind of average (``, `mask_`, `keypoint_`) → class → AP."""
    frames: int
    crowds: int
    """Labels of crowds, which only COCO's averages look at."""


class Comparison:
    """A comparison in the making.

    Args:
        rules: How labels are matched.
    """

    def __init__(self, rules: MatchRules | None = None) -> None:
        self._rules = rules or MatchRules()
        self._names = Names()
        self._tally, self._answers = Tally(), AnswerTally()
        self._tracked, self._scored = Tracked(), Scored()
        self._conflicts: Counter[Conflict] = Counter()
        self._outlines: list[float] = []
        self._frames = self._crowds = 0

    def add(self, excerpts: Sequence[tuple[Excerpt, Excerpt]]) -> list[Disagreement]:
        """Compare excerpts of the same media; return where they differ, in their order."""
        with np.errstate(over="ignore", invalid="ignore"):  # a foreign file may hold any number
            return self._added(excerpts)

    def _added(self, excerpts: Sequence[tuple[Excerpt, Excerpt]]) -> list[Disagreement]:
        a, b, starts, count = self._gathered(excerpts)
        pairs = similar_pairs(a, b, rectangles=self._rules.rectangles)
        pairs = pairs.where(~a.crowd[pairs.rows] & ~b.crowd[pairs.columns])
        matched = self._matched(a, b, pairs, self._rules.least_overlap)
        self._count(a, b, pairs, matched)
        switches = self._tracked.add(a, b, pairs)
        self._scored.add(a, b, self._frames)
        self._frames += count
        both = Matched(a, b, matched, list(excerpts), starts, self._rules, switches)
        found = list(disagreements(both, self._answers))
        self._conflicts.update(d.kind for d in found)
        return found

    def _gathered(self, excerpts: Sequence[tuple[Excerpt, Excerpt]]) -> tuple[Labels, Labels, list[int], int]:
        sides = Collector(self._names), Collector(self._names)
        starts, first = [], 0
        for couple in excerpts:
            starts.append(first)
            first = max([side.add(excerpt, first) for side, excerpt in zip(sides, couple, strict=True)])
        return sides[0].labels(), sides[1].labels(), starts, first

    def _matched(self, a: Labels, b: Labels, pairs: Pairs, least: float) -> Pairs:
        near = pairs.where(pairs.values >= least)
        same = a.klass[near.rows] == b.klass[near.columns]
        return near.where(heaviest_matching(near.rows, near.columns, near.values + _SAME_CLASS * same))

    # --- counting --------------------------------------------------------------------------------

    def _count(self, a: Labels, b: Labels, pairs: Pairs, matched: Pairs) -> None:
        singles = ~a.crowd, ~b.crowd
        self._crowds += sum(int((~s).sum()) for s in singles)
        places = [np.cumsum(s) - 1 for s in singles]
        among = type(matched)(places[0][matched.rows], places[1][matched.columns], matched.values)
        self._tally.count(a.klass[singles[0]], b.klass[singles[1]], among)
        same = matched.where(a.klass[matched.rows] == b.klass[matched.columns])
        sized = same.where(self._with_area(a)[same.rows])
        self._tally.add_overlap(a.klass[sized.rows], sized.values)
        self._count_same_class(a, b, pairs)
        self._outlines += [self._outline(a, b, row, column) for row, column in self._regions(a, b, same)]

    def _count_same_class(self, a: Labels, b: Labels, pairs: Pairs) -> None:
        alike = pairs.where(a.klass[pairs.rows] == b.klass[pairs.columns])
        for least in _LEVELS:
            matched = self._matched(a, b, alike, least)
            self._tally.at[least] = self._tally.at.get(least, 0) + len(matched)
        sized = self._with_area(a), self._with_area(b)
        halves = alike.where((alike.values > _LEVELS[0]) & sized[0][alike.rows])
        segments = self._matched(a, b, halves, _LEVELS[0])
        singles = [side.klass[flags & ~side.crowd] for side, flags in zip((a, b), sized, strict=True)]
        self._tally.add_segments(singles[0], singles[1], a.klass[segments.rows], segments.values)

    def _with_area(self, side: Labels) -> Flags:
        flags = np.zeros(len(side), bool)
        flags[side.of_kinds(_WITH_AREA)] = True
        return flags

    def _regions(self, a: Labels, b: Labels, same: Pairs) -> list[tuple[int, int]]:
        if self._rules.rectangles:
            return []
        regions = np.isin(same.rows, a.of_kinds(_REGIONS)) & np.isin(same.columns, b.of_kinds(_REGIONS))
        return list(zip(same.rows[regions].tolist(), same.columns[regions].tolist(), strict=True))

    def _outline(self, a: Labels, b: Labels, row: int, column: int) -> float:
        width, height = (int(v) for v in a.frame_size[row])
        return boundary_f(bitmask_at(a, row), bitmask_at(b, column), (width, height))

    # --- the end ---------------------------------------------------------------------------------

    def report(self) -> Report:
        """Return what was found so far."""
        averages = self._scored.averages()
        figures = self._tally.figures()
        if self._outlines:
            figures["boundary"] = float(np.mean(self._outlines))
        if self._answers.figures():
            figures["answers"] = self._answers.same
        figures |= self._tracked.figures()
        for found in averages.values():
            figures |= found.figures
        names = self._names.names
        return Report(
            figures=figures,
            classes=tuple(self._tally.classes(names)),
            confused=tuple(self._confused(names)),
            attributes=tuple(self._answers.figures()),
            conflicts={kind: self._conflicts[kind] for kind in Conflict if self._conflicts[kind]},
            ap_by_class={
                name: {names[k]: value for k, value in found.by_category.items()} for name, found in averages.items()
            },
            frames=self._frames,
            crowds=self._crowds,
        )

    def _confused(self, names: list[str]) -> list[tuple[str, str, int]]:
        def name(klass: int) -> str:
            return "" if klass == NOBODY else names[klass]

        found = [(name(x), name(y), n) for (x, y), n in self._tally.couples.items() if n]
        return sorted(found, key=lambda row: (-row[2], row[0], row[1]))
