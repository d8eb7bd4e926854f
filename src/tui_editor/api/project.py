"""A project as a script and the front ends use it: its store, its media and what is done with them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from tui_editor.api.person import current_person
from tui_editor.errors import ProjectChanged, StoreError
from tui_editor.model.ids import ProjectId, new_id
from tui_editor.model.ontology import Ontology
from tui_editor.model.project import Project as ProjectInfo
from tui_editor.model.project import TaskQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tui_editor.api.editing import Task
    from tui_editor.api.exporting import ExportOutcome
    from tui_editor.api.importing import ImportReport
    from tui_editor.media.verify import Mismatch
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import TaskRow
    from tui_editor.ports import Finding, FrameSource, ImportOptions, OpenedTask, ProjectStore

PAGE = 500
TRIES = 10
"""Of laying what an import brings over what others bring."""


class Project:
    """An opened project: a folder with its store in it.

    Args:
        folder: The project's folder.
        store: Its store, opened.
        person: Who works; the user of the process when empty.
        session: Which window it is open in; empty: none.
        seen: The settings as the person saw them: a change is laid over what others changed since.
    """

    def __init__(
        self, folder: Path, store: ProjectStore, person: str = "", *, session: str = "", seen: ProjectInfo | None = None
    ) -> None:
        self.folder = folder
        self.store = store
        self.person = person or current_person()
        self.session = session
        self._seen = seen
        self.zoom = "keep"
        """How tasks are shown that are read: as the person left them (`keep`), whole (`fit`) or 1:1 (`100`)."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the store."""
        self.store.close()

    @property
    def info(self) -> ProjectInfo:
        """Return name, ontology, workflow and settings; as the person saw them, where that is said."""
        return self._seen if self._seen is not None else self.store.project()

    @property
    def read_only(self) -> str:
        """Return why nothing can be changed here; empty when it can."""
        return "the project may only be read here" if self.store.read_only else ""

    # --- tasks -----------------------------------------------------------------------------------

    def tasks(self, query: TaskQuery | None = None) -> Iterator[TaskRow]:
        """Yield the queue's rows, by falling priority, page by page."""
        query = replace(query or TaskQuery(), limit=PAGE)
        while True:
            page = self.store.tasks(query)
            yield from page
            if len(page) < PAGE:
                return
            query = replace(query, after=page[-1])

    def read(self, task: TaskId) -> OpenedTask:
        """Return a task with its labels, to look at."""
        opened = self.store.open(task, self.person)
        return opened if self.zoom == "keep" else _zoomed(opened, self.zoom)

    def edit(self, task: TaskId, *, take: bool = False) -> Task:
        """Open a task for editing; its lock is held until it is closed.

        Raises:
            StoreLocked: somebody else edits it and `take` is false.
        """
        from tui_editor.api.editing import Task

        return Task(self, task, take=take)

    # --- media -----------------------------------------------------------------------------------

    def roots(self) -> Mapping[str, Path]:
        """Return the folders of the media roots on this machine."""
        return {name: (self.folder / place).resolve() for name, place in self.info.roots.items()}

    def source(self, unit: Unit) -> FrameSource:
        """Open a data unit's frames. The caller closes it.

        Raises:
            MediaError: the files are missing or unusable.
        """
        from tui_editor.media.open import open_source
        from tui_editor.media.roots import paths_of

        return open_source(unit.kind, paths_of(unit, self.roots()))

    # --- data in and out -------------------------------------------------------------------------

    def import_data(
        self,
        path: Path,
        format_name: str = "",
        options: ImportOptions | None = None,
        progress: Callable[[int, int | None], None] | None = None,
        *,
        in_order: bool = False,
    ) -> ImportReport:
        """Read a data set into the project.

        Args:
            path: A label file, a folder or a medium.
            format_name: The format; found out when empty.
            options: Where pictures lie and how they are grouped.
            progress: Called with the tasks read so far and their total, where it is known.
            in_order: Whether the queue lists the tasks as they come; else in a random order, the same for everybody.

        Raises:
            FormatError: the path can't be read as the format.
        """
        from tui_editor.api.activities import recorded
        from tui_editor.api.importing import import_data

        with recorded(self, "import", path.name or str(path)) as recording:
            report = import_data(self, path, format_name, options, progress, in_order=in_order)
            lost = sum(loss.count for loss in report.losses)
            recording.outcome = f"{_counted(report.tasks, 'task')} with {_counted(report.labels, 'label')}" + (
                f" ({report.format}); {lost:,} not carried over" if lost else f" ({report.format})"
            )
        return report

    def export(self, target: Path, format_name: str, *, allow_lossy: bool = True) -> ExportOutcome:
        """Write all tasks in a format, read them back and compare.

        Raises:
            LossyExport: something would be lost and `allow_lossy` is false; nothing is written.
        """
        from tui_editor.api.activities import recorded
        from tui_editor.api.exporting import export

        with recorded(self, "export", f"{target.name or target} ({format_name})") as recording:
            outcome = export(self, target, format_name, allow_lossy=allow_lossy)
            written, different = outcome.report, len(outcome.differences)
            said = f"{_counted(written.tasks, 'task')} with {_counted(written.labels, 'label')}"
            recording.outcome = f"{said}, read back: {_counted(different, 'difference') if different else 'equal'}"
        return outcome

    # --- quality ---------------------------------------------------------------------------------

    def check(
        self,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        *,
        deep: bool = False,
        pixels: bool = True,
        jobs: int = 1,
    ) -> Iterator[Finding]:
        """Yield what the checks find, task by task, by the thresholds of `checks.toml` in the project's folder.

        Args:
            select: Rules or their beginnings (`G`, `M01`); all when empty.
            ignore: Rules or beginnings to leave out.
            deep: Decode every frame of long videos too.
            pixels: Decode frames at all.
            jobs: How many processes share the work.
        """
        from tui_editor.api.checking import run_checks

        return run_checks(self, select, ignore, deep=deep, pixels=pixels, jobs=jobs)

    def fix(self, findings: Iterable[Finding]) -> list[Finding]:
        """Mend the findings that a program may mend by itself, in one undo step a task; return those.

        Raises:
            StoreLocked: somebody edits one of the tasks.
        """
        from tui_editor.api.quality.fixing import fix_all

        return fix_all(self, findings)

    def set_gate(self, stage: str, rules: Sequence[str]) -> None:
        """Let a stage's tasks be submitted only when some checks find no error or warning.

        Args:
            stage: Of the workflow.
            rules: Rules or their beginnings; none takes the gate away.

        Raises:
            UsageError: there is no such stage or rule.
        """
        from tui_editor.api.quality.gates import set_gate

        set_gate(self, stage, rules)

    def verify(self) -> Iterator[tuple[TaskRow, Unit, Mismatch]]:
        """Yield the labelled frames that are no longer the ones that were labelled."""
        from tui_editor.api.checking import verify_frames

        return verify_frames(self)

    # --- settings --------------------------------------------------------------------------------

    def save(self, after: ProjectInfo) -> None:
        """Keep changed settings, and that this person changed them.

        Raises:
            ProjectChanged: somebody changed the same ones since they were read; nothing is kept.
        """
        from tui_editor.api.activities import save_settings

        kept = save_settings(self, self.info, after)
        if self._seen is not None:
            self._seen = kept

    def _bring(self, change: Callable[[ProjectInfo], ProjectInfo]) -> ProjectInfo:
        """Keep what an import brings; it is worked out anew where somebody else was quicker."""
        for tries_left in reversed(range(TRIES)):
            before = self.store.project()
            after = change(before)
            if after is before:
                break
            try:
                return self.store.save_project(after, before)
            except ProjectChanged:
                if not tries_left:
                    raise
        return after

    def add_root(self, folder: Path) -> str:
        """Make sure that a media folder is a root of the project; return its name.

        The folder is kept relative to the project's, so that both can be moved or mounted together.
        """
        place = Path(os.path.relpath(folder.resolve(), self.folder.resolve())).as_posix()

        def with_root(info: ProjectInfo) -> ProjectInfo:
            if place in info.roots.values():
                return info
            name = "data" if not info.roots else f"data{len(info.roots) + 1}"
            return replace(info, roots={**info.roots, name: place})

        return next(name for name, known in self._bring(with_root).roots.items() if known == place)

    def merge_ontology(self, other: Ontology) -> None:
        """Add the classes of another ontology that the project lacks; those that it has stay as they are."""

        def merged(info: ProjectInfo) -> ProjectInfo:
            mine = info.ontology
            new_classes = tuple(c for c in other.classes if mine.find(c.id) is None)
            new_statements = tuple(c for c in other.classifications if mine.find(c.id) is None)
            if not (new_classes or new_statements or (other.extra and not mine.extra)):
                return info
            ontology = Ontology(
                classes=(*mine.classes, *new_classes),
                classifications=(*mine.classifications, *new_statements),
                extra=mine.extra or other.extra,
            )
            return replace(info, ontology=ontology)

        self._bring(merged)


