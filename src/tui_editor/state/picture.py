"""How a view shows the pixels of its frames. Nothing of it changes what is labelled, nor the files."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Mapping


class Channel(StrEnum):
    """Which of the colours is seen."""

    ALL = "all"
    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"
    """The brightness of all three, weighted as the eye does (ITU-R BT.601)."""


class PictureSettings(Struct, frozen=True, kw_only=True):
    """What a view does to the pixels before it shows them, in the order in which it is done."""

    channel: Channel = Channel.ALL
    """One colour alone is shown as grey."""
    window: tuple[float, float] | None = None
    """(centre, width) in pixel values: what lies below is black, above white; None: as the frame says."""
    contrast: float = 1.0
    """Distance of each level from the middle grey; 0 makes all grey."""
    brightness: float = 0.0
    """Added to each level; 1 makes black white."""
    gamma: float = 1.0
    """Above 1 the shadows open, below 1 they close: level ** (1 / gamma)."""
    pixelated: bool = False
    """Magnified pixels are sharp squares."""
    rotation_deg: float = 0.0
    """How far the view is turned clockwise, 0 to below 360."""

    @property
    def quarter_turns(self) -> int:
        """Return the number 0..3 of clockwise quarter turns that is nearest: what keys with a direction go by."""
        return math.floor(self.rotation_deg / 90 + 0.5) % 4

    @property
    def plain(self) -> bool:
        """Return whether nothing is changed."""
        return self == PLAIN


PLAIN = PictureSettings()

LIMITS = {"contrast": (0.0, 4.0), "brightness": (-1.0, 1.0), "gamma": (0.1, 5.0)}
"""The least and the largest value of each setting that is a level."""


def with_setting(settings: PictureSettings, name: str, value: float) -> PictureSettings:
    """Return the settings with `contrast`, `brightness`, `gamma` or `rotation_deg` at the nearest value there is."""
    value = round(value, 4)
    low, high = LIMITS.get(name, (0.0, 360.0))
    changes: dict[str, Any] = {name: value % 360 if name == "rotation_deg" else min(max(value, low), high)}
    return replace(settings, **changes)


def settings_to_mapping(settings: PictureSettings) -> dict[str, Any]:
    """Return the settings that aren't plain, as the store keeps them."""
    changed = {
        name: value for name in settings.__struct_fields__ if (value := getattr(settings, name)) != getattr(PLAIN, name)
    }
    if settings.window is not None:
        changed["window"] = list(settings.window)
    return {name: str(value) if isinstance(value, Channel) else value for name, value in changed.items()}


def settings_from_mapping(saved: Mapping[str, Any]) -> PictureSettings:
    """Return what `settings_to_mapping` wrote; plain where something is missing or was written by a later version."""
    settings = PLAIN
    for name in (*LIMITS, "rotation_deg"):
        if _is_number(saved.get(name)):
            settings = with_setting(settings, name, float(saved[name]))
    channel, window = saved.get("channel", ""), saved.get("window")
    return replace(
        settings,
        channel=Channel(channel) if channel in set(Channel) else Channel.ALL,
        window=_window(window),
        pixelated=saved.get("pixelated") is True,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _window(saved: Any) -> tuple[float, float] | None:
    pair = isinstance(saved, list | tuple) and len(saved) == 2 and all(map(_is_number, saved))
    return (float(saved[0]), float(saved[1])) if pair and saved[1] > 0 else None
