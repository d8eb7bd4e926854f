"""A terminal that obeys kitty graphics commands, in memory: what would be seen after these bytes."""

from __future__ import annotations

import base64
import io
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

_TOKEN = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\|\x1b\[(\d+);(\d+)H|\x1b([78])")


@dataclass
class KittyScreen:
    """Images and placements of one terminal.

    Attributes:
        columns: Of the screen.
        rows: Of the screen.
        cell_px: (width, height) of a cell.
        images: RGBA pixels by id.
        placements: Control data by (image id, placement id), with the cell (row, column) from 0 under `at`.
        refused: Commands that a terminal would answer with an error.
    """

    columns: int
    rows: int
    cell_px: tuple[int, int] = (8, 16)
    images: dict[int, np.ndarray] = field(default_factory=dict)
    placements: dict[tuple[int, int], dict[str, int]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    _cursor: tuple[int, int] = (0, 0)
    _upload: tuple[dict[str, str], bytes] | None = None

    def feed(self, data: bytes) -> KittyScreen:
        """Obey the commands in `data`."""
        for match in _TOKEN.finditer(data):
            if match[1] is not None:
                self._command(match[1].decode(), match[2] or b"")
            elif match[3] is not None:
                self._cursor = int(match[3]) - 1, int(match[4]) - 1
        return self

    def picture(self, background: tuple[int, int, int] = (0, 0, 0)) -> np.ndarray:
        """Return RGB (h, w, 3) of the whole screen; parts are scaled to the nearest pixel."""
        width, height = self.columns * self.cell_px[0], self.rows * self.cell_px[1]
        screen = np.empty((height, width, 3), np.uint8)
        screen[:] = background
        for (image, _), place in sorted(self.placements.items(), key=lambda item: (item[1].get("z", 0), item[0])):
            self._paint(screen, self.images[image], place)
        return screen

    def _paint(self, screen: np.ndarray, pixels: np.ndarray, place: dict[str, int]) -> None:
        x, y = place.get("x", 0), place.get("y", 0)
        part = pixels[y : y + (place.get("h") or len(pixels)), x : x + (place.get("w") or pixels.shape[1])]
        width = (place.get("c") or 0) * self.cell_px[0] or part.shape[1]
        height = (place.get("r") or 0) * self.cell_px[1] or part.shape[0]
        rows = ((np.arange(height) + 0.5) * part.shape[0] / height).astype(int)
        columns = ((np.arange(width) + 0.5) * part.shape[1] / width).astype(int)
        scaled = part[rows][:, columns]
        top, left = place["row"] * self.cell_px[1], place["column"] * self.cell_px[0]
        below = screen[top : top + height, left : left + width]
        scaled = scaled[: below.shape[0], : below.shape[1]]
        alpha = scaled[:, :, 3:].astype(np.uint16)
        below[:] = (scaled[:, :, :3] * alpha + below * (255 - alpha) + 127) // 255

    def _command(self, control: str, payload: bytes) -> None:
        keys = dict(pair.split("=", 1) for pair in control.split(",") if pair)
        if self._upload is not None and "a" not in keys:
            first, data = self._upload
            self._upload = first, data + payload
            if keys.get("m") != "1":
                self._finish()
            return
        match keys.get("a", "t"):
            case "t" | "T":
                self._upload = keys, payload
                if keys.get("m") != "1":
                    self._finish()
            case "p":
                self._place(keys)
            case "d":
                self._delete(keys)

    def _finish(self) -> None:
        assert self._upload is not None
        (keys, encoded), self._upload = self._upload, None
        data = base64.b64decode(encoded)
        if keys.get("t") == "s":
            shared = Path("/dev/shm") / data.decode().lstrip("/")
            data = shared.read_bytes()
            shared.unlink()
        if keys.get("f") == "100":
            pixels = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))
        else:
            channels = int(keys.get("f", "32")) // 8
            raw = np.frombuffer(zlib.decompress(data) if keys.get("o") == "z" else data, np.uint8)
            pixels = raw.reshape(int(keys["v"]), int(keys["s"]), channels)
            if channels == 3:
                pixels = np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
        image = int(keys["i"])
        self.placements = {key: place for key, place in self.placements.items() if key[0] != image}
        self.images[image] = pixels

    def _place(self, keys: dict[str, str]) -> None:
        image, number = int(keys["i"]), int(keys.get("p", "0"))
        if image not in self.images:
            self.refused.append(f"no image {image} to place")
            return
        place = {key: int(value) for key, value in keys.items() if key in "xywhcrzXY"}
        self.placements[image, number] = {**place, "row": self._cursor[0], "column": self._cursor[1]}

    def _delete(self, keys: dict[str, str]) -> None:
        image, number = int(keys["i"]), int(keys.get("p", "0"))
        gone = [key for key in self.placements if key[0] == image and number in {0, key[1]}]
        for key in gone:
            del self.placements[key]
        if keys["d"] == "I":  # kitty up to 0.46 frees whatever is not placed with it (issue 10450 of kovidgoyal/kitty)
            placed = {key[0] for key in self.placements}
            self.images = {key: pixels for key, pixels in self.images.items() if key in placed}
