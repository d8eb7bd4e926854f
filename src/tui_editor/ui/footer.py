"""Which keys the footer tells in each mode: those that are used most come first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tui_editor.state.view import Mode
from tui_editor.ui.dialogs.help import shown_keys
from tui_editor.ui.widgets.rows import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui_editor.commands.command import Command
    from tui_editor.commands.context import Context
    from tui_editor.commands.keymap import Keymap

HELP = "app.help"
LEAST_REASON = 7
"""Cells of a reason on the narrowest screen."""
OTHER_CELLS = 56
"""Cells of both lines that the mode's name and the other keys take."""
FIRST: Mapping[Mode, tuple[str, ...]] = {
    Mode.REVIEW: (
        "review.approve",
        "review.reject",
        "consensus.look",
        "consensus.keep",
        "review.later",
        "review.next_undecided",
        "object.next",
        "edit.undo",
        "view.fit_object",
        "issue.new",
        "geometry.edit",
        "task.end",
    ),
    Mode.BROWSE: (
        "draw.box",
        "geometry.edit",
        "object.next",
        "frame.next",
        "object.class",
        "object.answer",
        "edit.undo",
        "view.fit_object",
        "issue.new",
        "task.end",
    ),
    Mode.EDIT: (
        "geometry.nudge",
        "geometry.next_handle",
        "geometry.grow",
        "geometry.turn",
        "geometry.leave",
        "edit.undo",
    ),
    Mode.DRAW: ("draw.hint", "draw.move", "draw.point", "draw.enter", "draw.back", "geometry.leave"),
    Mode.JUMP: ("jump.letter", "jump.leave"),
    Mode.TOOL: ("tool.move", "tool.hint", "tool.point", "tool.end", "tool.larger", "tool.smaller", "tool.leave"),
    Mode.ADJUST: ("adjust.step", "adjust.keep", "adjust.take_back", "adjust.next", "adjust.default"),
    Mode.REASON: (
        "review.last_reason",
        "review.type_reason",
        "review.reason_tags",
        "review.reason",
        "review.cancel_reason",
    ),
    Mode.TURBO: (
        "turbo.option",
        "turbo.confirm",
        "turbo.next",
        "turbo.choose",
        "turbo.type",
        "turbo.clear",
        "turbo.leave",
    ),
    Mode.FINDINGS: (
        "finding.mend",
        "finding.next",
        "finding.waive",
        "finding.issue",
        "finding.jump",
        "finding.alike",
        "finding.filter",
        "finding.search",
    ),
    Mode.QUEUE: ("queue.open", "queue.start", "queue.next", "queue.filter", "queue.sort", "queue.mine"),
}
"""Commands by id; the others with a hint follow in the order of the table, help closes the line."""


@cache
def footer_commands(keymap: Keymap, mode: Mode) -> tuple[Command, ...]:
    """Return the commands that a mode's footer tells, the most used first, help last."""
    by_id = {command.id: command for command in keymap.commands}
    first = [by_id[name] for name in FIRST.get(mode, ())]
    others = [c for c in keymap.commands if c not in first and c.id != HELP]
    return tuple(c for c in (*first, *others, by_id[HELP]) if c.hint and hint_keys(c, mode))


def hint_keys(command: Command, mode: Mode) -> str:
    """Return the first key of a command in a mode; an ellipsis where there are several more."""
    keys = [key.keys for key in command.keys if mode in key.modes]
    return shown_keys(keys[:1]) + ("…" if len(keys) > 2 else "") if keys else ""


def footer_hints(mode: Mode, context: Context) -> tuple[tuple[str, str], ...]:
    """Return keys and a word for each command that can be used now."""
    return tuple(hint for command, hint in _hints(context.loop.keymap, mode) if not command.why_not(context))


def finding_hints(context: Context) -> tuple[tuple[str, str], ...]:
    """Return the keys of the findings pane; first what mends the current finding, in its own words."""
    from tui_editor.commands.mend_words import mend_words

    finding, state = context.loop.finding, context.state
    words = mend_words(state, finding) if finding is not None else ""
    mend = context.loop.keymap.command("finding.mend")
    first = (
        ((hint_keys(mend, Mode.FINDINGS), words),) if mend is not None and words and not mend.why_not(context) else ()
    )
    pairs = _hints(context.loop.keymap, Mode.FINDINGS)
    return (*first, *(hint for command, hint in pairs if command is not mend and not command.why_not(context)))


@cache
def _hints(keymap: Keymap, mode: Mode) -> tuple[tuple[Command, tuple[str, str]], ...]:
    """Return the commands of the footer with their first keys and words."""
    return tuple((c, (hint_keys(c, mode), c.hint_in(mode))) for c in footer_commands(keymap, mode))


def reason_hints(reasons: Sequence[str], width: int, keymap: Keymap | None = None) -> tuple[tuple[str, str], ...]:
    """Return the keys of the canned reasons with these, short enough for two lines of the screen."""
    command = keymap.command("review.reason") if keymap is not None else None
    keys = {key.argument: shown_keys([key.keys]) for key in reversed(command.keys)} if command is not None else {}
    longest = max(LEAST_REASON, (2 * width - OTHER_CELLS) // max(1, min(9, len(reasons))) - 4)
    numbered = ((str(n), shortened(reason, longest)) for n, reason in enumerate(reasons[:9], start=1))
    return tuple((keys.get(number, number), reason) for number, reason in numbered)
