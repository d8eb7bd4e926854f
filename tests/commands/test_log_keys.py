"""The log in the editor: what was done by whom; any of it is taken back, deleted objects come back."""

from __future__ import annotations

import pytest

from tests.support.doctext import text_of
from tests.support.journal import Journal
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.commands.log import choice_of

TEXT = "car@0 box 10,10 20,20\nvan@0 box 50,50 20,20"
NUDGED = "car@0 box 11,10 20,20\nvan@0 box 50,50 20,20"


def press(journal: Journal, keys: str, *answers: Answer, person: str = "me") -> Keyboard:
    """Press keys in a window of a person's own; `:` begins a line."""
    keyboard = Keyboard(journal.open(person), HeadlessFront(answers))
    if ":" in keys:
        keys, _, line = keys.partition(":")
        keyboard.type(keys)
        keyboard.line(f":{line}")
    else:
        keyboard.type(keys)
    return keyboard


@pytest.fixture
def journal() -> Journal:
    """Kim moved the car and deleted the van, Lee moved the car on."""
    made = Journal(TEXT, page=5)
    press(made, "j e l escape", person="kim")
    press(made, "j j d a", person="kim")
    assert [e.command for e in made.entries] == ["geometry.nudge", "object.delete_all"]
    return made


def test_an_entry_of_the_log_is_taken_back_after_a_look(journal: Journal) -> None:
    keyboard = press(journal, "g H", "2", "yes")

    assert text_of(journal.document) == NUDGED
    assert any("kim: Delete the object" in line for line in keyboard.front.shown)
    assert [e.kind.value for e in journal.entries] == ["edit", "edit", "undo"]


def test_an_entry_names_what_it_changed_also_what_is_gone(journal: Journal) -> None:
    keyboard = press(journal, "g H", "2")
    entries = [choice_of(entry, keyboard.store.state).hint for entry in journal.entries]
    assert [hint.partition(": ")[0] for hint in entries] == ["car (0)", "van (0)"]


def test_a_look_alone_changes_nothing(journal: Journal) -> None:
    press(journal, "g H", "2")
    assert len(journal.entries) == 2


def test_what_was_taken_back_is_brought_back_from_the_log_and_by_redo(journal: Journal) -> None:
    before = text_of(journal.document)
    press(journal, "g H", "2", "yes")
    press(journal, "g H", "3", "yes")
    assert text_of(journal.document) == before
    keyboard = press(journal, "u")
    assert text_of(journal.document) == NUDGED
    keyboard.type("U")
    assert text_of(journal.document) == before


def test_all_of_a_person_goes_as_one_step(journal: Journal) -> None:
    press(journal, ":history.take_back kim", "yes")
    assert text_of(journal.document) == TEXT
    assert len(journal.entries) == 3


def test_a_person_and_a_time_are_asked_for(journal: Journal) -> None:
    nothing = press(journal, ":history.take_back", "kim", "2h", "yes")
    assert "there is nothing to take back" in nothing.front.warnings[0]
    press(journal, ":history.take_back", "kim", "", "yes")
    assert text_of(journal.document) == TEXT


def test_later_work_of_others_is_named(journal: Journal) -> None:
    press(journal, "j e l escape", person="lee")
    (why,) = press(journal, ":history.take_back kim", "yes").front.warnings
    assert "entry 1 by kim" in why
    assert "entry 3 by lee" in why
    assert len(journal.entries) == 3


def test_what_was_done_to_the_selected_object_goes_from_a_step_on(journal: Journal) -> None:
    press(journal, "j e 5 l escape", person="lee")
    press(journal, "j :history.object", "1", "yes")
    assert text_of(journal.document) == "car@0 box 11,10 20,20"
    press(journal, "j :history.object", "1", "yes")
    assert text_of(journal.document) == "car@0 box 10,10 20,20"


def test_a_deleted_object_comes_back_selected_and_undo_deletes_it_again(journal: Journal) -> None:
    keyboard = press(journal, "g R", "van (0)")
    assert text_of(journal.document) == NUDGED
    assert keyboard.store.state.selected is not None
    keyboard.type("u")
    assert text_of(journal.document) == "car@0 box 11,10 20,20"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (":history.log nobody", "nobody did nothing"),
        (":history.take_back nobody", "nobody did nothing"),
        (":history.take_back kim noon", "noon is not a time"),
    ],
)
def test_bad_filters_say_what_is_wrong(journal: Journal, line: str, why: str) -> None:
    assert why in press(journal, line).front.warnings[0]


@pytest.mark.parametrize("keys", ["g H", "g R", ":history.take_back", "j :history.object"])
def test_where_nothing_was_done_it_says_so(keys: str) -> None:
    assert "nothing was" in press(Journal(TEXT), keys).front.warnings[0]
