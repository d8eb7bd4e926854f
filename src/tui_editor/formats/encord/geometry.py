"""Shapes as the geometry keys of Encord's frame objects: 0..1 of the frame's width and height there, pixels here."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.formats.encord.names import snake
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
    Verbatim,
    Visibility,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tui_editor.model.ontology import SkeletonTemplate

Size = tuple[int, int]
"""(width, height) of the frame in pixels; (1, 1) where it is unknown, so that numbers stay relative."""

DIGITS = 15
"""Decimals that are written: enough for 1e-9 of a pixel, and 0.1 comes back as 0.1."""

FOREIGN_KEYS = ("cuboid_2d", "circle", "ellipse", "cuboid", "segmentation")
"""Geometry keys of shapes without an editor."""

_SEEN = {
    Visibility.VISIBLE: "visible",
    Visibility.INVISIBLE: "invisible",
    Visibility.OCCLUDED: "occluded",
    Visibility.SELF_OCCLUDED: "selfOccluded",
}
_SEEN_BY_NAME = {name: value for value, name in _SEEN.items()}
_BOOLEANS = ("invisible", "occluded", "selfOccluded", "visible")
"""The older spelling of a point's visibility, in the order in which the SDK looks at them."""


class OddGeometry(ValueError):
    """A geometry key is missing or doesn't hold what its shape needs."""


# --- reading -------------------------------------------------------------------------------------


def read_shape(source: dict[str, Any], kind: ShapeKind, size: Size) -> Shape:
    """Return the shape of a frame object of a class whose shape is `kind`.

    Raises:
        OddGeometry: the geometry is missing or not of that kind; the caller keeps the object unread.
    """
    try:
        with np.errstate(over="raise"):
            return _READ[kind](source, size)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, FloatingPointError) as error:
        raise OddGeometry(str(error)) from error


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise OddGeometry("a coordinate is not a number")
    return float(value)


def _box_px(source: dict[str, Any], size: Size) -> tuple[float, float, float, float]:
    (width, height), number = size, _number
    return (
        number(source["x"]) * width,
        number(source["y"]) * height,
        number(source["w"]) * width,
        number(source["h"]) * height,
    )


def _read_box(source: dict[str, Any], size: Size) -> Shape:
    return Box(*_box_px(source["boundingBox"], size))


def _read_rotated(source: dict[str, Any], size: Size) -> Shape:
    inner = source["rotatableBoundingBox"]
    return RotatedBox(*_box_px(inner, size), _number(inner.get("theta", 0.0)))


