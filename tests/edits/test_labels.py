"""Edits of labels: what each makes and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.doctext import ONTOLOGY, UNIT, document, text_of
from tui_editor.edits.attributes import set_answer
from tui_editor.edits.labels import (
    add_labels,
    create_instance,
    delete_instance,
    delete_labels,
    move_labels,
    put_label,
    set_class,
    set_flag,
)
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import InvalidShape, OntologyError, Refused
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, UnitId
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.ontology import Ontology
from tui_editor.model.shapes import Box, Keypoint, ShapeKind, polygon, polyline
from tui_editor.model.tracks import Label, LabelFlag, Origin, empty_track, make_track

if TYPE_CHECKING:
    from tui_editor.model.patch import Patch

ME = Stamp("me", 77)
HERE = FrameRef(UNIT, 0)
CAR, OTHER = InstanceId(1), InstanceId(2)
TWO = "car@0 box 0,0 5,5\ncar@3 box 0,0 5,5\ncar(1)@0 box 50,0 5,5"


def done(found: LabelDocument, patch: Patch) -> str:
    """Return what a patch makes of a document, once it was seen to be taken back whole."""
    after = found.apply(patch)
    assert found.same(after.apply(patch.inverse()))
    return text_of(after)


def test_a_new_instance_gets_the_next_number_and_its_author() -> None:
    found = document(TWO)
    patch, made = create_instance(found, ONTOLOGY, ClassId("car"), FrameRef(UNIT, 7), Box(1, 2, 3, 4), ME)
    assert text_of(document(TWO + "\ncar(2)@7 box 1,2 3,4")) == done(found, patch)
    value, label = found.apply(patch).instances[made], found.apply(patch).label(made, UNIT, 7)
    assert (value.created_by, value.created_ms) == ("me", 77)
    assert label is not None
    assert (
        label.author,
        label.created_ms,
        label.origin,
        label.flags,
        label.confidence,
    ) == ("me", 77, Origin.MANUAL, LabelFlag.KEY, 1.0)


@pytest.mark.parametrize(
    ("class_id", "shape", "error"),
    [
        ("plane", Box(1, 1, 1, 1), OntologyError),
        ("car", Keypoint(1, 1), OntologyError),
        ("night", Box(1, 1, 1, 1), OntologyError),
        ("car", Box(1, 1, -1, 1), InvalidShape),
        ("car", Box(float("nan"), 1, 1, 1), InvalidShape),
        ("lake", polygon([(0, 0), (1, 1)]), InvalidShape),
    ],
)
def test_an_instance_that_cannot_be_is_refused(class_id: str, shape: Box, error: type[Exception]) -> None:
    with pytest.raises(error):
        create_instance(document(""), ONTOLOGY, ClassId(class_id), HERE, shape, ME)


def test_a_redrawn_label_becomes_manual_and_keeps_what_it_knew_besides() -> None:
    label = Label(
        frame=0,
        shape=Box(0, 0, 1, 1),
        confidence=0.25,
        origin=Origin.TRACKED,
        flags=LabelFlag.OCCLUDED,
        author="ann",
        editor="ann",
        created_ms=5,
        edited_ms=5,
        extra={"track_id": 7},
    )
    found = make_document(
        instances=document("car@0 box 0,0 1,1").instances.values(), tracks={(CAR, UNIT): make_track([label])}
    )
    new = found.apply(put_label(found, CAR, HERE, Box(1, 1, 2, 2), ME)).label(CAR, UNIT, 0)
    assert new is not None
    assert (new.confidence, new.origin, new.flags) == (1.0, Origin.MANUAL, LabelFlag.OCCLUDED | LabelFlag.KEY)
    assert (
        new.author,
        new.editor,
        new.created_ms,
        new.edited_ms,
        new.extra,
    ) == ("ann", "me", 5, 77, {"track_id": 7})


def test_a_label_is_put_where_none_was() -> None:
    found = document(TWO)
    assert text_of(document(TWO + "\ncar@1 box 1,2 3,4")) == done(
        found, put_label(found, CAR, FrameRef(UNIT, 1), Box(1, 2, 3, 4), ME)
    )


def test_a_label_of_another_kind_is_refused() -> None:
    with pytest.raises(Refused, match="bounding_box"):
        put_label(document(TWO), CAR, FrameRef(UNIT, 5), Keypoint(1, 1), ME)


def test_labels_of_one_frame_are_moved_together() -> None:
    found = document(TWO)
    patch = move_labels(found, [CAR, OTHER, InstanceId(99)], HERE, (1.5, -2), ME)
    assert done(found, patch) == text_of(document("car@0 box 1.5,-2 5,5\ncar@3 box 0,0 5,5\ncar(1)@0 box 51.5,-2 5,5"))


def test_a_flag_is_set_and_cleared_once() -> None:
    found = document(TWO)
    patch = set_flag(found, CAR, HERE, LabelFlag.OCCLUDED, True, ME)
    after = found.apply(patch)
    label = after.label(CAR, UNIT, 0)
    assert label is not None
    assert label.flags == LabelFlag.KEY | LabelFlag.OCCLUDED
    assert not set_flag(after, CAR, HERE, LabelFlag.OCCLUDED, True, ME)
    assert not set_flag(found, CAR, FrameRef(UNIT, 50), LabelFlag.OCCLUDED, True, ME)
    assert not set_flag(found, InstanceId(99), HERE, LabelFlag.OCCLUDED, True, ME)
    cleared = after.apply(set_flag(after, CAR, HERE, LabelFlag.OCCLUDED, False, ME)).label(CAR, UNIT, 0)
    assert cleared is not None
    assert cleared.flags == LabelFlag.KEY


def test_an_instance_goes_with_its_last_label() -> None:
    found = document(TWO)
    assert done(found, delete_labels(found, [CAR, OTHER], HERE)) == "car@3 box 0,0 5,5"
    assert OTHER not in found.apply(delete_labels(found, [CAR, OTHER], HERE)).instances
    assert CAR in found.apply(delete_labels(found, [CAR], HERE)).instances
    assert not delete_labels(found, [CAR], FrameRef(UNIT, 50))


def test_an_instance_with_labels_in_another_unit_stays() -> None:
    found = document("car@0 box 1,1 2,2")
    elsewhere = found.apply(put_label(found, CAR, FrameRef(UnitId(2), 0), Box(1, 1, 1, 1), ME))
    after = elsewhere.apply(delete_labels(elsewhere, [CAR], HERE))
    assert [UnitId(2)] == [unit for unit, _ in after.tracks_of(CAR)]
    assert CAR in after.instances


def test_a_deleted_instance_takes_its_decision_along_and_leaves_its_threads() -> None:
    found = document('car@0 box 0,0 5,5 approved\nissue label car@0 "why"')
    assert done(found, delete_instance(found, CAR)) == 'issue label@0 "why"'
    after = found.apply(delete_instance(found, CAR))
    assert (len(after.decisions), after.lookup.decided, after.issues_of(CAR)) == (0, 0, ())


def test_a_class_is_changed_with_a_new_number_and_without_answers_that_it_lacks() -> None:
    found = document(TWO + "\nvan(4)@0 box 9,9 1,1")
    found = found.apply(set_answer(found, ONTOLOGY, CAR, AttributeId("color"), (OptionId("red"),)))
    dynamic = DynamicAnswer(attribute=AttributeId("speed"), value=3, unit=UNIT, first=0, last=1)
    found = make_document(
        instances=[replace(i, dynamic=(dynamic,)) if i.id == CAR else i for i in found.instances.values()],
        tracks=dict(found.tracks.items()),
    )
    patch = set_class(found, ONTOLOGY, [CAR, OTHER], ClassId("van"))
    after = found.apply(patch)
    assert (
        after.instances[CAR].class_id,
        after.instances[CAR].ordinal,
        after.instances[CAR].answers,
        after.instances[CAR].dynamic,
    ) == ("van", 5, {}, ())
    assert after.instances[OTHER].ordinal == 6
    assert found.same(after.apply(patch.inverse()))
    assert not set_class(found, ONTOLOGY, [CAR], ClassId("car"))


@pytest.mark.parametrize("class_id", ["eye", "plane", "night"])
def test_a_class_of_another_shape_is_refused(class_id: str) -> None:
    with pytest.raises(OntologyError):
        set_class(document(TWO), ONTOLOGY, [CAR], ClassId(class_id))


def test_an_instance_without_labels_takes_only_a_class_of_its_shape() -> None:
    found = document(TWO)
    bare = make_document(instances=found.instances.values())
    for class_id in ("plane", "eye"):
        with pytest.raises(OntologyError):
            set_class(bare, ONTOLOGY, [CAR], ClassId(class_id))
    assert set_class(bare, ONTOLOGY, [CAR], ClassId("van"))


def test_many_labels_replace_those_in_their_way_and_leave_the_others() -> None:
    found = document(TWO)
    labels = make_track([Label(frame=f, shape=Box(f, 0, 1, 1)) for f in (1, 3)])
    patch = add_labels(found, CAR, UNIT, labels)
    assert done(found, patch) == text_of(
        document("car@0 box 0,0 5,5\ncar@1 box 1,0 1,1\ncar@3 box 3,0 1,1\ncar(1)@0 box 50,0 5,5")
    )
    assert not add_labels(found, CAR, UNIT, empty_track(ShapeKind.BOX))


def test_many_labels_of_another_kind_are_refused() -> None:
    labels = make_track([Label(frame=8, shape=polyline([(0, 0), (1, 1)]))])
    with pytest.raises(Refused, match="bounding_box"):
        add_labels(document(TWO), CAR, UNIT, labels)


def test_an_edit_does_not_write_into_the_columns_that_it_read() -> None:
    found = document(TWO)
    before = found.tracks[CAR, UNIT].geometry.fixed.copy()
    found.apply(move_labels(found, [CAR], HERE, (4, 4), ME))
    assert np.array_equal(before, found.tracks[CAR, UNIT].geometry.fixed)


def test_of_an_archived_class_nothing_is_drawn_any_more_and_its_labels_stay() -> None:
    car = ONTOLOGY.classes[0]
    put_away = Ontology(classes=(replace(car, archived=True), *ONTOLOGY.classes[1:]))
    assert car.id not in {c.id for c in put_away.offered()}
    assert put_away.find(car.id) is not None

    with pytest.raises(OntologyError, match="is archived: no more of it is drawn"):
        create_instance(document(""), put_away, car.id, HERE, Box(1, 1, 5, 5), ME)
