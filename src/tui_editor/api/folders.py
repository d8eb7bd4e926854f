"""A folder that was opened before and holds more now: what is new joins its task."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.api.importing import Completing, probed
from tui_editor.errors import FormatUnknown, MediaError
from tui_editor.model.frames import UnitKind
from tui_editor.ports import ImportOptions

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.model.frames import Unit
    from tui_editor.model.project import Task
    from tui_editor.ports import ImportedTask

MOST_TASKS: Final = 500
"""A project with more tasks is not one that was made by opening a folder: it is left alone."""
_STILLS = (UnitKind.IMAGE, UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE)


class TakenIn(Struct, frozen=True, kw_only=True):
    """What was new in a folder."""

    joined: int = 0
    """Pictures that joined the folder's task, after those that it had."""
    waiting: int = 0
    """Pictures that will join when nobody has that task open."""
    title: str = ""
    """Of that task."""
    tasks: int = 0
    """New tasks: videos, and pictures where the folder's task is no longer being annotated."""


def take_in_new(project: Project, folder: Path) -> TakenIn:
    """Bring the media that are new in a folder into the project that was made of it.

    New pictures are added behind the others, in their natural order, so that every label stays on its file. Files that
    are gone stay frames: their labels are not lost, and they may come back.
    """
    from tui_editor.formats.bare import BareSource

    root = next((name for name, place in project.roots().items() if place == folder.resolve()), None)
    tasks = _tasks_of(project, root) if root is not None else []
    known = frozenset(path for task in tasks for unit in task.units for path in unit.media.paths)
    if root is None or not known:
        return TakenIn()
    try:
        source = BareSource(folder, ImportOptions(root=root), without=known)
    except FormatUnknown:
        return TakenIn()
    found = list(source.tasks())
    home = _home(project, tasks)
    stills = [item for item in found if item.task.units[0].kind in _STILLS]
    if home is None or not stills:
        return TakenIn(tasks=_add(project, found, root, folder))
    paths = [path for item in stills for path in item.task.units[0].media.paths]
    added = _add(project, [item for item in found if item not in stills], root, folder)
    if project.store.holder(home.id) is not None:
        return TakenIn(waiting=len(paths), title=home.title, tasks=added)
    return TakenIn(joined=len(paths), title=_join(project, home, paths, folder), tasks=added)


def _tasks_of(project: Project, root: str) -> list[Task]:
    """Return the tasks that were made of a folder's media; none when there are too many to look at."""
    rows = list(islice(project.tasks(), MOST_TASKS + 1))
    if len(rows) > MOST_TASKS:
        return []
    tasks = [project.store.task(row.id) for row in rows]
    return [t for t in tasks if t.source_format == "media" and any(u.media.root == root for u in t.units)]


def _home(project: Project, tasks: list[Task]) -> Task | None:
    """Return the one task of the folder's pictures, when it is still being annotated."""
    stills = [task for task in tasks if len(task.units) == 1 and task.units[0].kind in _STILLS]
    if len(stills) != 1:
        return None
    stage = project.read(stills[0].id).document.status.stage
    return stills[0] if stage == project.info.workflow.first.name else None


def _join(project: Project, task: Task, paths: list[str], folder: Path) -> str:
    """Put pictures behind those of a task; return its title."""
    (unit,) = task.units
    single = unit.kind is UnitKind.IMAGE
    title = folder.resolve().name if single and task.title == unit.title else task.title
    grown = _grown(unit, paths, title)
    try:
        grown = probed(grown, project.roots())
    except MediaError:  # a group of which no picture can be read: each frame says so
        grown = replace(grown, frame_count=len(grown.media.paths))
    project.store.save_task(replace(task, title=title, units=(grown,)))
    return title


def _grown(unit: Unit, paths: list[str], title: str) -> Unit:
    from tui_editor.formats.bare import kind_of_group

    every = (*unit.media.paths, *paths)
    alike = unit.kind is not UnitKind.IMAGE_GROUP and kind_of_group(list(every)) is UnitKind.IMAGE_SEQUENCE
    kind = UnitKind.IMAGE_SEQUENCE if alike else UnitKind.IMAGE_GROUP
    return replace(
        unit, kind=kind, title=title, media=replace(unit.media, paths=every), width=0, height=0, frame_sizes=()
    )


def _add(project: Project, found: list[ImportedTask], root: str, folder: Path) -> int:
    if not found:
        return 0
    completing = Completing({root: folder.resolve()}, must=False)
    return project.store.add_tasks(completing.over(iter(found)), project.person)
