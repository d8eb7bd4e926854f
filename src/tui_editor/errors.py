"""Every error a user can meet, with the exit code that the shell gives for it."""

from __future__ import annotations

from enum import IntEnum

from tui_editor.text import safe


class ExitCode(IntEnum):
    """What the shell learns when the program ends."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    BAD_INPUT = 3
    STORE = 4
    INTERRUPTED = 130


class TuiEditorError(Exception):
    """Something that a user can understand and mend. What it says may quote data: it is made harmless here.

    Args:
        what: What happened, one sentence without a full stop.
        where: File, line, JSON pointer or frame; empty when there is none.
        hint: What to do about it; empty when there is nothing to do.
    """

    exit_code: ExitCode = ExitCode.BAD_INPUT

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = safe(what)
        self.where = safe(where)
        self.hint = safe(hint)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.what}{advice}"


class UsageError(TuiEditorError):
    """The command line, a command or a key was used in a wrong way."""

    exit_code = ExitCode.USAGE


class FilterInvalid(UsageError):
    """A filter can't be read; characters start..stop-1 of what was typed are wrong."""

    def __init__(self, what: str, *, start: int, stop: int, hint: str = "") -> None:
        super().__init__(what, where=f"column {start + 1}", hint=hint)
        self.start = start
        self.stop = stop

    def moved(self, by: int) -> FilterInvalid:
        """Return the error of a filter that begins so many characters further right."""
        return FilterInvalid(self.what, start=self.start + by, stop=self.stop + by, hint=self.hint)


class Refused(TuiEditorError):
    """A rule of the project forbids what was asked (a gate, a role, a review-only tool)."""

    exit_code = ExitCode.FINDINGS


class ProjectChanged(Refused):
    """Somebody else changed the same setting of the project since it was read; `settings` names what."""

    def __init__(self, what: str, *, settings: tuple[str, ...], hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.settings = settings


# --- input ---------------------------------------------------------------------------------------


class InputError(TuiEditorError):
    """A file that was given can't be used."""


class MediaError(InputError):
    """A picture or video can't be shown."""


class MediaMissing(MediaError):
    """The file is not where the project says that it is."""


class MediaUnknown(MediaError):
    """The file is of a kind that we can't decode."""


class MediaCorrupt(MediaError):
    """The file is truncated or damaged."""


class MediaTooLarge(MediaError):
    """The file would take more memory than is allowed (a decompression bomb)."""


class FormatError(InputError):
    """A label file is malformed; `where` holds the file and the line or JSON pointer."""


class FormatUnknown(FormatError):
    """No reader recognises the file, or several do and none surely."""


class LossyExport(Refused):
    """The target format can't hold everything that would be written."""


# --- editing -------------------------------------------------------------------------------------


class PatchMismatch(TuiEditorError):
    """A patch was made for another state of the document."""

    exit_code = ExitCode.FINDINGS


class InvalidShape(TuiEditorError):
    """A shape's coordinates don't make a shape (non-finite, too few points, negative size)."""


class OntologyError(TuiEditorError):
    """The ontology forbids it or is itself inconsistent."""


# --- store ---------------------------------------------------------------------------------------


class StoreError(TuiEditorError):
    """The project's store can't be used."""

    exit_code = ExitCode.STORE


class StoreMissing(StoreError):
    """There is no project here."""

    exit_code = ExitCode.USAGE


class StoreLocked(StoreError):
    """Somebody else holds the task or the store."""


class StoreFenced(StoreError):
    """Another window took the task over; this one may no longer write to it."""


class StoreBehind(StoreError):
    """The task changed elsewhere since it was read."""


class StoreFull(StoreError):
    """The disk is full."""


class StoreReadOnly(StoreError):
    """The project may only be read here."""


class StoreCorrupt(StoreError):
    """The store's file is damaged or was replaced under us."""


class StoreTooNew(StoreError):
    """The store was written by a newer version of the program."""
