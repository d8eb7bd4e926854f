"""Where refused edits go: one file a session, one line an edit, so that nothing a person did is thrown away."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from tui_editor.model.codec import decode_patch, encode_patch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tui_editor.model.ids import TaskId
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
    kind: str = "edit"
    person: str = ""


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
        """Yield the edits, oldest first; a line that was cut off by a crash is left out."""
        for raw in _lines(self.path):
            if "patch" in raw:
                yield _edit(raw)


def edits_aside(folder: Path, task: TaskId, person: str) -> list[SpooledEdit]:
    """Return the refused edits of a task by a person, of all sessions, that were not settled, in order of time."""
    found: list[dict[str, Any]] = []
    settled: set[str] = set()
    for path in folder.glob("*.jsonl"):
        for raw in _lines(path):
            settled.update(raw.get("settled", ()))
            if raw.get("task") == task and raw.get("person") == person:
                found.append(raw)
    return sorted((_edit(raw) for raw in found if raw["idem"] not in settled), key=lambda edit: edit.at_ms)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what a file holds, line by line; what was cut off by a crash is left out."""
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            raw = msgspec.json.decode(line)
        except msgspec.DecodeError:
            continue
        if isinstance(raw, dict):
            yield raw


def _edit(raw: dict[str, Any]) -> SpooledEdit:
    known = {k: raw[k] for k in ("task", "idem", "command", "at_ms", "why", "kind", "person")}
    return SpooledEdit(patch=decode_patch(base64.b64decode(raw["patch"])), **known)


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
