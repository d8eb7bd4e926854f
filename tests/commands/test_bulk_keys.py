"""Bulk operations by keys and on the line: counted, listed, done in one step, and taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.doctext import UNIT, case, document, opened, text_of
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.model.ids import InstanceId
from tui_editor.model.patch import Patch, TrackChange
from tui_editor.model.tracks import make_track

CLIP = """
car@0 box 1,1 9,9
car@4 box 1,1 9,9
car(1)@2 box 1,1 9,9
van@2 box 5,5 9,9
van@9 box 5,5 9,9
eye@0 point 3,3
"""


def without(*names: str) -> str:
    return "\n".join(line for line in CLIP.splitlines() if not line.startswith(tuple(f"{n} " for n in names)))


@pytest.mark.parametrize(
    ("answers", "after"),
    [
        (("m", ("car (0)", "car (1)"), "car (0)", "yes"), CLIP.replace("car(1)", "car")),
        (("c", "car", "0-3", "yes"), without("car@0", "car(1)@2")),
        (("r", "2-4", "yes"), without("car@4", "car(1)@2", "van@2")),
        (("r", "", "yes"), ""),
        (("t", ("car (0)", "van (0)"), "van", "yes"), CLIP.replace("car@", "van(1)@")),
        (("d", "class:van frames:0-5", "yes"), without("van@2")),
    ],
)
def test_g_b_does_it_after_asking_and_one_undo_takes_it_back(
    answers: tuple[str | tuple[str, ...], ...], after: str
) -> None:
    keyboard = case(CLIP, "g b", after, answers=answers)
    keyboard.type("u")
    assert text_of(document(CLIP)) == text_of(keyboard.store.state.document)
    case(CLIP, "g b", CLIP, answers=(*answers[:-1], "no"))


def unsure() -> Keyboard:
    """Return a keyboard on the clip with two labels of less confidence: car on frame 4 and van on frame 9."""
    keyboard = Keyboard(opened(CLIP))
    for instance, frame, confidence in ((InstanceId(1), 4, 0.4), (InstanceId(3), 9, 0.2)):
        track = keyboard.store.state.document.track(instance, UNIT)
        assert track is not None
        before = track.between(frame, frame)
        after = make_track([replace(label, confidence=confidence) for label in before.labels()])
        keyboard.store.apply(Patch((TrackChange(instance, UNIT, before, after),)), "test")
    return keyboard


def test_labels_below_a_confidence_are_deleted_in_a_range() -> None:
    keyboard = unsure()
    keyboard.front.answers.extend(["b", "50%", "0-5", "yes"])
    keyboard.type("g b")
    assert text_of(keyboard.store.state.document) == text_of(document(without("car@4")))


def test_the_line_deletes_what_fits() -> None:
    keyboard = unsure()
    keyboard.front.answers.append("yes")
    assert keyboard.line("bulk.delete score<0.5")
    assert text_of(keyboard.store.state.document) == text_of(document(without("car@4", "van@9")))


def test_what_will_go_is_counted_and_listed_first() -> None:
    keyboard = Keyboard(opened(CLIP))
    assert keyboard.line("bulk.delete frames:2-9 class:car class:van")
    assert keyboard.front.shown == [
        "Delete labels",
        "4 labels of 3 objects on frames 2–9 will go. With them 2 objects go.",
        "van (0): 2 labels, frames 2–9, and the object",
        "car (0): 1 label, frame 4",
        "car (1): 1 label, frame 2, and the object",
    ]
    assert text_of(document(CLIP)) == text_of(keyboard.store.state.document)


def test_the_line_merges_what_fits_into_the_selected_object() -> None:
    keyboard = Keyboard(opened(CLIP), HeadlessFront(("yes",)))
    keyboard.type("j")
    assert keyboard.line("bulk.merge class:car")
    assert text_of(keyboard.store.state.document) == text_of(document(CLIP.replace("car(1)", "car")))


def test_the_line_changes_the_class_of_what_fits() -> None:
    keyboard = Keyboard(opened(CLIP), HeadlessFront(("yes",)))
    assert keyboard.line('bulk.class to:"van" class:car')
    assert len(list(keyboard.store.state.document.of_class("van"))) == 3  # type: ignore[arg-type]
    assert keyboard.front.shown[1] == "2 objects become van; answers that it lacks go."


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("bulk.delete class:plane", "no class is called plane"),
        ("bulk.delete frames:9-2", "ends before it begins"),
        ("bulk.delete frames:x", "no range of frames"),
        ("bulk.delete score<7", "between 0 and 1"),
        ("bulk.delete score<1.2.3", "no confidence"),
        ("bulk.delete frames:50-60", "no label on frames 50–60 fits that"),
        ("bulk.class class:car", "say the new class"),
        ("bulk.class to:plane", "there is no class plane"),
        ("bulk.class to:car class:car", "nothing that fits has another class"),
        ("bulk.class to:van class:eye", "van is labelled with a bounding_box"),
        ("bulk.merge class:car", "nothing is selected"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(line: str, why: str) -> None:
    keyboard = Keyboard(opened(CLIP), HeadlessFront(("yes", "yes")))
    assert not keyboard.line(line)
    assert why in keyboard.front.warnings[-1]
    assert text_of(document(CLIP)) == text_of(keyboard.store.state.document)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (("m", ("car (0)",)), "two objects at least"),
        (("m", ("car (0)", "eye (0)"), "car (0)"), "different kinds of shape"),
        (("t", ()), "no object was ticked"),
        (("d", " "), "say which labels"),
    ],
)
def test_an_answer_that_means_nothing_is_told(answers: tuple[str | tuple[str, ...], ...], why: str) -> None:
    assert why in case(CLIP, "g b", CLIP, answers=answers).front.warnings[-1]
