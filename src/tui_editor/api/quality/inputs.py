"""What is checked: a project, or a data set in any format that the program reads; in batches, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tui_editor.model.ids import ProjectId
from tui_editor.model.project import Project as ProjectInfo
from tui_editor.ports import CheckContext, EntryKind, Finding, ImportOptions, Severity, SourceFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.checks.runner import Runner, Tallies
    from tui_editor.errors import TuiEditorError
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import InstanceId, TaskId, UnitId
    from tui_editor.model.project import Task, TaskRow
    from tui_editor.ports import FrameSource, ImportedTask, ImportSource

    Batch = Callable[[Runner], tuple[list[Finding], Tallies]]

MOST_LABELS: Final = 100_000
"""Of a batch: about 100 MB."""
MOST_TASKS: Final = 256
"""Of a batch whose tasks are read one by one."""
MOST_TO_DECODE: Final = 1000
"""Data units of a data set that are decoded without being asked for."""


class Sources:
    """Opens a task's data units once each, and closes them together."""

    def __init__(self, open_unit: Callable[[Unit], FrameSource], task: Task) -> None:
        self._opener, self._task = open_unit, task
        self._open: dict[UnitId, FrameSource] = {}

    def __call__(self, unit: UnitId) -> FrameSource:
        """Return a data unit's frames; raises a `MediaError`."""
        if unit not in self._open:
            self._open[unit] = self._opener(self._task.unit(unit))
        return self._open[unit]

    def close(self) -> None:
        """Close what was opened."""
        for source in self._open.values():
            source.close()
        self._open.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectInput:
    """The tasks of a project."""

    folder: Path
    deep: bool = False
    tasks: tuple[TaskId, ...] = ()
    """Which ones; all when empty."""
    since_ms: int = 0
    """Only what was edited at or after this time, in milliseconds since 1970 UTC."""
    now_ms: int = 0

    def batches(self, project: Project | None = None) -> Iterator[Batch]:
        """Yield the batches; the project is opened anew where none is given."""
        from tui_editor.api.project import open_project

        if project is None:
            with open_project(self.folder) as opened:
                yield from self.batches(opened)
            return
        info = project.info
        for rows in _grouped(self._rows(project)):
            yield lambda runner, rows=rows: self._run(project, info, rows, runner)  # type: ignore[misc]  # a default binds the rows

    def _rows(self, project: Project) -> Iterator[TaskRow]:
        for row in project.tasks():
            if (not self.tasks or row.id in self.tasks) and row.updated_ms >= self.since_ms:
                yield row

    def _run(
        self, project: Project, info: ProjectInfo, rows: list[TaskRow], runner: Runner
    ) -> tuple[list[Finding], Tallies]:
        made = [self._context(project, info, row.id) for row in rows]
        contexts = [context for context, _ in made if context.only is None or context.only]
        try:
            return runner.of_tasks(contexts)
        finally:
            for _, sources in made:
                sources.close()

    def _context(self, project: Project, info: ProjectInfo, task: TaskId) -> tuple[CheckContext, Sources]:
        opened = project.read(task)
        sources = Sources(project.source, opened.task)
        context = CheckContext(
            project=info,
            task=opened.task,
            document=opened.document,
            source=sources,
            deep=self.deep,
            only=self._touched(project, task),
            journal=lambda: tuple(project.store.journal(task)),
            identities=project.store.identities,
            lease=project.store.holder(task),
            now_ms=self.now_ms,
        )
        return context, sources

    def _touched(self, project: Project, task: TaskId) -> frozenset[InstanceId] | None:
        if not self.since_ms:
            return None
        entries = [e for e in project.store.journal(task) if e.at_ms >= self.since_ms]
        if any(entry.kind is EntryKind.IMPORT for entry in entries):
            return None
        return frozenset(key for entry in entries for key in entry.patch.instances())


def _grouped(rows: Iterator[TaskRow]) -> Iterator[list[TaskRow]]:
    group: list[TaskRow] = []
    labels = 0
    for row in rows:
        group.append(row)
        labels += row.label_count
        if labels >= MOST_LABELS or len(group) >= MOST_TASKS:
            yield group
            group, labels = [], 0
    if group:
        yield group


