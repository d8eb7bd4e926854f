"""Steps that several commands share: bring an instance into view, go to what is next."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands.wishes import NO_ZOOM
from tui_editor.errors import Refused, UsageError
from tui_editor.model.shapes import bounds
from tui_editor.render.camera import viewport_for
from tui_editor.render.viewport import Viewport, turned_size
from tui_editor.state import selectors
from tui_editor.state.label_list import label_list
from tui_editor.state.view import FIT, Camera
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.ids import InstanceId
    from tui_editor.state.store import TaskState

OBJECT_MARGIN = 1.6
"""A zoomed object fills the canvas but for this factor: its surroundings tell what it is."""
DIRECTIONS: dict[str, tuple[int, int]] = {
    "h": (-1, 0),
    "j": (0, 1),
    "k": (0, -1),
    "l": (1, 0),
    "left": (-1, 0),
    "down": (0, 1),
    "up": (0, -1),
    "right": (1, 0),
}
"""(x, y) steps of the keys that move something."""
MOST_SCALE = 32.0
LEAST_SCALE = 1 / 64


def direction(name: str) -> tuple[int, int]:
    """Return the (x, y) step that a key means.

    Raises:
        UsageError: it is no direction.
    """
    if name not in DIRECTIONS:
        raise UsageError(f"{one_line(name) or 'nothing'} is no direction", hint="h, j, k or l")
    return DIRECTIONS[name]


def within(context: Context, point: tuple[float, float]) -> tuple[float, float]:
    """Return the place of the active frame that is nearest to a point."""
    width, height = context.state.unit.size(context.state.view.frame)
    return min(max(point[0], 0.0), float(width)), min(max(point[1], 0.0), float(height))


def image_direction(context: Context, name: str) -> tuple[int, int]:
    """Return the step in image pixels that goes where a key points on the screen.

    In a turned view that is the nearest direction along a row or column of pixels: a nudge by whole pixels stays on the
    grid at every angle.

    Raises:
        UsageError: it is no direction.
    """
    x, y = direction(name)
    for _ in range(context.state.view.picture.quarter_turns):
        x, y = y, -x
    return x, y


def viewport(context: Context) -> Viewport:
    """Return what part of the frame the canvas shows."""
    view, width, height = context.state.view, *context.front.canvas_px()
    size = context.state.unit.size(view.frame)
    return viewport_for(view.camera, size, (int(width), int(height)), rotation_deg=view.picture.rotation_deg)


def fit_scale(context: Context) -> float:
    """Return the screen pixels for one image pixel at which the whole frame is seen."""
    size, now = context.state.unit.size(context.state.view.frame), viewport(context)
    return Viewport.fit(size, now.canvas_size, rotation_deg=now.rotation_deg).scale


def focus(context: Context, instance: InstanceId) -> None:
    """Select an instance, go to a frame where it is, and bring it into view."""
    store, state = context.store, context.state
    if instance not in selectors.on_frame(state):
        # the nearest one: a reviewer who is deep in a video stays there
        place = selectors.nearest_passing(state, instance)
        if place is not None:
            store.go(*place)
    if state.listing.visual:
        store.select(*_up_to(state, instance))
    else:
        store.select(instance)
    if context.state.view.auto_zoom:
        zoom_on(context, instance)
    else:
        scroll_to(context, instance)
    context.loop.since = store.clock.monotonic()


def select_to(context: Context, instance: InstanceId) -> None:
    """Select everything that the Labels pane lists between where the selection began and an instance; go there."""
    listing = context.state.listing
    context.store.set(listing=replace(listing, visual=True))
    focus(context, instance)
    context.store.set(listing=replace(context.state.listing, visual=listing.visual))


def _up_to(state: TaskState, instance: InstanceId) -> tuple[InstanceId, ...]:
    """Return the listed instances from the first selected one to another; that one alone where they aren't listed."""
    listed = label_list(state)
    first, last = listed.place(state.selection[0] if state.selection else None), listed.place(instance)
    if first is None or last is None:
        return (instance,)
    return listed.objects(first, last) if first <= last else listed.objects(last, first)[::-1]


