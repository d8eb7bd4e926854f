"""What mends a finding: patches that nobody needs to look at, and those that a person asks for with one key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tui_editor.edits import interpolate
from tui_editor.edits.labels import delete_labels, put_label
from tui_editor.edits.tracks import swap
from tui_editor.errors import Refused, TuiEditorError
from tui_editor.model.frames import FrameRef
from tui_editor.model.geometry import intersection
from tui_editor.model.ids import InstanceId
from tui_editor.model.masks import bitmask_from_array, frame_array
from tui_editor.model.patch import Patch, compose
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
    polygon,
    same_shape,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.project import Task
    from tui_editor.model.tracks import Track
    from tui_editor.ports import Finding

FIXES: Final = {
    "clip": "boxes, polygons and masks are clipped to the frame",
    "order": "the corners of boxes are exchanged",
    "turn": "the angle is turned by whole turns",
    "vertices": "vertices that repeat the one before are removed",
    "duplicate": "of two labels with exactly the same shape the younger one is deleted",
}
"""Those that `--fix` does: each keeps what was labelled."""
ON_REQUEST: Final = {
    "fill": "the gap is interpolated",
    "swap": "the two objects are swapped from this frame on",
    "answer": "the attribute is asked for",
}
"""Those that a person must ask for."""


def fix(document: LabelDocument, task: Task, finding: Finding, stamp: Stamp) -> Patch:
    """Return the patch that mends a finding.

    Raises:
        Refused: nothing of ours mends it, or it is no longer as it was found.
    """
    do = _DO.get(finding.fix)
    if do is None or finding.instance is None or finding.unit is None or finding.frame is None:
        raise Refused("nothing mends this by itself", hint=finding.hint)
    patch = do(document, task, finding, stamp)
    if not patch:
        raise Refused("there is nothing to mend any more", hint="run the check again")
    return patch


def mended(document: LabelDocument, task: Task, finding: Finding, stamp: Stamp) -> Patch:
    """Return the patch that mends a finding for a person who looks at it: of near duplicates one goes as well.

    Raises:
        Refused: nothing of ours mends it, or it is no longer as it was found.
    """
    return (
        _redundant_deleted(document, finding, stamp)
        if finding.fix == "duplicate"
        else fix(document, task, finding, stamp)
    )


def redundant(document: LabelDocument, finding: Finding) -> InstanceId | None:
    """Return which object of a pair goes: the one that less was said about, the younger of two alike."""
    pair = [InstanceId(key) for key in (finding.instance, finding.other) if key is not None]
    known = [document.instances[key] for key in pair if key in document.instances]
    if len(known) < 2:
        return None

    def weight(value: Instance) -> tuple[bool, bool, int, int, int]:
        said = document.decisions.get(value.id) is not None, bool(document.issues_of(value.id))
        return *said, len(value.answers) + len(value.dynamic), -value.created_ms, -value.ordinal

    return min(known, key=weight).id


def is_safe(finding: Finding) -> bool:
    """Return whether `--fix` may do it without a person."""
    return finding.fix in FIXES


# --- one label after the other --------------------------------------------------------------------


def _reshape(
    document: LabelDocument, finding: Finding, stamp: Stamp, change: Callable[[Shape, int], Shape | None]
) -> Patch:
    """Return the patch that changes an instance's shapes on the finding's frames; None leaves one as it is."""
    patches, now = [], document
    instance, unit = _place(finding)
    for frame in list(_frames(document.track(instance, unit), finding)):
        label = now.label(instance, unit, frame)
        shape = None if label is None else change(label.shape, frame)
        if label is not None and shape is not None and not same_shape(shape, label.shape):
            patches.append(put_label(now, instance, FrameRef(unit, frame), shape, stamp))
            now = now.apply(patches[-1])
    return compose(*patches)


def _place(finding: Finding) -> tuple[InstanceId, UnitId]:
    assert finding.instance is not None
    assert finding.unit is not None
    return finding.instance, finding.unit  # type: ignore[return-value]  # ids are numbers


def _frames(track: Track | None, finding: Finding) -> Iterator[int]:
    if track is not None and finding.frame is not None:
        last = finding.last_frame if finding.last_frame is not None else finding.frame
        yield from track.between(finding.frame, last).frames.tolist()


def _clip(document: LabelDocument, task: Task, finding: Finding, stamp: Stamp) -> Patch:
    unit = task.unit(_place(finding)[1])
    return _reshape(document, finding, stamp, lambda shape, frame: clipped(shape, *unit.size(frame)))


def clipped(shape: Shape, width: int, height: int) -> Shape | None:
    """Return a shape without what lies outside its frame; None for shapes that are not clipped, or wholly outside."""
    match shape:
        case Box(x, y, w, h):
            x0, y0, x1, y1 = max(x, 0.0), max(y, 0.0), min(x + w, float(width)), min(y + h, float(height))
            return Box(x0, y0, x1 - x0, y1 - y0) if x1 > x0 and y1 > y0 else None
        case Polygon():
            inside = intersection(shape, polygon([0, 0, width, 0, width, height, 0, height]))
            return inside if inside.parts else None
        case Bitmask():
            return bitmask_from_array(frame_array(shape, width, height))
        case Polyline(points):
            return Polyline(np.clip(points, 0, [width, height]))
        case Keypoint(x, y):
            return Keypoint(min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height)))
        case Skeleton():
            return None  # a point beyond the edge says where a hidden limb is
        case _:
            return None


def _ordered(shape: Shape) -> Shape | None:
    match shape:
        case Box(x, y, w, h):
            return Box(min(x, x + w), min(y, y + h), abs(w), abs(h))
        case RotatedBox(x, y, w, h, theta):
            return RotatedBox(min(x, x + w), min(y, y + h), abs(w), abs(h), theta)
        case _:
            return None


def _turned(shape: Shape) -> Shape | None:
    if not isinstance(shape, RotatedBox) or -180 <= shape.theta_deg <= 360:
        return None
    return RotatedBox(shape.x, shape.y, shape.width, shape.height, shape.theta_deg % 360)


def _thinned(shape: Shape) -> Shape | None:
    if not isinstance(shape, Polygon):
        return None
    parts = tuple(tuple(_without_repeats(ring) for ring in part) for part in shape.parts)
    return Polygon(parts) if all(len(ring) >= 3 for part in parts for ring in part) else None


def _without_repeats(
    ring: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return ring[(ring != np.roll(ring, 1, axis=0)).any(axis=1)] if len(ring) > 1 else ring


_BY_SHAPE: Final = {"order": _ordered, "turn": _turned, "vertices": _thinned}


def reshapes(fix_id: str, shape: Shape) -> bool:
    """Return whether a fix that looks at nothing but the shape would change it."""
    made = _BY_SHAPE[fix_id](shape) if fix_id in _BY_SHAPE else None
    return made is not None and not same_shape(made, shape)


def _by_shape(document: LabelDocument, task: Task, finding: Finding, stamp: Stamp) -> Patch:
    del task
    change = _BY_SHAPE[finding.fix]
    return _reshape(document, finding, stamp, lambda shape, _frame: change(shape))


# --- two of them ----------------------------------------------------------------------------------


def _duplicate(document: LabelDocument, task: Task, finding: Finding, stamp: Stamp) -> Patch:
    """Return the patch that deletes the younger of two labels of exactly one shape on each of the finding's frames."""
    del task
    instance, unit = _place(finding)
    other = document.instances.get(finding.other) if finding.other is not None else None  # type: ignore[call-overload]  # ids are numbers
    mine = document.instances.get(instance)
    if other is None or mine is None or other.answers != mine.answers or other.dynamic != mine.dynamic:
        return Patch()
    younger = max(mine, other, key=lambda i: (i.created_ms, i.ordinal))
    if document.decisions.get(younger.id) is not None or document.issues_of(younger.id):
        return Patch()
    patches, now = [], document
    for frame in list(_frames(document.track(instance, unit), finding)):
        one, two = now.label(instance, unit, frame), now.label(other.id, unit, frame)
        if one is not None and two is not None and same_shape(one.shape, two.shape):
            patches.append(delete_labels(now, [younger.id], FrameRef(unit, frame), stamp))
            now = now.apply(patches[-1])
    return compose(*patches)


