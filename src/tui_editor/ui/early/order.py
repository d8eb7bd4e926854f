"""What the editor will show first, worked out before it is there: the frame, which takes longest, before its labels."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui_editor.api.pictures import frame_of
from tui_editor.model.frames import Unit, UnitKind
from tui_editor.render.camera import fit_for
from tui_editor.state.store import TaskStore
from tui_editor.ui.early.picture import FrameOrder, LabelOrder
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.screens.arrangement import load_arrangement
from tui_editor.ui.screens.layout import canvas_cells
from tui_editor.ui.terminal.facts import GraphicsKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.model.ids import InstanceId, TaskId
    from tui_editor.ports import OpenedTask
    from tui_editor.state.store import TaskState
    from tui_editor.state.view import View
    from tui_editor.ui.start import Start
    from tui_editor.ui.terminal.facts import Graphics, Terminal


class Glimpse(Struct, frozen=True, kw_only=True):
    """What a picture shows of a task."""

    task: TaskId
    seq: int
    """Journal entry up to which the document was read."""
    view: View
    selection: tuple[InstanceId, ...]


def glimpse_of(state: TaskState) -> Glimpse:
    """Return what a picture of a state shows: of two states that begin a window, the same is seen when it is equal."""
    return Glimpse(task=state.task.id, seq=state.durability.seq, view=state.view, selection=state.selection)


def first_state(project: Project, start: Start, opened: OpenedTask) -> TaskState:
    """Return the state that a window begins with."""
    store = TaskStore(opened, project.info, person=project.person)
    if start.frame is not None:
        place = frame_of(opened.task, start.frame)
        store.go(place.unit, place.index)
    if start.instance is not None:
        store.select(start.instance)
    return store.state


def frame_order(project: Project, state: TaskState, graphics: Graphics, terminal: Terminal) -> FrameOrder | None:
    """Return the order of a state's frame, None where there is no room for a picture."""
    still = state.unit.frame_count <= 1
    cells = canvas_cells(terminal.columns, terminal.rows, still=still, arrangement=load_arrangement())
    if cells.empty or terminal.cell_px is None:
        return None
    visible = np.ones((cells.height, cells.width), np.bool_)
    layout = Layout(column=cells.x0, row=cells.y0, visible=visible, cell_px=terminal.cell_px)
    return order_on(layout, state, project.roots(), graphics, terminal)


def order_on(
    layout: Layout,
    state: TaskState,
    roots: Mapping[str, Path],
    graphics: Graphics,
    terminal: Terminal,
    *,
    canvas: int = 0,
) -> FrameOrder:
    """Return the order of a state's frame on a canvas that lies on known cells."""
    view = state.view
    unit, index = _bare(state.unit, view.frame)
    return FrameOrder(
        ref=state.frame,
        unit=unit,
        roots=roots,
        index=index,
        fit=fit_for(view, state.unit.size(view.frame), layout.canvas_px),
        view=view,
        layout=layout,
        graphics=graphics,
        terminal=terminal,
        pid=os.getpid(),
        canvas=canvas,
    )


def shows_early(graphics: Graphics) -> bool:
    """Return whether a picture can be made before there is the canvas that shows it."""
    layers = graphics.kind is GraphicsKind.KITTY and graphics.layered and not graphics.placeholders
    return layers or graphics.kind is GraphicsKind.SIXEL


def label_order(state: TaskState) -> LabelOrder:
    """Return the order of what is drawn over the frame."""
    from tui_editor.render.scene import scene_colours
    from tui_editor.ui.picture.compose import Composer

    return LabelOrder(
        marks=Composer().marks(state), colours=scene_colours(state.project.ontology, state.display.colour_by)
    )


def _bare(unit: Unit, frame: int) -> tuple[Unit, int]:
    """Return what opens the file of a frame, without the 100,000 others, and the frame's index in it."""
    media = unit.media
    if unit.kind in {UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE}:
        media, frame = replace(media, paths=media.paths[frame : frame + 1]), 0
    bare = Unit(id=unit.id, kind=unit.kind, title="", media=media, frame_count=frame + 1, width=0, height=0)
    return bare, frame
