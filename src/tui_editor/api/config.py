"""The person's configuration: a small TOML file of what the command line would have to say each time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct

from tui_editor.errors import InputError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from pathlib import Path


class ConfigBroken(InputError):
    """The configuration file is malformed; `where` holds the file and the line."""


class KeyEntry(Struct, frozen=True, kw_only=True):
    """A line that binds keys."""

    group: str
    """A mode, or a group of modes."""
    keys: str
    command: str
    """Its id, and its argument behind a blank; empty: the keys do nothing."""
    where: str
    """File and line."""


class KeysConfig(Struct, frozen=True, kw_only=True):
    """What the file says of keys; what is no binding at all is in `problems`, and nothing else suffers from it."""

    preset: str = ""
    preset_where: str = ""
    entries: tuple[KeyEntry, ...] = ()
    problems: tuple[str, ...] = ()


class Config(Struct, frozen=True, kw_only=True):
    """What the file says; what it leaves out is `auto`."""

    graphics: str = "auto"
    colours: str = "auto"
    turbo: str = "off"
    keys: KeysConfig = KeysConfig()


class Key(NamedTuple):
    """A line that the file may have."""

    name: str
    values: tuple[str, ...]
    doc: str


KEYS: Final = (
    Key(
        "graphics",
        ("auto", "kitty", "iterm2", "sixel", "cells", "none"),
        "How pictures are shown: the best that the terminal answers to, or always one way. `--graphics` outweighs it.",
    ),
    Key(
        "colours",
        ("auto", "truecolor", "256", "16"),
        "How many colours text and half blocks have, where the terminal tells it wrong.",
    ),
    Key(
        "turbo",
        ("off", "on"),
        "Whether tasks that are annotated open in Turbo mode: attributes answered by one key each. `g t` begins it.",
    ),
)
BINDINGS: Final = "keys"
"""The table that binds keys."""
_INTRODUCTION: Final = (
    "`~/.config/tui-editor/config.toml` (`$XDG_CONFIG_HOME` moves it; `tui-editor doctor` tells the place) "
    "is read when the editor starts. There need not be one."
)
_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")


def config_file() -> Path:
    """Return where the configuration is read from."""
    from platformdirs import user_config_path

    return user_config_path("tui-editor", appauthor=False) / "config.toml"


def load_config(file: Path | None = None) -> Config:
    """Return what the person's configuration says; nothing where there is no file.

    Args:
        file: Another one than `config_file()`.

    Raises:
        ConfigBroken: It can't be read, is no TOML, or says something unknown.
    """
    file = file or config_file()
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigBroken(f"the configuration can't be read: {what}", where=one_line(str(file))) from error
    return _checked(_parsed(text, file), text, file)


def _parsed(text: str, file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        what = _LINE.sub("", str(error)).strip()
        raise ConfigBroken(one_line(f"no TOML: {what}"), where=_place(file, line), hint='graphics = "sixel"') from error


def _checked(values: dict[str, Any], text: str, file: Path) -> Config:
    keys = {key.name: key for key in KEYS}
    bound = values.pop(BINDINGS, None)
    for name, value in values.items():
        where = _place(file, _line_of(name, text))
        if name not in keys:
            raise ConfigBroken(
                f"{one_line(name)} is unknown", where=where, hint=f"known are {', '.join([*keys, BINDINGS])}"
            )
        if str(value) not in keys[name].values:
            hint = f"one of {', '.join(keys[name].values)}"
            raise ConfigBroken(f"{name} can't be {one_line(str(value))}", where=where, hint=hint)
    plain = {name: str(values[name]) for name in Config.__struct_fields__ if name in values}
    return Config(**plain, keys=_bindings(bound, text, file) if bound is not None else KeysConfig())


def _bindings(bound: object, text: str, file: Path) -> KeysConfig:
    if not isinstance(bound, dict):
        return KeysConfig(
            problems=(f"{_place(file, _line_of(BINDINGS, text))}: {BINDINGS} is a table ([keys.browse])",)
        )
    preset, entries, problems = "", [], []
    for group, table in bound.items():
        where = _place(file, _line_of_binding("", group, text))
        if group == "preset" and isinstance(table, str):
            preset = table
        elif not isinstance(table, dict):
            problems.append(f'{where}: {one_line(group)} is no table of keys ([keys.browse], or preset = "cvat")')
        else:
            for keys, command in table.items():
                at = _place(file, _line_of_binding(group, keys, text))
                if isinstance(command, str) or command is False:
                    entries.append(KeyEntry(group=group, keys=keys, command=str(command or "").strip(), where=at))
                else:
                    hint = '"d d" = "object.delete", or "" for nothing'
                    problems.append(f"{at}: {one_line(keys)} is bound to no text ({hint})")
    return KeysConfig(
        preset=preset,
        preset_where=_place(file, _line_of_binding("", "preset", text)) if preset else "",
        entries=tuple(entries),
        problems=tuple(problems),
    )


def _line_of_binding(group: str, name: str, text: str) -> int:
    """Return the line, from 1, of an entry of `[keys]` or of one of its tables; else that of the table."""
    header = re.compile(r"\s*\[\s*([^\]]*?)\s*\]")
    entry = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""")
    table, opened = "", _line_of(BINDINGS, text)
    for number, line in enumerate(text.splitlines(), 1):
        found = header.match(line)
        if found is not None:
            table = found[1].replace('"', "").replace("'", "")
            if table == f"{BINDINGS}.{group or name}":
                opened = number
        elif table == (f"{BINDINGS}.{group}" if group else BINDINGS) and entry.match(line):
            return number
    return opened


