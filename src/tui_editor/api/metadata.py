"""Client metadata of many data units at once, from a table that somebody else's program wrote."""

from __future__ import annotations

import csv
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.api.workflow import grouped, need_role
from tui_editor.errors import FormatError, StoreError
from tui_editor.model.transitions import Role
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.model.frames import Unit
    from tui_editor.model.project import Task

AT_ONCE = 250
"""Data units' tasks that are changed in a transaction: others who write wait for it."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?")


class Row(NamedTuple):
    """What a table says of a data unit."""

    line: int
    """Of the file, from 1."""
    values: dict[str, object]


Table = dict[str, Row]
"""By the name of a data unit."""


class Brought(Struct, frozen=True, kw_only=True):
    """What a table did.

    Attributes:
        units: How many data units it names.
        unknown: Names in it that no data unit has.
    """

    units: int
    unknown: tuple[str, ...]


def value_of(text: str) -> object:
    """Return a number or truth where the text is just one, else the text; None for an empty one.

    What would read otherwise as a number stays text: `017`, `1e5`, `nan`.
    """
    if not text:
        return None
    if text in {"true", "false"}:
        return text == "true"
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def read_table(path: Path) -> Table:
    """Return a CSV file's rows by its first column: a data unit by its title, path, file name, or its task's title.

    The first line names the keys. An empty cell leaves a key as it is.

    Raises:
        FormatError: it can't be read, has no keys, a row too long, or a name twice.
    """
    where = one_line(str(path))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeError, csv.Error) as error:
        why = getattr(error, "strerror", None) or one_line(str(error), 120)
        raise FormatError(f"can't be read as a table: {why}", where=where) from None
    if not rows or len(rows[0][1]) < 2:
        raise FormatError("the table has no keys", where=where, hint="a first line such as name,site")
    keys, found = rows[0][1][1:], Table()
    for line, (name, *cells) in rows[1:]:
        if len(cells) > len(keys) or name in found:
            why = f"{one_line(name, 40)} is there twice" if name in found else "more cells than the first line"
            raise FormatError(why, where=f"{where}, line {line}")
        found[name] = Row(line, {key: value_of(cell) for key, cell in zip(keys, cells, strict=False) if cell})
    return found


def set_from_table(project: Project, table: Table) -> Brought:
    """Set keys of all data units that a table names, some hundred in a transaction; groups follow their key.

    Raises:
        Refused: the person may not.
        StoreError: the store can't be written; its hint tells which lines are in.
    """
    need_role(project, "set client metadata", Role.MANAGER, Role.ADMIN)
    used: set[str] = set()
    count = done = 0
    rows = list(project.tasks())
    for start in range(0, len(rows), AT_ONCE):
        some = [project.store.task(row.id) for row in rows[start : start + AT_ONCE]]
        named = {task.id: names for task in some if any(names := _names_in(table, task))}
        if not named:
            continue
        here = {name for names in named.values() for name in names if name}
        try:
            project.store.change_tasks(list(named), lambda task: _set(project, table, task))
        except StoreError as error:
            raise _told(error, sorted(table[name].line for name in here), done) from error
        used |= here
        done = len(used)
        count += sum(bool(name) for names in named.values() for name in names)
    return Brought(units=count, unknown=tuple(name for name in table if name not in used))


def _set(project: Project, table: Table, task: Task) -> Task:
    units = tuple(
        replace(unit, metadata={**unit.metadata, **table[name].values}) if name else unit
        for unit, name in zip(task.units, _names_in(table, task), strict=True)
    )
    return grouped(replace(task, units=units), project.info.group_by) if units != task.units else task


def _told(error: StoreError, lines: Sequence[int], done: int) -> StoreError:
    """Return an error that tells which lines were not set."""
    hint = f"{done} lines are set, the others are not: mend that, and run it again"
    return type(error)(error.what, where=f"line {lines[0]} and those set with it", hint=hint)


def _names_in(table: Table, task: Task) -> list[str | None]:
    """Return for each data unit of a task the name under which a table has it."""
    return [_name_in(table, unit, task.title if len(task.units) == 1 else "") for unit in task.units]


def _name_in(table: Mapping[str, object], unit: Unit, task: str) -> str | None:
    """Return under which name a table has a data unit, which may be that of its `task`; None when it hasn't."""
    path = unit.media.paths[0] if len(unit.media.paths) == 1 else ""
    names = (unit.title, path, PurePosixPath(path).name, task)
    return next((name for name in names if name and name in table), None)
