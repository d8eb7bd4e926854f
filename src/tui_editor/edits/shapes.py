"""Reshape labels, also into several: what one shape falls into, what another one takes or gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.edits.labels import delete_labels, put_label
from tui_editor.errors import Refused
from tui_editor.model.empty import EMPTY
from tui_editor.model.ids import InstanceId, new_id
from tui_editor.model.patch import InstanceChange, Patch, compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.shapes import Shape


def put_shapes(
    document: LabelDocument, instance: InstanceId, at: FrameRef, shapes: Sequence[Shape], stamp: Stamp
) -> Patch:
    """Return the patch that gives an instance the first shape on a frame, and each of the others to a new instance.

    The new instances have the class and the static answers of the old one.

    Raises:
        Refused: the instance is labelled with another kind of shape, or there are no shapes.
        InvalidShape: a shape is not one.
    """
    if not shapes:
        raise Refused("nothing would be left", hint="delete the label instead")
    patches = [put_label(document, instance, at, shapes[0], stamp)]
    value = document.instances[instance]
    ordinal = document.next_ordinal(value.class_id)
    for number, shape in enumerate(shapes[1:]):
        made = replace(
            value,
            id=InstanceId(new_id()),
            ordinal=ordinal + number,
            dynamic=(),
            created_by=stamp.person,
            created_ms=stamp.at_ms,
            source_id="",
            extra=EMPTY,
        )
        patches.append(Patch((InstanceChange(made.id, None, made),)))
        patches.append(put_label(document, made.id, at, shape, stamp))
    return compose(*patches)


def take_in(
    document: LabelDocument,
    instance: InstanceId,
    others: Sequence[InstanceId],
    at: FrameRef,
    shape: Shape,
    stamp: Stamp,
) -> Patch:
    """Return the patch that gives an instance a shape made of its own and others' labels, which go.

    An instance goes with its last label.
    """
    return compose(put_label(document, instance, at, shape, stamp), delete_labels(document, others, at))
