"""Client metadata of many data units at once, from a table that somebody else's program wrote."""

from __future__ import annotations

import csv
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.api.workflow import grouped, need_role
from tui_editor.errors import FormatError
from tui_editor.model.transitions import Role
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.model.frames import Unit

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?")
Table = dict[str, dict[str, object]]
"""By the name of a data unit: keys and values; None removes a key."""


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
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file, strict=True) if row]
    except (OSError, UnicodeError, csv.Error) as error:
        raise FormatError(f"can't be read as a table: {one_line(str(error), 120)}", where=one_line(str(path))) from None
    if not rows or len(rows[0]) < 2:
        raise FormatError("the table has no keys", where=one_line(str(path)), hint="a first line such as name,site")
    keys, found = rows[0][1:], Table()
    for number, (name, *cells) in enumerate(rows[1:], start=2):
        if len(cells) > len(keys) or name in found:
            why = f"{one_line(name, 40)} is there twice" if name in found else "more cells than the first line"
            raise FormatError(why, where=f"{one_line(str(path))}, row {number}")
        found[name] = {key: value_of(cell) for key, cell in zip(keys, cells, strict=False) if cell}
    return found


def set_from_table(project: Project, table: Table) -> Brought:
    """Set keys of all data units that a table names; groups follow their key.

    Raises:
        Refused: the person may not.
    """
    need_role(project, "set client metadata", Role.MANAGER, Role.ADMIN)
    used: set[str] = set()
    count = 0
    for row in list(project.tasks()):
        task = project.store.task(row.id)
        names = [_name_in(table, unit, task.title if len(task.units) == 1 else "") for unit in task.units]
        count += sum(name is not None for name in names)
        used.update(name for name in names if name is not None)
        units = tuple(
            unit if name is None else replace(unit, metadata={**unit.metadata, **table[name]})
            for unit, name in zip(task.units, names, strict=True)
        )
        if units != task.units:
            project.store.save_task(grouped(replace(task, units=units), project.info.group_by))
    return Brought(units=count, unknown=tuple(name for name in table if name not in used))


def _name_in(table: Mapping[str, object], unit: Unit, task: str) -> str | None:
    """Return under which name a table has a data unit, which may be that of its `task`; None when it hasn't."""
    path = unit.media.paths[0] if len(unit.media.paths) == 1 else ""
    names = (unit.title, path, PurePosixPath(path).name, task)
    return next((name for name in names if name and name in table), None)
