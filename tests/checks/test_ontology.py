"""Rules O01 to O05."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from tests.checks.support import CAR, ONTOLOGY, UNIT, document, found, instance, label, one, with_ontology

from tui_editor.model.ids import AttributeId
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.ontology import Ontology
from tui_editor.model.shapes import Box, Presence, polygon
from tui_editor.model.tracks import make_track
from tui_editor.model.workflow import TaskStatus

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument

BOX = Box(10, 10, 20, 20)
RED = {AttributeId("color"): ("red",)}


def car(answers: Any = None, *dynamic: DynamicAnswer) -> LabelDocument:
    return one(BOX, 4, 5, 6, class_id="car", answers=RED if answers is None else answers, dynamic=dynamic)


def says(name: str, value: Any, first: int = 4, last: int = 6) -> DynamicAnswer:
    return DynamicAnswer(attribute=AttributeId(name), value=value, unit=UNIT, first=first, last=last)


@pytest.mark.parametrize("rule", ["O01", "O02", "O03", "O04", "O05"])
def test_a_sound_task_is_clean(rule: str) -> None:
    assert found(rule, car(None, says("speed", 50), says("speed", 0, 9, 9))) == []
    assert found(rule, one(Presence(), class_id="night")) == []
    assert found(rule) == []


def test_o01_finds_a_class_outside_the_ontology_and_the_others_leave_it() -> None:
    labels = one(BOX, 4, class_id="ghost", answers=RED)
    (finding,) = found("O01", labels)

    assert (finding.instance, finding.unit, finding.frame) == (CAR, UNIT, 4)
    assert [found(rule, labels) for rule in ("O02", "O03", "O04", "O05")] == [[], [], [], []]


@pytest.mark.parametrize(
    "labels", [one(polygon([0, 0, 9, 0, 9, 9]), 4), one(BOX, 4, class_id="night"), one(Presence(), 4)]
)
def test_o02_finds_another_shape_than_that_of_the_class(labels: LabelDocument) -> None:
    assert [(f.instance, f.frame) for f in found("O02", labels)] == [(CAR, 4)]


def test_o03_finds_a_required_attribute_without_an_answer() -> None:
    (finding,) = found("O03", car({}))

    assert (finding.instance, finding.frame, finding.message) == (CAR, 4, "Car (0) needs an answer to Color")


def test_o03_finds_frames_without_a_required_dynamic_answer() -> None:
    labels = one(BOX, 4, 5, 6, class_id="tram", dynamic=(says("lamp", "on", 5, 5),))

    assert [(f.frame, f.message) for f in found("O03", labels)] == [
        (4, "Tram (0) needs an answer to Lamp on frame 4"),
        (6, "Tram (0) needs an answer to Lamp on frame 6"),
    ]


def test_o03_is_content_when_each_labelled_frame_has_its_dynamic_answer() -> None:
    labels = one(BOX, 2, 4, 6, class_id="tram", dynamic=(says("lamp", "on", 0, 4), says("lamp", "off", 6, 9)))

    assert found("O03", labels) == []


def test_o03_finds_a_required_class_that_nobody_labelled_once_somebody_began() -> None:
    needed = replace(ONTOLOGY.classes[0], required=True)
    project = with_ontology(Ontology(classes=(needed,)))

    assert [f.message for f in found("O03", project=project)] == ["Box is required"]
    assert found("O03", document(status=TaskStatus()), project=project) == []
    assert found("O03", one(BOX), project=project) == []


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (car({AttributeId("color"): ("green",)}), "Car (0): Color has no option green"),
        (car({AttributeId("color"): "red"}), "Car (0): that is no answer to Color (radio)"),
        (car(None, says("speed", "fast")), "Car (0): that is no answer to Speed (numeric)"),
        (car(None, says("speed", 50.5)), "Car (0): Speed is 50.5, above 50"),
        (car(None, says("speed", -1)), "Car (0): Speed is -1, below 0"),
    ],
)
def test_o04_finds_an_answer_that_is_not_allowed(labels: LabelDocument, said: str) -> None:
    assert [(f.message, f.frame) for f in found("O04", labels)] == [(said, 4)]


def test_o05_finds_an_answer_that_the_class_does_not_ask_for() -> None:
    labels = car({**RED, AttributeId("lamp"): "on"}, says("ghost", 3, 5, 5))
    findings = found("O05", labels)

    assert [(f.severity, f.frame) for f in findings] == [("warning", 4), ("warning", 5)]
    assert findings[0].message == "Car (0) has an answer to lamp, which its class doesn't ask"


def test_a_hostile_name_is_harmless_in_a_finding() -> None:
    evil = replace(ONTOLOGY.classes[0], name="\x1b[2J\u202e")
    track = make_track([label(0, polygon([0, 0, 9, 0, 9, 9]))])
    labels = document(instance(), tracks={(CAR, UNIT): track})
    (finding,) = found("O02", labels, project=with_ontology(Ontology(classes=(evil,))))

    assert finding.message.startswith("␛[2J⟨U+202E⟩ (0) is labelled by polygon")
