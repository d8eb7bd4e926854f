"""What the canvas shows of a document on one frame: labels, selection, tags, pins, preview. It draws nothing itself."""

from __future__ import annotations

from collections import OrderedDict
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.render.label_marks import (
    Look,
    TagMode,
    handle_marks,
    label_marks,
    shape_marks,
    style_of,
)
from tui_editor.render.marks import (
    HINT_LETTERS,
    CrosshairMark,
    GridMark,
    HandleMark,
    MaskMark,
    PinMark,
    PolygonMark,
    PolylineMark,
    TagMark,
)
from tui_editor.render.tints import class_colour, label_colours
from tui_editor.state.view import ColourBy, TagText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import ClassId, InstanceId
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.shapes import Shape
    from tui_editor.render.marks import BoxPx, Mark, Point
    from tui_editor.render.palette import RGB

SELECTION_COLOUR: RGB = (255, 221, 0)
OPEN_PIN: RGB = (255, 64, 64)
RESOLVED_PIN: RGB = (48, 192, 96)
GHOST_COLOUR: RGB = (235, 235, 235)
"""Of shapes as they were at the last review."""
AID_COLOUR: RGB = (0, 220, 255)
"""Of crosshair and hint grid."""
TAGS_AT_MOST = 300
"""A frame with more labels shows the tags of the selected ones only."""

ONION_AT_MOST = 100
"""Labels of a neighbouring frame that are outlined; more hide what they should help to see."""

_SCENES_KEPT = 4
"""Scenes that the next one may share marks with: a gesture's preview is made of the one before the gesture."""
_MASK_PIXELS_KEPT = 1 << 26
"""Masks are large: fewer scenes are kept where theirs have more pixels, a byte each."""


class SceneOptions(Struct, frozen=True, kw_only=True, eq=False):
    """What a view wants to see of the document, and what is being done in it."""

    hidden: frozenset[InstanceId] = frozenset()
    hide_all: bool = False
    selected: frozenset[InstanceId] = frozenset()
    dim_others: bool = False
    """Draw all but the selected dark."""
    tags: TagMode = "all"
    words: TagText = TagText.NAME_AND_CONFIDENCE
    """What the tags say."""
    colour_by: ColourBy = ColourBy.CLASS
    line_px: int = 2
    fill_alpha: float = 0.2
    """Opacity of polygons and masks, 0..1; boxes are filled only when selected."""
    onion: int = 0
    """Frames before and after this one whose labels are outlined thinly: of the selected instances, else of all."""
    handles: bool = True
    """Show where the selected shapes can be taken hold of."""
    active_handle: Point | None = None
    pins: bool = True
    """Show pinned issues: red until they are resolved, then green."""
    ghosts: tuple[tuple[Shape, ClassId | None], ...] = ()
    """Shapes as they were before: outlined thinly below the labels."""
    preview: Shape | None = None
    """A shape that is being drawn or moved and not yet in the document."""
    preview_class: ClassId | None = None
    crosshair: Point | None = None
    grid: BoxPx | None = None
    """The window that the 3×3 hint keys divide."""
    outlines: tuple[NDArray[np.float64], ...] = ()
    """Closed lines, points (n, 2) each: the brush, an area that is being marked."""
    paths: tuple[NDArray[np.float64], ...] = ()
    """Open lines, points (n, 2) each: a path that is being drawn."""
    grid_letters: str = HINT_LETTERS
    """The keys of its ninths, row by row of the image."""
    letters: tuple[tuple[str, Point], ...] = ()
    """Letters that lead to something, and where they stand."""


DEFAULT_SCENE = SceneOptions()


def build_scene(
    document: LabelDocument, ontology: Ontology, frame: FrameRef, options: SceneOptions = DEFAULT_SCENE
) -> tuple[Mark, ...]:
    """Return the marks of a frame, in image pixels, in the order of drawing where marks are alike.

    Not drawn are presence and verbatim labels, labels that are outside the picture, and broken ones (a coordinate that
    is no number, a bitmask whose runs don't fill it).
    """
    return SceneBuilder().build(document, ontology, frame, options)


