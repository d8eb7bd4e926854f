"""From pixel values to what is shown of them: channel, window, contrast, brightness, gamma; by lookup tables."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from tui_editor.state.picture import Channel

if TYPE_CHECKING:
    from numpy.typing import NDArray

Level = TypeVar("Level", np.uint8, np.uint16)

_FLOAT_LEVELS = 65535
"""Steps in which floating-point values are told apart before they are toned."""
_PLANES = {Channel.RED: 0, Channel.GREEN: 1, Channel.BLUE: 2}


class Tone(NamedTuple):
    """What happens to a level 0..1: ((level - 0.5) · contrast + 0.5 + brightness) ** (1 / gamma), kept in 0..1."""

    contrast: float = 1.0
    brightness: float = 0.0
    gamma: float = 1.0

    def of(self, levels: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return the levels after it."""
        lifted = ((levels - 0.5) * self.contrast + 0.5 + self.brightness).clip(0, 1)
        return lifted if self.gamma == 1 else lifted ** (1 / self.gamma)


AS_IT_IS = Tone()


def chosen(values: NDArray[np.generic], channel: Channel) -> NDArray[np.generic]:
    """Return the channel (h, w, 1) of colours (h, w, 3 or more); of anything else, and of all channels, the values."""
    if channel is Channel.ALL or values.shape[2] < 3:
        return values
    if channel is not Channel.GREY:
        return values[:, :, _PLANES[channel], None]
    import cv2

    known = values.dtype.name in {"uint8", "uint16", "float32"}
    colours = values[:, :, :3] if known else values[:, :, :3].astype(np.float32)
    grey: NDArray[np.generic] = cv2.cvtColor(np.ascontiguousarray(colours), cv2.COLOR_RGB2GRAY)
    return grey[:, :, None]


def to_levels(values: NDArray[np.generic], limits: tuple[float, float], tone: Tone = AS_IT_IS) -> NDArray[np.uint8]:
    """Return values as levels 0..255: the first limit is black, the second white, then comes the tone."""
    if values.dtype == np.uint8:
        if limits == (0.0, 255.0) and tone == AS_IT_IS:
            return values.astype(np.uint8, copy=False)
        return _looked_up(values.astype(np.uint8, copy=False), level_table("uint8", limits, tone))
    if values.dtype.name in {"uint16", "int16"}:
        bits = np.ascontiguousarray(values).view(np.uint16)
        return np.asarray(np.take(level_table(values.dtype.name, limits, tone), bits), np.uint8)
    shares = _shares(values.astype(np.float32, copy=False), limits)
    if tone == AS_IT_IS:
        return np.asarray(np.rint(shares * 255), np.uint8)
    fine = np.rint(shares * _FLOAT_LEVELS).astype(np.uint16)
    return np.asarray(np.take(level_table("uint16", (0.0, float(_FLOAT_LEVELS)), tone), fine), np.uint8)


def _looked_up(values: NDArray[np.uint8], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    found = np.asarray(cv2.LUT(values, table), np.uint8)
    return found if found.ndim == 3 else found[:, :, None]


@lru_cache(maxsize=16)
def level_table(dtype: str, limits: tuple[float, float], tone: Tone = AS_IT_IS) -> NDArray[np.uint8]:
    """Return the shown level of each value of an integer type, by the value's bits read as unsigned."""
    bits = np.arange(256, dtype=np.uint8) if dtype == "uint8" else np.arange(65536, dtype=np.uint16)
    shares = _shares(bits.view(dtype).astype(np.float64), limits)
    shown = shares if tone == AS_IT_IS else tone.of(shares)
    return np.asarray(np.rint(shown * 255), np.uint8)


def _shares(values: NDArray[np.floating], limits: tuple[float, float]) -> NDArray[np.floating]:
    """Return where values lie between the limits, 0..1."""
    low, high = limits
    if high <= low:
        return np.where(values > low, 1.0, 0.0)
    return ((values - low) / (high - low)).clip(0, 1)


def to_rgb(levels: NDArray[Level]) -> NDArray[Level]:
    """Return levels (h, w, c) as RGB; a single channel is shown as grey."""
    if levels.shape[2] >= 3:
        return levels[:, :, :3]
    return np.broadcast_to(levels[:, :, :1], (*levels.shape[:2], 3))
