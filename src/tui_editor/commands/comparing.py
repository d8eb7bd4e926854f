"""Review diff: only what changed since the last review, the old shapes as ghosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands import moving
from tui_editor.commands.command import Command, on
from tui_editor.errors import Refused
from tui_editor.state.change_words import change_words
from tui_editor.state.review_diff import ReviewDiff, since_review
from tui_editor.state.selectors import review_order
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.commands.context import Context
    from tui_editor.model.ids import InstanceId
    from tui_editor.state.review_diff import InstanceDiff

GROUP = "Review"
_WORDS_CELLS = 300


def _toggle(context: Context) -> None:
    if isinstance(context.state.comparing, ReviewDiff):
        context.store.set(comparing=None)
        context.front.tell("all objects are shown again")
        return
    found: list[ReviewDiff | None] = []
    context.front.go_through(_look(context, found), lambda: _begin(context, found[0]))


def begin_quietly(context: Context) -> None:
    """Compare with the last review where there was one and anything changed; say nothing otherwise."""
    found: list[ReviewDiff | None] = []

    def begin() -> None:
        if found and found[0] is not None and found[0].changes:
            context.store.set(comparing=found[0])

    if context.state.comparing is None and context.store.older is not None:
        context.front.go_through(_look(context, found), begin)


def _look(context: Context, found: list[ReviewDiff | None]) -> Iterator[float]:
    document, seq = context.store.kept_document
    older = context.store.older
    if older is None:
        raise Refused("there is no journal to compare with")
    found.append((yield from since_review(document, seq, context.state.project, older)))


def _begin(context: Context, diff: ReviewDiff | None) -> None:
    if diff is None:
        raise Refused("no review of this task ended yet: there is nothing to compare with")
    told = ", ".join(f"{count} {kind}" for kind, count in diff.counts().items() if count)
    since = f"since {one_line(diff.by)}'s review"
    if not told:
        raise Refused(f"nothing changed {since}")
    context.store.set(comparing=diff)
    selected = context.state.selected
    if selected is None or selected not in diff.changes:
        _show(context, _in_order(context, diff)[0])
    context.front.tell(f"{told} {since}: ‹diff.next› goes through them, ‹diff.toggle› shows all again")


def _in_order(context: Context, diff: ReviewDiff) -> list[InstanceDiff]:
    """Return the changes as a review goes through them, the deleted ones last."""
    rank = {key: n for n, key in enumerate(review_order(context.state))} if len(diff.changes) > 1 else {}
    return sorted(diff.changes.values(), key=lambda c: (rank.get(c.instance, len(rank)), c.instance))


def _show(context: Context, change: InstanceDiff) -> None:
    """Go to a change and say what it is."""
    state = context.state
    context.loop.compared = change.instance
    if not change.differs_on(state.frame) and change.frames:
        unit = state.view.unit if state.view.unit in change.frames else next(iter(change.frames))
        context.store.go(unit, int(change.frames[unit][0]))
    if change.instance in state.document.instances:
        moving.focus(context, change.instance)
    else:
        context.store.select()
    diff = context.state.comparing
    if isinstance(diff, ReviewDiff):
        context.front.tell(one_line(change_words(context.state, diff, change), _WORDS_CELLS))


def _turn(context: Context, by: int) -> None:
    diff = context.state.comparing
    if not isinstance(diff, ReviewDiff):
        raise Refused("nothing is compared", hint="‹diff.toggle› shows what changed since the last review")
    order = _in_order(context, diff)
    here: InstanceId | None = context.state.selected or context.loop.compared
    at = next((n for n, change in enumerate(order) if change.instance == here), -1 if by > 0 else 0)
    _show(context, order[(at + by) % len(order)])


def _next(context: Context) -> None:
    _turn(context, context.times)


def _previous(context: Context) -> None:
    _turn(context, -context.times)


COMMANDS = (
    Command(
        id="diff.toggle",
        title="What changed since the review",
        doc="Shows only the objects that changed since a reviewer was last done with the task, old shapes as ghosts.",
        run=_toggle,
        keys=on("D"),
        hint="changes",
        group=GROUP,
    ),
    Command(
        id="diff.next",
        title="Next change",
        doc="Goes to the next object that changed since the last review, and says how.",
        run=_next,
        keys=on("g ]"),
        count="changes",
        group=GROUP,
    ),
    Command(
        id="diff.previous",
        title="Previous change",
        doc="Goes to the previous object that changed since the last review, and says how.",
        run=_previous,
        keys=on("g ["),
        count="changes",
        group=GROUP,
    ),
)
