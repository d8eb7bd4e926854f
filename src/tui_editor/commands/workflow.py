"""Hand a task on: submit, end the review, skip, approve or reject the whole task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands import issues, moving
from tui_editor.commands.command import Command, on
from tui_editor.commands.context import SAME_PRESS_S
from tui_editor.commands.objects import may_edit
from tui_editor.commands.review import in_review
from tui_editor.edits import workflow as edits
from tui_editor.errors import Refused
from tui_editor.model.ids import InstanceId
from tui_editor.model.issues import SKIP_REASON
from tui_editor.model.workflow import StageKind
from tui_editor.ports import EntryKind
from tui_editor.state import selectors
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.patch import Patch

GROUP = "Task"


def _hand_on(context: Context, patch: Patch, command: str, note: str = "") -> None:
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
    if in_review(context):
        _submit(context)
    else:
        _end_review(context)


def _submit(context: Context) -> None:
    state = context.state
    _pass_gate(context)
    try:
        patch = edits.submit(state.document, state.project, context.stamp())
    except edits.GateClosed as gate:
        issues.go_to(context, gate.first)
        raise
    _hand_on(context, patch, "task.submit")


def _pass_gate(context: Context) -> None:
    """Show the first finding that blocks submitting in this stage.

    Raises:
        Refused: there is one.
    """
    from tui_editor.checks.gates import blocking

    state = context.state
    found = blocking(state.task, state.document, state.project)
    if not found:
        return
    first = found[0]
    if first.unit is not None and first.frame is not None:
        context.store.go(first.unit, first.frame)
    if first.instance is not None and first.instance in state.document.instances:
        moving.focus(context, InstanceId(first.instance))
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    raise Refused(f"{first.rule}: {first.message}{more}", hint=first.hint or "the project asks for it before a submit")


def _end_review(context: Context) -> None:
    state = context.state
    left = selectors.undecided(state, selectors.review_order(state))
    if left:
        moving.focus(context, left[0])
        raise Refused(f"{len(left)} undecided: this is the first", hint=":approve-task decides them all")
    count = len(state.document.open_issues())
    patch = edits.end_review(state.document, state.project, context.stamp())
    note = f"{count} issue{'s' if count > 1 else ''} still open" if count else ""
    _hand_on(context, patch, "task.end_review", note)


def _approve(context: Context) -> None:
    _hand_on(
        context, edits.approve_task(context.state.document, context.state.project, context.stamp()), "task.approve"
    )


def _reject(context: Context) -> None:
    def typed(reason: str) -> None:
        patch = edits.reject_task(context.state.document, context.state.project, reason, context.stamp())
        _hand_on(context, patch, "task.reject")

    if context.argument:
        typed(context.argument)
    else:
        context.front.ask_text("Why is the task rejected", "", typed)


def may_skip(context: Context) -> str:
    """Return why the task can't be skipped; empty for an annotate task."""
    if why := may_edit(context):
        return why
    kind = context.state.project.stage_kind(context.state.document.status)
    ok = kind in {StageKind.ANNOTATE, StageKind.CONSENSUS_ANNOTATE}
    return "" if ok else "only an annotator skips a task"


def _skip(context: Context) -> None:
    def typed(reason: str) -> None:
        _hand_on(
            context, edits.skip(context.state.document, context.state.project, reason, context.stamp()), "task.skip"
        )

    if context.argument:
        typed(context.argument)
    else:
        context.front.ask_text("Why is the task skipped", "", typed, hint=SKIP_REASON)


def _reopen(context: Context) -> None:
    context.apply(edits.reopen(context.state.document, context.state.project), "task.reopen", EntryKind.WORKFLOW)
    context.store.set(mode=Mode.BROWSE)


COMMANDS = (
    Command(
        id="task.end",
        title="Submit, or end the review",
        doc="Annotating: submits, refused while an issue is open. Review: sends back with rejections, else approves.",
        run=_end,
        keys=on("enter"),
        hint="submit",
        review_hint="end review",
        enabled=may_edit,
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
        enabled=may_edit,
        group=GROUP,
    ),
)
