"""Kinds of media that come as plug-ins (DICOM, NIfTI, …): the entry-point group `tui_editor.media`."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from tui_editor.media.limits import Limits
    from tui_editor.model.frames import UnitKind
    from tui_editor.ports import FrameSource

GROUP = "tui_editor.media"


class MediaPlugin(Struct, frozen=True, kw_only=True):
    """A kind of media: what an entry point of the group gives."""

    name: str
    kind: UnitKind
    suffixes: frozenset[str]
    """Extensions with the dot, lower case."""
    matches: Callable[[bytes, Path], bool]
    """Whether a file is of this kind: (its first bytes, its path)."""
    open: Callable[[Sequence[Path], Limits], FrameSource]
    """Open the files of one unit; raises a `MediaError` leaf."""


@functools.cache
def plugins() -> tuple[tuple[MediaPlugin, ...], tuple[str, ...]]:
    """Return the plug-ins that work, and a sentence about each that doesn't."""
    from importlib.metadata import entry_points

    return load(entry_points(group=GROUP))


def load(found: Sequence[EntryPoint]) -> tuple[tuple[MediaPlugin, ...], tuple[str, ...]]:
    """Load the plug-ins; one that fails becomes a warning."""
    good: list[MediaPlugin] = []
    bad: list[str] = []
    for entry in found:
        try:
            plugin = entry.load()
        except Exception as error:  # noqa: BLE001  # foreign code may raise anything; the rest must work on
            bad.append(f"the media plug-in {one_line(entry.name)} can't be loaded: {one_line(repr(error))}")
            continue
        if isinstance(plugin, MediaPlugin):
            good.append(plugin)
        else:
            bad.append(f"the media plug-in {one_line(entry.name)} is no MediaPlugin")
    return tuple(good), tuple(bad)


def plugin_for_kind(kind: UnitKind) -> MediaPlugin | None:
    """Return the first plug-in that opens units of a kind."""
    return next((plugin for plugin in plugins()[0] if plugin.kind is kind), None)


def plugin_for_file(head: bytes, path: Path) -> MediaPlugin | None:
    """Return the first plug-in that knows a file by its first bytes; one that fails doesn't know it."""
    for plugin in plugins()[0]:
        try:
            if plugin.matches(head, path):
                return plugin
        except Exception:  # noqa: BLE001, S112  # foreign code may raise anything; the others are asked on
            continue
    return None
