"""Where two sides differ: one disagreement for each run of frames, with the reason in words."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui_editor.metrics.answers import NONE, AnswerTally, answers_at
from tui_editor.metrics.covered import covered
from tui_editor.metrics.rules import SEVERITIES, Conflict, MatchRules
from tui_editor.metrics.similarity import line_likeness
from tui_editor.model.shapes import ShapeKind
from tui_editor.ports import Finding, Severity
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.metrics.excerpts import Excerpt, Place
    from tui_editor.metrics.labels import Labels
    from tui_editor.metrics.pairs import Flags, Pairs
    from tui_editor.metrics.tracked import Switch

_MEASURED = (ShapeKind.PRESENCE, ShapeKind.VERBATIM)
"""Kinds that are the same or not: their overlap says nothing."""
_CHARS = 300


class Disagreement(Struct, frozen=True, kw_only=True):
    """One difference between the two sides on a run of frames."""

    kind: Conflict
    what: str
    """In words, without the place."""
    excerpt_a: Excerpt
    excerpt_b: Excerpt
    a: Place | None
    """Where it is on the first side; None when that has nothing there."""
    b: Place | None
    first: int
    """Frame in the data unit of the second side."""
    last: int
    overlap: float | None = None
    """The least of the run, where labels were matched."""

    @property
    def severity(self) -> Severity:
        """Return how bad it is."""
        return SEVERITIES[self.kind]

    @property
    def reason(self) -> str:
        """Return what is different."""
        low = "" if self.overlap is None else f", overlap {self.overlap:.2f}"
        return one_line(f"{self.what}{low}", limit=_CHARS)

    @property
    def message(self) -> str:
        """Return what is different, and on which frames where there are several."""
        return f"{self.reason} on frames {self.first}–{self.last}" if self.last > self.first else self.reason

    def finding(self) -> Finding:
        """Return the disagreement as a finding about the second side, which is the one that is looked at."""
        return Finding(
            rule=self.kind.value,
            severity=self.severity,
            message=self.message,
            task=self.excerpt_b.task.id,
            unit=self.excerpt_b.unit.id,
            frame=self.first,
            instance=self.b.id if self.b else None,
        )


class Matched(Struct, frozen=True, eq=False):
    """Both sides of a batch, and which labels belong together."""

    a: Labels
    b: Labels
    pairs: Pairs
    excerpts: list[tuple[Excerpt, Excerpt]]
    """By batch, in the order of their frames."""
    starts: list[int]
    """First frame of each of `excerpts` in the batch."""
    rules: MatchRules
    switches: list[Switch]


_Entry = tuple[int, Conflict, int | None, int | None, str, float | None]
"""Frame of the batch, kind, number of the label on each side, what is different, overlap."""


def disagreements(matched: Matched, answers: AnswerTally) -> Iterator[Disagreement]:
    """Yield what differs, by frame, then kind; `answers` counts the answers that met."""
    found: list[_Entry] = [
        *_single(matched),
        *_classes(matched),
        *_overlaps(matched),
        *_directions(matched),
        *_answers(matched, answers),
        *_groups(matched),
        *_covered(matched),
        *_identities(matched),
    ]
    yield from _in_runs(matched, sorted(found, key=lambda e: (e[0], e[1].value, e[2] or 0, e[3] or 0)))


# --- the kinds -----------------------------------------------------------------------------------


def _single(matched: Matched) -> Iterator[_Entry]:
    pairs = matched.pairs
    for n in np.flatnonzero(_left(matched.a, pairs.rows)).tolist():
        yield int(matched.a.frame[n]), Conflict.MISSING, n, None, f"only A has {name_of(matched.a.place(n))}", None
    for n in np.flatnonzero(_left(matched.b, pairs.columns)).tolist():
        yield int(matched.b.frame[n]), Conflict.EXTRA, None, n, f"only B has {name_of(matched.b.place(n))}", None


def _left(side: Labels, taken: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Flags:
    left = ~side.crowd
    left[taken] = False
    return left


def _classes(matched: Matched) -> Iterator[_Entry]:
    pairs = matched.pairs
    for place in np.flatnonzero(matched.a.klass[pairs.rows] != matched.b.klass[pairs.columns]).tolist():
        a, b, value = _couple(pairs, place)
        one, other = name_of(matched.a.place(a)), name_of(matched.b.place(b))
        yield int(matched.a.frame[a]), Conflict.WRONG_CLASS, a, b, f"{one} of A is {other} in B", value


def _overlaps(matched: Matched) -> Iterator[_Entry]:
    pairs = matched.pairs
    for place in np.flatnonzero(pairs.values < matched.rules.low_overlap).tolist():
        a, b, value = _couple(pairs, place)
        if matched.a.kind_at(a) not in _MEASURED:
            name = _both(matched, a, b)
            yield int(matched.a.frame[a]), Conflict.LOW_OVERLAP, a, b, f"{name} fits loosely", value


def _directions(matched: Matched) -> Iterator[_Entry]:
    pairs = matched.pairs
    lines = np.flatnonzero(np.isin(pairs.rows, matched.a.of_kinds((ShapeKind.POLYLINE,))))
    for place in [] if matched.rules.rectangles else lines.tolist():
        a, b, _ = _couple(pairs, place)
        forward, backward = line_likeness(matched.a, matched.b, a, b)
        if backward - forward > matched.rules.direction:
            name = _both(matched, a, b)
            yield int(matched.a.frame[a]), Conflict.DIRECTION, a, b, f"{name} runs the other way", None


def _answers(matched: Matched, tally: AnswerTally) -> Iterator[_Entry]:
    pairs = matched.pairs
    asked = [
        np.array([bool(i.answers or i.dynamic) for i in side.instances], bool)[side.whose]
        for side in (matched.a, matched.b)
    ]
    same_class = matched.a.klass[pairs.rows] == matched.b.klass[pairs.columns]
    for place in np.flatnonzero(same_class & (asked[0][pairs.rows] | asked[1][pairs.columns])).tolist():
        a, b, _ = _couple(pairs, place)
        one, other = answers_at(matched.a.place(a)), answers_at(matched.b.place(b))
        for question in tally.add(one, other):
            said = f"{question} is {one.get(question, NONE)} in A, {other.get(question, NONE)} in B"
            yield int(matched.a.frame[a]), Conflict.ATTRIBUTES, a, b, f"{_both(matched, a, b)}: {said}", None


def _groups(matched: Matched) -> Iterator[_Entry]:
    """Yield the pairs whose companions on the frame are others: groups are those that the sources name."""
    pairs = matched.pairs
    sides = matched.a, matched.b
    if not any(said.group for side in sides for said in side.said):
        return
    members: tuple[dict[tuple[int, str], set[int]], ...] = ({}, {})
    keys: list[list[tuple[int, str] | None]] = []
    for side, numbers, group in zip(sides, (pairs.rows, pairs.columns), members, strict=True):
        names = [side.said[w].group for w in side.whose[numbers].tolist()]
        frames = side.frame[numbers].tolist()
        keys.append([(f, g) if g is not None else None for f, g in zip(frames, names, strict=True)])
        for place, key in enumerate(keys[-1]):
            if key is not None:
                group.setdefault(key, set()).add(place)
    for place, (one, other) in enumerate(zip(*keys, strict=True)):
        first, second = (m[k] if k else {place} for m, k in zip(members, (one, other), strict=True))
        if first != second and len(first & second) / len(first | second) <= matched.rules.group_overlap:
            a, b, _ = _couple(pairs, place)
            what = f"{_both(matched, a, b)} is in another group"
            yield int(matched.a.frame[a]), Conflict.GROUPS, a, b, what, None


def _covered(matched: Matched) -> Iterator[_Entry]:
    for n, share in covered(matched.b, matched.rules.least_visible):
        what = f"{name_of(matched.b.place(n))} of B is covered by smaller labels, {share:.0%} shows"
        yield int(matched.b.frame[n]), Conflict.COVERED, None, n, what, None


def _identities(matched: Matched) -> Iterator[_Entry]:
    for a, before, now in matched.switches:
        places = [matched.a.place(a), matched.b.place(now), matched.b.place(before)]
        one, other, last = (name_of(place) for place in places)
        what = f"{one} of A is {other} in B, {last} until frame {places[2].frame}"
        yield int(matched.a.frame[a]), Conflict.IDENTITY, a, now, what, None


# --- words and runs ------------------------------------------------------------------------------


def name_of(place: Place) -> str:
    """Return what people call an instance: `Car (0)`."""
    found = place.excerpt.ontology.find(place.instance.class_id)
    return f"{found.name if found else place.instance.class_id} ({place.instance.ordinal})"


def _both(matched: Matched, a: int, b: int) -> str:
    one, other = name_of(matched.a.place(a)), name_of(matched.b.place(b))
    return one if one == other else f"{one} of A ({other} in B)"


def _couple(pairs: Pairs, place: int) -> tuple[int, int, float]:
    return int(pairs.rows[place]), int(pairs.columns[place]), float(pairs.values[place])


def _in_runs(matched: Matched, entries: Iterable[_Entry]) -> Iterator[Disagreement]:
    """Yield the entries, those of the same things on consecutive frames as one, in the order in which they begin."""
    done: list[Disagreement] = []
    running: dict[tuple[object, ...], tuple[int, int]] = {}
    """Kind, instances and words → place in `done` and frame of the batch."""
    for frame, kind, a, b, what, overlap in entries:
        places = None if a is None else matched.a.place(a), None if b is None else matched.b.place(b)
        number = bisect_right(matched.starts, frame) - 1
        excerpts = matched.excerpts[number]
        own = frame - matched.starts[number] if excerpts[1].frame is None else excerpts[1].frame
        key = (kind, *(p.id if p else None for p in places), "" if kind is Conflict.COVERED else what)
        at, before = running.get(key, (-1, -2))
        if before == frame - 1:
            known = done[at]
            least = None if overlap is None or known.overlap is None else min(overlap, known.overlap)
            done[at] = replace(known, last=own, overlap=least)
        else:
            at = len(done)
            done.append(
                Disagreement(
                    kind=kind,
                    what=what,
                    excerpt_a=excerpts[0],
                    excerpt_b=excerpts[1],
                    a=places[0],
                    b=places[1],
                    first=own,
                    last=own,
                    overlap=overlap,
                )
            )
        running[key] = at, frame
    yield from done
