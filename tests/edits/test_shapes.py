"""Labels that fall into several, and such that take others in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import UNIT
from tests.support.painting import APART, BESIDE, SQUARE, painting
from tui_editor.edits.shapes import put_shapes, take_in
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import Refused
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import AttributeId, InstanceId, OptionId
from tui_editor.model.patch import InstanceChange, Patch
from tui_editor.model.polygons import merged
from tui_editor.model.shapes import same_shape

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument

ME = Stamp("me", 77)
HERE = FrameRef(UNIT, 0)
ONE, TWO = InstanceId(1), InstanceId(2)


def done(found: LabelDocument, patch: Patch) -> LabelDocument:
    """Return what a patch makes of a document, once it was seen to be taken back whole."""
    after = found.apply(patch)
    assert found.same(after.apply(patch.inverse()))
    return after


def test_the_first_shape_stays_with_the_instance_and_each_other_one_is_a_new_instance_of_the_class() -> None:
    found = painting([SQUARE, APART]).state.document
    value = found.instances[ONE]
    red = replace(value, answers={AttributeId("color"): (OptionId("red"),)})
    answered = found.apply(Patch((InstanceChange(ONE, value, red),)))
    after = done(answered, put_shapes(answered, ONE, HERE, [BESIDE, SQUARE, APART], ME))
    made = [after.instances[key] for key in after.on_frame(UNIT, 0) if key not in {ONE, TWO}]
    assert [instance.ordinal for instance in made] == [2, 3]
    assert {instance.class_id for instance in made} == {value.class_id}
    assert [instance.created_by for instance in made] == ["me", "me"]
    assert [instance.answers for instance in made] == [red.answers] * 2
    label = after.label(ONE, UNIT, 0)
    assert label is not None
    assert same_shape(label.shape, BESIDE)


def test_without_a_shape_there_is_nothing_to_put() -> None:
    with pytest.raises(Refused):
        put_shapes(painting([SQUARE]).state.document, ONE, HERE, [], ME)


def test_what_is_taken_in_goes_with_its_last_label() -> None:
    found = painting([SQUARE, BESIDE]).state.document
    after = done(found, take_in(found, ONE, [TWO], HERE, merged(SQUARE, BESIDE), ME))
    assert TWO not in after.instances
    label = after.label(ONE, UNIT, 0)
    assert label is not None
    assert same_shape(label.shape, merged(SQUARE, BESIDE))
