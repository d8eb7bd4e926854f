"""What a custom editor layout makes of a task: which windows there are, and which data units each shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui_editor.errors import Refused
from tui_editor.model.editor_layouts import (
    content_of,
    has_query,
    is_shown,
    layout_faults,
    split_of,
    windows_of,
    without_windows,
)
from tui_editor.model.patch import InstanceChange, TrackChange
from tui_editor.state.task_state import MAIN
from tui_editor.state.view import View, Window, Windows

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import UnitId
    from tui_editor.model.patch import Change, Patch
    from tui_editor.model.project import Task
    from tui_editor.state.task_state import TaskState

MOST_WINDOWS: Final = 7
ONE: Final = "-"
"""A person's choice of one window, whatever the project says."""


def choice_of(names: Container[str], project: str, person: str) -> str:
    """Return the name of the layout to be applied, empty for one window.

    Args:
        names: Of the project's layouts.
        project: The one that the project has chosen.
        person: What the person wants: nothing in particular, `ONE`, or a layout, where the project has it.
    """
    if person == ONE:
        return ""
    return person if person in names else project


def windows_for(name: str, layout: Mapping[str, Any], task: Task) -> Windows:
    """Return the windows of a layout that have a data unit of a task; where it can't be applied, why."""
    fault = next(iter(layout_faults(layout)), None)
    if fault is not None:
        return Windows(problem=f"the layout {name} is broken: {fault}")
    numbers = windows_of(layout)
    if len(numbers) > MOST_WINDOWS:
        return Windows(problem=f"the layout {name} has more than {MOST_WINDOWS} windows")
    shown = _units(layout, numbers, task)
    if len(shown) < 2:
        why = "the task has one data unit" if len(task.units) == 1 else "they fit none of the task's data units"
        return Windows(problem=f"the layout {name} has nothing for several windows: {why}")
    split = without_windows(split_of(layout), set(numbers) - set(shown))
    windows = tuple(
        Window(
            view=_view_name(place),
            number=number,
            units=units,
            read_only=content_of(layout, number).get("readonly") is True,
        )
        for place, (number, units) in enumerate(shown.items())
    )
    return Windows(windows=windows, split=split if split is not None else 0)


def _view_name(place: int) -> str:
    return f"window {place}" if place else MAIN


def _units(layout: Mapping[str, Any], numbers: tuple[int, ...], task: Task) -> dict[int, tuple[UnitId, ...]]:
    """Return by window the data units that it asks for; one that asks for nothing gets those that none asks for."""
    asking = {n: content for n in numbers if has_query(content := content_of(layout, n))}
    found = {n: tuple(u.id for u in task.units if is_shown(c, u.metadata)) for n, c in asking.items()}
    taken = {unit for units in found.values() for unit in units}
    rest = [unit.id for unit in task.units if unit.id not in taken]
    for number in (n for n in numbers if n not in asking):
        found[number], rest = tuple(rest[:1]), rest[1:]
    if rest and (last := next((n for n in reversed(numbers) if n not in asking and found[n]), None)) is not None:
        found[last] += tuple(rest)
    return {number: found[number] for number in numbers if found[number]}


def with_windows(state: TaskState, windows: Windows) -> dict[str, Any]:
    """Return the fields of a state that open the windows, each at a frame; active is the one where the person was."""
    was = state.view
    here = windows.of_unit(was.unit) or windows.windows[0]
    views, shown = {}, set[object]()
    for window in windows.windows:
        unit = next((u for u in window.units if u not in shown), window.units[0])
        views[window.view] = was if window is here else View(unit=unit)
        shown.add(views[window.view].unit)
    return {"windows": windows, "views": views, "active": here.view}


def check_fixed(state: TaskState, patch: Patch) -> None:
    """Refuse a patch that touches what the layout shows in windows that are only read.

    Raises:
        Refused: it changes labels there, or an object that is nowhere else.
    """
    fixed = state.windows.fixed
    if fixed and any(_touches(change, state.document, fixed) for change in patch.changes):
        raise Refused(
            "the layout shows this data unit in a window that is only read", hint="‹view.window› goes to others"
        )


def _touches(change: Change, document: LabelDocument, fixed: frozenset[UnitId]) -> bool:
    if isinstance(change, TrackChange):
        return change.unit in fixed
    if isinstance(change, InstanceChange):
        units = {unit for unit, _ in document.tracks_of(change.id)}
        return bool(units) and units <= fixed
    return False
