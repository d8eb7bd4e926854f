"""Changes of the project's object classes: another name, colour or key, a new class, one put away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.api.workflow import need_role
from tui_editor.errors import UsageError
from tui_editor.model.ids import ClassId, new_hash
from tui_editor.model.ontology import PALETTE, ObjectClass, Ontology
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.transitions import Role
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.api.project import Project

SHAPES: Final = tuple(
    kind.value for kind in ShapeKind if kind not in {ShapeKind.SKELETON, ShapeKind.PRESENCE, ShapeKind.VERBATIM}
)
"""What a class that is made here can be drawn as; a skeleton needs a template, which an import brings."""
FIELDS: Final = {
    "name": "what it is called",
    "color": "#RRGGBB",
    "archived": "on: it is drawn no more, labels that it has stay",
}
"""What of a class can be changed, and what may be said."""
MOST_NAME: Final = 100
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")


def add_class(project: Project, name: str, shape: str) -> None:
    """Add an object class, in a colour that comes next.

    Raises:
        UsageError: there is one of that name, or no such shape.
        Refused: the person may not.
    """
    need_role(project, "change the ontology", Role.ADMIN, Role.MANAGER)
    ontology = project.info.ontology
    name = _free_name(ontology, name)
    if shape not in SHAPES:
        raise UsageError(f"a class can't be drawn as {one_line(shape)}", hint=", ".join(SHAPES))
    colour = PALETTE[len(ontology.classes) % len(PALETTE)]
    made = ObjectClass(id=ClassId(new_hash()), name=name, color=colour, shape=ShapeKind(shape))
    _keep(project, (*ontology.classes, made))


def change_class(project: Project, name: str, field: str, value: str) -> None:
    """Change one of `FIELDS` of an object class; its labels stay.

    Raises:
        UsageError: there is no such class or field, or it can't be that.
        Refused: the person may not.
    """
    need_role(project, "change the ontology", Role.ADMIN, Role.MANAGER)
    ontology = project.info.ontology
    found = next((c for c in ontology.classes if name in {c.name, str(c.id)}), None)
    if found is None:
        names = ", ".join(one_line(c.name, 30) for c in ontology.classes[:20])
        raise UsageError(f"there is no class {one_line(name)}", hint=names or "there is none at all")
    if field == "name":
        changed = found if value.strip() == found.name else replace(found, name=_free_name(ontology, value))
    elif field == "color" and _COLOUR.fullmatch(value.strip()):
        changed = replace(found, color=value.strip().upper())
    elif field == "archived" and value.strip() in {"on", "off"}:
        changed = replace(found, archived=value.strip() == "on")
    else:
        raise UsageError(f"{one_line(field)} can't be {one_line(value)}", hint=FIELDS.get(field, ", ".join(FIELDS)))
    _keep(project, tuple(changed if c.id == found.id else c for c in ontology.classes))


def _free_name(ontology: Ontology, name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME:
        raise UsageError(f"a class needs a name of at most {MOST_NAME} characters")
    if any(c.name == name for c in ontology.all()):
        raise UsageError(f"there is a class {one_line(name)} already")
    return name


def _keep(project: Project, classes: tuple[ObjectClass, ...]) -> None:
    info = project.info
    ontology = Ontology(classes=classes, classifications=info.ontology.classifications, extra=info.ontology.extra)
    project.save(replace(info, ontology=ontology))
