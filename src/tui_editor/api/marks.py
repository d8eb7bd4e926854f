"""What a person has seen: the tour, the instructions and notifications of projects; in the person's state folder."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.model.ids import to_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui_editor.model.project import Project

FILE: Final = "seen.json"
_MOST_BYTES: Final = 1 << 20


class ProjectMarks(Struct, frozen=True, kw_only=True):
    """What was seen of a project."""

    instructions: str = ""
    """Digest of the instructions that were read, or offered, last; empty: none were."""
    read_ms: int = 0
    """What others did up to then was read."""


class Marks(Struct, frozen=True, kw_only=True):
    """What was seen."""

    tour: bool = False
    """The tour was offered."""
    projects: dict[str, ProjectMarks] = field(default_factory=dict)
    """By the project's identifier."""

    def of(self, project: Project) -> ProjectMarks:
        """Return what was seen of a project."""
        return self.projects.get(to_text(project.id), ProjectMarks())

    def with_project(self, project: Project, marks: ProjectMarks) -> Marks:
        """Return the marks with those of a project."""
        return replace(self, projects={**self.projects, to_text(project.id): marks})


def digest(text: str) -> str:
    """Return what tells a text from a changed one; empty for an empty text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if text.strip() else ""


def marks_file() -> Path:
    """Return where the person's marks are kept."""
    from tui_editor.person_folders import state_folder

    return state_folder() / FILE


def load_marks() -> Marks:
    """Return the person's marks; none where the file can't be read."""
    with suppress(OSError), marks_file().open("rb") as file:
        return decoded(file.read(_MOST_BYTES))
    return Marks()


def decoded(content: bytes) -> Marks:
    """Return the marks of a file; none of one that was made by something else."""
    import msgspec

    try:
        return msgspec.json.decode(content or b"{}", type=Marks)
    except msgspec.MsgspecError:
        return Marks()


def changed(content: bytes, change: Callable[[Marks], Marks]) -> bytes:
    """Return a file's content with changed marks."""
    import msgspec

    return msgspec.json.encode(change(decoded(content)))


def keep_marks(change: Callable[[Marks], Marks]) -> None:
    """Change the person's marks on disk; without a state folder nothing is kept."""
    file = marks_file()
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        content = file.read_bytes() if file.exists() else b""
        new = file.with_suffix(".new")
        new.write_bytes(changed(content, change))
        new.replace(file)
