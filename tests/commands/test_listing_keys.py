"""The Labels pane by keys: what is listed, searched, selected together and changed together."""

from __future__ import annotations

import pytest

from tests.support.doctext import case, opened, text_of
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.errors import UsageError
from tui_editor.state.label_list import label_list
from tui_editor.state.listing import Listing, SortBy

TEXT = """
car@0 box 10,10 20,20
car@5 box 10,10 20,20
car(1)@0 box 50,10 20,20
van@0 box 90,10 20,20
van(1)@7 box 90,10 20,20
night@0 present
"""


def at_keys(keys: str, *answers: Answer, text: str = TEXT, stage: str = "annotate") -> Keyboard:
    keyboard = Keyboard(opened(text, stage), HeadlessFront(answers))
    keyboard.type(keys)
    assert keyboard.front.warnings == []
    return keyboard


def listed(keyboard: Keyboard) -> list[str]:
    values = keyboard.store.state.document.instances
    return [f"{values[i].class_id}{values[i].ordinal}" for i in label_list(keyboard.store.state).objects()]


def selected(keyboard: Keyboard) -> list[str]:
    values = keyboard.store.state.document.instances
    return [f"{values[i].class_id}{values[i].ordinal}" for i in keyboard.store.state.selection]


def test_the_pane_lists_this_frame_or_all_or_a_range_of_frames() -> None:
    assert listed(at_keys("")) == ["car0", "car1", "van0", "night0"]
    assert listed(at_keys("g a")) == ["car0", "car1", "van0", "van1", "night0"]
    assert listed(at_keys("W f", "5-7")) == ["car0", "van1"]
    assert listed(at_keys("5 l 3 W f")) == ["car0", "van1"]
    assert listed(at_keys("W f W f", "5-7", "")) == ["car0", "car1", "van0", "van1", "night0"]
    assert listed(at_keys("W f g a", "5-7")) == ["car0", "car1", "van0", "night0"], "the scope leaves the range"


def test_marked_frames_are_the_range_that_is_offered() -> None:
    keyboard = at_keys("5 l Y 2 l")
    assert keyboard.store.state.answering.frames_to(keyboard.store.state.frame) == (5, 7)


@pytest.mark.parametrize("typed", ["9-2", "x", "500"])
def test_an_impossible_range_of_frames_is_told_and_changes_nothing(typed: str) -> None:
    keyboard = Keyboard(opened(TEXT), HeadlessFront((typed,)))
    keyboard.type("W f")
    assert keyboard.front.warnings
    assert keyboard.store.state.listing == Listing()


def test_the_same_order_once_more_turns_it() -> None:
    assert listed(at_keys("W a W g W s", "name"))[0] == "car0"
    keyboard = at_keys("W a W g W s W s", "name", "name")
    assert listed(keyboard) == ["van1", "van0", "car1", "car0", "night0"]
    keyboard.type("W r")
    assert (keyboard.store.state.listing.sort, keyboard.store.state.listing.descending) == (SortBy.NAME, False)
    assert not keyboard.line("labels.sort colour")
    assert "creation, name, class" in keyboard.front.warnings[-1]


def test_a_search_goes_round_and_back() -> None:
    keyboard = at_keys("W a W /", "CAR")
    assert selected(keyboard) == ["car0"]
    assert [step(keyboard, k) for k in ("W n", "W n", "W N", "W N")] == [["car1"], ["car0"], ["car1"], ["car0"]]


def step(keyboard: Keyboard, keys: str) -> list[str]:
    keyboard.type(keys)
    return selected(keyboard)


def test_in_the_pane_slash_and_n_search() -> None:
    keyboard = Keyboard(opened(TEXT), HeadlessFront(("van",)))
    keyboard.type("W a")
    keyboard.front.pane = "labels"
    assert [step(keyboard, k) for k in ("/", "n", "N")] == [["van0"], ["van1"], ["van0"]]
    assert keyboard.store.state.view.frame in (0, 7)


def test_without_a_search_n_in_the_pane_is_the_next_undecided_as_elsewhere() -> None:
    keyboard = Keyboard(opened(TEXT.replace("van@0 box 90,10 20,20", "van@0 box 90,10 20,20 approved"), "review"))
    keyboard.front.pane = "labels"
    assert [step(keyboard, k) for k in ("j", "n", "n")] == [["car0"], ["car1"], ["night0"]]


def test_what_is_not_listed_is_not_found_and_the_hint_says_where_it_may_be() -> None:
    keyboard = Keyboard(opened(TEXT), HeadlessFront(("lake",)))
    keyboard.type("W /")
    assert "no listed object is called lake" in keyboard.front.warnings[0]
    assert "ga lists all objects" in keyboard.front.warnings[0]


def test_a_range_grows_and_shrinks_from_where_it_began() -> None:
    keyboard = at_keys("j J J")
    assert selected(keyboard) == ["car0", "car1", "van0"]
    assert step(keyboard, "K") == ["car0", "car1"]
    assert step(keyboard, "2 K") == ["car0"]
    assert step(keyboard, "9 J") == ["car0", "car1", "van0", "night0"]


