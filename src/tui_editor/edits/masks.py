"""Paint, erase and combine bitmasks; in panoptic mode no pixel belongs to two of them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tui_editor.edits.labels import create_instance, delete_labels, put_label
from tui_editor.edits.shapes import take_in
from tui_editor.errors import Refused
from tui_editor.model import mask_sets
from tui_editor.model.patch import Patch, compose
from tui_editor.model.shapes import Bitmask, ShapeKind
from tui_editor.model.tracks import LabelFlag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import ClassId, InstanceId
    from tui_editor.model.ontology import Ontology


class Panoptic(StrEnum):
    """Who gets the pixels that a stroke and another bitmask of the frame both want."""

    OFF = "off"
    """Both: masks may overlap."""
    OVERWRITE = "overwrite"
    """The stroke; the other masks lose them."""
    PROTECT = "protect"
    """The other masks; the stroke stops at their edges."""


def paint(
    document: LabelDocument, instance: InstanceId, at: FrameRef, stroke: Bitmask, panoptic: Panoptic, stamp: Stamp
) -> Patch:
    """Return the patch that adds a stroke's pixels to an instance's bitmask on a frame.

    In panoptic mode it changes other masks in the same patch; one that is left without a pixel loses its label. It is
    empty when the stroke adds and takes nothing.
    """
    others, added = _taken(document, instance, at, stroke, panoptic, stamp)
    old = document.label(instance, at.unit, at.index)
    before = old.shape if old is not None and isinstance(old.shape, Bitmask) else None
    if not added.width or (before is not None and not mask_sets.without(added, before).width):
        return others
    after = added if before is None else mask_sets.united(before, added)
    return compose(others, put_label(document, instance, at, after, stamp))


def paint_new(
    document: LabelDocument,
    ontology: Ontology,
    class_id: ClassId,
    at: FrameRef,
    stroke: Bitmask,
    panoptic: Panoptic,
    stamp: Stamp,
) -> tuple[Patch, InstanceId]:
    """Return the patch that makes a new instance of a stroke's pixels, and the instance's id.

    Raises:
        Refused: no pixel is left for it.
        OntologyError: there is no such class, or it is labelled with another kind of shape.
    """
    others, added = _taken(document, None, at, stroke, panoptic, stamp)
    if not added.width:
        raise Refused("the stroke has no pixel of its own", hint="it lies outside of the frame, or masks are protected")
    made, instance = create_instance(document, ontology, class_id, at, added, stamp)
    return compose(others, made), instance


def erase(document: LabelDocument, instance: InstanceId, at: FrameRef, stroke: Bitmask, stamp: Stamp) -> Patch:
    """Return the patch that takes a stroke's pixels from an instance's bitmask; empty when it has none of them.

    Raises:
        Refused: the instance has no bitmask on the frame, or nothing would be left of it.
    """
    mask = mask_of(document, instance, at)
    left = mask_sets.without(mask, stroke)
    if not left.width:
        raise Refused("nothing would be left of the mask", hint="delete the label instead")
    if not mask_sets.common(mask, stroke).width:
        return Patch()
    return put_label(document, instance, at, left, stamp)


def combine(
    document: LabelDocument, instance: InstanceId, others: Sequence[InstanceId], at: FrameRef, stamp: Stamp
) -> Patch:
    """Return the patch that gives an instance the pixels of others' bitmasks on a frame, whose labels go.

    Raises:
        Refused: one of them has no bitmask there, or there are no others.
    """
    if not others:
        raise Refused("there is nothing to combine with", hint="select a second bitmask too")
    masks = [mask_of(document, each, at) for each in (instance, *others)]
    return take_in(document, instance, others, at, mask_sets.united(*masks), stamp)


def mask_of(document: LabelDocument, instance: InstanceId, at: FrameRef) -> Bitmask:
    """Return an instance's bitmask on a frame.

    Raises:
        Refused: it has none there.
    """
    label = document.label(instance, at.unit, at.index)
    if label is None or not isinstance(label.shape, Bitmask):
        raise Refused("the object has no bitmask on this frame")
    return label.shape


def masks_beside(document: LabelDocument, instance: InstanceId | None, at: FrameRef) -> dict[InstanceId, Bitmask]:
    """Return the bitmasks of a frame but for one instance's; those that have left the picture don't count."""
    found = {}
    for key in document.on_frame(at.unit, at.index):
        track = document.track(key, at.unit)
        row = None if track is None or track.kind is not ShapeKind.BITMASK else track.row_of(at.index)
        if track is None or row is None or key == instance or int(track.flags[row]) & LabelFlag.OUTSIDE:
            continue
        shape = track.geometry.shape(row)
        if isinstance(shape, Bitmask):
            found[key] = shape
    return found


def _taken(
    document: LabelDocument,
    instance: InstanceId | None,
    at: FrameRef,
    stroke: Bitmask,
    panoptic: Panoptic,
    stamp: Stamp,
) -> tuple[Patch, Bitmask]:
    """Return what other masks lose to a stroke, and the pixels that are left to it."""
    if panoptic is Panoptic.OFF:
        return Patch(), stroke
    beside = masks_beside(document, instance, at)
    met = {key: mask for key, mask in beside.items() if mask_sets.overlap(mask, stroke)}
    if panoptic is Panoptic.PROTECT:
        return Patch(), mask_sets.without(stroke, *met.values())
    patches = []
    for key, mask in met.items():
        if not mask_sets.common(mask, stroke).width:
            continue
        left = mask_sets.without(mask, stroke)
        patches.append(put_label(document, key, at, left, stamp) if left.width else delete_labels(document, [key], at))
    return compose(*patches), stroke
