"""Writes tasks as an Encord export: label rows, the ontology beside them, and our own file for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from tui_editor.formats.encord.files import Batch, sidecar_of
from tui_editor.formats.encord.ontology_json import ontology_json
from tui_editor.formats.encord.row_write import write_row
from tui_editor.formats.encord.sidecar import VERSION, RowKeys, write_record
from tui_editor.formats.losses import LossLog
from tui_editor.ports import ExportReport

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui_editor.model.project import Project
    from tui_editor.ports import ImportedTask


def write_export(project: Project, tasks: Iterable[ImportedTask], target: Path) -> ExportReport:
    """Write label rows and ontology to `target`: a `.json` file (ontology beside it), otherwise a folder.

    Rows are written one at a time. The files get their names only when all are complete; a folder that was made for
    them goes again when something fails.
    """
    folder = target.suffix.lower() != ".json"
    labels = target / "labels.json" if folder else target
    ontology = target / "ontology.json" if folder else target.with_name(f"{target.stem}.ontology.json")
    made = folder and not target.exists()
    if made:
        target.mkdir(parents=True)
    batch = Batch()
    try:
        return _write(project, tasks, labels=labels, ontology=ontology, batch=batch)
    finally:
        batch.abandon()
        if made and not any(target.iterdir()):
            target.rmdir()


def _write(
    project: Project, tasks: Iterable[ImportedTask], *, labels: Path, ontology: Path, batch: Batch
) -> ExportReport:
    losses = LossLog()
    _ontology_losses(project, losses)
    records: dict[str, Any] = {}
    with batch.file(ontology) as file:
        file.write(_pretty(ontology_json(project.ontology)))
    with batch.file(labels) as file:
        written, count = _rows(file, project, tasks, records=records, losses=losses)
    sidecar = sidecar_of(labels)
    files: tuple[Path, ...] = (labels, ontology)
    if records:
        with batch.file(sidecar) as file:
            file.write(_pretty({"version": VERSION, "rows": records}))
        files = (*files, sidecar)
    batch.finish()
    if not records:
        sidecar.unlink(missing_ok=True)  # one of an earlier export says nothing of these rows
    return ExportReport(files=files, tasks=written, labels=count, losses=losses.losses())


def _rows(
    file: BinaryIO, project: Project, tasks: Iterable[ImportedTask], *, records: dict[str, Any], losses: LossLog
) -> tuple[int, int]:
    file.write(b"[")
    written = count = 0
    keys = RowKeys()
    for written, item in enumerate(tasks, 1):
        row, hashes = write_row(item, project, losses)
        file.write(b"\n" if written == 1 else b",\n")
        file.write(msgspec.json.encode(row))
        key, record = keys.next(row), write_record(item, hashes, project.ontology)
        if record:
            records[key] = record
        count += item.document.label_count
    file.write(b"\n]\n")
    return written, count


def _pretty(value: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _ontology_losses(project: Project, losses: LossLog) -> None:
    for value in project.ontology.classifications:
        if len(value.attributes) > 1:
            losses.add("Encord reads only the first attribute of a classification", value.name)
