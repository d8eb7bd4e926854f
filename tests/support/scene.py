"""A photo and a clip of 100 frames that we made, on which it is known what is where: somebody labels them from nothing.

Both show things of every kind of shape before a hazy, noisy background. They are drawn four times as large and scaled
down, so that edges are soft as those of photos, and are the same pixels on every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image, ImageDraw

from tui_editor.model.ids import AttributeId, ClassId, OptionId
from tui_editor.model.masks import array_of, bitmask_from_array
from tui_editor.model.ontology import (
    Attribute,
    AttributeKind,
    Classification,
    ObjectClass,
    Ontology,
    Option,
    SkeletonPoint,
    SkeletonTemplate,
)
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    polygon,
    polyline,
    rotated_corners,
    skeleton,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Ring = NDArray[np.float64]

PHOTO_SIZE, CLIP_SIZE = (640, 480), (320, 240)
FRAMES, FPS = 100, 10
_FINE = 4
"""How much larger everything is drawn."""
_EARTH = (150, 120, 80)


def _radio(name: str, *labels: str, required: bool = False, nested: dict[str, Attribute] | None = None) -> Attribute:
    options = tuple(
        Option(
            id=OptionId(f"{name}-{label}"),
            label=label,
            value=label.lower(),
            attributes=((nested or {})[label],) if label in (nested or {}) else (),
        )
        for label in labels
    )
    return Attribute(id=AttributeId(name), name=name, kind=AttributeKind.RADIO, options=options, required=required)


def _asked(name: str, kind: AttributeKind, *, dynamic: bool = False) -> Attribute:
    return Attribute(id=AttributeId(name), name=name, kind=kind, dynamic=dynamic)


_DAMAGE = Attribute(
    id=AttributeId("Damage"),
    name="Damage",
    kind=AttributeKind.CHECKLIST,
    options=tuple(Option(id=OptionId(f"d-{n}"), label=n, value=n.lower()) for n in ("Door", "Glass", "Roof")),
)
FIGURE = SkeletonTemplate(
    name="figure",
    width=1.0,
    height=1.0,
    points=tuple(
        SkeletonPoint(id=name, name=name, color="#00FF00", x=x, y=y)
        for name, x, y in (
            ("head", 0.5, 0.0),
            ("left hand", 0.0, 0.45),
            ("right hand", 1.0, 0.45),
            ("left foot", 0.2, 1.0),
            ("right foot", 0.8, 1.0),
        )
    ),
    edges=((0, 1), (0, 2), (0, 3), (0, 4)),
)
ONTOLOGY = Ontology(
    classes=(
        ObjectClass(
            id=ClassId("car"),
            name="car",
            color="#D33115",
            shape=ShapeKind.BOX,
            attributes=(
                _radio("Colour", "Red", "Blue", required=True, nested={"Red": _asked("Shade", AttributeKind.TEXT)}),
                _DAMAGE,
                _asked("Speed", AttributeKind.NUMERIC, dynamic=True),
            ),
        ),
        ObjectClass(id=ClassId("sign"), name="sign", color="#E27300", shape=ShapeKind.BOX),
        ObjectClass(id=ClassId("boat"), name="boat", color="#FCDC00", shape=ShapeKind.ROTATED_BOX),
        ObjectClass(id=ClassId("lake"), name="lake", color="#FE9200", shape=ShapeKind.POLYGON),
        ObjectClass(id=ClassId("kerb"), name="kerb", color="#DBDF00", shape=ShapeKind.POLYLINE),
        ObjectClass(id=ClassId("lamp"), name="lamp", color="#16406C", shape=ShapeKind.KEYPOINT),
        ObjectClass(id=ClassId("person"), name="person", color="#A4DD00", shape=ShapeKind.SKELETON, skeleton=FIGURE),
        ObjectClass(id=ClassId("field"), name="field", color="#68CCCA", shape=ShapeKind.BITMASK),
    ),
    classifications=(
        Classification(
            id=ClassId("weather"),
            name="weather",
            required=True,
            attributes=(_radio("Sky", "Clear", "Cloudy", required=True),),
        ),
    ),
)
"""Classes 1 to 8 in the order of their numbers, and a classification, 9."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something on a frame."""

    name: str
    """Of its class."""
    shape: Shape
    colour: tuple[int, int, int]


