"""`tui-editor open`: opens the editor on a project, a data set or media."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_frame, add_task
from tui_editor.cli.output import is_interactive
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse
    from contextlib import AbstractContextManager

    from tui_editor.cli.places import Place
    from tui_editor.ui.early.start import EarlyStart


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "path",
        nargs="?",
        default="",
        metavar="PATH",
        help="project, data set, folder, video, image, or an address tui-editor:///…; the project in or above this "
        "folder when absent",
    )
    add_task(parser)
    add_frame(parser)
    parser.add_argument("--review", action="store_true", help="go through the objects and judge them")


def run(arguments: argparse.Namespace) -> int:
    """Open the editor; without a terminal tell what it would show."""
    with early_start(arguments.graphics) as early:
        from tui_editor.cli.places import opened

        with opened(arguments, keep=True) as place:
            return show(place, arguments.graphics, review=arguments.review, preset=arguments.preset, early=early)


def early_start(graphics: str) -> AbstractContextManager[EarlyStart | None]:
    """Begin the window where a person sits before a terminal, ahead of everything that takes time."""
    if not is_interactive():
        return nullcontext()
    from tui_editor.ui.early.start import EarlyStart

    return EarlyStart(graphics)


def show(
    place: Place, graphics: str, *, review: bool = False, preset: str = "", early: EarlyStart | None = None
) -> int:
    """Run the editor at a place until it is left; return its exit code."""
    from tui_editor.api.pictures import frame_of

    task = place.first_task()
    if place.frame is not None:
        frame_of(place.project.store.task(task), place.frame)  # refuses one that isn't there before the screen is taken
    if not is_interactive():
        from tui_editor.cli.preview import show_without_terminal

        show_without_terminal(place)
        return ExitCode.OK
    from tui_editor.cli.ending import leave
    from tui_editor.ui.launch import run_app

    return leave(
        run_app(
            place.project,
            task=task,
            frame=place.frame,
            instance=place.instance,
            review=review,
            graphics=graphics,
            preset=preset,
            early=early,
        )
    )
