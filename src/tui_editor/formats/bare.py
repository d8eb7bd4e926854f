"""Pictures and videos without labels: a file, or a folder of them. Lists names; opens nothing but a few first bytes.

Sizes and frame counts are left 0, which means "not probed yet": who opens the media completes them.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.errors import FormatError, FormatUnknown
from tui_editor.formats.grouping import group_rows
from tui_editor.formats.json_input import place, read_ends
from tui_editor.formats.losses import LossLog
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import TaskId, UnitId, new_id
from tui_editor.model.ontology import Ontology
from tui_editor.model.project import Task
from tui_editor.ports import Detection, ImportedTask, Loss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from tui_editor.model.project import Project
    from tui_editor.ports import ExportReport, ImportOptions


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_IMAGES = _words(
    ".jpg .jpeg .jpe .jfif .png .apng .gif .webp .bmp .dib .tif .tiff .avif .heic .heif .hif .ppm .pgm .pbm .pnm "
    ".jp2 .j2k .tga .ico .pcx .sgi .qoi"
)
_VIDEOS = _words(
    ".mp4 .m4v .mov .qt .mkv .webm .avi .ts .m2ts .mts .mpg .mpeg .m2v .wmv .asf .flv .ogv .3gp .3g2 .h264 .264 .hevc "
    ".h265 .265 .mxf .ivf .y4m .mjpeg .mjpg .vob .obu"
)
_MAGIC: tuple[tuple[int, bytes, UnitKind], ...] = (
    (0, b"\xff\xd8\xff", UnitKind.IMAGE),
    (0, b"\x89PNG\r\n\x1a\n", UnitKind.IMAGE),
    (0, b"GIF8", UnitKind.IMAGE),
    (0, b"BM", UnitKind.IMAGE),
    (0, b"II*\0", UnitKind.IMAGE),
    (0, b"MM\0*", UnitKind.IMAGE),
    (8, b"WEBP", UnitKind.IMAGE),
    (8, b"AVI ", UnitKind.VIDEO),
    (4, b"ftypavif", UnitKind.IMAGE),
    (4, b"ftyphei", UnitKind.IMAGE),
    (4, b"ftypmif1", UnitKind.IMAGE),
    (4, b"ftyp", UnitKind.VIDEO),
    (0, b"\x1a\x45\xdf\xa3", UnitKind.VIDEO),
    (0, b"FLV\x01", UnitKind.VIDEO),
    (0, b"OggS", UnitKind.VIDEO),
)
"""Offset, bytes and kind, the first that fits counts."""
_LINK_OUT = "link that leads out of the folder"
_ANIMATED = frozenset({".gif", ".webp", ".apng", ".png", ".tif", ".tiff"})
_DIGITS = re.compile(r"(\d+)")


def kind_of_name(name: str) -> UnitKind | None:
    """Return what a file is by its extension, None when it is no medium that we know."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a Path for each of 100,000 names costs seconds
    if suffix in _IMAGES:
        return UnitKind.IMAGE
    return UnitKind.VIDEO if suffix in _VIDEOS else None


def kind_of_file(path: Path) -> UnitKind | None:
    """Return what a file is by its extension or, without one that says it, by its first bytes."""
    named = kind_of_name(path.name)
    if named is not None:
        return named
    head, _ = read_ends(path, 256)
    return next((kind for at, magic, kind in _MAGIC if head[at : at + len(magic)] == magic), None)


def natural_key(path: str) -> tuple[list[str | int], str]:
    """Return a sort key by which `frame2` comes before `frame10`; equal numbers (`01`, `1`) are told apart by text."""
    pieces: list[str | int] = list(_DIGITS.split(path))
    pieces[1::2] = map(int, pieces[1::2])
    return pieces, path


