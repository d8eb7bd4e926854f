"""Traces outlines in a picture by keys of the app alone, as a person does who knows the keyboard well.

Where the outline goes is given, as eyes would tell it. Which keys lead there is searched for (`hands`), and whether the
path along an edge lies well enough is looked at before it is taken; all that changes anything is a key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tests.support.doctext import ONTOLOGY, PROJECT, TASK, document
from tests.support.fitting import off
from tests.support.hands import reach
from tui_editor.commands import drawing, reshaping
from tui_editor.commands.context import Context
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.errors import Refused
from tui_editor.model.frames import Frame
from tui_editor.model.shapes import Polygon
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore
from tui_editor.state.tool import DrawTool
from tui_editor.tools import edge_paths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ring = NDArray[np.float64]

CLASS = "lake"
FURTHEST = 24
"""Vertices of the outline that one stretch along an edge may take the place of."""


@dataclass(slots=True, kw_only=True)
class Tracer:
    """One person before one picture."""

    pixels: NDArray[np.uint8]
    tolerance_px: float = 2.0
    """How far off a vertex may be set: what a person who works fast accepts."""
    along_edges: bool = True
    """Whether outlines follow edges where they can; else each vertex is set."""
    follows_px: float = 3.0
    """How far a path along an edge may be off the outline."""
    keys: list[str] = field(default_factory=list)
    keyboard: Keyboard = field(init=False)

    def __post_init__(self) -> None:
        height, width = self.pixels.shape[:2]
        unit = replace(TASK.units[0], width=width, height=height)
        task = OpenedTask(task=replace(TASK, units=(unit,)), document=document(""), seq=0, view={})
        front = HeadlessFront(canvas=(float(width), float(height)))
        front.picture = Frame(pixels=self.pixels, full_size=(width, height))
        self.keyboard = Keyboard(TaskStore(task, replace(PROJECT, ontology=ONTOLOGY), person="me"), front)

    def trace(self, ring: Ring) -> Polygon:
        """Draw a polygon along a ring (n, 2) and return what came of it."""
        self._press(*"sp")
        self._go(ring[0], "space")
        at = 0
        while at < len(ring) - 1:
            after = self._furthest(ring, at) if self.along_edges else at + 1
            stretch = after > at + 1
            if after < len(ring) - 1:
                self._go(ring[after], "f" if stretch else "space")
            else:
                self._go(ring[after], *self._end(ring, at, stretch=stretch))
            at = after
        return self._polygon()

    def _end(self, ring: Ring, at: int, *, stretch: bool) -> tuple[str, ...]:
        closing = self.along_edges and self._follows(np.vstack([ring[-1], ring[0]]))
        if closing and (stretch or self._follows(ring[at:])):
            return ("F",)
        return ("f", "enter") if stretch else ("enter",)

    def _furthest(self, ring: Ring, at: int) -> int:
        """Return the last vertex of the ring to which the path along the edge follows it."""
        found = at + 1
        for after in range(at + 2, min(at + FURTHEST, len(ring) - 1) + 1):
            if self._follows(ring[at : after + 1]):
                found = after
        return found

    def _follows(self, part: Ring) -> bool:
        path = edge_paths.edge_path(self.pixels, tuple(part[0].tolist()), tuple(part[-1].tolist()))
        seen = np.vstack([part[0], path, part[-1]])
        return max(off(seen, part), off(part, seen)) <= self.follows_px

    @property
    def tool(self) -> DrawTool:
        """Return what is being drawn."""
        tool = self.keyboard.store.state.tool
        assert isinstance(tool, DrawTool), self.keyboard.front.warnings
        return tool

    def _go(self, place: NDArray[np.float64], *then: str) -> None:
        context = Context(front=self.keyboard.front, task=self.keyboard.store, loop=self.keyboard.loop)
        whole = drawing.whole_frame(context)

        def snap(point: tuple[float, float]) -> tuple[float, float] | None:
            try:
                return reshaping.snapped_point(context, point)
            except Refused:
                return None

        x, y = place.tolist()
        found = reach(
            self.tool.crosshair,
            (x, y),
            window=self.tool.window,
            whole=whole,
            tolerance_px=self.tolerance_px,
            snap=snap,
        )
        if found.place in self.tool.points[-1:]:
            return  # as near as the one before: a person sets one of the two
        self._press(*found.keys)
        assert self.tool.crosshair == found.place
        self._press(*then)

    def _press(self, *keys: str) -> None:
        self.keys += keys
        self.keyboard.press(*keys)

    def _polygon(self) -> Polygon:
        state = self.keyboard.store.state
        assert state.selected is not None, self.keyboard.front.warnings
        label = state.document.label(state.selected, state.view.unit, 0)
        assert label is not None
        assert isinstance(label.shape, Polygon)
        return label.shape
