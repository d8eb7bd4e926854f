"""What a project says of itself and its work: name, description, instructions, canned reasons, issue tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.api.workflow import need_role
from tui_editor.errors import UsageError
from tui_editor.model.transitions import Role
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui_editor.api.project import Project
    from tui_editor.model.project import Project as ProjectInfo

MOST_REASONS: Final = 9
"""One a digit."""
MOST_LINE: Final = 200
MOST_TEXT: Final = 100_000
TEXTS: Final[Mapping[str, str]] = {
    "name": "what the project is called",
    "description": "what it is about, in a line",
    "instructions": "Markdown for annotators",
    "reasons": "canned reasons of rejections, on the digits 1 to 9",
    "tags": "tags of issues",
}
"""The settings that are texts or lists of them, and what they mean."""
DEFAULTS: Final = "defaults"
"""Key of `Project.settings`: values for settings of people, by name."""
LISTS: Final = ("reasons", "tags")


def why_fixed(project: Project, *roles: Role) -> str:
    """Return why the person can't change something here; empty when it can be.

    Args:
        project: The project.
        roles: Who may change it.
    """
    if project.read_only:
        return project.read_only
    role = project.info.role_of(project.person)
    return "" if role in roles else f"you are {role.with_article} here"


def value_of(info: ProjectInfo, name: str) -> str | tuple[str, ...]:
    """Return a setting of `TEXTS`."""
    value: str | tuple[str, ...] = getattr(info, "issue_tags" if name == "tags" else name)
    return value


def set_text(project: Project, name: str, text: str) -> None:
    """Set name, description or instructions.

    Raises:
        UsageError: it can't be that.
        Refused: the person may not.
    """
    need_role(project, f"change the {name}", Role.ADMIN, Role.MANAGER)
    most = MOST_TEXT if name == "instructions" else MOST_LINE
    kept = text.strip("\n") if name == "instructions" else " ".join(text.split())
    if len(kept) > most:
        raise UsageError(f"the {name} is longer than {most:,} characters", hint="say less")
    if name == "name" and not kept:
        raise UsageError("a project needs a name")
    project.save(replace(project.info, **{name: kept}))


def set_list(project: Project, name: str, values: Sequence[str]) -> None:
    """Set the canned reasons or the issue tags; what is said twice counts once.

    Raises:
        UsageError: there are too many reasons, or one is too long.
        Refused: the person may not.
    """
    need_role(project, f"change the {name}", Role.ADMIN, Role.MANAGER)
    kept = tuple(dict.fromkeys(" ".join(value.split()) for value in values if value.strip()))
    if name == "reasons" and len(kept) > MOST_REASONS:
        raise UsageError(f"there is room for {MOST_REASONS} reasons, one a digit", hint="leave some out")
    for value in kept:
        if len(value) > MOST_LINE:
            raise UsageError(f"{one_line(value, 40)} is too long", hint=f"at most {MOST_LINE} characters")
    field = "issue_tags" if name == "tags" else name
    project.save(replace(project.info, **{field: kept}))


def set_defaults(project: Project, said: Mapping[str, str]) -> None:
    """Give settings of people defaults of the project; an empty value takes one away.

    Raises:
        UsageError: there is no such setting, it is no matter of a project, or it can't have the value.
        Refused: the person may not.
    """
    from tui_editor.api.config import SHARED

    need_role(project, "change the defaults", Role.ADMIN, Role.MANAGER)
    known = {key.name: key for key in SHARED}
    info = project.info
    kept = defaults_of(info)
    for name, value in said.items():
        if name not in known:
            raise UsageError(f"a project has no default {one_line(name)}", hint=", ".join(known))
        if value and not known[name].allows(value):
            raise UsageError(f"{name} can't be {one_line(value)}", hint=known[name].allowed)
        kept = {**{had: v for had, v in kept.items() if had != name}, **({name: value} if value else {})}
    project.save(replace(info, settings={**info.settings, DEFAULTS: kept}))


def defaults_of(info: ProjectInfo) -> dict[str, str]:
    """Return the defaults that a project gives to settings of people, by name."""
    found = info.settings.get(DEFAULTS)
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def moved(values: Sequence[str], at: int, by: int) -> tuple[str, ...]:
    """Return a list with one value so many places later, or earlier."""
    kept = list(values)
    value = kept.pop(at)
    kept.insert(max(0, at + by), value)
    return tuple(kept)
