"""Write a project in a format, read it back, and say what differs."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.errors import LossyExport, UsageError
from tui_editor.ports import ExportReport, ImportedTask, ImportOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.api.project import Project
    from tui_editor.formats.compare import Difference
    from tui_editor.ports import Format


TOLERANCE_PX = 1e-6
"""Coordinates that a format normalises come back within rounding of a float."""


class ExportOutcome(Struct, frozen=True, kw_only=True):
    """What was written, and how what is read back differs from what was meant."""

    report: ExportReport
    differences: tuple[Difference, ...]


def stored_tasks(project: Project) -> Iterator[ImportedTask]:
    """Yield every task of a project with its labels, one at a time."""
    for row in project.tasks():
        opened = project.read(row.id)
        yield ImportedTask(task=opened.task, document=opened.document)


def export(project: Project, target: Path, format_name: str, *, allow_lossy: bool = True) -> ExportOutcome:
    """Write all tasks, read them back and compare.

    Raises:
        LossyExport: something would be lost and `allow_lossy` is false; the target stays as it was.
        UsageError: the format can't be written.
    """
    from tui_editor.formats.registry import registry

    chosen = registry().get(format_name)
    if not chosen.can_export:
        raise UsageError(f"{format_name} can only be read")
    if not allow_lossy:
        _rehearse(project, chosen, target)
    report = chosen.write(project.info, stored_tasks(project), target)
    return ExportOutcome(report=report, differences=_read_back(project, chosen, target))


def _rehearse(project: Project, chosen: Format, target: Path) -> None:
    """Write to a place of its own first, and refuse when something is lost."""
    folder = Path(tempfile.mkdtemp(prefix="tui-editor-export-"))
    try:
        report = chosen.write(project.info, stored_tasks(project), folder / target.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if report.losses:
        first = report.losses[0]
        raise LossyExport(
            f"{chosen.name} can't hold everything: {first.what} ({first.count}×)",
            where=first.where,
            hint="export with --allow-lossy",
        )


def _read_back(project: Project, chosen: Format, target: Path) -> tuple[Difference, ...]:
    from tui_editor.formats.compare import Comparison, compare

    roots = project.roots()
    media_dir = next(iter(roots.values()), None)
    names = iter(project.info.roots)
    options = ImportOptions(media_dir=media_dir, root=next(names, "data"))
    source = chosen.read(target, options)
    rules = Comparison(tolerance_px=TOLERANCE_PX, before=project.info.ontology, after=source.ontology)
    return tuple(compare(stored_tasks(project), source.tasks(), rules))
