"""What a person's settings want of tasks that open, and of zooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.state.view import Display, TagText

if TYPE_CHECKING:
    from tui_editor.api.config import Config

NO_ZOOM: Final = 20
"""Per cent of the canvas at which one object at a time is not zoomed on."""


class Wishes(Struct, frozen=True, kw_only=True):
    """What the settings say."""

    zoom: str = "keep"
    """How a task opens: `keep`, `fit` or `100`."""
    single_percent: int = 60
    """Of the canvas that an object takes when one object at a time is shown."""
    turbo_zoom: bool = True
    words: TagText = TagText.NAME_AND_CONFIDENCE
    opacity: float = 0.2
    line_px: int = 2
    backup_min: int = 0
    """Minutes between plain-text backups; 0: none."""

    def display(self, before: Display) -> Display:
        """Return how labels are drawn when a task opens."""
        return replace(before, tags=self.words, opacity=self.opacity, line_px=self.line_px)


def wishes_of(config: Config) -> Wishes:
    """Return what a configuration says."""
    return Wishes(
        zoom=config.zoom,
        single_percent=int(config.single_zoom),
        turbo_zoom=config.turbo_zoom == "on",
        words=TagText(config.words),
        opacity=int(config.opacity) / 100,
        line_px=int(config.line_width),
        backup_min=int(config.backup),
    )
