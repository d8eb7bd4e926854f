"""Raise an issue: ask what it applies to, and for the place of a pin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands.command import Command, on
from tui_editor.commands.context import IssueDraft
from tui_editor.commands.geometry import home_mode
from tui_editor.commands.issue_drafts import frames_of, read_draft
from tui_editor.commands.issues import GROUP, choose
from tui_editor.commands.permissions import may_discuss
from tui_editor.edits import issues as edits
from tui_editor.model.issues import IssueKind
from tui_editor.state.tool import PinTool
from tui_editor.state.view import Mode
from tui_editor.text import one_line
from tui_editor.tools import hint_zoom

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context


def kinds_here(context: Context) -> tuple[IssueKind, ...]:
    """Return the kinds of issue that make sense here, the likeliest first."""
    here = [IssueKind.LABEL] if context.state.selected is not None else []
    framed = [IssueKind.FRAME, IssueKind.FRAME_RANGE] if context.state.unit.frame_count > 1 else []
    return (*here, *framed, IssueKind.PIN, IssueKind.FILE)


def _new(context: Context) -> None:
    kinds = kinds_here(context)
    draft = IssueDraft(kind=kinds[0], kinds=kinds, all_tags=context.state.project.issue_tags, text=context.argument)
    if context.argument:
        create(context, read_draft(draft))
    else:
        context.front.ask_issue(draft, lambda answer: create(context, answer))


def create(context: Context, draft: IssueDraft, point: tuple[float, float] | None = None) -> None:
    """Raise the issue that was drafted; a pinned one asks for its place first."""
    if draft.kind is IssueKind.PIN and point is None:
        _ask_place(context, draft)
        return
    state = context.state
    frames = frames_of(draft, state.view.frame, context.times, state.unit)
    issue = edits.new_issue(
        draft.kind,
        draft.text,
        context.stamp(),
        at=None if frames is None else replace(state.frame, index=frames[0]),
        last_frame=None if frames is None else frames[1],
        point=point,
        instance=state.selected,
        tags=draft.tags,
        stage=state.document.status.stage,
    )
    context.apply(edits.raise_issue(issue), "issue.new")
    choose(context, issue.id)
    context.front.tell(f"raised: {one_line(issue.title)}")


def _ask_place(context: Context, draft: IssueDraft) -> None:
    _place(context, lambda point: create(context, draft, point))


def _here(context: Context) -> None:
    tags = context.state.project.issue_tags
    draft = read_draft(IssueDraft(kind=IssueKind.PIN, kinds=(IssueKind.PIN,), all_tags=tags, text=context.argument))

    def placed(point: tuple[float, float]) -> None:
        if draft.text:
            create(context, draft, point)
        else:
            context.front.ask_issue(draft, lambda answer: create(context, answer, point))

    _place(context, placed)


def _place(context: Context, then: Callable[[tuple[float, float]], None]) -> None:
    """Let a place on the canvas be chosen, by keys or by a click."""
    width, height = context.state.unit.size(context.state.view.frame)
    window = (0.0, 0.0, float(width), float(height))
    center = hint_zoom.center(window)

    def placed(point: tuple[float, float]) -> None:
        context.store.set(mode=home_mode(context), tool=None)
        context.front.tell("")
        then(point)

    context.loop.place_pin = placed
    context.store.set(mode=Mode.DRAW, tool=PinTool(crosshair=center, window=window))
    context.front.tell("place the pin: ‹draw.enter› sets it where the crosshair is, or click")


COMMANDS = (
    Command(
        id="issue.new",
        title="New issue here",
        doc="Asks what an issue applies to, and for its comment; `#tag` and `@12-40` in it name tags and frames.",
        run=_new,
        keys=on("i") + on("n", Mode.ISSUES),
        hint="issue",
        takes="TEXT",
        count="frames of a frame range",
        enabled=may_discuss,
        group=GROUP,
    ),
    Command(
        id="issue.here",
        title="Comment at a place",
        doc="Lets a place be chosen, by keys or by a click, then asks for the comment of a pinned issue there.",
        run=_here,
        keys=on("w i"),
        takes="TEXT",
        enabled=may_discuss,
        group=GROUP,
    ),
)
