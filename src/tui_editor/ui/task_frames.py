"""What reads the frames of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tui_editor.media.service import FrameService
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import UnitId
    from tui_editor.model.project import Task
    from tui_editor.ports import FrameSource


def frames_of(task: Task, roots: Mapping[str, Path]) -> FrameService:
    """Return what reads a task's frames; its threads never touch the store."""
    from tui_editor.media.service import FrameService

    return FrameService(_Opener({u.id: u for u in task.units}, roots))


class _Opener:
    """Opens data units on the decoding threads."""

    def __init__(self, units: Mapping[UnitId, Unit], roots: Mapping[str, Path]) -> None:
        self._units, self._roots = units, roots

    def __call__(self, unit: UnitId) -> FrameSource:
        from tui_editor.media.open import open_source
        from tui_editor.media.roots import paths_of

        value = self._units[unit]
        return open_source(value.kind, paths_of(value, self._roots))
