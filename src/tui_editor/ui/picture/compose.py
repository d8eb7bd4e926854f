"""From the state of a task and a decoded frame to the canvas: pixels below, marks above. Knows no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.ontology import ObjectClass
from tui_editor.render.camera import fit_for
from tui_editor.render.scene import SceneBuilder, SceneOptions, scene_colours
from tui_editor.state.review_diff import ReviewDiff
from tui_editor.state.selectors import discussed, on_frame
from tui_editor.state.tool import DrawTool, HandleTool, JumpTool, PathTool, PinTool
from tui_editor.state.view import TagText
from tui_editor.tools import hint_zoom
from tui_editor.tools.drafts import draft
from tui_editor.tools.handles import handles_of
from tui_editor.tools.paths import cursor_outline, path_outline
from tui_editor.ui.picture.composed import Bases, Composed, key_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import ClassId, InstanceId
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.shapes import Shape
    from tui_editor.render.label_marks import TagMode
    from tui_editor.render.marks import Mark
    from tui_editor.state.store import TaskState

    Points = NDArray[np.float64]


class Composer:
    """Makes canvases, keeping what did not change since the last ones. Not thread-safe."""

    def __init__(self) -> None:
        self._bases = Bases()
        self._scenes = SceneBuilder()

    def hold(self, composed: Composed) -> None:
        """Take a canvas that was made elsewhere as the last one."""
        self._bases.hold(composed.key, composed.frame, composed.base)

    def compose(self, state: TaskState, frame: Frame, canvas_px: tuple[int, int]) -> Composed:
        """Return the canvas of the active view."""
        colours = scene_colours(state.project.ontology, state.display.colour_by)
        key = key_of(state.frame, state.view, frame, canvas_px)
        return Composed(key, self.marks(state), frame, colours, self._bases)

    def marks(self, state: TaskState) -> tuple[Mark, ...]:
        """Return what is drawn over the frame."""
        return self._scenes.build(state.shown, state.project.ontology, state.frame, scene_options(state))


def fit_px(state: TaskState, canvas_px: tuple[int, int]) -> tuple[int, int] | None:
    """Return the size (width, height) at which the whole frame is shown; None where it is magnified or unknown."""
    return fit_for(state.view, state.unit.size(state.view.frame), canvas_px)


def scene_options(state: TaskState) -> SceneOptions:
    """Return what of the document the active view shows, and what is being done in it."""
    display, tool = state.display, state.tool
    hidden = display.hidden | _left_out(state)
    aim = tool if isinstance(tool, DrawTool | PinTool | PathTool) else None
    outlines, paths = _drawn_path(tool) if isinstance(tool, PathTool) else ((), ())
    return SceneOptions(
        hidden=hidden,
        hide_all=not display.labels,
        selected=frozenset(state.selection),
        dim_others=display.dim_others,
        pins=discussed(state),
        tags=_tags(display.tags),
        words=display.tags,
        colour_by=display.colour_by,
        fill_alpha=display.opacity,
        line_px=display.line_px,
        onion=display.onion,
        active_handle=_active_handle(state),
        ghosts=_ghosts(state),
        preview=_preview(tool, state.project.ontology) if isinstance(tool, DrawTool) else None,
        preview_class=tool.class_id if isinstance(tool, DrawTool) else None,
        crosshair=aim.crosshair if aim else None,
        grid=aim.window if aim and not (isinstance(aim, PathTool) and aim.pointer) else None,
        outlines=outlines,
        paths=paths,
        letters=tuple((t.letters, t.point) for t in tool.left) if isinstance(tool, JumpTool) else (),
        grid_letters=hint_zoom.letters(state.view.picture.quarter_turns),
    )


def _left_out(state: TaskState) -> frozenset[InstanceId]:
    """Return what of the frame is not shown: what the filter, the comparison or the single object leaves out."""
    if not (state.filters.text or isinstance(state.comparing, ReviewDiff) or state.display.alone):
        return frozenset()
    here = frozenset(state.document.on_frame(state.view.unit, state.view.frame))
    shown = frozenset(on_frame(state)) if state.filters.text else here
    if isinstance(state.comparing, ReviewDiff):
        shown &= state.comparing.changes.keys()
    if state.display.alone and state.selection:
        shown &= frozenset(state.selection)
    return here - shown


def _ghosts(state: TaskState) -> tuple[tuple[Shape, ClassId | None], ...]:
    """Return the shapes of the frame with which it is compared: of the last review, or of another annotator."""
    diff = state.comparing
    if diff is None:
        return ()
    alone = frozenset(state.selection) if state.display.alone else frozenset()
    found = (g for g in diff.ghosts(state.frame) if not alone or g[0] in alone)
    of = diff.base if isinstance(diff, ReviewDiff) else diff.document
    return tuple((shape, value.class_id if (value := of.instances.get(k)) else None) for k, shape in found)


def _tags(text: TagText) -> TagMode:
    return "none" if text is TagText.NONE else "all"


def _preview(tool: DrawTool, ontology: Ontology) -> Shape | None:
    entry = ontology.find(tool.class_id)
    template = entry.skeleton if isinstance(entry, ObjectClass) else None
    return draft(tool.kind, tool.aimed, template)


def _drawn_path(tool: PathTool) -> tuple[tuple[Points, ...], tuple[Points, ...]]:
    """Return what is shown of a path that is being drawn: closed lines, and open ones."""
    cursor, path = cursor_outline(tool), path_outline(tool)
    closed = () if cursor is None else (cursor,)
    if path is None:
        return closed, ()
    points, is_closed = path
    return ((*closed, points), ()) if is_closed else (closed, (points,))


def _active_handle(state: TaskState) -> tuple[float, float] | None:
    if not isinstance(state.tool, HandleTool) or state.selected is None:
        return None
    label = state.shown.label(state.selected, state.view.unit, state.view.frame)
    handles = () if label is None else handles_of(label.shape)
    if not 0 <= state.tool.handle < len(handles):
        return None
    handle = handles[state.tool.handle]
    return handle.x, handle.y
