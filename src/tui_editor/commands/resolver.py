"""From keys to commands: counts, prefixes and modes. Knows nothing of terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from tui_editor.commands.command import ANY_KEY, Command
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_COUNTS = frozenset({Mode.REASON, Mode.JUMP})
"""Modes in which a digit is a key of its own."""

MOST_COUNT = 9_999_999


class Run(Struct, frozen=True, kw_only=True):
    """A command is to be run."""

    command: Command
    count: int | None = None
    argument: str = ""


class Pending(Struct, frozen=True, kw_only=True):
    """More keys are needed; `nexts` are those that go on, with their commands."""

    typed: str
    nexts: tuple[tuple[str, Command], ...] = ()


class Unbound(Struct, frozen=True, kw_only=True):
    """The keys mean nothing here."""

    typed: str


Resolution = Run | Pending | Unbound


class _Node(Struct):
    """What may follow the keys so far."""

    nexts: dict[str, _Node] = field(default_factory=dict)
    command: Command | None = None
    argument: str = ""


class KeyClashError(Exception):
    """Two commands want the same keys in a mode."""


class KeyResolver:
    """Collects keys until they name a command."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._roots: dict[Mode, _Node] = {mode: _Node() for mode in Mode}
        for command in commands:
            for key in command.keys:
                for mode in key.modes:
                    _bind(self._roots[mode], key.keys.split(), command, key.argument)
        self._typed: list[str] = []
        self._count = ""

    @property
    def typed(self) -> str:
        """Return count and keys so far, for the status line."""
        return " ".join(filter(None, [self._count, *self._typed]))

    def reset(self) -> None:
        """Forget what was typed."""
        self._typed, self._count = [], ""

    def feed(self, mode: Mode, key: str) -> Resolution:
        """Take one key: a printable character or a name (`enter`, `shift+tab`); return what the keys so far mean."""
        if not self._typed and self._takes_digit(mode, key):
            self._count = (self._count + key)[: len(str(MOST_COUNT))]
            return Pending(typed=self.typed)
        if key == "escape" and (self._typed or self._count):
            typed = self.typed
            self.reset()
            return Unbound(typed=typed)
        self._typed.append(key)
        return self._resolve(self._roots[mode])

    def begins(self, mode: Mode, key: str) -> bool:
        """Return whether a key means something in a mode, by itself or with others behind it."""
        return key in self._roots[mode].nexts

    def leads_to(self, mode: Mode, key: str) -> set[str]:
        """Return the ids of the commands of sequences that begin with a key and go on."""
        node = self._roots[mode].nexts.get(key)
        return {command.id for _, command in _continuations(node)} if node is not None else set()

    def _takes_digit(self, mode: Mode, key: str) -> bool:
        if mode in NO_COUNTS or len(key) != 1 or key not in "0123456789" or key in self._roots[mode].nexts:
            return False
        return key != "0" or bool(self._count)

    def _resolve(self, node: _Node) -> Resolution:
        argument = ""
        for key in self._typed:
            found = node.nexts.get(key)
            if found is None and len(key) == 1:
                found, argument = node.nexts.get(ANY_KEY), key
            if found is None:
                typed = self.typed
                self.reset()
                return Unbound(typed=typed)
            node = found
        if node.command is None:
            return Pending(typed=self.typed, nexts=tuple(_continuations(node)))
        count = int(self._count) if self._count else None
        self.reset()
        return Run(command=node.command, count=count, argument=node.argument or argument)


def _bind(node: _Node, keys: list[str], command: Command, argument: str) -> None:
    for key in keys:
        if node.command is not None:
            raise KeyClashError(f"{' '.join(keys)}: {node.command.id} ends before {command.id}")
        node = node.nexts.setdefault(key, _Node())
    if node.command is not None or node.nexts:
        other = node.command.id if node.command else "a longer sequence"
        raise KeyClashError(f"{' '.join(keys)} is bound to {other} and to {command.id}")
    node.command, node.argument = command, argument


def _continuations(node: _Node) -> Iterable[tuple[str, Command]]:
    for key, after in node.nexts.items():
        if after.command is not None:
            yield key, after.command
        else:
            for rest, command in _continuations(after):
                yield f"{key} {rest}", command
