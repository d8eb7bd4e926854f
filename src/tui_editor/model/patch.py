"""Changes of a document: they can be inverted, composed, stored and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Generator

    from tui_editor.model.ids import InstanceId, IssueId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issues import Issue, ReviewDecision
    from tui_editor.model.tracks import Track
    from tui_editor.model.workflow import TaskStatus


class InstanceChange(Struct, frozen=True):
    """An instance is made (before None), changed, or gone (after None)."""

    id: InstanceId
    before: Instance | None
    after: Instance | None

    def inverse(self) -> InstanceChange:
        """Return the change back."""
        return InstanceChange(self.id, self.after, self.before)


class TrackChange(Struct, frozen=True, eq=False):
    """Labels of an instance in a data unit: those of `before` give way to those of `after`. Either may be empty."""

    instance: InstanceId
    unit: UnitId
    before: Track
    after: Track

    def inverse(self) -> TrackChange:
        """Return the change back."""
        return TrackChange(self.instance, self.unit, self.after, self.before)


class IssueChange(Struct, frozen=True):
    """An issue is raised, changed or deleted."""

    id: IssueId
    before: Issue | None
    after: Issue | None

    def inverse(self) -> IssueChange:
        """Return the change back."""
        return IssueChange(self.id, self.after, self.before)


class DecisionChange(Struct, frozen=True):
    """A reviewer's decision on an instance is taken, changed or withdrawn."""

    instance: InstanceId
    before: ReviewDecision | None
    after: ReviewDecision | None

    def inverse(self) -> DecisionChange:
        """Return the change back."""
        return DecisionChange(self.instance, self.after, self.before)


class StatusChange(Struct, frozen=True):
    """The task moves in the workflow."""

    before: TaskStatus
    after: TaskStatus

    def inverse(self) -> StatusChange:
        """Return the change back."""
        return StatusChange(self.after, self.before)


CHANGES_A_STEP = 1000

Change = InstanceChange | TrackChange | IssueChange | DecisionChange | StatusChange


class Patch(Struct, frozen=True, eq=False):
    """Ordered changes of one document; an empty patch changes nothing."""

    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def inverse(self) -> Patch:
        """Return the patch that restores exactly what was before."""
        return Patch(tuple(c.inverse() for c in reversed(self.changes)))

    def inverse_steps(self) -> Generator[None, None, Patch]:
        """Return the inverse, a few milliseconds a step."""
        made: list[Change] = []
        for last in range(len(self.changes), 0, -CHANGES_A_STEP):
            made += [change.inverse() for change in reversed(self.changes[max(last - CHANGES_A_STEP, 0) : last])]
            yield
        return Patch(tuple(made))

    def then(self, later: Patch) -> Patch:
        """Return one patch that does this one and then the later one."""
        return Patch(self.changes + later.changes)

    def crosses_stage(self) -> bool:
        """Return whether the task enters another stage: only a workflow command takes that back."""
        return any(isinstance(c, StatusChange) and c.before.stage != c.after.stage for c in self.changes)

    def instances(self) -> frozenset[InstanceId]:
        """Return the instances whose value, labels, decision or issues it touches."""
        found: set[InstanceId] = set()
        for change in self.changes:
            match change:
                case InstanceChange(id=key) | TrackChange(instance=key) | DecisionChange(instance=key):
                    found.add(key)
                case IssueChange(before=before, after=after):
                    found.update(i.instance for i in (before, after) if i is not None and i.instance is not None)
                case StatusChange():
                    pass
        return frozenset(found)


def compose(*patches: Patch) -> Patch:
    """Return one patch that does all of them in order."""
    return Patch(tuple(c for p in patches for c in p.changes))
