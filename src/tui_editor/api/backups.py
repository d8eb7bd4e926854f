"""Plain-text backups of a task's labels beside the store: made, listed, read back."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from tui_editor.errors import InputError, UsageError
from tui_editor.formats.atomic import whole_file
from tui_editor.model.ids import from_text, to_text
from tui_editor.model.patch import Change, InstanceChange, Patch, TrackChange
from tui_editor.model.plain_labels import plain_lines, read_plain
from tui_editor.model.tracks import empty_track
from tui_editor.storage.locate import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId, TaskId, UnitId
    from tui_editor.model.project import Project as ProjectInfo
    from tui_editor.model.project import Task
    from tui_editor.model.tracks import Track

MOST_KEPT: Final = 10
"""Backups of one task; the oldest goes."""
COMMAND: Final = "backup.restore"
"""What the journal calls reading one back."""
ENDING: Final = ".jsonl"
_LINES_A_REST: Final = 256
_REST_S: Final = 0.002


class Backup(Struct, frozen=True, kw_only=True):
    """A backup that is there."""

    file: Path
    task: TaskId
    at: str
    """When it was made, UTC: `2026-11-27T20-15-00`."""
    size: int
    """Bytes."""


def backup_folder(folder: Path) -> Path:
    """Return where the backups of a project lie."""
    return folder / FOLDER / "backups"


def write_backup(
    folder: Path, info: ProjectInfo, task: Task, document: LabelDocument, seq: int, *, resting: bool = False
) -> Path:
    """Write the labels of a task beside its store, whole or not at all; let the oldest backups of it go.

    Args:
        folder: The project's.
        info: Names classes.
        task: Which one.
        document: Its labels.
        seq: The last entry of the journal that they hold.
        resting: Leave the processor to others every few milliseconds.

    Raises:
        InputError: the folder can't be written to, or the disk is full.
    """
    now = time.time()
    at = time.strftime("%Y-%m-%dT%H-%M-%S", time.gmtime(now))
    file = backup_folder(folder) / to_text(task.id) / f"{at}{ENDING}"
    head = {"project": info.name, "task": to_text(task.id), "title": task.title, "seq": seq, "at": at}
    with whole_file(file) as target:
        for number, line in enumerate(plain_lines(document, info.ontology, head)):
            target.write(line)
            if resting and number % _LINES_A_REST == 0:
                time.sleep(_REST_S)
    for old in sorted(file.parent.glob(f"*{ENDING}"), reverse=True)[MOST_KEPT:]:
        with suppress(OSError):
            old.unlink()
    return file


def backups(folder: Path, task: TaskId | None = None) -> Iterator[Backup]:
    """Yield the backups of a project or of one of its tasks, the newest first."""
    found = []
    with suppress(OSError):
        for file in backup_folder(folder).glob(f"{to_text(task) if task is not None else '*'}/*{ENDING}"):
            with suppress(ValueError, OSError):
                key, size = from_text(file.parent.name), file.stat().st_size
                found.append(Backup(file=file, task=key, at=file.stem, size=size))  # type: ignore[arg-type]  # an id
    yield from sorted(found, key=lambda backup: backup.at, reverse=True)


def load_backup(file: Path) -> tuple[dict[str, Any], LabelDocument]:
    """Return what a backup says of itself, and its labels.

    Raises:
        InputError: it can't be read, or is no backup.
    """
    try:
        with file.open("rb") as lines:
            return read_plain(lines, str(file))
    except OSError as error:
        raise InputError(f"it can't be read: {error.strerror}", where=str(file)) from error


def restore_backup(project: Project, task: TaskId, file: Path) -> int:
    """Give a task the labels of a backup, as one entry of the journal that can be taken back; return how many changes.

    Issues, decisions and where the task stands stay as they are; a decision goes with an instance that is deleted.

    Raises:
        InputError: the file is no backup.
        UsageError: it is one of another task.
        StoreLocked: somebody edits the task.
        Refused: the person may not change labels where the task stands.
    """
    from tui_editor.api.activities import note_done
    from tui_editor.api.undoing import change_task

    head, kept = load_backup(file)
    if head.get("task") != to_text(task):
        raise UsageError(f"the backup is of another task, {head.get('title')}", where=str(file))
    patch = change_task(project, task, lambda document: patch_to(document, kept), COMMAND)
    if patch:
        title = project.store.task(task).title
        note_done(project, "backup", title, f"the labels of {head.get('at')} are back")
    return len(patch.changes)


def patch_to(document: LabelDocument, kept: LabelDocument) -> Patch:
    """Return the patch that gives a document the instances and labels of another one."""
    from tui_editor.edits.labels import delete_instances

    gone = [key for key in document.instances if key not in kept.instances]
    changes: list[Change] = list(delete_instances(document, gone).changes)
    for key, instance in kept.instances.items():
        before = document.instances.get(key)
        if before != instance:
            changes.append(InstanceChange(key, before, instance))
        units = dict(document.tracks_of(key)) if before is not None else {}
        wanted = dict(kept.tracks_of(key))
        for unit in {**units, **wanted}:
            changes += _track_changes(key, unit, units.get(unit), wanted.get(unit))
    return Patch(tuple(changes))


def _track_changes(key: InstanceId, unit: UnitId, old: Track | None, new: Track | None) -> Iterator[TrackChange]:
    """Yield what turns the labels of an instance in a data unit into others; those of another kind go first."""
    if old is not None and new is not None and old.kind is new.kind:
        if not old.same(new):
            yield TrackChange(key, unit, old, new)
        return
    if old is not None:
        yield TrackChange(key, unit, old, empty_track(old.kind))
    if new is not None:
        yield TrackChange(key, unit, empty_track(new.kind), new)
