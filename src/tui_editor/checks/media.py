"""Rules about media: can they be decoded, and are they what the project says (family M)."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from tui_editor.checks.rule import Fault, Rule, on_frames
from tui_editor.checks.sheets import file_of
from tui_editor.errors import MediaError
from tui_editor.model.frames import UnitKind
from tui_editor.ports import CheckContext, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.frames import Unit
    from tui_editor.ports import FrameSource

WHOLE_PX = 300_000_000
"""Pixels of a video that are decoded whole (145 frames of 1080p, 980 of 640×480): two or three seconds of work."""
_SMALL = (64, 64)
"""All is decoded whatever size is asked for; a small one saves the conversion."""
THUMB = 16
"""Sides of the small picture by which frames are compared."""
_STILLS = (UnitKind.IMAGE, UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE)


class Decoded(Struct, frozen=True, kw_only=True, eq=False):
    """What decoding a frame gave."""

    index: int
    size: tuple[int, int] | None = None
    """(width, height) in pixels; None when it failed."""
    problem: str = ""
    warnings: tuple[str, ...] = ()
    thumb: NDArray[np.uint8] | None = None
    """Its grey levels as a small picture, uint8 (THUMB, THUMB)."""
    spread: float = 0.0
    """Difference of the highest and lowest value, 0..1 of what the type holds."""


class Seen(Struct, frozen=True, kw_only=True, eq=False):
    """What was found of a data unit's media."""

    unit: Unit
    frame_count: int | None = None
    """None when it can't be opened."""
    problem: str = ""
    warnings: tuple[str, ...] = ()
    """Of the file as a whole."""
    frames: tuple[Decoded, ...] = ()


@lru_cache(maxsize=1)
def survey(context: CheckContext) -> tuple[Seen, ...]:
    """Decode what the rules look at, once for all of them: they come one after the other for each task."""
    return tuple(_look(context, unit) for unit in context.task.units if _has_files(unit))


def _has_files(unit: Unit) -> bool:
    """Return whether a data unit names files to decode; that of a label file without pictures names none."""
    return unit.kind is not UnitKind.OTHER and bool(unit.media.paths)


def _look(context: CheckContext, unit: Unit) -> Seen:
    try:
        source = context.source(unit.id)
        count = source.frame_count
        fit = None if unit.kind in _STILLS else _SMALL
        frames = tuple(_decode(source, index, fit) for index in _sampled(context, unit, source))
    except MediaError as error:
        return Seen(unit=unit, problem=error.what)
    return Seen(unit=unit, frame_count=count, warnings=tuple(source.warnings), frames=frames)


def _sampled(context: CheckContext, unit: Unit, source: FrameSource) -> list[int]:
    """Return every frame of stills and of what is decoded soon, the first and the last one of others."""
    count = source.frame_count
    if unit.kind in _STILLS or context.deep or not count:
        return list(range(count))
    width, height = source.size(0)
    return list(range(count)) if count * width * height <= WHOLE_PX else sorted({0, count - 1})


def _decode(source: FrameSource, index: int, fit: tuple[int, int] | None) -> Decoded:
    try:
        frame = source.read(index, fit)
    except MediaError as error:
        return Decoded(index=index, problem=error.what)
    thumb = _thumb(frame.pixels)
    return Decoded(
        index=index, size=frame.full_size, warnings=frame.warnings, thumb=thumb, spread=_spread(frame.pixels)
    )


def _spread(pixels: NDArray[np.generic]) -> float:
    """Return which share of its type's range a picture uses; 1 for deep ones, which rarely use much of it."""
    used = float(np.ptp((pixels[..., :3] if pixels.ndim > 2 else pixels).astype(np.float64)))
    return used / 255 if pixels.dtype == np.uint8 else float(used > 0)


def _range(pixels: NDArray[np.generic]) -> float:
    if pixels.dtype == np.uint8:
        return 255.0
    return max(float(np.max(np.abs(pixels.astype(np.float64)))), 1.0)


