"""The table of checks: a case that each one finds, and one that it leaves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace
from tests.checks.cases import (
    CROSSED,
    DAY,
    FORTY,
    INSIDE,
    LONG,
    MASK,
    OUTSIDE,
    PARENT,
    PRINT,
    SQUARE,
    TRUNCATED,
    Case,
    Moving,
    answered,
    box_class,
    colours,
    conflict,
    crowded,
    decided,
    disagreements,
    gate,
    interpolated,
    issue,
    labels,
    low,
    many,
    ontology_of,
    people,
    pictures,
    predicted,
    says,
    shapes,
    split,
    status,
    told,
    track,
    two,
    walk,
    with_decision,
)
from tests.checks.support import PROJECT, Pixels, document, found, instance, label, one
from tests.metrics.documents import Thing
from tests.metrics.documents import box as thing

from tui_editor.api.quality.reference import figure_findings
from tui_editor.checks.runner import Plan
from tui_editor.errors import MediaMissing
from tui_editor.model.frames import FrameIdentity
from tui_editor.model.ids import AttributeId, TaskId
from tui_editor.model.issues import DecisionState
from tui_editor.model.shapes import Bitmask, Box, RotatedBox, polygon, polyline, skeleton
from tui_editor.model.tracks import Origin
from tui_editor.ports import Lease, Loss

TABLE: dict[str, Case] = {
    # --- structure
    "S02": labels("S02", two({0: INSIDE}, {0: INSIDE}, source_id="9"), two({0: INSIDE}, {0: INSIDE})),
    "S03": labels("S03", one(INSIDE), one(INSIDE), project=PROJECT)._replace(
        bad=lambda: found("S03", one(INSIDE), project=replace(PROJECT, roots={}))
    ),
    "S04": Case(lambda: found("S04", one(INSIDE, 10)), lambda: found("S04", one(INSIDE, 9))),
    "S05": Case(
        lambda: found("S05", losses=(Loss(what="annotation of an image that the file doesn't list", count=2),)),
        lambda: found("S05", losses=(Loss(what="crowd flag"),)),
    ),
    "S06": shapes("S06", Box(math.nan, 1, 2, 3), INSIDE),
    "S07": Case(
        lambda: found("S07", project=ontology_of(box_class("Car"), box_class("car ", "b"))),
        lambda: found("S07", project=ontology_of(box_class("Car"), box_class("Cart", "b"))),
    ),
    "S08": Case(
        lambda: found("S08", losses=(Loss(what="circle shown read-only"),)),
        lambda: found("S08", losses=(Loss(what="picture missing"),)),
    ),
    "S09": labels(
        "S09",
        two({0: INSIDE}, {0: INSIDE}, ("box", "car"), source_id="9"),
        two({0: INSIDE}, {1: INSIDE}, source_id="9"),
    ),
    # --- media
    "M01": Case(lambda: found("M01", source=MediaMissing("it is gone")), lambda: found("M01")),
    "M02": Case(lambda: found("M02", source=Pixels(size=(80, 100))), lambda: found("M02")),
    "M03": Case(lambda: found("M03", source=Pixels(count=9)), lambda: found("M03")),
    "M04": Case(
        lambda: found("M04", source=Moving(count=5, times=(0, 0.1, 0.2, 0.4, 0.5))),
        lambda: found("M04", source=Moving(count=5, times=(0, 0.1, 0.2, 0.301, 0.4))),
    ),
    "M05": Case(
        lambda: found("M05", source=Moving(key="b"), identities={3: FrameIdentity(algorithm="test", digest="a3")}),
        lambda: found("M05", source=Moving(key="a"), identities={3: FrameIdentity(algorithm="test", digest="a3")}),
    ),
    "M06": Case(lambda: pictures(PRINT, PRINT), lambda: pictures(PRINT, PRINT[::-1])),
    "M07": Case(lambda: found("M07", source=Pixels(warnings=("truncated",))), lambda: found("M07")),
    "M08": Case(
        lambda: found("M08", source=Moving(still=True), units=(FORTY,)),
        lambda: found("M08", source=Moving(), units=(FORTY,)),
    ),
    # --- geometry
    "G01": shapes("G01", Box(10, 10, 0, 5), INSIDE),
    "G02": shapes("G02", Box(10, 10, 0.9, 5), Box(10, 10, 1, 5)),
    "G03": shapes("G03", Box(-30, 10, 20, 20), INSIDE),
    "G04": shapes("G04", Box(-3, 10, 20, 20), Box(-0.5, 10, 20, 20)),
    "G05": shapes("G05", Box(30, 10, -20, 20), INSIDE),
    "G06": shapes("G06", polygon([1, 1, 5, 5, 1, 1]), SQUARE),
    "G07": shapes("G07", CROSSED, SQUARE),
    "G08": shapes("G08", polygon([10, 10, 50, 10, 50, 10, 50, 50]), SQUARE),
    "G09": shapes(
        "G09", polygon([0, 0, 9, 0, 9, 9], [50, 50, 60, 50, 60, 60]), polygon([0, 0, 9, 0, 9, 9], [5, 2, 7, 2, 7, 4])
    ),
    "G10": shapes("G10", Bitmask(10, 10, 4, 4, np.array([16], np.uint32)), MASK),
    "G11": Case(
        lambda: found("G11", one(SQUARE, extra=told('"area": 2000'))),
        lambda: found("G11", one(SQUARE, extra=told('"area": 1610'))),
    ),
    "G12": shapes("G12", Box(5, 5, 90, 2), Box(5, 5, 80, 5)),
    "G13": shapes("G13", RotatedBox(20, 20, 9, 9, 400), RotatedBox(20, 20, 9, 9, 45)),
    "G14": shapes("G14", skeleton([[-5, 5], [50, 50]]), skeleton([[-5, 5], [50, 50]], [0, 1])),
    "G15": Case(
        lambda: found("G15", one(Box(0, 9, 9, 9)), project=ontology_of(box_class("Box", attributes=(TRUNCATED,)))),
        lambda: found(
            "G15",
            one(Box(0, 9, 9, 9), answers={AttributeId("cut"): "yes"}),
            project=ontology_of(box_class("Box", attributes=(TRUNCATED,))),
        ),
    ),
    # --- duplicates
    "D01": labels("D01", two({0: INSIDE}, {0: Box(10, 10, 20, 20.1)}), two({0: INSIDE}, {0: Box(10, 10, 20, 22)})),
    "D02": labels("D02", two({0: INSIDE}, {0: Box(10, 10, 20, 25)}), two({0: INSIDE}, {0: Box(10, 10, 20, 50)})),
    "D03": Case(
        lambda: found(
            "D03",
            two({0: INSIDE}, {0: INSIDE}, ("box", "b")),
            project=ontology_of(box_class("A", extra={"exclusive": True}), box_class("B", "b")),
        ),
        lambda: found(
            "D03", two({0: INSIDE}, {0: INSIDE}, ("box", "b")), project=ontology_of(box_class("A"), box_class("B", "b"))
        ),
    ),
    "D04": labels(
        "D04",
        two({0: SQUARE}, {0: polygon([20, 20, 30, 20, 30, 30])}, ("polygon", "polygon")),
        two({0: SQUARE}, {0: polygon([40, 40, 60, 40, 60, 60])}, ("polygon", "polygon")),
    ),
    "D05": Case(
        lambda: found("D05", one(SQUARE), project=replace(PROJECT, settings={"panoptic": True})),
        lambda: found(
            "D05", one(polygon([0, 0, 100, 0, 100, 80, 0, 80])), project=replace(PROJECT, settings={"panoptic": True})
        ),
    ),
    "D06": labels(
        "D06", two({0: Box(0, 0, 50, 50)}, {0: INSIDE}), two({0: Box(0, 0, 50, 50)}, {0: Box(40, 40, 20, 20)})
    ),
    # --- ontology
    "O01": labels("O01", one(INSIDE, class_id="ghost"), one(INSIDE)),
    "O02": labels("O02", one(INSIDE, class_id="polygon"), one(INSIDE)),
    "O03": labels("O03", answered(), answered(answers={AttributeId("color"): ("red",)})),
    "O04": labels(
        "O04", answered(answers={AttributeId("color"): ("green",)}), answered(answers={AttributeId("color"): ("red",)})
    ),
    "O05": labels(
        "O05", answered(answers={AttributeId("age"): "9"}), answered(answers={AttributeId("color"): ("red",)})
    ),
    "O06": Case(
        lambda: found(
            "O06",
            one(INSIDE, answers={AttributeId("kind"): ("bus",), AttributeId("seats"): 3}),
            project=ontology_of(box_class("Box", attributes=(PARENT,))),
        ),
        lambda: found(
            "O06",
            one(INSIDE, answers={AttributeId("kind"): ("van",), AttributeId("seats"): 3}),
            project=ontology_of(box_class("Box", attributes=(PARENT,))),
        ),
    ),
    "O07": Case(
        lambda: found("O07", one(INSIDE), project=ontology_of(box_class("Box"), box_class("Never", "n"))),
        lambda: found("O07", one(INSIDE), project=ontology_of(box_class("Box"))),
    ),
    "O08": Case(
        lambda: found(
            "O08", two({0: INSIDE}, {0: INSIDE}), project=ontology_of(box_class("Box", extra={"max_per_frame": 1}))
        ),
        lambda: found(
            "O08", two({0: INSIDE}, {1: INSIDE}), project=ontology_of(box_class("Box", extra={"max_per_frame": 1}))
        ),
    ),
    "O09": labels(
        "O09",
        answered(answers={AttributeId("color"): ("red", "blue")}),
        answered(answers={AttributeId("color"): ("red",)}),
    ),
    # --- tracks
    "T01": labels("T01", two({3: INSIDE}, {3: INSIDE}, source_id="9"), two({3: INSIDE}, {4: INSIDE}, source_id="9")),
    "T02": Case(
        lambda: found("T02", track([label(1, INSIDE), label(4, INSIDE)])),
        lambda: found("T02", track([label(1, INSIDE, OUTSIDE), label(4, INSIDE)])),
    ),
    "T03": labels(
        "T03", two(walk(0, 1, 2), walk(3, 4), ("box", "car")), two(walk(0, 1, 2), walk(3, 4, x=50), ("box", "car"))
    ),
    "T04": labels(
        "T04",
        two({**walk(0, 1), 2: Box(70, 50, 20, 20)}, {0: Box(60, 40, 20, 20), 1: Box(60, 40, 20, 20), **walk(2, 3)}),
        two(walk(0, 1, 2, 3), {f: Box(60, 40, 20, 20) for f in range(4)}),
    ),
    "T05": labels(
        "T05",
        two({**walk(0, 1), **walk(2, 3, x=60, step=0)}, {**walk(0, 1, x=60, step=0), **walk(2, 3)}),
        two(walk(0, 1, 2, 3), walk(0, 1, 2, 3, x=60, step=0)),
    ),
    "T06": labels("T06", two(walk(0, 1, 2), walk(5, 6, 7)), two(walk(0, 1, 2), walk(5, 6, 7, x=60))),
    "T07": labels(
        "T07",
        track([label(0, INSIDE), label(1, Box(60, 50, 20, 20))]),
        track([label(0, INSIDE), label(1, Box(15, 10, 20, 20))]),
    ),
    "T08": labels(
        "T08",
        track([label(0, INSIDE), label(1, Box(10, 10, 40, 40))]),
        track([label(0, INSIDE), label(1, Box(10, 10, 22, 22))]),
    ),
    "T09": labels("T09", one(INSIDE, 1, 2), one(INSIDE, 1, 2, 3)),
    "T10": labels(
        "T10",
        answered(dynamic=(says("color", ("red",), 0, 4), says("color", ("blue",), 5, 9))),
        answered(dynamic=(says("speed", 1, 0, 4), says("speed", 2, 5, 9))),
    ),
    "T11": labels(
        "T11",
        answered(dynamic=(says("speed", 1, 0, 3), says("speed", 2, 4, 5), says("speed", 1, 6, 9))),
        answered(dynamic=(says("speed", 1, 0, 3), says("speed", 2, 4, 5), says("speed", 3, 6, 9))),
    ),
    "T12": Case(
        lambda: found("T12", interpolated(70), units=(LONG,)),
        lambda: found("T12", interpolated(50), units=(LONG,)),
    ),
    "T13": Case(
        lambda: found("T13", one(INSIDE, *range(35)), source=Moving(), units=(FORTY,)),
        lambda: found("T13", one(INSIDE, *range(35)), source=Moving(still=True), units=(FORTY,)),
    ),
    "T14": labels("T14", one(Box(-15, 10, 20, 20), 1, 2, 3), one(Box(-5, 10, 20, 20), 1, 2, 3)),
    "T15": labels("T15", two(walk(*range(6)), walk(*range(6), x=11)), two(walk(*range(4)), walk(*range(4), x=11))),
    "T16": labels("T16", answered(dynamic=(says("speed", 1, 5, 3),)), answered(dynamic=(says("speed", 1, 3, 5),))),
    # --- workflow
    "W01": labels(
        "W01",
        document(instance(), issues=[issue()], status=status("complete")),
        document(instance(), issues=[issue()], status=status("annotate")),
    ),
    "W02": labels(
        "W02",
        with_decision(DecisionState.RESOLVED, changed=False, status=status()),
        with_decision(DecisionState.RESOLVED, changed=True, status=status()),
    ),
    "W03": labels(
        "W03", with_decision(DecisionState.APPROVED, changed=True), with_decision(DecisionState.APPROVED, changed=False)
    ),
    "W04": labels(
        "W04",
        document(instance(), status=status(author="ada", reviewer="ada")),
        document(instance(), status=status(author="ada", reviewer="bo")),
    ),
    "W05": labels("W05", decided(100), decided(400)),
    "W06": Case(
        lambda: found(
            "W06", now_ms=30 * DAY, lease=Lease(task=TaskId(3), fence=1, session="s", person="ada", acquired_ms=DAY)
        ),
        lambda: found(
            "W06",
            now_ms=30 * DAY,
            lease=Lease(task=TaskId(3), fence=1, session="s", person="ada", acquired_ms=29 * DAY),
        ),
    ),
    "W07": Case(
        lambda: found("W07", track([replace(label(0, INSIDE), confidence=0.3, origin=Origin.TRACKED)])),
        lambda: found("W07", track([replace(label(0, INSIDE), confidence=0.3, origin=Origin.MANUAL)])),
    ),
    # --- statistics
    "X01": labels("X01", many(100, 2), many(100, 3)),
    "X02": labels("X02", many(9), many(10)),
    "X03": labels("X03", many(60, size=lambda n: 60 if n == 7 else 2 + n % 2 / 5), many(60, size=lambda n: 20 + n % 5)),
    "X04": Case(lambda: found("X04", crowded(60)), lambda: found("X04", crowded(3))),
    "X05": labels("X05", people({"ada": 20, "bo": 60}), people({"ada": 20, "bo": 21})),
    "X06": labels("X06", colours(60, 1), colours(60, 30)),
    "X07": labels(
        "X07",
        many(320, size=lambda _n: 4, place=lambda n: (90, 70) if n == 9 else (5, 5)),
        many(320, size=lambda _n: 4, place=lambda n: (90, 70) if n % 2 else (5, 5)),
    ),
    # --- splits
    "L01": Case(
        lambda: split(("train", "a.png", {}), ("test", "a.png", {}), rule="L01"),
        lambda: split(("train", "a.png", {}), ("train", "a.png", {}), ("test", "b.png", {}), rule="L01"),
    ),
    "L02": Case(
        lambda: split(("train", "a.png", {"patient": "p1"}), ("test", "b.png", {"patient": "p1"}), rule="L02"),
        lambda: split(("train", "a.png", {"patient": "p1"}), ("test", "b.png", {"patient": "p2"}), rule="L02"),
    ),
    "L03": Case(
        lambda: split(("train", "a.png", {"class": "box"}), ("test", "b.png", {"class": "car"}), rule="L03"),
        lambda: split(("train", "a.png", {}), ("test", "b.png", {}), rule="L03"),
    ),
}
TABLE |= {
    rule: gate(rule, name)
    for rule, name in {
        "A01": "f1@0.5",
        "A02": "iou",
        "A03": "alpha",
        "A04": "pq",
        "A05": "answers",
        "A06": "accuracy",
        "A07": "hota",
        "A08": "tiou",
        "E09": "f1",
        "E10": "ap",
        "E11": "boundary",
        "E12": "mota",
    }.items()
}
TABLE["E13"] = Case(
    lambda: found("E13", one(INSIDE), reference=predicted("car", INSIDE)),
    lambda: found("E13", one(INSIDE), reference=predicted("box", INSIDE)),
)
TABLE["E14"] = Case(
    lambda: found("E14", one(INSIDE), reference=predicted("car", INSIDE)),
    lambda: found("E14", one(INSIDE), reference=predicted("car", INSIDE, confidence=0.4)),
)
TABLE["E15"] = Case(
    lambda: list(figure_findings({"f1": 0.89}, Plan(select=("E15",), settings={"E15": {"f1": 0.9}}), "E")),
    lambda: low("E15", {"f1": 0.89}),
)
CAR, FAR, LANE = thing("car", 10), thing("car", 90), [[10, 10], [60, 12], [120, 40]]
PAIR = [thing("car", 10, group_id=1), thing("car", 60, group_id=1)]
SKY = Thing("sky", Box(10, 10, 40, 40))
HALVES = [Thing("car", Box(10, 10, 20, 40)), Thing("car", Box(30, 10, 20, 40))]
TABLE |= {
    "E01": conflict([CAR, FAR], [CAR]),
    "E02": conflict([CAR], [CAR, FAR]),
    "E03": conflict([CAR], [thing("bus", 10)]),
    "E04": conflict([CAR], [thing("car", 15)], good=[thing("car", 11)]),
    "E05": conflict([Thing("lane", polyline(LANE))], [Thing("lane", polyline(LANE[::-1]))]),
    "E06": conflict([thing("car", 10, color="red")], [thing("car", 10, color="blue")]),
    "E07": conflict(PAIR, [CAR, thing("car", 60)], good=[thing("car", 10, group_id=8), thing("car", 60, group_id=8)]),
    "E08": Case(
        lambda: disagreements([SKY, *HALVES], [SKY, *HALVES]),
        lambda: disagreements([SKY, HALVES[0]], [SKY, HALVES[0]]),
    ),
}


@pytest.mark.parametrize("rule", TABLE)
def test_the_rule_finds_the_fault(rule: str) -> None:
    findings = TABLE[rule].bad()

    assert findings
    assert {finding.rule for finding in findings} == {rule}


@pytest.mark.parametrize("rule", TABLE)
def test_the_rule_leaves_what_is_sound(rule: str) -> None:
    assert TABLE[rule].good() == []
