"""From pixels to terminal bytes, against textual-image on the same 1280x720 photograph.

Times are those of encoding alone: nothing is written to a terminal. Sizes are what goes over the wire.
"""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.figures import Figure, figure, interleaved_medians_ms
from tui_editor.model.frames import Frame
from tui_editor.render import kitty
from tui_editor.render.cells import cells_for, encode_cells
from tui_editor.render.palette import build_palette
from tui_editor.render.pixels import render_pixels
from tui_editor.render.png import encode_palette_png, encode_png
from tui_editor.render.sixel import encode_sixel
from tui_editor.render.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

PHOTO = Path(__file__).resolve().parents[1] / "fixtures" / "demo" / "photos" / "china.jpg"
SIZE = (1280, 720)
CELLS = (160, 45)
RUNS = 9


def run() -> list[Figure]:
    photo = photo_720p()
    return [*_encoders(photo), *_canvas(photo)]


def photo_720p() -> NDArray[np.uint8]:
    import cv2

    pixels = cv2.cvtColor(cv2.imread(str(PHOTO)), cv2.COLOR_BGR2RGB)
    resized: NDArray[np.uint8] = cv2.resize(pixels, SIZE, interpolation=cv2.INTER_LANCZOS4)
    return resized


# --- encoders against textual-image --------------------------------------------------------------


def _encoders(photo: NDArray[np.uint8]) -> Iterator[Figure]:
    palette = build_palette(photo)
    few = build_palette(photo, 64)
    ours = {
        "kitty": lambda: kitty.show_png(1, encode_png(photo)),
        "kitty 256": lambda: kitty.show_png(1, encode_palette_png(palette.map(photo), palette.colours)),
        "sixel": lambda: encode_sixel(palette.map(photo), palette),
        "sixel 64": lambda: encode_sixel(few.map(photo), few),
        "cells": lambda: encode_cells(cells_for(photo, CELLS[1], CELLS[0])),
        "palette": lambda: [build_palette(photo)],
    }
    theirs = _textual_image(photo)
    with _stdout_in_memory():
        times = interleaved_medians_ms({**ours, **theirs}, runs=RUNS)
        sizes = {name: len(make()) / 1000 for name, make in {**ours, **theirs}.items() if name != "palette"}
    pairs = {
        "kitty": ("720p photo as kitty PNG, lossless", "textual-image kitty (<= 0.2x)", "ti kitty"),
        "kitty 256": ("720p photo as kitty palette PNG", "textual-image kitty", "ti kitty"),
        "sixel": ("720p photo as sixel, 256 colours", "textual-image sixel (<= 0.4x)", "ti sixel"),
        "sixel 64": ("720p photo as sixel, 64 colours", "textual-image sixel, 64 colours", "ti sixel 64"),
        "cells": ("720p photo as 160x45 half blocks", "textual-image half cells (<= 0.1x)", "ti cells"),
    }
    for name, (title, peer, other) in pairs.items():
        yield figure(title, times[name], "ms", n=RUNS, peer=peer, peer_value=times[other])
        yield figure(f"{title}: bytes", sizes[name], "kB", n=1, peer=peer.partition(" (")[0], peer_value=sizes[other])
    yield figure("palette of 256 for a scene", times["palette"], "ms", n=RUNS)


def _textual_image(photo: NDArray[np.uint8]) -> dict[str, Callable[[], bytes]]:
    from PIL import Image
    from rich.console import Console
    from textual_image import _terminal
    from textual_image._sixel import SixelOptions, image_to_sixels
    from textual_image.renderable import halfcell, tgp

    picture = Image.fromarray(photo)
    _terminal.get_cell_size._result = _terminal.CellSize(8, 16)  # ask no terminal

    def kitty_way() -> bytes:
        sink = io.StringIO()
        sys.__stdout__ = sink  # type: ignore[misc,assignment]  # where textual-image writes
        tgp.Image(picture)._send_image_to_terminal(*SIZE)
        return sink.getvalue().encode()

    def cell_way() -> bytes:
        console = Console(
            file=io.StringIO(), force_terminal=True, color_system="truecolor", width=CELLS[0], height=CELLS[1]
        )
        with console.capture() as capture:
            console.print(halfcell.Image(picture, width=CELLS[0], height=CELLS[1]))
        return capture.get().encode()

    return {
        "ti kitty": kitty_way,
        "ti sixel": lambda: image_to_sixels(picture).encode(),
        "ti sixel 64": lambda: image_to_sixels(picture, SixelOptions(colors=64)).encode(),
        "ti cells": cell_way,
    }


@contextmanager
def _stdout_in_memory() -> Iterator[None]:
    kept = sys.__stdout__
    try:
        yield
    finally:
        sys.__stdout__ = kept  # type: ignore[misc]


# --- canvas --------------------------------------------------------------------------------------


def _canvas(photo: NDArray[np.uint8]) -> Iterator[Figure]:
    import cv2

    large = np.ascontiguousarray(cv2.resize(photo, (6000, 4000)))
    frames = {
        "24 MP photo fitted to a 720p canvas": (Frame(pixels=large, full_size=(6000, 4000)), 1.0),
        "24 MP photo at scale 4 on a 720p canvas": (Frame(pixels=large, full_size=(6000, 4000)), 4.0),
    }
    for title, (frame, scale) in frames.items():
        viewport = Viewport.fit(frame.full_size, SIZE)
        if scale > 1:
            viewport = viewport.zoom_at((640, 360), scale / viewport.scale)
        times = interleaved_medians_ms(
            {"ours": lambda frame=frame, viewport=viewport: render_pixels(frame, viewport)},  # type: ignore[misc]
            runs=RUNS,
        )
        yield figure(title, times["ours"], "ms", n=RUNS)