def _thumb(pixels: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return means of regions as grey levels, (THUMB, THUMB); of the nearest pixels where there are fewer."""
    grey = pixels[..., :3].astype(np.float32).mean(axis=2) if pixels.ndim > 2 else pixels.astype(np.float32)
    grey *= 255 / _range(pixels)
    for axis in (0, 1):
        n = grey.shape[axis]
        if n < THUMB:
            grey = np.take(grey, np.arange(THUMB) * n // THUMB, axis)
        else:
            edges = np.arange(THUMB + 1) * n // THUMB
            sums = np.add.reduceat(grey, edges[:-1], axis)
            widths = np.diff(edges).astype(np.float32)
            grey = sums / (widths[:, None] if axis == 0 else widths[None, :])
    return np.asarray(grey.round().clip(0, 255), np.uint8)


# --- rules ---------------------------------------------------------------------------------------


def _unreadable(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for seen in survey(context):
        if seen.problem:
            yield Fault(message=f"{file_of(seen.unit)} can't be opened: {seen.problem}", unit=seen.unit.id)
        elif seen.frame_count == 0:
            yield Fault(message=f"{file_of(seen.unit)} has no frames", unit=seen.unit.id)
        yield from _by_run(seen, " can't be decoded", [(f.index, f.problem) for f in seen.frames if f.problem])


def _other_size(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    guessed = context.task.source_format == "media" and not context.document.label_count  # nobody said a size
    for seen in survey(context):
        if guessed and seen.unit.kind is UnitKind.IMAGE_SEQUENCE:
            continue
        sizes = ((f.index, seen.unit.size(f.index), f.size) for f in seen.frames)
        wrong = [(i, told, found) for i, told, found in sizes if found is not None and 0 not in told and told != found]
        for (told, found), same in groupby(wrong, key=lambda row: (row[1], row[2])):
            indices = [row[0] for row in same]
            assert found is not None
            turned = "; it is turned" if told == found[::-1] else ""
            more = f", and on {len(indices) - 1} frames more" if len(indices) > 1 else ""
            name = file_of(seen.unit, indices[0])
            text = f"{name} is {found[0]}×{found[1]} px, the project says {told[0]}×{told[1]}{turned}{more}"
            yield Fault(message=text, unit=seen.unit.id, frame=indices[0])


def _other_count(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for seen in survey(context):
        told = seen.unit.frame_count
        if seen.frame_count is not None and told > 0 and told != seen.frame_count:
            text = f"{file_of(seen.unit)} has {seen.frame_count} frames, the project says {told}"
            yield Fault(message=text, unit=seen.unit.id)


def _damaged(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for seen in survey(context):
        for warning in seen.warnings:
            yield Fault(message=f"{file_of(seen.unit)}: {warning}", unit=seen.unit.id)
        told = [(f.index, warning) for f in seen.frames for warning in f.warnings if warning not in seen.warnings]
        yield from _by_run(seen, "", told)


def _by_run(seen: Seen, what: str, told: list[tuple[int, str]]) -> Iterator[Fault]:
    """Yield a fault for each picture of stills, and for each run of frames of a video with the same text.

    Args:
        seen: The data unit.
        what: What befell the frames; may be empty.
        told: Index of a frame, and the text.
    """
    for text, same in groupby(sorted(told, key=lambda row: row[1]), key=lambda row: row[1]):
        indices = np.array([index for index, _ in same], np.int32)
        cut = np.ones(len(indices), np.bool_) if seen.unit.kind in _STILLS else np.diff(indices, prepend=-9) > 1
        for run in np.split(indices, np.flatnonzero(cut)[1:]):
            where = f" {on_frames(run)}" if len(run) > 1 else ""
            message = f"{file_of(seen.unit, int(run[0]))}{what}{where}: {text}"
            yield Fault(message=message, unit=seen.unit.id, frame=int(run[0]))


RULES = (
    Rule(
        rule="M01",
        title="a medium is missing, unreadable or damaged",
        severity=Severity.ERROR,
        doc=(
            "Every picture is decoded whole, and every frame of a video of at most 300 million pixels (980 frames"
            " of 640×480); of longer ones the first and the last frame, with `--deep` all of them."
        ),
        reads=Reads.PIXELS,
        find=_unreadable,
        hint="put the file back, or repair it",
    ),
    Rule(
        rule="M02",
        title="a picture has another size than the project says",
        severity=Severity.ERROR,
        doc="Width and height of the upright picture, as decoded, against those that the labels were made on. Not of a "
        "folder of pictures without labels: nothing tells their sizes.",
        reads=Reads.PIXELS,
        find=_other_size,
        hint="put the file back that was labelled",
    ),
    Rule(
        rule="M03",
        title="a medium has another number of frames than the project says",
        severity=Severity.ERROR,
        doc="As many frames as a sequential decode shows.",
        reads=Reads.PIXELS,
        find=_other_count,
        hint="put the file back that was labelled",
    ),
    Rule(
        rule="M07",
        title="a picture can be shown, but something is wrong with its file",
        severity=Severity.WARNING,
        doc=(
            "What the decoder tells of the frames that M01 decodes: a truncated file, a part that can't be read or had "
            "to be guessed. Files are never rewritten."
        ),
        reads=Reads.PIXELS,
        find=_damaged,
        hint="get the file again from where it came",
    ),
)
