"""What the layers ask of a source of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.model.frames import Frame, FrameIdentity, UnitKind


@runtime_checkable
class FrameSource(Protocol):
    """Frames 0..n-1 of one data unit, read by exact index in presentation order.

    Not thread-safe: one thread owns a source. Every method raises a `MediaError` leaf when the file can't be used;
    a damaged frame doesn't spoil the others.
    """

    @property
    def kind(self) -> UnitKind:
        """Return what the source is."""

    @property
    def frame_count(self) -> int:
        """Return n, exact: as many frames as a sequential decode shows."""

    @property
    def fps(self) -> float | None:
        """Return the average frame rate, None for stills."""

    @property
    def warnings(self) -> Sequence[str]:
        """Return what a user should know of the file (several video streams, hidden pictures, no index)."""

    def size(self, index: int) -> tuple[int, int]:
        """Return (width, height) of the displayed frame in pixels, from the header where that is enough."""

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        """Return frame `index`.

        Args:
            index: 0..n-1.
            fit: A (width, height) in pixels that the caller will show at most. The source may return a reduced
                picture that is at least as large as the frame scaled into it; `Frame.full_size` stays true.
        """

    def time_s(self, index: int) -> float | None:
        """Return the presentation time of a frame in seconds from the first one; None for stills."""

    def identity(self, index: int) -> FrameIdentity:
        """Return what proves which frame this is."""

    def close(self) -> None:
        """Free the file and the decoder."""
