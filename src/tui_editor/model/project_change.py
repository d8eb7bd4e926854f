"""A change of a project's settings, laid over what others changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from tui_editor.errors import ProjectChanged
from tui_editor.model.ontology import Ontology
from tui_editor.model.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BY_KEY: Final = ("roots", "settings")
"""Fields of `Project` whose keys are settings of their own."""
WORDS: Final[Mapping[str, str]] = {
    "issue_tags": "issue tags",
    "reasons": "canned reasons",
    "roots": "media folders",
    "group_by": "grouping",
    "gates": "required checks",
    "defaults": "defaults",
}
"""What people call a setting where its name is another word."""
_ABSENT: Final = object()


def changed_settings(before: Project, after: Project) -> tuple[str, ...]:
    """Return the names of the settings in which two projects differ: fields, and keys of those of `BY_KEY`."""
    return tuple(name for name, _, was, is_ in _pairs(before, after) if not _same(was, is_))


def in_words(names: tuple[str, ...]) -> str:
    """Return settings as a person calls them, with commas between."""
    return ", ".join(WORDS.get(name, name.replace("_", " ")) for name in names)


def rebased(before: Project, after: Project, now: Project) -> Project:
    """Return the project as it is now with the settings in which `after` differs from `before`.

    Raises:
        ProjectChanged: one of them is no longer what it was in `before`, nor what it shall become.
    """
    if now is before:
        return after
    theirs = {(name, field): value for name, field, value, _ in _pairs(now, now)}
    mine = [(name, field, was, is_) for name, field, was, is_ in _pairs(before, after) if not _same(was, is_)]
    there = {(name, field): theirs.get((name, field), _ABSENT) for name, field, _, _ in mine}
    clash = tuple(n for n, f, was, is_ in mine if not (_same(there[n, f], was) or _same(there[n, f], is_)))
    if clash:
        raise ProjectChanged(f"somebody else changed {in_words(clash)} meanwhile", settings=clash)
    fields: dict[str, Any] = {name: is_ for name, field, _, is_ in mine if not field}
    for field in {f for _, f, _, _ in mine if f}:
        keys = {name: is_ for name, of, _, is_ in mine if of == field}
        every = {**getattr(now, field), **keys}
        fields[field] = {name: value for name, value in every.items() if value is not _ABSENT}
    return replace(now, **fields)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Ontology) and isinstance(other, Ontology):
        return one is other or _plain(one) == _plain(other)
    return bool(one == other)


def _plain(ontology: Ontology) -> tuple[Any, ...]:
    return ontology.classes, ontology.classifications, dict(ontology.extra)


def _pairs(one: Project, other: Project) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield each setting's name, the field of `BY_KEY` that it is a key of (or none), and its two values."""
    for name in Project.__struct_fields__:
        left, right = getattr(one, name), getattr(other, name)
        if name not in BY_KEY:
            yield name, "", left, right
            continue
        for key in dict.fromkeys((*left, *right)):
            yield key, name, left.get(key, _ABSENT), right.get(key, _ABSENT)
