"""From pixels to terminal bytes, against textual-image and the picture viewers of the shell.

Nothing is written to a terminal. Sizes are what goes over the wire. Times are CPU times, all threads; against
textual-image those of encoding a 720p photograph, in turns, in one process, which both do on one thread; against
programs of the shell they include decoding the same JPEG (`bench/peers/shell.py` tells how those run).
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bench.figures import Figure, absent, figure, interleaved_medians_ms
from bench.peers import shell
from bench.pictures import CELL_PX, CELLS, SIZE, pedestrians, photo_720p, psnr_db
from tui_editor.render import kitty
from tui_editor.render.cells import Cells, cells_for, encode_cells, held, row_texts
from tui_editor.render.changes import Thresholds, changed_blocks, cover, pixel_mask, taken_over
from tui_editor.render.coarse import encode_coarse_png, halved
from tui_editor.render.delta import Delta, encode_delta
from tui_editor.render.flatten import flattened
from tui_editor.render.palette import Palette, build_palette
from tui_editor.render.png import encode_overlay_png, encode_png
from tui_editor.render.sixel import encode_sixel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    Frame = NDArray[np.uint8]

RUNS = 9
SHELL_RUNS = 5
CPU = time.process_time
FRAMES = 60
_HOLE = 255
_ONLY_MEAN = Thresholds(mean=3, largest=255)


def run() -> list[Figure]:
    picture = photo_720p()
    return [
        *_against_textual_image(picture),
        *_against_the_shell(picture),
        *_levels(picture),
        *_overlays(),
        *_clips(),
        *_parts(picture),
    ]


def _kitty(png: bytes) -> bytes:
    return kitty.show_png(1, png)


# --- a whole picture -----------------------------------------------------------------------------


def _sixel(pixels: Frame, palette: Palette, *, packed: bool = True) -> bytes:
    return encode_sixel(palette.map(flattened(pixels)), palette, packed=packed)


def _against_textual_image(picture: Frame) -> Iterator[Figure]:
    many, few = build_palette(picture), build_palette(picture, 64)
    ours: dict[str, Callable[[], bytes]] = {
        "kitty": lambda: _kitty(encode_png(picture)),
        "sixel": lambda: _sixel(picture, many),
        "sixel 64": lambda: _sixel(picture, few),
        "cells": lambda: encode_cells(cells_for(picture, CELLS[1], CELLS[0])),
    }
    theirs = _textual_image(picture)
    with _stdout_in_memory():
        times = interleaved_medians_ms({**ours, **theirs}, runs=RUNS, clock=CPU)
        sizes = {name: len(make()) / 1000 for name, make in {**ours, **theirs}.items()}
    wanted = {
        "kitty": ("720p photo as kitty PNG, lossless", "textual-image kitty", "<= 0.15x", "<= 1.05x"),
        "sixel": ("720p photo as sixel, 256 colours", "textual-image sixel", "<= 0.3x", "2.3 dB coarser"),
        "sixel 64": (
            "720p photo as sixel, 64 colours",
            "textual-image sixel, 64 colours",
            "<= 0.3x",
            "coarser colours",
        ),
        "cells": ("720p photo as 160x45 half blocks", "textual-image half cells", "<= 0.05x", ""),
    }
    for name, (title, peer, time_ratio, size_ratio) in wanted.items():
        other = f"ti {name}"
        yield figure(title, times[name], "ms", n=RUNS, peer=f"{peer} ({time_ratio})", peer_value=times[other])
        size_peer = f"{peer} ({size_ratio})" if size_ratio else peer
        yield figure(f"{title}: bytes", sizes[name], "kB", n=1, peer=size_peer, peer_value=sizes[other])


def _textual_image(pixels: Frame) -> dict[str, Callable[[], bytes]]:
    from PIL import Image
    from rich.console import Console
    from textual_image import _terminal
    from textual_image._sixel import SixelOptions, image_to_sixels
    from textual_image.renderable import halfcell, tgp

    picture = Image.fromarray(pixels)
    _terminal.get_cell_size._result = _terminal.CellSize(*CELL_PX)  # ask no terminal

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


class _Shell(NamedTuple):
    """A comparison with a program of the shell."""

    title: str
    ours: str
    peer: str
    time_ratio: str
    size_ratio: str


_SHELL = (
    _Shell("720p JPEG to kitty PNG", "kitty", "timg -pk --compress", "<= 0.7x", ""),
    *(
        _Shell(f"720p JPEG to {way}", way, peer, "<= 0.8x", "<= 1x")
        for way in ("sixel", "sixel, not packed")
        for peer in ("chafa -f sixel", "img2sixel", "img2sixel -d none")
    ),
    _Shell("720p JPEG to 160x45 half blocks", "cells", "timg -ph", "<= 1x", ""),
)


def _against_the_shell(picture: Frame) -> Iterator[Figure]:
    import simplejpeg
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        Image.fromarray(picture).save(path, quality=95)
        data = path.read_bytes()

        def decoded() -> Frame:
            return np.asarray(simplejpeg.decode_jpeg(data, "RGB"))

        def sixel(*, packed: bool) -> bytes:
            pixels = decoded()
            return _sixel(pixels, build_palette(pixels), packed=packed)  # theirs make a palette for each picture too

        def cells() -> bytes:
            # As `media` does: the decoder makes the size that is shown; so does timg's.
            small = simplejpeg.decode_jpeg(data, "RGB", min_height=2 * CELLS[1], min_width=CELLS[0])
            return encode_cells(cells_for(np.asarray(small), CELLS[1], CELLS[0]))

        ours: dict[str, Callable[[], bytes]] = {
            "kitty": lambda: _kitty(encode_png(decoded())),
            "sixel": lambda: sixel(packed=True),
            "sixel, not packed": lambda: sixel(packed=False),
            "cells": cells,
        }
        found, failed = shell.compare(ours, path, runs=SHELL_RUNS)
    yield from _shell_figures(found, failed)


def _shell_figures(found: Mapping[str, shell.Cost], failed: Mapping[str, str]) -> Iterator[Figure]:
    for title, name, peer, time_ratio, size_ratio in _SHELL:
        if peer not in found:
            yield absent(f"{title}: CPU", "ms", why=failed[peer])
            continue
        mine, theirs = found[name], found[peer]
        yield figure(
            f"{title}: CPU", mine.cpu_ms, "ms", n=SHELL_RUNS, peer=f"{peer} ({time_ratio})", peer_value=theirs.cpu_ms
        )
        size_peer = f"{peer} ({size_ratio})" if size_ratio else peer
        yield figure(f"{title}: bytes", mine.size / 1000, "kB", n=1, peer=size_peer, peer_value=theirs.size / 1000)


# --- coarser pictures ----------------------------------------------------------------------------


def _levels(picture: Frame) -> Iterator[Figure]:
    palette = build_palette(picture)
    subjects: dict[str, Callable[[], Any]] = {
        "lossless": lambda: encode_png(picture),
        "coarse": lambda: encode_coarse_png(picture, palette),
        "half": lambda: encode_coarse_png(picture, palette, half=True),
        "build": lambda: [build_palette(picture)],
        "map": lambda: palette.map(picture),
        "quality": lambda: [palette.quality_db(picture)],
    }
    times = interleaved_medians_ms(subjects, runs=RUNS, clock=CPU)
    lossless, coarse, half = (len(subjects[name]()) / 1000 for name in ("lossless", "coarse", "half"))
    for title, name, size, ratio in (
        ("720p photo as palette PNG, 256 colours", "coarse", coarse, "<= 0.35x"),
        ("720p photo as palette PNG, half resolution", "half", half, "<= 0.13x"),
    ):
        yield figure(title, times[name], "ms", n=RUNS, peer="lossless", peer_value=times["lossless"])
        yield figure(f"{title}: bytes", size, "kB", n=1, peer=f"lossless ({ratio})", peer_value=lossless)
    shown = palette.colours[palette.map(picture)]
    yield figure("PSNR of 256 colours (>= 34)", psnr_db(shown, picture), "dB", n=1)
    yield figure("palette of 256 for a scene (<= 16)", times["build"], "ms", n=RUNS)
    yield figure("720p photo to palette indices (<= 2.5)", times["map"], "ms", n=RUNS)
    yield figure("whether a palette fits a frame", times["quality"], "ms", n=RUNS)


# --- labels --------------------------------------------------------------------------------------


def _overlays() -> Iterator[Figure]:
    for title, pixels in (("outline of a box", _box_patch()), ("smooth polygon", _polygon_patch())):
        times = interleaved_medians_ms(
            {
                "palette": lambda pixels=pixels: encode_overlay_png(pixels),  # type: ignore[misc]
                "rgba": lambda pixels=pixels: encode_png(pixels),  # type: ignore[misc]
            },
            runs=5 * RUNS,
            clock=CPU,
        )
        name = f"128x128 overlay patch, {title}"
        yield figure(f"{name} (<= 0.5)", times["palette"], "ms", n=5 * RUNS, peer="RGBA PNG", peer_value=times["rgba"])
        sizes = len(encode_overlay_png(pixels)), len(encode_png(pixels))
        yield figure(f"{name}: bytes", sizes[0], "B", n=1, peer="RGBA PNG", peer_value=sizes[1])


def _box_patch() -> Frame:
    pixels = np.zeros((128, 128, 4), np.uint8)
    pixels[10:110, 20:100] = (80, 200, 120, 255)
    pixels[12:108, 22:98] = 0
    return pixels


def _polygon_patch() -> Frame:
    import cv2

    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ring = np.rint(np.stack([64 + 50 * np.cos(turn), 64 + 40 * np.sin(turn)], axis=1) * 16).astype(np.int32)
    coverage = np.zeros((128, 128), np.uint8)
    cv2.polylines(coverage, [ring], True, 255, 2, cv2.LINE_AA, 4)
    colour = np.where(coverage[:, :, None] > 0, np.array([80, 200, 120], np.uint8), 0)
    return np.concatenate([colour, coverage[:, :, None]], axis=2).astype(np.uint8)


# --- video of a static camera --------------------------------------------------------------------


def _clips() -> Iterator[Figure]:
    frames = pedestrians(FRAMES)
    if not frames:
        yield absent("pedestrian video, 720p", "kB", why="the video is not beside the repository")
        return
    yield from _layered_clip(frames)
    yield from _sixel_clip(frames)
    yield from _cell_clip(frames)


def _layered_clip(frames: list[Frame]) -> Iterator[Figure]:
    palette = build_palette(frames[0], 255)
    keys = frames[0], halved(frames[0])
    lossless = _mean_kb(len(encode_png(frame)) for frame in frames[1:])
    ways: dict[str, Callable[[Frame], Delta]] = {
        "delta over a key frame": lambda frame: encode_delta(frame, keys[0], palette),
        "delta over a key frame, half resolution": lambda frame: encode_delta(halved(frame), keys[1], palette),
    }
    for title, delta in ways.items():
        size = _mean_kb(len(delta(frame).png) for frame in frames[1:])
        name = f"pedestrians, {title}"
        yield figure(f"{name}: bytes", size, "kB", n=FRAMES - 1, peer="lossless (<= 0.32x)", peer_value=lossless)
        times = interleaved_medians_ms({"delta": lambda delta=delta: delta(frames[9])}, runs=RUNS, clock=CPU)  # type: ignore[misc]
        yield figure(f"{name} (<= 3)", times["delta"], "ms", n=RUNS)


def _sixel_clip(frames: list[Frame]) -> Iterator[Figure]:
    for colours in (256, 64):
        palette = build_palette(frames[0], colours - 1)
        shown = flattened(frames[0])
        whole = len(encode_sixel(palette.map(shown), palette)) / 1000
        rects, holes, quality = [], [], []
        for frame in map(flattened, frames[1:]):
            cells = changed_blocks(frame, shown, CELL_PX, _ONLY_MEAN)
            shown = taken_over(frame, shown, cells, CELL_PX)
            indices = palette.map(frame)
            rects.append(sum(len(part) for part in _rect_sixels(indices, palette, cells)))
            mask = pixel_mask(cells, CELL_PX, SIZE)
            holes.append(len(encode_sixel(np.where(mask, indices, _HOLE), palette, transparent=_HOLE)))
            quality.append(psnr_db(palette.colours[palette.map(shown)], frame))
        name = f"pedestrians, sixel of {colours} colours, cells that changed"
        for way, sizes in (("rectangles", rects), ("one picture with holes", holes)):
            title = f"{name}, {way} (<= 120): bytes"
            yield figure(title, _mean_kb(sizes), "kB", n=FRAMES - 1, peer="whole picture", peer_value=whole)
        yield figure(f"{name}: PSNR of what is shown", statistics.mean(quality), "dB", n=FRAMES - 1)


def _rect_sixels(indices: Frame, palette: Palette, cells: NDArray[np.bool_]) -> Iterator[bytes]:
    width, height = CELL_PX
    for rect in cover(cells):
        part = indices[rect.y0 * height : rect.y1 * height, rect.x0 * width : rect.x1 * width]
        yield b"\x1b[%d;%dH" % (rect.y0 + 1, rect.x0 + 1) + encode_sixel(part, palette)


def _cell_clip(frames: list[Frame]) -> Iterator[Figure]:
    shown = cells_for(frames[0], CELLS[1], CELLS[0])
    whole = len(encode_cells(shown)) / 1000
    sizes = []
    for frame in frames[1:]:
        new = held(cells_for(frame, CELLS[1], CELLS[0]), shown)
        sizes.append(len(encode_cells(new, previous=shown)))
        shown = new
    name = "pedestrians, half blocks, cells that changed: bytes"
    yield figure(name, _mean_kb(sizes), "kB", n=FRAMES - 1, peer="whole view (<= 0.25x)", peer_value=whole)


def _mean_kb(sizes: Iterator[int] | list[int]) -> float:
    return statistics.mean(sizes) / 1000


# --- parts of a picture --------------------------------------------------------------------------


def _parts(picture: Frame) -> Iterator[Figure]:
    many, few = build_palette(picture), build_palette(picture, 64)
    indices, half = many.map(picture), few.map(halved(picture))
    cells = cells_for(picture, CELLS[1], CELLS[0])
    subjects: dict[str, Callable[[], bytes]] = {
        "sixel of 256 colours without flattening": lambda: encode_sixel(indices, many),
        "sixel of 256 colours, not packed": lambda: _sixel(picture, many, packed=False),
        "sixel of 64 colours, half resolution doubled": lambda: encode_sixel(half, few, doubled=True),
        "sixel of a rectangle of 200x208": lambda: encode_sixel(indices[208:416, 400:600], many),
        "sixel of a rectangle of 40x48": lambda: encode_sixel(indices[208:256, 400:440], many),
    }
    times = interleaved_medians_ms(subjects, runs=RUNS, clock=CPU)
    for name, make in subjects.items():
        yield figure(f"720p photo, {name}", times[name], "ms", n=RUNS)
        yield figure(f"720p photo, {name}: bytes", len(make()) / 1000, "kB", n=1)
    strips = interleaved_medians_ms(
        {"rows": lambda: row_texts(cells), "segments": lambda: _segments(cells)}, runs=RUNS, clock=CPU
    )
    yield figure(
        "160x45 half blocks as strips, rendered",
        strips["rows"],
        "ms",
        n=RUNS,
        peer="Textual's segments, rendered",
        peer_value=strips["segments"],
    )


def _segments(cells: Cells) -> list[str]:
    """Return the rows as Textual renders a segment for each cell."""
    from rich.color import Color
    from rich.console import Console
    from rich.segment import Segment
    from rich.style import Style
    from textual.strip import Strip

    console = Console(color_system="truecolor")
    rows = zip(cells.upper.tolist(), cells.lower.tolist(), strict=True)
    return [
        Strip(
            Segment("▀", Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below)))
            for above, below in zip(upper, lower, strict=True)
        ).render(console)
        for upper, lower in rows
    ]
