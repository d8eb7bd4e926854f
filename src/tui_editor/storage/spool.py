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
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tui_editor.model.ids import TaskId
    from tui_editor.model.patch import Patch
    from tui_editor.ports import Edit


def spool_folder() -> Path:
    """Return the folder of this person's spool files."""
    from tui_editor.person_folders import state_folder

    return state_folder() / "spool"


class SpooledEdit(Struct, frozen=True, kw_only=True, eq=False):
    """A refused edit as it is read back."""

    task: int
    idem: str
    command: str
    at_ms: int
    why: str
    patch: Patch
    kind: str = "edit"
    person: str = ""


class _Line(Struct, frozen=True, kw_only=True):
    task: int
    idem: str
    command: str
    at_ms: int
    why: str
    patch: str
    kind: str = "edit"
    person: str = ""


class _Settled(Struct, frozen=True, kw_only=True):
    settled: tuple[str, ...] = ()


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
        self._append(_plain(edit, why))

    def settle(self, idems: Sequence[str]) -> None:
        """Note that edits, of any session, were done again or given up; on disk when this returns."""
        self._append({"settled": list(idems)})

    def _append(self, raw: dict[str, Any]) -> None:
        line = msgspec.json.encode(raw) + b"\n"
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)

    def read(self) -> Iterator[SpooledEdit]:
        """Yield the edits, oldest first; a line that a crash cut off, or that is no edit, is left out."""
        for line in _lines(self.path):
            edit = _edit(line)
            if edit is not None:
                yield edit


def edits_aside(folder: Path, task: TaskId, person: str) -> list[SpooledEdit]:
    """Return the refused edits of a task by a person, of all sessions, that were not settled, in order of time."""
    found: list[SpooledEdit] = []
    settled: set[str] = set()
    for path in folder.glob("*.jsonl"):
        for line in _lines(path):
            settled.update(_settled(line))
            edit = _edit(line)
            if edit is not None and (edit.task, edit.person) == (task, person):
                found.append(edit)
    return sorted((edit for edit in found if edit.idem not in settled), key=lambda edit: edit.at_ms)


def _lines(path: Path) -> Sequence[bytes]:
    return path.read_bytes().splitlines() if path.exists() else ()


def _edit(line: bytes) -> SpooledEdit | None:
    """Return the edit of a line; None where a crash cut it off, and where it is none."""
    try:
        kept = msgspec.json.decode(line, type=_Line)
        patch = decode_patch(base64.b64decode(kept.patch))
    except (*UNREADABLE, ValueError, StoreCorrupt):
        return None
    said = {name: getattr(kept, name) for name in _Line.__struct_fields__ if name != "patch"}
    return SpooledEdit(patch=patch, **said)


def _settled(line: bytes) -> Sequence[str]:
    """Return the edits of which a line says that they need nothing more."""
    with suppress(*UNREADABLE, ValueError):
        return msgspec.json.decode(line, type=_Settled).settled
    return ()


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