def _in_order(value: object) -> list[dict[str, Any]]:
    """Return points of `{"0": {…}, "1": {…}}` by number, or of a list."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value, key=int)]
    if isinstance(value, list):
        return value
    raise OddGeometry("points are neither an object nor a list")


def _points(value: object, size: Size) -> NDArray[np.float64]:
    rows = [(_number(p["x"]), _number(p["y"])) for p in _in_order(value)]
    return np.array(rows, np.float64).reshape(-1, 2) * np.array(size, np.float64)


def _read_polygon(source: dict[str, Any], size: Size) -> Shape:
    parts = source.get("polygons")
    if parts is None:
        return Polygon(((_points(source["polygon"], size),),))
    if not isinstance(parts, list):
        raise OddGeometry("`polygons` is not a list")
    return Polygon(tuple(tuple(_flat_ring(r, size) for r in part) for part in parts))


def _flat_ring(flat: Sequence[Any], size: Size) -> NDArray[np.float64]:
    return np.array([_number(v) for v in flat], np.float64).reshape(-1, 2) * np.array(size, np.float64)


def _read_polyline(source: dict[str, Any], size: Size) -> Shape:
    return Polyline(_points(source["polyline"], size))


def _read_keypoint(source: dict[str, Any], size: Size) -> Shape:
    points = _points(source["point"], size)
    if len(points) != 1:
        raise OddGeometry("a point has not one point")
    return Keypoint(*points[0].tolist())


def _read_skeleton(source: dict[str, Any], size: Size) -> Shape:
    points = _in_order(source["skeleton"])
    if not points:
        raise OddGeometry("a skeleton has no points")
    return Skeleton(_points(points, size), np.array([_visibility(p) for p in points], np.uint8))


def _visibility(point: dict[str, Any]) -> Visibility:
    old = next((name for name in _BOOLEANS if point.get(name) is True), None)
    return _SEEN_BY_NAME.get(old or point.get("visibility", ""), Visibility.VISIBLE)


def _read_bitmask(source: dict[str, Any], _size: Size) -> Shape:
    from tui_editor.errors import TuiEditorError
    from tui_editor.model.masks import bitmask_from_row_major

    inner = source["bitmask"]
    width, height, left, top = (int(_number(inner.get(k, 0))) for k in ("width", "height", "left", "top"))
    try:
        return bitmask_from_row_major(str(inner["rleString"]), width, height, left, top)
    except TuiEditorError as error:
        raise OddGeometry(error.what) from error


def _read_verbatim(source: dict[str, Any], _size: Size) -> Shape:
    import msgspec

    found = {k: source[k] for k in FOREIGN_KEYS if k in source}
    if not found:
        raise OddGeometry("there is no geometry")
    return Verbatim(msgspec.json.encode(found))


_READ: dict[ShapeKind, Callable[[dict[str, Any], Size], Shape]] = {
    ShapeKind.BOX: _read_box,
    ShapeKind.ROTATED_BOX: _read_rotated,
    ShapeKind.POLYGON: _read_polygon,
    ShapeKind.POLYLINE: _read_polyline,
    ShapeKind.KEYPOINT: _read_keypoint,
    ShapeKind.SKELETON: _read_skeleton,
    ShapeKind.BITMASK: _read_bitmask,
    ShapeKind.VERBATIM: _read_verbatim,
}


# --- writing -------------------------------------------------------------------------------------


def write_shape(shape: Shape, size: Size, template: SkeletonTemplate | None = None) -> dict[str, Any]:
    """Return the geometry keys of a shape on a frame of `size`; nothing for presence."""
    match shape:
        case Box():
            return {"boundingBox": _box_norm(shape, size)}
        case RotatedBox():
            return {"rotatableBoundingBox": {**_box_norm(shape, size), "theta": shape.theta_deg}}
        case Polygon():
            return _write_polygon(shape, size)
        case Polyline(points):
            return {"polyline": _numbered(points, size)}
        case Keypoint(x, y):
            return {"point": _numbered(np.array([[x, y]]), size)}
        case Skeleton():
            return {"skeleton": _write_skeleton(shape, size, template)}
        case Bitmask():
            return {"bitmask": _write_bitmask(shape, size)}
        case Verbatim(raw):
            return _verbatim(raw)
        case _:
            return {}


def _box_norm(shape: Box | RotatedBox, size: Size) -> dict[str, float]:
    width, height = size
    numbers = {"h": shape.height / height, "w": shape.width / width, "x": shape.x / width, "y": shape.y / height}
    return {key: round(value, DIGITS) for key, value in numbers.items()}


def _norm(points: NDArray[np.float64], size: Size) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):  # rounding multiplies: of numbers near the largest infinity is left
        return np.asarray(np.round(points / np.array(size, np.float64), DIGITS), np.float64)


def _numbered(points: NDArray[np.float64], size: Size) -> dict[str, dict[str, float]]:
    return {str(i): {"x": x, "y": y} for i, (x, y) in enumerate(_norm(points, size).tolist())}


def _write_polygon(shape: Polygon, size: Size) -> dict[str, Any]:
    first = shape.parts[0][0] if shape.parts and shape.parts[0] else np.empty((0, 2))
    parts = [[_norm(ring, size).ravel().tolist() for ring in part] for part in shape.parts]
    return {"polygon": _numbered(first, size), "polygons": parts}


def _write_skeleton(shape: Skeleton, size: Size, template: SkeletonTemplate | None) -> dict[str, Any]:
    known = [(p.name, p.color, p.id) for p in template.points] if template else []
    out: dict[str, Any] = {}
    for row, (point, seen) in enumerate(
        zip(_norm(shape.points, size).tolist(), shape.visibility.tolist(), strict=True)
    ):
        name, color, feature = known[row] if row < len(known) else (f"point_{row}", "#000000", "")
        entry = {"x": point[0], "y": point[1], "name": name, "color": color}
        entry |= {"featureHash": feature} if feature else {}
        out[str(row)] = entry | {"value": snake(name), "visibility": _SEEN[Visibility(seen)]}
    return out


def _write_bitmask(shape: Bitmask, size: Size) -> dict[str, Any]:
    from tui_editor.model.masks import row_major_string

    # a frame of unknown size: the mask tells the least that the frame can be
    width, height = size if size != (1, 1) else (shape.left + shape.width, shape.top + shape.height)
    text = row_major_string(shape, width, height)
    return {"top": 0, "left": 0, "height": height, "width": width, "rleString": text}


def _verbatim(raw: bytes) -> dict[str, Any]:
    import msgspec

    try:
        found = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}
