"""One annotator's branch shown over the task."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.shapes import Shape
    from tui_editor.state.review_diff import ReviewDiff

    Comparing: TypeAlias = "ReviewDiff | BranchView"


class BranchView(Struct, frozen=True, kw_only=True, eq=False):
    """The labels of a branch, as ghosts over those of the task."""

    branch: str
    """Whose it is."""
    document: LabelDocument

    def ghosts(self, frame: FrameRef) -> tuple[tuple[InstanceId, Shape], ...]:
        """Return the shapes of the branch on a frame."""
        keys = self.document.on_frame(frame.unit, frame.index)
        found = ((key, self.document.label(key, frame.unit, frame.index)) for key in keys)
        return tuple((key, label.shape) for key, label in found if label is not None)
