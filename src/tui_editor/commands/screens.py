"""What lies around the canvas: the editor menu, and the screens that it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import LOOP, Command, on
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.commands.context import Context

GROUP = "Program"
RESTING = (*LOOP, Mode.ISSUES, Mode.QUEUE)
"""The modes in which nothing is under way that a screen would interrupt."""


def _show(what: str) -> Callable[[Context], None]:
    def run(context: Context) -> None:
        context.front.show(what)

    return run


def _has_instructions(context: Context) -> str:
    """Return why there is nothing to read; in the queue that is told by the screen."""
    if context.task is None or context.state.project.instructions.strip():
        return ""
    return "this project has no instructions"


def _screen(
    name: str, keys: Sequence[str], title: str, doc: str, *, enabled: Callable[[Context], str] | None = None
) -> Command:
    return Command(
        id=f"app.{name}",
        title=title,
        doc=doc,
        run=_show(name),
        keys=tuple(key for each in keys for key in on(each, *RESTING)),
        enabled=enabled,
        group=GROUP,
    )


COMMANDS = (
    _screen(
        "menu",
        ("g space", "f10"),
        "Editor menu",
        "Lists what can be done here in groups, with its keys; what can't be done now says why. Typing searches.",
    ),
    _screen(
        "instructions",
        ("g I",),
        "Instructions",
        "Shows the project's instructions for annotators; they are offered when they are new to you.",
        enabled=_has_instructions,
    ),
    _screen(
        "settings",
        ("g S",),
        "Settings",
        "Lists your settings with value and source; typing searches; changes are kept in your file, comments stay.",
    ),
    _screen(
        "shortcuts",
        ("g ?",),
        "Shortcuts",
        "Lists all keys by mode; typing searches; others are bound by pressing them, the old ones given back.",
    ),
    _screen(
        "project",
        ("g W",),
        "Project settings",
        "Shows name, members, workflow, reasons, required checks, instructions and ontology, and changes them.",
    ),
    _screen(
        "tour",
        ("g O",),
        "Tour",
        "Begins a tour of one minute with the real keys; again: skips a step. It can be left at any time.",
    ),
    _screen(
        "theme", ("g L",), "Dark or light theme", "Changes between a dark screen and a light one, and remembers it."
    ),
    _screen(
        "notifications",
        ("g M",),
        "Notifications",
        "Lists what others did that concerns you: tasks given and sent back, what is said in issues.",
    ),
)