class BareSource:
    """Media without labels: an `ImportSource`.

    A folder's images make one task (`group` makes several), each of its videos one more.

    Args:
        path: A medium, or a folder of media.
        options: Root and groups.
        without: Names below a folder that are left out: they are known.

    Raises:
        FormatUnknown: there is no medium, or none but the known ones.
    """

    def __init__(self, path: Path, options: ImportOptions, without: AbstractSet[str] = frozenset()) -> None:
        self._log = LossLog()
        self._without = without
        self._options = options
        # A link to a single file is followed, as it was named itself; a folder's name stays as it was given.
        absolute = Path(os.path.abspath(path) if path.is_dir() else os.path.realpath(path))  # noqa: PTH100 - see above
        self._root = absolute if path.is_dir() else absolute.parent
        self._names = self._listed() if path.is_dir() else [absolute.name]
        self._groups = self._grouped(single=not path.is_dir())
        if not self._groups:
            what = "no picture or video is in this folder" if path.is_dir() else "it is no picture or video"
            left_out = "; ".join(f"{loss.count}× {loss.what}" for loss in self._log.losses())
            raise FormatUnknown(
                what if path.exists() else "there is no such file or folder", where=place(path), hint=left_out
            )

    @property
    def ontology(self) -> Ontology:
        """Return no classes."""
        return Ontology()

    @property
    def total(self) -> int:
        """Return the number of tasks."""
        return len(self._groups)

    @property
    def root_dir(self) -> Path:
        """Return the folder that media paths are relative to."""
        return self._root

    def losses(self) -> Sequence[Loss]:
        """Return the files that were left out."""
        return self._log.losses()

    def tasks(self) -> Iterator[ImportedTask]:
        """Yield the tasks: groups of images in natural order, then videos."""
        for kind, paths in self._groups:
            yield ImportedTask(task=self._task(kind, paths), document=make_document())

    def _task(self, kind: UnitKind, paths: list[str]) -> Task:
        title = paths[0] if len(paths) == 1 else paths[0].rpartition("/")[0] or self._root.name or "images"
        unit = Unit(
            id=UnitId(new_id()),
            kind=kind,
            title=title,
            media=MediaRef(root=self._options.root, paths=tuple(paths)),
            frame_count=0 if kind == UnitKind.VIDEO or _animated(kind, paths) else len(paths),
            width=0,
            height=0,
        )
        return Task(id=TaskId(new_id()), title=title, units=(unit,), source_format="media")

    def _grouped(self, *, single: bool) -> list[tuple[UnitKind, list[str]]]:
        kinds = {n: kind_of_file(self._root / n) if single else kind_of_name(n) for n in self._names}
        images = [n for n in self._names if kinds[n] == UnitKind.IMAGE]
        groups = [[images[row] for row in rows] for rows in group_rows(images, self._options.group or "all")]
        videos = [n for n in self._names if kinds[n] == UnitKind.VIDEO]
        return [(kind_of_group(group), group) for group in groups] + [(UnitKind.VIDEO, [n]) for n in videos]

    def _listed(self) -> list[str]:
        """Return the media below the folder by name: its own ones; those of folders in it when it has none."""
        found = self._scan("")
        if not found and all("/" in name for name in self._without):
            folders = sorted(self._folders(), key=natural_key)
            found = [f"{folder}/{name}" for folder in folders for name in self._scan(folder)]
        return found

    def _scan(self, folder: str) -> list[str]:
        names = []
        prefix = f"{folder}/" if folder else ""
        for entry in self._entries(folder):
            if prefix + entry.name in self._without:
                continue
            if entry.name.startswith(".") or kind_of_name(entry.name) is None or not _is_file(entry):
                continue
            if not (entry.name.isascii() or _is_text(entry.name)):
                self._log.add("file name that is not UTF-8", entry.name)
            elif entry.is_symlink() and not self._inside(entry.path):
                self._log.add(_LINK_OUT, entry.name)
            else:
                names.append(entry.name)
        return sorted(names, key=natural_key)

    def _inside(self, path: str) -> bool:
        """Return whether a path stays in the folder when its links are followed: others are never read."""
        root = os.path.realpath(self._root).rstrip("/") + "/"
        return os.path.realpath(path).startswith(root)

    def _folders(self) -> list[str]:
        entries = self._entries("")
        return [e.name for e in entries if _is_text(e.name) and not e.name.startswith(".") and _is_dir(e)]

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / folder) as entries:
                return list(entries)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            raise FormatError(str(reason or error).lower(), where=place(self._root / folder)) from error


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # links in a circle
        return False


def _is_dir(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links in a circle
        return False


def _animated(kind: UnitKind, paths: list[str]) -> bool:
    """Return whether a single picture may hold several frames, so that its count is not known by its name."""
    return kind == UnitKind.IMAGE and os.path.splitext(paths[0])[1].lower() in _ANIMATED  # noqa: PTH122 - a text


def kind_of_group(paths: list[str]) -> UnitKind:
    """Return a sequence for names that differ by their numbers only (`frame_0001.png`), else a group."""
    if len(paths) == 1:
        return UnitKind.IMAGE
    patterns = {_DIGITS.sub("0", p) for p in paths}
    return UnitKind.IMAGE_SEQUENCE if len(patterns) == 1 else UnitKind.IMAGE_GROUP


def _is_text(name: str) -> bool:
    return not any(0xD800 <= ord(c) < 0xE000 for c in name)


class BareFormat:
    """Media without labels."""

    name = "media"
    title = "pictures, videos and folders of pictures, without labels"
    can_export = False

    def detect(self, path: Path) -> Detection:
        """Return how surely `path` is a medium or a folder of media, by names and first bytes."""
        if path.is_dir():
            return self._detect_folder(path)
        kind = kind_of_file(path) if path.is_file() else None
        if kind is None:
            return Detection(confidence=0.0, reason="no picture or video")
        return Detection(confidence=0.9, reason=f"a file of kind {kind.value}")

    def read(self, path: Path, options: ImportOptions) -> BareSource:
        """Open a medium or a folder of media; raises `FormatUnknown` when there is none."""
        return BareSource(path, options)

    def write(self, project: Project, tasks: Iterable[ImportedTask], target: Path) -> ExportReport:
        """Refuse: media have no place for labels."""
        del project, tasks
        raise FormatError("pictures and videos hold no labels", where=place(target), hint="choose another format")

    def _detect_folder(self, path: Path) -> Detection:
        if _has_media(path) or any(_has_media(p) for p in _folders_in(path)):
            return Detection(confidence=0.6, reason="a folder with pictures or videos")
        return Detection(confidence=0.0, reason="a folder without pictures and videos")


def _has_media(folder: Path) -> bool:
    """Return whether a folder holds a medium; stops at the first."""
    with suppress(OSError), os.scandir(folder) as entries:
        return any(kind_of_name(e.name) is not None and not e.name.startswith(".") for e in entries)
    return False


def _folders_in(folder: Path) -> list[Path]:
    with suppress(OSError), os.scandir(folder) as entries:
        return [Path(e.path) for e in entries if not e.name.startswith(".") and _is_dir(e)]
    return []


FORMAT = BareFormat()
"""What the entry point names."""