class SceneBuilder:
    """Builds scenes one after the other: marks of labels that did not change are the same objects. Not thread-safe."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, FrameRef], _Made] = OrderedDict()

    def build(
        self, document: LabelDocument, ontology: Ontology, frame: FrameRef, options: SceneOptions = DEFAULT_SCENE
    ) -> tuple[Mark, ...]:
        """Return what `build_scene` does."""
        labels: tuple[Mark, ...] = ()
        if not options.hide_all:
            labels = self._labels(document, ontology, frame, options)
            labels = (*_onion(document, ontology, frame, options), *labels) if options.onion else labels
        pins = _pins(document, frame) if options.pins else ()
        return (*_ghosts(ontology, options), *labels, *pins, *_aids(ontology, options))

    def _labels(
        self, document: LabelDocument, ontology: Ontology, frame: FrameRef, options: SceneOptions
    ) -> tuple[Mark, ...]:
        base = self._base(document, frame)
        order = base.order if base and base.keeps_order(document) else document.on_frame(frame.unit, frame.index)
        shown = [key for key in order if key not in options.hidden] if options.hidden else list(order)
        crowded = len(shown) > TAGS_AT_MOST and options.tags == "all"
        look = Look(
            ontology=ontology,
            dim_others=options.dim_others,
            tags="selected" if crowded else options.tags,
            handles=options.handles,
            fill_alpha=options.fill_alpha,
            words=options.words,
            colour_by=options.colour_by,
            line_px=options.line_px,
        )
        marks = base.still_true(document, look, options.selected) if base else {}
        # as they lie in the index, and mostly in memory: to read them by class takes a third longer
        here = document.index.on_frame(frame.unit, frame.index)
        missing = [key for key in here if key not in marks and key not in options.hidden]
        marks |= label_marks(document, frame, missing, look, options.selected)
        self._keep(_Made(document, frame, order, look, options.selected, marks))
        return tuple(chain.from_iterable(map(marks.__getitem__, shown)))

    def _base(self, document: LabelDocument, frame: FrameRef) -> _Made | None:
        """Return a scene of the same frame that a document was made from, the newest one first."""
        for made in reversed(self._made.values()):
            if made.frame == frame and document.touched_since(made.token) is not None:
                self._made.move_to_end((made.token, made.frame))
                return made
        return None

    def _keep(self, made: _Made) -> None:
        self._made[made.token, made.frame] = made
        self._made.move_to_end((made.token, made.frame))
        while len(self._made) > 1 and (
            len(self._made) > _SCENES_KEPT or sum(each.mask_pixels for each in self._made.values()) > _MASK_PIXELS_KEPT
        ):
            self._made.popitem(last=False)


class _Made:
    """The labels of a scene, and what they were made of; the document itself is not kept."""

    def __init__(
        self,
        document: LabelDocument,
        frame: FrameRef,
        order: tuple[InstanceId, ...],
        look: Look,
        selected: frozenset[InstanceId],
        marks: Mapping[InstanceId, tuple[Mark, ...]],
    ) -> None:
        self.token = document.token
        self.frame, self.order = frame, order
        self._index, self._instances = document.index, document.instances
        self._look, self._selected, self._marks = look, selected, marks
        every = chain.from_iterable(marks.values())
        self.mask_pixels = sum(mark.bits.size for mark in every if type(mark) is MaskMark)

    def keeps_order(self, document: LabelDocument) -> bool:
        """Return whether the same labels lie on the frame of a document that was made from this one, in this order."""
        return document.index is self._index and document.instances is self._instances

    def still_true(
        self, document: LabelDocument, look: Look, selected: frozenset[InstanceId]
    ) -> dict[InstanceId, tuple[Mark, ...]]:
        """Return the marks of the labels that look as they did."""
        touched = document.touched_since(self.token)
        if touched is None or not look.same(self._look):
            return {}
        marks = dict(self._marks)
        for key in touched | (selected ^ self._selected):
            marks.pop(key, None)
        return marks


def scene_colours(ontology: Ontology, by: ColourBy = ColourBy.CLASS) -> tuple[RGB, ...]:
    """Return the colours of labels and of the signs, to reserve in a palette."""
    return (SELECTION_COLOUR, OPEN_PIN, RESOLVED_PIN, GHOST_COLOUR, AID_COLOUR, *label_colours(ontology, by))


def _ghosts(ontology: Ontology, options: SceneOptions) -> Iterator[Mark]:
    style = style_of(GHOST_COLOUR, interpolated=True)
    for shape, class_id in options.ghosts:
        yield from shape_marks(shape, style, ontology, class_id)


def _onion(document: LabelDocument, ontology: Ontology, frame: FrameRef, options: SceneOptions) -> Iterator[Mark]:
    """Yield thin dark outlines of the labels on neighbouring frames."""
    bare = Look(
        ontology=ontology,
        dim_others=True,
        tags="none",
        handles=False,
        fill_alpha=0.0,
        line_px=1,
        colour_by=options.colour_by,
    )
    for distance in range(options.onion, 0, -1):
        for index in (frame.index - distance, frame.index + distance):
            there = replace(frame, index=index)
            keys = [key for key in document.on_frame(frame.unit, index) if key not in options.hidden]
            keys = [key for key in keys if key in options.selected] or keys[:ONION_AT_MOST]
            yield from chain.from_iterable(label_marks(document, there, keys, bare, frozenset()).values())


# --- signs ---------------------------------------------------------------------------------------


def _pins(document: LabelDocument, frame: FrameRef) -> Iterator[Mark]:
    """Yield the frame's pins, numbered by age; resolved ones first, so that open ones lie on top of them."""
    numbered = list(enumerate(document.pins_on(frame.unit, frame.index), start=1))
    for number, issue in sorted(numbered, key=lambda pin: not pin[1].resolved):
        if issue.point is not None:
            style = style_of(RESOLVED_PIN if issue.resolved else OPEN_PIN)
            yield PinMark(issue.point, str(number) if number < 10 else "+", style)


def _aids(ontology: Ontology, options: SceneOptions) -> Iterator[Mark]:
    aid = style_of(AID_COLOUR, interpolated=True)
    if options.preview is not None:
        chosen = options.preview_class
        colour = SELECTION_COLOUR if chosen is None else class_colour(ontology, chosen)
        style = style_of(colour, selected=True, fill_alpha=options.fill_alpha)
        yield from shape_marks(options.preview, style, ontology, chosen)
        if options.handles:
            yield from handle_marks(options.preview, style)
    yield from (PolygonMark((ring,), aid) for ring in options.outlines)
    yield from (PolylineMark(points, aid) for points in options.paths)
    if options.grid is not None:
        yield GridMark(options.grid, aid, options.grid_letters)
    for letters, (x, y) in options.letters:
        yield TagMark((x, y, 0.0, 0.0), letters, aid)
    if options.crosshair is not None:
        yield CrosshairMark(options.crosshair, aid)
    if options.active_handle is not None:
        yield HandleMark(options.active_handle, style_of(SELECTION_COLOUR, selected=True), active=True)
