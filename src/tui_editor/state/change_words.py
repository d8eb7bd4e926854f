"""What became of an instance since a review, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.state.details import answers_told, ranges_text
from tui_editor.state.review_diff import ChangeKind, InstanceDiff, ReviewDiff
from tui_editor.state.selectors import instance_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.frames import FrameRef
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Ontology
    from tui_editor.state.store import TaskState

_NO_ANSWER = "—"


def change_words(state: TaskState, diff: ReviewDiff, change: InstanceDiff) -> str:
    """Return an instance's name and what changed: `Car (0): shape on frame 3, IoU 0.83 · Color Red → Blue`."""
    known = state.document.instances.get(change.instance) or diff.base.instances.get(change.instance)
    name = instance_name(state.project.ontology, known) if known is not None else "?"
    if change.kind is not ChangeKind.CHANGED:
        return f"{name}: {change.kind}{_on_frames(change, state)}"
    return f"{name}: {' · '.join(_pieces(state, diff, change))}"


def _pieces(state: TaskState, diff: ReviewDiff, change: InstanceDiff) -> Iterator[str]:
    old, new = diff.base.instances.get(change.instance), state.document.instances.get(change.instance)
    if change.frames:
        share = overlap_here(state, diff, change, state.frame)
        yield f"labels{_on_frames(change, state)}{f', IoU {share:.2f}' if share is not None else ''}"
    if old is not None and new is not None:
        yield from _class_and_answers(state.project.ontology, old, new, state)


def overlap_here(state: TaskState, diff: ReviewDiff, change: InstanceDiff, frame: FrameRef) -> float | None:
    """Return intersection over union of then and now on a frame; None where the label did not change there."""
    return diff.overlap(change.instance, state.document, frame) if change.differs_on(frame) else None


def _on_frames(change: InstanceDiff, state: TaskState) -> str:
    frames = change.frames.get(state.view.unit)
    if frames is None or not len(frames):
        return " in another data unit" if change.frames else ""
    if len(frames) == 1:
        return f" on frame {frames[0]}"
    runs: list[tuple[int, int]] = []
    for frame in frames.tolist():
        if runs and runs[-1][1] == frame - 1:
            runs[-1] = runs[-1][0], frame
        else:
            runs.append((frame, frame))
    return f" on {len(frames)} frames ({ranges_text(runs)})"


def _class_and_answers(ontology: Ontology, old: Instance, new: Instance, state: TaskState) -> Iterator[str]:
    if old.class_id != new.class_id:
        names = [entry.name if (entry := ontology.find(key)) else key for key in (old.class_id, new.class_id)]
        yield f"class {names[0]} → {names[1]}"
    was, now = (dict(answers_told(ontology, value, state.view.unit)) for value in (old, new))
    for name in dict.fromkeys((*was, *now)):
        if was.get(name) != now.get(name):
            yield f"{name} {was.get(name, _NO_ANSWER)} → {now.get(name, _NO_ANSWER)}"
