"""Opening media: what the layers above call. Decides by kind or by content which source reads the files."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.errors import MediaError, MediaMissing, MediaUnknown
from tui_editor.media.files import read_bytes
from tui_editor.media.folder import FolderScan, scan_folder
from tui_editor.media.limits import DEFAULT_LIMITS, Limits
from tui_editor.media.registry import plugin_for_file, plugin_for_kind
from tui_editor.media.sniff import HEAD_BYTES, unit_kind
from tui_editor.model.frames import UnitKind
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui_editor.model.frames import Frame
    from tui_editor.ports import FrameSource

__all__ = ["FolderScan", "MediaInfo", "open_source", "probe", "read_once", "scan_folder"]

_SIZES_OF = 1000
"""Pages whose sizes `probe` asks for; beyond, the first stands for all."""


class MediaInfo(Struct, frozen=True, kw_only=True):
    """What a file is, as a data unit needs it."""

    kind: UnitKind
    frame_count: int
    width: int
    """Pixels of the displayed first frame."""
    height: int
    fps: float | None = None
    frame_sizes: tuple[tuple[int, int], ...] = ()
    """(width, height) of each frame where they differ; empty otherwise."""
    warnings: tuple[str, ...] = ()


def open_source(kind: UnitKind, paths: Sequence[Path], *, limits: Limits = DEFAULT_LIMITS) -> FrameSource:
    """Open the files of one data unit.

    Args:
        kind: What the unit is.
        paths: Its files: one, or one a frame for groups and sequences.
        limits: What a file may claim before it is refused.

    Raises:
        MediaMissing: The file isn't there. Of groups and sequences only the asked frame raises it, later.
        MediaUnknown: Nothing here decodes the file or the kind.
        MediaCorrupt: Nothing of the file can be decoded.
        MediaTooLarge: It is over the limits.
    """
    if not paths:
        raise MediaMissing("the unit has no files")
    if kind in (UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE):
        from tui_editor.media.sequence import SequenceSource

        return SequenceSource(paths, kind=kind, limits=limits)
    if kind is UnitKind.IMAGE:
        from tui_editor.media.stills import StillSource

        return StillSource(paths[0], limits=limits)
    if kind is UnitKind.VIDEO:
        from tui_editor.media.video import VideoSource

        return VideoSource(paths[0], limits=limits)
    plugin = plugin_for_kind(kind)
    if plugin is None:
        raise MediaUnknown(f"no reader for {kind} is installed", where=one_line(str(paths[0])))
    return plugin.open(paths, limits)


def read_once(kind: UnitKind, paths: Sequence[Path], index: int, fit: tuple[int, int] | None) -> Frame:
    """Return the frame that the source of a data unit reads, where no other is wanted of it.

    Raises:
        MediaError: As `open_source` and `FrameSource.read`.
    """
    if kind is UnitKind.VIDEO and paths:
        from tui_editor.media.video_glance import glance

        seen = glance(paths[0], index, fit)
        if seen is not None:
            return seen
    with closing(open_source(kind, paths)) as source:
        return source.read(index, fit)


def probe(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> MediaInfo:
    """Return what a file is, by its content and, where that says nothing, by its extension.

    A still is read up to its header; a video's packets are all read, which makes the frame count exact.

    Raises:
        MediaError: As `open_source`.
    """
    if path.is_dir():
        raise MediaUnknown("this is a folder", where=one_line(str(path)), hint="its media are listed by scan_folder")
    head = read_bytes(path, HEAD_BYTES)
    plugin = plugin_for_file(head, path)
    kind = plugin.kind if plugin is not None else unit_kind(head, path.suffix)
    if kind is None:
        raise MediaUnknown("neither content nor extension is that of a medium", where=one_line(str(path)))
    source = plugin.open([path], limits) if plugin is not None else open_source(kind, [path], limits=limits)
    try:
        return _info(source)
    finally:
        source.close()


def _info(source: FrameSource) -> MediaInfo:
    width, height = source.size(0)
    warnings = list(source.warnings)
    sizes: list[tuple[int, int]] = []
    if source.kind is not UnitKind.VIDEO and 1 < source.frame_count <= _SIZES_OF:
        for index in range(source.frame_count):
            try:
                sizes.append(source.size(index))
            except MediaError as error:
                sizes.append((width, height))  # a bad page spoils only itself
                warnings.append(f"picture {index}: {error.what}")
    return MediaInfo(
        kind=source.kind,
        frame_count=source.frame_count,
        width=width,
        height=height,
        fps=source.fps,
        frame_sizes=tuple(sizes) if len(set(sizes)) > 1 else (),
        warnings=tuple(warnings),
    )
