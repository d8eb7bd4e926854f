"""The program, which tells in a file what its canvas was last given to show, and where it lies.

python -m tests.terminals.told_editor FILE open PATH
"""

from __future__ import annotations

import json
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tests.support.projects import UNIT
from tui_editor.api import open_project
from tui_editor.cli.main import main
from tui_editor.model.frames import Frame, FrameRef
from tui_editor.model.ids import InstanceId, TaskId
from tui_editor.render.camera import viewport_for
from tui_editor.render.cells import cells_for
from tui_editor.render.scene import SceneOptions
from tui_editor.render.still import render_still
from tui_editor.state.view import Camera, TagText
from tui_editor.ui.picture.half_blocks import CELL_PX

if TYPE_CHECKING:
    from tests.terminals.picture import Picture
    from tui_editor.state.store import TaskState
    from tui_editor.ui.widgets.frame_view import FrameView


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the canvas was given last.

    Attributes:
        pid: Of the editor.
        graphics: Kind of graphics.
        cell: (width, height) of a cell in pixels.
        region: (column, row, columns, rows) of the canvas.
        frame: Number of the frame.
        center: Image pixel in the middle; None where the whole frame is fitted.
        scale: Screen pixels for one image pixel.
        selected: Ids of instances.
        tags: Whether something is written beside labels.
    """

    pid: int
    graphics: str
    cell: tuple[int, int]
    region: tuple[int, int, int, int]
    frame: int
    center: tuple[float, float] | None
    scale: float
    selected: tuple[int, ...]
    tags: bool

    @classmethod
    def read(cls, file: Path) -> Told | None:
        """Return what a file tells; None before the first time."""
        return cls(**json.loads(file.read_text())) if file.exists() else None

    def part(self, picture: Picture, origin_px: tuple[int, int] = (0, 0)) -> Picture:
        """Return the canvas on a screenshot whose first cell is at `origin_px`."""
        column, row, columns, rows = self.region
        x, y = origin_px[0] + column * self.cell[0], origin_px[1] + row * self.cell[1]
        return picture[y : y + rows * self.cell[1], x : x + columns * self.cell[0]]

    def wanted(self, project: Path) -> Picture:
        """Return what the canvas should show: as `tui-editor render` draws it, in colours that no codec changed."""
        columns, rows = self.region[2:]
        if self.graphics != "cells":
            return self._still(project, (columns * self.cell[0], rows * self.cell[1]))
        cells = cells_for(self._still(project, (columns * CELL_PX[0], rows * CELL_PX[1])), rows, columns)
        halves = np.stack([cells.upper, cells.lower], axis=1).reshape(rows * 2, columns, 3)
        width, height = self.cell
        tall = np.repeat(np.arange(rows), height) * 2 + np.tile(np.arange(height) >= height // 2, rows)
        large: Picture = halves[tall][:, np.repeat(np.arange(columns), width)]
        return large

    def _still(self, project: Path, canvas_px: tuple[int, int]) -> Picture:
        pixels = np.asarray(Image.open(project / "media" / f"{self.frame:03}.png").convert("RGB"))
        frame = Frame(pixels=pixels, full_size=(pixels.shape[1], pixels.shape[0]))
        x_y = self.center
        center = (x_y[0], x_y[1]) if x_y is not None else None
        with open_project(project) as opened:
            return render_still(
                opened.read(TaskId(5)).document,
                opened.info.ontology,
                FrameRef(UNIT, self.frame),
                frame,
                viewport=viewport_for(Camera(center=center, scale=self.scale), frame.full_size, canvas_px),
                options=SceneOptions(
                    selected=frozenset(map(InstanceId, self.selected)), tags="all" if self.tags else "none"
                ),
            )


def tell(file: Path) -> None:
    """Have the canvas write what it is given, and be refined at rest however slow the line seems on a busy machine."""
    from tui_editor.ui.picture import quality
    from tui_editor.ui.widgets.frame_view import FrameView

    quality.LOCAL_REST_MS = math.inf  # for this process alone
    show = FrameView.show

    def told(self: FrameView, state: TaskState) -> None:
        show(self, state)
        part = file.with_suffix(".part")
        part.write_text(json.dumps(_told(self, state)))
        part.rename(file)

    FrameView.show = told  # type: ignore[method-assign]  # for this process alone


def _told(canvas: FrameView, state: TaskState) -> dict[str, Any]:
    camera = state.view.camera
    return {
        "pid": os.getpid(),
        "graphics": canvas.graphics.kind.value,
        "cell": canvas._port.cell_px if canvas._port is not None else CELL_PX,
        "region": canvas.region,
        "frame": state.view.frame,
        "center": camera.center,
        "scale": camera.scale,
        "selected": sorted(state.selection),
        "tags": state.display.tags is not TagText.NONE,
    }


if __name__ == "__main__":
    tell(Path(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
