"""The `:` line: how it may go on while it is typed, and the lines that were run before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.app import PANES
from tui_editor.commands.assist import Assisted, Suggestion, assist_filter
from tui_editor.commands.table import LINE_NAMES, by_id, keys_in
from tui_editor.state.filters.syntax import value_text
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tui_editor.commands.command import Command
    from tui_editor.commands.context import Context
    from tui_editor.state.view import Mode


class LineAssist:
    """Tells how a command line may go on.

    Args:
        context: What commands would work with.
        commands: All there are, with their keys.
        mode: In which the line was opened.
        keys: How key sequences are written.
    """

    def __init__(
        self, context: Context, commands: Sequence[Command], mode: Mode, keys: Callable[[list[str]], str]
    ) -> None:
        self._context = context
        rows = [(command, command.why_not(context)) for command in commands]
        rows.sort(key=lambda row: (bool(row[1]), not keys_in(row[0], mode)))
        short = {target: name for name, target in reversed(LINE_NAMES.items())}
        self._all = [
            (
                command,
                Suggestion(
                    text=short.get(command.id, command.id),
                    title=command.title,
                    hint=f"{keys(keys_in(command, mode))}  :{command.id}{f' {command.takes}' if command.takes else ''}",
                    disabled=why,
                ),
            )
            for command, why in rows
        ]

    def __call__(self, text: str) -> Assisted:
        """Return how the text may go on."""
        begun = len(text) - len(text.lstrip(" :"))
        name, blank, argument = text[begun:].partition(" ")
        if name.isdecimal() or name.startswith("@"):
            return Assisted()
        command = known(name)
        if command is None or (not blank and self._longer(name)):
            return Assisted(start=begun, suggestions=tuple(self._named(text[begun:].strip())))
        if not blank:
            return Assisted(start=begun, suggestions=tuple(s for c, s in self._all if c.id == command.id))
        return self._argument(command, argument, begun + len(name) + 1)

    def _longer(self, name: str) -> bool:
        """Return whether other names begin with this one."""
        return sum(other.startswith(name) for other in (*LINE_NAMES, *by_id())) > 1

    def _named(self, typed: str) -> list[Suggestion]:
        """Return the commands that a text may mean, the best first."""
        if not typed:
            return [suggestion for _, suggestion in self._all]
        ranked = ((rank(c, typed.casefold()), n, s) for n, (c, s) in enumerate(self._all))
        return [s for score, _, s in sorted((r for r in ranked if r[0] is not None), key=lambda r: (r[0], r[1]))]

    def _argument(self, command: Command, argument: str, at: int) -> Assisted:
        first, blank, rest = argument.partition(" ")
        if command.takes == "FILTER":
            return assist_filter(self._context, argument, at)
        if command.takes == "CLASS [FILTER]":
            if not blank or first.count('"') == 1:
                names = (value_text(name) for name in self._classes())
                return _starting(names, argument, at)
            return assist_filter(self._context, rest, at + len(first) + 1)
        return _starting(self._words(command.takes), argument, at)

    def _classes(self) -> list[str]:
        return [one_line(entry.name) for entry in self._context.state.project.ontology.all()]

    def _words(self, takes: str) -> Iterable[str]:
        """Return what an argument of a kind may be."""
        if takes == "CLASS" and self._context.task is not None:
            return self._classes()
        if takes == "PANE":
            return PANES
        return takes.split("|") if "|" in takes else ()


def known(name: str) -> Command | None:
    """Return the command of an id or short name."""
    return by_id().get(LINE_NAMES.get(name, name).replace("-", "_"))


def rank(command: Command, typed: str) -> int | None:
    """Return how well a command fits what was typed, 0 the best; None when it doesn't.

    By its id or a short name, by a word of its title, by a part of either, by letters in their order.
    """
    names = [command.id, *(name for name, target in LINE_NAMES.items() if target == command.id)]
    title = command.title.casefold()
    if any(name.startswith(typed) for name in names):
        return 0
    if title.startswith(typed) or command.id.partition(".")[2].startswith(typed):
        return 1
    if f" {typed}" in title:
        return 2
    if typed in title or typed in command.id:
        return 3
    letters = iter(title)
    return 4 if all(letter in letters for letter in typed.replace(" ", "")) else None


def _starting(words: Iterable[str], typed: str, at: int) -> Assisted:
    folded = typed.strip('"').casefold()
    found = tuple(Suggestion(text=w, title=w) for w in words if w.strip('"').casefold().startswith(folded))
    return Assisted(start=at, suggestions=found)
