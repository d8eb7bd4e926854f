"""The state of one opened task: a value, replaced whole by each change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from tui_editor.model.frames import FrameRef
from tui_editor.state.answering import Answering
from tui_editor.state.listing import Listing
from tui_editor.state.lock import Lock
from tui_editor.state.view import NO_WINDOWS, Display, Durability, Filters, Mode, View, Windows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.patch import Patch
    from tui_editor.model.project import Project, Task
    from tui_editor.state.branch_view import Comparing
    from tui_editor.state.findings import Found
    from tui_editor.state.tool import Tool

MAIN = "main"
"""Name of the view that a task opens with."""


class TaskState(Struct, frozen=True, kw_only=True, eq=False):
    """Everything that the screen is drawn from. Compare slices by identity: what did not change is the same object."""

    project: Project
    task: Task
    document: LabelDocument
    views: Mapping[str, View]
    active: str = MAIN
    windows: Windows = NO_WINDOWS
    """Of the project's layout: which data units each view shows."""
    selection: tuple[InstanceId, ...] = ()
    """The selected instances; the last one is the one that keys act on."""
    mode: Mode = Mode.BROWSE
    filters: Filters = field(default_factory=Filters)
    display: Display = field(default_factory=Display)
    listing: Listing = field(default_factory=Listing)
    answering: Answering = field(default_factory=Answering)
    tool: Tool | None = None
    """What is being drawn or reshaped."""
    comparing: Comparing | None = None
    """What labels are compared with: those of the last review, or of another annotator."""
    preview: Patch | None = None
    """What a gesture would do: drawn, not applied."""
    findings: Found | None = None
    """What the checks found last; None: they have not run."""
    durability: Durability = field(default_factory=Durability)
    read_only: str = ""
    """Why nothing may be changed; empty when it may."""
    lock: Lock = field(default_factory=Lock)

    @property
    def view(self) -> View:
        """Return the view that keys act on."""
        return self.views[self.active]

    @property
    def unit(self) -> Unit:
        """Return the data unit of the active view."""
        return self.task.unit(self.view.unit)

    @property
    def frame(self) -> FrameRef:
        """Return the frame of the active view."""
        return FrameRef(self.view.unit, self.view.frame)

    @property
    def selected(self) -> InstanceId | None:
        """Return the instance that keys act on."""
        return self.selection[-1] if self.selection else None

    @property
    def shown(self) -> LabelDocument:
        """Return the document with the gesture's preview in it."""
        return self.document.apply(self.preview) if self.preview else self.document
