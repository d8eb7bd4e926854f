"""Show what a patch would do, and do it when the user wants it; how tracks are written out in such questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.ranges import count_text, frames_text
from tui_editor.errors import Refused
from tui_editor.state import selectors
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.commands.context import Context
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.patch import Patch
    from tui_editor.model.tracks import Track

MOST_NAMES = 3
MOST_PREVIEWED = 200
"""Changes of a patch: one that changes more is told in words only, so that a picture never waits for it."""


def propose(
    context: Context,
    title: str,
    text: str,
    patch: Patch,
    command: str,
    *,
    listed: Sequence[str] = (),
    select: InstanceId | None = None,
) -> None:
    """Show what a patch does, in words, on the canvas and on the timeline, and do it when the user says so.

    Args:
        context: Of the command.
        title: What is done.
        text: What becomes of what.
        patch: That as a patch, made of the document that is shown.
        command: Its id.
        listed: What it is about, one line each.
        select: Whom to select afterwards.
    """

    def done() -> None:
        if select is not None:
            context.store.select(select)
        context.front.tell(f"{title.lower()}: done, ‹edit.undo› takes it back")

    preview = patch if len(patch.changes) <= MOST_PREVIEWED else None
    context.front.confirm(title, text, lambda: context.apply_then(patch, command, done), listed=listed, preview=preview)


def named(context: Context, instances: Sequence[InstanceId]) -> str:
    """Return what people call some instances: the first few by name, of the others how many they are."""
    document, ontology = context.state.document, context.state.project.ontology
    names = [one_line(selectors.instance_name(ontology, document.instances[i])) for i in instances[:MOST_NAMES]]
    more = len(instances) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def track_here(context: Context) -> Track:
    """Return the selected instance's labels in the active data unit.

    Raises:
        Refused: there are none.
    """
    state, target = context.state, context.selected()
    track = state.document.track(target, state.view.unit)
    if track is None:
        others = [one_line(u.title, 40) for u in state.task.units if u.id in state.document.units_of.get(target, ())]
        hint = f"‹track.first› goes to {others[0]}, where it has some" if others else "‹object.here› labels it here"
        raise Refused(f"the object has no labels in {one_line(state.unit.title, 40)}", hint=hint)
    return track


def span(track: Track) -> str:
    """Return where labels lie and how many they are; at least one."""
    return f"{frames_text(track.frames.item(0), track.frames.item(-1))} ({count_text(len(track), 'label')})"
