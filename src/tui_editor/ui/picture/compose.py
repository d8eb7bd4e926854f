"""From the state of a task and a decoded frame to the canvas: pixels below, marks above. Knows no terminal."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tui_editor.model.shapes import Box
from tui_editor.render.camera import pixel_options, viewport_for
from tui_editor.render.pixels import DEFAULT_OPTIONS, PixelOptions, render_pixels
from tui_editor.render.scene import SceneBuilder, SceneOptions, class_colours
from tui_editor.state.selectors import on_frame
from tui_editor.state.tool import BoxTool, HandleTool, PinTool
from tui_editor.state.view import TagText
from tui_editor.tools import hint_zoom
from tui_editor.tools.handles import handles_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.model.frames import Frame, FrameRef
    from tui_editor.model.shapes import Shape
    from tui_editor.render.label_marks import TagMode
    from tui_editor.render.marks import Mark
    from tui_editor.render.palette import RGB
    from tui_editor.render.viewport import Viewport
    from tui_editor.state.store import TaskState

_BASES_KEPT = 3
"""The one that is shown, and neighbours that are prepared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureKey:
    """All that the pixels of a canvas without labels depend on: equal keys, equal pixels."""

    frame: FrameRef
    viewport: Viewport
    decoded: tuple[int, ...]
    """Shape of the decoded frame, which may be a reduced one."""
    options: PixelOptions = DEFAULT_OPTIONS


class Composed:
    """What the canvas shows, before it is encoded.

    Args:
        key: What the base depends on.
        marks: What is drawn over it, in image pixels.
        frame: The decoded frame.
        colours: Of labels and signs: a palette must hold them.
        bases: Makes the base when it is first asked for; a picture that the terminal holds already needs none.
    """

    def __init__(
        self, key: PictureKey, marks: tuple[Mark, ...], frame: Frame, colours: tuple[RGB, ...], bases: Bases
    ) -> None:
        self.key, self.marks, self.frame, self.colours = key, marks, frame, colours
        self._bases = bases

    @property
    def viewport(self) -> Viewport:
        """Return which part of the frame the canvas shows."""
        return self.key.viewport

    @cached_property
    def base(self) -> NDArray[np.uint8]:
        """Return (h, w, 3) RGB: the frame, without labels. The same array for the same key, while it is kept."""
        return self._bases.of(self.key, self.frame)


class Bases:
    """The last canvases without labels. Not thread-safe."""

    def __init__(self) -> None:
        self._kept: OrderedDict[PictureKey, tuple[Frame, NDArray[np.uint8]]] = OrderedDict()

    def of(self, key: PictureKey, frame: Frame) -> NDArray[np.uint8]:
        """Return the canvas of a frame."""
        frame_and_base = self._kept.get(key)
        if frame_and_base is None or frame_and_base[0] is not frame:
            frame_and_base = frame, render_pixels(frame, key.viewport, key.options)
        self._kept[key] = frame_and_base
        self._kept.move_to_end(key)
        while len(self._kept) > _BASES_KEPT:
            self._kept.popitem(last=False)
        return frame_and_base[1]


class Composer:
    """Makes canvases, keeping what did not change since the last ones. Not thread-safe."""

    def __init__(self) -> None:
        self._bases = Bases()
        self._scenes = SceneBuilder()

    def compose(self, state: TaskState, frame: Frame, canvas_px: tuple[int, int]) -> Composed:
        """Return the canvas of the active view."""
        picture = state.view.picture
        viewport = viewport_for(
            state.view.camera,
            frame.full_size,
            canvas_px,
            pixel_aspect=frame.pixel_aspect,
            rotation_deg=picture.rotation_deg,
        )
        ontology = state.project.ontology
        marks = self._scenes.build(state.shown, ontology, state.frame, scene_options(state))
        options = pixel_options(picture)
        key = PictureKey(frame=state.frame, viewport=viewport, decoded=frame.pixels.shape, options=options)
        return Composed(key, marks, frame, class_colours(ontology), self._bases)


def fit_px(state: TaskState, canvas_px: tuple[int, int]) -> tuple[int, int] | None:
    """Return the size (width, height) at which the whole frame is shown; None where it is magnified or unknown."""
    size, turn = state.unit.size(state.view.frame), state.view.picture.rotation_deg
    if state.view.camera.fitted and (not turn or min(size) <= 0):
        return canvas_px
    scale = viewport_for(state.view.camera, size, canvas_px, rotation_deg=turn).scale
    if scale >= 1 or min(size) <= 0:
        return None
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def scene_options(state: TaskState) -> SceneOptions:
    """Return what of the document the active view shows, and what is being done in it."""
    display, tool = state.display, state.tool
    hidden = display.hidden
    if state.filters.text:
        here = state.document.on_frame(state.view.unit, state.view.frame)
        hidden |= frozenset(here) - frozenset(on_frame(state))
    aim = tool if isinstance(tool, BoxTool | PinTool) else None
    return SceneOptions(
        hidden=hidden,
        hide_all=not display.labels,
        selected=frozenset(state.selection),
        dim_others=display.dim_others,
        tags=_tags(display.tags),
        active_handle=_active_handle(state),
        preview=_preview(tool) if isinstance(tool, BoxTool) else None,
        preview_class=tool.class_id if isinstance(tool, BoxTool) else None,
        crosshair=aim.crosshair if aim else None,
        grid=aim.window if aim else None,
        grid_letters=hint_zoom.letters(state.view.picture.quarter_turns),
    )


def _tags(text: TagText) -> TagMode:
    return "none" if text is TagText.NONE else "all"


def _preview(tool: BoxTool) -> Shape | None:
    if tool.corner is None:
        return None
    (x0, y0), (x1, y1) = tool.corner, tool.crosshair
    return Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))


def _active_handle(state: TaskState) -> tuple[float, float] | None:
    if not isinstance(state.tool, HandleTool) or state.selected is None:
        return None
    label = state.shown.label(state.selected, state.view.unit, state.view.frame)
    handles = () if label is None else handles_of(label.shape)
    if not 0 <= state.tool.handle < len(handles):
        return None
    handle = handles[state.tool.handle]
    return handle.x, handle.y
