"""Labels of a frame as marks: many at once, the columns of their tracks read together."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Literal

import numpy as np
from msgspec import Struct

from tui_editor.errors import InvalidShape
from tui_editor.model.masks import array_of
from tui_editor.model.ontology import ObjectClass
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    bounds,
    coordinates,
)
from tui_editor.model.tracks import LabelFlag, Origin
from tui_editor.render.marks import (
    BoxMark,
    HandleMark,
    MaskMark,
    PointMark,
    PolygonMark,
    PolylineMark,
    SkeletonMark,
    Style,
    TagMark,
)
from tui_editor.render.tints import class_colour, tint
from tui_editor.state.view import ColourBy, TagText
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from tui_editor.model.columns import Geometry
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import AttributeId, ClassId, InstanceId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import AnswerValue, Ontology
    from tui_editor.model.tracks import Track
    from tui_editor.render.marks import Mark
    from tui_editor.render.palette import RGB

TagMode = Literal["all", "selected", "none"]

HANDLES_AT_MOST = 400
"""A selected shape with more points shows none."""

_LINE_PX, _INTERPOLATED_LINE_PX = 2, 1
_BOX, _POLYGON, _BITMASK = ShapeKind.BOX, ShapeKind.POLYGON, ShapeKind.BITMASK
_PRESENCE, _VERBATIM = ShapeKind.PRESENCE, ShapeKind.VERBATIM
# Plain numbers: looking up an enum's member for each of thousands of labels costs more than the rest.
_OUTSIDE, _OCCLUDED, _INTERPOLATED = int(LabelFlag.OUTSIDE), int(LabelFlag.OCCLUDED), int(Origin.INTERPOLATED)


class Look(Struct, frozen=True, kw_only=True, eq=False):
    """What decides how labels look, besides themselves and whether they are selected."""

    ontology: Ontology
    dim_others: bool
    tags: TagMode
    handles: bool
    fill_alpha: float
    words: TagText = TagText.NAME_AND_CONFIDENCE
    colour_by: ColourBy = ColourBy.CLASS
    line_px: int = _LINE_PX

    def same(self, other: Look) -> bool:
        """Return whether labels look alike with both."""
        return all(getattr(self, name) == getattr(other, name) for name in _COMPARED) and (
            self.ontology is other.ontology
        )

    def style(self, colour: ClassId | RGB, flags: int, origin: int, selected: bool, filled: bool) -> Style:
        """Return the style of a label: one object for all that look alike, as those are drawn together."""
        return style_of(
            class_colour(self.ontology, colour) if isinstance(colour, str) else colour,
            dashed=flags & _OCCLUDED != 0,
            interpolated=origin == _INTERPOLATED,
            dimmed=self.dim_others and not selected,
            selected=selected,
            fill_alpha=self.fill_alpha if selected or filled else 0.0,
            line_px=self.line_px,
        )


_COMPARED = ("dim_others", "tags", "handles", "fill_alpha", "words", "colour_by", "line_px")


@lru_cache(maxsize=4096)
def style_of(
    colour: RGB,
    *,
    dashed: bool = False,
    interpolated: bool = False,
    dimmed: bool = False,
    selected: bool = False,
    fill_alpha: float = 0.0,
    line_px: int = _LINE_PX,
) -> Style:
    """Return the one style of labels and signs that look alike."""
    usual = line_px + 1 if selected else line_px
    return Style(
        colour=colour,
        thickness=_INTERPOLATED_LINE_PX if interpolated else usual,
        dashed=dashed,
        fill_alpha=fill_alpha,
        dimmed=dimmed,
        selected=selected,
    )


def tag_text(look: Look, instance: Instance, confidence: float, frame: FrameRef) -> str:
    """Return what a tag says, harmless to a terminal: class and ordinal, the confidence where it is not 1, answers."""
    found = look.ontology.find(instance.class_id)
    name = f"{one_line(found.name if found else instance.class_id)} ({instance.ordinal})"
    if look.words is TagText.NAME:
        return name
    sure = name if confidence >= 1 else f"{name} α {confidence:.0%}"
    if look.words is not TagText.ALL:
        return sure
    answers = instance.answers_at(frame.unit, frame.index)
    return " · ".join([sure, *(_answer(look.ontology, key, value) for key, value in answers.items())])


def _answer(ontology: Ontology, key: AttributeId, value: AnswerValue) -> str:
    attribute = ontology.attribute(key)
    if attribute is None or not isinstance(value, tuple):
        return one_line(str(value))
    options = (attribute.option(v) for v in value)
    return ", ".join(one_line(o.label) for o in options if o)


# --- many labels ---------------------------------------------------------------------------------

_Shown = tuple["InstanceId", "Instance", "Track", int, Style]
"""A label that is drawn: whose, the track and the row in it, its style. Thousands are made at once."""


def label_marks(
    document: LabelDocument,
    frame: FrameRef,
    keys: Iterable[InstanceId],
    look: Look,
    selected: frozenset[InstanceId],
) -> dict[InstanceId, tuple[Mark, ...]]:
    """Return the marks of instances on a frame: those of the shape, then its tag and handles.

    None have presence and verbatim labels, labels that are outside the picture, and those with a coordinate that is no
    number; a bitmask whose runs don't fill it has a tag only.
    """
    found: dict[InstanceId, tuple[Mark, ...]] = dict.fromkeys(keys, ())
    signed = found.keys() if look.tags == "all" else selected & found.keys()
    rings: dict[InstanceId, NDArray[np.float64]] = {}
    # all of a label in one go: what lies around in memory is fetched once
    for shown in _shown(document, frame, found, look, selected):
        key, instance, track, row, style = shown
        ring = _only_ring(track.geometry)
        made: tuple[Mark, ...] | None
        if ring is None:
            made = _shape(track.geometry, row, style, look.ontology, instance.class_id)
        else:
            rings[key] = ring
            made = (PolygonMark((ring.reshape(-1, 2),), style),)
        if made is not None:
            found[key] = (*made, *_signs(shown, look, selected, frame)) if key in signed else made
    return found | dict.fromkeys(_broken(rings), ())


def _shown(
    document: LabelDocument,
    frame: FrameRef,
    keys: Iterable[InstanceId],
    look: Look,
    selected: frozenset[InstanceId],
) -> Iterator[_Shown]:
    """Yield the labels that are drawn."""
    track_of, instance_of, unit, index = document.tracks.get, document.instances.get, frame.unit, frame.index
    by = None if look.colour_by is ColourBy.CLASS else look.colour_by
    styles: dict[tuple[ClassId | RGB, int, int, bool, bool], Style] = {}
    for key in keys:
        track, instance = track_of((key, unit)), instance_of(key)
        if track is None or instance is None:
            continue
        # a track of one label, of which a picture may have thousands, needs no search
        frames = track.frames
        row = track.row_of(index) if frames.size != 1 else 0 if frames.item() == index else None
        if row is None:
            continue
        kind = track.geometry.kind
        filled = kind is _POLYGON or kind is _BITMASK  # a set would ask the enum for its hash, which is slow
        colour = instance.class_id if by is None else tint(by, document, key, instance, track, row)
        like = colour, track.flags.item(row), track.origin.item(row), key in selected, filled
        style = styles.get(like)
        if style is None:
            style = styles[like] = look.style(*like)
        if not (like[1] & _OUTSIDE or kind is _PRESENCE or kind is _VERBATIM):
            yield key, instance, track, row, style


def _only_ring(geometry: Geometry) -> NDArray[np.float64] | None:
    """Return the coordinates of a single label's polygon of one ring, None of any other geometry."""
    if geometry.kind is not _POLYGON:
        return None
    numbers, rings = geometry.ragged
    one = numbers.offsets.size == 2 and rings.values.size == 1
    return numbers.values if one else None


