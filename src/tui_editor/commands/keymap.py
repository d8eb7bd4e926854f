"""Which keys lead to which commands: the default of the table, a preset over it, what a person binds over both."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.commands.command import ANY_KEY, Key
from tui_editor.commands.table import TABLE
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tui_editor.commands.command import Command

DEFAULT: Final = "default"
GROUPS: Final[Mapping[str, tuple[Mode, ...]]] = {
    "all": tuple(Mode),
    "loop": (Mode.BROWSE, Mode.REVIEW),
    "canvas": (Mode.BROWSE, Mode.REVIEW, Mode.EDIT, Mode.DRAW),
    **{mode.value: (mode,) for mode in Mode},
}
"""Tables of the configuration, the wider first: what a narrower one says goes before."""
WAY_OUT: Final[Mapping[Mode, str]] = {
    Mode.REASON: "review.cancel_reason",
    Mode.EDIT: "geometry.leave",
    Mode.DRAW: "geometry.leave",
    Mode.JUMP: "jump.leave",
    Mode.ADJUST: "adjust.take_back",
    Mode.TURBO: "turbo.leave",
    Mode.ISSUES: "issue.leave",
    Mode.FINDINGS: "finding.leave",
}
"""What leaves a mode; it keeps a key."""
NAMED: Final = frozenset(
    [
        "enter",
        "tab",
        "escape",
        "space",
        "backspace",
        "delete",
        "insert",
        "home",
        "end",
        "pageup",
        "pagedown",
        "up",
        "down",
        "left",
        "right",
    ]
    + [f"f{n}" for n in range(1, 25)]
)
SIDES: Final = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_SYNONYMS: Final = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "bs": "backspace",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "control": "ctrl",
    "cmd": "super",
    " ": "space",
}
_TOLD_AS: Final = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}
"""What terminals send for keys that they can't tell from control characters."""
_MENTION: Final = re.compile(r"‹([a-z_]+\.[a-z_]+)›")


class Bound(NamedTuple):
    """A sequence of keys in a mode, what it is to do, and who says so."""

    mode: Mode
    keys: str
    command: str
    """A command's id, and its argument behind a blank; empty: nothing."""
    where: str
    """File and line, or the preset's name."""


class Keymap(Struct, frozen=True, kw_only=True, eq=False):
    """The commands with the keys that lead to them."""

    name: str = DEFAULT
    commands: tuple[Command, ...] = TABLE
    problems: tuple[str, ...] = ()
    """What of the bindings was wrong and is left out: place, what, and what to do."""

    def command(self, name: str) -> Command | None:
        """Return the command of an id."""
        return _by_id(self).get(name)

    def keys_of(self, name: str, mode: Mode | None = None) -> str:
        """Return the first keys of a command in a mode, else in any; empty when it has none."""
        command = self.command(name)
        keys = command.keys if command else ()
        here = next((key.keys for key in keys if mode in key.modes), "")
        return here or next((key.keys for key in keys), "")

    def told(self, text: str, mode: Mode | None = None) -> str:
        """Return a text in which `‹a.command›` stands for the keys that lead to it."""
        if "‹" not in text:
            return text
        return _MENTION.sub(lambda found: read_aloud(self.keys_of(found[1], mode)) or f":{found[1]}", text)


@cache
def _by_id(keymap: Keymap) -> dict[str, Command]:
    return {command.id: command for command in keymap.commands}


@cache
def default_keymap() -> Keymap:
    """Return the keys of the table."""
    return Keymap()


def made_keymap(layers: Sequence[Iterable[Bound]], name: str = DEFAULT, problems: Sequence[str] = ()) -> Keymap:
    """Return the default with layers of bindings over it, the later over the earlier.

    A binding takes its keys from whatever had them before, and from sequences that begin with them. What can't be
    bound is left out and told in `problems`.
    """
    maker = _Maker(list(problems))
    for layer in layers:
        maker.add(layer)
    maker.keep_ways_out()
    return Keymap(name=name, commands=maker.commands(), problems=tuple(maker.problems))