# --- what is where -----------------------------------------------------------------------------------


def _blob(x: float, y: float, width: float, height: float, waves: float = 0.12) -> Ring:
    """Return the outline (48, 2) of a lake."""
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = 1 + waves * np.sin(3 * angle + 1) + waves / 2 * np.cos(5 * angle)
    return np.column_stack([x + width / 2 * radius * np.cos(angle), y + height / 2 * radius * np.sin(angle)])


def _disc(x: float, y: float, radius: float) -> Ring:
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])


def _fine(points: Ring) -> list[tuple[float, float]]:
    return [(x, y) for x, y in (points * _FINE).tolist()]


def field(outline: Ring, size: tuple[int, int]) -> Bitmask:
    """Return the pixels whose middle lies within an outline."""
    sheet = Image.new("L", (size[0] * _FINE, size[1] * _FINE))
    ImageDraw.Draw(sheet).polygon(_fine(outline), fill=255)
    whole = np.asarray(sheet.resize(size, Image.Resampling.BOX)) >= 128
    rows, columns = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
    top, left = int(rows[0]), int(columns[0])
    return bitmask_from_array(whole[top : rows[-1] + 1, left : columns[-1] + 1], left, top)


_FIELD = np.array([(380, 150), (470, 140), (490, 230), (420, 262), (360, 220)], np.float64)
_PERSON = np.array([(250, 282), (233, 309), (267, 309), (240, 342), (260, 342)], np.float64)

PHOTO = (
    Thing("field", field(_FIELD, PHOTO_SIZE), (96, 150, 60)),
    Thing("lake", Polygon(((_blob(160, 205, 150, 110), _disc(160, 205, 15)),)), (70, 110, 190)),
    Thing("lake", polygon(_disc(520, 300, 36)), (60, 100, 180)),
    Thing("car", Box(60, 350, 120, 70), (200, 40, 30)),
    Thing("car", Box(424, 372, 96, 56), (40, 50, 170)),
    Thing("sign", Box(590, 120, 24, 30), (240, 200, 40)),
    Thing("boat", RotatedBox(255, 90, 110, 36, 25), (120, 70, 30)),
    Thing("kerb", polyline([(0, 460), (160, 440), (330, 452), (500, 446), (640, 462)]), (235, 235, 225)),
    Thing("lamp", Keypoint(330, 330), (255, 250, 180)),
    Thing("person", skeleton(_PERSON), (30, 30, 34)),
)
"""What is on the photo; the first lake has an island."""


def on_frame(frame: int) -> tuple[Thing, ...]:
    """Return what is on a frame of the clip."""
    share = frame / (FRAMES - 1)
    found = [
        Thing("lake", polygon(_blob(262, 56, 80, 56)), (70, 110, 190)),
        Thing("field", _CLIP_FIELD, (96, 150, 60)),
        Thing("kerb", polyline([(0, 230), (110, 224), (210, 229), (320, 222)]), (235, 235, 225)),
        Thing("lamp", Keypoint(_between(20, 140, share), _between(24, 40, share)), (255, 250, 180)),
        Thing("boat", RotatedBox(_between(150, 190, share), 106, 60, 22, _between(0, 80, share)), (120, 70, 30)),
        Thing("person", skeleton(_PERSON - (130, 230)), (30, 30, 34)),
        Thing("car", _first_car(frame), (200, 40, 30)),
    ]
    if 20 <= frame < 80 and not 45 <= frame < 55:
        found.append(Thing("car", Box(20 + 2 * frame, 150, 34, 20), (40, 50, 170)))
    return tuple(found)


def _between(first: float, last: float, share: float) -> float:
    return first + (last - first) * share


_CLIP_FIELD = field(np.array([(20, 90), (70, 84), (84, 126), (30, 134)], np.float64), CLIP_SIZE)


