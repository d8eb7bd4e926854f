"""What is being drawn, reshaped or adjusted now, as values that the screen can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_editor.model.ids import ClassId
    from tui_editor.state.picture import PictureSettings
    from tui_editor.state.view import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleTool:
    """The selected label is being reshaped at one of its handles."""

    handle: int = 0
    """Row in `tools.handles.handles_of(shape)`; the last one moves the whole shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxTool:
    """A box is being placed by keys: crosshair, hint-zoom window and the first corner once it is set."""

    class_id: ClassId
    crosshair: tuple[float, float]
    """Image pixels."""
    window: tuple[float, float, float, float]
    """x, y, width, height in image pixels of the area that the 3×3 keys divide."""
    corner: tuple[float, float] | None = None
    replaces: bool = False
    """The box becomes the selected instance's label on this frame, not a new instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinTool:
    """A place on the canvas is being chosen for an issue."""

    crosshair: tuple[float, float]
    window: tuple[float, float, float, float]


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


Tool = HandleTool | BoxTool | PinTool | AdjustTool