def _shape(
    geometry: Geometry, row: int, style: Style, ontology: Ontology, class_id: ClassId
) -> tuple[Mark, ...] | None:
    """Return the marks of a shape; None when it has a coordinate that is no number, as a file may."""
    if geometry.kind is _BOX:
        x, y, width, height = geometry.fixed[row].tolist()
        return (BoxMark((x, y, width, height), style),) if isfinite(x + y + width + height) else None
    shape = geometry.shape(row)
    if not all(bool(np.isfinite(points).all()) for points in coordinates(shape)):
        return None
    return tuple(shape_marks(shape, style, ontology, class_id))


def _broken(rings: dict[InstanceId, NDArray[np.float64]]) -> list[InstanceId]:
    """Return whose ring has a coordinate that is no number."""
    if not rings or np.isfinite(np.concatenate(list(rings.values()))).all():
        return []
    return [key for key, ring in rings.items() if not np.isfinite(ring).all()]


# --- one shape -----------------------------------------------------------------------------------


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


def _signs(shown: _Shown, look: Look, selected: frozenset[InstanceId], frame: FrameRef) -> Iterator[Mark]:
    """Yield the tag and the handles of a label."""
    key, instance, track, row, style = shown
    shape = track.geometry.shape(row)
    if look.tags == "all" or (look.tags == "selected" and key in selected):
        yield from _tag(shape, tag_text(look, instance, float(track.confidence[row]), frame), style)
    if look.handles and key in selected:
        yield from handle_marks(shape, style)


def _tag(shape: Shape, text: str, style: Style) -> Iterator[Mark]:
    around = bounds(shape)
    if around is not None and not style.dimmed:
        x0, y0, x1, y1 = around
        yield TagMark((x0, y0, x1 - x0, y1 - y0), text, style)


def handle_marks(shape: Shape, style: Style) -> Iterator[Mark]:
    """Yield the handles of a shape; none when it has more points than can be told apart."""
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
