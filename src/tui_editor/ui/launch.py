"""Starts the editor: imports the interface only now, under a collector that rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.ui import collector

if TYPE_CHECKING:
    from tui_editor.api.project import Project
    from tui_editor.model.ids import InstanceId, TaskId


def run_app(
    project: Project,
    *,
    task: TaskId | None = None,
    frame: int | None = None,
    instance: InstanceId | None = None,
    review: bool = False,
    graphics: str = "",
) -> int:
    """Run the editor in this terminal until it is left; return the exit code.

    Raises:
        TuiEditorError: the task can't be opened.
        BaseException: whatever ended the app that nobody expected; the terminal is as it was before.
    """
    collector.rest()
    try:
        from tui_editor.ui.app import EditorApp, Start
        from tui_editor.ui.hangup import guarded
        from tui_editor.ui.terminal.probe import probe
        from tui_editor.ui.terminal.settled import settled

        terminal, chosen = settled(probe(), graphics)
        app = EditorApp(project, terminal, chosen, Start(task=task, frame=frame, instance=instance, review=review))
        with guarded(app.leave):
            app.run()
    finally:
        collector.work()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
