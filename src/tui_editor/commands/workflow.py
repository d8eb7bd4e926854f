"""Hand a task on: submit, end the review, skip, approve or reject the whole task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands import issues, moving
from tui_editor.commands.command import Command, on
from tui_editor.commands.context import SAME_PRESS_S, Choice
from tui_editor.commands.gating import gates_of_stage, pass_gate
from tui_editor.commands.permissions import may, may_submit
from tui_editor.commands.review import in_review
from tui_editor.edits import workflow as edits
from tui_editor.errors import Refused
from tui_editor.model.ids import TaskId
from tui_editor.model.issues import SKIP_REASON
from tui_editor.model.transitions import REVIEWING, Action
from tui_editor.ports import EntryKind
from tui_editor.state import selectors
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.commands.context import Context, HandOn
    from tui_editor.model.patch import Patch

GROUP = "Task"


def hand_on(context: Context, patch: Patch, command: str, note: str = "", make: HandOn | None = None) -> None:
    """Hand the open task on by a patch, those of its group in the same way, and open what comes next.

    Raises:
        Refused: a task of the group can't be handed on; none is.
    """
    if make is not None:
        context.front.hand_on_group(make, command)
    context.apply(patch, command, EntryKind.WORKFLOW)
    context.loop.handed_on = context.store.clock.monotonic()
    status = context.state.document.status
    context.front.tell(f"{context.state.task.title}: {status.stage}, {status.state}")
    context.front.task_done(note)


def _end(context: Context) -> None:
    loop, now = context.loop, context.store.clock.monotonic()
    if now - loop.handed_on < SAME_PRESS_S:
        loop.handed_on = now  # a held key goes on for as long as it is held
        raise Refused("this task was opened a moment ago", hint="look at it; ‹task.end› hands it on as well")
    if context.state.project.stage_kind(context.state.document.status) in REVIEWING:
        _end_review(context)
    else:
        _submit(context)


def _submit(context: Context) -> None:
    """Submit the task; where checks block that, they run beside the event loop first."""
    if gates_of_stage(context):
        pass_gate(context, lambda: _submit_checked(context))
    else:
        _submit_checked(context)


def _submit_checked(context: Context) -> None:
    state = context.state
    try:
        patch = edits.submit(state.document, state.project, context.stamp(), state.task)
    except edits.GateClosed as gate:
        issues.go_to(context, gate.first)
        raise
    hand_on(context, patch, "task.submit", make=edits.submit)


def _end_review(context: Context) -> None:
    state = context.state
    left = selectors.undecided(state, selectors.review_order(state))
    if left:
        moving.focus(context, left[0])
        determine = state.project.stage_of(state.document.status).determine
        keeps = "‹consensus.keep› says whose labels are kept, ‹task.reject› that there is no consensus"
        hint = keeps if determine else ":approve-task decides them all"
        raise Refused(f"{len(left)} undecided: this is the first", hint=hint)
    count = state.document.open_count
    patch = edits.end_review(state.document, state.project, context.stamp(), state.task, left)
    note = f"{count} issue{'s' if count > 1 else ''} still open" if count else ""
    hand_on(context, patch, "task.end_review", note, edits.end_review)


def _approve(context: Context) -> None:
    state = context.state
    patch = edits.approve_task(state.document, state.project, context.stamp(), state.task)
    hand_on(context, patch, "task.approve", make=edits.approve_task)


def _reject(context: Context) -> None:
    def typed(reason: str) -> None:
        state = context.state
        patch = edits.reject_task(state.document, state.project, reason, context.stamp(), state.task)
        make = lambda d, p, s, t: edits.reject_task(d, p, reason, s, t)  # noqa: E731  # the same of the group
        hand_on(context, patch, "task.reject", make=make)

    if context.argument:
        typed(context.argument)
    else:
        context.front.ask_text("Why is the task rejected", "", typed)


def may_skip(context: Context) -> str:
    """Return why the task can't be skipped; empty for an annotate task."""
    return may(context, Action.SKIP)


def _may_reopen(context: Context) -> str:
    return may(context, Action.REOPEN)


def _skip(context: Context) -> None:
    def typed(reason: str) -> None:
        state = context.state
        patch = edits.skip(state.document, state.project, reason, context.stamp(), state.task)
        make = lambda d, p, s, t: edits.skip(d, p, reason, s, t)  # noqa: E731  # the same of the group
        hand_on(context, patch, "task.skip", make=make)

    if context.argument:
        typed(context.argument)
    else:
        context.front.ask_text("Why is the task skipped", "", typed, hint=SKIP_REASON)


def _reopen(context: Context) -> None:
    state = context.state
    patch = edits.reopen(state.document, state.project, context.stamp(), state.task)
    context.front.hand_on_group(edits.reopen, "task.reopen")
    context.apply(patch, "task.reopen", EntryKind.WORKFLOW)
    context.store.set(mode=Mode.BROWSE)


def _group(context: Context) -> None:
    """Go to another task of the group."""
    now = context.state.task.id
    rows = context.front.group()
    if len(rows) < 2:  # itself and another
        raise Refused("the task is in no group")
    choices = [
        Choice(
            value=str(row.id),
            label=row.title,
            hint=f"{row.stage}/{row.state}",
            disabled="this one" if row.id == now else "",
        )
        for row in rows
    ]
    context.front.pick("Tasks of the group", choices, lambda picked: context.front.open_task(TaskId(int(picked[0]))))


COMMANDS = (
    Command(
        id="task.end",
        title="Submit, or end the review",
        doc="Annotating: submits, refused while an issue is open. Review: sends back with rejections, else approves.",
        run=_end,
        keys=on("enter"),
        hint="submit",
        review_hint="end review",
        enabled=may_submit,
        group=GROUP,
    ),
    Command(
        id="task.skip",
        title="Skip the task",
        doc="Skips an annotate task with a reason, which becomes an issue of the file.",
        run=_skip,
        keys=on("g s"),
        takes="REASON",
        enabled=may_skip,
        group=GROUP,
    ),
    Command(
        id="task.approve",
        title="Approve the whole task",
        doc="Approves the task, whatever is undecided or open in it.",
        run=_approve,
        keys=on("g A"),
        enabled=in_review,
        group=GROUP,
    ),
    Command(
        id="task.reject",
        title="Reject the whole task",
        doc="Rejects what is undecided with a reason and sends the task back to its author.",
        run=_reject,
        keys=on("g X"),
        takes="REASON",
        enabled=in_review,
        group=GROUP,
    ),
    Command(
        id="task.reopen",
        title="Reopen the task",
        doc="Brings the task back to the first stage; approvals are to be judged again.",
        run=_reopen,
        enabled=_may_reopen,
        group=GROUP,
    ),
    Command(
        id="task.group",
        title="Tasks of the group",
        doc="Lists the tasks that are submitted, reviewed and reopened together with this one, and opens one.",
        run=_group,
        keys=on("g u"),
        group=GROUP,
    ),
)
