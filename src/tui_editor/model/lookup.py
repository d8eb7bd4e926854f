"""What a document answers without going through its tables: built once, then changed where an entry changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from rpds import HashTrieMap, HashTrieSet

from tui_editor.model.issue_table import IssueTable, make_table
from tui_editor.model.issues import DecisionState
from tui_editor.model.patch import Change, DecisionChange, InstanceChange, IssueChange

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui_editor.model.ids import ClassId, InstanceId, IssueId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issues import Issue, ReviewDecision

PinPlace = tuple["UnitId", int]

_EMPTY = make_table(())
_Turn = tuple["Issue | None", "Issue | None"]
"""An issue before some changes and after them."""
K = TypeVar("K")
V = TypeVar("V")


class Lookup(Struct, frozen=True, kw_only=True, eq=False):
    """Issues by instance and place, instances by class, and counts of the decisions."""

    issues_of: HashTrieMap[InstanceId, HashTrieSet[IssueId]]
    pins: HashTrieMap[PinPlace, HashTrieSet[IssueId]]
    """Pinned issues, open and resolved, by unit and frame; those on several frames under frame -1."""
    by_place: HashTrieMap[UnitId | None, IssueTable]
    """Issues of each data unit in the order of frames and age; those on none under None."""
    of_class: HashTrieMap[ClassId, HashTrieSet[InstanceId]]
    decided: int
    """Instances that were approved or rejected."""
    rejected: int

    def changed(self, changes: Iterable[Change]) -> Lookup:
        """Return the lookup after changes of the document that it was made for."""
        issues_of, pins, of_class = self.issues_of, self.pins, self.of_class
        decided, rejected = self.decided, self.rejected
        turned: dict[IssueId, _Turn] = {}
        for change in changes:
            match change:
                case IssueChange(id=issue, before=old, after=new):
                    turned[issue] = turned.get(issue, (old, None))[0], new
                    issues_of = _moved(issues_of, issue, *(i.instance if i else None for i in (old, new)))
                    pins = _moved(pins, issue, *(_pin_place(i) for i in (old, new)))
                case InstanceChange(id=instance, before=before, after=after):
                    of_class = _moved(of_class, instance, *(i.class_id if i else None for i in (before, after)))
                case DecisionChange(before=was, after=now):
                    decided += _decided(now) - _decided(was)
                    rejected += _rejected(now) - _rejected(was)
                case _:
                    pass
        return Lookup(
            issues_of=issues_of,
            pins=pins,
            by_place=_placed(self.by_place, turned.values()) if turned else self.by_place,
            of_class=of_class,
            decided=decided,
            rejected=rejected,
        )


def _moved(
    table: HashTrieMap[K, HashTrieSet[V]], value: V, old: K | None, new: K | None
) -> HashTrieMap[K, HashTrieSet[V]]:
    """Return the table with a value listed under another key; None: under no key."""
    if old == new:
        return table
    if old is not None:
        left = table[old].discard(value)
        table = table.insert(old, left) if len(left) else table.discard(old)
    if new is not None:
        table = table.insert(new, table.get(new, HashTrieSet()).insert(value))
    return table


def _placed(
    tables: HashTrieMap[UnitId | None, IssueTable], turns: Iterable[_Turn]
) -> HashTrieMap[UnitId | None, IssueTable]:
    """Return the tables with other issues in the place of some."""
    moved: dict[UnitId | None, tuple[list[Issue], list[Issue]]] = {}
    for turn in turns:
        for which, issue in enumerate(turn):
            if issue is not None:
                moved.setdefault(issue.unit, ([], []))[which].append(issue)
    for unit, (gone, came) in moved.items():
        table = tables.get(unit, _EMPTY).changed(gone, came)
        tables = tables.insert(unit, table) if len(table.ids) else tables.discard(unit)
    return tables


def _pin_place(issue: Issue | None) -> PinPlace | None:
    if issue is None or issue.point is None or issue.unit is None or issue.frames is None:
        return None
    first, last = issue.frames
    return issue.unit, first if first == last else -1


def _decided(decision: ReviewDecision | None) -> bool:
    return decision is not None and decision.decided


def _rejected(decision: ReviewDecision | None) -> bool:
    return decision is not None and decision.state is DecisionState.REJECTED


def by_age(issue: Issue) -> tuple[int, int]:
    """Return the key that sorts issues oldest first."""
    return issue.created_ms, issue.id


def build_lookup(instances: Iterable[Instance], issues: Iterable[Issue], decisions: Iterable[ReviewDecision]) -> Lookup:
    """Return the lookup of whole tables."""
    of_class: dict[ClassId, list[InstanceId]] = {}
    for instance in instances:
        of_class.setdefault(instance.class_id, []).append(instance.id)
    found = sorted(issues, key=by_age)
    issues_of: dict[InstanceId, list[IssueId]] = {}
    pins: dict[PinPlace, list[IssueId]] = {}
    for issue in found:
        if (place := _pin_place(issue)) is not None:
            pins.setdefault(place, []).append(issue.id)
        if issue.instance is not None:
            issues_of.setdefault(issue.instance, []).append(issue.id)
    of_unit: dict[UnitId | None, list[Issue]] = {}
    for issue in found:
        of_unit.setdefault(issue.unit, []).append(issue)
    states = [d.state for d in decisions if d.decided]
    return Lookup(
        issues_of=HashTrieMap({key: HashTrieSet(ids) for key, ids in issues_of.items()}),
        pins=HashTrieMap({key: HashTrieSet(ids) for key, ids in pins.items()}),
        by_place=HashTrieMap({unit: make_table(issues) for unit, issues in of_unit.items()}),
        of_class=HashTrieMap({key: HashTrieSet(ids) for key, ids in of_class.items()}),
        decided=len(states),
        rejected=states.count(DecisionState.REJECTED),
    )
