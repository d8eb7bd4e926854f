"""Runs a script of keys through the real editor without a terminal, and tells what came of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tui_editor.commands.moving import object_bounds
from tui_editor.commands.presets import keymap_for
from tui_editor.errors import UsageError
from tui_editor.model.ids import to_text
from tui_editor.state import selectors
from tui_editor.ui.app import EditorApp
from tui_editor.ui.pressing import press, settle
from tui_editor.ui.screens.editor import EditorScreen
from tui_editor.ui.start import Start
from tui_editor.ui.terminal.facts import Terminal, choose_graphics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.model.ids import InstanceId, TaskId
    from tui_editor.state.store import TaskState

_NAMED = {
    " ": "space",
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "bs": "backspace",
}


class Played(Struct, frozen=True, kw_only=True):
    """What a script led to."""

    screen: str
    """`editor` or `queue`."""
    state: TaskState | None
    """The task that is open at the end; None in the queue."""
    message: str
    """What the message line says."""


def read_script(text: str) -> list[str]:
    """Return the keys of a script: one key a word, `"…"` types text key by key, `#` begins a comment.

    Raises:
        UsageError: a quotation mark is not closed.
    """
    keys: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        rest = line.strip()
        while rest and not rest.startswith("# ") and rest != "#":
            if rest.startswith('"'):
                typed, mark, rest = rest[1:].partition('"')
                if not mark:
                    raise UsageError("a quotation mark is not closed", where=f"line {number}")
                keys += ["space" if c == " " else c for c in typed]
            else:
                word, _, rest = rest.partition(" ")
                keys.append(_NAMED.get(word.lower(), word))
            rest = rest.lstrip()
    return keys


def play(
    project: Project,
    task: TaskId | None,
    keys: Sequence[str],
    *,
    screenshot: Path | None = None,
    size: tuple[int, int] = (140, 42),
    preset: str = "",
) -> Played:
    """Press keys in the editor, one after the other, each when the one before has been dealt with.

    Args:
        project: Opened project.
        task: Opened first; None: the queue.
        keys: Printable characters or names (`enter`, `shift+tab`).
        screenshot: An `.svg` to write at the end.
        size: Columns and lines of the screen.
        preset: Whose keys they are; a script doesn't depend on the person's configuration.

    Raises:
        TuiEditorError: the task can't be opened.
    """
    app = EditorApp(
        project, Terminal(), choose_graphics(Terminal(), "cells"), Start(task=task, keymap=keymap_for(preset))
    )
    return asyncio.run(_played(app, keys, screenshot, size))


async def _played(app: EditorApp, keys: Sequence[str], screenshot: Path | None, size: tuple[int, int]) -> Played:
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if app.failure is not None:
            raise app.failure
        await press(pilot, *keys)
        await settle(pilot)
        if screenshot is not None:
            await asyncio.to_thread(screenshot.write_text, app.export_screenshot(), encoding="utf-8")
        screen = app.screen
        if isinstance(screen, EditorScreen):
            return Played(screen="editor", state=screen.store.state, message=screen.message)
        return Played(screen="queue", state=None, message=getattr(screen, "message", ""))


def dump(played: Played) -> dict[str, Any]:
    """Return what a script led to as plain values, for JSON: labels by name, decisions, issues, stage, place."""
    state = played.state
    if state is None:
        return {"screen": played.screen, "message": played.message}
    document, ontology = state.document, state.project.ontology
    return {
        "screen": played.screen,
        "message": played.message,
        "task": to_text(state.task.id),
        "title": state.task.title,
        "stage": document.status.stage,
        "state": document.status.state.value,
        "mode": state.mode.value,
        "frame": state.view.frame,
        "selected": _name(state, state.selected),
        "kept": state.durability.kept,
        "seq": state.durability.seq,
        "instances": [
            {
                "id": to_text(i),
                "name": selectors.instance_name(ontology, document.instances[i]),
                "decision": d.state.value if (d := document.decisions.get(i)) else "pending",
                "labels": sum(len(t) for _, t in document.tracks_of(i)),
                "bounds": _bounds(state, i),
            }
            for i in selectors.review_order(state)
        ],
        "issues": [
            {"kind": i.kind.value, "title": i.title, "resolved": i.resolved, "rejection": i.rejection}
            for i in sorted(document.issues.values(), key=lambda i: (i.created_ms, i.id))
        ],
    }


def _name(state: TaskState, instance: InstanceId | None) -> str:
    value = state.document.instances.get(instance) if instance is not None else None
    return selectors.instance_name(state.project.ontology, value) if value else ""


def _bounds(state: TaskState, instance: InstanceId) -> list[float] | None:
    """Return x0, y0, x1, y1 of an instance on the shown frame in pixels, None when it isn't there."""
    box = object_bounds(state, instance)
    return None if box is None else [round(v, 6) for v in box]
