"""What real label files hold and is no fault: closed rings, one name for two kinds of shape, what an edge cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from tests.checks.cases import INSIDE, LONG, box_class, many, ontology_of
from tests.checks.support import found, one

from tui_editor.model.shapes import ShapeKind, polygon

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument


def test_a_last_vertex_on_the_first_one_closes_the_ring() -> None:
    assert found("G08", one(polygon([10, 10, 50, 10, 50, 50, 10, 50, 10, 10]))) == []
    assert len(found("G08", one(polygon([10, 10, 10, 10, 50, 10, 50, 50])))) == 1


def test_one_name_may_stand_for_several_kinds_of_shape() -> None:
    box, again = box_class("Bin"), box_class("Bin", "c")
    outline = replace(box_class("Bin", "b"), shape=ShapeKind.POLYGON)

    assert found("S07", project=ontology_of(box, outline)) == []
    assert len(found("S07", project=ontology_of(box, outline, again))) == 1
    assert len(found("S07", project=ontology_of(box, replace(outline, name="bin")))) == 1


def test_a_track_that_the_video_cuts_may_be_short() -> None:
    last = LONG.frame_count - 1

    assert found("T09", one(INSIDE, 0, 1), units=(LONG,)) == []
    assert found("T09", one(INSIDE, last), units=(LONG,)) == []
    assert len(found("T09", one(INSIDE, last - 1), units=(LONG,))) == 1


def test_a_label_that_the_frame_s_edge_cuts_may_be_narrow() -> None:
    def narrow(left: float) -> LabelDocument:
        made: LabelDocument = many(
            60, size=lambda n: 40 if n != 7 else 0.5, place=lambda n: (left if n == 7 else 20, 20)
        )
        return made

    assert found("X03", narrow(0.0)) == []
    assert len(found("X03", narrow(50.0))) == 1
