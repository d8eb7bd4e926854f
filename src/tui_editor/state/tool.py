"""What is being drawn, reshaped or adjusted now, as values that the screen can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tui_editor.model.ids import ClassId
    from tui_editor.model.shapes import ShapeKind
    from tui_editor.state.picture import PictureSettings
    from tui_editor.state.view import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleTool:
    """The selected label is being reshaped at one of its handles."""

    handle: int = 0
    """Row in `tools.handles.handles_of(shape)`; the last one moves the whole shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawTool:
    """A shape is being placed point by point: crosshair, hint-zoom window and the points that were set."""

    class_id: ClassId
    kind: ShapeKind
    crosshair: tuple[float, float]
    """Image pixels."""
    window: tuple[float, float, float, float]
    """x, y, width, height in image pixels of the area that the 3×3 keys divide."""
    points: tuple[tuple[float, float], ...] = ()
    replaces: bool = False
    """The shape becomes the selected instance's label on this frame, not a new instance."""

    @property
    def aimed(self) -> tuple[tuple[float, float], ...]:
        """Return the points with the crosshair's, unless it still lies where the last one was set."""
        return self.points if self.points[-1:] == (self.crosshair,) else (*self.points, self.crosshair)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinTool:
    """A place on the canvas is being chosen for an issue."""

    crosshair: tuple[float, float]
    window: tuple[float, float, float, float]


class JumpTarget(NamedTuple):
    """A label or a handle that letters lead to."""

    letters: str
    point: tuple[float, float]
    """Where the letters stand, in image pixels."""
    number: int
    """Of labels the instance's id, of handles the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpTool:
    """Letters stand on what is in view; typing them goes there."""

    targets: tuple[JumpTarget, ...]
    handles: bool
    """Whether the targets are the handles of the selected label, not labels."""
    mode: Mode
    """Where it was begun, and goes on afterwards."""
    tool: Tool | None
    typed: str = ""

    @property
    def left(self) -> tuple[JumpTarget, ...]:
        """Return the targets whose letters begin with those that were typed."""
        return tuple(t for t in self.targets if t.letters.startswith(self.typed))


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustTool:
    """A picture setting is being adjusted by keys."""

    setting: str
    """Its name in `PictureSettings`."""
    before: PictureSettings
    """What to go back to."""
    mode: Mode
    """Where it was begun, and goes on afterwards."""
    tool: Tool | None


Tool = HandleTool | DrawTool | PinTool | JumpTool | AdjustTool
