"""Copy labels and paste them; repeat the labels of the previous frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands.command import Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.objects import may_edit
from tui_editor.commands.proposals import named
from tui_editor.edits import clipboard
from tui_editor.edits.clipboard import Clip
from tui_editor.errors import Refused
from tui_editor.model.frames import FrameRef
from tui_editor.model.patch import compose
from tui_editor.state.filters import passes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.commands.context import Context
    from tui_editor.edits.clipboard import Copied
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.patch import Patch
    from tui_editor.model.shapes import Shape

GROUP = "Copy and paste"


def _has_selection(context: Context) -> str:
    if context.task is None:
        return "no task is open"
    return "" if context.state.selected is not None else "nothing is selected"


def _copy(context: Context) -> None:
    state = context.state
    copied = clipboard.copy(state.document, state.project.ontology, state.selection, state.frame)
    context.loop.clip = Clip(task=state.task.id, at=state.frame, copied=copied)
    names = named(context, [c.instance.id for c in copied])
    context.front.tell(
        f"copied {names}: ‹clip.paste› on another frame pastes the object, ‹clip.paste_label› anywhere a new one"
    )


def _clip(context: Context) -> Clip:
    """Return what was copied, once it was seen to fit on the active frame.

    Raises:
        Refused: nothing was copied, or it would lie outside the frame.
    """
    clip = context.loop.clip
    if clip is None:
        raise Refused("nothing was copied yet", hint="‹clip.copy› copies what is selected")
    clipboard.check_inside(clip.copied, context.state.unit.size(context.state.view.frame))
    return clip


def _paste_label(context: Context) -> None:
    state, clip = context.state, _clip(context)
    patch, made = clipboard.paste_new(state.document, state.project.ontology, clip.copied, state.frame, context.stamp())
    _pasted(context, "clip.paste_label", patch, list(made.values()))


def _pasted(context: Context, command: str, patch: Patch, instances: Sequence[InstanceId]) -> None:
    context.apply(patch, command)
    context.store.select(*instances)
    context.front.tell(f"pasted {named(context, instances)}")


def _paste_instance(context: Context) -> None:
    state, clip = context.state, _clip(context)
    if (clip.task, clip.at) == (state.task.id, state.frame):
        raise Refused(
            "an object is pasted on another frame than it was copied from",
            hint="‹clip.paste_label› pastes a new one here",
        )
    same, _ = _known(context, clip)
    here = [i for i in same if state.document.label(i, state.view.unit, state.view.frame) is not None]
    if here:
        text = f"{named(context, here)}: the label on this frame is overwritten."
        context.front.confirm("Paste the object", text, lambda: _paste_instances(context, clip))
    else:
        _paste_instances(context, clip)


def _known(context: Context, clip: Clip) -> tuple[dict[InstanceId, Shape], list[Copied]]:
    """Return the shapes of copied instances that this task has, and the copied ones that it has to get."""
    task, document = context.state.task.id, context.state.document
    same: dict[InstanceId, Shape] = {}
    new: list[Copied] = []
    for one in clip.copied:
        key = clip.pasted.get((task, one.instance.id), one.instance.id)
        if key in document.instances:
            same[key] = one.shape
        else:
            new.append(one)
    return same, new


def _paste_instances(context: Context, clip: Clip) -> None:
    state = context.state
    same, new = _known(context, clip)
    made, keys = clipboard.paste_new(
        state.document, state.project.ontology, new, state.frame, context.stamp(), answers=True
    )
    patch = compose(made, clipboard.paste_same(state.document, same, state.frame, context.stamp()))
    _pasted(context, "clip.paste", patch, [*same, *keys.values()])
    pasted = {(state.task.id, old): key for old, key in keys.items()}
    context.loop.clip = replace(clip, pasted={**clip.pasted, **pasted})


# --- the labels of another frame -------------------------------------------------------------------


def _repeat_frame(context: Context) -> None:
    state = context.state
    source = FrameRef(state.view.unit, state.view.frame - context.times)
    if source.index < 0:
        raise Refused("there is no frame before this one")
    shapes, taken = clipboard.repeated(state.document, source, state.frame)
    shapes = {i: s for i, s in shapes.items() if _shown(context, i)}
    taken = [i for i in taken if i in shapes]
    if not shapes:
        raise Refused(f"frame {source.index} has no shapes to repeat")
    missing = {i: s for i, s in shapes.items() if i not in set(taken)}

    def picked(values: tuple[str, ...]) -> None:
        _put_shapes(context, shapes if values[0] == "all" else missing)

    if not taken:
        _put_shapes(context, missing)
        return
    nothing = "" if missing else "every object of that frame has a label here"
    choices = [
        Choice(value="missing", label=f"Only the {len(missing)} that have none here", key="1", disabled=nothing),
        Choice(value="all", label=f"All {len(shapes)}: {len(taken)} labels here are overwritten", key="2"),
    ]
    context.front.pick(f"Repeat the labels of frame {source.index}", choices, picked)


def _shown(context: Context, instance: InstanceId) -> bool:
    state = context.state
    return not state.filters.text or passes(state.filters, state.document, state.project.ontology, instance)


def _put_shapes(context: Context, shapes: dict[InstanceId, Shape]) -> None:
    state = context.state
    patch = clipboard.paste_same(state.document, shapes, state.frame, context.stamp())
    context.apply(patch, "clip.repeat_frame")
    context.front.tell(f"repeated {named(context, list(shapes))}")


COMMANDS = (
    Command(
        id="clip.copy",
        title="Copy",
        doc="Copies the selected objects with their labels on this frame, for this task and the others of the project.",
        run=_copy,
        keys=on("y y"),
        enabled=_has_selection,
        group=GROUP,
    ),
    Command(
        id="clip.paste",
        title="Paste the object",
        doc="Labels the copied objects on this frame, which must be another one; in another task they are made there.",
        run=_paste_instance,
        keys=on("P"),
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="clip.paste_label",
        title="Paste as a new object",
        doc="Makes a new object of each copied label, on any frame; only the shape and the class are taken over.",
        run=_paste_label,
        keys=on("g P"),
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="clip.repeat_frame",
        title="Repeat the previous frame",
        doc="Gives the objects of the previous frame the same labels here; asks before it overwrites any.",
        run=_repeat_frame,
        keys=on("R"),
        count="frames back",
        enabled=may_edit,
        group=GROUP,
    ),
)
