"""The list of tasks: pages by index, counts."""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, convert
from msgspec.structs import replace

from tui_editor.model.ids import TaskId
from tui_editor.model.project import TaskQuery, TaskRow, TaskSort, metadata_text, place
from tui_editor.storage.sqlite import journal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui_editor.storage.sqlite.connection import Connection

_COLUMNS = f"""id, title, stage, state, rank, assignee, kind, frame_count, label_count, issue_count,
  group_key, parent, branch, (select at_ms {journal.LAST_OF_TASK})"""  # a constant of ours
_ORDERS: Final = {
    TaskSort.PRIORITY: "rank",
    TaskSort.TITLE: "folded",
    TaskSort.ISSUES: "-issue_count",
    TaskSort.LABELS: "-label_count",
    TaskSort.FRAMES: "-frame_count",
}
_FREE: Final = "assignee = '' and state in ('new', 'released', 'reopened')"
_MINE: Final = "assignee = ? and assignee <> '' and state in ('new', 'assigned', 'released', 'reopened')"
_WITH_METADATA: Final = """(select task as m_task, rank as m_rank, id as m_id from metadata where key = ? and value = ?)
  cross join task on num = m_task"""
_HAS_METADATA: Final = "exists (select 1 from metadata as m where m.task = num and m.key = ? and m.value = ?)"
_SHORTEST_FOUND: Final = 3
"""Characters of a part of a title that the index of titles finds."""
RARE: Final = 20_000
"""A part of a title that fewer tasks have is looked up; one that more have is soon met on a walk along the queue."""


def page(db: Connection, query: TaskQuery) -> Sequence[TaskRow]:
    """Return one page in the query's order: mostly a walk along an index from the last row of the page before."""
    if not query.open_to:
        return _page(db, query, _plan(db, query))
    # Each half has an index of its own; one condition for both would have neither.
    plan = _plan(db, query)
    halves = (_page(db, query, plan.also(_FREE)), _page(db, query, plan.also(_MINE, query.open_to)))
    return list(merge(*halves, key=lambda row: place(row, query), reverse=query.reverse))[: query.limit]


def _page(db: Connection, query: TaskQuery, plan: _Plan) -> Sequence[TaskRow]:
    order = plan.order or (_ORDERS[query.sort], "id")
    if query.after is not None:
        sign = "<" if query.reverse else ">"
        plan = plan.also(f"({order[0]}, {order[1]}) {sign} (?, ?)", *place(query.after, query))
    by = ", ".join(f"{column}{' desc' if query.reverse else ''}" for column in order)
    sql = f"select {_COLUMNS} from {plan.source}{plan.clause} order by {by} limit ?"  # noqa: S608  # values are bound
    return [_row(found) for found in db.run(sql, (*plan.values, query.limit))]


class _Plan(Struct, frozen=True, kw_only=True):
    """How rows are found: from where, under which conditions, with which values."""

    source: str
    where: tuple[str, ...]
    values: tuple[Any, ...]
    order: tuple[str, str] | None = None
    """The columns that the source is sorted by already."""

    def also(self, condition: str, *values: Any) -> _Plan:
        return replace(self, where=(*self.where, condition), values=(*self.values, *values))

    @property
    def clause(self) -> str:
        return f" where {' and '.join(self.where)}" if self.where else ""


def _plan(db: Connection, query: TaskQuery) -> _Plan:
    plan = _with_columns(query, _with_text(db, query, _base(query)))
    for key, value in query.metadata[1:]:
        plan = plan.also(_HAS_METADATA, key, metadata_text(value))
    if query.has_issues is not None:
        plan = plan.also("issue_count > 0" if query.has_issues else "issue_count = 0")
    return plan


def _base(query: TaskQuery) -> _Plan:
    if not query.metadata:
        return _Plan(source="task", where=(), values=())
    key, value = query.metadata[0]
    order = ("m_rank", "m_id") if query.sort is TaskSort.PRIORITY else None
    return _Plan(source=_WITH_METADATA, where=(), values=(key, metadata_text(value)), order=order)


def _with_text(db: Connection, query: TaskQuery, plan: _Plan) -> _Plan:
    """Look up the tasks with a rare part of a title; the others are met on the way."""
    if not query.text:
        return plan
    if not query.metadata and _is_rare(db, query.text):
        plan = replace(plan, source="task not indexed")
        plan = plan.also("num in (select rowid from title where title match ?)", _phrase(query.text))
    return plan.also("instr(folded, ?) > 0", query.text.casefold())


def _with_columns(query: TaskQuery, plan: _Plan) -> _Plan:
    for column, wanted in (("stage", query.stage), ("state", query.state), ("kind", query.kind)):
        plan = plan.also(f"{column} = ?", wanted) if wanted else plan
    # The second condition lets SQLite use the partial index.
    if query.assignee:
        plan = plan.also("assignee = ? and assignee <> ''", query.assignee)
    if query.group:
        plan = plan.also("group_key = ? and group_key <> ''", query.group)
    if query.parent:
        plan = plan.also("parent = ? and parent <> 0", query.parent)
    return plan


def _is_rare(db: Connection, text: str) -> bool:
    """Return whether few titles have a part; one that is too short for the index is taken for frequent."""
    if len(text.casefold()) < _SHORTEST_FOUND:
        return False
    sql = "select count(*) from (select 1 from title where title match ? limit ?)"
    found = db.one(sql, (_phrase(text), RARE + 1))
    return found is not None and found[0] <= RARE


def _phrase(text: str) -> str:
    return '"' + text.casefold().replace('"', '""').replace("\0", "") + '"'


def counts(db: Connection, query: TaskQuery) -> Mapping[tuple[str, str], int]:
    """Return the number of tasks by (stage, state)."""
    if query.is_plain:
        rows = db.run("select stage, state, n from tally where n > 0")
        wanted = [r for r in rows if query.stage in {"", r[0]} and query.state in {"", r[1]}]
        return {(stage, state): number for stage, state, number in wanted}
    plan = _plan(db, query)
    if query.open_to:
        plan = plan.also(f"({_FREE} or {_MINE})", query.open_to)
    sql = f"select stage, state, count(*) from {plan.source}{plan.clause} group by stage, state"  # noqa: S608  # values are bound
    return {(stage, state): number for stage, state, number in db.run(sql, plan.values)}


_Row = tuple[int, str, str, str, float, str, str, int, int, int, str, int, str, int | None]


def _row(found: tuple[Any, ...]) -> TaskRow:
    row = convert(found, _Row)
    task, title, stage, state, rank, assignee, kind, frames, labels, issues, group, parent, branch, updated = row
    return TaskRow(
        id=TaskId(task),
        title=title,
        stage=stage,
        state=state,
        priority=-rank,
        assignee=assignee,
        kind=kind,
        frame_count=frames,
        label_count=labels,
        issue_count=issues,
        updated_ms=updated or 0,
        group_key=group,
        parent=TaskId(parent) if parent else None,
        branch=branch,
    )
