"""The settings of checks: one TOML file, `checks.toml`, in the folder of a project or data set."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from tui_editor.api.config import ConfigBroken
from tui_editor.checks.declared import SAYS, Declared
from tui_editor.checks.registry import checks
from tui_editor.checks.runner import Plan
from tui_editor.ports import Severity
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from tui_editor.ports import Finding

FILE: Final = "checks.toml"
_TABLE_HEAD: Final = re.compile(r'(?=^[ \t]*\[\[?[A-Za-z_"])', re.MULTILINE)
"""Where a table of TOML begins."""
_CLASS_HEAD: Final = re.compile(r"""\s*\[\s*classes\s*\.\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*\]""")
_TABLES: Final = ("select", "ignore", "rules", "panoptic", "classes", "splits", "waive")
_WAIVER: Final = ("rule", "key", "author", "reason", "expires", "said")
SEVERITIES: Final = (*(s.value for s in Severity), "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding that somebody accepted, with name and reason."""

    rule: str
    key: str
    """`Finding.key`: the place."""
    author: str
    reason: str
    expires: dt.date | None = None
    """The last day on which it holds; None: until what it waives changes."""
    said: str = ""
    """The finding's message: when it says something else, it is no longer what was accepted."""

    def holds(self, finding: Finding, today: dt.date) -> bool:
        """Return whether the finding is the one that was accepted, and still is."""
        same = (finding.rule, finding.key) == (self.rule, self.key) and self.said in {"", finding.message}
        return same and (self.expires is None or today <= self.expires)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the file says; what it leaves out is as the rules have it."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    declared: Declared = field(default_factory=Declared)
    """What it says of the data."""
    file: Path | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    """Name of a class → the line, from 1 on, that begins what is said of it."""

    def unknown_classes(self, known: Collection[str]) -> Iterator[str]:
        """Yield a sentence for each class that something is said of and the data lack, with file and line.

        Args:
            known: Names of those that they have, in small letters.
        """
        for name in self.declared.classes:
            if self.file is not None and name.casefold() not in known:
                line = f":{self.lines[name]}" if name in self.lines else ""
                yield one_line(
                    f"{self.file}{line}: the data have no class {name}: what is said of it does nothing", 400
                )

    def plan(self, select: Sequence[str] = (), ignore: Sequence[str] = (), *, pixels: bool = True) -> Plan:
        """Return which rules run: those asked for, else those of the file."""
        return Plan(
            select=tuple(select) or self.select,
            ignore=(*self.ignore, *ignore) if not select else tuple(ignore),
            settings=self.values,
            severities=self.severities,
            declared=self.declared,
            pixels=pixels,
        )


def load_settings(place: Path) -> Settings:
    """Return the settings of a folder, or of a file of any name; nothing where there is none.

    Raises:
        ConfigBroken: it can't be read, is no TOML, or says something unknown.
    """
    import tomllib

    file = place / FILE if place.is_dir() else place
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        if file is place:
            raise ConfigBroken("there is no such file", where=one_line(str(file))) from error
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigBroken("the settings of checks can't be read", where=one_line(str(file))) from error
    try:
        made = _settings(tomllib.loads(text), file)
        return replace(made, file=file, lines=dict(_class_lines(text)))
    except RecursionError as error:
        raise ConfigBroken("it is nested too deeply", where=one_line(str(file))) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigBroken(one_line(f"no TOML: {error}"), where=one_line(str(file))) from error


