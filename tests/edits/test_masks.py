"""Bitmasks painted, erased and combined; pixels of two masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doctext import UNIT
from tests.support.figures import masks as arrays
from tests.support.painting import CLASSES, LINE, block, painting
from tui_editor.edits import masks
from tui_editor.edits.masks import Panoptic
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import Refused
from tui_editor.model import mask_sets
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId
from tui_editor.model.masks import area, bitmask_from_array
from tui_editor.model.ontology import Ontology
from tui_editor.model.shapes import Bitmask, same_shape

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch

ME = Stamp("me", 77)
HERE = FrameRef(UNIT, 0)
ONE, TWO, THREE = InstanceId(1), InstanceId(2), InstanceId(3)
ROAD = ClassId("road")
ONTOLOGY = Ontology(classes=tuple(CLASSES.values()))
places = st.tuples(st.integers(0, 6), st.integers(0, 6))
bitmasks = st.tuples(arrays.filter(lambda m: bool(m.any())), places).map(lambda m: bitmask_from_array(m[0], *m[1]))


def done(found: LabelDocument, patch: Patch) -> LabelDocument:
    """Return what a patch makes of a document, once it was seen to be taken back whole."""
    after = found.apply(patch)
    assert found.same(after.apply(patch.inverse()))
    return after


def mask_of(found: LabelDocument, key: InstanceId) -> Bitmask | None:
    label = found.label(key, UNIT, 0)
    if label is None:
        return None
    assert isinstance(label.shape, Bitmask)
    return label.shape


@given(bitmasks, bitmasks, bitmasks, st.sampled_from(Panoptic))
def test_painting_adds_pixels_and_in_panoptic_mode_no_stroke_makes_a_pixel_belong_to_two(
    mine: Bitmask, other: Bitmask, stroke: Bitmask, panoptic: Panoptic
) -> None:
    found = painting([mine, other]).state.document
    after = done(found, masks.paint(found, ONE, HERE, stroke, panoptic, ME))
    painted, beside = mask_of(after, ONE), mask_of(after, TWO)
    assert painted is not None
    wanted = mask_sets.without(stroke, other) if panoptic is Panoptic.PROTECT else stroke
    assert same_shape(painted, mask_sets.united(mine, wanted))
    left = mask_sets.without(other, stroke) if panoptic is Panoptic.OVERWRITE else mask_sets.united(other)
    assert same_shape(beside, left) if beside is not None else area(left) == 0
    if panoptic is not Panoptic.OFF and beside is not None:
        assert mask_sets.common(mask_sets.without(painted, mine), beside).width == 0


@given(bitmasks, bitmasks)
def test_what_is_erased_is_what_the_stroke_and_the_mask_share(mine: Bitmask, stroke: Bitmask) -> None:
    found = painting([mine]).state.document
    left = mask_sets.without(mine, stroke)
    if not left.width:
        with pytest.raises(Refused):
            masks.erase(found, ONE, HERE, stroke, ME)
        return
    after = mask_of(done(found, masks.erase(found, ONE, HERE, stroke, ME)), ONE)
    assert after is not None
    assert same_shape(mask_sets.united(after), left)


def test_a_stroke_that_changes_nothing_makes_an_empty_patch() -> None:
    found = painting([block(0, 0, 9, 9)]).state.document
    assert not masks.paint(found, ONE, HERE, block(2, 2, 3, 3), Panoptic.OVERWRITE, ME)
    assert not masks.erase(found, ONE, HERE, block(20, 20, 3, 3), ME)


def test_a_stroke_on_pixels_that_one_has_already_still_takes_them_from_the_others() -> None:
    found = painting([block(0, 0, 9, 9), block(5, 0, 9, 9)]).state.document
    after = done(found, masks.paint(found, ONE, HERE, block(5, 0, 4, 9), Panoptic.OVERWRITE, ME))
    assert same_shape(mask_of(after, TWO) or block(0, 0, 1, 1), block(9, 0, 5, 9))


def test_several_masks_are_overwritten_in_one_patch_and_an_emptied_one_goes() -> None:
    found = painting([block(0, 0, 4, 4), block(10, 0, 4, 4), block(20, 0, 40, 4), LINE]).state.document
    patch = masks.paint(found, ONE, HERE, block(0, 0, 30, 4), Panoptic.OVERWRITE, ME)
    after = done(found, patch)
    assert TWO not in after.instances
    assert same_shape(mask_of(after, THREE) or LINE, block(30, 0, 30, 4))
    assert after.label(InstanceId(4), UNIT, 0) is not None


def test_a_new_instance_is_made_of_a_stroke() -> None:
    found = painting([block(0, 0, 4, 4)]).state.document
    patch, made = masks.paint_new(found, ONTOLOGY, ROAD, HERE, block(2, 0, 4, 4), Panoptic.PROTECT, ME)
    after = done(found, patch)
    assert same_shape(mask_of(after, made) or LINE, block(4, 0, 2, 4))
    assert after.instances[made].ordinal == 1
    with pytest.raises(Refused):
        masks.paint_new(found, ONTOLOGY, ROAD, HERE, block(0, 0, 2, 2), Panoptic.PROTECT, ME)


def test_combined_masks_are_one_and_the_others_go() -> None:
    found = painting([block(0, 0, 4, 4), block(10, 0, 4, 4), block(2, 2, 4, 4)]).state.document
    after = done(found, masks.combine(found, THREE, [ONE, TWO], HERE, ME))
    assert sorted(after.instances) == [THREE]
    assert area(mask_of(after, THREE) or block(0, 0, 1, 1)) == 16 + 16 + 12


@pytest.mark.parametrize("others", [[], [TWO]])
def test_what_is_no_bitmask_is_not_combined(others: list[InstanceId]) -> None:
    found = painting([block(0, 0, 4, 4), LINE]).state.document
    with pytest.raises(Refused):
        masks.combine(found, ONE, others, HERE, ME)
