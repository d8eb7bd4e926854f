"""Place a point by keys: each of nine keys zooms into a ninth of the window."""

from __future__ import annotations

KEYS = "qweasdzxc"
"""The 3×3 grid, row by row."""

Window = tuple[float, float, float, float]
"""x, y, width, height in image pixels."""


def letters(quarter_turns: int = 0) -> str:
    """Return the key of each ninth, row by row of the image, when the screen shows it turned clockwise.

    On the screen the keys lie as on a keyboard at every turn: `q` is the ninth at the top left.
    """
    rows = [KEYS[:3], KEYS[3:6], KEYS[6:]]
    for _ in range(quarter_turns % 4):
        rows = ["".join(column) for column in zip(*rows, strict=True)][::-1]
    return "".join(rows)


def zoomed(window: Window, key: str, quarter_turns: int = 0) -> Window:
    """Return the ninth of the window that a key names, in a view that is turned clockwise by quarter turns.

    Raises:
        ValueError: it is none of the nine keys.
    """
    row, column = divmod(letters(quarter_turns).index(key), 3)
    x, y, width, height = window
    return x + column * width / 3, y + row * height / 3, width / 3, height / 3


def beside(whole: Window, point: tuple[float, float]) -> Window:
    """Return a third of the image in width and height that begins at a point, moved into the image where it sticks out.

    The opposite corner of most boxes lies there: its path is shorter by a key or two.
    """
    x, y, width, height = whole
    left, top = min(point[0], x + width * 2 / 3), min(point[1], y + height * 2 / 3)
    return left, top, width / 3, height / 3


def center(window: Window) -> tuple[float, float]:
    """Return the middle of the window, where the crosshair goes."""
    x, y, width, height = window
    return x + width / 2, y + height / 2


def corner(window: Window, size: tuple[float, float]) -> tuple[float, float]:
    """Return the middle of the window on the pixel grid, within an image of `size` (width, height)."""
    x, y = center(window)
    return min(max(float(round(x)), 0.0), size[0]), min(max(float(round(y)), 0.0), size[1])
