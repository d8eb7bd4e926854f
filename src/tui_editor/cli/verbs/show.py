"""`tui-editor show`: prints a frame with its labels into the terminal, once."""

from __future__ import annotations

import os
import sys
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_frame, add_task, whole_number
from tui_editor.cli.output import note, out, print_table
from tui_editor.errors import ExitCode, MediaError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.cli.places import Place

SESSIONS = 4095
TERMINAL_WIDTH = 10_000
USUAL_CELL_PX = (10, 20)
HEAD = ("LABEL", "SHAPE", "LEFT", "TOP", "WIDTH", "HEIGHT", "CONFIDENCE")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("path", metavar="PATH", nargs="?", default="", help="as for open; else the project here")
    add_frame(parser)
    add_task(parser)
    parser.add_argument(
        "--width", metavar="COLUMNS", type=whole_number, help="width of the picture; the terminal's when absent"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the picture; where the output shows none, the list of its labels."""
    from tui_editor.api.pictures import picture
    from tui_editor.cli.places import opened

    kind, why, cell_px = _kind(arguments.graphics)
    with opened(arguments, keep=False) as place:
        if kind == "none":
            note(f"no picture ({why}); the labels of the frame:")
            _print_labels(place)
            return ExitCode.OK
        try:
            pixels = picture(place.project, place.first_task(), place.frame or 0)
        except MediaError:
            _print_labels(place)
            raise
    columns = min(arguments.width or TERMINAL_WIDTH, get_terminal_size().columns)
    if kind in {"kitty", "iterm2"}:
        _place(pixels, kind, columns, cell_px)
    else:
        _print_picture(pixels, kind, columns)
    return ExitCode.OK


def _kind(forced: str) -> tuple[str, str, tuple[int, int]]:
    """Return how the picture is printed, why, and the size of a cell in pixels, a usual one where nobody tells."""
    if forced not in ("", "auto"):
        return forced, "asked for", USUAL_CELL_PX
    if not sys.stdout.isatty():
        return "none", "the output is not a terminal", USUAL_CELL_PX
    from tui_editor.ui.terminal.probe import probe
    from tui_editor.ui.terminal.settled import settled

    terminal, chosen = settled(probe())
    # Placeholders must be kept alive by somebody; half blocks stay where they were printed.
    kind = "cells" if chosen.placeholders else chosen.kind.value
    return kind, chosen.why, terminal.cell_px or USUAL_CELL_PX


def _place(pixels: NDArray[np.uint8], kind: str, columns: int, cell_px: tuple[int, int]) -> None:
    """Print a picture that the terminal scales to so many columns, and leave the cursor below it."""
    from tui_editor.render.inline import encode_jpeg, inline_image
    from tui_editor.render.kitty import Placement, image_id, show_png
    from tui_editor.render.png import encode_png

    height, width = pixels.shape[:2]
    rows = max(1, round(columns * cell_px[0] * height / width / cell_px[1]))
    if kind == "iterm2":
        data = inline_image(encode_jpeg(pixels), columns, rows)
    else:
        image = image_id(os.getpid() % SESSIONS + 1, 0, 0)
        data = show_png(image, encode_png(pixels), Placement(z=0, columns=columns, rows=rows))
    # Room first: at the bottom of the screen it scrolls.
    sys.stdout.write("\n" * rows + f"\x1b[{rows}A\x1b7" + data.decode("ascii") + f"\x1b8\x1b[{rows}B")
    sys.stdout.flush()


def _print_picture(pixels: NDArray[np.uint8], kind: str, columns: int) -> None:
    from PIL import Image as Pictures
    from rich.console import Console

    # Coloured half cells also when the output is a file: they were asked for.
    console = Console(force_terminal=True, color_system="truecolor", file=sys.stdout)
    console.print(_renderable(kind)(Pictures.fromarray(pixels), width=columns))


def _renderable(kind: str) -> Any:
    """Return textual-image's class for a way of showing pictures. It asks the terminal while it is imported."""
    from textual_image.renderable import HalfcellImage, SixelImage

    return {"sixel": SixelImage, "cells": HalfcellImage}[kind]


def _print_labels(place: Place) -> None:
    from tui_editor.api.pictures import frame_of
    from tui_editor.model.shapes import bounds, kind_of
    from tui_editor.state.selectors import instance_name

    opened = place.project.read(place.first_task())
    ref = frame_of(opened.task, place.frame or 0)
    ontology = place.project.info.ontology
    out(f"{one_line(opened.task.title)}, frame {ref.index}")
    rows = []
    for instance in opened.document.on_frame(ref.unit, ref.index):
        label = opened.document.label(instance, ref.unit, ref.index)
        value = opened.document.instances.get(instance)
        if label is None or value is None:
            continue
        around = bounds(label.shape)
        box = ("", "", "", "")
        if around is not None:
            x0, y0, x1, y1 = around
            box = (f"{x0:.1f}", f"{y0:.1f}", f"{x1 - x0:.1f}", f"{y1 - y0:.1f}")
        rows.append((instance_name(ontology, value), kind_of(label.shape).value, *box, f"{label.confidence:.0%}"))
    print_table(HEAD, rows)
