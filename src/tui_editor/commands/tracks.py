"""Labels along a track: extend it, fill its gaps, cut frames out, and go from event to event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import LOOP, Command, on
from tui_editor.commands.objects import needs_selection
from tui_editor.commands.proposals import named, propose, span, track_here
from tui_editor.commands.ranges import HINT, count_text, frames_text, parse_frames
from tui_editor.commands.track_events import track_events
from tui_editor.edits import interpolate, tracks
from tui_editor.errors import Refused
from tui_editor.model.frames import FrameRef
from tui_editor.model.interpolation import INTERPOLATED_KINDS
from tui_editor.model.patch import compose
from tui_editor.model.tracks import LabelFlag
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.patch import Patch
    from tui_editor.model.tracks import Track

GROUP = "Tracks"


# --- extend, fill, cut -----------------------------------------------------------------------------


def _extend(context: Context) -> None:
    _extend_to(context, context.state.view.frame, "track.extend")


def _extend_to_end(context: Context) -> None:
    last = context.state.unit.frame_count - 1
    if track_here(context).frames[-1] >= last:
        raise Refused("the object has a label on the last frame already")
    _extend_to(context, last, "track.extend_end")


def _extend_to(context: Context, frame: int, command: str) -> None:
    track_here(context)
    state, target = context.state, context.selected()
    patch = tracks.extend(state.document, target, FrameRef(state.view.unit, frame), context.stamp())
    new = _added(patch)
    text = f"{named(context, [target])} gets its nearest label again on {span(new)}."
    propose(context, "Extend the track", text, patch, command)


def _added(patch: Patch) -> Track:
    (change,) = patch.changes
    return change.after  # type: ignore[return-value]  # edits of one track make one change of it


def _fill(context: Context) -> None:
    state, target, track = context.state, context.selected(), track_here(context)
    gap = interpolate.gap_at(track, state.view.frame)
    if gap is None:
        raise Refused("the object has no gap here or further on")
    patch = interpolate.fill(state.document, target, state.view.unit, gap, context.stamp())
    how = "interpolated" if track.kind in INTERPOLATED_KINDS else "like the label before the gap"
    text = f"{named(context, [target])} gets {count_text(gap[1] - gap[0] + 1, 'label')} on {frames_text(*gap)}, {how}."
    propose(context, "Fill the gap", text, patch, "track.fill")


def _interpolate(context: Context) -> None:
    state, stamp = context.state, context.stamp()
    if len(state.selection) < 2:
        track_here(context)
    lines, patches = [], []
    for target in state.selection:
        try:
            work = interpolate.interpolate(state.document, target, state.view.unit, stamp)
        except Refused:
            if len(state.selection) == 1:
                raise
            continue
        if work.patch:
            patches.append(work.patch)
            lines.append(_interpolated_text(context, target, work))
    if not patches:
        raise Refused("every frame between key labels has a label where it belongs")
    text = lines[0] if len(lines) == 1 else f"{count_text(len(lines), 'object')} get labels between their key labels."
    listed = lines if len(lines) > 1 else ()
    propose(context, "Interpolate", text, compose(*patches), "auto.interpolate", listed=listed)


def _interpolated_text(context: Context, target: InstanceId, work: interpolate.Interpolation) -> str:
    done = _added(work.patch).frames
    gets = [f"gets {count_text(work.new, 'label')}"] if work.new else []
    gets += [f"moves {count_text(work.moved, 'interpolated label')}"] if work.moved else []
    where = frames_text(done.item(0), done.item(-1))
    return f"{named(context, [target])} {' and '.join(gets)} on {where}, between its key labels."


def _cut(context: Context) -> None:
    frame = context.state.view.frame
    if context.argument:
        _cut_frames(context, context.argument)
    elif context.count is not None:
        _cut_frames(context, f"{frame}-{frame + context.count - 1}")
    else:
        track_here(context)
        context.front.ask_text("Cut frames out", f"{frame}-", lambda text: _cut_frames(context, text), hint=HINT)


def _cut_frames(context: Context, text: str) -> None:
    state, target = context.state, context.selected()
    first, last = parse_frames(text, state.unit)
    patch = tracks.cut(state.document, target, state.view.unit, first, last)
    gone = track_here(context).between(first, last)
    all_of_it = " The object goes with them." if target not in state.document.apply(patch).instances else ""
    propose(context, "Cut frames out", f"{named(context, [target])} loses {span(gone)}.{all_of_it}", patch, "track.cut")


def _toggle_key(context: Context) -> None:
    state, target = context.state, context.selected()
    patch = tracks.toggle_key(state.document, target, state.frame, context.stamp())
    context.apply(patch, "track.key")
    label = context.state.document.label(target, state.view.unit, state.view.frame)
    is_key = label is not None and label.flags & LabelFlag.KEY
    context.front.tell("a key label" if is_key else "no key label any more")


# --- go along a track ------------------------------------------------------------------------------


def _event(context: Context, wanted: Callable[[int], bool], *, last: bool) -> None:
    state = context.state
    track_here(context)
    found = [e for e in track_events(state, context.selected(), state.view.unit) if wanted(e.frame)]
    frames = sorted({e.frame for e in found}, reverse=last)
    if not frames:
        raise Refused(f"there is nothing {'earlier' if last else 'further on'}: no gap, jump, change or key label")
    frame = frames[min(context.times, len(frames)) - 1]
    context.store.go(state.view.unit, frame)
    context.front.tell(f"frame {frame}: {', '.join(e.what for e in found if e.frame == frame)}")


def _next_event(context: Context) -> None:
    here = context.state.view.frame
    _event(context, lambda frame: frame > here, last=False)


def _previous_event(context: Context) -> None:
    here = context.state.view.frame
    _event(context, lambda frame: frame < here, last=True)


COMMANDS = (
    Command(
        id="track.extend",
        title="Extend to here",
        doc="Repeats the object's nearest label up to this frame.",
        run=_extend,
        keys=on("T e"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="track.extend_end",
        title="Extend to the end",
        doc="Repeats the object's last label up to the last frame.",
        run=_extend_to_end,
        keys=on("T E"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="track.fill",
        title="Fill a gap",
        doc="Labels the gap on this frame, or the next one: interpolated where the shape allows, else repeated.",
        run=_fill,
        keys=on("T f"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="track.cut",
        title="Cut frames out",
        doc="Removes the object's labels on a range of frames; a count cuts so many from this one on.",
        run=_cut,
        keys=on("T c, g d"),
        count="frames",
        takes="FRAMES",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="track.key",
        title="Key label or not",
        doc="Makes the label a key label; given up, it is interpolated between its neighbours where that can be.",
        run=_toggle_key,
        keys=on("T k"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="auto.interpolate",
        title="Interpolate",
        doc="Labels every frame between the selected objects' key labels; they follow when a key label changes.",
        run=_interpolate,
        keys=on("T i"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="track.next_event",
        title="Next event of the track",
        doc="Goes to the object's next gap, jump, change of class or identity, or key label, and says which it is.",
        run=_next_event,
        keys=on(")", *LOOP, Mode.EDIT),
        count="events",
        group=GROUP,
    ),
    Command(
        id="track.previous_event",
        title="Previous event of the track",
        doc="Goes to the object's previous gap, jump, change of class or identity, or key label.",
        run=_previous_event,
        keys=on("(", *LOOP, Mode.EDIT),
        count="events",
        group=GROUP,
    ),
)
