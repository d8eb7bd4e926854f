"""`tui-editor settings`: shows what a project says of itself and its work, and changes it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_editor.cli.options import add_json
from tui_editor.cli.output import out, print_json, print_table
from tui_editor.errors import ExitCode, InputError, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse

    from tui_editor.model.project import Project as ProjectInfo

NAMES = ("name", "description", "instructions", "reasons", "tags", "defaults")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help=f"{', '.join(NAMES)}; all when absent")
    parser.add_argument(
        "values",
        nargs="*",
        metavar="VALUE",
        help="the new value; several for reasons, tags and defaults (skip=25; skip= takes it away). "
        "@FILE reads a file, @- the standard input, '' empties",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Change a setting, or print it, or all."""
    from tui_editor.api.project_settings import LISTS, set_defaults, set_list, set_text, value_of
    from tui_editor.cli.places import project_of

    name = arguments.name
    if name and name not in NAMES:
        hint = f"{', '.join(NAMES)}; others have commands of their own: members, workflow, gates, metadata"
        raise UsageError(f"there is no setting {one_line(name)}", hint=hint)
    values = [_read(value) for value in arguments.values]
    with project_of(arguments) as project:
        if values and name == "defaults":
            set_defaults(project, _pairs(values))
        elif values and name in LISTS:
            set_list(project, name, values[0].splitlines() if arguments.values[0].startswith("@") else values)
        elif values:
            set_text(project, name, "\n".join(values) if name == "instructions" else " ".join(values))
        info = project.info
    if not name:
        _print_all(info, as_json=arguments.json)
    elif name == "defaults":
        _print_defaults(info, as_json=arguments.json)
    elif arguments.json:
        value = value_of(info, name)
        print_json({name: list(value) if isinstance(value, tuple) else value})
    else:
        value = value_of(info, name)
        out("\n".join(value) if isinstance(value, tuple) else value)
    return ExitCode.OK


def _pairs(values: list[str]) -> dict[str, str]:
    """Return names and values of `name=value`."""
    for value in values:
        if "=" not in value:
            raise UsageError(f"{one_line(value)} is no default", hint="skip=25; skip= takes it away")
    return {name.strip(): said.strip() for name, _, said in (value.partition("=") for value in values)}


def _print_defaults(info: ProjectInfo, *, as_json: bool) -> None:
    from tui_editor.api.project_settings import defaults_of

    if as_json:
        print_json({"defaults": defaults_of(info)})
    else:
        out("\n".join(f"{name}={value}" for name, value in defaults_of(info).items()))


def _read(value: str) -> str:
    """Return a value, or what the file holds that it names."""
    if not value.startswith("@"):
        return value
    try:
        return sys.stdin.read() if value == "@-" else Path(value[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"it can't be read: {what}", where=one_line(value[1:])) from error


def _print_all(info: ProjectInfo, *, as_json: bool) -> None:
    """Print all settings; the long ones in short."""
    from tui_editor.api.project_settings import defaults_of
    from tui_editor.api.workflow_file import as_plain
    from tui_editor.checks.gates import gates_of

    gates = {stage: list(rules) for stage, rules in gates_of(info).items()}
    if as_json:
        print_json(
            {
                "name": info.name,
                "description": info.description,
                "instructions": info.instructions,
                "reasons": list(info.reasons),
                "tags": list(info.issue_tags),
                "members": dict(info.members),
                "workflow": as_plain(info.workflow.stages),
                "gates": gates,
                "defaults": defaults_of(info),
                "group_by": info.group_by,
                "ontology": _ontology(info),
            }
        )
        return
    ontology = _ontology(info)
    rows = [
        ("name", info.name),
        ("description", info.description),
        ("instructions", f"{len(info.instructions):,} characters" if info.instructions else ""),
        ("reasons", "; ".join(info.reasons)),
        ("tags", ", ".join(info.issue_tags)),
        ("members", ", ".join(f"{who} {role}" for who, role in sorted(info.members.items()))),
        ("workflow", " → ".join(stage.name for stage in info.workflow.stages)),
        ("gates", "; ".join(f"{stage} {' '.join(rules)}" for stage, rules in gates.items())),
        ("defaults", ", ".join(f"{name}={value}" for name, value in defaults_of(info).items())),
        ("grouped by", info.group_by),
        ("ontology", f"{len(ontology['classes'])} classes, {len(ontology['classifications'])} classifications"),
    ]
    print_table(("SETTING", "VALUE"), rows)


def _ontology(info: ProjectInfo) -> dict[str, Any]:
    classes = [{"name": c.name, "shape": c.shape.value} for c in info.ontology.classes]
    return {"classes": classes, "classifications": [c.name for c in info.ontology.classifications]}
