"""Hands that know a keyboard: the fewest keys with which the crosshair gets to a place while a shape is drawn.

They press the app's keys and nothing else: the 3×3 keys, hjkl and HJKL with counts, snap, Backspace. What they aim at
is given; how they get there is searched for.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from tui_editor.tools import hint_zoom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Point = tuple[float, float]
    Snap = Callable[[Point], Point | None]

MOST_HINTS = 6


class Reach(NamedTuple):
    """Keys, and where they lead."""

    keys: tuple[str, ...]
    place: Point


@cache
def steps(by: int, plus: str, minus: str) -> tuple[str, ...]:
    """Return the fewest keys that move by a whole number of pixels along one axis: `3 l`, `L l`, `2 5 l`."""
    if by == 0:
        return ()
    key, size = (plus if by > 0 else minus), abs(by)
    ways: list[tuple[str, ...]] = [(*str(size), key)]
    if size <= 3:
        ways.append((key,) * size)
    for tens in {size // 10, size // 10 + 1} - {0}:
        rest = size - 10 * tens
        big = (key.upper(),) if tens == 1 else (*str(tens), key.upper())
        if abs(rest) <= 3:
            ways.append((*big, *((key if rest > 0 else _other(key)),) * abs(rest)))
    return min(ways, key=len)


def _other(key: str) -> str:
    return {"h": "l", "l": "h", "j": "k", "k": "j"}[key]


def _along(offset: float, tolerance: float, plus: str, minus: str) -> tuple[tuple[str, ...], int]:
    """Return the fewest keys that end within a tolerance of an offset, and how far they move."""
    low, high = int(-(-(offset - tolerance) // 1)), int((offset + tolerance) // 1)
    ways = [(steps(by, plus, minus), by) for by in range(low, high + 1)] or [
        (steps(round(offset), plus, minus), round(offset))
    ]
    return min(ways, key=lambda way: (len(way[0]), abs(way[1] - offset)))


def _starts(now: Point, window: hint_zoom.Window, whole: hint_zoom.Window, target: Point) -> Iterator[Reach]:
    """Yield where the crosshair may be before it is moved by pixels: where it is, and in ninths around the target."""
    yield Reach((), now)
    windows = [((), window)] if window == whole else [((), window), (("backspace",), whole)]
    for first, begun in windows:
        around = begun
        x, y, width, height = around
        if not (x <= target[0] <= x + width and y <= target[1] <= y + height):
            continue
        keys: tuple[str, ...] = first
        for _ in range(MOST_HINTS):
            column = min(int((target[0] - around[0]) / around[2] * 3), 2)
            row = min(int((target[1] - around[1]) / around[3] * 3), 2)
            key = hint_zoom.KEYS[3 * row + column]
            around, keys = hint_zoom.zoomed(around, key), (*keys, key)
            yield Reach(keys, hint_zoom.corner(around, whole[2:]))


def reach(
    now: Point,
    target: Point,
    *,
    window: hint_zoom.Window,
    whole: hint_zoom.Window,
    tolerance_px: float = 0.5,
    snap: Snap | None = None,
) -> Reach:
    """Return the fewest keys that put the crosshair within a tolerance of a place, along both axes.

    Args:
        now: Where it is.
        target: Where it shall be.
        window: What the 3×3 keys divide.
        whole: The frame.
        tolerance_px: How far off it may be, in image pixels.
        snap: Where `=` leads from a place; None: it is not pressed.
    """
    found: list[Reach] = []
    for start in _starts(now, window, whole, target):
        dx, dy = target[0] - start.place[0], target[1] - start.place[1]
        found.append(_moved(start, dx, dy, tolerance_px))
        if snap is not None:
            for near in product((0.0, tolerance_px, 3 * tolerance_px), repeat=2):
                found += _snapped(_moved(start, dx, dy, near[0], near[1]), target, tolerance_px, snap)
    found = [one for one in found if whole[0] <= one.place[0] <= whole[2] and whole[1] <= one.place[1] <= whole[3]]
    fitting = [one for one in found if _off(one.place, target) <= tolerance_px + 1e-9]
    if not fitting:  # between two pixels
        fitting = found[:1]
    return min(fitting, key=lambda one: (len(one.keys), _off(one.place, target)))


def _moved(start: Reach, dx: float, dy: float, across: float, down: float | None = None) -> Reach:
    keys_x, x = _along(dx, across, "l", "h")
    keys_y, y = _along(dy, across if down is None else down, "j", "k")
    return Reach((*start.keys, *keys_x, *keys_y), (start.place[0] + x, start.place[1] + y))


def _snapped(start: Reach, target: Point, tolerance_px: float, snap: Snap) -> Iterator[Reach]:
    place = snap(start.place)
    if place is not None and _off(place, target) <= tolerance_px:
        yield Reach((*start.keys, "="), place)


def _off(place: Point, target: Point) -> float:
    return max(abs(place[0] - target[0]), abs(place[1] - target[1]))
