"""Run the checks over a project or a data set, and prove that frames are those that were labelled."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tui_editor.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.api.quality.inputs import DataInput, ProjectInput
    from tui_editor.checks.runner import Plan
    from tui_editor.media.verify import Mismatch
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import TaskId, UnitId
    from tui_editor.model.project import Task, TaskRow
    from tui_editor.ports import Finding


def run_checks(
    project: Project,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    *,
    deep: bool = False,
    pixels: bool = True,
    plan: Plan | None = None,
    jobs: int = 1,
    tasks: Sequence[TaskId] = (),
    since_ms: int = 0,
) -> Iterator[Finding]:
    """Yield what the chosen checks find in a project, task by task, then what only all tasks together show.

    Args:
        project: What is checked.
        select: Rules or their beginnings; all when empty.
        ignore: Rules or beginnings to leave out.
        deep: Decode every frame of long videos too.
        pixels: Decode frames at all.
        plan: Rules, thresholds and severities instead of `select`, `ignore` and `pixels`; those of `checks.toml`
            in the project's folder count when it is None.
        jobs: How many processes share the work.
        tasks: Which ones; all when empty.
        since_ms: Only objects that were edited at or after this time, in milliseconds since 1970 UTC.
    """
    from tui_editor.api.quality.inputs import ProjectInput
    from tui_editor.api.quality.settings import load_settings

    if plan is None:
        plan = load_settings(project.folder).plan(select, ignore, pixels=pixels)
    now_ms = time.time_ns() // 1_000_000
    given = ProjectInput(folder=project.folder, deep=deep, tasks=tuple(tasks), since_ms=since_ms, now_ms=now_ms)
    yield from _all(given, plan, jobs, project)


def check_data(
    path: Path,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    *,
    format_name: str = "",
    deep: bool = False,
    pixels: bool | None = None,
    plan: Plan | None = None,
    jobs: int = 1,
    together: Together | None = None,
    classes: set[str] | None = None,
) -> Iterator[Finding]:
    """Yield what the checks find in a data set of any format that is read; nothing is kept.

    Args:
        path: A label file, a folder or a medium.
        select: Rules or their beginnings; all when empty.
        ignore: Rules or beginnings to leave out.
        format_name: The format; found out when empty.
        deep: Decode every frame of long videos too.
        pixels: Decode frames; None: where there are at most 1000 data units.
        plan: Rules, thresholds and severities instead of `select` and `ignore`.
        jobs: How many processes share the work.
        together: Takes what is decided over several data sets; None: this one is all.
        classes: Takes the names of the classes that the settings speak of and the data have, in small letters.

    Raises:
        FormatError: the path can't be read as the format.
        MediaError: the path is a medium that can't be opened.
    """
    from tui_editor.api.quality.inputs import DataInput
    from tui_editor.api.quality.settings import load_settings

    if plan is None:
        folder = path if path.is_dir() else path.parent
        plan = load_settings(folder).plan(select, ignore, pixels=pixels is not False)
    if together is not None:
        plan = together.plan_of(plan, path)
    given = DataInput(
        path=path, format_name=format_name, deep=deep, pixels=pixels, by_tasks=not plan.declared.says_nothing
    )
    yield from _all(given, plan, jobs, None, together=together, classes=classes)


class Together:
    """Decides over several data sets what one by itself doesn't show: splits (rules L).

    A file or folder that is named for a split (`train.json`, `val/`) is that split, where the settings don't say it.

    Args:
        plan: By which rules.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tallies: dict[str, list[Any]] = defaultdict(list)

    def plan_of(self, plan: Plan, path: Path) -> Plan:
        """Return the plan for one of the data sets: its tasks are in the split that its name says."""
        from msgspec.structs import replace

        from tui_editor.checks.declared import split_of_name

        return replace(plan, declared=replace(plan.declared, split=split_of_name(path.name)))

    def take(self, tallies: dict[str, list[Any]]) -> None:
        """Take over what is decided over all data sets."""
        for rule in [rule for rule in tallies if rule.startswith("L")]:
            self._tallies[rule] += tallies.pop(rule)

    def concluded(self) -> Iterator[Finding]:
        """Yield what all data sets together show."""
        from msgspec.structs import replace

        from tui_editor.checks.runner import Runner

        rules = [check.rule for check in self._plan.rules() if check.rule.startswith("L")]
        if rules and self._tallies:
            yield from Runner(replace(self._plan, select=tuple(rules), ignore=())).concluded(self._tallies)


def _all(
    given: ProjectInput | DataInput,
    plan: Plan,
    jobs: int,
    project: Project | None,
    *,
    together: Together | None = None,
    classes: set[str] | None = None,
) -> Iterator[Finding]:
    from tui_editor.api.quality.stripes import answers
    from tui_editor.checks.runner import CLASSES, Runner

    tallies: dict[str, list[Any]] = defaultdict(list)
    for findings, counted in answers(given, plan, jobs, project):
        yield from findings
        for rule, found in counted.items():
            tallies[rule] += found
    if classes is not None:
        classes.update(*tallies.get(CLASSES, ()))
    if together is not None:
        together.take(tallies)
    yield from Runner(plan).concluded(tallies)


def verify_frames(project: Project) -> Iterator[tuple[TaskRow, Unit, Mismatch]]:
    """Yield the frames whose recorded proof no longer holds; a unit that can't be opened fails with all of its."""
    from tui_editor.media.verify import Mismatch, verify_unit

    for row in project.tasks():
        for unit in project.store.task(row.id).units:
            recorded = project.store.identities(unit.id)
            if not recorded:
                continue
            try:
                source = project.source(unit)
            except MediaError as error:
                for index, identity in sorted(recorded.items()):
                    yield row, unit, Mismatch(index=index, recorded=identity, actual=None, reason=str(error))
                continue
            try:
                for mismatch in verify_unit(source, recorded):
                    yield row, unit, mismatch
            finally:
                source.close()


def record_labelled_frames(project: Project, task: Task, frames: dict[UnitId, set[int]]) -> int:
    """Record the proof of frames that have none yet; return how many were recorded."""
    total = 0
    for unit in task.units:
        known = project.store.identities(unit.id)
        new = sorted(frames.get(unit.id, set()) - set(known))
        if not new:
            continue
        source = project.source(unit)
        try:
            project.store.save_identities(unit.id, {index: source.identity(index) for index in new})
        finally:
            source.close()
        total += len(new)
    return total
