"""Makes a skeleton template of a category's keypoints, with a picture of it that pleases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.model.ontology import PALETTE, SkeletonPoint, SkeletonTemplate
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_WIDTH, _HEIGHT = 100.0, 160.0
_SIDES = {"left": "#0062B1", "right": "#E27300"}
_MOST_LAID_OUT = 300
"""Skeletons with more points are put on a circle: shortest paths cost the cube of their number."""

_BODY: Mapping[str, tuple[float, float]] = {
    "nose": (50, 20), "left_eye": (56, 14), "right_eye": (44, 14), "left_ear": (63, 18), "right_ear": (37, 18),
    "left_shoulder": (68, 42), "right_shoulder": (32, 42), "left_elbow": (78, 65), "right_elbow": (22, 65),
    "left_wrist": (84, 88), "right_wrist": (16, 88), "left_hip": (61, 88), "right_hip": (39, 88),
    "left_knee": (64, 120), "right_knee": (36, 120), "left_ankle": (66, 152), "right_ankle": (34, 152),
}  # fmt: skip
"""COCO's 17 points of a person who faces us."""


def template_of(category: Mapping[str, Any]) -> SkeletonTemplate | None:
    """Return the template of a category's `keypoints` and `skeleton` (1-based pairs), None when it names no points."""
    names = category.get("keypoints")
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        return None
    edges = _edges(category.get("skeleton"), len(names))
    places = layout(names, edges)
    points = tuple(
        SkeletonPoint(id=str(i), name=name, color=_color(name, i), x=float(x), y=float(y))
        for i, (name, (x, y)) in enumerate(zip(names, places, strict=True))
    )
    return SkeletonTemplate(
        name=one_line(str(category.get("name", ""))), width=_WIDTH, height=_HEIGHT, points=points, edges=edges
    )


def layout(names: Sequence[str], edges: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Return places (k, 2) within the template's picture: a body for COCO's person, else by the graph's distances."""
    if all(n in _BODY for n in names):
        return np.array([_BODY[n] for n in names])
    if len(names) > _MOST_LAID_OUT or not edges:
        return _fitted(_circle(len(names)))
    return _fitted(_by_distance(len(names), edges))


def _edges(pairs: Any, count: int) -> tuple[tuple[int, int], ...]:
    found = []
    for pair in pairs if isinstance(pairs, list) else ():
        whole = isinstance(pair, list) and len(pair) == 2 and all(isinstance(p, int) and 1 <= p <= count for p in pair)
        if whole:
            found.append((pair[0] - 1, pair[1] - 1))
    return tuple(found)


def _circle(count: int) -> NDArray[np.float64]:
    angle = 2 * np.pi * np.arange(count) / max(count, 1) - np.pi / 2
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _by_distance(count: int, edges: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Return places whose distances resemble the number of edges between points (classical multidimensional scaling).

    Shortest paths by Floyd and Warshall; Torgerson, Psychometrika 17 (1952).
    """
    far = float(count)
    distance = np.full((count, count), far)
    np.fill_diagonal(distance, 0)
    for a, b in edges:
        if a != b:
            distance[a, b] = distance[b, a] = 1
    for k in range(count):
        np.minimum(distance, distance[:, k, None] + distance[k], out=distance)
    centre = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-0.5 * centre @ distance**2 @ centre)
    places: NDArray[np.float64] = vectors[:, [-2, -1]] * np.sqrt(np.maximum(values[[-2, -1]], 0))
    places *= np.where(places[0] > 0, -1, 1)  # the first point (a head, as a rule) at the top left
    return places + 0.02 * _circle(count)  # points that have the same neighbours don't cover each other


def _fitted(places: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = places.min(axis=0), places.max(axis=0)
    size = np.where(high - low > 1e-9, high - low, 1)
    margin = 0.08 * np.array([_WIDTH, _HEIGHT])
    fitted = margin + (places - low) / size * (np.array([_WIDTH, _HEIGHT]) - 2 * margin)
    rounded: NDArray[np.float64] = np.round(fitted, 2)
    return rounded


def _color(name: str, index: int) -> str:
    folded = name.casefold()
    return next((color for side, color in _SIDES.items() if folded.startswith(side)), PALETTE[index % len(PALETTE)])
