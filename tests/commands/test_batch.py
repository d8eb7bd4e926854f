"""Commands that act on what a filter describes."""

from __future__ import annotations

import pytest

from tests.support.doctext import UNIT, document, opened, text_of
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.edits.bulk import deletions
from tui_editor.model.ids import InstanceId
from tui_editor.model.patch import Patch

TEXT = """
car@0 box 10,10 20,20
car@1 box 10,10 20,20
car@5 box 10,10 20,20
car(1)@0 box 50,50 20,20
van@0 box 90,90 20,20
van@7 box 90,90 20,20
"""


def lines(text: str) -> str:
    return "\n".join(sorted(line.strip() for line in text.splitlines() if line.strip()))


def run(line: str, *answers: str, stage: str = "annotate", keys: str = "") -> Keyboard:
    keyboard = Keyboard(opened(TEXT, stage), HeadlessFront(answers))
    keyboard.type(keys)
    keyboard.line(line)
    return keyboard


def left(keyboard: Keyboard) -> str:
    return text_of(keyboard.store.state.document)


def test_labels_that_pass_are_deleted_after_their_count_and_a_list_were_shown() -> None:
    keyboard = run("delete class:car frames:0-4", "yes")
    assert keyboard.front.shown == [
        "Delete class:car frames:0-4",
        "3 labels of 2 objects will go. 1 object goes with the last label.",
        "car (0): 2 labels, frames 0–1",
        "car (1): 1 label, frame 0, all of it",
    ]
    assert left(keyboard) == lines("car@5 box 10,10 20,20\nvan@0 box 90,90 20,20\nvan@7 box 90,90 20,20")
    assert keyboard.front.notes == ["deleted 3 labels: u brings back"]
    keyboard.type("u")
    assert left(keyboard) == lines(TEXT)


def test_nothing_is_deleted_without_a_yes() -> None:
    assert left(run("delete class:car")) == lines(TEXT)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("delete class:plane", "column 14: no class is called plane"),
        (":delete  class:car score<2", "column 26: 2 is not a number from 0 to 1"),
        ("delete class:eye", "no label fits class:eye"),
        ('class van "x', "column 11: the "),
        ("class van clas:x", "column 11: clas is no field"),
        ("class plane class:car", "there is no class plane"),
        ("class eye class:car", "is labelled with a"),
        ("select class:lake", "nothing fits class:lake"),
        ("approve class:car", "only a review decides"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_place_and_changes_nothing(line: str, message: str) -> None:
    keyboard = run(line, "yes")
    assert message in keyboard.front.warnings[0]
    assert left(keyboard) == lines(TEXT)
    assert not keyboard.store.can_undo()


def test_objects_that_pass_get_another_class_in_one_step() -> None:
    keyboard = run("class car frames:7")
    assert left(keyboard).count("car(2)") == 2
    assert keyboard.front.notes == ["1 object made car: u takes it back"]
    keyboard.type("u")
    assert left(keyboard) == lines(TEXT)


def test_without_a_filter_it_is_what_is_selected() -> None:
    assert "van(1)" in left(run("class van", keys="j"))
    assert "car@0" not in left(run("delete", keys="j"))
    assert "van(1)" in left(run('class "van"', keys="j"))


def test_objects_that_pass_are_approved() -> None:
    keyboard = run("approve -class:van", stage="review")
    assert left(keyboard).count("approved") == 4
    assert keyboard.front.notes == ["approved 2 objects: u takes it back"]


def test_objects_are_hidden_shown_and_selected() -> None:
    keyboard = run("hide class:car")
    assert keyboard.store.state.display.hidden == {InstanceId(1), InstanceId(2)}
    keyboard.line("show frames:5")
    assert keyboard.store.state.display.hidden == {InstanceId(2)}
    keyboard.line("show")
    assert keyboard.store.state.display.hidden == frozenset()
    keyboard.line("select class:car,van frames:0")
    assert keyboard.store.state.selection == (InstanceId(1), InstanceId(2), InstanceId(3))


def test_a_filter_is_asked_for_where_none_was_typed() -> None:
    keyboard = run("select", "class:van")
    assert keyboard.store.state.selection == (InstanceId(3),)
    assert "say which labels (class:car frames:100-200 score<0.5)" in run("hide", " ").front.warnings[0]


def test_a_deletion_by_filter_is_a_step_of_a_macro() -> None:
    keyboard = Keyboard(opened(TEXT), HeadlessFront(("yes",)))
    keyboard.type("Q a")
    keyboard.line("delete frames:7")
    keyboard.type("Q u & a")
    assert "van@7" not in left(keyboard)
    assert keyboard.front.warnings == []


def test_a_set_of_labels_is_deleted_wherever_it_lies() -> None:
    import numpy as np

    found = document(TEXT)
    chosen = {
        InstanceId(1): {UNIT: np.array([0, 5, 80], np.int32)},
        InstanceId(3): {UNIT: np.array([0, 7], np.int32)},
        InstanceId(9): {UNIT: np.array([0], np.int32)},
    }
    patch = Patch(tuple(change for gone in deletions(found, chosen) for change in gone.changes))
    after = found.apply(patch)
    assert text_of(after) == lines("car@1 box 10,10 20,20\ncar(1)@0 box 50,50 20,20")
    assert after.apply(patch.inverse()).same(found)
