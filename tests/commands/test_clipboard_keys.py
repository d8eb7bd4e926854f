"""Copy and paste by keys, within a task and into another one; repeating a frame."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import ONTOLOGY, PROJECT, TASK, FixedClock, case, document, opened, text_of
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.model.frames import Unit
from tui_editor.model.ids import ClassId, InstanceId, OptionId, TaskId, UnitId
from tui_editor.model.ontology import Ontology
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore
from tui_editor.state.tool import DrawTool

ONE = "car@0 box 10,10 20,20"
CAR = InstanceId(1)
OTHER_UNIT = UnitId(2)


@pytest.mark.parametrize(
    ("keys", "after"),
    [
        ("j y y l P", ONE + "\ncar@1 box 10,10 20,20"),
        ("j y y l P l P", ONE + "\ncar@1 box 10,10 20,20\ncar@2 box 10,10 20,20"),
        ("j y y g P", ONE + "\ncar(1)@0 box 10,10 20,20"),
        ("j y y l g P l g P", ONE + "\ncar(1)@1 box 10,10 20,20\ncar(2)@2 box 10,10 20,20"),
        ("j y y d d l P", "car(1)@1 box 10,10 20,20"),
        ("j y y d d l P l P", "car(1)@1 box 10,10 20,20\ncar(1)@2 box 10,10 20,20"),
        ("j y y l P u", ONE),
    ],
)
def test_an_object_or_its_label_is_pasted(keys: str, after: str) -> None:
    case(ONE, keys, after)


def test_several_are_pasted_at_once_in_one_step_and_selected() -> None:
    two = ONE + "\ncar(1)@0 box 50,50 9,9"
    keyboard = case(two, "j v y y l g P", two + "\ncar(2)@1 box 10,10 20,20\ncar(3)@1 box 50,50 9,9")
    assert len(keyboard.store.state.selection) == 2
    assert keyboard.front.notes[-1] == "pasted car (2), car (3)"
    keyboard.type("u")
    assert text_of(document(two)) == text_of(keyboard.store.state.document)


def test_an_object_is_not_pasted_on_the_frame_it_was_copied_from() -> None:
    keyboard = case(ONE, "j y y P", ONE)
    assert "another frame" in keyboard.front.warnings[-1]


def test_a_label_in_the_way_is_overwritten_after_asking() -> None:
    two = ONE + "\ncar@1 box 1,1 2,2"
    case(two, "j y y l P", two, answers=("no",))
    case(two, "j y y l P", ONE + "\ncar@1 box 10,10 20,20", answers=("yes",))


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("P", "nothing was copied"),
        ("g P", "nothing was copied"),
        ("y y", "nothing is selected"),
        ("j l y y", "has a shape"),
    ],
)
def test_what_cannot_be_copied_or_pasted_says_why(keys: str, why: str) -> None:
    assert why in case(ONE, keys, ONE).front.warnings[-1]


def test_a_classification_is_not_copied() -> None:
    assert "has a shape" in case("night@0 present", "j y y", "night@0 present").front.warnings[-1]


def other_task(ontology: Ontology = ONTOLOGY, **unit: object) -> TaskStore:
    """Return an empty task of the project, or of one with another ontology."""
    units = tuple(replace(u, id=OTHER_UNIT, **unit) for u in TASK.units)
    assert all(isinstance(u, Unit) for u in units)
    task = OpenedTask(task=replace(TASK, id=TaskId(2), units=units), document=document(""), seq=0, view={})
    return TaskStore(task, replace(PROJECT, ontology=ontology), person="me", session="test", clock=FixedClock())


def pasted(keys: str, store: TaskStore, *, red: bool = False) -> Keyboard:
    """Copy the car of one task and press keys in another one of the same sitting."""
    first = Keyboard(opened(ONE), HeadlessFront(("Color", "Red") if red else ()))
    first.type("j f y y" if red else "j y y")
    second = Keyboard(store)
    second.loop = first.loop
    second.type(keys)
    return second


def test_an_object_is_pasted_into_another_task_with_its_answers_and_stays_one() -> None:
    found = pasted("P l P", other_task(), red=True).store.state.document
    assert text_of(found) == "car@0 box 10,10 20,20\ncar@1 box 10,10 20,20"
    assert [i.answers for i in found.instances.values()] == [{"color": (OptionId("red"),)}]
    assert CAR not in found.instances


def test_a_label_is_pasted_into_another_task_without_answers() -> None:
    found = pasted("g P", other_task(), red=True).store.state.document
    assert [i.answers for i in found.instances.values()] == [{}]


@pytest.mark.parametrize("keys", ["P", "g P"])
def test_a_class_that_the_ontology_lacks_is_not_pasted(keys: str) -> None:
    keyboard = pasted(keys, other_task(Ontology(classes=ONTOLOGY.classes[1:])))
    assert keyboard.front.warnings[-1].startswith("the ontology here has no class car")
    assert not len(keyboard.store.state.document.instances)


def test_what_would_lie_outside_a_smaller_frame_is_not_pasted() -> None:
    keyboard = pasted("P", other_task(width=8, height=8))
    assert "outside this frame of 8×8" in keyboard.front.warnings[-1]
    assert not len(keyboard.store.state.document.instances)


# --- the previous frame ----------------------------------------------------------------------------

FRAME = ONE + "\nvan@0 box 1,1 5,5\nnight@0 present"


def test_the_labels_of_the_previous_frame_are_repeated() -> None:
    case(FRAME, "l R", FRAME + "\ncar@1 box 10,10 20,20\nvan@1 box 1,1 5,5")
    case(FRAME, "3 l 3 R", FRAME + "\ncar@3 box 10,10 20,20\nvan@3 box 1,1 5,5")


def test_it_asks_before_it_overwrites() -> None:
    there = FRAME + "\ncar@1 box 9,9 9,9"
    case(there, "l R", there)
    case(there, "l R", there + "\nvan@1 box 1,1 5,5", answers=("1",))
    case(there, "l R", FRAME + "\ncar@1 box 10,10 20,20\nvan@1 box 1,1 5,5", answers=("2",))


def test_only_what_the_filter_lets_through_is_repeated() -> None:
    case(FRAME, "/ l R", FRAME + "\nvan@1 box 1,1 5,5", answers=("class:van",))


@pytest.mark.parametrize(("keys", "why"), [("R", "no frame before"), ("l l R", "no shapes to repeat")])
def test_where_there_is_nothing_to_repeat_it_says_so(keys: str, why: str) -> None:
    assert why in case(FRAME, keys, FRAME).front.warnings[-1]


# --- new objects -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "name"), [("1", "car"), ("2", "van")])
def test_a_new_object_is_begun_by_the_key_of_its_class(key: str, name: str) -> None:
    drawn = Keyboard(opened(""), HeadlessFront((name,)))
    drawn.type("s b q enter c enter")
    keyboard = case("", f"C {key} q enter c enter", text_of(drawn.store.state.document))
    assert keyboard.front.shown == []


def test_a_classification_begins_by_its_key_as_well() -> None:
    night = [entry.id for entry in ONTOLOGY.all()].index(ClassId("night")) + 1
    case("", f"C {night}", "night@0 present")


def test_a_class_is_begun_by_its_hotkey_or_by_name_on_the_line() -> None:
    store = other_task(Ontology(classes=tuple(replace(c, hotkey=c.id[0]) for c in ONTOLOGY.classes)))
    keyboard = Keyboard(store)
    keyboard.type("C v")
    assert isinstance(store.state.tool, DrawTool)
    assert store.state.tool.class_id == "van"
    keyboard.type("escape")
    assert keyboard.line("object.new car")
    assert isinstance(store.state.tool, DrawTool)
    assert store.state.tool.class_id == "car"


def test_a_key_of_no_class_says_which_there_are() -> None:
    keyboard = case("", "C z", "")
    assert keyboard.front.warnings[0].startswith("no class has the key z (1 car  2 van  3 eye  4 lake")
