"""Many labels found and deleted at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.support import strategies as some
from tests.support.content import done
from tests.support.doctext import UNIT, document, text_of
from tui_editor.edits.bulk import deletions
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.model.patch import Patch

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument

CAR, OTHER, VAN = InstanceId(1), InstanceId(2), InstanceId(3)
CLIP = """
car@0 box 0,0 1,1
car@4 box 0,0 1,1
car(1)@2 box 0,0 1,1
van@2 box 0,0 1,1
van@9 box 0,0 1,1
"""


def deleted(found: LabelDocument, frames: dict[InstanceId, list[int]], unit: UnitId = UNIT) -> Patch:
    """Return the patch that deletes the labels on some frames."""
    chosen = {instance: {unit: np.array(rows, np.int32)} for instance, rows in frames.items()}
    return Patch(tuple(change for gone in deletions(found, chosen) for change in gone.changes))


def lines(*names: str) -> str:
    return text_of(document("\n".join(f"{name} box 0,0 1,1" for name in names)))


def test_what_goes_of_each_instance_is_told() -> None:
    chosen = {CAR: {UNIT: np.array([4], np.int32)}, OTHER: {UNIT: np.array([2], np.int32)}}
    found = list(deletions(document(CLIP), chosen))
    assert [(d.instance, d.units, d.labels, d.first, d.last, d.whole) for d in found] == [
        (CAR, (UNIT,), 1, 4, 4, False),
        (OTHER, (UNIT,), 1, 2, 2, True),
    ]


def test_an_instance_goes_with_its_last_label() -> None:
    found = document(CLIP)
    after = done(found, deleted(found, {CAR: [4], OTHER: [2], VAN: [2]}))
    assert text_of(after) == lines("car@0", "van@9")
    assert OTHER not in after.instances


def test_frames_units_and_instances_without_a_label_are_passed_over() -> None:
    found = document(CLIP)
    assert not deleted(found, {CAR: [1, 2, 3, 5, 2**31 - 1], InstanceId(99): [0]})
    assert not deleted(found, {CAR: [0]}, UnitId(9))


@given(some.documents(last=40), some.units, st.data())
def test_exactly_the_chosen_labels_go(found: LabelDocument, unit: UnitId, data: st.DataObject) -> None:
    chosen = {
        instance: sorted(data.draw(st.sets(st.integers(0, 41), max_size=20)))
        for instance, where in found.tracks
        if where == unit
    }
    after = done(found, deleted(found, chosen, unit))
    for (instance, where), track in found.tracks.items():
        gone = chosen.get(instance, []) if where == unit else []
        left = [frame for frame in track.frames.tolist() if frame not in gone]
        kept = after.track(instance, where)
        assert left == ([] if kept is None else kept.frames.tolist())
    assert all(key in after.instances for key, _ in after.tracks)
