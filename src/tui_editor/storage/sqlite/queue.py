"""The list of tasks: pages by index, counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_editor.model.ids import TaskId
from tui_editor.model.project import TaskQuery, TaskRow
from tui_editor.storage.sqlite import journal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui_editor.storage.sqlite.connection import Connection

_COLUMNS = f"""id, title, stage, state, rank, assignee, kind, frame_count, label_count, issue_count,
  (select at_ms {journal.LAST_OF_TASK})"""  # a constant of ours


def page(db: Connection, query: TaskQuery) -> Sequence[TaskRow]:
    """Return one page, by falling priority, then id: a walk along an index from the last row of the page before."""
    where, values = _conditions(query)
    if query.after is not None:
        where.append("(rank, id) > (?, ?)")
        values += [-query.after.priority, query.after.id]
    # A search reads every title: in the table's own order, not by an index that leads to and fro in it.
    table = "task not indexed" if query.text else "task"
    sql = f"select {_COLUMNS} from {table}{_clause(where)} order by rank, id limit ?"  # noqa: S608  # values are bound
    return [_row(found) for found in db.run(sql, (*values, query.limit))]


def counts(db: Connection, query: TaskQuery) -> Mapping[tuple[str, str], int]:
    """Return the number of tasks by (stage, state)."""
    where, values = _conditions(query)
    sql = f"select stage, state, count(*) from task{_clause(where)} group by stage, state"  # noqa: S608  # values are bound
    return {(stage, state): number for stage, state, number in db.run(sql, values)}


def _conditions(query: TaskQuery) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []
    for column, wanted in (("stage", query.stage), ("state", query.state), ("assignee", query.assignee)):
        if wanted:
            where.append(f"{column} = ?")
            values.append(wanted)
    if query.assignee:
        where.append("assignee <> ''")  # lets SQLite use the partial index
    if query.text:
        where.append("instr(folded, ?) > 0")
        values.append(query.text.casefold())
    if query.has_issues is not None:
        where.append("issue_count > 0" if query.has_issues else "issue_count = 0")
    return where, values


def _clause(conditions: list[str]) -> str:
    return f" where {' and '.join(conditions)}" if conditions else ""


def _row(found: tuple[Any, ...]) -> TaskRow:
    task, title, stage, state, rank, assignee, kind, frames, labels, issues, updated = found
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
        updated_ms=updated,
    )
