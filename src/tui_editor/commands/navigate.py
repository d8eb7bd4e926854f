"""Go from object to object and from frame to frame."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

from tui_editor.commands import moving
from tui_editor.commands.command import ANY_KEY, LOOP, Command, on
from tui_editor.errors import Refused, UsageError
from tui_editor.state import selectors
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = "Frames and objects"
SLOWEST, FASTEST = 0.25, 4.0


def _next_object(context: Context) -> None:
    moving.step(context, context.times)


def _previous_object(context: Context) -> None:
    moving.step(context, -context.times)


def _frame_by(context: Context, by: int) -> None:
    state = context.state
    units = [u.id for u in state.task.units]
    target, unit = state.view.frame + by, state.view.unit
    if target >= state.unit.frame_count and units.index(unit) + 1 < len(units) and by == 1:
        context.store.go(units[units.index(unit) + 1], 0)
    elif target < 0 and units.index(unit) > 0 and by == -1:
        before = state.task.units[units.index(unit) - 1]
        context.store.go(before.id, before.frame_count - 1)
    else:
        context.store.go(unit, target)


def _next_frame(context: Context) -> None:
    _frame_by(context, context.times)


def _previous_frame(context: Context) -> None:
    _frame_by(context, -context.times)


def _frames_on(context: Context) -> None:
    _frame_by(context, context.loop.skip * context.times)


def _frames_back(context: Context) -> None:
    _frame_by(context, -context.loop.skip * context.times)


def _set_skip(context: Context) -> None:
    """Set how far `H` and `L` skip, by the count or the number on the line."""
    text = context.argument.strip()
    if context.count is None and not text:
        context.front.ask_text("Frames to skip", str(context.loop.skip), lambda text: skip_by(context, text))
    else:
        skip_by(context, text or str(context.count))


def skip_by(context: Context, text: str) -> None:
    """Set how many frames `H` and `L` skip.

    Raises:
        UsageError: the text is no number of frames.
    """
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise UsageError(f"{one_line(text)} is no number of frames", hint="25")
    context.loop.skip = int(text)
    context.front.tell(f"‹frame.back› and ‹frame.forward› skip {context.loop.skip} frames")


def _first_frame(context: Context) -> None:
    context.store.go(context.state.view.unit, context.count or 0)


def _last_frame(context: Context) -> None:
    last = context.state.unit.frame_count - 1
    context.store.go(context.state.view.unit, last if context.count is None else context.count)


def go_to(context: Context, text: str) -> None:
    """Go to a frame by its number, or to a time (`1:30`, `4.2s`).

    Raises:
        UsageError: the text is neither.
    """
    unit = context.state.unit
    try:
        frame = int(text) if text.isdecimal() else round(_seconds(text) * (unit.fps or 1.0))
    except (ValueError, OverflowError) as error:  # not a number; infinitely late
        raise UsageError(f"{one_line(text)} is neither a frame nor a time", hint="120, 1:30 or 4.2s") from error
    if not 0 <= frame < unit.frame_count:
        raise Refused(f"there is no frame {frame}: the last one is {unit.frame_count - 1}")
    context.store.go(unit.id, frame)


def _seconds(text: str) -> float:
    total = 0.0
    for part in text.removesuffix("s").split(":"):
        total = total * 60 + float(part)
    return total


def _go(context: Context) -> None:
    if context.argument:
        go_to(context, context.argument)
    else:
        context.front.ask_text("Go to frame or time", "", lambda text: go_to(context, text), hint="120, 1:30 or 4.2s")


def _key_frame(context: Context, by: int) -> None:
    state = context.state
    frames = selectors.key_frames(state.document, context.selected(), state.view.unit)
    if not frames:
        raise Refused("the object has no key frame here")
    at = bisect.bisect_right(frames, state.view.frame) if by > 0 else bisect.bisect_left(frames, state.view.frame) - 1
    target = at + (by - 1 if by > 0 else by + 1)
    if not 0 <= at < len(frames):
        raise Refused("there is no key frame further on" if by > 0 else "there is no earlier key frame")
    context.store.go(state.view.unit, frames[min(max(target, 0), len(frames) - 1)])


def _next_key_frame(context: Context) -> None:
    _key_frame(context, context.times)


def _previous_key_frame(context: Context) -> None:
    _key_frame(context, -context.times)


def _track_end(context: Context, last: bool) -> None:
    state = context.state
    tracks = dict(state.document.tracks_of(context.selected()))
    if not tracks:
        raise Refused("the object has no labels")
    unit = state.view.unit if state.view.unit in tracks else min(tracks, key=[u.id for u in state.task.units].index)
    context.store.go(unit, int(tracks[unit].frames[-1 if last else 0]))


def _track_first(context: Context) -> None:
    _track_end(context, last=False)


def _track_last(context: Context) -> None:
    _track_end(context, last=True)


def _mark(context: Context) -> None:
    context.loop.marks[context.argument] = context.state.frame
    context.front.tell(f"marked frame {context.state.view.frame} as {one_line(context.argument)}")


def _to_mark(context: Context) -> None:
    mark = context.loop.marks.get(context.argument)
    if mark is None:
        raise Refused(f"there is no mark {one_line(context.argument)}")
    context.store.go(mark.unit, mark.index)


def _play(context: Context) -> None:
    context.front.toggle_play(context.loop.speed)


def _faster(context: Context) -> None:
    _set_speed(context, 2.0)


def _slower(context: Context) -> None:
    _set_speed(context, 0.5)


def _set_speed(context: Context, factor: float) -> None:
    context.loop.speed = min(max(context.loop.speed * factor, SLOWEST), FASTEST)
    context.front.tell(f"playing at {context.loop.speed:g}×")


def has_frames(context: Context) -> str:
    """Return why there is nothing to go through; empty when the unit has several frames."""
    if context.task is None:
        return "no task is open"
    state = context.state
    several = state.unit.frame_count > 1 or len(state.task.units) > 1
    return "" if several else "there is only one frame"


FRAME_MODES = (*LOOP, Mode.EDIT)

COMMANDS = (
    Command(
        id="object.next",
        title="Next object",
        doc="Selects the next object in review order and brings it into view.",
        run=_next_object,
        keys=on("j, down"),
        hint="next",
        count="objects",
        group=GROUP,
    ),
    Command(
        id="object.previous",
        title="Previous object",
        doc="Selects the previous object in review order and brings it into view.",
        run=_previous_object,
        keys=on("k, up"),
        count="objects",
        group=GROUP,
    ),
    Command(
        id="frame.next",
        title="Next frame",
        doc="Shows the next frame.",
        run=_next_frame,
        keys=on("l, right", *LOOP, Mode.TURBO),
        hint="frame",
        count="frames",
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.previous",
        title="Previous frame",
        doc="Shows the previous frame.",
        run=_previous_frame,
        keys=on("h, left", *LOOP, Mode.TURBO),
        count="frames",
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.forward",
        title="Skip frames on",
        doc="Goes ten frames on, or as many as `frame.skip` says.",
        run=_frames_on,
        keys=on("L", *LOOP, Mode.TURBO),
        count="skips",
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.back",
        title="Skip frames back",
        doc="Goes ten frames back, or as many as `frame.skip` says.",
        run=_frames_back,
        keys=on("H", *LOOP, Mode.TURBO),
        count="skips",
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.skip",
        title="Frames to skip",
        doc="Sets how many frames `‹frame.back›` and `‹frame.forward›` skip: by the count, or `:frame.skip 25`.",
        run=_set_skip,
        keys=on("g h"),
        count="frames",
        takes="FRAMES",
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.first",
        title="First frame",
        doc="Goes to the first frame, or to the one that the count names.",
        run=_first_frame,
        keys=on("g g"),
        count="the frame",
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.last",
        title="Last frame",
        doc="Goes to the last frame, or to the one that the count names.",
        run=_last_frame,
        keys=on("G"),
        count="the frame",
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.go",
        title="Go to frame or time",
        doc="Goes to a frame by number or time; `:1234` does the same.",
        run=_go,
        keys=on("g o"),
        takes="FRAME",
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.play",
        title="Play or pause",
        doc="Plays the frames from here; any key that moves stops it.",
        run=_play,
        keys=on("p"),
        hint="play",
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.faster",
        title="Play faster",
        doc="Doubles the speed of playing, up to 4×.",
        run=_faster,
        keys=on(">"),
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="frame.slower",
        title="Play slower",
        doc="Halves the speed of playing, down to 0.25×.",
        run=_slower,
        keys=on("<"),
        enabled=has_frames,
        group=GROUP,
    ),
    Command(
        id="track.next_key",
        title="Next key frame",
        doc="Goes to the next key frame of the selected object.",
        run=_next_key_frame,
        keys=on("]", *FRAME_MODES),
        count="key frames",
        group=GROUP,
    ),
    Command(
        id="track.previous_key",
        title="Previous key frame",
        doc="Goes to the previous key frame of the selected object.",
        run=_previous_key_frame,
        keys=on("[", *FRAME_MODES),
        count="key frames",
        group=GROUP,
    ),
    Command(
        id="track.first",
        title="Beginning of the track",
        doc="Goes to the first frame of the selected object; from a data unit without it, to one that has it.",
        run=_track_first,
        keys=on("home"),
        group=GROUP,
    ),
    Command(
        id="track.last",
        title="End of the track",
        doc="Goes to the last frame of the selected object; from a data unit without it, to one that has it.",
        run=_track_last,
        keys=on("end"),
        group=GROUP,
    ),
    Command(
        id="mark.set",
        title="Mark this frame",
        doc="Remembers the frame under a letter.",
        run=_mark,
        keys=on(f"m {ANY_KEY}"),
        takes="LETTER",
        group=GROUP,
    ),
    Command(
        id="mark.go",
        title="Go to a mark",
        doc="Returns to the frame that a letter remembers.",
        run=_to_mark,
        keys=on(f"' {ANY_KEY}"),
        takes="LETTER",
        group=GROUP,
    ),
)
