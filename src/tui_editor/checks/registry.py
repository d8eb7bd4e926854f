"""Finds the checks: those that we bring and those of plug-ins, by the same entry points.

A plug-in that can't be loaded is a warning, never a crash.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui_editor.ports import Check

GROUP = "tui_editor.checks"
"""Entry-point group; the value is `module:attribute` of a sequence of `Check`."""

BUILT_IN: Mapping[str, str] = {
    name: f"tui_editor.checks.{name}:RULES"
    for name in (
        "agreement",
        "answers",
        "conversion",
        "geometry",
        "identities",
        "media",
        "ontology",
        "outlines",
        "overlap",
        "pixels",
        "source",
        "splits",
        "statistics",
        "structure",
        "tracks",
        "workflow",
    )
}
"""The families that we bring, for a checkout without package metadata."""
_NEEDED = ("rule", "title", "severity", "run")


def load(places: Mapping[str, str]) -> tuple[tuple[Check, ...], tuple[str, ...]]:
    """Return the checks of all places by rule, and a sentence about each place that gives none.

    Args:
        places: Name → `module:attribute`.
    """
    found: dict[str, Check] = {}
    warnings = []
    for name in sorted(places):
        try:
            family = _family(places[name])
        except Exception as error:  # noqa: BLE001 - a plug-in may fail in any way while it is imported
            warnings.append(f"the checks {one_line(name)} can't be loaded: {one_line(repr(error))}")
            continue
        for check in family:
            if check.rule in found:
                warnings.append(f"the rule {one_line(check.rule)} of {one_line(name)} is there already")
            else:
                found[check.rule] = check
    return tuple(found[rule] for rule in sorted(found)), tuple(warnings)


def _family(place: str) -> Iterable[Check]:
    module, _, attribute = place.partition(":")
    family: Sequence[Check] = tuple(getattr(import_module(module), attribute))
    for check in family:
        missing = [name for name in _NEEDED if not hasattr(check, name)]
        if missing:
            raise TypeError(f"it is not a check: it lacks {', '.join(missing)}")
    return family


@cache
def _installed() -> tuple[tuple[Check, ...], tuple[str, ...]]:
    from importlib.metadata import entry_points

    return load({**BUILT_IN, **{e.name: e.value for e in entry_points(group=GROUP)}})


def checks() -> Sequence[Check]:
    """Return every check of this installation that can be loaded, by rule."""
    return _installed()[0]


def warnings() -> Sequence[str]:
    """Return what is wrong with the plug-ins, one line each."""
    return _installed()[1]