def _first_car(frame: int) -> Box:
    """Return where the red car is: it drives to the right, and comes nearer from frame 60 on."""
    if frame <= 60:
        return Box(10 + 3 * frame, 180, 40, 26)
    nearer = (frame - 60) / 39
    return Box(190 + 40 * nearer, 180 + 4 * nearer, 40 + 20 * nearer, 26 + 14 * nearer)


# --- pictures ----------------------------------------------------------------------------------------


def photo() -> Pixels:
    """Return the photo, RGB (480, 640, 3)."""
    return _drawn(PHOTO, PHOTO_SIZE, seed=1)


def clip_frame(frame: int) -> Pixels:
    """Return a frame of the clip, RGB (240, 320, 3)."""
    return _drawn(on_frame(frame), CLIP_SIZE, seed=100 + frame)


def write_photo(path: Path) -> Path:
    """Write the photo as PNG."""
    Image.fromarray(photo()).save(path)
    return path


def write_clip(path: Path) -> Path:
    """Write the clip as video (H.264 in MP4)."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "14"})
        stream.width, stream.height, stream.pix_fmt = *CLIP_SIZE, "yuv420p"
        for number in range(FRAMES):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(clip_frame(number), format="rgb24")))
        output.mux(stream.encode(None))
    return path


def _drawn(things: tuple[Thing, ...], size: tuple[int, int], seed: int) -> Pixels:
    """Return a picture of things in their order, the last one in front."""
    sheet = Image.fromarray(_background(size)).resize((size[0] * _FINE, size[1] * _FINE), Image.Resampling.BILINEAR)
    brush = ImageDraw.Draw(sheet)
    for thing in things:
        _draw(brush, thing)
    soft = np.asarray(sheet.resize(size, Image.Resampling.BOX), np.float64)
    noisy = soft + np.random.default_rng(seed).normal(0, 2.0, soft.shape)
    pixels: Pixels = np.clip(noisy, 0, 255).astype(np.uint8)
    return pixels


def _background(size: tuple[int, int]) -> Pixels:
    """Return a hazy slope with a slow wave over it."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]] / max(size)
    level = 150 - 40 * y + 10 * np.sin(9 * x + 4 * y)
    sheet: Pixels = np.stack([level, level * 0.96, level * 0.9], axis=-1).astype(np.uint8)
    return sheet


def _draw(brush: ImageDraw.ImageDraw, thing: Thing) -> None:
    match thing.shape:
        case Box(x, y, width, height):
            brush.rectangle(
                [x * _FINE, y * _FINE, (x + width) * _FINE - 1, (y + height) * _FINE - 1], fill=thing.colour
            )
        case RotatedBox():
            brush.polygon(_fine(rotated_corners(thing.shape)), fill=thing.colour)
        case Polygon(parts):
            for part in parts:
                brush.polygon(_fine(part[0]), fill=thing.colour)
                for hole in part[1:]:
                    brush.polygon(_fine(hole), fill=_EARTH)
        case Polyline(points):
            brush.line(_fine(points), fill=thing.colour, width=4 * _FINE, joint="curve")
        case Keypoint(x, y):
            brush.ellipse(_around((x, y), 5), fill=thing.colour)
        case Skeleton(points):
            for first, second in FIGURE.edges:
                brush.line(_fine(points[[first, second]]), fill=thing.colour, width=3 * _FINE)
            brush.ellipse(_around(tuple(points[0].tolist()), 6), fill=thing.colour)
        case Bitmask():
            _draw_mask(brush, thing)


def _draw_mask(brush: ImageDraw.ImageDraw, thing: Thing) -> None:
    shape = thing.shape
    assert isinstance(shape, Bitmask)
    sheet = Image.fromarray(array_of(shape)).resize(
        (shape.width * _FINE, shape.height * _FINE), Image.Resampling.NEAREST
    )
    brush.bitmap((shape.left * _FINE, shape.top * _FINE), sheet.convert("1"), fill=thing.colour)


def _around(place: tuple[float, ...], radius: float) -> tuple[float, float, float, float]:
    x, y = place
    return (x - radius) * _FINE, (y - radius) * _FINE, (x + radius) * _FINE, (y + radius) * _FINE
