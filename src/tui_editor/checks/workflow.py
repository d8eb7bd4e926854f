"""Rules about review and hand-over (family W)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tui_editor.checks.rule import Fault, Hits, Rule, first_label, instances, name_of
from tui_editor.model.issues import DecisionState
from tui_editor.model.tracks import Origin
from tui_editor.model.workflow import StageKind, TaskState
from tui_editor.ports import CheckContext, EntryKind, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tui_editor.model.ids import InstanceId
    from tui_editor.model.issues import ReviewDecision
    from tui_editor.model.sheet import Sheet

_REVIEW: Final = (StageKind.REVIEW, StageKind.CONSENSUS_REVIEW)
DAY_MS: Final = 86_400_000


def _stage(context: CheckContext) -> StageKind | None:
    try:
        return context.project.stage_kind(context.document.status)
    except KeyError:
        return None


def _open_issues(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield issues that are open though the task is complete, or that were open when it was submitted."""
    stage = _stage(context)
    if stage is not StageKind.COMPLETE and stage not in _REVIEW:
        return
    issues = context.document.open_issues()
    if not issues:
        return
    submitted = _submitted_ms(context)
    for issue in issues:
        if stage is StageKind.COMPLETE or issue.created_ms < submitted:
            frame = issue.frames[0] if issue.frames else None
            when = "the task is complete" if stage is StageKind.COMPLETE else "the task was submitted"
            text = f"the issue {issue.title!r} is open, and {when}"
            yield Fault(message=text, unit=issue.unit, frame=frame, instance=issue.instance, issue=issue.id)


def _submitted_ms(context: CheckContext) -> int:
    """Return when the task was submitted last, 0 when it never was."""
    return max((entry.at_ms for entry in context.journal() if entry.command == "task.submit"), default=0)


def _decisions(context: CheckContext) -> Iterator[tuple[InstanceId, ReviewDecision]]:
    for instance in instances(context):
        decision = context.document.decisions.get(instance.id)
        if decision is not None:
            yield instance.id, decision


