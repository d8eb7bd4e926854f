"""Changes the person's configuration file line by line: comments, order and blank lines stay as they are.

A library that keeps comments (tomlkit) would be one more dependency for two kinds of lines. What comes out is read
back and compared with what was meant, so that a file that is written otherwise is left alone and said to be.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from tui_editor.api.config import BINDINGS, KEYS, ConfigBroken, config_file, load_config, parsed
from tui_editor.errors import Refused, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tui_editor.api.config import Config

_HEADER: Final = re.compile(r"\s*\[")
_COMMENT: Final = re.compile(r"""^(?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*?(\s*#.*)$""")


def set_setting(name: str, value: str, file: Path | None = None) -> Config:
    """Set a key of the configuration, or leave it out (empty); return what the file says.

    Raises:
        UsageError: there is no such key, or it can't have the value.
        ConfigBroken: the file is broken or can't be written.
        Refused: the file says it in a way that can't be changed line by line.
    """
    known = {key.name: key for key in KEYS}
    if name not in known:
        raise UsageError(f"there is no setting {one_line(name)}", hint=", ".join(known))
    if value and not known[name].allows(value):
        raise UsageError(f"{name} can't be {one_line(value)}", hint=known[name].allowed)
    written = value if known[name].range else json.dumps(value)

    def meant(said: dict[str, Any]) -> dict[str, Any]:
        rest = {key: had for key, had in said.items() if key != name}
        return {**rest, name: int(value) if known[name].range else value} if value else rest

    return _change(lambda text: with_line(text, (), name, written if value else None), meant, file)


def set_bindings(mode: str, bindings: Mapping[str, str | None], file: Path | None = None) -> Config:
    """Bind keys in a mode, or leave them as they are without the file (None); return what the file says.

    Args:
        mode: A mode, or a group of modes.
        bindings: Keys → a command's id and its argument; an empty text takes the keys away from what has them.
        file: Another one than the person's.

    Raises:
        ConfigBroken: the file is broken or can't be written.
        Refused: the file says it in a way that can't be changed line by line.
    """

    def changed(text: str) -> str:
        for keys, command in bindings.items():
            text = with_line(text, (BINDINGS, mode), keys, None if command is None else json.dumps(command))
        return text

    def meant(said: dict[str, Any]) -> dict[str, Any]:
        tables = dict(said.get(BINDINGS, {}))
        kept = {keys: had for keys, had in tables.get(mode, {}).items() if keys not in bindings}
        bound = {keys: command for keys, command in bindings.items() if command is not None}
        return {**said, BINDINGS: {**tables, mode: {**kept, **bound}}}

    return _change(changed, meant, file)


def drop_bindings(file: Path | None = None) -> Config:
    """Take all bindings out of the file; the preset stays.

    Raises:
        ConfigBroken: the file is broken or can't be written.
        Refused: the file says it in a way that can't be changed line by line.
    """

    def changed(text: str) -> str:
        said = parsed(text, file or config_file()).get(BINDINGS, {})
        for mode, table in said.items():
            for keys in table if isinstance(table, dict) else ():
                text = with_line(text, (BINDINGS, mode), keys, None)
        return text

    def meant(said: dict[str, Any]) -> dict[str, Any]:
        tables = said.get(BINDINGS, {})
        return {**said, BINDINGS: {mode: {} if isinstance(had, dict) else had for mode, had in tables.items()}}

    return _change(changed, meant, file)


def with_line(text: str, table: tuple[str, ...], name: str, written: str | None) -> str:
    """Return a TOML text with a line of a table changed, added or (None) left out.

    Args:
        text: To change.
        table: The table's name, empty for the top.
        name: The key of the line.
        written: The value as TOML writes it.
    """
    lines = text.splitlines()
    first, last = _span(lines, table)
    if first is None:
        if written is None:
            return text
        head = [""] if lines and lines[-1].strip() else []
        lines += [*head, f"[{'.'.join(table)}]", f"{_key(name)} = {written}"]
        return "\n".join(lines) + "\n"
    at = next((n for n in range(first, last) if _names(lines[n], name)), None)
    if at is not None and written is None:
        del lines[at]
    elif at is not None:
        comment = _COMMENT.match(lines[at])
        lines[at] = f"{lines[at].split('=', 1)[0].rstrip() if '=' not in name else _key(name)} = {written}" + (
            comment[1] if comment else ""
        )
    elif written is not None:
        end = max((n + 1 for n in range(first, last) if lines[n].strip()), default=first)
        lines.insert(end, f"{_key(name)} = {written}")
        if not table and end + 1 < len(lines) and _HEADER.match(lines[end + 1]):
            lines.insert(end + 1, "")
    return "\n".join(lines) + "\n" if lines else ""


def _span(lines: list[str], table: tuple[str, ...]) -> tuple[int | None, int]:
    """Return the first line of a table's body and the one after its last; None where there is no such table."""
    wanted = ".".join(table)
    headers = [n for n, line in enumerate(lines) if _HEADER.match(line)]
    first = 0 if not table else next((n + 1 for n in headers if _header(lines[n]) == wanted), None)
    last = next((n for n in headers if first is not None and n >= first), len(lines))
    return first, last


def _header(line: str) -> str:
    inner = line.strip().partition("]")[0].lstrip("[")
    return ".".join(part.strip().strip("\"'") for part in inner.split("."))


def _names(line: str, name: str) -> bool:
    """Return whether a line sets a key."""
    written = (json.dumps(name, ensure_ascii=False), json.dumps(name), f"'{name}'", name)
    return any(line.lstrip().startswith(w) and line.lstrip()[len(w) :].lstrip().startswith("=") for w in written)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


def _change(
    change: Callable[[str], str], meant: Callable[[dict[str, Any]], dict[str, Any]], file: Path | None
) -> Config:
    """Write the changed file when it says what is meant, and nothing else."""
    file = file or config_file()
    load_config(file)  # what is broken already is told before anything is changed
    try:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        new = change(text)
        if _plain(parsed(new, file)) != _plain(meant(parsed(text, file))):
            raise Refused("the configuration is written in a way that can't be changed here", hint=f"edit {file}")
        file.parent.mkdir(parents=True, exist_ok=True)
        target = file.resolve()  # a link stays one
        beside = target.with_name(f"{target.name}.new")
        beside.write_text(new, encoding="utf-8")
        beside.replace(target)
    except OSError as error:
        what = f"the configuration can't be written: {error.strerror}"
        raise ConfigBroken(what, where=one_line(str(file))) from error
    return load_config(file)


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """Return what a file says without tables that say nothing."""
    tables = {mode: had for mode, had in said.get(BINDINGS, {}).items() if had != {}} if BINDINGS in said else {}
    return {**{name: had for name, had in said.items() if name != BINDINGS}, **({BINDINGS: tables} if tables else {})}
