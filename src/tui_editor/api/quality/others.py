"""Labels of one side put on the data units and classes of another one: media are matched by their names."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.model.document import make_document
from tui_editor.model.ids import ClassId
from tui_editor.ports import CheckContext, ImportOptions, Reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.checks.runner import Plan
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import UnitId
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.project import Project, Task
    from tui_editor.ports import Finding, FrameSource

    Tasks = Iterator[tuple[Task, LabelDocument]]


def contradicted(reference: Path, labels: Path, plan: Plan) -> Iterator[Finding]:
    """Yield what the rules that read a reference find in each task (E13, E14)."""
    from tui_editor.checks.rule import Rule

    rules = [r for r in plan.rules() if isinstance(r, Rule) and r.reads is Reads.REFERENCE and r.find is not None]
    if not rules:
        return
    with _opened(reference) as (theirs, others):
        known = {_name(unit): (unit, document) for task, document in others for unit in task.units}
        with _opened(labels) as (project, mine):
            for task, document in mine:
                found = _of(task, known, project.ontology, theirs.ontology)
                context = CheckContext(
                    project=project,
                    task=task,
                    document=document,
                    source=_no_pixels,
                    reference=found,
                    settings=plan.settings,
                )
                for rule in rules if found is not None else ():
                    yield from map(plan.judged, rule.run(context))


def _name(unit: Unit) -> str:
    paths = unit.media.paths
    return (paths[0] if paths else unit.title).rpartition("/")[2].casefold()


def _of(
    task: Task, known: dict[str, tuple[Unit, LabelDocument]], mine: Ontology, theirs: Ontology
) -> LabelDocument | None:
    """Return the other side's labels on a task's data units; None where it has none of its media."""
    instances, tracks = {}, {}
    met = False
    for unit in task.units:
        other = known.get(_name(unit))
        if other is None:
            continue
        met = True
        there, document = other
        for (key, place), track in document.tracks.items():
            value = document.instances.get(key)
            if place == there.id and value is not None:
                entry = theirs.find(value.class_id)
                alike = mine.find_named(entry.name) if entry is not None else None
                name = entry.name if entry is not None else value.class_id
                instances[key] = replace(value, class_id=alike.id if alike is not None else ClassId(name))
                tracks[key, unit.id] = track
    return make_document(instances=instances.values(), tracks=tracks) if met else None


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Project, Tasks]]:
    """Open a project or a data set: its project, and its tasks with their labels."""
    from tui_editor.api.project import open_project
    from tui_editor.formats.registry import choose
    from tui_editor.model.ids import ProjectId
    from tui_editor.model.project import Project as ProjectInfo
    from tui_editor.storage.locate import has_store

    if path.is_dir() and has_store(path):
        with open_project(path) as project:
            read = (project.read(row.id) for row in project.tasks())
            yield project.info, ((opened.task, opened.document) for opened in read)
        return
    source = choose(path).read(path, ImportOptions())
    info = ProjectInfo(id=ProjectId(0), name=path.name, ontology=source.ontology, roots={})
    yield info, ((item.task, item.document) for item in source.tasks())


def _no_pixels(unit: UnitId) -> FrameSource:
    raise KeyError(unit)
