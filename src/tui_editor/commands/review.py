"""The accept/reject loop: act = advance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands import moving
from tui_editor.commands.command import LOOP, Command, on
from tui_editor.commands.context import LONGEST_DECISION_S, Choice, Context
from tui_editor.commands.permissions import may
from tui_editor.edits import review as edits
from tui_editor.errors import Refused
from tui_editor.model.transitions import Action
from tui_editor.state import selectors
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.model.ids import InstanceId

GROUP = "Review"


def in_review(context: Context) -> str:
    """Return why a decision can't be taken here; empty in a review stage."""
    return may(context, Action.DECIDE)


def _advance(context: Context, decided: int) -> None:
    """Count the decision and show the next undecided object."""
    loop, now = context.loop, context.store.clock.monotonic()
    loop.decided += decided
    if loop.since:
        loop.seconds += min(now - loop.since, LONGEST_DECISION_S)
    if not moving.next_undecided(context):
        context.front.tell("everything is decided: ‹task.end› ends the review")


def _approve(context: Context) -> None:
    target = context.selected()
    context.apply(edits.approve(context.state.document, [target], context.stamp()), "review.approve")
    context.loop.last_decision = "approve"
    _advance(context, 1)


def _left_on_frame(context: Context) -> list[InstanceId]:
    left = selectors.undecided(context.state, selectors.on_frame(context.state))
    if not left:
        raise Refused("every object on this frame is decided")
    return left


def _approve_frame(context: Context) -> None:
    left = _left_on_frame(context)
    context.apply(edits.approve(context.state.document, left, context.stamp()), "review.approve_frame")
    context.front.tell(f"approved {len(left)} on this frame")
    _advance(context, len(left))


def _reject(context: Context) -> None:
    context.selected()
    _ask_reason(context, "object")


def _reject_frame(context: Context) -> None:
    _left_on_frame(context)
    _ask_reason(context, "frame")


def _ask_reason(context: Context, whom: str) -> None:
    context.loop.rejecting = whom
    context.loop.reason_tags = ()
    context.store.set(mode=Mode.REASON)


def reject_with(context: Context, reason: str) -> None:
    """Reject whom the reason was asked for, and go on."""
    context.store.set(mode=Mode.REVIEW)
    loop = context.loop
    targets = [context.selected()] if loop.rejecting == "object" else _left_on_frame(context)
    patch = edits.reject(
        context.state.document, targets, reason, context.stamp(), at=context.state.frame, tags=loop.reason_tags
    )
    context.apply(patch, "review.reject" if loop.rejecting == "object" else "review.reject_frame")
    loop.last_reason, loop.last_tags, loop.last_decision = reason, loop.reason_tags, "reject"
    _advance(context, len(targets))


def _canned(context: Context) -> None:
    reasons = context.state.project.reasons
    known = [str(number) for number in range(1, len(reasons) + 1)]
    if context.argument not in known:
        raise Refused(f"there is no reason {one_line(context.argument)}", hint=f"1 to {len(reasons)}")
    reject_with(context, reasons[int(context.argument) - 1])


def _last_reason(context: Context) -> None:
    if not context.loop.last_reason and not context.loop.reason_tags:
        raise Refused("there is no last reason yet", hint="a digit picks one, ‹review.type_reason› types one")
    reject_with(context, context.loop.last_reason)


def _typed_reason(context: Context) -> None:
    if context.argument:
        reject_with(context, context.argument)
        return
    context.front.ask_text("Reason", "", lambda text: reject_with(context, text))


def _reason_tags(context: Context) -> None:
    def picked(tags: tuple[str, ...]) -> None:
        context.loop.reason_tags = tags

    choices = [Choice(value=t, label=t) for t in context.state.project.issue_tags]
    context.front.pick("Tags of the rejection", choices, picked, many=True)


def _leave_reason(context: Context) -> None:
    context.store.set(mode=Mode.REVIEW)