class _Maker:
    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        self._known = {command.id: command for command in TABLE}
        self._table: dict[Mode, dict[str, tuple[str, str]]] = {mode: {} for mode in Mode}
        for command in TABLE:
            for key in command.keys:
                for mode in key.modes:
                    self._table[mode][key.keys] = command.id, key.argument

    def add(self, layer: Iterable[Bound]) -> None:
        """Lay bindings over those that there are."""
        mine: dict[tuple[Mode, str], Bound] = {}
        for bound in layer:
            keys = self._read(bound)
            if keys is None:
                continue
            other = self._other(mine, bound.mode, keys)
            if other is not None and bound.command and other.command:
                self.problems.append(
                    f"{bound.where}: {shown(keys)} in {bound.mode} can't be bound to {one_line(bound.command)}: "
                    f"{other.where} binds {shown(other.keys)} to {one_line(other.command)} (take another key for one)"
                )
                continue
            mine[bound.mode, keys] = bound
            self._bind(bound, keys)

    def _other(self, mine: Mapping[tuple[Mode, str], Bound], mode: Mode, keys: str) -> Bound | None:
        """Return what the same layer binds to keys that begin so, or that these begin with."""
        found = (b for (m, k), b in mine.items() if m is mode and k != keys and _overlap(k, keys))
        return next(found, None)

    def _read(self, bound: Bound) -> str | None:
        """Return the keys as the resolver knows them; None when something is wrong with the binding."""
        try:
            keys = normal(bound.keys)
        except ValueError as error:
            self.problems.append(f"{bound.where}: {error}")
            return None
        name, _, argument = bound.command.partition(" ")
        command = self._known.get(name)
        if name and command is None:
            self.problems.append(
                f"{bound.where}: there is no command {one_line(name)} ({_near(name, self._known)}; `tui-editor keys` "
                "lists them)"
            )
            return None
        if argument and command is not None and not (command.takes or any(k.argument for k in command.keys)):
            self.problems.append(f"{bound.where}: {name} takes no argument (leave {one_line(argument)} out)")
            return None
        if ANY_KEY in keys and command is not None and not any(ANY_KEY in k.keys for k in command.keys):
            self.problems.append(f"{bound.where}: {name} takes no key (leave {ANY_KEY} out)")
            return None
        return keys

    def _bind(self, bound: Bound, keys: str) -> None:
        table = self._table[bound.mode]
        name, _, argument = bound.command.partition(" ")
        if not name:
            for other in [k for k in table if k == keys or k.startswith(f"{keys} ")]:
                del table[other]
            return
        for other in [k for k in table if k == keys or _overlap(k, keys)]:
            del table[other]
        table[keys] = name, argument

    def keep_ways_out(self) -> None:
        """Give back the key that leaves a mode where nothing else does."""
        for mode, name in WAY_OUT.items():
            table = self._table[mode]
            if all(found[0] != name for found in table.values()):
                for other in [k for k in table if _overlap(k, "escape")]:
                    del table[other]
                table["escape"] = name, ""
                self.problems.append(
                    f"{mode} mode had no way out: Escape stays bound to {name} (bind another key to it)"
                )

    def commands(self) -> tuple[Command, ...]:
        """Return the commands with their keys, those that keep theirs as they are."""
        keys: dict[str, dict[tuple[str, str], list[Mode]]] = {}
        for mode, table in self._table.items():
            for sequence, (name, argument) in table.items():
                keys.setdefault(name, {}).setdefault((sequence, argument), []).append(mode)
        return tuple(_rebound(command, keys.get(command.id, {})) for command in TABLE)


def _rebound(command: Command, keys: Mapping[tuple[str, str], list[Mode]]) -> Command:
    """Return a command with other keys; what is bound anew first, then those of the table in their order."""
    made = [Key(sequence, tuple(modes), argument) for (sequence, argument), modes in keys.items()]
    before = {(key.keys, key.argument): n for n, key in enumerate(command.keys)}
    now = {(k.keys, k.argument, mode) for k in made for mode in k.modes}
    if now == {(k.keys, k.argument, mode) for k in command.keys for mode in k.modes}:
        return command
    # what was bound last is what one wants to see
    made.reverse()
    made.sort(key=lambda key: before.get((key.keys, key.argument), -1))
    return replace(command, keys=tuple(made))


def _overlap(one: str, other: str) -> bool:
    """Return whether one sequence of keys begins with the other."""
    a, b = one.split(), other.split()
    return all(x == y for x, y in zip(a, b, strict=False))


def _near(name: str, known: Iterable[str]) -> str:
    import difflib

    found = difflib.get_close_matches(name, list(known), n=2)
    return f"perhaps {' or '.join(found)}" if found else "ids look like object.delete"


def normal(keys: str) -> str:
    """Return a sequence of keys as the table writes it: `Ctrl+D` as `ctrl+d`, `Del` as `delete`.

    Raises:
        ValueError: it is none; says why.
    """
    parts = keys.split(" ") if keys.strip() else []
    if not parts or "" in parts:
        raise ValueError("keys are missing (`d d`, `ctrl+d`, `f5`, `space`)")
    return " ".join(map(_normal_key, parts))


def _normal_key(key: str) -> str:
    if key == ANY_KEY or (len(key) == 1 and key.isprintable()):
        return key
    *sides, name = key[:-1].split("+") if key.endswith("++") else key.split("+")
    name = "+" if key.endswith("++") else name
    sides = sorted(_SYNONYMS.get(s.lower(), s.lower()) for s in sides)  # as Textual orders them
    name = name if len(name) == 1 and not sides else _SYNONYMS.get(name.lower(), name.lower())
    if any(s not in SIDES for s in sides) or (name not in NAMED and len(name) != 1):
        raise ValueError(f"there is no key {one_line(key)} (one character, {', '.join(sorted(NAMED)[:4])} … or ctrl+d)")
    if sides == ["shift"] and len(name) == 1:
        raise ValueError(f"{one_line(key)} is written as the character that it types ({name.upper()})")
    made = "+".join([*sides, name])
    if made in _TOLD_AS:
        raise ValueError(f"terminals send {_TOLD_AS[made]} for {made} (bind {_TOLD_AS[made]} or another key)")
    return made


def read_aloud(keys: str) -> str:
    """Return a sequence of keys as messages name it: `gg`, `Enter`, `Ctrl+D`."""
    parts = keys.replace(ANY_KEY, "…").split()
    if all(len(part) == 1 for part in parts):
        return "".join(parts)
    return " ".join(part if len(part) == 1 else "+".join(p.capitalize() for p in part.split("+")) for part in parts)


def shown(keys: str) -> str:
    """Return keys between quotation marks of a message."""
    return f"`{one_line(keys)}`"


def bound_in(tables: Mapping[str, Mapping[str, str]], where: str) -> Iterator[Bound]:
    """Yield the bindings of tables by mode or group of modes, those of wider groups first."""
    for group, modes in GROUPS.items():
        for keys, command in tables.get(group, {}).items():
            yield from (Bound(mode, keys, command, where) for mode in modes)
