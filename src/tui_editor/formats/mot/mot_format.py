"""The MOTChallenge format: recognises, opens and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.formats.bare import kind_of_name
from tui_editor.formats.mot.rows import PLAIN, looks_like
from tui_editor.formats.mot.sequence import plain_files, sequences_in
from tui_editor.ports import Detection

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui_editor.model.project import Project
    from tui_editor.ports import ExportReport, ImportedTask, ImportOptions, ImportSource


class MotFormat:
    """Boxes of tracks and detections."""

    name = "mot"
    title = "MOTChallenge text: boxes of tracks (gt.txt), detections (det.txt), results of trackers"
    can_export = True

    def detect(self, path: Path) -> Detection:
        """Return how surely `path` is such a file, a sequence's folder, or a folder of either; from first lines."""
        if path.is_dir():
            return _detect_folder(path)
        if looks_like(path):
            return Detection(confidence=0.9, reason="lines of frame, identity and box")
        return Detection(confidence=0.0, reason="no lines of frame, identity and box")

    def read(self, path: Path, options: ImportOptions) -> ImportSource:
        """Open sequences; raises `FormatError`."""
        from tui_editor.formats.mot.reader import MotSource

        return MotSource(path, options)

    def write(self, project: Project, tasks: Iterable[ImportedTask], target: Path) -> ExportReport:
        """Write one file (`target` ends with `.txt`), or a folder of sequences."""
        from tui_editor.formats.mot.writer import write

        return write(project, tasks, target)


def _detect_folder(folder: Path) -> Detection:
    found = sequences_in(folder)
    if found and all(sequence.file.name in PLAIN for sequence in found):
        return Detection(confidence=0.9, reason=f"a folder with {len(found)} sequences")
    if found and not _has_media(folder):
        return Detection(confidence=0.9, reason=f"a folder with {len(plain_files(folder))} files of tracks")
    if found:  # the pictures may be what is meant
        return Detection(confidence=0.3, reason="a folder with files of tracks beside media")
    return Detection(confidence=0.0, reason="a folder without MOTChallenge files")


def _has_media(folder: Path) -> bool:
    try:
        return any(kind_of_name(entry.name) is not None for entry in folder.iterdir())
    except OSError:
        return False