def extend(context: Context, by: int) -> None:
    """Select up to the object that lies so many lines further in the Labels pane.

    Raises:
        Refused: nothing is listed.
    """
    state = context.state
    listed = label_list(state)
    if not listed.count:
        raise Refused("no object is listed")
    at = listed.place(state.selected)
    if at is None:
        focus(context, listed.object(0 if by > 0 else listed.count - 1))
        return
    select_to(context, listed.object(min(max(at + by, 0), listed.count - 1)))


def object_bounds(state: TaskState, instance: InstanceId) -> tuple[float, float, float, float] | None:
    """Return (x0, y0, x1, y1) of an instance on the active frame, None when it isn't there or has no shape."""
    label = state.document.label(instance, state.view.unit, state.view.frame)
    return bounds(label.shape) if label else None


def zoom_on(context: Context, instance: InstanceId) -> None:
    """Fit an instance into the canvas, with a margin."""
    box = object_bounds(context.state, instance)
    if box is None:
        context.store.set_view(camera=FIT)
    else:
        percent = context.loop.wishes.single_percent
        if not context.state.display.alone:
            zoom_on_box(context, box)
        elif percent <= NO_ZOOM:
            scroll_to(context, instance)
        else:
            zoom_on_box(context, box, 100 / percent)


def zoom_on_box(context: Context, box: tuple[float, float, float, float], margin: float = OBJECT_MARGIN) -> None:
    """Fit a rectangle (x0, y0, x1, y1) of the frame into the canvas; the canvas is `margin` times as large."""
    canvas, turn = context.front.canvas_px(), context.state.view.picture.rotation_deg
    width, height = turned_size(max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0), turn)
    wanted = min(canvas[0] / (width * margin), canvas[1] / (height * margin))
    scale = min(max(wanted, fit_scale(context)), MOST_SCALE)
    center = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    context.store.set_view(camera=Camera(center=center, scale=scale))


def scroll_to(context: Context, instance: InstanceId) -> None:
    """Centre the canvas on an instance when its middle is out of sight."""
    box = object_bounds(context.state, instance)
    if box is not None:
        show_point(context, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))


def show_point(context: Context, point: tuple[float, float]) -> None:
    """Centre the canvas on a place of the frame when it is out of sight."""
    camera = context.state.view.camera
    if camera.fitted:
        return
    now = viewport(context)
    x, y = now.to_screen(point).tolist()
    if not (0 <= x <= now.canvas_size[0] and 0 <= y <= now.canvas_size[1]):
        context.store.set_view(camera=replace(camera, center=point))


def step(context: Context, by: int) -> None:
    """Go to the next (or previous) object in review order, from the selected one or from this frame.

    While a range is being selected, it grows to the next line of the Labels pane.
    """
    if context.state.listing.visual:
        extend(context, by)
        return
    order = selectors.listed(context.state)
    if not order:
        context.front.tell("there are no objects here", severity="warning")
        return
    at = _position(context, order, by)
    target = (0 if by > 0 else len(order) - 1) if at is None else min(max(at + by, 0), len(order) - 1)
    focus(context, order[target])


def _position(context: Context, order: tuple[InstanceId, ...], by: int) -> int | None:
    selected = context.state.selected
    if selected is not None and selected in context.state.document.instances and selected in order:
        return order.index(selected)
    here = selectors.on_frame(context.state)
    if not here or here[0] not in order:
        return None
    return order.index(here[0]) - (1 if by > 0 else 0)  # going on, the first one of this frame is the next


def next_undecided(context: Context, by: int = 1) -> bool:
    """Go to the `by`th next (or previous) object that is not decided, wrapping round; return False when all are."""
    order = selectors.listed(context.state)
    left = selectors.to_judge(context.state)
    at = _position(context, order, by)
    start = (-1 if by > 0 else len(order)) if at is None else at
    way = 1 if by > 0 else -1
    ring = (order[(start + way * i) % len(order)] for i in range(1, len(order) + 1))
    found = list(islice((i for i in ring if i in left), abs(by)))
    if not found:
        return False
    focus(context, found[(abs(by) - 1) % len(found)])
    return True
