"""The findings of one open task, kept up with its edits: only what was touched is checked again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace

from tui_editor.checks.gates import context_of, plan_of
from tui_editor.checks.rule import Rule
from tui_editor.checks.sheets import Labelled, is_timed, sheet_of
from tui_editor.checks.told import Told
from tui_editor.model.ids import InstanceId
from tui_editor.ports import Reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import UnitId
    from tui_editor.model.project import Project, Task
    from tui_editor.model.sheet import Sheet
    from tui_editor.ports import Check, Finding

BY_OBJECT: Final = (Reads.LABEL, Reads.TRACK, Reads.ANSWERS)
BY_FRAME: Final = (Reads.FRAME, Reads.TRACKS)
_NEVER: Final = (Reads.PIXELS, Reads.PROJECT, Reads.REFERENCE)
MOST_FRAMES: Final = 2000
"""Frames of a data unit that are checked again together; more are all of them."""


class LiveChecks:
    """The findings of an open task.

    What an edit touched is told by the document itself: objects whose value, labels or decision changed. Rules that
    look at each object run again on these; rules that compare labels on a frame run again on the frames where these
    are or were; rules of the whole task run again each time.

    Args:
        task: Which one.
        project: Its ontology and settings.
        rules: Or their beginnings; all that need neither pixels nor other tasks when empty.
    """

    def __init__(self, task: Task, project: Project, rules: tuple[str, ...] = ()) -> None:
        self._plan = plan_of(project, rules)
        self._task, self._project = self._plan.declared.of_task(task), self._plan.declared.of_project(project)
        self._rules = [r for r in self._plan.rules() if getattr(r, "reads", Reads.TASK) not in _NEVER]
        self._reads = {rule.rule: getattr(rule, "reads", Reads.TASK) for rule in self._rules}
        self._timed = {unit.id for unit in task.units if is_timed(unit)}
        self._whole_frames = {r.rule for r in self._rules if isinstance(r, Rule) and r.find and r.reads is Reads.FRAME}
        self._document: LabelDocument | None = None
        self._found: list[Finding] = []
        self._told = Told()

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules that run."""
        return frozenset(self._reads)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings by frame and rule, as of the last update."""
        return tuple(self._found)

    def update(self, document: LabelDocument) -> tuple[Finding, ...]:
        """Return the findings in a document: those of the one before, renewed where that is known to differ."""
        before, self._document = self._document, document
        touched = None if before is None else document.touched_since(before.token)
        if touched == frozenset() and before is document:
            return self.findings
        if before is None or touched is None:
            self._told.clear()
            self._found = self._everything(document)
        else:
            self._renew(before, document, touched)
        order = {unit.id: n for n, unit in enumerate(self._task.units)}
        self._found.sort(
            key=lambda f: (order.get(f.unit, -1), -1 if f.frame is None else f.frame, f.rule, f.instance or 0)  # type: ignore[arg-type]  # None is not among them
        )
        return self.findings

    def _everything(self, document: LabelDocument) -> list[Finding]:
        context = context_of(self._task, document, self._project)
        return [self._plan.judged(f) for rule in self._rules for f in rule.run(context)]

    def _renew(self, before: LabelDocument, document: LabelDocument, touched: frozenset[int]) -> None:
        frames = self._frames(before, document, touched)
        known = {unit: frozenset(some.tolist()) for unit, some in frames.items()}
        self._found = [f for f in self._found if not self._is_stale(f, touched, known)]
        self._told.forget(touched)
        context = context_of(self._task, document, self._project, touched)
        for rule in self._of(BY_OBJECT):
            self._found += map(self._plan.judged, rule.run(context))
        whole = context_of(self._task, document, self._project)
        for rule in self._rules:
            if getattr(rule, "reads", Reads.TASK) is Reads.TASK:
                self._found += map(self._plan.judged, rule.run(whole))
        self._renew_frames(document, frames)

    def _of(self, reads: Iterable[Reads]) -> list[Check]:
        return [rule for rule in self._rules if getattr(rule, "reads", Reads.TASK) in reads]

    def _frames(
        self, before: LabelDocument, document: LabelDocument, touched: frozenset[int]
    ) -> Mapping[UnitId, NDArray[np.int32]]:
        """Return the frames where labels differ, with one more on each side, and those of findings that reach there."""
        found: dict[UnitId, NDArray[np.int32]] = {}
        for unit in self._task.units:
            changed = [_changed(before, document, key, unit.id) for key in touched]
            frames = np.unique(np.concatenate([np.empty(0, np.int32), *changed]))
            if len(frames):
                found[unit.id] = self._widened(unit.id, frames, touched)
        return found

    def _widened(self, unit: UnitId, frames: NDArray[np.int32], touched: frozenset[int]) -> NDArray[np.int32]:
        around = np.unique(np.concatenate([frames - 1, frames, frames + 1]))
        spans, places = [around], around.tolist()
        for finding in self._found:
            if finding.unit == unit and finding.frame is not None and self._compares(finding):
                last = finding.frame if finding.last_frame is None else finding.last_frame
                near = bisect_left(places, finding.frame - 1) < bisect_right(places, last + 1)
                if near or finding.instance in touched or finding.other in touched:
                    spans.append(np.arange(finding.frame - 1, last + 2, dtype=np.int32))
        return np.unique(np.concatenate(spans)).astype(np.int32)

    def _compares(self, finding: Finding) -> bool:
        return self._reads.get(finding.rule) in BY_FRAME

    def _is_stale(self, finding: Finding, touched: frozenset[int], frames: Mapping[UnitId, frozenset[int]]) -> bool:
        reads = self._reads.get(finding.rule, Reads.TASK)
        if reads is Reads.TASK:
            return True
        if reads in BY_OBJECT:
            return finding.instance is None or finding.instance in touched
        known = frames.get(finding.unit) if finding.unit is not None else None
        if finding.rule in self._whole_frames or (
            reads is Reads.TRACKS and known is not None and finding.unit in self._timed
        ):
            return bool(frames)  # they run again over the whole task, or the whole data unit
        return known is not None and finding.frame in known

    def _renew_frames(self, document: LabelDocument, frames: Mapping[UnitId, NDArray[np.int32]]) -> None:
        if not frames:
            return
        ontology = self._project.ontology
        some = sheet_of([Labelled(self._task, document, ontology, _on_frames(document, frames), frames)])
        context = context_of(self._task, document, self._project)
        for rule in self._of(BY_FRAME):
            if isinstance(rule, Rule) and rule.reads is Reads.FRAME:
                self._found += map(self._plan.judged, rule.on_sheet(some, self._plan.settings, self._told))
                self._found += map(self._plan.judged, rule.on_task(context))
        for sheet in self._sheets(document, frames, some):
            for rule in self._of((Reads.TRACKS,)) if len(sheet) else ():
                if isinstance(rule, Rule):
                    self._found += map(self._plan.judged, rule.on_sheet(sheet, self._plan.settings, self._told))

    def _sheets(
        self, document: LabelDocument, frames: Mapping[UnitId, NDArray[np.int32]], some: Sheet
    ) -> Iterator[Sheet]:
        """Yield what rules about tracks look at: whole videos of which something was touched, of stills the frames."""
        if not self._timed & set(frames) or len(some) == document.label_count:
            yield some
            return
        ontology = self._project.ontology
        videos = tuple(u for u in self._task.units if u.id in frames and u.id in self._timed)
        stills = tuple(u for u in self._task.units if u.id not in self._timed)
        yield sheet_of([Labelled(replace(self._task, units=videos), document, ontology)])
        if stills:
            yield sheet_of([Labelled(replace(self._task, units=stills), document, ontology, None, frames)])


def _changed(before: LabelDocument, after: LabelDocument, instance: int, unit: UnitId) -> NDArray[np.int32]:
    """Return the frames on which an instance's labels differ."""
    old, new = (document.tracks.get((InstanceId(instance), unit)) for document in (before, after))
    if old is None or new is None:
        return np.empty(0, np.int32) if old is new else (old if new is None else new).frames  # type: ignore[union-attr]  # one of them is there
    if old is new:
        return np.empty(0, np.int32)
    gone = np.setxor1d(old.frames, new.frames)
    both, a, b = np.intersect1d(old.frames, new.frames, return_indices=True)
    if old.kind is not new.kind:
        return np.union1d(gone, both)
    same = (old.flags[a] == new.flags[b]) & (old.geometry.fixed[a] == new.geometry.fixed[b]).all(axis=1)
    for mine, theirs in zip(old.geometry.ragged, new.geometry.ragged, strict=True):
        same &= np.array([np.array_equal(mine.row(i), theirs.row(j)) for i, j in zip(a, b, strict=True)], bool)
    return np.union1d(gone, both[~same]).astype(np.int32)


def _on_frames(document: LabelDocument, frames: Mapping[UnitId, NDArray[np.int32]]) -> frozenset[int] | None:
    """Return the instances on some frames; None for all, where they are many."""
    if sum(map(len, frames.values())) > MOST_FRAMES:
        return None
    return frozenset(
        key for unit, some in frames.items() for f in some.tolist() for key in document.index.on_frame(unit, f)
    )
