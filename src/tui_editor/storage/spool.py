"""Where refused edits go: one file a session, one line an edit, so that nothing a person did is thrown away."""

from __future__ import annotations

import base64
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from tui_editor.errors import StoreCorrupt
from tui_editor.model.codec import decode_patch, encode_patch
from tui_editor.model.unreadable import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.model.patch import Patch
    from tui_editor.ports import Edit


def spool_folder() -> Path:
    """Return the folder of this person's spool files."""
    from platformdirs import user_state_path

    return user_state_path("tui-editor") / "spool"


class SpooledEdit(Struct, frozen=True, kw_only=True, eq=False):
    """A refused edit as it is read back."""

    task: int
    idem: str
    command: str
    at_ms: int
    why: str
    patch: Patch


class _Line(Struct, frozen=True, kw_only=True):
    task: int
    idem: str
    command: str
    at_ms: int
    why: str
    patch: str


class Spool:
    """The refused edits of one session.

    Args:
        session: Names the file; characters that don't belong in a file name are replaced.
        folder: Where it lies; the person's state folder when None.
    """

    def __init__(self, session: str, folder: Path | None = None) -> None:
        name = "".join(c if c.isalnum() or c in "-_" else "_" for c in session) or "session"
        self.path = (folder or spool_folder()) / f"{name}.jsonl"

    def add(self, edit: Edit, why: Exception) -> None:
        """Append an edit; on disk when this returns. Raises `OSError` or `StoreError` when it can't be written."""
        line = msgspec.json.encode(_plain(edit, why)) + b"\n"
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)

    def read(self) -> Iterator[SpooledEdit]:
        """Yield the edits, oldest first; a line that a crash cut off, or that is no edit, is left out."""
        if not self.path.exists():
            return
        for line in self.path.read_bytes().splitlines():
            with suppress(*UNREADABLE, ValueError, StoreCorrupt):
                kept = msgspec.json.decode(line, type=_Line)
                patch = decode_patch(base64.b64decode(kept.patch))
                said = {name: getattr(kept, name) for name in ("task", "idem", "command", "at_ms", "why")}
                yield SpooledEdit(patch=patch, **said)


def _plain(edit: Edit, why: Exception) -> dict[str, Any]:
    return {
        "task": edit.task,
        "idem": edit.idem,
        "kind": str(edit.kind),
        "undoes": edit.undoes,
        "person": edit.person,
        "session": edit.session,
        "command": edit.command,
        "at_ms": edit.at_ms,
        "why": f"{type(why).__name__}: {why}",
        "patch": base64.b64encode(encode_patch(edit.patch)).decode("ascii"),
    }
