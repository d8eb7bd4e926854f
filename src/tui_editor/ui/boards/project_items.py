"""The lines of the project's settings, with the reason where the person may not change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.api.config import SHARED
from tui_editor.api.layouts import chosen_layout, layouts_of
from tui_editor.api.project_settings import LISTS, TEXTS, defaults_of, value_of, why_fixed
from tui_editor.api.stages import FIELDS, fields_of, words_of
from tui_editor.api.workflow_file import faults
from tui_editor.checks.gates import gates_of
from tui_editor.commands.menu import MenuItem
from tui_editor.model.editor_layouts import layout_words
from tui_editor.model.transitions import WORK, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.api.project import Project
    from tui_editor.model.workflow import Stage

ADD: Final = "+"
_MANAGERS: Final = (Role.ADMIN, Role.MANAGER)
TITLES: Final = {
    "name": "Name",
    "description": "Description",
    "instructions": "Instructions",
    "reasons": "Canned reasons",
    "tags": "Issue tags",
}


def project_items(project: Project) -> list[MenuItem]:
    """Return the settings of a project. Keys are `kind:name`."""
    return [
        *_texts(project),
        *_members(project),
        *_stages(project),
        *_reasons(project),
        *_gates(project),
        *_others(project),
        *_defaults(project),
    ]


def _texts(project: Project) -> Iterator[MenuItem]:
    why = why_fixed(project, *_MANAGERS)
    for name in (*(n for n in TEXTS if n not in LISTS), "tags"):
        value = value_of(project.info, name)
        shown = ", ".join(value) if isinstance(value, tuple) else value
        if name == "instructions" and value:
            shown = f"{len(value):,} characters"
        yield MenuItem(
            key=f"text:{name}",
            title=TITLES[name],
            value=shown or "–",
            hint=f"{TEXTS[name].capitalize()}. In the shell: tui-editor settings {name}",
            group="Project",
            disabled=why,
        )


def _members(project: Project) -> Iterator[MenuItem]:
    why, group = why_fixed(project, Role.ADMIN), "Members"
    for person, role in sorted(project.info.members.items()):
        hint = "Enter changes the role, Delete takes the person out. In the shell: tui-editor members"
        shown = role.replace("_", " and ")
        yield MenuItem(key=f"member:{person}", title=person, value=shown, hint=hint, group=group, disabled=why)
    nobody = "" if project.info.members else "nobody is named: everybody is an admin"
    hint = "The first one must be an admin: from then on roles hold."
    yield MenuItem(key=f"member:{ADD}", title="Add a member", value=nobody, hint=hint, group=group, disabled=why)


def _stages(project: Project) -> Iterator[MenuItem]:
    why, group = why_fixed(project, Role.ADMIN), "Workflow"
    fault = next(faults(project.info.workflow), "")
    for stage in project.info.workflow.stages:
        hint = "Enter changes it, Delete takes it out where no task is in it. In the shell: tui-editor workflow"
        yield MenuItem(
            key=f"stage:{stage.name}", title=stage.name, value=_stage_words(stage), hint=hint, group=group, disabled=why
        )
    value = f"not valid: {fault}" if fault else "the workflow is valid"
    yield MenuItem(key=f"stage:{ADD}", title="Add a stage", value=value, group=group, disabled=why)


def _stage_words(stage: Stage) -> str:
    fields = [f for f in fields_of(stage) if f not in {"next", "back"}]
    more = [f"{f} {words_of(stage, f)}" for f in fields if words_of(stage, f) not in {"", "0", "on"}]
    onward = f" → {stage.next}" if stage.next else ""
    back = f", back to {stage.back}" if stage.back else ""
    return "; ".join([f"{stage.kind.value.replace('_', ' ')}{onward}{back}", *more])


def _reasons(project: Project) -> Iterator[MenuItem]:
    why, group = why_fixed(project, *_MANAGERS), "Canned reasons of rejections"
    for number, reason in enumerate(project.info.reasons, start=1):
        hint = "Enter changes or moves it, Delete takes it out. In the shell: tui-editor settings reasons"
        yield MenuItem(
            key=f"reason:{number - 1}", title=reason, value=f"x {number}", hint=hint, group=group, disabled=why
        )
    yield MenuItem(key=f"reason:{ADD}", title="Add a reason", group=group, disabled=why)


def _gates(project: Project) -> Iterator[MenuItem]:
    why, gates = why_fixed(project, *_MANAGERS), gates_of(project.info)
    for stage in project.info.workflow.stages:
        if stage.kind in WORK:
            yield MenuItem(
                key=f"gate:{stage.name}",
                title=stage.name,
                value=" ".join(gates.get(stage.name, ())) or "–",
                hint="Checks that must find nothing before a task is submitted: rules or their beginnings (S G01). "
                "In the shell: tui-editor gates",
                group="Required checks",
                disabled=why,
            )


def _defaults(project: Project) -> Iterator[MenuItem]:
    why, said = why_fixed(project, *_MANAGERS), defaults_of(project.info)
    for key in SHARED:
        doc = f"{key.doc.replace('`', '')} For those whose own settings say nothing."
        yield MenuItem(
            key=f"default:{key.name}",
            title=key.title,
            value=said.get(key.name) or "–",
            hint=f"{doc} In the shell: tui-editor settings defaults {key.name}=…",
            group="Defaults of people's settings",
            disabled=why,
        )


def _others(project: Project) -> Iterator[MenuItem]:
    ontology, group = project.info.ontology, "Ontology and layouts"
    words = f"{len(ontology.classes)} classes, {len(ontology.classifications)} classifications"
    hint = "Enter lists, adds and changes classes and what they ask. In the shell: tui-editor ontology"
    yield MenuItem(key="ontology:", title="Ontology", value=words, hint=hint, group=group)
    yield MenuItem(
        key="group_by:",
        title="Grouped by",
        value=project.info.group_by or "–",
        hint="Tasks with one value of this key of the client metadata go together. tui-editor workflow --group-by",
        group=group,
        disabled=why_fixed(project, Role.ADMIN),
    )
    why = why_fixed(project, *_MANAGERS)
    for name, layout in layouts_of(project.info).items():
        hint = "Enter shows all tasks in it, or no more, or reads another file in its place; Delete takes it out."
        used = " · in use" if name == chosen_layout(project.info) else ""
        shown = f"layout: {layout_words(layout)}{used}"
        yield MenuItem(key=f"layout:{name}", title=name, value=shown, hint=hint, group=group, disabled=why)
    hint = "A JSON file of Encord's form, either spelling. In the shell: tui-editor layouts --add"
    yield MenuItem(key=f"layout:{ADD}", title="Add an editor layout", hint=hint, group=group, disabled=why)


def stage_items(project: Project, name: str) -> list[MenuItem]:
    """Return the lines of a stage."""
    stage = project.info.workflow.stage(name)
    fields = [
        MenuItem(
            key=field,
            title=field.replace("_", " ").capitalize(),
            value=words_of(stage, field) or "–",
            hint=FIELDS[field],
            group=f"{stage.kind.value.replace('_', ' ').capitalize()} stage",
        )
        for field in fields_of(stage)
    ]
    group = "The stage itself"
    return [
        *fields,
        MenuItem(key="rename", title="Name", value=name, hint="Only a stage without tasks.", group=group),
        MenuItem(key="earlier", title="One place earlier", group=group),
        MenuItem(key="later", title="One place later", group=group),
        MenuItem(key="remove", title="Take it out", hint="What led here leads on to where it led.", group=group),
    ]