def _line_of(name: str, text: str) -> int:
    """Return the line, from 1, that sets a key or opens its table."""
    begins = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}\b""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if begins.match(line)), 1)


def _place(file: Path, line: int) -> str:
    return f"{one_line(str(file))}, line {line}"


_KEYS_PAGE: Final = (
    "## Keys",
    "",
    "```toml",
    "[keys]",
    'preset = "cvat"             # default, cvat, labelimg or encord; `--preset` outweighs it',
    "",
    "[keys.browse]",
    '"ctrl+d" = "object.delete"  # keys, and the id of a command',
    '"g v" = "draw.box van"      # keys one after the other; the command with its argument',
    '"p" = ""                    # these keys do nothing',
    "```",
    "",
    (
        "A table binds keys in one mode (`browse`, `review`, `reason`, `edit`, `draw`, `jump`, `tool`, `adjust`, "
        "`turbo`, `labels`, `issues`, `findings`, `queue`) or in several: `loop` is browse and review, `canvas` these "
        "with edit and draw, `all` is every mode; what a narrower table says goes before. "
        "Your bindings lie over those of the preset, and these "
        "over the default: keys that you bind no longer do what they did before, nor do sequences that begin with "
        "them. A key is the character that it types (`A`, `[`), or a name: `enter`, `tab`, `space`, `delete`, `f5`, "
        "`ctrl+d`, `alt+m`. "
        "[commands.md](commands.md) has the ids, [keys.md](keys.md) the keys."
    ),
    "",
    (
        "A binding that can't be (an unknown command or mode, keys that no terminal sends, two bindings of which one "
        "begins with the other) is left out and told when the editor starts, with its line and what to do; `tui-editor "
        "keys` prints what came out, and all that was wrong. A mode always keeps a key that leaves it."
    ),
)


def config_page() -> str:
    """Return the manual's page in Markdown."""
    lines = [
        "# Configuration",
        "",
        "<!-- Generated from the keys by `make pages`. -->",
        "",
        _INTRODUCTION,
        "",
        "```toml",
        *(f'{key.name} = "{key.values[0]}"' for key in KEYS),
        "```",
        "",
        "| Key | Values | Meaning |",
        "| --- | --- | --- |",
        *(f"| `{key.name}` | {', '.join(f'`{value}`' for value in key.values)} | {key.doc} |" for key in KEYS),
        "",
        "An unknown key or value is told with its line, and nothing starts.",
        "",
        *_KEYS_PAGE,
    ]
    return "\n".join(lines) + "\n"
