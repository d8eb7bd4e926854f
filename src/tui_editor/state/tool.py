"""What is being drawn, reshaped or adjusted now, as values that the screen can show."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.edits.masks import Panoptic
from tui_editor.model.brush import Brush

if TYPE_CHECKING:
    from tui_editor.model.ids import ClassId, InstanceId
    from tui_editor.model.shapes import ShapeKind
    from tui_editor.state.picture import PictureSettings
    from tui_editor.state.view import Mode


class HandleTool(Struct, frozen=True, kw_only=True):
    """The selected label is being reshaped at one of its handles."""

    handle: int = 0
    """Row in `tools.handles.handles_of(shape)`; the last one moves the whole shape."""


class DrawTool(Struct, frozen=True, kw_only=True):
    """A shape is being placed point by point: crosshair, hint-zoom window and the points that were set."""

    class_id: ClassId
    kind: ShapeKind
    crosshair: tuple[float, float]
    """Image pixels."""
    window: tuple[float, float, float, float]
    """x, y, width, height in image pixels of the area that the 3×3 keys divide."""
    points: tuple[tuple[float, float], ...] = ()
    traced: tuple[tuple[int, int], ...] = ()
    """Stretches that follow an edge, as how many points there were before and after each: one goes back as a whole."""
    replaces: bool = False
    """The shape becomes the selected instance's label on this frame, not a new instance."""

    @property
    def aimed(self) -> tuple[tuple[float, float], ...]:
        """Return the points with the crosshair's, unless it still lies where the last one was set."""
        return self.points if self.points[-1:] == (self.crosshair,) else (*self.points, self.crosshair)

    @property
    def taken_back(self) -> DrawTool:
        """Return the tool without the point that was set last, or the stretch that ends with it."""
        traced, left = self.traced, len(self.points) - 1
        if traced and traced[-1][1] > left:
            *earlier, (left, _) = traced
            traced = tuple(earlier)
        return replace(self, points=self.points[:left], traced=traced, crosshair=self.points[-1])


class PinTool(Struct, frozen=True, kw_only=True):
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


class JumpTool(Struct, frozen=True, kw_only=True):
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


class AdjustTool(Struct, frozen=True, kw_only=True):
    """A picture setting is being adjusted by keys."""

    setting: str
    """Its name in `PictureSettings`."""
    before: PictureSettings
    """What to go back to."""
    mode: Mode
    """Where it was begun, and goes on afterwards."""
    tool: Tool | None


class PathUse(StrEnum):
    """What a drawn path does to a label. The values are what people call the tools."""

    BRUSH = "brush"
    """Adds what the brush covers; of a polyline, goes on with it or replaces a part."""
    ERASER = "eraser"
    THRESHOLD = "threshold brush"
    """Adds what the brush covers and has the colour of where it began."""
    FLOOD = "flood"
    """Adds what hangs together with a place and has its colour."""
    PEN = "pen"
    """Adds what lies within the path."""
    TOUCH_UP = "touch-up"
    """The outline between two vertices becomes the path."""
    SPLIT = "split"
    """A straight line divides the label into two."""
    SCISSORS = "scissors"
    """Removes the vertices within the path, or within the rectangle between two places."""


class Paint(Struct, frozen=True, kw_only=True):
    """How is painted: a sitting remembers it from one tool to the next."""

    brush: Brush = field(default_factory=Brush)
    tolerance: float = 12.0
    """How far a colour may differ, for threshold and flood: CIE76."""
    panoptic: Panoptic = Panoptic.OFF


class PathTool(Struct, frozen=True, kw_only=True):
    """A path is being drawn at the selected label, by keys or by the pointer."""

    use: PathUse
    crosshair: tuple[float, float]
    """Image pixels."""
    window: tuple[float, float, float, float]
    """x, y, width, height in image pixels of the area that the 3×3 keys divide."""
    paint: Paint
    path: tuple[tuple[float, float], ...] = ()
    """The places that were set."""
    flipped: bool = False
    """A touch-up takes the longer arc."""
    class_id: ClassId | None = None
    """The first stroke makes an instance of this class; None: the selected label is reshaped."""
    begun: InstanceId | None = None
    """The instance that the first stroke made, or that gets a label on this frame."""
    pointer: bool = False
    """The pointer moved last, not a key: the 3×3 keys are not shown."""

    @property
    def aimed(self) -> tuple[tuple[float, float], ...]:
        """Return the path to where the crosshair is."""
        return self.path if self.path[-1:] == (self.crosshair,) else (*self.path, self.crosshair)


class TurboTool(Struct, frozen=True, kw_only=True):
    """The selected object's attributes are answered one after the other."""

    question: int = 0
    """Number of the attribute among those that are asked, from 0."""
    auto_zoom: bool = False
    """Whether the camera followed the selected object before."""


Tool = TurboTool | HandleTool | DrawTool | PinTool | JumpTool | PathTool | AdjustTool
