"""`tui-editor play`: runs a script of keys through the editor without a screen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_task
from tui_editor.cli.output import counted, note, print_json
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse

    from tui_editor.api.project import Project
    from tui_editor.ui.script import Played

MOST_SCRIPT_BYTES = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "script", metavar="SCRIPT", help='keys, separated by blanks; "…" types text, # begins a comment; - for stdin'
    )
    parser.add_argument("path", metavar="PATH", nargs="?", default="", help="as for open; else the project here")
    add_task(parser)
    parser.add_argument("--queue", action="store_true", help="begin in the queue instead of a task")
    parser.add_argument("--dump", metavar="FILE", help="write what it led to as JSON; - for stdout")
    parser.add_argument(
        "--screenshot", metavar="FILE", help="write the last screen as .svg, or its frame with labels as .png"
    )


def run(arguments: argparse.Namespace) -> int:
    """Press the keys and write what came of it."""
    from tui_editor.cli.places import opened
    from tui_editor.ui.script import dump, play, read_script

    screenshot = Path(arguments.screenshot) if arguments.screenshot else None
    if screenshot is not None and screenshot.suffix.lower() not in {".svg", ".png"}:
        raise UsageError(
            f"{one_line(str(screenshot))} is neither .svg nor .png", hint="a screen is an SVG, a frame a PNG"
        )
    as_picture = screenshot is not None and screenshot.suffix.lower() == ".png"
    keys = read_script(_script(arguments.script))
    with opened(arguments, keep=True) as place:
        task = None if arguments.queue else place.first_task()
        played = play(place.project, task, keys, screenshot=None if as_picture else screenshot, preset=arguments.preset)
        if as_picture and screenshot is not None:
            _write_frame(place.project, played, screenshot)
    if arguments.dump == "-":
        print_json(dump(played))
    elif arguments.dump:
        import json

        Path(arguments.dump).write_text(json.dumps(dump(played), indent=2) + "\n", encoding="utf-8")
    note(f"pressed {counted(len(keys), 'key')}; {played.message or 'done'}")
    return ExitCode.OK


def _write_frame(project: Project, played: Played, target: Path) -> None:
    """Write the frame that was shown at the end, with its labels.

    Raises:
        UsageError: the script ended in the queue.
    """
    from tui_editor.api.pictures import picture, row_of
    from tui_editor.render.png import encode_png

    state = played.state
    if state is None:
        raise UsageError("the script ended in the queue: there is no frame to write", hint="write an .svg")
    pixels = picture(project, state.task.id, row_of(state.task, state.frame), settings=state.view.picture)
    target.write_bytes(encode_png(pixels))


def _script(name: str) -> str:
    if name == "-":
        return sys.stdin.read(MOST_SCRIPT_BYTES)
    try:
        with Path(name).open(encoding="utf-8") as file:
            return file.read(MOST_SCRIPT_BYTES)
    except UnicodeDecodeError as error:
        raise UsageError("a script is text in UTF-8", where=one_line(name)) from error
