"""Rules about media: can they be decoded, and are they what the project says (family M)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from tui_editor.checks.rule import Fault, Rule
from tui_editor.errors import MediaError
from tui_editor.model.frames import UnitKind
from tui_editor.ports import CheckContext, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.frames import Unit
    from tui_editor.ports import FrameSource

_STILLS = (UnitKind.IMAGE, UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decoded:
    """What decoding a frame gave."""

    index: int
    size: tuple[int, int] | None = None
    """(width, height) in pixels; None when it failed."""
    problem: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """What was found of a data unit's media."""

    unit: Unit
    frame_count: int | None = None
    """None when it can't be opened."""
    problem: str = ""
    warnings: tuple[str, ...] = ()
    """Of the file as a whole."""
    frames: tuple[_Decoded, ...] = ()


@lru_cache(maxsize=1)
def _survey(context: CheckContext) -> tuple[_Seen, ...]:
    """Decode what the rules look at, once for all of them: they come one after the other for each task."""
    return tuple(_look(context, unit) for unit in context.task.units if unit.kind is not UnitKind.OTHER)


def _look(context: CheckContext, unit: Unit) -> _Seen:
    try:
        source = context.source(unit.id)
        count = source.frame_count
        frames = tuple(_decode(source, index) for index in _sampled(unit.kind, count))
    except MediaError as error:
        return _Seen(unit=unit, problem=error.what)
    return _Seen(unit=unit, frame_count=count, warnings=tuple(source.warnings), frames=frames)


def _sampled(kind: UnitKind, count: int) -> list[int]:
    """Return every picture of stills, the first and last frame of others."""
    return list(range(count)) if kind in _STILLS else sorted({0, count - 1}) if count else []


def _decode(source: FrameSource, index: int) -> _Decoded:
    try:
        frame = source.read(index)
    except MediaError as error:
        return _Decoded(index=index, problem=error.what)
    return _Decoded(index=index, size=frame.full_size, warnings=frame.warnings)


def _file(unit: Unit, index: int = 0) -> str:
    """Return the path of a frame's file, relative to its root."""
    paths = unit.media.paths
    return paths[index] if index < len(paths) else paths[0] if paths else unit.title


# --- rules ---------------------------------------------------------------------------------------


def _unreadable(context: CheckContext) -> Iterator[Fault]:
    for seen in _survey(context):
        if seen.problem:
            yield Fault(message=f"{_file(seen.unit)} can't be opened: {seen.problem}", unit=seen.unit.id)
        elif seen.frame_count == 0:
            yield Fault(message=f"{_file(seen.unit)} has no frames", unit=seen.unit.id)
        for frame in seen.frames:
            if frame.problem:
                text = f"{_file(seen.unit, frame.index)} can't be decoded: {frame.problem}"
                yield Fault(message=text, unit=seen.unit.id, frame=frame.index)


def _other_size(context: CheckContext) -> Iterator[Fault]:
    for seen in _survey(context):
        sizes = ((f.index, seen.unit.size(f.index), f.size) for f in seen.frames)
        wrong = [(i, told, found) for i, told, found in sizes if found is not None and 0 not in told and told != found]
        for (told, found), same in groupby(wrong, key=lambda row: (row[1], row[2])):
            indices = [row[0] for row in same]
            assert found is not None
            turned = "; it is turned" if told == found[::-1] else ""
            more = f", and on {len(indices) - 1} frames more" if len(indices) > 1 else ""
            name = _file(seen.unit, indices[0])
            text = f"{name} is {found[0]}×{found[1]} px, the project says {told[0]}×{told[1]}{turned}{more}"
            yield Fault(message=text, unit=seen.unit.id, frame=indices[0])


def _other_count(context: CheckContext) -> Iterator[Fault]:
    for seen in _survey(context):
        told = seen.unit.frame_count
        if seen.frame_count is not None and told > 0 and told != seen.frame_count:
            text = f"{_file(seen.unit)} has {seen.frame_count} frames, the project says {told}"
            yield Fault(message=text, unit=seen.unit.id)


def _damaged(context: CheckContext) -> Iterator[Fault]:
    for seen in _survey(context):
        for warning in seen.warnings:
            yield Fault(message=f"{_file(seen.unit)}: {warning}", unit=seen.unit.id)
        for frame in seen.frames:
            for warning in frame.warnings:
                if warning in seen.warnings:
                    continue
                yield Fault(message=f"{_file(seen.unit, frame.index)}: {warning}", unit=seen.unit.id, frame=frame.index)


RULES = (
    Rule(
        rule="M01",
        title="a medium is missing, unreadable or damaged",
        severity=Severity.ERROR,
        doc="Every picture is decoded whole; of videos the first and the last frame.",
        find=_unreadable,
    ),
    Rule(
        rule="M02",
        title="a picture has another size than the project says",
        severity=Severity.ERROR,
        doc="Width and height of the upright picture, as decoded, against those that the labels were made on.",
        find=_other_size,
    ),
    Rule(
        rule="M03",
        title="a medium has another number of frames than the project says",
        severity=Severity.ERROR,
        doc="As many frames as a sequential decode shows.",
        find=_other_count,
    ),
    Rule(
        rule="M07",
        title="a picture can be shown, but something is wrong with its file",
        severity=Severity.WARNING,
        doc="What the decoder tells: a truncated file, a part that can't be read. Files are never rewritten.",
        find=_damaged,
    ),
)
