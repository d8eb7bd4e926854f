"""What the layers ask of each other: protocols and the values they speak in. Knows the model and the errors."""

from __future__ import annotations

from tui_editor.ports.automation import Segmenter, Tracker
from tui_editor.ports.checks import (
    Check,
    CheckContext,
    Finding,
    Param,
    Reads,
    Severity,
    SheetSource,
    SourceFault,
)
from tui_editor.ports.clock import Clock
from tui_editor.ports.formats import Detection, ExportReport, Format, ImportOptions, ImportSource, Loss
from tui_editor.ports.media import FrameSource
from tui_editor.ports.store import (
    Edit,
    EncodedTask,
    EntryKind,
    ImportedTask,
    JournalEntry,
    Lease,
    OpenedTask,
    ProjectStore,
    Session,
    is_news,
)

__all__ = [
    "Check",
    "CheckContext",
    "Clock",
    "Detection",
    "Edit",
    "EncodedTask",
    "EntryKind",
    "ExportReport",
    "Finding",
    "Format",
    "FrameSource",
    "ImportOptions",
    "ImportSource",
    "ImportedTask",
    "JournalEntry",
    "Lease",
    "Loss",
    "OpenedTask",
    "Param",
    "ProjectStore",
    "Reads",
    "Segmenter",
    "Session",
    "Severity",
    "SheetSource",
    "SourceFault",
    "Tracker",
    "is_news",
]
