"""What a sitting at a task knows of answers: which frames they are for, which ones new labels inherit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.model.empty import EMPTY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import AttributeId, InstanceId
    from tui_editor.model.ontology import AnswerValue


class Answering(Struct, frozen=True, kw_only=True):
    """Frames that are marked, and answers that are preserved."""

    marked: FrameRef | None = None
    """Where the marked frames begin; they go to the active frame. None: no frames are marked."""
    preserved: Mapping[InstanceId, Mapping[AttributeId, AnswerValue]] = EMPTY
    """Dynamic answers that the next labels of an instance get."""

    def frames_to(self, here: FrameRef) -> tuple[int, int] | None:
        """Return the marked frames first..last when the active one is `here`; None where none are marked."""
        if self.marked is None or self.marked.unit != here.unit:
            return None
        return min(self.marked.index, here.index), max(self.marked.index, here.index)
