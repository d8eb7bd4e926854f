"""The person's configuration: a small TOML file of what the command line would have to say each time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

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
    theme: str = "dark"
    turbo: str = "off"
    skip: str = "10"
    freehand: str = "on"
    zoom: str = "keep"
    single_zoom: str = "60"
    turbo_zoom: str = "on"
    words: str = "name and confidence"
    opacity: str = "20"
    line_width: str = "2"
    backup: str = "10"
    keys: KeysConfig = KeysConfig()
    said: frozenset[str] = frozenset()
    """The keys that the person's file sets."""
    of_project: frozenset[str] = frozenset()
    """The keys that have the value which the project gives them."""

    def source(self, name: str) -> str:
        """Return where a key's value comes from, in words."""
        if name in self.said:
            return "your file"
        return "the project" if name in self.of_project else "default"


class Key(NamedTuple):
    """A line that the file may have."""

    name: str
    values: tuple[str, ...]
    """The first one is the default; of a number none but that."""
    doc: str
    title: str
    range: tuple[int, int] | None = None
    """Of a number: the least and the most."""
    live: bool = True
    """Whether a window that is open takes it over; else it is read at the start."""
    shared: bool = False
    """Whether a project may give it to all who say nothing else."""

    @property
    def allowed(self) -> str:
        """Return what may be said, in words."""
        return f"a number from {self.range[0]} to {self.range[1]}" if self.range else f"one of {', '.join(self.values)}"

    def allows(self, value: object) -> bool:
        """Return whether a value may be said."""
        text = str(value)
        if self.range is None:
            return text in self.values
        digits = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
        return digits and not isinstance(value, bool) and self.range[0] <= int(text) <= self.range[1]


MOST_DIGITS: Final = 6


KEYS: Final = (
    Key(
        "graphics",
        ("auto", "kitty", "iterm2", "sixel", "cells", "none"),
        "How pictures are shown: the best that the terminal answers to, or always one way. `--graphics` outweighs it.",
        "Pictures",
        live=False,
    ),
    Key(
        "colours",
        ("auto", "truecolor", "256", "16"),
        "How many colours text and half blocks have, where the terminal tells it wrong.",
        "Colours of text",
        live=False,
    ),
    Key(
        "theme",
        ("dark", "light"),
        "Light text on a dark screen, or dark text on a light one. `g L` changes it.",
        "Theme",
    ),
    Key(
        "turbo",
        ("off", "on"),
        "Whether tasks that are annotated open in Turbo mode: attributes answered by one key each. `g t` begins it.",
        "Turbo mode",
        shared=True,
    ),
    Key("turbo_zoom", ("on", "off"), "Whether Turbo mode zooms in on each object.", "Zoom in Turbo mode", shared=True),
    Key(
        "skip",
        ("10",),
        "How many frames `H` and `L` skip. `:frame.skip` changes it for a sitting.",
        "Frame skip",
        (1, 1000),
        shared=True,
    ),
    Key(
        "zoom",
        ("keep", "fit", "100"),
        "How a task opens: as you left it, the whole frame, or one pixel of the screen for one of the frame (100).",
        "Default zoom",
        shared=True,
    ),
    Key(
        "single_zoom",
        ("60",),
        "Per cent of the canvas that an object takes when one object at a time is shown; 20: no zoom.",
        "Zoom on one object",
        (20, 100),
        shared=True,
    ),
    Key(
        "freehand",
        ("on", "off"),
        "Whether a drag draws a line of points in polygons and polylines.",
        "Freehand drawing",
        shared=True,
    ),
    Key(
        "words",
        ("name and confidence", "none", "name", "name, confidence and answers"),
        "What is written beside labels when a task opens.",
        "Beside labels",
        shared=True,
    ),
    Key("opacity", ("20",), "Per cent to which labels are filled when a task opens.", "Opacity", (0, 100), shared=True),
    Key("line_width", ("2",), "Pixels of outlines when a task opens.", "Line width", (1, 8), shared=True),
    Key(
        "backup",
        ("10",),
        "Minutes between plain-text backups of the open task, when it changed; 0: none. Every key is on disk anyway.",
        "Backup interval",
        (0, 1440),
        shared=True,
    ),
)
SHARED: Final = tuple(key for key in KEYS if key.shared)
BINDINGS: Final = "keys"
"""The table that binds keys."""
_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")


def config_file() -> Path:
    """Return where the configuration is read from."""
    from tui_editor.person_folders import config_folder

    return config_folder() / "config.toml"


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
    return _checked(parsed(text, file), text, file)


def parsed(text: str, file: Path) -> dict[str, Any]:
    """Return what a TOML text says.

    Raises:
        ConfigBroken: it is no TOML; `where` holds file and line.
    """
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ConfigBroken("it is nested too deeply", where=one_line(str(file))) from error
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        what = _LINE.sub("", str(error)).strip()
        raise ConfigBroken(one_line(f"no TOML: {what}"), where=_place(file, line), hint='graphics = "sixel"') from error


def said_in(file: Path) -> frozenset[str]:
    """Return the keys that the file sets itself.

    Raises:
        ConfigBroken: it is no TOML.
    """
    return frozenset(parsed(file.read_text(encoding="utf-8"), file)) if file.is_file() else frozenset()


def _checked(values: dict[str, Any], text: str, file: Path) -> Config:
    keys = {key.name: key for key in KEYS}
    bound = values.pop(BINDINGS, None)
    for name, value in values.items():
        where = _place(file, _line_of(name, text))
        if name not in keys:
            raise ConfigBroken(
                f"{one_line(name)} is unknown", where=where, hint=f"known are {', '.join([*keys, BINDINGS])}"
            )
        if not keys[name].allows(value):
            raise ConfigBroken(f"{name} can't be {one_line(str(value))}", where=where, hint=keys[name].allowed)
    plain = {name: str(values[name]) for name in keys if name in values}
    bindings = _bindings(bound, text, file) if bound is not None else KeysConfig()
    return replace(Config(keys=bindings, said=frozenset(plain)), **plain)


def with_defaults(config: Config, defaults: object) -> Config:
    """Return a configuration with what a project gives to those who say nothing else; what can't be is left out.

    Args:
        config: What the person's file says.
        defaults: `settings["defaults"]` of the project: values by the names of keys.
    """
    given = defaults if isinstance(defaults, Mapping) else {}
    values = {k.name: str(given[k.name]) for k in SHARED if k.name in given and k.allows(given[k.name])}
    fresh = {name: value for name, value in values.items() if name not in config.said}
    return replace(config, **fresh, of_project=frozenset(fresh)) if fresh else config


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
