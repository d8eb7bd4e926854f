"""Zoom, pan, and what is drawn. Nothing here changes the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import moving
from tui_editor.commands.command import CANVAS, LOOP, Command, on
from tui_editor.commands.moving import direction
from tui_editor.render.camera import camera_for
from tui_editor.state.tool import DrawTool, PathTool, PinTool
from tui_editor.state.view import FIT, Camera, Mode, TagText

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = "View"
ZOOM_STEP = 1.25
FIRST_ZOOM = 2.0
"""Times the whole frame, when nothing is selected and nothing was zoomed before."""
MOST_STEPS = 99
"""More steps zoom no further."""
PAN_PART = 1 / 8
"""Part of the canvas that one pan moves by."""

WITHOUT_DRAW = (*LOOP, Mode.EDIT, Mode.TURBO)


def zoom_at(context: Context, factor: float, at: tuple[float, float]) -> None:
    """Zoom by a factor; the image pixel `at` stays where it is on the canvas."""
    now, fit = moving.viewport(context), moving.fit_scale(context)
    scale, center = now.scale, now.centre_px
    new = min(max(scale * factor, min(fit, moving.LEAST_SCALE)), moving.MOST_SCALE)
    if new <= fit:
        context.store.set_view(camera=FIT)
        return
    x, y = (a + (c - a) * scale / new for a, c in zip(at, center, strict=True))
    context.store.set_view(camera=Camera(center=(x, y), scale=new))


def _zoom(context: Context, factor: float) -> None:
    zoom_at(context, factor ** min(context.times, MOST_STEPS), _of_interest(context))


def _of_interest(context: Context) -> tuple[float, float]:
    """Return the place that stays where it is: the crosshair, the selected object's middle, or that of the canvas."""
    state, tool = context.state, context.state.tool
    if isinstance(tool, DrawTool | PinTool | PathTool):
        return tool.crosshair
    box = moving.object_bounds(state, state.selected) if state.selected is not None else None
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if box else moving.viewport(context).centre_px


def _zoom_in(context: Context) -> None:
    _zoom(context, ZOOM_STEP)


def _zoom_out(context: Context) -> None:
    _zoom(context, 1 / ZOOM_STEP)


def pan(context: Context, dx_px: float, dy_px: float) -> None:
    """Move the view by screen pixels; does nothing while the whole frame is shown."""
    if not context.state.view.camera.fitted:
        size = context.state.unit.size(context.state.view.frame)
        context.store.set_view(camera=camera_for(moving.viewport(context).pan(dx_px, dy_px).clamp(size)))


def _pan(context: Context) -> None:
    width, height = context.front.canvas_px()
    x, y = direction(context.argument or "h")
    step = PAN_PART * context.times
    pan(context, x * width * step, y * height * step)


def _fit_object(context: Context) -> None:
    target = context.selected()
    context.store.set_view(auto_zoom=True)
    moving.zoom_on(context, target)


def _fit_frame(context: Context) -> None:
    camera = context.state.view.camera
    if not camera.fitted:
        context.loop.zoomed = camera
    context.store.set_view(camera=FIT, auto_zoom=False)


def _toggle_zoom(context: Context) -> None:
    selected = context.state.selected
    if not context.state.view.camera.fitted:
        _fit_frame(context)
    elif context.loop.zoomed is not None:
        context.store.set_view(camera=context.loop.zoomed)
    elif selected is not None and moving.object_bounds(context.state, selected) is not None:
        moving.zoom_on(context, selected)
    else:
        zoom_at(context, FIRST_ZOOM, moving.viewport(context).centre_px)


def _centre(context: Context) -> None:
    camera = context.state.view.camera
    width, height = context.state.unit.size(context.state.view.frame)
    if camera.fitted:
        context.front.tell("the whole frame is shown, its middle in the middle")
    else:
        context.store.set_view(camera=replace(camera, center=(width / 2, height / 2)))


def _toggle_labels(context: Context) -> None:
    display = context.state.display
    context.store.set(display=replace(display, labels=not display.labels))


def _toggle_dim(context: Context) -> None:
    display = context.state.display
    context.store.set(display=replace(display, dim_others=not display.dim_others))


def _tags(context: Context) -> None:
    kinds = list(TagText)
    display = context.state.display
    after = kinds[(kinds.index(display.tags) + 1) % len(kinds)]
    context.store.set(display=replace(display, tags=after))
    context.front.tell(f"beside labels: {after.value}")


def _hide_one(context: Context) -> None:
    context.selected()
    display, chosen = context.state.display, frozenset(context.state.selection)
    hidden = display.hidden - chosen if chosen <= display.hidden else display.hidden | chosen
    listing = replace(context.state.listing, visual=False)
    context.store.set(display=replace(display, hidden=hidden), listing=listing)


COMMANDS = (
    Command(
        id="view.zoom_in",
        title="Zoom in",
        doc="Zooms in on the crosshair, else on the selected object, or on the middle of the canvas.",
        run=_zoom_in,
        keys=on("+, =", *LOOP) + on("+", Mode.EDIT, Mode.DRAW, Mode.TOOL, Mode.TURBO),
        count="steps",
        group=GROUP,
    ),
    Command(
        id="view.zoom_out",
        title="Zoom out",
        doc="Zooms out, at most until the whole frame is seen.",
        run=_zoom_out,
        keys=on("-", *CANVAS),
        count="steps",
        group=GROUP,
    ),
    Command(
        id="view.pan",
        title="Pan",
        doc="Moves the view by an eighth of the canvas: h left, j down, k up, l right.",
        run=_pan,
        keys=tuple(k for d in "hjkl" for k in on(f"w {d}", *WITHOUT_DRAW, argument=d)),
        count="steps",
        takes="h|j|k|l",
        group=GROUP,
    ),
    Command(
        id="view.fit_object",
        title="Zoom on the object",
        doc="Fits the selected object into the canvas, and each one that is selected after it.",
        run=_fit_object,
        keys=on("z", *WITHOUT_DRAW),
        hint="zoom",
        group=GROUP,
    ),
    Command(
        id="view.fit_frame",
        title="Show the whole frame",
        doc="Fits the frame into the canvas and stops zooming on objects.",
        run=_fit_frame,
        keys=on("Z", *CANVAS),
        group=GROUP,
    ),
    Command(
        id="view.zoom",
        title="Zoom on or off",
        doc="Shows the whole frame; from there goes back to where it was zoomed in, else to the selected object.",
        run=_toggle_zoom,
        keys=on("w z", *WITHOUT_DRAW),
        group=GROUP,
    ),
    Command(
        id="view.centre",
        title="Centre the picture",
        doc="Brings the middle of the frame into the middle of the canvas; the scale stays.",
        run=_centre,
        keys=on("w m", *WITHOUT_DRAW),
        group=GROUP,
    ),
    Command(
        id="view.labels",
        title="Hide or show labels",
        doc="Hides all labels, or shows them again.",
        run=_toggle_labels,
        keys=on("b"),
        hint="labels",
        group=GROUP,
    ),
    Command(
        id="view.dim",
        title="Dim the others",
        doc="Dims all labels but the selected one, or stops it.",
        run=_toggle_dim,
        keys=on("B"),
        group=GROUP,
    ),
    Command(
        id="view.tags",
        title="What is written beside labels",
        doc="Goes through: nothing, name, name and confidence, answers as well.",
        run=_tags,
        keys=on("t"),
        group=GROUP,
    ),
    Command(
        id="view.hide_object",
        title="Hide or show the object",
        doc="Hides the selected objects' labels, or shows them again.",
        run=_hide_one,
        keys=on("o"),
        group=GROUP,
    ),
)
