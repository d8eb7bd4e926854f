"""Finds the label formats: those that we bring and those of plug-ins, by the same entry points.

A format is loaded when it is first needed. One that can't be loaded is a warning, never a crash.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from tui_editor.errors import FormatUnknown, TuiEditorError
from tui_editor.ports import Detection, Format
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

GROUP = "tui_editor.formats"
"""Entry-point group in which formats are named; the value is `module:attribute` of a `Format`."""

BUILT_IN: Mapping[str, str] = {
    "coco": "tui_editor.formats.coco:FORMAT",
    "encord": "tui_editor.formats.encord:FORMAT",
    "media": "tui_editor.formats.bare:FORMAT",
    "mot": "tui_editor.formats.mot:FORMAT",
}
"""The formats that we bring, for a checkout without package metadata."""

SURE = 0.5
"""A confidence from which a format may be chosen without asking."""
LEAD = 0.2
"""How far the best format must be ahead of the next one."""


class FormatRegistry:
    """Formats by name, loaded on first use.

    Args:
        places: Name → `module:attribute`.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._loaded: dict[str, Format] = {}
        self._warnings: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all formats, loadable or not."""
        return tuple(sorted(self._places))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what is wrong with the formats that were tried so far, one line each."""
        return tuple(self._warnings.values())

    def formats(self) -> tuple[Format, ...]:
        """Return every format that can be loaded, by name."""
        found = (self._load(name) for name in self.names)
        return tuple(f for f in found if f is not None)

    def get(self, name: str) -> Format:
        """Return a format by name.

        Raises:
            FormatUnknown: there is none of that name, or it can't be loaded.
        """
        found = self._load(name) if name in self._places else None
        if found is None:
            why = self._warnings.get(name, f"there is no format named {one_line(name)}")
            raise FormatUnknown(why, hint=f"formats: {', '.join(self.names)}")
        return found

    def detect(self, path: Path) -> list[tuple[Format, Detection]]:
        """Return the formats that recognise `path` (confidence > 0), the surest first."""
        found = [(f, self._ask(f, path)) for f in self.formats()]
        return sorted(((f, d) for f, d in found if d.confidence > 0), key=lambda pair: -pair[1].confidence)

    def choose(self, path: Path, name: str = "") -> Format:
        """Return the format named, or else the one that surely recognises `path`.

        Raises:
            FormatUnknown: nothing is there, or no format recognises it, or several do and none surely; the hint
                holds the candidates.
        """
        if name:
            return self.get(name)
        if not path.exists():
            raise FormatUnknown("there is no such file or folder", where=one_line(str(path)))
        found = self.detect(path)
        if found and found[0][1].confidence >= SURE and _ahead(found):
            return found[0][0]
        raise FormatUnknown(_doubt(found), where=one_line(str(path)), hint=_advice(found, self.names))

    def _load(self, name: str) -> Format | None:
        if name not in self._loaded and name not in self._warnings:
            module, _, attribute = self._places[name].partition(":")
            try:
                self._loaded[name] = _as_format(getattr(import_module(module), attribute))
            except Exception as error:  # noqa: BLE001 - a plug-in may fail in any way while it is imported
                self._warn(name, "can't be loaded", error)
        return self._loaded.get(name)

    def _ask(self, candidate: Format, path: Path) -> Detection:
        try:
            return candidate.detect(path)
        except TuiEditorError as error:
            return Detection(confidence=0.0, reason=error.what)
        except Exception as error:  # noqa: BLE001 - a plug-in's detection must not stop the others
            self._warn(candidate.name, "failed while looking at a file", error)
            return Detection(confidence=0.0, reason="its detection failed")

    def _warn(self, name: str, what: str, error: Exception) -> None:
        self._warnings[name] = one_line(f"format {name} {what}: {type(error).__name__}: {error}")


def _as_format(value: object) -> Format:
    missing = [n for n in ("name", "title", "can_export", "detect", "read", "write") if not hasattr(value, n)]
    if missing:
        raise TypeError(f"it is not a format: it lacks {', '.join(missing)}")
    return value  # type: ignore[return-value]  # checked above by its attributes


def _ahead(found: Sequence[tuple[Format, Detection]]) -> bool:
    return len(found) < 2 or found[0][1].confidence - found[1][1].confidence >= LEAD


def _doubt(found: Sequence[tuple[Format, Detection]]) -> str:
    return "no format recognises it surely" if found else "no format recognises it"


def _advice(found: Sequence[tuple[Format, Detection]], names: Sequence[str]) -> str:
    if not found:
        return f"name one with --format: {', '.join(names)}"
    candidates = "; ".join(f"{f.name} {d.confidence:.0%}: {one_line(d.reason)}" for f, d in found)
    return f"name one with --format; candidates: {candidates}"


@cache
def registry() -> FormatRegistry:
    """Return the registry of this installation."""
    from importlib.metadata import entry_points

    return FormatRegistry({**BUILT_IN, **{e.name: e.value for e in entry_points(group=GROUP)}})


def formats() -> tuple[Format, ...]:
    """Return every format of this installation that can be loaded, by name."""
    return registry().formats()


def detect(path: Path) -> list[tuple[Format, Detection]]:
    """Return the formats that recognise `path`, the surest first."""
    return registry().detect(path)


def choose(path: Path, name: str = "") -> Format:
    """Return the format named, or else the one that surely recognises `path`; raises `FormatUnknown`."""
    return registry().choose(path, name)