def _repeat(context: Context) -> None:
    if context.loop.last_decision == "approve":
        _approve(context)
    elif context.loop.last_decision == "reject":
        context.loop.rejecting = "object"
        context.loop.reason_tags = context.loop.last_tags
        reject_with(context, context.loop.last_reason)
    else:
        raise Refused("nothing was decided yet")


def _turn(context: Context, by: int) -> None:
    if not moving.next_undecided(context, by):
        context.front.tell("everything is decided: ‹task.end› ends the review")


def _later(context: Context) -> None:
    _turn(context, 1)


def _next_undecided(context: Context) -> None:
    _turn(context, context.times)


def _previous_undecided(context: Context) -> None:
    _turn(context, -context.times)


def _command(name: str, title: str, doc: str, **more: object) -> Command:
    return Command(id=f"review.{name}", title=title, doc=doc, group=GROUP, **more)  # type: ignore[arg-type]  # fields of Command


COMMANDS = (
    _command(
        "approve",
        "Approve the object",
        "Approves the selected object and shows the next undecided one.",
        run=_approve,
        keys=on("a", Mode.REVIEW),
        hint="approve",
        enabled=in_review,
    ),
    _command(
        "reject",
        "Reject the object",
        "Asks for the reason: a digit is a canned one, ‹review.last_reason› the last, ‹review.type_reason› types it.",
        run=_reject,
        keys=on("x", Mode.REVIEW),
        hint="reject",
        enabled=in_review,
    ),
    _command(
        "reason",
        "Reject with a canned reason",
        "Rejects with the reason on that digit and shows the next undecided object.",
        run=_canned,
        keys=tuple(k for n in "123456789" for k in on(n, Mode.REASON, argument=n)),
        hint="reason",
        takes="NUMBER",
        enabled=in_review,
    ),
    _command(
        "last_reason",
        "Reject with the last reason",
        "Rejects with the reason that was given last.",
        run=_last_reason,
        keys=on("enter", Mode.REASON),
        hint="last reason",
        enabled=in_review,
    ),
    _command(
        "type_reason",
        "Type the reason",
        "Opens a line for a reason of your own.",
        run=_typed_reason,
        keys=on("t, r", Mode.REASON),
        hint="type",
        takes="TEXT",
        enabled=in_review,
    ),
    _command(
        "reason_tags",
        "Choose tags for the rejection",
        "Opens the project's issue tags; the reason follows.",
        run=_reason_tags,
        keys=on("#", Mode.REASON),
        hint="tags",
        enabled=in_review,
    ),
    _command(
        "cancel_reason",
        "Don't reject",
        "Goes back without a decision.",
        run=_leave_reason,
        keys=on("escape, q", Mode.REASON),
        hint="back",
    ),
    _command(
        "later",
        "Decide later",
        "Leaves the object undecided and shows the next undecided one.",
        run=_later,
        keys=on("space", Mode.REVIEW),
        hint="later",
        enabled=in_review,
    ),
    _command(
        "repeat",
        "Repeat the last decision",
        "Gives the selected object the decision that was taken last, with its reason.",
        run=_repeat,
        keys=on(".", Mode.REVIEW),
        enabled=in_review,
    ),
    _command(
        "approve_frame",
        "Approve all left on this frame",
        "Approves every undecided object of the frame.",
        run=_approve_frame,
        keys=on("A", Mode.REVIEW),
        hint="approve frame",
        enabled=in_review,
    ),
    _command(
        "reject_frame",
        "Reject all left on this frame",
        "Asks for a reason, then rejects every undecided object of the frame, with an issue for each.",
        run=_reject_frame,
        keys=on("X", Mode.REVIEW),
        enabled=in_review,
    ),
    _command(
        "next_undecided",
        "Next undecided object",
        "Goes to the next object that nobody judged.",
        run=_next_undecided,
        keys=on("n", *LOOP),
        hint="undecided",
    ),
    _command(
        "previous_undecided",
        "Previous undecided object",
        "Goes to the previous object that nobody judged.",
        run=_previous_undecided,
        keys=on("N", *LOOP),
    ),
)
