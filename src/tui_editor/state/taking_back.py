"""Taking back any entries of the journal, not only the last: which ones, as which patch, and what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.errors import PatchMismatch, Refused
from tui_editor.model.patch import (
    Change,
    DecisionChange,
    InstanceChange,
    IssueChange,
    Patch,
    StatusChange,
    TrackChange,
)
from tui_editor.model.transitions import Action, refusal
from tui_editor.ports import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.instances import Instance
    from tui_editor.model.transitions import Standing
    from tui_editor.ports import JournalEntry

    Older = Callable[[int | None], Sequence[JournalEntry]]

MOST_NAMED = 3
"""Later entries that a refusal names."""
_STEPS = frozenset({EntryKind.EDIT, EntryKind.REDO})
"""What is taken back; an undo is brought back."""


class Wanted(Struct, frozen=True, kw_only=True):
    """Which entries are meant; those that meet everything that is said."""

    author: str = ""
    since_ms: int = 0
    """Milliseconds since 1970 UTC."""
    instance: InstanceId | None = None
    """Only what was done to this one: of an entry that did more, only that part."""
    count: int | None = None
    """The last so many; None: all."""


class TakeBack(Struct, frozen=True, kw_only=True, eq=False):
    """What goes back, as one step of the journal."""

    patch: Patch
    entries: tuple[JournalEntry, ...]
    """What it takes back, the newest first."""
    kind: EntryKind
    undoes: str
    """As `ports.Edit.undoes`: the entries that are taken back as a whole."""


class Deleted(Struct, frozen=True, kw_only=True, eq=False):
    """An instance that was deleted, and by which entry."""

    instance: Instance
    entry: JournalEntry


def since_import(older: Older) -> Iterator[JournalEntry]:
    """Yield the entries that can be looked back on, the newest first: those after the last import."""
    before: int | None = None
    while entries := older(before):
        for entry in entries:
            if entry.kind is EntryKind.IMPORT:
                return
            yield entry
        before = entries[-1].seq


def touches(entry: JournalEntry, instance: InstanceId) -> bool:
    """Return whether an entry did something to an instance."""
    return instance in entry.patch.instances()


def planned(document: LabelDocument, older: Older, wanted: Wanted) -> TakeBack:
    """Return what takes the wanted entries back; its patch is empty where there are none.

    Raises:
        Refused: later entries stand on one of them; it says which.
    """
    seen: list[JournalEntry] = []
    chosen: list[JournalEntry] = []
    for entry in since_import(older):
        if entry.at_ms < wanted.since_ms or (wanted.count is not None and len(chosen) >= wanted.count):
            break
        seen.append(entry)
        if _is_wanted(entry, wanted):
            chosen.append(entry)
    return _of_entries(document, seen, chosen, wanted.instance)


def planned_entry(document: LabelDocument, older: Older, seq: int) -> TakeBack:
    """Return what takes one entry back; of an undo, what brings back what it took.

    Raises:
        Refused: it can't be taken back, or later entries stand on it; it says which.
    """
    seen: list[JournalEntry] = []
    for entry in since_import(older):
        seen.append(entry)
        if entry.seq == seq:
            _check_can_go(entry)
            return _of_entries(document, seen, [entry], None)
    raise Refused(f"entry {seq} can't be taken back: there is none of that number since the import")


def _check_can_go(entry: JournalEntry) -> None:
    if entry.undone:
        raise Refused(f"entry {entry.seq} was taken back already")
    if entry.kind is EntryKind.WORKFLOW:
        raise Refused(
            f"entry {entry.seq} moved the task in the workflow", hint="only a decision of the workflow takes that back"
        )


def _is_wanted(entry: JournalEntry, wanted: Wanted) -> bool:
    return (
        entry.kind in _STEPS
        and not entry.undone
        and wanted.author in ("", entry.person)
        and (wanted.instance is None or touches(entry, wanted.instance))
    )


def _of_entries(
    document: LabelDocument, seen: Sequence[JournalEntry], chosen: Sequence[JournalEntry], instance: InstanceId | None
) -> TakeBack:
    changes: list[Change] = []
    made = document
    for entry in chosen:
        part = _inverse(entry, instance)
        try:
            made = made.apply(part)
        except PatchMismatch as error:
            raise _in_the_way(entry, part, seen, chosen) from error
        changes += part.changes
    patch = Patch(tuple(changes))
    for lost in _left_over(made, patch):
        entry = next(e for e in chosen if touches(e, lost))
        raise _in_the_way(entry, _inverse(entry, instance), seen, chosen)
    whole = [e for e in chosen if instance is None or len(_inverse(e, instance).changes) == len(e.patch.changes)]
    back = len(chosen) == 1 and chosen[0].kind is EntryKind.UNDO
    return TakeBack(
        patch=patch,
        entries=tuple(chosen),
        kind=EntryKind.REDO if back else EntryKind.UNDO,
        undoes=" ".join(e.idem for e in whole),
    )


def _inverse(entry: JournalEntry, instance: InstanceId | None) -> Patch:
    whole = entry.patch.inverse()
    if instance is None:
        return whole
    return Patch(tuple(c for c in whole.changes if instance in Patch((c,)).instances()))


def _left_over(made: LabelDocument, patch: Patch) -> Iterator[InstanceId]:
    """Yield the instances that a patch leaves gone while there still are labels, decisions or issues of theirs."""
    gone = {i for i in patch.instances() if i not in made.instances}
    with_issue = {i.instance for i in made.issues.values()} if gone else set()
    for key in sorted(gone):
        if key in made.units_of or key in made.decisions or key in with_issue:
            yield key


def check_may(standing: Standing, patch: Patch) -> None:
    """Refuse a patch that does what the person may not do where the task stands: labels, decisions, issues.

    Raises:
        Refused: why not, in the words of the workflow's table.
    """
    for action in _needed(patch):
        if why := refusal(standing, action):
            raise Refused(why)


def _needed(patch: Patch) -> list[Action]:
    kinds = {type(change) for change in patch.changes}
    needed = [Action.LABEL] if kinds & {InstanceChange, TrackChange} else []
    needed += [Action.DECIDE] if DecisionChange in kinds and not needed else []
    return needed or ([Action.ISSUE] if IssueChange in kinds else [])


# --- what stands in the way ------------------------------------------------------------------------


def _in_the_way(
    entry: JournalEntry, part: Patch, seen: Sequence[JournalEntry], chosen: Sequence[JournalEntry]
) -> Refused:
    taken = {e.seq for e in chosen}
    later = [e for e in seen if e.seq > entry.seq and e.seq not in taken and _counts(e)]
    named = [e for e in reversed(later) if _clash(part.changes, e.patch.changes)]
    if not named:
        return Refused(f"entry {entry.seq} can't be taken back: what it changed is not as it left it")
    which = ", ".join(f"entry {e.seq} by {e.person} ({e.command})" for e in named[:MOST_NAMED])
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return Refused(
        f"entry {entry.seq} by {entry.person} ({entry.command}) can't be taken back: "
        f"later work stands on it: {which}{more}",
        hint="take that back as well, or first",
    )


def _counts(entry: JournalEntry) -> bool:
    """Return whether what an entry did still holds: not one that was taken back, nor the undo that did so."""
    return not entry.undone and not (entry.kind is EntryKind.UNDO and entry.undoes)


def _clash(ours: Iterable[Change], theirs: Iterable[Change]) -> bool:
    by_place: dict[object, list[Change]] = {}
    for change in ours:
        by_place.setdefault(_place(change), []).append(change)
    return any(_same_thing(mine, change) for change in theirs for mine in by_place.get(_place(change), ()))


def _place(change: Change) -> object:
    match change:
        case InstanceChange(id=key) | TrackChange(instance=key) | DecisionChange(instance=key):
            return ("instance", key)
        case IssueChange(id=issue, before=before, after=after):
            value = before or after
            return ("instance", value.instance) if value and value.instance is not None else ("issue", issue)
        case StatusChange():
            return "status"


def _same_thing(mine: Change, theirs: Change) -> bool:
    """Return whether two changes of one place depend on each other."""
    if any(isinstance(c, InstanceChange) and None in (c.before, c.after) for c in (mine, theirs)):
        return True  # one of them makes or deletes what the other is about
    match mine, theirs:
        case TrackChange(), TrackChange():
            return mine.unit == theirs.unit and bool(np.intersect1d(_frames(mine), _frames(theirs)).size)
        case IssueChange(), IssueChange():
            return mine.id == theirs.id
        case _:
            return type(mine) is type(theirs)


def _frames(change: TrackChange) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.union1d(np.asarray(change.before.frames, np.int64), np.asarray(change.after.frames, np.int64))


# --- deleted things --------------------------------------------------------------------------------


def deleted(document: LabelDocument, entries: Iterable[JournalEntry]) -> list[Deleted]:
    """Return the instances that are gone, those deleted last first; what was made and undone is not deleted.

    Args:
        document: As it is.
        entries: The journal, the newest first.
    """
    found: dict[InstanceId, Deleted | None] = {}
    for entry in filter(_counts, entries):
        for change in entry.patch.changes:
            if isinstance(change, InstanceChange) and change.id not in document.instances:
                gone = change.before if change.after is None else None
                found.setdefault(change.id, Deleted(instance=gone, entry=entry) if gone is not None else None)
    return [thing for thing in found.values() if thing is not None]


def restored(document: LabelDocument, gone: Deleted) -> Patch:
    """Return the patch that brings a deleted instance back as it was, with its labels, decision and issues.

    Raises:
        Refused: something else is in its place.
    """
    patch = _inverse(gone.entry, gone.instance.id)
    try:
        document.apply(patch)
    except PatchMismatch as error:
        raise Refused(f"entry {gone.entry.seq} deleted it, and its place was changed since: {error}") from error
    return patch
