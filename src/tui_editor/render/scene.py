"""What the canvas shows of a document on one frame: labels, selection, tags, pins, preview. It draws nothing itself."""

from __future__ import annotations

import math
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from tui_editor.errors import InvalidShape
from tui_editor.model.masks import array_of
from tui_editor.model.ontology import ObjectClass
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    Presence,
    RotatedBox,
    Shape,
    Skeleton,
    Verbatim,
    bounds,
    coordinates,
)
from tui_editor.model.tracks import LabelFlag, Origin
from tui_editor.render.marks import (
    BoxMark,
    CrosshairMark,
    GridMark,
    HandleMark,
    MaskMark,
    PinMark,
    PointMark,
    PolygonMark,
    PolylineMark,
    SkeletonMark,
    Style,
    TagMark,
)
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import ClassId, InstanceId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issues import Issue
    from tui_editor.model.ontology import Ontology
    from tui_editor.render.marks import BoxPx, Mark, Point
    from tui_editor.render.palette import RGB

TagMode = Literal["all", "selected", "none"]

SELECTION_COLOUR: RGB = (255, 221, 0)
PIN_COLOUR: RGB = (255, 170, 0)
AID_COLOUR: RGB = (0, 220, 255)
"""Of crosshair and hint grid."""
TAGS_AT_MOST = 300
"""A frame with more labels shows the tags of the selected ones only."""
HANDLES_AT_MOST = 400
"""A selected shape with more points shows none."""

_LINE_PX, _SELECTED_LINE_PX, _INTERPOLATED_LINE_PX = 2, 3, 1
_FILLED = (Polygon, Bitmask)
_HEX_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
_NO_SHAPE = (Presence, Verbatim)
# Plain numbers: looking up an enum's member for each of thousands of labels costs more than the rest.
_OUTSIDE, _OCCLUDED, _INTERPOLATED = int(LabelFlag.OUTSIDE), int(LabelFlag.OCCLUDED), int(Origin.INTERPOLATED)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SceneOptions:
    """What a view wants to see of the document, and what is being done in it."""

    hidden: frozenset[InstanceId] = frozenset()
    hide_all: bool = False
    selected: frozenset[InstanceId] = frozenset()
    dim_others: bool = False
    """Draw all but the selected dark."""
    tags: TagMode = "all"
    fill_alpha: float = 0.2
    """Opacity of polygons and masks, 0..1; boxes are filled only when selected."""
    handles: bool = True
    """Show where the selected shapes can be taken hold of."""
    active_handle: Point | None = None
    pins: bool = True
    """Show unresolved pin issues."""
    preview: Shape | None = None
    """A shape that is being drawn or moved and not yet in the document."""
    preview_class: ClassId | None = None
    crosshair: Point | None = None
    grid: BoxPx | None = None
    """The window that the 3×3 hint keys divide."""


DEFAULT_SCENE = SceneOptions()


def build_scene(
    document: LabelDocument, ontology: Ontology, frame: FrameRef, options: SceneOptions = DEFAULT_SCENE
) -> tuple[Mark, ...]:
    """Return the marks of a frame, in image pixels, in the order of drawing where marks are alike.

    Not drawn are presence and verbatim labels, labels that are outside the picture, and broken ones (a coordinate that
    is no number, a bitmask whose runs don't fill it).
    """
    marks: list[Mark] = []
    if not options.hide_all:
        shown = [key for key in document.on_frame(frame.unit, frame.index) if key not in options.hidden]
        crowded = len(shown) > TAGS_AT_MOST and options.tags == "all"
        look = _Look(ontology, options, "selected" if crowded else options.tags)
        for key in shown:
            marks += _label_marks(document, frame, key, look)
    if options.pins:
        marks += _pins(document, frame)
    marks += _aids(ontology, options)
    return tuple(marks)


def class_colour(ontology: Ontology, class_id: ClassId) -> RGB:
    """Return a class's colour; one derived from the class's id where the ontology gives none that can be read."""
    found = ontology.find(class_id)
    match = _HEX_COLOUR.fullmatch(found.color.strip()) if found else None
    if match:
        red, green, blue = bytes.fromhex(match[1])
        return red, green, blue
    seed = zlib.crc32(class_id.encode())
    return 64 + (seed & 127), 64 + (seed >> 8 & 127), 64 + (seed >> 16 & 127)


def class_colours(ontology: Ontology) -> tuple[RGB, ...]:
    """Return the colours of all classes and of the signs, to reserve in a palette."""
    fixed = (SELECTION_COLOUR, PIN_COLOUR, AID_COLOUR)
    return (*fixed, *(class_colour(ontology, found.id) for found in ontology.all()))


def tag_text(ontology: Ontology, instance: Instance, confidence: float) -> str:
    """Return what a tag says, harmless to a terminal: class, ordinal, and the confidence where it is not 1."""
    found = ontology.find(instance.class_id)
    name = f"{one_line(found.name if found else instance.class_id)} ({instance.ordinal})"
    return name if confidence >= 1 else f"{name} α {confidence:.0%}"


# --- labels --------------------------------------------------------------------------------------


class _Look:
    """What decides how labels look, with the colours that were looked up."""

    def __init__(self, ontology: Ontology, options: SceneOptions, tags: TagMode) -> None:
        self.ontology = ontology
        self.options = options
        self.tags = tags
        self._colours: dict[ClassId, RGB] = {}

    def colour(self, class_id: ClassId) -> RGB:
        found = self._colours.get(class_id)
        if found is None:
            found = self._colours[class_id] = class_colour(self.ontology, class_id)
        return found


