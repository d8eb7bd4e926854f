"""Bulk operations by keys and on the line: counted, listed, done in one step, and taken back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import UNIT, case, document, opened, text_of, two_units
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.model.ids import InstanceId, UnitId
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


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        (("c", "car", "0-3"), "delete class:car frames:0-3"),
        (("r", ""), "delete frames:0-99"),
        (("b", "50%", "0-5"), "delete score<0.5 frames:0-5"),
        (("d", "class:van"), "delete class:van"),
    ],
)
def test_the_dialog_deletes_as_the_line_does(answers: tuple[str, ...], line: str) -> None:
    dialog, typed = unsure(), unsure()
    dialog.front.answers.extend(["no"] if not answers else [*answers, "yes"])
    dialog.type("g b")
    typed.front.answers.append("yes")
    assert typed.line(line)
    assert dialog.front.shown[-len(typed.front.shown) :] == typed.front.shown
    assert text_of(dialog.store.state.document) == text_of(typed.store.state.document)


def test_what_will_go_is_counted_and_listed_first() -> None:
    keyboard = case(CLIP, "g b", CLIP, answers=("r", "2-9"))
    assert keyboard.front.shown[2:] == [
        "Delete frames:2-9",
        "4 labels of 3 objects will go. 2 objects go with the last label.",
        "van (0): 2 labels, frames 2–9, all of it",
        "car (0): 1 label, frame 4",
        "car (1): 1 label, frame 2, all of it",
    ]


TWO_UNITS = """
car@0 box 1,1 9,9
car@4 box 1,1 9,9
"""


@pytest.mark.parametrize(("titles", "word"), [(("left", "right"), "unit:right"), (("eye", "eye"), "unit:2")])
def test_in_a_task_of_several_data_units_the_dialog_deletes_in_the_one_that_is_shown(
    titles: tuple[str, str], word: str
) -> None:
    keyboard = Keyboard(two_units(TWO_UNITS, *titles), HeadlessFront(("r", "0-3", "yes")))
    keyboard.store.go(UnitId(2), 0)
    keyboard.type("g b")
    name = titles[1]
    assert keyboard.front.shown[2:] == [
        f"Delete {word} frames:0-3",
        f"1 label of 1 object in {name} will go.",
        f"car (0): 1 label, frame 0 of {name}",
    ]
    tracks = keyboard.store.state.document.tracks
    assert [tracks[InstanceId(1), unit].frames.tolist() for unit in (UNIT, UnitId(2))] == [[0, 4], [4]]


def test_the_line_merges_what_fits_into_the_selected_object() -> None:
    keyboard = Keyboard(opened(CLIP), HeadlessFront(("yes",)))
    keyboard.type("j")
    assert keyboard.line("bulk.merge class:car")
    assert text_of(keyboard.store.state.document) == text_of(document(CLIP.replace("car(1)", "car")))


def test_what_was_ticked_gets_another_class_after_a_question() -> None:
    keyboard = case(CLIP, "g b", CLIP, answers=("t", ("car (0)", "car (1)", "van (0)"), "van"))
    assert keyboard.front.shown[3:] == [
        "Change class",
        "2 objects become van; answers that it lacks go.",
        "car (0)",
        "car (1)",
    ]
    case(CLIP, "g b", CLIP, answers=("t", ("van (0)",), "van"))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("bulk.merge class:car", "nothing is selected"),
        ("bulk.merge class:plane", "nothing is selected"),
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
        (("d", "class:plane"), "no class is called plane"),
        (("d", "frames:50-60"), "no label fits frames:50-60"),
        (("r", "9-2"), "ends before it begins"),
        (("r", "x"), "no range of frames"),
        (("b", "7"), "between 0 and 1"),
        (("b", "1.2.3"), "no confidence"),
        (("t", ("van (0)",), "van"), "is a van already"),
    ],
)
def test_an_answer_that_means_nothing_is_told(answers: tuple[str | tuple[str, ...], ...], why: str) -> None:
    assert why in case(CLIP, "g b", CLIP, answers=answers).front.warnings[-1]
