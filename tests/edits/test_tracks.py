"""Track surgery: what each edit makes, keeps and refuses; every one is taken back byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support import strategies as some
from tests.support.content import content, done
from tests.support.doctext import ONTOLOGY, UNIT, document, text_of
from tui_editor.edits.attributes import set_answer
from tui_editor.edits.review import reject
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.tracks import clashes, cut, extend, followers, join, merge, split, swap
from tui_editor.errors import Refused
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, UnitId
from tui_editor.model.instances import DynamicAnswer, Instance
from tui_editor.model.issues import DecisionState, Issue, IssueKind
from tui_editor.model.shapes import Box
from tui_editor.model.tracks import Label, Origin, Track, make_track

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

ME = Stamp("me", 77)
CAR, OTHER, THIRD = InstanceId(1), InstanceId(2), InstanceId(3)
SPEED = AttributeId("speed")
CLIP = """
car@0 box 0,0 1,1
car@1 box 1,0 1,1
car@5 box 5,0 1,1
car(1)@1 box 0,9 1,1
car(1)@7 box 7,9 1,1
"""


def at(frame: int) -> FrameRef:
    return FrameRef(UNIT, frame)


def speed(value: float, first: int, last: int) -> DynamicAnswer:
    return DynamicAnswer(attribute=SPEED, value=value, unit=UNIT, first=first, last=last)


def having(found: LabelDocument, instance: InstanceId, **changes: object) -> LabelDocument:
    """Return the document with other fields of an instance."""
    values = [replace(i, **changes) if i.id == instance else i for i in found.instances.values()]
    return make_document(
        instances=values,
        tracks=dict(found.tracks.items()),
        issues=found.issues.values(),
        decisions=dict(found.decisions.items()),
        status=found.status,
    )


def text(lines: str) -> str:
    return text_of(document(lines))


# --- split -----------------------------------------------------------------------------------------


def test_a_split_gives_the_labels_from_here_on_to_a_new_instance() -> None:
    found = document(CLIP)
    patch, made = split(found, CAR, at(5), ME)
    after = done(found, patch)
    assert text_of(after) == text(CLIP.replace("car@5", "car(2)@5"))
    assert (after.instances[made].created_by, after.instances[made].created_ms) == ("me", 77)
    assert text_of(done(found, split(found, CAR, at(3), ME)[0])) == text_of(after)


def test_a_split_copies_static_answers_and_cuts_dynamic_ones() -> None:
    found = having(document(CLIP), CAR, dynamic=(speed(3, 0, 5), speed(4, 6, 9)))
    found = found.apply(set_answer(found, ONTOLOGY, CAR, AttributeId("color"), (OptionId("red"),)))
    patch, made = split(found, CAR, at(5), ME)
    old, new = (done(found, patch).instances[i] for i in (CAR, made))
    assert old.answers == new.answers == {"color": ("red",)}
    assert (old.dynamic, new.dynamic) == ((speed(3, 0, 4),), (speed(3, 5, 5), speed(4, 6, 9)))


def test_a_split_leaves_decision_and_rejection_where_they_were_and_takes_later_issues_along() -> None:
    found = document(CLIP + 'issue label car@1 "early"\nissue label car@5 "late"')
    found = found.apply(reject(found, [CAR], "loose", ME, at=at(5)))
    patch, made = split(found, CAR, at(5), ME)
    after = done(found, patch)
    assert [i.title for i in after.issues_of(made)] == ["late"]
    assert {"early", "loose"} == {i.title for i in after.issues_of(CAR)}
    assert after.decisions[CAR].state is DecisionState.REJECTED
    assert made not in after.decisions


@pytest.mark.parametrize("frame", [0, 6])
def test_there_is_nothing_to_split_off_at_the_ends(frame: int) -> None:
    with pytest.raises(Refused):
        split(document(CLIP), CAR, at(frame), ME)


# --- merge and join --------------------------------------------------------------------------------


def test_a_merge_takes_the_labels_over_and_keeps_those_of_the_target_where_both_have_one() -> None:
    found = document(CLIP)
    assert clashes(found, [CAR, OTHER]) == 1
    after = done(found, merge(found, CAR, [OTHER]))
    assert text_of(after) == text("car@0 box 0,0 1,1\ncar@1 box 1,0 1,1\ncar@5 box 5,0 1,1\ncar@7 box 7,9 1,1")
    assert OTHER not in after.instances


def test_a_merge_keeps_the_labels_of_the_source_when_told_so() -> None:
    found = document(CLIP)
    after = done(found, merge(found, CAR, [OTHER], target_wins=False))
    assert text_of(after) == text("car@0 box 0,0 1,1\ncar@1 box 0,9 1,1\ncar@5 box 5,0 1,1\ncar@7 box 7,9 1,1")


def test_of_several_sources_the_first_one_wins() -> None:
    found = document("car@0 box 0,0 1,1\ncar(1)@3 box 1,1 1,1\ncar(2)@3 box 2,2 1,1\ncar(2)@4 box 3,3 1,1")
    assert clashes(found, [CAR, OTHER, THIRD]) == 1
    after = done(found, merge(found, CAR, [OTHER, THIRD, CAR, OTHER]))
    assert text_of(after) == text("car@0 box 0,0 1,1\ncar@3 box 1,1 1,1\ncar@4 box 3,3 1,1")


def test_a_merge_reaches_into_other_data_units() -> None:
    found = document(CLIP)
    there = make_track([Label(frame=0, shape=Box(3, 3, 3, 3))])
    found = make_document(
        instances=found.instances.values(), tracks={**dict(found.tracks.items()), (OTHER, UnitId(2)): there}
    )
    after = done(found, merge(found, CAR, [OTHER]))
    assert {UNIT, UnitId(2)} == {unit for unit, _ in after.tracks_of(CAR)}


def test_a_merge_adds_answers_where_the_target_has_none() -> None:
    found = having(document(CLIP), CAR, dynamic=(speed(1, 0, 2),))
    found = having(found, OTHER, dynamic=(speed(2, 1, 9),), answers={AttributeId("color"): (OptionId("red"),)})
    after = done(found, merge(found, CAR, [OTHER])).instances[CAR]
    assert after.dynamic == (speed(1, 0, 2), speed(2, 3, 9))
    assert after.answers == {"color": ("red",)}


def test_a_merge_of_another_class_takes_no_answers_along() -> None:
    found = document("van@0 box 0,0 1,1\ncar@1 box 0,0 1,1")
    found = having(found, OTHER, dynamic=(speed(2, 1, 9),))
    assert done(found, merge(found, CAR, [OTHER])).instances[CAR].dynamic == ()


def test_a_merge_loses_no_thread_and_no_rejection() -> None:
    found = document(CLIP + 'issue label car(1)@1 "why"')
    found = found.apply(reject(found, [OTHER], "loose", ME, at=at(1)))
    after = done(found, merge(found, CAR, [OTHER]))
    assert {"why", "loose"} == {i.title for i in after.issues_of(CAR)}
    assert after.decisions[CAR].state is DecisionState.REJECTED
    assert list(after.decisions) == [CAR]


def test_different_shapes_and_nothing_at_all_are_not_merged() -> None:
    found = document("car@0 box 0,0 1,1\neye@0 point 1,1")
    for sources in ([OTHER], [CAR], []):
        with pytest.raises(Refused):
            merge(found, CAR, sources)


def test_a_join_makes_one_of_two_that_follow_each_other() -> None:
    found = document("car@0 box 0,0 1,1\ncar(1)@3 box 1,1 1,1\nvan@4 box 2,2 1,1\ncar(2)@9 box 1,1 1,1")
    assert followers(found, CAR, UNIT) == [OTHER, InstanceId(4)]
    after = done(found, join(found, CAR, OTHER, UNIT))
    assert text_of(after) == text("car@0 box 0,0 1,1\ncar@3 box 1,1 1,1\nvan@4 box 2,2 1,1\ncar(2)@9 box 1,1 1,1")


def test_what_overlaps_or_is_of_another_class_is_not_joined() -> None:
    found = document(CLIP + "van@9 box 0,0 1,1")
    for second in (OTHER, THIRD, CAR):
        with pytest.raises(Refused):
            join(found, CAR, second, UNIT)


# --- extend, swap, cut -----------------------------------------------------------------------------


def test_a_track_is_extended_to_here_by_repeating_its_nearest_label() -> None:
    found = document("car@3 box 0,0 1,1\ncar@4 box 4,4 1,1\ncar@8 box 8,8 1,1")
    after = done(found, extend(found, CAR, at(6), ME))
    assert text_of(after) == text(text_of(found) + "\ncar@5 box 4,4 1,1\ncar@6 box 4,4 1,1")
    assert text_of(done(found, extend(found, CAR, at(2), ME))) == text(text_of(found) + "\ncar@2 box 0,0 1,1")
    label = after.label(CAR, UNIT, 5)
    assert label is not None
    assert (label.origin, label.confidence, label.flags, label.author) == (Origin.INTERPOLATED, 0.99, 0, "me")


def test_a_track_is_not_extended_onto_its_own_labels() -> None:
    found = document(CLIP)
    for instance in (CAR, InstanceId(99)):
        with pytest.raises(Refused):
            extend(found, instance, at(1), ME)


def test_a_swap_exchanges_the_labels_and_dynamic_answers_from_here_on() -> None:
    found = having(document(CLIP + 'issue label car@5 "late"'), CAR, dynamic=(speed(3, 0, 9),))
    after = done(found, swap(found, CAR, OTHER, at(5)))
    swapped = CLIP.replace("car@5 box 5,0", "car(1)@5 box 5,0").replace("car(1)@7", "car@7")
    assert text_of(after) == text(swapped + 'issue label car(1)@5 "late"')
    assert after.instances[CAR].dynamic == (speed(3, 0, 4),)
    assert after.instances[OTHER].dynamic == (speed(3, 5, 9),)


def test_one_that_has_ended_takes_the_other_one_over() -> None:
    found = document("car@0 box 0,0 1,1\ncar(1)@0 box 9,9 1,1\ncar(1)@3 box 1,1 1,1")
    after = done(found, swap(found, CAR, OTHER, at(2)))
    assert text_of(after) == text("car@0 box 0,0 1,1\ncar(1)@0 box 9,9 1,1\ncar@3 box 1,1 1,1")


@pytest.mark.parametrize(
    ("lines", "frame"),
    [
        (CLIP, 8),
        ("car@0 box 0,0 1,1\nvan@0 box 0,0 1,1", 0),
        ("car@5 box 0,0 1,1\ncar(1)@0 box 0,0 1,1", 3),
    ],
)
def test_a_swap_that_makes_no_sense_is_refused(lines: str, frame: int) -> None:
    with pytest.raises(Refused):
        swap(document(lines), CAR, OTHER, at(frame))


def test_a_range_is_cut_out_with_its_dynamic_answers() -> None:
    found = having(document(CLIP), CAR, dynamic=(speed(3, 0, 9),))
    after = done(found, cut(found, CAR, UNIT, 1, 4))
    assert text_of(after) == text(CLIP.replace("car@1 box 1,0 1,1", ""))
    assert after.instances[CAR].dynamic == (speed(3, 0, 0), speed(3, 5, 9))


def test_an_instance_goes_when_everything_is_cut_out() -> None:
    found = document(CLIP)
    assert CAR not in done(found, cut(found, CAR, UNIT, 0, 99)).instances
    with pytest.raises(Refused):
        cut(found, CAR, UNIT, 2, 4)


# --- properties ------------------------------------------------------------------------------------


@st.composite
def pairs(draw: DrawFn) -> LabelDocument:
    """Draw a document with two cars of one kind of shape, with answers and issues."""
    kind = draw(some.kinds)
    tracks = {(key, UNIT): draw(some.tracks(kind, last=20, least=1)) for key in (CAR, OTHER)}
    ranges = st.tuples(st.integers(0, 10), st.integers(10, 20), st.integers(0, 3))
    values = [
        Instance(
            id=key,
            class_id=ClassId("car"),
            ordinal=key - 1,
            dynamic=tuple(speed(v, a, b) for a, b, v in draw(st.lists(ranges, max_size=1))),
        )
        for key in (CAR, OTHER)
    ]
    issues = [
        replace(issue, instance=draw(st.sampled_from([CAR, OTHER])), unit=UNIT, kind=IssueKind.LABEL)
        for issue in draw(st.lists(some.issues(), max_size=2, unique_by=lambda i: i.id))
    ]
    judged = {key: draw(some.decisions) for key in (CAR, OTHER) if draw(st.booleans())}
    return make_document(instances=values, tracks=tracks, issues=issues, decisions=judged)


def labels_of(found: LabelDocument) -> list[object]:
    return [row for row in content(found) if len(row) == 3 and isinstance(row[0], int) and isinstance(row[1], int)]


def track_in(found: LabelDocument, instance: InstanceId) -> Track:
    track = found.track(instance, UNIT)
    assert track is not None
    return track


@given(pairs(), st.integers(0, 20))
def test_a_split_and_a_join_give_the_labels_back(found: LabelDocument, frame: int) -> None:
    try:
        patch, made = split(found, CAR, at(frame), ME)
    except Refused:
        return
    halves = done(found, patch)
    joined = done(halves, join(halves, CAR, made, UNIT))
    assert labels_of(found) == labels_of(joined)
    assert {i.id: i.instance for i in found.issues.values()} == {i.id: i.instance for i in joined.issues.values()}


@given(pairs(), st.integers(0, 20))
def test_two_swaps_are_none(found: LabelDocument, frame: int) -> None:
    try:
        once = done(found, swap(found, CAR, OTHER, at(frame)))
        twice = done(once, swap(once, CAR, OTHER, at(frame)))
    except Refused:
        return
    assert labels_of(found) == labels_of(twice)
    issues: list[dict[int, Issue]] = [dict(d.issues.items()) for d in (found, twice)]
    assert issues[0] == issues[1]


@given(pairs(), st.booleans())
def test_a_merge_has_one_label_on_each_frame_that_had_any(found: LabelDocument, target_wins: bool) -> None:
    mine, theirs = track_in(found, CAR), track_in(found, OTHER)
    after = track_in(done(found, merge(found, CAR, [OTHER], target_wins=target_wins)), CAR)
    assert sorted({*mine.frames.tolist(), *theirs.frames.tolist()}) == after.frames.tolist()
    assert len(mine) + len(theirs) - len(after) == clashes(found, [CAR, OTHER])
    winner = mine if target_wins else theirs
    assert winner.same(after.take(after.frames.searchsorted(winner.frames)))


@given(pairs(), st.integers(0, 20), st.integers(0, 20))
def test_a_cut_leaves_everything_outside_the_range(found: LabelDocument, first: int, last: int) -> None:
    mine = track_in(found, CAR)
    try:
        after = done(found, cut(found, CAR, UNIT, first, last))
    except Refused:
        assert not any(first <= frame <= last for frame in mine.frames.tolist())
        return
    left = [frame for frame in mine.frames.tolist() if not first <= frame <= last]
    assert left == (track_in(after, CAR).frames.tolist() if left else [])
