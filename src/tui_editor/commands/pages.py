"""The manual's pages of keys and commands, and `tui-editor keys`: all from the one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui_editor.commands.command import ANY_KEY
from tui_editor.commands.keymap import DEFAULT, default_keymap
from tui_editor.commands.presets import PRESETS
from tui_editor.commands.table import LINE_NAMES, TABLE
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.commands.command import Command
    from tui_editor.commands.keymap import Keymap

_MODES = {
    Mode.BROWSE: "Annotate stage, nothing being drawn: move, select, label.",
    Mode.REVIEW: "Review stage: decide on one object after the other.",
    Mode.REASON: "After `x`: a digit picks the canned reason, Enter repeats the last one, `t` types one.",
    Mode.EDIT: "The selected label's geometry.",
    Mode.DRAW: "A new shape is being placed.",
    Mode.JUMP: "Letters stand on the labels or handles in view; typing them goes there.",
    Mode.TOOL: "A path is being drawn at a label.",
    Mode.ADJUST: "A picture setting is being adjusted while one looks at it.",
    Mode.TURBO: "One object after the other: its attributes answered or confirmed by one key each.",
    Mode.LABELS: "The Labels pane has the focus: these keys, and all others of browse or review.",
    Mode.ISSUES: "The issues pane has the focus.",
    Mode.FINDINGS: "The findings pane has the focus: these keys, and all others of browse or review.",
    Mode.QUEUE: "The task queue.",
}


class KeyRow(NamedTuple):
    """A key in a mode."""

    mode: Mode
    keys: str
    """A key, or a sequence with blanks between its keys."""
    command: Command


def key_rows(mode: Mode | None = None, keymap: Keymap | None = None) -> Iterator[KeyRow]:
    """Yield the keys by mode, in the order of the table; of one mode when it is named."""
    commands = keymap.commands if keymap is not None else TABLE
    for each in Mode:
        if mode in (None, each):
            yield from (KeyRow(each, key.keys, c) for c in commands for key in c.keys if each in key.modes)


def keys_page() -> str:
    """Return the manual's page of keys, in Markdown."""
    lines = [
        "# Keys",
        "",
        _GENERATED,
        "",
        (
            "A key belongs to a mode. Digits before a key are a count where the last column says what they count. Keys "
            "with blanks between them are typed one after the other."
        ),
    ]
    for mode in Mode:
        lines += [
            "",
            f"## {mode.value.capitalize()}",
            "",
            _MODES[mode],
            "",
            "| Keys | Command | What it does | Count |",
        ]
        lines += ["| --- | --- | --- | --- |", *_keys_of(mode)]
    return "\n".join([*lines, *_presets()]) + "\n"


def _presets() -> Iterator[str]:
    """Yield what the presets bind, beside each other."""
    names = [name for name in PRESETS if name != DEFAULT]
    yield from ("", "## Presets", "")
    yield "`--preset NAME`, or `preset` in the [configuration](config.md), lays these over the keys above."
    yield from ("", *(f"- `{name}`: {PRESETS[name].doc}" for name in names))
    yield from ("", _row("Command", "Modes", *names), "|" + " --- |" * (len(names) + 2))
    rows: dict[tuple[str, str], dict[str, list[str]]] = {}
    for name in names:
        for group, table in PRESETS[name].tables.items():
            for keys, command in table.items():
                rows.setdefault((command, group), {}).setdefault(name, []).append(code(shown(keys)))
    for (command, group), keys_of in sorted(rows.items()):
        yield _row(code(command), group, *(", ".join(keys_of.get(name, ())) for name in names))


def _keys_of(mode: Mode) -> Iterator[str]:
    by_command: dict[str, list[str]] = {}
    commands: dict[str, Command] = {}
    for row in key_rows(mode):
        by_command.setdefault(row.command.id, []).append(row.keys)
        commands[row.command.id] = row.command
    for name, keys in by_command.items():
        command = commands[name]
        yield _row(
            ", ".join(code(shown(k)) for k in dict.fromkeys(keys)), command.title, doc_of(command), command.count
        )


def commands_page() -> str:
    """Return the manual's page of commands, in Markdown."""
    lines = [
        "# Commands",
        "",
        _GENERATED,
        "",
        (
            "Every command can be run from the palette, and on the `:` line by its identifier or one of its short "
            "names, followed by its argument."
        ),
    ]
    for group in dict.fromkeys(command.group for command in TABLE):
        lines += ["", f"## {group}", "", "| Command | Title | Keys | What it does |", "| --- | --- | --- | --- |"]
        lines += [_command_row(command) for command in TABLE if command.group == group]
    return "\n".join(lines) + "\n"


def _command_row(command: Command) -> str:
    short = [name for name, target in LINE_NAMES.items() if target == command.id]
    names = ", ".join(code(f":{name}") for name in (command.id, *short)) + (
        f" {command.takes}" if command.takes else ""
    )
    keys = ", ".join(code(shown(key)) for key in dict.fromkeys(key.keys for key in command.keys))
    return _row(names, command.title, keys, doc_of(command))


def doc_of(command: Command) -> str:
    """Return what a command does, and why it can't yet where that is so."""
    doc = default_keymap().told(command.doc)
    return f"{doc} Not yet: {command.later}." if command.later else doc


def shown(keys: str) -> str:
    """Return a key sequence as the manual writes it."""
    return keys.replace(ANY_KEY, "(any)")


def code(text: str) -> str:
    """Return a text as a Markdown code span, whatever is in it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


_GENERATED = "<!-- Generated from the command table by `make pages`. -->"
