"""A terminal in memory that keeps the pixels of OSC 1337 and of kitty's images in its cells."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image

CELL = (8, 16)
"""(width, height) of a cell in pixels."""
ROWS, COLUMNS = 20, 40
_COMMAND = re.compile(
    rb"\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    rb"|\x1b\]1337;File=(?P<keys>[^:]*):(?P<file>[^\x07]*)\x07"
    rb"|\x1b_G(?P<kitty>[^;\x1b]*);?(?P<payload>[^\x1b]*)\x1b\\"
)


class CellTerminal:
    """A terminal that keeps pictures in its cells, as xterm.js does: what is written last is seen, nothing else."""

    def __init__(self) -> None:
        self.screen = np.zeros((ROWS * CELL[1], COLUMNS * CELL[0], 3), np.uint8)
        self.owner = np.zeros((ROWS, COLUMNS), int)
        self.painted_px = 0
        self._cursor = (0, 0)
        self._upload: dict[str, str] = {}
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        for match in _COMMAND.finditer(data):
            if match["row"]:
                self._cursor = int(match["row"]) - 1, int(match["column"]) - 1
            elif match["keys"]:
                keys = dict(pair.split("=") for pair in match["keys"].decode().split(";"))
                file = base64.b64decode(match["file"])
                assert len(file) == int(keys["size"])
                assert keys["preserveAspectRatio"] == "0"
                self._paint(file, int(keys["width"]), int(keys["height"]), 1)
            else:
                self._kitty(match["kitty"].decode(), match["payload"])

    def _kitty(self, control: str, payload: bytes) -> None:
        keys = dict(pair.split("=") for pair in control.split(","))
        if keys.get("a") == "d":
            self.screen[np.kron(self.owner == int(keys["i"]), np.ones(CELL[::-1], bool)).astype(bool)] = 0
            return
        self._upload = {**self._upload, **keys}
        self._pieces.append(payload)
        if keys.get("m") != "1":
            self._paint(
                base64.b64decode(b"".join(self._pieces)),
                int(self._upload["c"]),
                int(self._upload["r"]),
                int(self._upload["i"]),
            )
            self._upload, self._pieces = {}, []

    def _paint(self, file: bytes, columns: int, rows: int, image: int) -> None:
        pixels = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))
        if pixels.shape[0] * 2 == rows * CELL[1]:  # half the resolution
            pixels = pixels.repeat(2, axis=0).repeat(2, axis=1)
        assert pixels.shape[:2] == (rows * CELL[1], columns * CELL[0]), "pixel for pixel"
        row, column = self._cursor
        self.owner[row : row + rows, column : column + columns] = image
        top, left = row * CELL[1], column * CELL[0]
        self.screen[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
        self.painted_px += pixels.shape[0] * pixels.shape[1]
