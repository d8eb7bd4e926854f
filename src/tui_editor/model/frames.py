"""Data units, frames and what proves that a frame is the one that was labelled."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tui_editor.model.empty import EMPTY
from tui_editor.model.ids import UnitId

NO_EXTRA: Mapping[str, Any] = EMPTY
UNTRACKED = "untracked"
"""Key of a unit's `extra`: its labels are detections without an identity, so nothing follows from frame to frame."""


class UnitKind(StrEnum):
    """What a data unit is; it decides which media library reads it and whether it has frames to go through."""

    IMAGE = "image"
    IMAGE_GROUP = "image_group"
    """Images of one task, each with a size of its own."""
    IMAGE_SEQUENCE = "image_sequence"
    """Images of one size, in order."""
    VIDEO = "video"
    DICOM = "dicom"
    NIFTI = "nifti"
    OTHER = "other"
    """A medium without pixels that we show (audio, text): its labels are kept verbatim."""


class MediaRef(Struct, frozen=True, kw_only=True):
    """Where a data unit's files lie: paths relative to a named root, never absolute in the store."""

    root: str
    """Name of a root of the project; the project's settings say which folder it is on this machine."""
    paths: tuple[str, ...]
    """One path for a video or image; one a frame for groups and sequences. POSIX separators."""
    fingerprint: str = ""
    """`size:mtime_ns` of the first file when it was added; empty when unknown."""


class Unit(Struct, frozen=True, kw_only=True):
    """A data unit: a row of frames 0..n-1 that belong together."""

    id: UnitId
    kind: UnitKind
    title: str
    media: MediaRef
    frame_count: int
    width: int
    """Pixels of the displayed frame; of the first frame where sizes differ; 0 when unknown."""
    height: int
    frame_sizes: tuple[tuple[int, int], ...] = ()
    """(width, height) of each frame of a group whose images differ; empty otherwise."""
    fps: float | None = None
    metadata: Mapping[str, Any] = NO_EXTRA
    """Client metadata: what layouts and filters query."""
    extra: Mapping[str, Any] = NO_EXTRA
    """What the source said and we don't use: written back at export."""

    def size(self, index: int) -> tuple[int, int]:
        """Return (width, height) in pixels of frame `index`."""
        if 0 <= index < len(self.frame_sizes):
            return self.frame_sizes[index]
        return self.width, self.height


class FrameRef(Struct, frozen=True):
    """The name of a frame: its data unit and its index in presentation order."""

    unit: UnitId
    index: int


class FrameIdentity(Struct, frozen=True, kw_only=True):
    """What proves that a frame is the one that was labelled."""

    algorithm: str
    """`file-blake2b` (the bytes of a still) or `planes-blake2b` (decoded planes before colour conversion)."""
    digest: str
    pts: int | None = None
    """Presentation time stamp in the stream's time base; None for stills."""


class Frame(Struct, frozen=True, kw_only=True, eq=False):
    """The pixels of one frame, upright, as they are displayed."""

    pixels: NDArray[np.generic]
    """(h, w) or (h, w, c); uint8, uint16, int16 or float32."""
    full_size: tuple[int, int]
    """(width, height) of the displayed frame; larger than `pixels` when a reduced picture was asked for."""
    color: str = "rgb"
    """`rgb`, `rgba`, `gray` or `gray_alpha`."""
    pixel_aspect: float = 1.0
    orientation: int = 1
    """The EXIF orientation (1..8) that was applied to get upright."""
    window: tuple[float, float] | None = None
    """(centre, width) in pixel values by which to show more than 8 bits; None: the whole range of the type."""
    pts: int | None = None
    time_s: float | None = None
    warnings: tuple[str, ...] = ()
    """What was wrong with the file although it could be shown (`truncated, lower part is grey`)."""