def test_in_a_range_plain_moves_select_too_until_it_ends() -> None:
    keyboard = at_keys("j V j j")
    assert selected(keyboard) == ["car0", "car1", "van0"]
    assert step(keyboard, "V k") == ["night0"], "in review order again"
    assert step(keyboard, "V j escape") == []
    assert not keyboard.store.state.listing.visual


def test_everything_listed_is_selected_at_once() -> None:
    assert len(selected(at_keys("W a %"))) == 5


def test_of_a_huge_selection_the_last_objects_are_kept_for_the_next_opening() -> None:
    text = "\n".join(f"car({n})@0 box 1,1 2,2" for n in range(1_500))
    keyboard = at_keys("%", text=text)
    assert len(keyboard.store.state.selection) == 1_500
    assert keyboard.store.where()["selection"] == list(keyboard.store.state.selection[-1_000:])


def test_a_range_is_given_another_class_in_one_step() -> None:
    keyboard = case(
        TEXT,
        "j V j c",
        TEXT.replace("car(1)", "van(3)").replace("car@", "van(2)@"),
        answers=("van",),
    )
    assert not keyboard.store.state.listing.visual, "an edit ends the range"
    keyboard.type("u")
    assert text_of(keyboard.store.state.document) == text_of(opened(TEXT).state.document)


def test_a_range_of_different_shapes_gets_no_class_and_says_why() -> None:
    keyboard = Keyboard(opened(TEXT + "eye@0 point 1,1"), HeadlessFront(("van",)))
    keyboard.type("W a % c")
    before = keyboard.store.state.document
    assert keyboard.front.warnings
    assert keyboard.store.state.document is before


def test_the_objects_of_a_range_are_deleted_after_their_number_and_names_were_shown() -> None:
    keyboard = case(
        TEXT, "j J d a", "van@0 box 90,10 20,20\nvan(1)@7 box 90,10 20,20\nnight@0 present", answers=("yes",)
    )
    assert "2 objects go with 3 labels." in keyboard.front.shown
    assert {"car (0)", "car (1)"} <= set(keyboard.front.shown)
    keyboard.type("u")
    assert text_of(keyboard.store.state.document) == text_of(opened(TEXT).state.document)


def test_the_labels_of_a_range_on_this_frame_are_deleted() -> None:
    case(TEXT, "j J d d", "car@5 box 10,10 20,20\nvan@0 box 90,10 20,20\nvan(1)@7 box 90,10 20,20\nnight@0 present")


def test_a_range_is_hidden_and_shown_together() -> None:
    keyboard = at_keys("j J o")
    assert keyboard.store.state.display.hidden == set(keyboard.store.state.selection)
    keyboard.type("o")
    assert keyboard.store.state.display.hidden == frozenset()


def test_all_others_are_hidden_and_all_shown_again() -> None:
    keyboard = at_keys("W a j O")
    assert len(keyboard.store.state.display.hidden) == 4
    keyboard.type("O")
    assert keyboard.store.state.display.hidden == frozenset()


def test_the_selected_objects_have_details_of_their_own() -> None:
    keyboard = at_keys("j J E")
    assert len(label_list(keyboard.store.state)) == 4 + 3 + 2
    keyboard.type("E")
    assert len(label_list(keyboard.store.state)) == 4 + 3


def test_a_listed_object_is_drawn_on_this_frame_by_its_digit() -> None:
    case(
        TEXT,
        "g a 3 l M 2 enter 3 0 l 4 0 j enter",
        TEXT + "car(1)@3 box 320,240 30,40",
    )


def test_the_selected_object_is_drawn_again_in_place_of_its_label() -> None:
    case("van@0 box 90,10 20,20", "j S enter 3 0 l 4 0 j enter", "van@0 box 320,240 30,40")


def test_a_classification_holds_at_once_and_once_on_a_frame() -> None:
    keyboard = case("night@0 present", "j l S", "night@0 present\nnight@1 present")
    keyboard.type("S")
    assert "night holds on this frame already" in keyboard.front.warnings[-1]


def test_a_digit_without_a_line_is_told() -> None:
    keyboard = Keyboard(opened(TEXT))
    keyboard.type("M 9")
    assert "9 is no line of the Labels pane" in keyboard.front.warnings[0]


def test_automatic_labels_of_an_object_are_there_and_say_why_they_do_nothing() -> None:
    keyboard = Keyboard(opened(TEXT))
    keyboard.type("j T a")
    assert "automated labeling is not built yet" in keyboard.front.warnings[0]


def test_a_key_that_the_pane_lacks_means_nothing_there() -> None:
    keyboard = Keyboard(opened(TEXT))
    keyboard.front.pane = "labels"
    with pytest.raises(UsageError, match="means nothing"):
        keyboard.press("~")
