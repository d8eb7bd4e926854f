"""The findings that a person has before them: which are listed, in which order, found by words."""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from tui_editor.ports import Severity
from tui_editor.state.memo import remember_last

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import UnitId
    from tui_editor.model.project import Task
    from tui_editor.ports import Finding

MOST_LISTED: Final = 5000
"""Findings of a task that are listed, the worst ones: nobody goes through more."""
_RANK: Final = {severity: number for number, severity in enumerate(Severity)}

Spot = tuple[object, ...]
"""What tells a finding from others, whatever it says: rule, data unit, frame, objects."""
_Place = tuple[int, ...]


class FoundFilter(StrEnum):
    """Which findings are listed."""

    ALL = "all"
    WORSE = "errors and warnings"
    ERRORS = "errors"
    BLOCKING = "what blocks submitting"
    WAIVED = "waived"


class FindingFilter(Struct, frozen=True, kw_only=True):
    """What a person wants listed, and in which order."""

    shown: FoundFilter = FoundFilter.WORSE
    words: str = ""
    """Each must be found in the message, the rule's id or title; `rule:`, `severity:`, `object:` and `can:` narrow."""
    worst_first: bool = False
    """By severity, then frame; otherwise by frame."""


NO_FINDING_FILTER: Final = FindingFilter()


class Accepted(Struct, frozen=True, kw_only=True):
    """Who accepted a finding, and why."""

    author: str
    reason: str
    until: str = ""
    """The last day, as 2027-01-31; empty: none is set."""


class Found(Struct, frozen=True, kw_only=True, eq=False):
    """What the checks found in the open task."""

    document: LabelDocument
    """The labels that were checked."""
    findings: tuple[Finding, ...] = ()
    """Those that nobody waived, at most `MOST_LISTED`, by place."""
    waived: tuple[Finding, ...] = ()
    accepted: Mapping[Finding, Accepted] = field(default_factory=dict)
    """Of those that are waived."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What is wrong, by rule."""
    blocking: tuple[str, ...] = ()
    """Rules whose errors and warnings block submitting in this stage."""
    counts: tuple[int, int, int] = (0, 0, 0)
    """Errors, warnings and infos that nobody waived, those beyond the listed ones too."""
    problem: str = ""
    """What kept the checks from being run; empty when nothing did."""


def spot(finding: Finding) -> Spot:
    """Return what names a finding, whatever it says."""
    return finding.rule, finding.unit, finding.frame, finding.instance, finding.other, finding.issue


def frames_of(finding: Finding) -> tuple[int, int] | None:
    """Return the first and the last frame of a finding; None when it is about none."""
    if finding.frame is None:
        return None
    return finding.frame, finding.frame if finding.last_frame is None else finding.last_frame


def in_place(findings: Sequence[Finding], task: Task) -> tuple[Finding, ...]:
    """Return findings in the order of data units, frames, severity and rules."""
    return tuple(sorted(findings, key=_place_key(task, worst_first=False)))


def _place_key(task: Task, *, worst_first: bool) -> Callable[[Finding], _Place]:
    units: Mapping[UnitId | None, int] = {unit.id: number for number, unit in enumerate(task.units)}

    def place(finding: Finding) -> _Place:
        frame = -1 if finding.frame is None else finding.frame
        rank, at = _RANK[finding.severity], (units.get(finding.unit, -1), frame)
        rule = int.from_bytes(finding.rule.encode()[:4].ljust(4), "big")
        return (rank, *at, rule, finding.instance or 0) if worst_first else (*at, rank, rule, finding.instance or 0)

    return place


def is_blocking(finding: Finding, rules: Sequence[str]) -> bool:
    """Return whether a finding blocks submitting, where these rules or beginnings of rules do."""
    return finding.severity is not Severity.INFO and finding.rule.startswith(tuple(rules)) if rules else False


class FindingList:
    """The listed findings in order."""

    def __init__(self, findings: tuple[Finding, ...], key: Callable[[Finding], _Place]) -> None:
        self.findings = findings
        self._key = key
        self._rows: dict[Spot, list[int]] = {}

    def row(self, finding: Finding | None) -> int | None:
        """Return where a finding stands, whatever it says by now; None when it is not listed."""
        if finding is None:
            return None
        if not self._rows:
            for row, each in enumerate(self.findings):
                self._rows.setdefault(spot(each), []).append(row)
        rows = self._rows.get(spot(finding), [])
        return next((row for row in rows if self.findings[row] == finding), rows[0] if rows else None)

    def behind(self, finding: Finding) -> int:
        """Return the row of the first finding that is not before the place of another one, which may be gone."""
        return bisect_left(self.findings, self._key(finding), key=self._key)

    def from_frame(self, task: Task, unit: UnitId, frame: int) -> int:
        """Return the row of the first finding on a frame or behind it, the first one when there is none."""
        units: dict[UnitId | None, int] = {each.id: number for number, each in enumerate(task.units)}
        here = units.get(unit, -1), frame
        places = ((units.get(f.unit, -1), -1 if f.frame is None else f.frame) for f in self.findings)
        return next((row for row, place in enumerate(places) if place >= here), 0)


def finding_list(found: Found, task: Task, wanted: FindingFilter) -> FindingList:
    """Return what is listed of the findings of a task."""
    return _listed(found, task, wanted)


@remember_last
def _listed(found: Found, task: Task, wanted: FindingFilter) -> FindingList:
    key = _place_key(task, worst_first=wanted.worst_first)
    fits = [_word_test(word, found) for word in wanted.words.casefold().split()]
    chosen = _shown(found, wanted.shown)
    if fits:
        chosen = tuple(f for f in chosen if all(test(f) for test in fits))
    if wanted.worst_first:  # those of one severity stay by place
        chosen = tuple(sorted(chosen, key=lambda f: _RANK[f.severity]))
    return FindingList(chosen, key)


def _shown(found: Found, shown: FoundFilter) -> tuple[Finding, ...]:
    match shown:
        case FoundFilter.WAIVED:
            return found.waived
        case FoundFilter.ERRORS:
            return tuple(f for f in found.findings if f.severity is Severity.ERROR)
        case FoundFilter.WORSE:
            return tuple(f for f in found.findings if f.severity is not Severity.INFO)
        case FoundFilter.BLOCKING:
            return tuple(f for f in found.findings if is_blocking(f, found.blocking))
        case _:
            return found.findings


def _word_test(word: str, found: Found) -> Callable[[Finding], bool]:
    key, _, value = word.partition(":")
    facts: dict[str, Callable[[Finding], str]] = {
        "rule": lambda f: f.rule,
        "severity": lambda f: f.severity.value,
        "object": lambda f: f.name,
        "can": lambda f: f.fix,
    }
    if key in facts and value:
        return lambda f: value in facts[key](f).casefold()
    return lambda f: word in f"{f.rule} {found.titles.get(f.rule, '')} {f.message} {f.name}".casefold()
