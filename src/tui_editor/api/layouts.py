"""The custom editor layouts of a project: kept as the JSON that was given, by name."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import replace

from tui_editor.api.workflow import need_role
from tui_editor.errors import InputError, UsageError
from tui_editor.model.editor_layouts import layout_faults
from tui_editor.model.transitions import Role
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.model.project import Project as ProjectInfo

LAYOUTS: Final = "layouts"
"""Key of `Project.settings`."""
CHOSEN: Final = "layout"
"""Key of `Project.settings`: the name of the layout that tasks are shown in."""
MOST_BYTES: Final = 1 << 20
MOST_LAYOUTS, MOST_NAME = 50, 60
MOST_FAULTS: Final = 5


class LayoutBroken(InputError):
    """The file is no layout; `where` names it."""


def layouts_of(info: ProjectInfo) -> dict[str, dict[str, Any]]:
    """Return a project's layouts by name, in the order in which they came."""
    found = info.settings.get(LAYOUTS)
    return {str(k): v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}


def chosen_layout(info: ProjectInfo) -> str:
    """Return the name of the layout that tasks are shown in; empty: one window."""
    found = info.settings.get(CHOSEN)
    return found if isinstance(found, str) else ""


def choose_layout(project: Project, name: str) -> None:
    """Show tasks in a layout from now on; an empty name: in one window.

    Raises:
        UsageError: there is no layout of that name.
        Refused: the person may not.
    """
    need_role(project, "change the layouts", Role.ADMIN, Role.MANAGER)
    kept, name = layouts_of(project.info), " ".join(name.split())
    if name and name not in kept:
        raise _none(name, kept)
    project.save(replace(project.info, settings=_settings(project.info, kept, name)))


def _none(name: str, kept: Iterable[str]) -> UsageError:
    return UsageError(f"there is no layout {one_line(name)}", hint=", ".join(kept) or "there is none at all")


def _settings(info: ProjectInfo, kept: dict[str, dict[str, Any]], chosen: str) -> dict[str, Any]:
    others = {key: value for key, value in info.settings.items() if key != CHOSEN}
    return {**others, LAYOUTS: kept, **({CHOSEN: chosen} if chosen else {})}


def read_layout(file: Path) -> dict[str, Any]:
    """Return the layout of a file.

    Raises:
        LayoutBroken: it can't be read, is no JSON, or no layout; the first faults are told.
    """
    where = one_line(str(file))
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise LayoutBroken(f"it can't be read: {getattr(error, 'strerror', None) or error}", where=where) from error
    if len(data) > MOST_BYTES:
        raise LayoutBroken("it is too long for a layout", where=where)
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise LayoutBroken(f"no JSON: {one_line(str(error))}", where=where) from error
    found = list(islice(layout_faults(value), MOST_FAULTS + 1))
    if found:
        told = "; ".join(one_line(fault, 120) for fault in found[:MOST_FAULTS])
        raise LayoutBroken(f"{told}{'; and more' if len(found) > MOST_FAULTS else ''}", where=where)
    return dict(value)


def set_layout(project: Project, name: str, layout: dict[str, Any] | None) -> None:
    """Keep a layout under a name, in place of the one that had it; None takes it out. The first one is chosen.

    Raises:
        UsageError: the name can't be, there are too many, or there is none of that name.
        Refused: the person may not.
    """
    need_role(project, "change the layouts", Role.ADMIN, Role.MANAGER)
    kept, name = layouts_of(project.info), " ".join(name.split())
    if not name or len(name) > MOST_NAME:
        raise UsageError(f"a layout needs a name of at most {MOST_NAME} characters")
    if layout is None and name not in kept:
        raise _none(name, kept)
    if layout is not None and name not in kept and len(kept) >= MOST_LAYOUTS:
        raise UsageError(f"a project has at most {MOST_LAYOUTS} layouts", hint="take one out")
    chosen = chosen_layout(project.info) or ("" if kept else name)
    if layout is None:
        del kept[name]
    else:
        kept[name] = layout
    settings = _settings(project.info, kept, chosen if chosen in kept else "")
    project.save(replace(project.info, settings=settings))
