"""What the picture thread should make next: the newest state first, then a truer picture, then what may be wanted."""

from __future__ import annotations

import time
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.ui.picture.quality import MOVING_MS, STEP_MS, Pace, Quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.state.store import TaskState

REST_S: Final = 0.15
"""Without a move for so long the keys rest: the picture is made as true as it can be."""
RHYTHM_S: Final = 0.3
"""Moves that follow each other so fast are one movement, in which being quick counts more than being true."""
AT_REST_AHEAD: Final = 1
"""How many are prepared where one does not go from frame to frame, after `LONG_REST_S`."""
LONG_REST_S: Final = 1.0
_FAR: Final = 64
"""A larger step is a jump and says nothing of where one goes next."""


class Kind(Enum):
    """Why a picture is made."""

    SHOW = auto()
    """It is what should be seen."""
    REPAIR = auto()
    """What is seen was written over."""
    REFINE = auto()
    """What is seen can be truer."""
    AHEAD = auto()
    """It may be wanted next."""


class Step(Struct, frozen=True, kw_only=True, eq=False):
    """One picture to make."""

    kind: Kind
    state: TaskState
    canvas_px: tuple[int, int]
    quality: Quality


class Agenda:
    """Knows what was asked for, what was begun and what is shown. Used on the event loop only.

    Args:
        pace: Chooses how true pictures are.
        clock: Seconds that never go back.
    """

    def __init__(self, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self.pace = pace
        self._clock = clock
        self.state: TaskState | None = None
        self._begun: tuple[TaskState, tuple[int, int]] | None = None
        self._moved_at = self._changed_at = float("-inf")
        self._in_rhythm = False
        self._following = False
        self._direction = 1
        self._prepared = 0
        self._travelling = False

    def want(self, state: TaskState) -> TaskState | None:
        """Take in the newest state; return the one before when they differ by the camera alone."""
        before, self.state = self.state, state
        self._changed_at = self._clock()
        self._following = False
        self._prepared = 0
        if before is not None and before.view == state.view:
            self._travelling = False
            return None
        now = self._changed_at
        self._in_rhythm = now - self._moved_at < RHYTHM_S
        self._moved_at = now
        if before is None:
            return None
        step = state.view.frame - before.view.frame
        self._travelling = step != 0 and before.view.unit == state.view.unit and abs(step) <= _FAR
        if self._travelling:
            self._direction = step
        return before if _only_camera(before, state) else None

    def follow(self) -> None:
        """Take in that the shown picture was moved to the newest camera: its own picture can wait for a rest."""
        self._following = True

    def again(self) -> None:
        """Take in that nothing of what was begun is shown: begin anew."""
        self._begun = None
        self._following = False

    def wait_s(self) -> float:
        """Return how long until the keys rest; 0 when they do."""
        return max(0.0, self._moved_at + REST_S - self._clock())

    def wake_s(self) -> float:
        """Return when to look again although nothing happened; 0 for never."""
        rest, long_rest = self.wait_s(), self._long_rest_s()
        return rest or (long_rest if not self._travelling else 0.0)

    def _long_rest_s(self) -> float:
        return max(0.0, self._changed_at + LONG_REST_S - self._clock())

    def next(self, canvas_px: tuple[int, int], shown: Quality, *, gone: bool, ahead: int) -> Step | None:
        """Return what to make now; None when there is nothing, or not yet.

        Args:
            canvas_px: Size of the canvas.
            shown: How true the picture is that is seen.
            gone: Whether a part of it was written over.
            ahead: How many neighbours may be prepared; 0 while the line has something to carry.
        """
        state, pixels = self.state, canvas_px[0] * canvas_px[1]
        if state is None or min(canvas_px) <= 0:
            return None
        if self._begun is None or self._begun[0] is not state or self._begun[1] != canvas_px:
            if self._following and self.wait_s() > 0:
                return None
            moving = self._in_rhythm and self.wait_s() > 0
            quality = self.pace.at_once(MOVING_MS if moving else STEP_MS, pixels)
            return Step(kind=Kind.SHOW, state=state, canvas_px=canvas_px, quality=quality)
        if gone:
            return Step(kind=Kind.REPAIR, state=state, canvas_px=canvas_px, quality=shown)
        if self.wait_s() == 0 and shown < self.pace.at_rest(pixels):
            return Step(kind=Kind.REFINE, state=state, canvas_px=canvas_px, quality=self.pace.at_rest(pixels))
        return self._ahead(state, canvas_px, ahead)

    def begin(self, step: Step) -> None:
        """Take in that a picture is being made."""
        if step.kind is Kind.AHEAD:
            self._prepared += 1
        else:
            self._begun = step.state, step.canvas_px
            self._prepared = 0  # what takes the place of another picture has to be made for the one that is shown then

    def _ahead(self, state: TaskState, canvas_px: tuple[int, int], most: int) -> Step | None:
        frame = state.view.frame + self._direction * (self._prepared + 1)
        if not self._travelling:
            most = min(most, AT_REST_AHEAD if self._long_rest_s() == 0 else 0)
        quality = self.pace.ahead(canvas_px[0] * canvas_px[1])
        if quality is None or self._prepared >= most or not 0 <= frame < state.unit.frame_count:
            return None
        views = {**state.views, state.active: replace(state.view, frame=frame)}
        return Step(kind=Kind.AHEAD, state=replace(state, views=views), canvas_px=canvas_px, quality=quality)


def _only_camera(before: TaskState, after: TaskState) -> bool:
    same_view = replace(before.view, camera=after.view.camera) == after.view
    names = ("document", "selection", "filters", "display", "tool", "preview", "project")
    return same_view and all(getattr(before, name) is getattr(after, name) for name in names)
