"""Keeping edits: each is checked against the rows that it touches, then written with its journal entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tui_editor.errors import PatchMismatch, TuiEditorError
from tui_editor.model.codec import decode_value, encode_patch_and_ends, encode_value
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Issue, ReviewDecision
from tui_editor.model.patch import Change, DecisionChange, InstanceChange, IssueChange, Patch, StatusChange, TrackChange
from tui_editor.storage import leases
from tui_editor.storage.sqlite import chunks, journal, lease_rows, tasks, views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.model.codec import Ends
    from tui_editor.model.workflow import TaskStatus
    from tui_editor.ports import Edit
    from tui_editor.storage.host import Moment
    from tui_editor.storage.sqlite.connection import Connection

# All that is to be known before an edit is written. Not by a join: SQLite would prepare that anew each time.
_HEAD = f"""select num, (select seq {journal.LAST_OF_TASK}), (select person {journal.LAST_OF_TASK}),
  (select seq from journal where task = num and idem = ? and idem <> ''),
  (select fence from lease where task = num), (select session from lease where task = num),
  (select expires_boot_ms from lease where task = num), (select task from last_task where person = ?),
  {tasks.STATUS_COLUMNS} from task where id = ?"""  # noqa: S608  # constants of ours
_STATUS = "update task set stage = ?, state = ?, assignee = ?, author = ?, reviewer = ? where num = ?"
_COUNTS = "update task set label_count = label_count + ?, issue_count = issue_count + ? where num = ?"
_ENTRY = """insert into journal (id, task, seq, kind, person, session, command, at_ms, undoes, idem, patch, view)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def keep_all(
    db: Connection, edits: Sequence[Edit], now: Moment, here: str, *, together: bool = False
) -> list[int | Exception]:
    """Keep edits in one transaction; return for each its sequence number or why it was refused.

    With `together` none is kept when one is refused: each has that answer.
    """
    if together and len(edits) > 1:
        return _keep_together(db, edits, now, here)
    if len(edits) == 1:
        return [_keep_one(db, edits[0], now, here)]
    answers: list[int | Exception] = []
    with db.writing():
        for edit in edits:
            try:
                with db.savepoint():
                    answers.append(_keep(db, edit, now, here))
            except TuiEditorError as refusal:
                answers.append(refusal)
    return answers


class _RolledBack(Exception):
    """Ends the transaction of a refused edit."""


def _keep_together(db: Connection, edits: Sequence[Edit], now: Moment, here: str) -> list[int | Exception]:
    refusal: TuiEditorError | None = None
    try:
        with db.writing():
            try:
                return [_keep(db, edit, now, here) for edit in edits]
            except TuiEditorError as error:
                refusal = error
                raise _RolledBack from error
    except _RolledBack:
        assert refusal is not None
        return [refusal] * len(edits)


def _keep_one(db: Connection, edit: Edit, now: Moment, here: str) -> int | Exception:
    """Keep an edit that is alone in its transaction, as most are: it needs no savepoint."""
    refusal: TuiEditorError | None = None
    try:
        with db.writing():
            try:
                return _keep(db, edit, now, here)
            except TuiEditorError as error:
                refusal = error
                raise _RolledBack from error
    except _RolledBack:
        assert refusal is not None
        return refusal


def _keep(db: Connection, edit: Edit, now: Moment, here: str) -> int:
    row = db.one(_HEAD, (edit.idem, edit.person, edit.task))
    if row is None:
        raise tasks.missing(edit.task)
    num, last, last_person, kept_as, fence, session, expires_boot_ms, last_task = row[:8]
    if kept_as is not None:
        return int(kept_as)
    if edit.fence is None or not leases.holds(fence, session, edit.fence):
        leases.check_write(lease_rows.read(db, num), edit.session, edit.fence, now, here)
    undoes = _mark_undone(db, num, edit.undoes) if edit.undoes else None
    patch, ends = encode_patch_and_ends(edit.patch)
    _Rows(db, num, row[8:]).write(edit.patch, ends)
    if last_person != edit.person:
        views.make_way(db, num, last, last_person)
    view = encode_value(dict(edit.view)) if edit.view else None
    if view and last_task != num:
        views.save_last_task(db, num, edit.person)
    seq = last + 1
    entry = (journal.id_of(num, seq), num, seq, edit.kind, edit.person, edit.session, edit.command, edit.at_ms)
    db.do(_ENTRY, (*entry, undoes, edit.idem, patch, view))
    if edit.fence is not None and leases.is_ageing(expires_boot_ms, now):
        lease_rows.write(db, num, leases.prolonged(lease_rows.read(db, num), now))
    return int(seq)


