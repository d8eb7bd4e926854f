"""Many labels found and deleted at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import strategies as some
from tests.support.content import done
from tests.support.doctext import UNIT, document, text_of
from tui_editor.edits.bulk import delete_matches, matching
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.model.tracks import make_track

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui_editor.model.patch import Patch

CAR, OTHER, VAN = InstanceId(1), InstanceId(2), InstanceId(3)
CLIP = """
car@0 box 0,0 1,1
car@4 box 0,0 1,1
car(1)@2 box 0,0 1,1
van@2 box 0,0 1,1
van@9 box 0,0 1,1
"""


def deleted(
    found: LabelDocument,
    unit: UnitId,
    instances: Iterable[InstanceId] | None = None,
    first: int = 0,
    last: int | None = None,
    below: float | None = None,
) -> Patch:
    """Return the patch that deletes what is found."""
    return delete_matches(found, unit, matching(found, unit, instances, first, last, below))


def less_sure(found: LabelDocument, confidence: dict[tuple[InstanceId, int], float]) -> LabelDocument:
    tracks = {
        key: make_track(
            [replace(at, confidence=confidence.get((key[0], at.frame), at.confidence)) for at in track.labels()]
        )
        for key, track in found.tracks.items()
    }
    return make_document(instances=found.instances.values(), tracks=tracks)


def lines(*names: str) -> str:
    return text_of(document("\n".join(f"{name} box 0,0 1,1" for name in names)))


def test_what_goes_is_counted_first() -> None:
    found = matching(document(CLIP), UNIT, first=2, last=4)
    assert {(CAR, 1, False), (OTHER, 1, True), (VAN, 1, False)} == {(m.instance, len(m), m.whole) for m in found}
    assert matching(document(CLIP), UNIT, first=5, last=8) == []
    assert matching(document(""), UNIT) == []


def test_labels_of_a_range_go_and_instances_with_their_last_one() -> None:
    found = document(CLIP)
    after = done(found, deleted(found, UNIT, first=2, last=4))
    assert text_of(after) == lines("car@0", "van@9")
    assert OTHER not in after.instances


def test_only_the_named_instances_lose_labels() -> None:
    found = document(CLIP)
    after = done(found, deleted(found, UNIT, [VAN, InstanceId(99)]))
    assert text_of(after) == lines("car@0", "car@4", "car(1)@2")


def test_labels_below_a_confidence_go_and_those_at_it_stay() -> None:
    found = less_sure(document(CLIP), {(CAR, 0): 0.1, (CAR, 4): 0.2, (VAN, 9): 0.19})
    after = done(found, deleted(found, UNIT, below=0.2))
    assert text_of(after) == lines("car@4", "car(1)@2", "van@2")


def test_nothing_matches_in_another_unit() -> None:
    assert not deleted(document(CLIP), UnitId(9))


@given(
    some.documents(last=40),
    some.units,
    st.integers(0, 40),
    st.integers(0, 40) | st.none(),
    st.floats(0, 1, width=32) | st.none(),
)
@pytest.mark.filterwarnings("error")
def test_exactly_what_matches_goes(
    found: LabelDocument, unit: UnitId, first: int, last: int | None, below: float | None
) -> None:
    after = done(found, deleted(found, unit, first=first, last=last, below=below))
    for (instance, where), track in found.tracks.items():
        left = [
            frame
            for frame, sure in zip(track.frames.tolist(), track.confidence.tolist(), strict=True)
            if where != unit
            or frame < first
            or (last is not None and frame > last)
            or (below is not None and sure >= below)
        ]
        kept = after.track(instance, where)
        assert left == ([] if kept is None else kept.frames.tolist())
    assert all(key in after.instances for key, _ in after.tracks)
