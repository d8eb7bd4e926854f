"""The two sides of a comparison: a project or a data set each, read task by task."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tui_editor.ports import EncodedTask, ImportOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.project import Task
    from tui_editor.ports import ImportedTask, ImportSource, Loss

_KEPT_DOCUMENTS = 4
"""Several pictures of one task are asked for one after the other."""


class Item(Struct, eq=False):
    """A task of one side; its labels are read when they are asked for."""

    task: Task
    read: Callable[[], LabelDocument]
    label_count: int = 0


class Side(Struct, eq=False):
    """A project or a data set."""

    name: str
    """As it was given."""
    kind: str
    """`project`, or the format's name."""
    ontology: Callable[[], Ontology]
    items: Callable[[], Iterator[Item]]
    total: int | None = None
    """Number of tasks, where it is known."""
    losses: Callable[[], Sequence[Loss]] = field(default=lambda: ())


@contextmanager
def opened_side(path: Path, format_name: str = "") -> Iterator[Side]:
    """Open a folder with a project, or a data set in any format that can be read.

    Raises:
        FormatError: it is neither.
    """
    from tui_editor.api.project import open_project
    from tui_editor.storage.locate import has_store

    if path.is_dir() and has_store(path) and not format_name:
        with open_project(path) as project:
            yield project_side(project, str(path))
    else:
        yield _data_side(path, format_name)


def project_side(project: Project, name: str = "") -> Side:
    """Return a project as a side."""
    info = project.info
    return Side(name or info.name, "project", lambda: info.ontology, lambda: _of_project(project))


def _of_project(project: Project) -> Iterator[Item]:
    known = _Documents()
    for row in project.tasks():
        task = project.store.task(row.id)
        yield Item(task, known.reading(lambda task=task: project.read(task.id).document), row.label_count)  # type: ignore[misc]  # of a lambda's default


def _data_side(path: Path, format_name: str) -> Side:
    from tui_editor.formats.registry import choose

    chosen = choose(path, format_name)
    source = chosen.read(path, ImportOptions())
    return Side(
        str(path), chosen.name, lambda: source.ontology, lambda: _of_source(source), source.total, source.losses
    )


def _of_source(source: ImportSource) -> Iterator[Item]:
    known = _Documents()
    for imported in source.tasks():
        yield Item(imported.task, known.reading(lambda one=imported: _decoded(one)), imported.label_count)  # type: ignore[misc]  # of a lambda's default


def _decoded(imported: ImportedTask) -> LabelDocument:
    """Return a task's labels; encoded ones are decoded without being kept, for there may be a million."""
    return imported.labels.document() if isinstance(imported, EncodedTask) else imported.document


class _Documents:
    """Reads documents, and keeps the last few."""

    def __init__(self) -> None:
        self._known: OrderedDict[object, LabelDocument] = OrderedDict()

    def reading(self, read: Callable[[], LabelDocument]) -> Callable[[], LabelDocument]:
        """Return what reads as `read` does, or remembers."""
        key = object()

        def remembered() -> LabelDocument:
            if key not in self._known:
                self._known[key] = read()
                if len(self._known) > _KEPT_DOCUMENTS:
                    self._known.popitem(last=False)
            self._known.move_to_end(key)
            return self._known[key]

        return remembered
