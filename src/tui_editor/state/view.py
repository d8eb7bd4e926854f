"""What a window shows: frame, viewport, filters, mode. Nothing of it is part of the document."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.state.picture import PLAIN, PictureSettings, settings_from_mapping, settings_to_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.model.editor_layouts import Split
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.project import Task
    from tui_editor.state.filters.syntax import Term


class Mode(StrEnum):
    """What keys mean now. The docstring of each is the manual of the mode."""

    BROWSE = "browse"
    """Annotate stage, nothing being drawn: move, select, label."""
    REVIEW = "review"
    """Review stage: decide on one object after the other."""
    REASON = "reason"
    """After `x`: a digit picks the canned reason, Enter repeats the last one, `t` types one."""
    EDIT = "edit"
    """The selected label's geometry: Tab goes through its handles, hjkl nudge."""
    DRAW = "draw"
    """A shape is being placed: the 3×3 hint keys zoom in, hjkl move the crosshair, Space sets points, Enter ends."""
    JUMP = "jump"
    """Letters stand on the labels or handles in view: typing them goes there."""
    TOOL = "tool"
    """A path is being drawn at a label: hjkl move the crosshair, Space sets a place, Enter ends, Escape drops it."""
    ADJUST = "adjust"
    """A picture setting is being adjusted: h and l step, Tab goes to the next one, Enter keeps, Escape takes back."""
    TURBO = "turbo"
    """One object after the other: digits answer its attributes, Enter confirms, j and k go to the next one."""
    LABELS = "labels"
    """The Labels pane has the focus: these keys, and all others of browse or review."""
    ISSUES = "issues"
    """The issues pane has the focus."""
    FINDINGS = "findings"
    """The findings pane has the focus: these keys, and all others of browse or review."""
    QUEUE = "queue"
    """The task queue."""


class TagText(StrEnum):
    """What is written beside a label."""

    NONE = "none"
    NAME = "name"
    NAME_AND_CONFIDENCE = "name and confidence"
    ALL = "name, confidence and answers"


class ColourBy(StrEnum):
    """What a label's colour tells."""

    CLASS = "class"
    INSTANCE = "instance"
    STATE = "review state"
    CONFIDENCE = "confidence"
    AUTHOR = "author"


class Camera(Struct, frozen=True, kw_only=True):
    """Which part of the frame is seen."""

    center: tuple[float, float] | None = None
    """Image pixel in the middle of the canvas; None: the frame fitted into it."""
    scale: float = 1.0
    """Screen pixels for one image pixel; meaningless while the frame is fitted."""

    @property
    def fitted(self) -> bool:
        """Return whether the whole frame is shown."""
        return self.center is None


FIT = Camera()


class Filters(Struct, frozen=True, kw_only=True):
    """Which labels are shown and gone through."""

    text: str = ""
    """As typed after `/`; the terms are what it says."""
    terms: tuple[Term, ...] = ()


class View(Struct, frozen=True, kw_only=True):
    """One window on the task: a data unit, a frame of it, and what of the frame."""

    unit: UnitId
    frame: int = 0
    camera: Camera = FIT
    auto_zoom: bool = False
    """The camera follows the selected object."""
    picture: PictureSettings = PLAIN


class Window(Struct, frozen=True, kw_only=True):
    """A window of the editor: a view, and the data units that are shown in it."""

    view: str
    """Name of its view in the state."""
    number: int
    """The layout's."""
    units: tuple[UnitId, ...]
    read_only: bool = False


class Windows(Struct, frozen=True, kw_only=True):
    """The windows of a task and how they lie; without any the editor has one canvas for all data units."""

    windows: tuple[Window, ...] = ()
    split: Split | int = 0
    problem: str = ""
    """Why a layout is not applied."""

    def of_unit(self, unit: UnitId) -> Window | None:
        """Return the window that shows a data unit, the first one in which it may be changed."""
        found = [window for window in self.windows if unit in window.units]
        return min(found, key=lambda window: window.read_only, default=None)

    @property
    def fixed(self) -> frozenset[UnitId]:
        """Return the data units that no window lets change."""
        free = {unit for window in self.windows if not window.read_only for unit in window.units}
        return frozenset(unit for window in self.windows for unit in window.units) - free


NO_WINDOWS = Windows()


class Display(Struct, frozen=True, kw_only=True):
    """How labels are drawn."""

    labels: bool = True
    dim_others: bool = False
    alone: bool = False
    """Only the selected objects are shown."""
    tags: TagText = TagText.NAME_AND_CONFIDENCE
    colour_by: ColourBy = ColourBy.CLASS
    opacity: float = 0.2
    """Of the insides of polygons, masks and the selected box, 0..1."""
    line_px: int = 2
    """Width of outlines in screen pixels; the selected label's is wider by one."""
    onion: int = 0
    """Frames before and after this one whose labels are shown as thin outlines."""
    hidden: frozenset[InstanceId] = frozenset()


class Durability(Struct, frozen=True, kw_only=True):
    """Whether everything done is on disk."""

    pending: int = 0
    """Edits that wait for their COMMIT."""
    seq: int = 0
    """Last kept journal entry."""
    problem: str = ""
    """Why the last edit was refused; empty when none was."""

    @property
    def kept(self) -> bool:
        """Return whether nothing waits."""
        return self.pending == 0


MOST_KEPT = 1_000
"""Selected objects that the store keeps with each edit, the last ones."""


def view_to_mapping(view: View, selection: tuple[InstanceId, ...]) -> dict[str, Any]:
    """Return where a person is, as the store keeps it."""
    camera = view.camera
    center = list(camera.center) if camera.center else None
    return {
        "unit": view.unit,
        "frame": view.frame,
        "center": center,
        "scale": camera.scale,
        "selection": list(selection[-MOST_KEPT:]),
        "picture": settings_to_mapping(view.picture),
    }


def view_from_mapping(saved: Mapping[str, Any], default: View) -> tuple[View, tuple[InstanceId, ...]]:
    """Return the view and selection that `view_to_mapping` wrote; the default where something is missing."""
    center = saved.get("center")
    camera = Camera(center=(center[0], center[1]), scale=saved.get("scale", 1.0)) if center else FIT
    unit, frame = saved.get("unit", default.unit), saved.get("frame", default.frame)
    picture = settings_from_mapping(saved.get("picture") or {})
    view = replace(default, unit=unit, frame=frame, camera=camera, picture=picture)
    return view, tuple(saved.get("selection", ()))


def valid_view(view: View, task: Task) -> View:
    """Return the view on a unit and frame that the task has."""
    if all(unit.id != view.unit for unit in task.units):
        view = replace(view, unit=task.units[0].id, frame=0)
    last = max(0, task.unit(view.unit).frame_count - 1)
    return view if 0 <= view.frame <= last else replace(view, frame=min(max(view.frame, 0), last))


class ReviewProgress(Struct, frozen=True, kw_only=True):
    """How far the review is, and how fast."""

    done: int = 0
    total: int = 0
    rejected: int = 0
    decided_now: int = 0
    """Decisions of this sitting."""
    seconds: float = 0.0
    """Time spent on them."""

    @property
    def seconds_each(self) -> float:
        """Return the mean time of a decision; 0 before the first one."""
        return self.seconds / self.decided_now if self.decided_now else 0.0

    @property
    def seconds_left(self) -> float:
        """Return how long the rest takes at this pace."""
        return (self.total - self.done) * self.seconds_each
