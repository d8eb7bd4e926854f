"""Compare two projects or data sets: their agreement in figures, and where they differ."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.api.media_match import Media, Medium
from tui_editor.api.sides import opened_side
from tui_editor.errors import InputError
from tui_editor.metrics.comparison import Comparison, Report
from tui_editor.metrics.excerpts import Excerpt
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tui_editor.api.sides import Item, Side
    from tui_editor.metrics.disagreements import Disagreement
    from tui_editor.metrics.rules import MatchRules
    from tui_editor.ports import Loss

_BATCH_LABELS = 40_000
_BATCH_FRAMES = 20_000
_NAMED = 3


class SideFacts(Struct, frozen=True, kw_only=True):
    """What was read of one side."""

    name: str
    kind: str
    """`project`, or the format's name."""
    tasks: int
    labels: int
    alone: tuple[str, ...]
    """Names of media that the other side doesn't have."""
    losses: tuple[Loss, ...]


class Outcome(Struct, frozen=True, kw_only=True):
    """What a comparison of two sides gave."""

    a: SideFacts
    b: SideFacts
    media: int
    """How many data units, or pictures of groups, both sides have."""
    report: Report


def compare(
    a: Path,
    b: Path,
    rules: MatchRules | None = None,
    *,
    formats: tuple[str, str] = ("", ""),
    tell: Callable[[Disagreement], None] | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> Outcome:
    """Compare two projects, data sets, or one of each; media are matched by their names.

    Args:
        a: The reference, or the first annotator.
        b: What is held against it.
        rules: How labels are matched.
        formats: Names of the formats of both; found out where empty.
        tell: Called with each disagreement as it is found.
        progress: Called with the tasks of `a` compared so far and their total, where it is known.

    Raises:
        FormatError: a path is neither a project nor in a format that can be read.
        InputError: both have no medium in common.
    """
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(opened_side(path, name)) for path, name in zip((a, b), formats, strict=True)
        )
        return _Run(first, second, rules, tell, progress).outcome()


class _Run:
    """One comparison: the second side is listed whole, the first one is gone through."""

    def __init__(
        self,
        a: Side,
        b: Side,
        rules: MatchRules | None,
        tell: Callable[[Disagreement], None] | None,
        progress: Callable[[int, int | None], None] | None,
    ) -> None:
        self._a, self._b, self._tell, self._progress = a, b, tell, progress
        self._comparison = Comparison(rules)
        self._alone: list[str] = []
        self._media = 0
        self._counts = [[0, 0], [0, 0]]

    def outcome(self) -> Outcome:
        others = Media(self._counted(self._b, 1))
        batch: list[tuple[Excerpt, Excerpt]] = []
        size = frames = 0
        for pair in self._pairs(others):
            excerpts = self._excerpt(self._a, pair[0]), self._excerpt(self._b, pair[1])
            batch.append(excerpts)
            size += sum(m.item.label_count if m.frame is None else 0 for m in pair) + 1
            frames += max(s.frame_count for s in excerpts)
            if size >= _BATCH_LABELS or frames >= _BATCH_FRAMES:
                self._compare(batch)
                batch, size, frames = [], 0, 0
        self._compare(batch)
        if not self._media:
            raise self._nothing_in_common(others)
        return self._done(others)

    def _counted(self, side: Side, which: int) -> Iterator[Item]:
        for item in side.items():
            self._counts[which][0] += 1
            self._counts[which][1] += item.label_count
            yield item

    def _pairs(self, others: Media) -> Iterator[tuple[Medium, Medium]]:
        for done, item in enumerate(self._counted(self._a, 0), start=1):
            for number, unit in enumerate(item.task.units):
                medium = Medium(item, unit)
                found = others.take(medium, number, alone=self._a.total == 1 and len(item.task.units) == 1)
                self._media += len(found)
                yield from found
                self._note_alone(medium, found)
            if self._progress is not None:
                self._progress(done, self._a.total)

    def _note_alone(self, medium: Medium, found: list[tuple[Medium, Medium]]) -> None:
        if not found:
            self._alone.append(medium.name)
        elif found[0][0].frame is not None:
            matched = {mine.frame for mine, _ in found}
            self._alone += [p.name for p in medium.pictures() if p.frame not in matched]

    def _excerpt(self, side: Side, medium: Medium) -> Excerpt:
        return Excerpt(medium.item.task, medium.item.read(), medium.unit, side.ontology(), medium.frame)

    def _compare(self, batch: list[tuple[Excerpt, Excerpt]]) -> None:
        if batch:
            for found in self._comparison.add(batch):
                if self._tell is not None:
                    self._tell(found)

    def _done(self, others: Media) -> Outcome:
        alone = tuple(self._alone), tuple(others.left())
        facts = [
            SideFacts(
                name=side.name,
                kind=side.kind,
                tasks=counts[0],
                labels=counts[1],
                alone=names,
                losses=tuple(side.losses()),
            )
            for side, counts, names in zip((self._a, self._b), self._counts, alone, strict=True)
        ]
        return Outcome(a=facts[0], b=facts[1], media=self._media, report=self._comparison.report())

    def _nothing_in_common(self, others: Media) -> InputError:
        names = [", ".join(one_line(n, limit=60) for n in some[:_NAMED]) for some in (self._alone, others.left())]
        return InputError(
            "the two sides have no picture or video in common",
            where=f"{one_line(self._a.name)} and {one_line(self._b.name)}",
            hint=f"they are matched by their names: {names[0] or 'none'} … here, {names[1] or 'none'} … there",
        )
