"""The person's configuration: a small TOML file of what the command line would have to say each time."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tui_editor.errors import InputError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from pathlib import Path


class ConfigBroken(InputError):
    """The configuration file is malformed; `where` holds the file and the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the file says; what it leaves out is `auto`."""

    graphics: str = "auto"
    colours: str = "auto"


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
)
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
    for name, value in values.items():
        where = _place(file, _line_of(name, text))
        if name not in keys:
            raise ConfigBroken(f"{one_line(name)} is unknown", where=where, hint=f"known are {', '.join(keys)}")
        if str(value) not in keys[name].values:
            hint = f"one of {', '.join(keys[name].values)}"
            raise ConfigBroken(f"{name} can't be {one_line(str(value))}", where=where, hint=hint)
    return Config(**{field.name: str(values[field.name]) for field in fields(Config) if field.name in values})


def _line_of(name: str, text: str) -> int:
    """Return the line, from 1, that sets a key or opens its table."""
    begins = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}\b""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if begins.match(line)), 1)


def _place(file: Path, line: int) -> str:
    return f"{one_line(str(file))}, line {line}"


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
    ]
    return "\n".join(lines) + "\n"
