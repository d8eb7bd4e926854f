"""The Encord JSON format as the registry knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.ports import Detection

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui_editor.formats.encord.source import EncordSource
    from tui_editor.model.project import Project
    from tui_editor.ports import ExportReport, ImportedTask, ImportOptions


class EncordFormat:
    """Label rows and ontologies as Encord's SDK and exports have them."""

    name = "encord"
    title = "Encord JSON: label rows with their ontology; issues and decisions in a file beside"
    can_export = True

    def detect(self, path: Path) -> Detection:
        """Return how surely a file, or one in a folder, has label rows or an ontology."""
        from tui_editor.formats.encord.files import looks_like

        files = sorted(path.glob("*.json"))[:20] if path.is_dir() else [path]
        best = max((looks_like(p) for p in files if p.is_file()), default=0.0)
        if best > 0.9:
            return Detection(confidence=best, reason="label rows with label_hash and data_units")
        reason = "an ontology with featureNodeHash" if best else "no label row in it"
        return Detection(confidence=best, reason=reason)

    def read(self, path: Path, options: ImportOptions) -> EncordSource:
        """Open a label file, or every label file of a folder; raise `FormatError` with the place of a fault."""
        from tui_editor.formats.encord.source import EncordSource

        return EncordSource(path, options)

    def write(self, project: Project, tasks: Iterable[ImportedTask], target: Path) -> ExportReport:
        """Write rows, ontology and our own file; `target` is a `.json` file or a folder."""
        from tui_editor.formats.encord.export import write_export

        return write_export(project, tasks, target)
