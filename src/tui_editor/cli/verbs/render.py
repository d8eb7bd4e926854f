"""`tui-editor render`: writes one frame with its labels as a PNG."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_frame, add_task, picture_size
from tui_editor.cli.output import note
from tui_editor.cli.picture_options import add_picture, picture_settings
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("path", metavar="PATH", help="project, data set, medium or address")
    add_frame(parser)
    add_task(parser)
    parser.add_argument(
        "--size", metavar="WxH", type=picture_size, help="fit into this many pixels; else the frame's own"
    )
    add_picture(parser)
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="a .png, or - for stdout")


def run(arguments: argparse.Namespace) -> int:
    """Draw the frame and write it."""
    from tui_editor.api.pictures import picture
    from tui_editor.cli.places import opened
    from tui_editor.render.png import encode_png

    target = arguments.output
    if target != "-" and Path(target).suffix.lower() != ".png":
        raise UsageError(f"{one_line(target)} is not a .png", hint="pictures are written as PNG")
    with opened(arguments, keep=False) as place:
        settings = picture_settings(arguments)
        pixels = picture(place.project, place.first_task(), place.frame or 0, arguments.size, settings=settings)
    data = encode_png(pixels)
    if target == "-":
        sys.stdout.buffer.write(data)
    else:
        Path(target).write_bytes(data)
        note(f"wrote {target}: {pixels.shape[1]}×{pixels.shape[0]} pixels")
    return ExitCode.OK