def _redundant_deleted(document: LabelDocument, finding: Finding, stamp: Stamp) -> Patch:
    """Return the patch that deletes the labels of one object of a pair on the finding's frames, where both have one."""
    gone, (instance, unit) = redundant(document, finding), _place(finding)
    if gone is None or finding.other is None:
        return Patch()
    patches, now = [], document
    for frame in list(_frames(document.track(instance, unit), finding)):
        if now.label(InstanceId(finding.other), unit, frame) is not None:
            patches.append(delete_labels(now, [gone], FrameRef(unit, frame), stamp))
            now = now.apply(patches[-1])
    return compose(*patches)


def _fill(document: LabelDocument, task: Task, finding: Finding, stamp: Stamp) -> Patch:
    del task
    instance, unit = _place(finding)
    track = document.track(instance, unit)
    row = None if track is None or finding.frame is None else track.row_of(finding.frame)
    if track is None or not row:
        return Patch()
    gap = interpolate.gap_at(track, int(track.frames[row - 1]) + 1)
    return Patch() if gap is None else interpolate.fill(document, instance, unit, gap, stamp)


def _swap(document: LabelDocument, task: Task, finding: Finding, stamp: Stamp) -> Patch:
    del task, stamp
    instance, unit = _place(finding)
    if finding.other is None or finding.frame is None:
        return Patch()
    return swap(document, instance, finding.other, FrameRef(unit, finding.frame))  # type: ignore[arg-type]  # ids are numbers


_DO: Final = {
    "clip": _clip,
    "order": _by_shape,
    "turn": _by_shape,
    "vertices": _by_shape,
    "duplicate": _duplicate,
    "fill": _fill,
    "swap": _swap,
}


def safe_fixes(
    document: LabelDocument, task: Task, findings: list[Finding], stamp: Stamp
) -> tuple[Patch, list[Finding]]:
    """Return one patch that mends all that can be mended safely, and the findings that it mends."""
    patches, mended = [], []
    for finding in findings:
        if not is_safe(finding):
            continue
        try:
            patches.append(fix(document, task, finding, stamp))
            document = document.apply(patches[-1])
            mended.append(finding)
        except TuiEditorError:
            continue
    return compose(*patches), mended