def _label_marks(document: LabelDocument, frame: FrameRef, key: InstanceId, look: _Look) -> Iterator[Mark]:
    track, instance = document.track(key, frame.unit), document.instances.get(key)
    row = None if track is None else track.row_of(frame.index)
    if track is None or instance is None or row is None:
        return
    flags = int(track.flags[row])
    shape = track.geometry.shape(row)
    if flags & _OUTSIDE or isinstance(shape, _NO_SHAPE) or not _is_finite(shape):
        return
    options, selected = look.options, key in look.options.selected
    style = _style(
        look.colour(instance.class_id),
        dashed=flags & _OCCLUDED != 0,
        interpolated=int(track.origin[row]) == _INTERPOLATED,
        dimmed=options.dim_others and not selected,
        selected=selected,
        fill_alpha=options.fill_alpha if selected or isinstance(shape, _FILLED) else 0.0,
    )
    yield from shape_marks(shape, style, look.ontology, instance.class_id)
    if look.tags == "all" or (look.tags == "selected" and selected):
        yield from _tag(shape, tag_text(look.ontology, instance, float(track.confidence[row])), style)
    if selected and options.handles:
        yield from _handles(shape, style)


def _is_finite(shape: Shape) -> bool:
    """Tell whether every coordinate is a number: a file may hold others, and the checks report them."""
    if isinstance(shape, Box):  # the kind that comes in thousands, without an array for each
        return math.isfinite(shape.x + shape.y + shape.width + shape.height)
    return all(bool(np.isfinite(points).all()) for points in coordinates(shape))


@lru_cache(maxsize=4096)
def _style(
    colour: RGB,
    *,
    dashed: bool = False,
    interpolated: bool = False,
    dimmed: bool = False,
    selected: bool = False,
    fill_alpha: float = 0.0,
) -> Style:
    """Return the one style of labels that look alike: marks of one style are drawn together."""
    usual = _SELECTED_LINE_PX if selected else _LINE_PX
    return Style(
        colour=colour,
        thickness=_INTERPOLATED_LINE_PX if interpolated else usual,
        dashed=dashed,
        fill_alpha=fill_alpha,
        dimmed=dimmed,
        selected=selected,
    )


def shape_marks(shape: Shape, style: Style, ontology: Ontology, class_id: ClassId | None) -> Iterator[Mark]:
    """Yield the marks of a shape; a skeleton is joined as the template of its class says."""
    match shape:
        case Box(x, y, width, height):
            yield BoxMark((x, y, width, height), style)
        case RotatedBox():
            yield PolygonMark(coordinates(shape), style)
        case Polygon(parts):
            yield from (PolygonMark(rings, style) for rings in parts)
        case Polyline(points):
            yield PolylineMark(points, style)
        case Keypoint(x, y):
            yield PointMark((x, y), style)
        case Skeleton(points, visibility):
            yield SkeletonMark(points, _edges(ontology, class_id), visibility, style)
        case Bitmask():
            yield from _mask(shape, style)
        case _:
            return


def _edges(ontology: Ontology, class_id: ClassId | None) -> tuple[tuple[int, int], ...]:
    found = ontology.find(class_id) if class_id is not None else None
    template = found.skeleton if isinstance(found, ObjectClass) else None
    return template.edges if template else ()


def _mask(shape: Bitmask, style: Style) -> Iterator[Mark]:
    try:
        bits = array_of(shape)
    except InvalidShape:
        return  # reported by the checks; the other labels stay usable
    yield MaskMark(bits, shape.left, shape.top, style)


def _tag(shape: Shape, text: str, style: Style) -> Iterator[Mark]:
    around = bounds(shape)
    if around is not None and not style.dimmed:
        x0, y0, x1, y1 = around
        yield TagMark((x0, y0, x1 - x0, y1 - y0), text, style)


def _handles(shape: Shape, style: Style) -> Iterator[Mark]:
    if isinstance(shape, Bitmask | Keypoint):
        return
    arrays = coordinates(shape)
    if sum(len(points) for points in arrays) > HANDLES_AT_MOST:
        return
    for points in arrays:
        yield from (HandleMark((x, y), style) for x, y in points.tolist())
        if isinstance(shape, Box | RotatedBox):
            middles = (points + np.roll(points, -1, axis=0)) / 2
            yield from (HandleMark((x, y), style) for x, y in middles.tolist())


# --- signs ---------------------------------------------------------------------------------------


def _pins(document: LabelDocument, frame: FrameRef) -> Iterator[Mark]:
    style = _style(PIN_COLOUR)
    here = (issue.point for issue in document.open_issues() if issue.point and _is_on(issue, frame))
    for number, point in enumerate(here, start=1):
        yield PinMark(point, str(number) if number < 10 else "+", style)


def _is_on(issue: Issue, frame: FrameRef) -> bool:
    return issue.unit == frame.unit and issue.frames is not None and issue.frames[0] <= frame.index <= issue.frames[1]


def _aids(ontology: Ontology, options: SceneOptions) -> Iterator[Mark]:
    aid = _style(AID_COLOUR, interpolated=True)
    if options.preview is not None:
        chosen = options.preview_class
        colour = SELECTION_COLOUR if chosen is None else class_colour(ontology, chosen)
        style = _style(colour, selected=True, fill_alpha=options.fill_alpha)
        yield from shape_marks(options.preview, style, ontology, chosen)
        if options.handles:
            yield from _handles(options.preview, style)
    if options.grid is not None:
        yield GridMark(options.grid, aid)
    if options.crosshair is not None:
        yield CrosshairMark(options.crosshair, aid)
    if options.active_handle is not None:
        yield HandleMark(options.active_handle, _style(SELECTION_COLOUR, selected=True), active=True)
