"""From what a person names (nothing, a project, a data set, a medium, an address) to an opened project."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.api.addresses import is_address, parse_address
from tui_editor.api.lookup import find_task
from tui_editor.api.project import Project, create_project, open_project
from tui_editor.cli.output import counted, note, note_losses, progress
from tui_editor.errors import FormatUnknown, StoreMissing, UsageError
from tui_editor.model.project import TaskQuery
from tui_editor.storage.locate import FOLDER, has_store
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from tui_editor.model.ids import InstanceId, TaskId


class Place(Struct, frozen=True, kw_only=True):
    """A project, and where in it."""

    project: Project
    task: TaskId | None = None
    """None: none was named."""
    frame: int | None = None
    instance: InstanceId | None = None

    def first_task(self) -> TaskId:
        """Return the task that was named, else where this person was last, else the first of the queue.

        Raises:
            StoreMissing: the project has no tasks.
        """
        if self.task is not None:
            return self.task
        last = self.project.store.last_task(self.project.person)
        if last is not None:
            return last
        rows = self.project.store.tasks(TaskQuery(limit=1))
        if not rows:
            raise StoreMissing("the project has no tasks", hint="bring some with `tui-editor import`")
        return rows[0].id


def project_of(arguments: argparse.Namespace) -> Project:
    """Open the project of `--project`, or the one in or above the current folder."""
    return _opened(Path(arguments.project or "."))


def _opened(start: Path) -> Project:
    """Open a project, and say when it may only be read."""
    project = open_project(start)
    if project.read_only:
        note(f"{project.folder}: read-only, nothing can be changed here")
    return project


@contextmanager
def opened(arguments: argparse.Namespace, *, keep: bool) -> Iterator[Place]:
    """Open what `PATH`, `--task` and `--frame` name; closed at the end.

    Args:
        arguments: With `path` (may be empty), and `task` and `frame` where the command has them.
        keep: Whether a project that is made on the way stays. Otherwise it is gone at the end, which suits commands
            that only look.

    Raises:
        TuiEditorError: nothing can be opened there.
    """
    with ExitStack() as stack:
        place = _place(arguments, keep, stack)
        wanted = getattr(arguments, "task", "")
        task = find_task(place.project, wanted) if wanted else place.task
        frame = getattr(arguments, "frame", None)
        yield Place(
            project=place.project,
            task=task,
            frame=place.frame if frame is None else frame,
            instance=place.instance if task == place.task else None,
        )


def _place(arguments: argparse.Namespace, keep: bool, stack: ExitStack) -> Place:
    text = getattr(arguments, "path", "") or ""
    if is_address(text):
        address = parse_address(text).resolved
        if not has_store(address.folder):  # a project above it is not the one that is meant
            raise FormatUnknown("there is no project in the folder of the address", where=one_line(text))
        project = stack.enter_context(_opened(address.folder))
        return Place(project=project, task=address.task, frame=address.frame, instance=address.instance)
    if not text:
        return Place(project=stack.enter_context(project_of(arguments)))
    path = Path(text)
    if not path.exists():
        raise FormatUnknown("there is no such file or folder", where=one_line(text))
    if arguments.project and keep:
        return Place(project=stack.enter_context(_named_project(project_of(arguments), path)))
    return Place(project=stack.enter_context(_project_at(path, keep, stack)))


def _project_at(path: Path, keep: bool, stack: ExitStack) -> Project:
    """Return the project of a path: its own, one made earlier for it, or a new one."""
    for folder in _homes(path):
        if has_store(folder):
            if folder != path:
                note(f"the project made earlier for it, in {folder}")
            return _filled(_opened(folder), path, refresh=keep)
    if keep:
        project = _new_project(_home_for(path), path)
        note(f"the project is kept in {project.folder / FOLDER}")
        return project
    from tempfile import TemporaryDirectory

    return _new_project(Path(stack.enter_context(TemporaryDirectory(prefix="tui-editor-"))), path)


def has_project(path: Path) -> bool:
    """Return whether a path is in a project's folder, or had a project made for it earlier."""
    return any(has_store(folder) for folder in _homes(path))