def _class_lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield the classes whose tables begin on a line of their own, `[classes."traffic light"]`, and the lines."""
    for number, line in enumerate(text.splitlines(), start=1):
        found = _CLASS_HEAD.match(line)
        if found is not None:
            yield next(name for name in found.groups() if name is not None), number


def _settings(said: dict[str, Any], file: Path) -> Settings:
    for name in said:
        if name not in _TABLES:
            raise _broken(file, f"{name} is unknown", f"known are {', '.join(_TABLES)}")
    values: dict[str, dict[str, Any]] = {}
    severities: dict[str, str] = {}
    known = {check.rule: check for check in checks()}
    rules = said.get("rules", {})
    if not isinstance(rules, dict):
        raise _broken(file, "rules is a table", "[rules.G02]")
    for rule, table in rules.items():
        if rule not in known or not isinstance(table, dict):
            raise _broken(file, f"there is no rule {rule}", "docs/checks.md has them")
        values[rule] = dict(_checked(table, rule, known[rule], file))
        if "severity" in values[rule]:
            severities[rule] = values[rule].pop("severity")
    return Settings(
        select=_names(said, "select", file),
        ignore=_names(said, "ignore", file),
        values=values,
        severities=severities,
        waivers=tuple(_waivers(said.get("waive", []), file)),
        declared=_declared(said, file),
    )


def _declared(said: Mapping[str, Any], file: Path) -> Declared:
    panoptic, classes, splits = said.get("panoptic", False), said.get("classes", {}), said.get("splits", {})
    if not isinstance(panoptic, bool):
        raise _broken(file, "panoptic is true or false", "panoptic = true")
    if not isinstance(classes, dict) or not all(isinstance(table, dict) for table in classes.values()):
        raise _broken(file, "classes are tables by name", '[classes."traffic light"]')
    for name, table in classes.items():
        for key, value in table.items():
            if type(value) is not SAYS.get(key) or value < 0:
                known = ", ".join(f"{k} ({'true or false' if t is bool else 'a number'})" for k, t in SAYS.items())
                raise _broken(file, f"the class {name} can't have {key} = {value}", f"it has {known}")
    return Declared(classes=classes, panoptic=panoptic, splits=tuple(_splits(splits, file)))


def _splits(splits: Any, file: Path) -> Iterator[tuple[str, str]]:
    if not isinstance(splits, dict):
        raise _broken(file, "splits are lists of patterns by name", 'train = ["train/*"]')
    for split, patterns in splits.items():
        if not split or not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
            raise _broken(file, f"the split {split} is no list of patterns", 'train = ["train/*"]')
        yield from ((split, pattern) for pattern in patterns)


def _checked(table: Mapping[str, Any], rule: str, check: object, file: Path) -> Iterator[tuple[str, Any]]:
    params = {p.name: p.default for p in getattr(check, "params", ())}
    for name, value in table.items():
        if name == "severity":
            if value not in SEVERITIES:
                raise _broken(file, f"{rule}: the severity {value}", f"one of {', '.join(SEVERITIES)}")
        elif name not in params:
            raise _broken(file, f"{rule} has no {name}", f"it has severity{''.join(', ' + p for p in params)}")
        elif isinstance(params[name], int | float) and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise _broken(file, f"{rule}: {name} is a number", f"{name} = {params[name]}")
        elif isinstance(params[name], str) and not isinstance(value, str):
            raise _broken(file, f"{rule}: {name} is a text", f'{name} = "{params[name]}"')
        yield name, value


def _names(said: Mapping[str, Any], name: str, file: Path) -> tuple[str, ...]:
    value = said.get(name, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise _broken(file, f"{name} is a list of rules or their beginnings", f'{name} = ["G", "S02"]')
    return tuple(v.upper() for v in value)


def _waivers(entries: Any, file: Path) -> Iterator[Waiver]:
    for entry in entries if isinstance(entries, list) else ():
        lacking = [n for n in ("rule", "key", "author", "reason") if not isinstance(entry, dict) or not entry.get(n)]
        unknown = [n for n in entry if n not in _WAIVER] if isinstance(entry, dict) else []
        if lacking or unknown:
            what = f"a waiver lacks {', '.join(lacking)}" if lacking else f"a waiver has no {', '.join(unknown)}"
            raise _broken(file, what, f"it has {', '.join(_WAIVER)}")
        expires = entry.get("expires")
        if expires is not None and type(expires) is not dt.date:
            raise _broken(file, "a waiver's expires is a date", "expires = 2027-01-31")
        texts = {n: str(entry.get(n, "")) for n in _WAIVER if n != "expires"}
        yield Waiver(expires=expires, **texts)


def _broken(file: Path, what: str, hint: str) -> ConfigBroken:
    return ConfigBroken(one_line(what), where=one_line(str(file)), hint=hint)


def waive(file: Path, finding: Finding, author: str, reason: str, expires: dt.date | None = None) -> None:
    """Write a waiver of a finding at the end of a settings file, which is made when there is none.

    One that the file has of it, such as one that has ended, gives way.

    Raises:
        ConfigBroken: The file is broken, or can't be written to.
    """
    import json

    known = load_settings(file if file.exists() else file.parent).waivers
    if any((w.rule, w.key) == (finding.rule, finding.key) for w in known):
        unwaive(file, finding)
    lines = {"rule": finding.rule, "key": finding.key, "author": author, "reason": reason, "said": finding.message}
    text = "".join(f"{name} = {json.dumps(one_line(value, 1000))}\n" for name, value in lines.items())
    until = f"expires = {expires.isoformat()}\n" if expires else ""
    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(f"\n[[waive]]\n{text}{until}")
    except OSError as error:
        raise ConfigBroken("the waiver can't be written", where=one_line(str(file))) from error


def unwaive(file: Path, finding: Finding) -> int:
    """Take the waivers of a finding out of a settings file; return how many. The rest of the file stays as it is.

    Raises:
        ConfigBroken: The file is broken, or can't be written to.
    """
    load_settings(file)
    pieces = _TABLE_HEAD.split(file.read_text(encoding="utf-8"))
    left = [piece for piece in pieces if not _waives(piece, finding)]
    try:
        new = file.with_name(f"{file.name}.new")
        new.write_text("".join(left).rstrip("\n") + "\n", encoding="utf-8")
        new.replace(file)
    except OSError as error:
        raise ConfigBroken("the settings of checks can't be written", where=one_line(str(file))) from error
    return len(pieces) - len(left)


def _waives(piece: str, finding: Finding) -> bool:
    """Return whether a piece of TOML is a waiver of a finding."""
    import tomllib

    if not piece.lstrip().startswith("[[waive]]"):
        return False
    try:
        said = tomllib.loads(piece)["waive"][0]
    except tomllib.TOMLDecodeError:  # a head within a text of several lines
        return False
    return (said.get("rule"), said.get("key")) == (finding.rule, finding.key)
