"""Records what proves a frame when a label is first put on it, off the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future

    from tui_editor.media.service import FrameService
    from tui_editor.model.frames import FrameIdentity
    from tui_editor.model.ids import UnitId
    from tui_editor.state.store import TaskState
    from tui_editor.storage.committer import Committer


class FrameProofs:
    """Asks the frame service for the proof of each frame that gets a label, and hands it to the store thread."""

    def __init__(self, frames: FrameService, committer: Committer) -> None:
        self._frames = frames
        self._committer = committer
        self._asked: set[tuple[UnitId, int]] = set()

    def after_change(self, old: TaskState, new: TaskState) -> None:
        """Record the shown frame when the document changed while it has labels; others are recorded by `verify`."""
        here = (new.view.unit, new.view.frame)
        if old.document is new.document or new.read_only or here in self._asked or not new.document.on_frame(*here):
            return
        self._asked.add(here)
        self._frames.identity(*here).add_done_callback(lambda future: self._record(here, future))

    def _record(self, here: tuple[UnitId, int], future: Future[FrameIdentity]) -> None:
        if future.cancelled() or future.exception() is not None:
            return  # the canvas says what is wrong with the medium
        identity = future.result()
        self._committer.later(lambda store: store.save_identities(here[0], {here[1]: identity}))