def _homes(path: Path) -> Iterator[Path]:
    """Yield the folders where the project of a path may be, the nearest first."""
    yield path
    yield _kept_folder(path)


def _home_for(path: Path) -> Path:
    """Return the folder in which the project of a data set or medium is made."""
    from tui_editor.formats.registry import choose

    media_folder = path.is_dir() and choose(path).name == "media"
    if media_folder and os.access(path, os.W_OK):
        return path
    return _kept_folder(path)


def _kept_folder(path: Path) -> Path:
    """Return the folder in the user's data where the project of a path lies that has no room for its own."""
    from hashlib import blake2b

    real = str(path.resolve())
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", path.resolve().name)[:40].strip("-.") or "data"
    return data_folder() / "opened" / f"{plain}-{blake2b(os.fsencode(real), digest_size=5).hexdigest()}"


def data_folder() -> Path:
    """Return the program's folder in the user's data."""
    from tui_editor.person_folders import data_folder

    return data_folder()


def _new_project(folder: Path, path: Path) -> Project:
    project = create_project(folder, path.resolve().name)
    try:
        bring_in(project, path)
    except BaseException:
        project.close()
        from shutil import rmtree

        rmtree(folder / FOLDER)  # it was made a moment ago and holds nothing
        raise
    return project


def _named_project(project: Project, path: Path) -> Project:
    """Return the project that was named, with the data of `path` in it.

    Raises:
        UsageError: it has data already, and none from there.
    """
    source = path.resolve() if path.is_dir() else path.resolve().parent
    if _has_tasks(project) and source not in {project.folder.resolve(), *project.roots().values()}:
        name = one_line(project.info.name)
        project.close()
        raise UsageError(f"the project {name} has other data", hint="add more with `tui-editor import`")
    return _filled(project, path, refresh=True)


def _filled(project: Project, path: Path, *, refresh: bool) -> Project:
    """Return a project with the data of `path` where it has none yet: a first import may have been cut off.

    Args:
        project: That was found.
        path: What was named.
        refresh: Take in what is new in a folder.
    """
    try:
        if not _has_tasks(project):
            if _may_be_read(path, project.folder):
                bring_in(project, path)
        elif refresh and path.is_dir() and not project.read_only:
            _take_in_new(project, path)
    except BaseException:
        project.close()
        raise
    return project


def _take_in_new(project: Project, folder: Path) -> None:
    """Bring in what is new in a folder that was opened before, and tell it."""
    from tui_editor.api.folders import take_in_new

    new = take_in_new(project, folder)
    if new.joined:
        note(f"{counted(new.joined, 'new picture')} at the end of {one_line(new.title)}")
    if new.waiting:
        note(f"{one_line(new.title)} is open elsewhere: {counted(new.waiting, 'new picture')} will join it later")
    if new.tasks:
        note(f"{counted(new.tasks, 'new task')} of what is new in {one_line(folder.name)}")


def _may_be_read(path: Path, folder: Path) -> bool:
    """Return whether there is anything to import: a project's own folder need not hold media."""
    from tui_editor.formats.registry import detect

    return path.resolve() != folder.resolve() or bool(detect(path))


def _has_tasks(project: Project) -> bool:
    return bool(project.store.tasks(TaskQuery(limit=1)))


def bring_in(project: Project, path: Path) -> None:
    """Import a data set, and tell what it brought."""
    from tui_editor.ui import collector

    collector.work()  # it rests while a window starts
    with progress(f"reading {path.name}") as seen:
        report = project.import_data(path, progress=seen, in_order=True)
    note(f"read {path}: {counted(report.tasks, 'task')} with {counted(report.labels, 'label')} ({report.format})")
    note_losses("not carried over", report.losses)
