"""Many still files as the frames of one unit: an image sequence or an image group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.errors import MediaMissing
from tui_editor.media.files import file_digest
from tui_editor.media.limits import DEFAULT_LIMITS, Limits
from tui_editor.media.stills import read_still, still_size
from tui_editor.model.frames import Frame, FrameIdentity, UnitKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class SequenceSource:
    """One file a frame. Nothing is opened before its frame is asked for; a bad file spoils only its own frame."""

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        kind: UnitKind = UnitKind.IMAGE_SEQUENCE,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        if not paths:
            raise MediaMissing("the unit has no images")
        self._paths, self._kind, self._limits = tuple(paths), kind, limits
        self._sizes: dict[int, tuple[int, int]] = {}

    @property
    def kind(self) -> UnitKind:
        """Return IMAGE_SEQUENCE or IMAGE_GROUP."""
        return self._kind

    @property
    def frame_count(self) -> int:
        """Return the number of files."""
        return len(self._paths)

    @property
    def fps(self) -> float | None:
        """Return None: stills have no time."""
        return None

    @property
    def warnings(self) -> Sequence[str]:
        """Return nothing: what is wrong with a file is said with its frame."""
        return ()

    def size(self, index: int) -> tuple[int, int]:
        """Return (width, height) in pixels of a displayed picture, from its header."""
        if index not in self._sizes:
            self._sizes[index] = still_size(self._path(index))
        return self._sizes[index]

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        """Return a picture, reduced towards `fit`."""
        return read_still(self._path(index), fit, self._limits)

    def time_s(self, index: int) -> float | None:
        """Return None: stills have no time."""
        self._path(index)
        return None

    def identity(self, index: int) -> FrameIdentity:
        """Return the digest of the file's bytes."""
        return FrameIdentity(algorithm="file-blake2b", digest=file_digest(self._path(index)))

    def close(self) -> None:
        """Free nothing: no file stays open."""

    def _path(self, index: int) -> Path:
        if not 0 <= index < len(self._paths):
            raise IndexError(index)
        return self._paths[index]
