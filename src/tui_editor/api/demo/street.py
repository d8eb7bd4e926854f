"""The demo's video: a street drawn by us, with the truth of every frame."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui_editor.api.demo import actors, figures
from tui_editor.api.demo.actors import CARS, FPS, FRAME_COUNT, HEIGHT, WIDTH
from tui_editor.api.demo.backdrop import BUSH_BOX_PX, LAMP_BOX_PX, TRUNK_BOX_PX, backdrop, draw_foreground
from tui_editor.api.demo.walkers import WALKERS, joints, walks
from tui_editor.model.empty import EMPTY
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    RotatedBox,
    Shape,
    Visibility,
    polygon,
    polyline,
    skeleton,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

NOTED = 0.05
"""Share of a vehicle from which on what hides it is named."""

Fact = str | float | tuple[str, ...]
_BoxPx = tuple[float, float, float, float]


class Truth(Struct, frozen=True, kw_only=True, eq=False):
    """What one thing is on one frame."""

    name: str
    """Name of its class in the demo's ontology."""
    number: int
    """Number of its track within the class, from 0."""
    shape: Shape
    hidden: float = 0.0
    """Share of its box behind other things, 0..1."""
    facts: Mapping[str, Fact] = EMPTY
    """Answers to the dynamic attributes of its class, by name; options by label, speed in pixels a second."""


def render_frame(index: int, *, without: tuple[str, int] | None = None) -> NDArray[np.uint8]:
    """Return a frame of the street.

    Args:
        index: 0..299.
        without: Class name and track number of a thing to leave out, so that its pixels can be found.

    Returns:
        uint8 (360, 640, 3), red, green, blue; the same for the same arguments on any machine with the same OpenCV.
    """
    pen = backdrop().copy()
    if without != ("Boat", 0):
        figures.draw_boat(pen, index)
    if without != ("Traffic light", 0):
        figures.draw_light(pen, index)
    if without != ("Ball", 0):
        figures.draw_ball(pen, index)
    behind, ahead = WALKERS[:2], WALKERS[2:]
    for walker in behind:
        if without != ("Pedestrian", walker.number):
            figures.draw_walker(pen, walker, index)
    for car in sorted(CARS, key=lambda c: c.base_y):
        figures.draw_car_shadow(pen, car, index)
        if without != ("Car", car.number):
            figures.draw_car(pen, car, index)
    draw_foreground(pen)
    for walker in ahead:
        if without != ("Pedestrian", walker.number):
            figures.draw_walker(pen, walker, index)
    picture = pen.picture()
    if without != ("Cloud", 0):
        _draw_cloud(picture, index)
    return picture


def _draw_cloud(picture: NDArray[np.uint8], index: int) -> None:
    """Lay the cloud on the finished picture, so that its mask is exact to the pixel."""
    mask = actors.cloud_mask()
    shade = np.linspace(255, 226, mask.shape[0])[:, None, None] * (1, 1, 1)
    left, top = actors.cloud_left(index), actors.CLOUD_TOP
    window = picture[top : top + mask.shape[0], left : left + mask.shape[1]]
    window[mask] = np.broadcast_to(shade, window.shape)[mask].astype(np.uint8)


def ground_truth(index: int) -> list[Truth]:
    """Return what is on a frame, vehicles clipped to the picture; occluded things are there, flagged."""
    return [*_cars(index), *_pedestrians(index), *_others(index)]


_SCREENS = (("Tree", TRUNK_BOX_PX), ("Tree", BUSH_BOX_PX), ("Lamp post", LAMP_BOX_PX))


def _cars(index: int) -> Iterator[Truth]:
    for car in CARS:
        box = car.seen_px(index)
        if box is None:
            continue
        nearer = [("Vehicle", c.seen_px(index)) for c in CARS if c.base_y > car.base_y]
        shares = [(name, _share(box, screen)) for name, screen in (*nearer, *_SCREENS) if screen is not None]
        hiding = dict.fromkeys(name for name, share in shares if share >= NOTED)
        speed = car.speed(index) * FPS
        facts = {
            "Motion": "Moving" if speed else "Standing",
            "Speed": round(speed, 2),
            "Hidden by": tuple(sorted(hiding)),
        }
        hidden = max(share for _, share in shares)
        yield Truth(name="Car", number=car.number, shape=Box(*box), hidden=hidden, facts=facts)


def _share(box: _BoxPx, screen: _BoxPx) -> float:
    """Return the share of a box that another one covers."""
    x, y, w, h = box
    sx, sy, sw, sh = screen
    across = min(x + w, sx + sw) - max(x, sx)
    down = min(y + h, sy + sh) - max(y, sy)
    return round(max(across, 0.0) * max(down, 0.0) / (w * h), 4)


def _pedestrians(index: int) -> Iterator[Truth]:
    for walker in WALKERS:
        points = joints(walker)[index]
        seen = np.full(len(points), Visibility.VISIBLE, np.uint8)
        far_arm = np.abs(points[3:5, 0] - points[2, 0]) < 0.07 * walker.height_px
        seen[3:5][far_arm] = Visibility.SELF_OCCLUDED
        if walker.base_y < LAMP_BOX_PX[1] + LAMP_BOX_PX[3]:
            left, right = LAMP_BOX_PX[0], LAMP_BOX_PX[0] + LAMP_BOX_PX[2]
            seen[(points[:, 0] > left) & (points[:, 0] < right)] = Visibility.OCCLUDED
        hidden = round(float(np.mean(seen == Visibility.OCCLUDED)), 4)
        facts = {"Motion": "Moving" if walks(walker, index) else "Standing"}
        shape = skeleton(points, seen.tolist())
        yield Truth(name="Pedestrian", number=walker.number, shape=shape, hidden=hidden, facts=facts)


def _others(index: int) -> Iterator[Truth]:
    yield Truth(
        name="Traffic light",
        number=0,
        shape=Box(*actors.LIGHT_BOX_PX),
        facts={"State": actors.light_state(index).capitalize()},
    )
    x, y, heading = actors.boat_pose(index)
    length, beam = actors.BOAT_SIZE_PX
    yield Truth(name="Boat", number=0, shape=RotatedBox(x - length / 2, y - beam / 2, length, beam, heading))
    yield Truth(name="Ball", number=0, shape=Keypoint(*actors.ball_center(index)))
    yield Truth(name="Cloud", number=0, shape=_cloud(index))
    yield Truth(name="Pond", number=0, shape=polygon(*actors.pond_rings()))
    yield Truth(name="Lane line", number=0, shape=polyline(actors.lane_points()))


def _cloud(index: int) -> Bitmask:
    return replace(_cloud_at_origin(), left=actors.cloud_left(index) + _cloud_at_origin().left)


@cache
def _cloud_at_origin() -> Bitmask:
    return bitmask_from_array(actors.cloud_mask(), 0, actors.CLOUD_TOP)


def write_video(path: Path) -> None:
    """Write all frames as H.264 (MPEG-4 part 2 without x264): yuv420p, 25 a second, key frames 50 apart, B-frames.

    Raises:
        OSError: the file can't be written.
    """
    import av

    codec = "libx264" if "libx264" in av.codecs_available else "mpeg4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size = 50
        stream.max_b_frames = 2
        if codec == "libx264":
            stream.options = {"crf": "20", "preset": "fast", "bf": "2", "x264-params": "keyint=50:scenecut=0"}
        else:
            stream.bit_rate = 2_000_000
        for index in range(FRAME_COUNT):
            picture = av.VideoFrame.from_ndarray(render_frame(index), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
