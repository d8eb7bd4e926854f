"""Plays frames by the clock: late frames are left out, never shown late."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui_editor.ui.screens.editor import EditorScreen

TICK_S = 1 / 30
DEFAULT_FPS = 10.0


class Player:
    """Moves a screen's active view on while it plays."""

    def __init__(self, screen: EditorScreen) -> None:
        self._screen = screen
        self._timer: Timer | None = None
        self._start = (0, 0.0)
        self._speed = 1.0

    @property
    def playing(self) -> bool:
        """Return whether frames are being played."""
        return self._timer is not None

    def toggle(self, speed: float) -> None:
        """Play from the frame that is shown, or stop."""
        if self.playing:
            self.stop()
            return
        store = self._screen.store
        self._speed = speed
        self._start = (store.state.view.frame, store.clock.monotonic())
        self._timer = self._screen.set_interval(TICK_S, self._tick)

    def stop(self) -> None:
        """Stop where we are."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _tick(self) -> None:
        store = self._screen.store
        unit = store.state.unit
        frame, since = self._start
        elapsed = store.clock.monotonic() - since
        target = frame + int(elapsed * (unit.fps or DEFAULT_FPS) * self._speed)
        if target >= unit.frame_count - 1:
            self.stop()  # before the last frame is shown, so that the panes show it too
            target = unit.frame_count - 1
        if target != store.state.view.frame:
            store.set_view(frame=target)