def _mark_undone(db: Connection, num: int, undoes: str) -> int:
    """Mark the entries that are taken back; return the number of the newest."""
    return max(_mark_one(db, num, idem) for idem in undoes.split())


def _mark_one(db: Connection, num: int, idem: str) -> int:
    found = db.one("select seq, undone from journal where task = ? and idem = ? and idem <> ''", (num, idem))
    if found is None:
        raise PatchMismatch("the step to take back was never kept")
    if found[1]:
        raise PatchMismatch("that step was taken back already")
    db.do("update journal set undone = 1 where id = ?", (journal.id_of(num, found[0]),))
    return int(found[0])


class _Table(Struct, frozen=True):
    """Where values of one kind are kept."""

    kind: type
    name: str
    get: str
    put: str
    drop: str


def _table(kind: type, name: str, key: str, *columns: str) -> _Table:
    where = f"where task = ? and {key} = ?"
    marks = ", ".join("?" * (len(columns) + 2))
    assigned = ", ".join(f"{column} = excluded.{column}" for column in columns)
    return _Table(
        kind,
        name,
        f"select data from {name} {where}",  # noqa: S608  # names are constants of this module
        # In place: replacing the row would touch more pages.
        f"""insert into {name} values ({marks}) on conflict do update set {assigned}""",  # noqa: S608  # the same
        f"delete from {name} {where}",  # noqa: S608  # names are constants of this module
    )


_INSTANCES = _table(Instance, "instance", "id", "class_id", "data")
_ISSUES = _table(Issue, "issue", "id", "resolved", "data")
_DECISIONS = _table(ReviewDecision, "decision", "instance", "data")


class _Rows:
    """The rows of one task that a patch changes."""

    def __init__(self, db: Connection, num: int, status: tuple[str, ...]) -> None:
        self._db = db
        self._num = num
        self._status = status
        self._labels = self._open_issues = 0

    def write(self, patch: Patch, ends: Sequence[Ends | None]) -> None:
        """Do a patch; `ends` are the encoded labels of each of its changes.

        Raises:
            PatchMismatch: a row is not what the patch found before it.
        """
        for change, tracks in zip(patch.changes, ends, strict=True):
            self._do(change, tracks)
        if self._labels or self._open_issues:
            self._db.do(_COUNTS, (self._labels, self._open_issues, self._num))

    def _do(self, change: Change, ends: Ends | None) -> None:
        match change:
            case TrackChange():
                assert ends is not None
                chunks.change(self._db, self._num, change, ends)
                self._labels += len(change.after) - len(change.before)
            case InstanceChange(id=key, before=before, after=after):
                self._replace(_INSTANCES, key, before, after, (after.class_id,) if after else ())
                if before is not None and after is None:
                    self._retire(before)
            case IssueChange(id=key, before=old, after=new):
                self._replace(_ISSUES, key, old, new, (new.resolved,) if new else ())
                self._open_issues += _is_open(new) - _is_open(old)
            case DecisionChange(instance=key, before=was, after=now):
                self._replace(_DECISIONS, key, was, now, ())
            case StatusChange(before=first, after=last):
                self._change_status(first, last)

    def _change_status(self, before: TaskStatus, after: TaskStatus) -> None:
        if tasks.status_of(self._status) != before:
            raise PatchMismatch("the task's stage or state changed since this edit was made")
        self._status = (after.stage, after.state, after.assignee, after.author, after.reviewer)
        self._db.do(_STATUS, (*self._status, self._num))

    def _replace(self, table: _Table, key: int, before: Any, after: Any, columns: tuple[Any, ...]) -> None:
        row = self._db.one(table.get, (self._num, key))
        if not _holds(row, before, table.kind):
            raise PatchMismatch(f"the {table.name} changed since this edit was made")
        if after is None:
            self._db.do(table.drop, (self._num, key))
            return
        self._db.do(table.put, (self._num, key, *columns, encode_value(after)))

    def _retire(self, instance: Instance) -> None:
        """Remember a deleted instance's ordinal, so that it is not given again."""
        self._db.do(
            """insert into ordinal values (?, ?, ?)
               on conflict do update set next = max(next, excluded.next)""",
            (self._num, instance.class_id, instance.ordinal + 1),
        )


def _is_open(issue: Issue | None) -> int:
    return int(issue is not None and not issue.resolved)


def _holds(row: tuple[Any, ...] | None, value: Any, kind: type) -> bool:
    if row is None or value is None:
        return row is None and value is None
    # Equal bytes are the common case; the same value may also have its keys in another order.
    return bool(row[0] == encode_value(value) or decode_value(row[0], kind) == value)