def _zoomed(opened: OpenedTask, zoom: str) -> OpenedTask:
    """Return a task that opens with the whole frame in view, or with a screen pixel for each of the frame (`100`)."""
    view, units = opened.view, opened.task.units
    if zoom == "fit" or not units:
        return replace(opened, view={**view, "center": None})
    unit = next((u for u in units if u.id == view.get("unit")), units[0])
    width, height = unit.size(int(view.get("frame", 0)))
    return replace(opened, view={**view, "center": view.get("center") or [width / 2, height / 2], "scale": 1.0})


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def create_project(folder: Path, name: str = "", *, ontology: Ontology | None = None, person: str = "") -> Project:
    """Make a project in a folder.

    Raises:
        StoreError: there is one already, or the folder can't be written to.
    """
    from tui_editor.storage.locate import create_store

    info = ProjectInfo(id=ProjectId(new_id()), name=name or folder.resolve().name, ontology=ontology or Ontology())
    return Project(folder, create_store(folder, info), person)


def open_project(start: Path | str = ".", *, person: str = "") -> Project:
    """Open the project in a folder or above it, read-only where nothing may be written.

    Raises:
        StoreMissing: there is none.
        StoreError: it can't be used.
    """
    from tui_editor.storage.locate import find_project, open_store

    folder = find_project(Path(start))
    return Project(folder, open_store(folder), person)


def open_or_create(folder: Path, *, person: str = "") -> Project:
    """Open the project of this very folder; make one when there is none."""
    from tui_editor.storage.locate import has_store, open_store

    if has_store(folder):
        return Project(folder, open_store(folder), person)
    if not os.access(folder, os.W_OK):
        raise StoreError("the folder can't be written to", where=str(folder))
    return create_project(folder, person=person)
