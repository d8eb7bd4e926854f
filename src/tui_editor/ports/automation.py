"""What the layers ask of trackers and segmenters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tui_editor.model.frames import Frame, FrameRef
    from tui_editor.model.shapes import Shape
    from tui_editor.model.tracks import Track
    from tui_editor.ports.media import FrameSource


class Tracker(Protocol):
    """Follows an object over frames."""

    def track(
        self, source: FrameSource, start: FrameRef, shape: Shape, frames: Sequence[int], stop: Callable[[], bool]
    ) -> Iterator[Track]:
        """Yield labels piece by piece, in the order of `frames`; ends early when `stop` says so."""


class Segmenter(Protocol):
    """Makes a shape from hints on one frame."""

    def segment(self, frame: Frame, points: Sequence[tuple[float, float, bool]], box: Sequence[float] | None) -> Shape:
        """Return the shape for points (x, y, belongs) and an optional box x, y, width, height, in pixels."""
