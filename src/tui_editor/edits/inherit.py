"""Give new labels the dynamic answers that are preserved for their instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.edits.dynamic import beside, joined
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.ontology import walk
from tui_editor.model.patch import InstanceChange, Patch, TrackChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import AttributeId, InstanceId, UnitId
    from tui_editor.model.ontology import AnswerValue, Ontology

    Preserved = Mapping[InstanceId, Mapping[AttributeId, AnswerValue]]


def inherited(document: LabelDocument, ontology: Ontology, patch: Patch, preserved: Preserved) -> Patch:
    """Return the patch with the preserved answers on the frames that it labels and that had no label before.

    Answers that are there already, or that the patch gives, stay.

    Args:
        document: What the patch is made for.
        ontology: Whose attributes are answered.
        patch: What makes labels.
        preserved: By instance, the values of dynamic attributes.
    """
    added = {i: ranges for i in preserved if (ranges := list(_new_ranges(document, patch, i)))}
    if not added:
        return patch
    after = document.apply(patch)
    changes = []
    for instance, ranges in added.items():
        value = after.instances.get(instance)
        entry = ontology.find(value.class_id) if value is not None else None
        if value is None or entry is None:
            continue
        known = {a.id for a in walk(entry.attributes) if a.dynamic}
        wanted = [
            DynamicAnswer(attribute=attribute, value=answer, unit=unit, first=first, last=last)
            for attribute, answer in preserved[instance].items()
            if attribute in known
            for unit, first, last in ranges
        ]
        new = replace(value, dynamic=joined([*value.dynamic, *beside(wanted, value.dynamic)]))
        if new != value:
            changes.append(InstanceChange(instance, value, new))
    return patch.then(Patch(tuple(changes)))


def _new_ranges(document: LabelDocument, patch: Patch, instance: InstanceId) -> Iterator[tuple[UnitId, int, int]]:
    """Yield the runs of frames on which a patch gives an instance labels that it had not before."""
    for change in patch.changes:
        if isinstance(change, TrackChange) and change.instance == instance and len(change.after):
            track = document.track(instance, change.unit)
            frames = change.after.frames
            new = frames if track is None else frames[~np.isin(frames, track.frames)]
            for first, last in _runs(new):
                yield change.unit, first, last


def _runs(frames: NDArray[np.int32]) -> list[tuple[int, int]]:
    if not len(frames):
        return []
    breaks = np.flatnonzero(np.diff(frames) > 1)
    firsts, lasts = frames[np.concatenate([[0], breaks + 1])], frames[np.concatenate([breaks, [-1]])]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))
