"""CVAT's kinds of conflicts, each with a case that has it and one that hasn't; and what the figures count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.metrics.documents import Thing, box, excerpt

from tui_editor.metrics.comparison import Comparison, Report
from tui_editor.metrics.rules import SEVERITIES, TITLES, Conflict, MatchRules
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polyline,
    Presence,
    RotatedBox,
    Shape,
    Verbatim,
    polygon,
    polyline,
    skeleton,
)
from tui_editor.ports import Severity

if TYPE_CHECKING:
    from tui_editor.metrics.disagreements import Disagreement
    from tui_editor.metrics.excerpts import Excerpt

SQUARE = [[10, 10], [50, 10], [50, 50], [10, 50]]
LINE = [[10, 10], [60, 12], [120, 40]]


def compared(a: Excerpt, b: Excerpt, **rules: float | bool) -> tuple[list[Disagreement], Report]:
    comparison = Comparison(MatchRules(**rules))  # type: ignore[arg-type]  # of several types
    found = comparison.add([(a, b)])
    return found, comparison.report()


def told(a: Excerpt, b: Excerpt, **rules: float | bool) -> list[tuple[Conflict, str]]:
    return [(d.kind, d.message) for d in compared(a, b, **rules)[0]]


# --- the eight kinds -----------------------------------------------------------------------------


def test_a_label_that_only_the_reference_has_is_missing() -> None:
    assert told(excerpt(box("car", 10), box("car", 90)), excerpt(box("car", 10))) == [
        (Conflict.MISSING, "only A has car (1)")
    ]


def test_a_label_that_the_reference_does_not_have_is_extra() -> None:
    assert told(excerpt(box("car", 10)), excerpt(box("car", 10), box("bus", 90))) == [
        (Conflict.EXTRA, "only B has bus (0)")
    ]


def test_the_same_place_with_another_class_is_a_wrong_class() -> None:
    assert told(excerpt(box("car", 10)), excerpt(box("bus", 10))) == [
        (Conflict.WRONG_CLASS, "car (0) of A is bus (0) in B, overlap 1.00")
    ]


@pytest.mark.parametrize(("shift", "kinds"), [(1, []), (5, [Conflict.LOW_OVERLAP])])
def test_a_match_below_the_threshold_is_told(shift: float, kinds: list[Conflict]) -> None:
    found = told(excerpt(box("car", 10)), excerpt(box("car", 10 + shift)))

    assert [kind for kind, _ in found] == kinds


@pytest.mark.parametrize(("overlap", "kinds"), [(0.4, ["E04"]), (0.41, ["E01", "E02"])])
def test_labels_match_from_the_least_overlap_on(overlap: float, kinds: list[str]) -> None:
    wide, narrow = Thing("car", Box(0, 0, 100, 10)), Thing("car", Box(0, 0, 40, 10))

    assert [kind.value for kind, _ in told(excerpt(wide), excerpt(narrow), least_overlap=overlap)] == kinds


def test_a_line_that_runs_the_other_way_is_told_and_matched() -> None:
    forth, back = Thing("lane", polyline(LINE)), Thing("lane", polyline(LINE[::-1]))
    found, report = compared(excerpt(forth), excerpt(back))

    assert [(d.kind, d.message) for d in found] == [(Conflict.DIRECTION, "lane (0) runs the other way")]
    assert report.figures["f1"] == 1
    assert told(excerpt(forth), excerpt(forth)) == []


def test_answers_are_held_against_each_other_by_name() -> None:
    found, report = compared(
        excerpt(box("car", 10, color="red"), box("car", 60, color="red")),
        excerpt(box("car", 10, color="blue"), box("car", 60, color="red")),
    )

    assert [(d.kind, d.message) for d in found] == [
        (Conflict.ATTRIBUTES, "car (0): colour is red in A, blue in B"),
    ]
    assert report.figures["answers"] == 0.5
    assert [(a.name, a.compared, a.same, a.kappa) for a in report.attributes] == [("colour", 2, 0.5, 0.0)]


def test_an_answer_that_one_side_lacks_is_another_answer() -> None:
    assert told(excerpt(box("car", 10, color="red")), excerpt(box("car", 10))) == [
        (Conflict.ATTRIBUTES, "car (0): colour is red in A, (none) in B")
    ]


def test_members_of_a_group_that_are_grouped_otherwise_are_told() -> None:
    def grouped(*groups: int) -> Excerpt:
        return excerpt(*(box("car", 30 * n, group_id=group) for n, group in enumerate(groups)))

    found = told(grouped(1, 1, 2, 2), grouped(1, 2, 2, 1))

    assert [kind for kind, _ in found] == [Conflict.GROUPS] * 4
    assert told(grouped(1, 1, 2, 2), grouped(8, 8, 5, 5)) == []
    assert told(grouped(1, 1, 0, 0), grouped(3, 3, 0, 0)) == []


def test_a_label_under_smaller_ones_is_covered() -> None:
    whole = Thing("sky", polygon(SQUARE))
    halves = [Thing("car", Box(10, 10, 20, 40)), Thing("car", Box(30, 10, 20, 40))]
    found = told(excerpt(whole, *halves), excerpt(whole, *halves))

    assert found == [(Conflict.COVERED, "sky (0) of B is covered by smaller labels, 0% shows")]
    assert told(excerpt(whole, halves[0]), excerpt(whole, halves[0])) == []


def test_a_track_that_gets_another_partner_is_told_where_it_does() -> None:
    whole = excerpt(box("car", 10, frames=range(8)), frames=8)
    halves = excerpt(box("car", 10, frames=range(3)), box("car", 10, frames=range(3, 8)), frames=8)
    found, report = compared(whole, halves)

    assert [(d.kind, d.message, d.first) for d in found] == [
        (Conflict.IDENTITY, "car (0) of A is car (1) in B, car (0) until frame 2", 3)
    ]
    assert report.figures["idsw"] == 1
    assert told(whole, whole) == []


def test_errors_and_warnings_are_cvats() -> None:
    assert {kind.value for kind, level in SEVERITIES.items() if level is Severity.ERROR} == {"E01", "E02", "E03"}
    assert set(TITLES) == set(SEVERITIES) == set(Conflict)


def test_the_defaults_are_cvats() -> None:
    rules = MatchRules()

    assert (rules.least_overlap, rules.low_overlap, rules.direction) == (0.4, 0.8, 0.1)
    assert (rules.group_overlap, rules.least_visible) == (0.5, 0.05)


# --- runs and findings ---------------------------------------------------------------------------


def test_a_difference_on_consecutive_frames_is_told_once() -> None:
    whole, gap = box("car", 10, frames=range(10)), box("car", 10, frames=[0, 1, 5, 9])
    found = told(excerpt(whole, frames=10), excerpt(gap, frames=10))

    assert found == [
        (Conflict.MISSING, "only A has car (0) on frames 2–4"),
        (Conflict.MISSING, "only A has car (0) on frames 6–8"),
    ]


def test_labels_that_say_that_the_thing_has_left_are_no_labels() -> None:
    stays, leaves = box("car", 10, frames=range(4)), box("car", 10, frames=range(6), left=2)

    assert told(excerpt(stays, frames=6), excerpt(leaves, frames=6)) == []


def test_a_disagreement_is_a_finding_about_the_second_side() -> None:
    found, _ = compared(excerpt(box("car", 10, frames=[4]), frames=6, unit=3), excerpt(frames=6, unit=9))
    finding = found[0].finding()

    assert (finding.rule, finding.severity, finding.task, finding.unit) == ("E01", Severity.ERROR, 9, 9)
    assert (finding.frame, finding.instance) == (4, None)


def test_excerpts_of_a_batch_keep_their_own_frames() -> None:
    comparison = Comparison()
    found = comparison.add(
        [
            (excerpt(frames=5), excerpt(frames=5)),
            (excerpt(box("car", 1, frames=[2]), frames=3), excerpt(frames=3, unit=8)),
        ]
    )

    assert [(d.first, d.excerpt_b.unit.id) for d in found] == [(2, 8)]


def test_labels_beyond_the_last_frame_do_not_meet_those_of_the_next_unit() -> None:
    stray = excerpt(box("car", 10, frames=[7]), frames=2)
    comparison = Comparison()
    found = comparison.add([(stray, stray), (excerpt(frames=9), excerpt(box("car", 10, frames=[5]), frames=9))])

    assert [(d.kind, d.first) for d in found] == [(Conflict.EXTRA, 5)]


# --- figures -------------------------------------------------------------------------------------


def test_figures_count_what_both_have() -> None:
    a = excerpt(box("car", 0), box("car", 30), box("bus", 60), box("bus", 90))
    b = excerpt(box("car", 0), box("bus", 30), box("bus", 60), box("car", 150))
    _, report = compared(a, b)

    assert report.figures["precision"] == report.figures["recall"] == report.figures["f1"] == 0.5
    assert report.figures["accuracy"] == pytest.approx(2 / 5)
    assert report.figures["kappa"] == pytest.approx(0.4)
    assert report.confused[-1] == ("car", "car", 1)
    assert ("", "car", 1) in report.confused
    assert ("bus", "", 1) in report.confused


def test_panoptic_quality_is_the_mean_of_overlap_times_recognition() -> None:
    a = excerpt(Thing("car", Box(0, 0, 100, 10)), box("bus", 150, 40))
    b = excerpt(Thing("car", Box(0, 0, 80, 10)), box("bus", 100, 40))
    _, report = compared(a, b)

    assert [report.figures[name] for name in ("pq", "sq", "rq")] == pytest.approx([0.4, 0.4, 0.5])


def test_nothing_to_measure_is_no_number() -> None:
    _, report = compared(excerpt(), excerpt())

    assert math.isnan(report.figures["f1"])
    assert "hota" not in report.figures


def test_tracks_are_measured_where_something_is_followed() -> None:
    followed = excerpt(box("car", 10, frames=range(4)), frames=4)
    single = excerpt(box("car", 10, frames=[1]), frames=4)

    assert compared(followed, followed)[1].figures["hota"] == pytest.approx(1)
    assert "hota" not in compared(single, single)[1].figures


def test_spans_of_classifications_are_compared_in_time() -> None:
    a, b = (excerpt(Thing("rain", Presence(), frames=span), frames=9) for span in (range(6), range(3, 9)))

    assert compared(a, b)[1].figures["tiou"] == pytest.approx(3 / 9)


def test_by_rectangles_a_polygon_is_the_box_around_it() -> None:
    a, b = excerpt(Thing("car", polygon(SQUARE))), excerpt(Thing("car", Box(10, 10, 40, 40)))

    assert [kind for kind, _ in told(a, b)] == [Conflict.MISSING, Conflict.EXTRA]
    assert told(a, b, rectangles=True) == []


def test_a_category_of_several_shapes_is_one_class() -> None:
    a, b = excerpt(Thing("car·mask", polygon(SQUARE))), excerpt(Thing("Car ", polygon(SQUARE)))
    left, right = excerpt(Thing("car·left", polygon(SQUARE))), excerpt(Thing("car·right", polygon(SQUARE)))

    assert told(a, b) == []
    assert [kind for kind, _ in told(left, right)] == [Conflict.WRONG_CLASS]


# --- whatever is compared ------------------------------------------------------------------------

_RUNS = np.array([1, 3, 1, 4], np.uint32)
EVERY_SHAPE: dict[str, Shape] = {
    "box": Box(3, 4, 30, 20),
    "box without area": Box(3, 4, 0, 20),
    "rotated box": RotatedBox(40, 40, 30, 10, 33.0),
    "polygon": polygon(SQUARE, [[20, 20], [30, 20], [30, 30]]),
    "polygon that crosses itself": polygon([[0, 0], [30, 30], [30, 0], [0, 30]]),
    "polygon without area": polygon([[5, 5], [9, 9], [5, 5]]),
    "bitmask": Bitmask(5, 6, 3, 3, _RUNS),
    "polyline": Polyline(np.array(LINE, float)),
    "keypoint": Keypoint(7, 8),
    "skeleton": skeleton([[1, 2], [30, 40], [5, 60]], [1, 2, 0]),
    "invisible skeleton": skeleton([[1, 2], [30, 40]], [0, 0]),
    "classification": Presence(),
    "foreign shape": Verbatim(b'{"circle": 1}'),
}


@pytest.mark.parametrize("shape", EVERY_SHAPE.values(), ids=list(EVERY_SHAPE))
def test_a_label_of_any_kind_agrees_with_itself(shape: Shape) -> None:
    one = excerpt(Thing("car", shape))

    assert told(one, one) == []
    assert compared(one, one)[1].figures["f1"] == 1


@pytest.mark.parametrize("shape", EVERY_SHAPE.values(), ids=list(EVERY_SHAPE))
def test_a_label_of_any_kind_may_be_missing_on_the_other_side(shape: Shape) -> None:
    one, other = excerpt(Thing("car", shape), box("bus", 60)), excerpt(box("bus", 60))

    assert [d.kind for d in compared(one, other)[0]] == [Conflict.MISSING]
    assert [d.kind for d in compared(other, one)[0]] == [Conflict.EXTRA]


@pytest.mark.filterwarnings("error")
def test_numbers_that_are_none_stop_nothing_and_belong_to_nothing() -> None:
    nowhere: list[Shape] = [
        Box(1e300, 1e300, 1e300, 1e300),
        Box(0, 0, 1e6, 1e6),
        polygon([[0.0, 0.0], [1e9, 0.0], [1e9, 1e9]]),
        polygon([[0.0, 0.0], [5e6, 0.0], [5e6, 5e6]]),
        skeleton([[1e300, -1e300], [0.0, 0.0]], [1, 1]),
        Box(math.nan, 4, math.inf, 20),
        RotatedBox(0, 0, 4, 4, math.inf),
        polyline([[math.nan, 1.0], [2.0, 3.0]]),
    ]
    shapes: list[Shape] = [*EVERY_SHAPE.values(), *nowhere, polygon([[math.inf, 0.0], [1.0, 1.0], [0.0, 2.0]])]
    odd = excerpt(*(Thing("car", shape) for shape in shapes))
    found, _ = compared(odd, odd)

    assert {d.kind for d in found} <= {Conflict.MISSING, Conflict.EXTRA, Conflict.COVERED, Conflict.LOW_OVERLAP}


_THINGS = st.lists(
    st.builds(
        lambda name, x, y, size: box(name, x, y, size=size),
        st.sampled_from(["car", "bus"]),
        st.integers(0, 150),
        st.integers(0, 60),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None)
@given(_THINGS)
def test_everything_agrees_with_itself(things: list[Thing]) -> None:
    found, report = compared(excerpt(*things), excerpt(*things))

    assert {d.kind for d in found} <= {Conflict.COVERED}
    assert [report.figures[n] for n in ("f1", "accuracy", "iou", "pq")] == pytest.approx([1, 1, 1, 1])


@settings(deadline=None)
@given(_THINGS, _THINGS)
def test_the_other_way_round_precision_is_recall(one: list[Thing], other: list[Thing]) -> None:
    a, b = excerpt(*one), excerpt(*other)
    forth, back = compared(a, b)[1].figures, compared(b, a)[1].figures

    assert forth["f1"] + 0 == pytest.approx(back["f1"])
    assert forth["precision"] == pytest.approx(back["recall"])
    assert forth["accuracy"] == pytest.approx(back["accuracy"])


@settings(deadline=None)
@given(_THINGS, st.randoms(use_true_random=False))
def test_the_order_of_labels_makes_no_difference(things: list[Thing], random: object) -> None:
    shuffled = list(things)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random

    assert compared(excerpt(*things), excerpt(*shuffled))[1].figures["f1"] == pytest.approx(1)


def test_a_frame_that_claims_any_size_costs_no_memory() -> None:
    huge = excerpt(Thing("car", polygon(SQUARE)), Thing("car", Bitmask(5, 6, 3, 3, _RUNS)))
    huge = replace(huge, unit=replace(huge.unit, width=2**31 - 1, height=2**31 - 1))

    assert compared(huge, huge)[1].figures["boundary"] == 1