@dataclass(frozen=True, slots=True, kw_only=True)
class DataInput:
    """A data set that is read, and not kept."""

    path: Path
    format_name: str = ""
    options: ImportOptions = field(default_factory=ImportOptions)
    deep: bool = False
    pixels: bool | None = None
    """Decode frames; None: where there are few data units."""
    by_tasks: bool = False
    """Look at whole tasks, where labels by columns would do: something is said of tasks or classes."""

    def batches(self, project: Project | None = None) -> Iterator[Batch]:
        """Yield the batches.

        Raises:
            FormatError: the path can't be read as the format.
            FormatUnknown: no format is surely the right one.
            MediaError: the path is a medium that can't be opened.
        """
        from tui_editor.formats.registry import choose

        del project  # there is none
        chosen = choose(self.path, self.format_name)
        source = chosen.read(self.path, self.options)
        decode = self.pixels if self.pixels is not None else self._few(source)
        if not decode and not self.by_tasks and hasattr(source, "sheets"):
            yield from self._sheets(source)
        else:
            yield from self._tasks(source, must=chosen.name == "media" and self.path.is_file(), decode=decode)

    def _few(self, source: ImportSource) -> bool:
        return source.total is not None and source.total <= MOST_TO_DECODE

    def _sheets(self, source: ImportSource) -> Iterator[Batch]:
        """Yield the labels by columns: a format that can spares a task of each picture."""
        for sheet in source.sheets(MOST_LABELS):  # type: ignore[attr-defined]  # it was looked for
            yield lambda runner, sheet=sheet: _in_order(runner.of_sheet(sheet))  # type: ignore[misc]  # a default binds it
        yield lambda runner: (
            [f for f in self._faults(source) if runner.plan.wants(f.rule)],
            runner.of_ontology(source.ontology),
        )

    def _faults(self, source: ImportSource) -> Iterator[Finding]:
        known: list[SourceFault] = list(source.faults())  # type: ignore[attr-defined]  # sources of sheets have it
        for fault in known:
            yield Finding(
                rule=fault.rule, severity=Severity.ERROR, message=fault.message, file=fault.where, title=self.path.name
            )

    def _info(self, source: ImportSource) -> ProjectInfo:
        roots = {self.options.root: str(source.root_dir)}
        return ProjectInfo(id=ProjectId(0), name=self.path.name, ontology=source.ontology, roots=roots)

    def _tasks(self, source: ImportSource, *, must: bool, decode: bool) -> Iterator[Batch]:
        from tui_editor.api.importing import Completing

        roots = {self.options.root: source.root_dir}
        completing = Completing(roots, must=must)
        batch: list[ImportedTask] = []
        labels = 0
        for item in completing.over(source.tasks()):
            batch.append(item)
            labels += item.label_count
            if labels >= MOST_LABELS or len(batch) >= MOST_TASKS:
                yield self._batch(source, batch, decode=decode)
                batch, labels = [], 0
        yield self._batch(source, batch, decode=decode, last=True)

    def _batch(self, source: ImportSource, items: list[ImportedTask], *, decode: bool, last: bool = False) -> Batch:
        def run(runner: Runner) -> tuple[list[Finding], Tallies]:
            info = self._info(source)
            losses = tuple(source.losses()) if last else ()
            opened = [Sources(lambda unit: _open(unit, source.root_dir, self.options.root), i.task) for i in items]
            contexts = [
                CheckContext(
                    project=info,
                    task=item.task,
                    document=item.document,
                    source=sources,
                    deep=self.deep,
                    losses=losses if item is items[-1] else (),
                )
                for item, sources in zip(items, opened, strict=True)
            ]
            try:
                return runner.without_pixels(decode=decode).of_tasks(contexts)
            finally:
                for sources in opened:
                    sources.close()

        return run


def _open(unit: Unit, root_dir: Path, root: str) -> FrameSource:
    from tui_editor.media.open import open_source
    from tui_editor.media.roots import paths_of

    return open_source(unit.kind, paths_of(unit, {root: root_dir}))


def _in_order(found: tuple[list[Finding], Tallies]) -> tuple[list[Finding], Tallies]:
    """Return findings picture by picture, in the order in which the data set lists them: ids ascend so."""
    findings, tallies = found
    findings.sort(key=lambda f: (f.unit or 0, f.frame or 0, f.rule))
    return findings, tallies


def unreadable(path: Path, error: TuiEditorError) -> Finding:
    """Return the finding S01 about a file that can't be read."""
    from tui_editor.text import one_line

    hint = error.hint.replace("--format", "--read-as")
    where = error.where or one_line(str(path), 400)
    return Finding(
        rule="S01",
        severity=Severity.ERROR,
        message=one_line(f"{error.what}" + (f" ({hint})" if hint else ""), 300),
        title=one_line(path.name),
        file=where,
        hint="repair the file at that place",
    )