def _unchanged(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield rejections that were ticked or handed in again, without a change and without an answer."""
    if _stage(context) not in _REVIEW:
        return
    rejected = any(decision.state is DecisionState.REJECTED for _, decision in _decisions(context))
    submitted = _submitted_ms(context) if rejected else 0
    for key, decision in _decisions(context):
        # what is rejected in this very review did not come back yet
        again = decision.state is DecisionState.REJECTED and decision.at_ms < submitted
        back = (again or decision.state is DecisionState.RESOLVED) and decision.content
        if back and decision.content == context.document.content_of(key):
            issue = context.document.issues.get(decision.issue) if decision.issue is not None else None
            if issue is not None and any(c.author != issue.author for c in issue.comments):
                continue
            yield _at(context, key, "was rejected, and came back unchanged and without an answer")


def _at(context: CheckContext, key: InstanceId, said: str) -> Fault:
    unit, frame = first_label(context, key)
    name = name_of(context, context.document.instances[key])
    return Fault(message=f"{name} {said}", unit=unit, frame=frame, instance=key)


def _edited(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for key, decision in _decisions(context):
        approved = decision.state is DecisionState.APPROVED and decision.content
        if approved and decision.content != context.document.content_of(key):
            yield _at(context, key, "was changed after it was approved")


def _own_work(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    status = context.document.status
    if status.author and status.author == status.reviewer:
        yield Fault(message=f"{status.author} submitted the task and reviewed it")
        return
    same = [
        k for k, d in _decisions(context) if d.by and d.decided and context.document.instances[k].created_by == d.by
    ]
    if same:
        more = f", and {len(same) - 1} more objects" if len(same) > 1 else ""
        yield _at(context, same[0], f"was made and decided on by one person{more}")


def _too_fast(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    times: dict[str, set[int]] = defaultdict(set)
    for _key, decision in _decisions(context):
        if decision.decided:
            times[decision.by].add(decision.at_ms)
    for person, moments in sorted(times.items()):
        row = np.array(sorted(moments), np.int64)
        cuts = np.flatnonzero(np.diff(row) >= values["least_ms"]) + 1
        longest = max(np.split(row, cuts), key=len)
        if len(longest) >= values["least_run"]:
            seconds = (longest[-1] - longest[0]) / 1000
            yield Fault(message=f"{person} decided {len(longest)} times in a row within {seconds:.1f} s")


def _left_behind(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    if not context.now_ms:
        return
    lease = context.lease
    if lease is not None and lease.acquired_ms and context.now_ms - lease.acquired_ms > values["lock_days"] * DAY_MS:
        days = (context.now_ms - lease.acquired_ms) / DAY_MS
        yield Fault(message=f"{lease.person} has had the task locked for {days:.0f} days")
    status = context.document.status
    begun = status.assignee and status.state in {TaskState.ASSIGNED, TaskState.REOPENED}
    entries = context.journal() if begun else ()
    last = max((e.at_ms for e in entries if e.kind is not EntryKind.IMPORT), default=0)
    if last and context.now_ms - last > values["task_days"] * DAY_MS:
        days = (context.now_ms - last) / DAY_MS
        yield Fault(message=f"{status.assignee} has the task and has not worked on it for {days:.0f} days")


def _unsure(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[Hits]:
    made = np.array([int(Origin.TRACKED), int(Origin.SEGMENTED), int(Origin.IMPORTED)], np.uint8)
    low = (sheet.confidence < values["confidence"]) & np.isin(sheet.origin, made)
    if sheet.approved is not None:
        low &= ~sheet.approved
    rows = np.flatnonzero(low)
    yield Hits(
        rows=rows,
        text=lambda run: f"has a confidence of {float(sheet.confidence[run].min()):.2f}, and nobody confirmed it",
    )


RULES = (
    Rule(
        rule="W01",
        title="an issue is open on a task that was handed on",
        severity=Severity.ERROR,
        doc="Any issue of a complete task; of a task in review those that were open when it was submitted.",
        reads=Reads.TASK,
        find=_open_issues,
        hint="resolve it, or reopen the task",
    ),
    Rule(
        rule="W02",
        title="a rejected label came back unchanged",
        severity=Severity.ERROR,
        doc="In review: an object that was rejected has the content that was rejected, and nobody answered in its "
        "thread.",
        reads=Reads.TASK,
        find=_unchanged,
        hint="reject it again, or answer in its thread",
    ),
    Rule(
        rule="W03",
        title="a label was changed after it was approved",
        severity=Severity.WARNING,
        doc="Class, answers or shapes of an approved object differ from those that were approved.",
        reads=Reads.TASK,
        find=_edited,
        hint="review it again",
    ),
    Rule(
        rule="W04",
        title="somebody reviewed their own work",
        severity=Severity.WARNING,
        doc="The task was submitted and reviewed by one person, or an object made and decided on by one.",
        reads=Reads.TASK,
        find=_own_work,
        hint="have somebody else look at it",
    ),
    Rule(
        rule="W05",
        title="decisions were taken faster than one can look",
        severity=Severity.WARNING,
        doc="At least `least_run` decisions in a row with less than `least_ms` between one and the next. What was "
        "decided "
        "together by one command counts as one.",
        reads=Reads.TASK,
        find=_too_fast,
        params=(
            Param("least_ms", 300, "milliseconds that a decision takes at least"),
            Param("least_run", 20, "decisions in a row that are reported"),
        ),
        hint="review the task again",
    ),
    Rule(
        rule="W06",
        title="a task was left behind",
        severity=Severity.INFO,
        doc="It has been locked for `lock_days`, or is assigned and nobody worked on it for `task_days`.",
        reads=Reads.TASK,
        find=_left_behind,
        params=(
            Param("lock_days", 2.0, "days of a lock"),
            Param("task_days", 14.0, "days without an edit"),
        ),
        hint="ask its holder; take it over",
    ),
    Rule(
        rule="W07",
        title="a label of low confidence was never confirmed",
        severity=Severity.WARNING,
        doc="Labels that a tracker, a model or an import made, of a confidence under `confidence`, of objects that "
        "are not "
        "approved.",
        reads=Reads.LABEL,
        labels=_unsure,
        params=(Param("confidence", 0.5, "confidence from which on a label needs no confirmation"),),
        hint="correct or approve it",
    ),
)
