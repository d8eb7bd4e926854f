"""The COCO format: recognises, opens and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.errors import FormatError
from tui_editor.formats.json_input import place, read_ends
from tui_editor.ports import Detection
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui_editor.model.project import Project
    from tui_editor.ports import ExportReport, ImportedTask, ImportOptions, ImportSource

_NO = Detection(confidence=0.0, reason="not a COCO file")
_FOLDERS = (".", "annotations")
_MOST_FILES = 200
"""A folder's JSON files that are looked at."""


class CocoFormat:
    """COCO instances and keypoints."""

    name = "coco"
    title = "COCO JSON: boxes, polygons, masks (run lengths), keypoints as skeletons"
    can_export = True

    def detect(self, path: Path) -> Detection:
        """Return how surely `path` is a COCO file, or a folder with one; from the file's two ends only."""
        if path.is_dir():
            return _detect_folder(path)
        head, tail = read_ends(path)
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return _NO
        text = head + tail
        if b'"segments_info"' in text:
            return Detection(confidence=0.2, reason="a panoptic COCO file")
        has_images = b'"images"' in text or b'"file_name"' in text
        has_labels = b'"annotations"' in text or b'"image_id"' in text
        if not has_images or not has_labels:
            return _NO
        if b'"category_id"' in text or b'"categories"' in text:
            return Detection(confidence=0.95, reason="images, annotations and categories")
        return Detection(confidence=0.3, reason="images and annotations, but no categories")

    def read(self, path: Path, options: ImportOptions) -> ImportSource:
        """Open a COCO file, or a folder that holds exactly one; raises `FormatError`."""
        from tui_editor.formats.coco.reader import CocoSource

        return CocoSource(_file_of(path), options)

    def write(self, project: Project, tasks: Iterable[ImportedTask], target: Path) -> ExportReport:
        """Write one COCO file; annotations that weren't changed are written as they were read."""
        from tui_editor.formats.coco.writer import write

        return write(project, tasks, target)


def _files_in(folder: Path) -> list[Path]:
    try:
        found = [p for name in _FOLDERS for p in sorted((folder / name).glob("*.json"))[:_MOST_FILES]]
    except OSError:
        return []
    return [p for p in found if CocoFormat().detect(p).confidence >= 0.5]


def _detect_folder(folder: Path) -> Detection:
    files = _files_in(folder)
    if not files:
        return Detection(confidence=0.0, reason="a folder without a COCO file")
    if len(files) == 1:
        return Detection(confidence=0.9, reason="a folder with a COCO file")
    return Detection(confidence=0.6, reason=f"a folder with {len(files)} COCO files")


def _file_of(path: Path) -> Path:
    if not path.is_dir():
        return path
    files = _files_in(path)
    if len(files) == 1:
        return files[0]
    names = ", ".join(f.name for f in files[:10])
    what = f"{len(files)} COCO files are in this folder" if files else "no COCO file is in this folder"
    raise FormatError(what, where=place(path), hint=one_line(f"name one: {names}") if files else "")
