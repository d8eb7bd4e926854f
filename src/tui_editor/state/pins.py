"""Which pins lie on a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.lookup import by_age
from tui_editor.state.memo import remember_last

if TYPE_CHECKING:
    from rpds import HashTrieMap

    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import IssueId, UnitId
    from tui_editor.model.issues import Issue


@remember_last
def pinned(issues: HashTrieMap[IssueId, Issue]) -> dict[UnitId, tuple[Issue, ...]]:
    """Return the pinned issues by data unit, the oldest first."""
    found: dict[UnitId, list[Issue]] = {}
    for issue in sorted((i for i in issues.values() if i.point is not None), key=by_age):
        if issue.unit is not None:
            found.setdefault(issue.unit, []).append(issue)
    return {unit: tuple(pins) for unit, pins in found.items()}


def is_on(issue: Issue, frame: FrameRef) -> bool:
    """Return whether a frame is one of those that an issue names."""
    return issue.unit == frame.unit and issue.frames is not None and issue.frames[0] <= frame.index <= issue.frames[1]
