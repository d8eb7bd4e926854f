"""Picture settings on a 720p canvas, against Pillow doing the same: tones as lookup tables, a turn by 17 degrees.

Ours is what the editor does at each step of adjusting: the figures of a tone are what it adds to the plain picture.
"""

from __future__ import annotations

import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from bench.figures import Figure, figure, interleaved_medians_ms
from tui_editor.model.frames import Frame
from tui_editor.render.levels import Tone, chosen, to_levels
from tui_editor.render.pixels import PixelOptions, render_pixels
from tui_editor.render.viewport import Viewport
from tui_editor.state.picture import Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CANVAS = (1280, 720)
LARGE = (6000, 4000)
ANGLE_DEG = 17.0
TONE = Tone(1.3, 0.1, 1.2)
RUNS = 21
FULL = (0.0, 255.0)


def run() -> list[Figure]:
    rng = np.random.default_rng(0)
    canvas = rng.integers(0, 256, (CANVAS[1], CANVAS[0], 3), np.uint8)
    values = rng.integers(0, 65536, (CANVAS[1], CANVAS[0], 1), np.uint16)
    large = _large(canvas)
    return [*_tones(canvas, values), *_turns(large)]


def _large(canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    return np.asarray(cv2.resize(canvas, LARGE, interpolation=cv2.INTER_LINEAR), np.uint8)


def _tones(canvas: NDArray[np.uint8], values: NDArray[np.uint16]) -> list[Figure]:
    from PIL import Image

    picture = Image.fromarray(canvas)
    table = [round(float(level) * 255) for level in TONE.of(np.arange(256) / 255)] * 3
    window = (1000.0, 30000.0)
    subjects: dict[str, Callable[[], object]] = {
        "tone": lambda: to_levels(canvas, FULL, TONE),
        "pillow tone": lambda: np.asarray(picture.point(table)),
        "grey": lambda: to_levels(chosen(canvas, Channel.GREY), FULL, TONE),
        "pillow grey": lambda: np.asarray(picture.convert("L").point(table[:256])),
        "16 bits": lambda: to_levels(values, window, TONE),
        "numpy 16 bits": partial(_windowed, values, window),
    }
    wall = interleaved_medians_ms(subjects, runs=RUNS)
    cpu = _cpu_medians_ms({name: subjects[name] for name in ("tone", "16 bits")})
    return [
        _against("contrast, brightness and gamma of 720p (<= 1.5 ms)", wall, "tone", "Pillow's point", "pillow tone"),
        figure("tone of 720p: time of the processor", cpu["tone"], "ms", n=RUNS),
        _against("grey and tone of 720p", wall, "grey", "Pillow's convert and point", "pillow grey"),
        _against("window of 16 bits and tone of 720p", wall, "16 bits", "numpy, without a table", "numpy 16 bits"),
        figure("window of 16 bits: time of the processor", cpu["16 bits"], "ms", n=RUNS),
    ]


def _windowed(values: NDArray[np.uint16], window: tuple[float, float]) -> NDArray[np.uint8]:
    low, high = window
    shares = ((values.astype(np.float32) - low) / (high - low)).clip(0, 1)
    return np.asarray(TONE.of(shares) * 255, np.uint8)


def _turns(large: NDArray[np.uint8]) -> list[Figure]:
    from PIL import Image

    frame, picture = Frame(pixels=large, full_size=LARGE), Image.fromarray(large)
    views = {angle: Viewport.fit(LARGE, CANVAS, rotation_deg=angle) for angle in (0.0, 90.0, ANGLE_DEG)}
    scale = views[ANGLE_DEG].scale
    size = round(LARGE[0] * scale), round(LARGE[1] * scale)

    def pillow() -> object:
        small = picture.resize(size, Image.Resampling.BOX)
        return np.asarray(small.rotate(-ANGLE_DEG, Image.Resampling.BILINEAR, expand=True))

    times = interleaved_medians_ms(
        {
            "upright": lambda: render_pixels(frame, views[0.0]),
            "quarter": lambda: render_pixels(frame, views[90.0]),
            "turned": lambda: render_pixels(frame, views[ANGLE_DEG]),
            "turned and toned": lambda: render_pixels(frame, views[ANGLE_DEG], PixelOptions(tone=TONE)),
            "pillow": pillow,
        },
        runs=RUNS,
    )
    upright = times["upright"]
    return [
        figure("24 MP fitted into 720p, upright", upright, "ms", n=RUNS),
        figure(
            "24 MP turned by 90 degrees into 720p", times["quarter"], "ms", n=RUNS, peer="upright", peer_value=upright
        ),
        _against("24 MP turned by 17 degrees into 720p", times, "turned", "Pillow's resize and rotate", "pillow"),
        figure(
            "24 MP turned by 17 degrees, with a tone",
            times["turned and toned"],
            "ms",
            n=RUNS,
            peer="upright",
            peer_value=upright,
        ),
    ]


def _against(name: str, times: dict[str, float], ours: str, peer: str, theirs: str) -> Figure:
    return figure(name, times[ours], "ms", n=RUNS, peer=peer, peer_value=times[theirs])


def _cpu_medians_ms(subjects: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median time of the processor, on all cores, that each subject takes."""
    found = {}
    for name, subject in subjects.items():
        times = []
        for _ in range(RUNS):
            begun = time.process_time()
            subject()
            times.append((time.process_time() - begun) * 1000)
        found[name] = statistics.median(times)
    return found
