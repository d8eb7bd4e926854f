"""Starts the editor: imports the interface only now, under a collector that rests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.ui import collector
from tui_editor.ui.start import Start

if TYPE_CHECKING:
    from tui_editor.api.project import Project
    from tui_editor.commands.touring import Tour
    from tui_editor.model.ids import InstanceId, TaskId
    from tui_editor.ui.app import EditorApp
    from tui_editor.ui.early.start import EarlyStart

TURN_S: Final = 0.001
"""How long the event loop may keep the interpreter lock from the threads that decode and encode: a key's text is
painted while its picture is made, not before."""


def run_app(
    project: Project,
    *,
    task: TaskId | None = None,
    frame: int | None = None,
    instance: InstanceId | None = None,
    review: bool = False,
    graphics: str = "",
    preset: str = "",
    early: EarlyStart | None = None,
    tour: Tour | None = None,
) -> int:
    """Run the editor in this terminal until it is left; return the exit code.

    Args:
        project: Opened.
        task: The task to open; None: the queue.
        frame: Place in the task's row of frames.
        instance: What is selected at first.
        review: Whether a review is meant.
        graphics: How pictures are shown, as the user asked for.
        preset: Whose keys, as the user asked for; empty: what the configuration says.
        early: What was begun before the project was opened.
        tour: Findings that are gone through, beginning with the task.

    Raises:
        TuiEditorError: the task can't be opened.
        BaseException: whatever ended the app that nobody expected; the terminal is as it was before.
    """
    collector.rest()
    sys.setswitchinterval(TURN_S)
    try:
        from tui_editor.ui.hangup import guarded

        start = Start(task=task, frame=frame, instance=instance, review=review, tour=tour)
        app = _app(project, start, graphics, preset, early)
        try:
            with guarded(app.leave, app.port.leaving):
                app.run()
        finally:
            app.port.stray.end()
    finally:
        collector.work()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


def _app(project: Project, start: Start, graphics: str, preset: str, early: EarlyStart | None) -> EditorApp:
    """Return the app, its interface imported while another process makes the first picture."""
    from tui_editor.api.config import load_config, with_defaults

    config = with_defaults(load_config(), project.info.settings.get("defaults"))
    project.zoom = config.zoom
    if early is not None and start.task is not None:
        start = replace(start, opened=project.read(start.task))
        early.order_picture(project, start)
    from tui_editor.commands.presets import keymap_for
    from tui_editor.commands.wishes import wishes_of
    from tui_editor.ui.app import EditorApp
    from tui_editor.ui.terminal.probe import probe
    from tui_editor.ui.terminal.settled import settled

    terminal, chosen = settled(early.take_over() if early is not None else probe(), graphics)
    start = replace(
        start,
        keymap=keymap_for(preset, config.keys),
        turbo=config.turbo == "on",
        light=config.theme == "light",
        skip=int(config.skip),
        freehand=config.freehand == "on",
        wishes=wishes_of(config),
        offers_guide=True,
    )
    return EditorApp(project, terminal, chosen, start, early.process if early is not None else None)
