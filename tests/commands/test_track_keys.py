"""Track surgery by keys: what each asks, does, refuses, and that one undo takes it back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import UNIT, case, document, opened, text_of, two_units
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.commands.ranges import parse_frames
from tui_editor.commands.track_events import lone_keys
from tui_editor.errors import UsageError
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.model.patch import Patch, TrackChange
from tui_editor.model.shapes import Box, Keypoint, ShapeKind
from tui_editor.model.tracks import Label, LabelFlag, Origin, empty_track, make_track
from tui_editor.state.track_faults import jumps

ENDS = "car@0 box 0,0 10,10\ncar@4 box 8,0 10,30"
BETWEEN = "\ncar@1 box 2,0 10,15\ncar@2 box 4,0 10,20\ncar@3 box 6,0 10,25"
PAIR = "car@0 box 0,0 9,9\ncar@5 box 5,0 9,9\ncar(1)@0 box 50,50 9,9\ncar(1)@5 box 55,50 9,9"
CAR = InstanceId(1)


# --- done when the user says so --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "keys", "answers", "after"),
    [
        (ENDS, "j 4 l T s", ("yes",), ENDS.replace("car@4", "car(1)@4")),
        (ENDS, "j 2 l T s", ("yes",), ENDS.replace("car@4", "car(1)@4")),
        (PAIR, "j 5 l T x", ("yes",), PAIR.replace("5,0", "z").replace("55,50", "5,0").replace("z", "55,50")),
        (PAIR, "j T m", (("car (1)",), "1", "yes"), "car@0 box 0,0 9,9\ncar@5 box 5,0 9,9"),
        (PAIR, "j T m", (("car (1)",), "2", "yes"), "car@0 box 50,50 9,9\ncar@5 box 55,50 9,9"),
        (PAIR, "j v T m", ("1", "yes"), "car(1)@0 box 50,50 9,9\ncar(1)@5 box 55,50 9,9"),
        (ENDS.replace("car@4", "car(1)@4"), "j T m", (("car (1)",), "yes"), ENDS),
        (ENDS.replace("car@4", "car(1)@4"), "j T j", ("yes",), ENDS),
        (
            ENDS.replace("car@4", "car(1)@4") + "\ncar(2)@9 box 1,1 1,1",
            "j T j",
            ("car (1)", "yes"),
            ENDS + "\ncar(2)@9 box 1,1 1,1",
        ),
        (ENDS, "j 6 l T e", ("yes",), ENDS + "\ncar@5 box 8,0 10,30\ncar@6 box 8,0 10,30"),
        (ENDS, "j T f", ("yes",), ENDS + BETWEEN),
        (ENDS, "j 2 l T f", ("yes",), ENDS + BETWEEN),
        (ENDS, "j T i", ("yes",), ENDS + BETWEEN),
        (ENDS, "j T c", ("3-9", "yes"), "car@0 box 0,0 10,10"),
        (ENDS, "j 3 T c", ("yes",), "car@4 box 8,0 10,30"),
        (ENDS, "j T c", ("0-4", "yes"), ""),
    ],
)
def test_a_track_is_changed_after_asking_and_one_undo_takes_it_back(
    before: str, keys: str, answers: tuple[str | tuple[str, ...], ...], after: str
) -> None:
    keyboard = case(before, keys, after, answers=answers)
    assert keyboard.front.notes[-1].endswith("done, u takes it back")
    keyboard.type("u")
    assert text_of(document(before)) == text_of(keyboard.store.state.document)
    case(before, keys, before, answers=(*answers[:-1], "no"))


def test_a_track_is_extended_to_the_last_frame() -> None:
    keyboard = case(
        ENDS, "j T E", "\n".join([ENDS, *(f"car@{f} box 8,0 10,30" for f in range(5, 100))]), answers=("yes",)
    )
    keyboard.front.answers.append("yes")
    keyboard.type("T E")
    assert keyboard.front.warnings == ["the object has a label on the last frame already"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("j 4 l T s", ["car (0) keeps frame 0 (1 label); car (1) gets frame 4 (1 label)."]),
        ("j T f", ["car (0) gets 3 labels on frames 1–3, interpolated."]),
        ("j T i", ["car (0) gets 3 labels on frames 1–3, between its key labels."]),
        ("j 9 l T e", ["car (0) gets its nearest label again on frames 5–9 (5 labels)."]),
        ("j 9 T c", ["car (0) loses frames 0–4 (2 labels). The object goes with them."]),
    ],
)
def test_what_will_change_is_told_before_it_does(keys: str, said: list[str]) -> None:
    keyboard = case(ENDS, keys, ENDS)
    assert said[0] in keyboard.front.shown


def test_a_merge_names_what_goes_and_how_many_labels_give_way() -> None:
    keyboard = case(PAIR, "j T m", PAIR, answers=(("car (1)",), "1"))
    assert keyboard.front.shown[1:] == [
        "2 labels on the same frames",
        "Merge tracks",
        "1 object becomes car (0). On frames where both have one those of car (0) stay: 2 labels go.",
        "car (1): frames 0–5 (2 labels)",
    ]


@pytest.mark.parametrize(
    ("before", "keys", "why"),
    [
        (ENDS, "j T s", "begins here"),
        (ENDS, "j 5 l T s", "no label here or later"),
        (ENDS, "j T m", "no other object"),
        (ENDS + "\neye@0 point 1,1", "j T m", "no other object"),
        (PAIR, "j T j", "begins after this one ends"),
        (ENDS, "j T x", "no other object of this class"),
        (ENDS, "j T e", "has a label on that frame already"),
        (ENDS, "j 4 l T f", "no gap here or further on"),
        (ENDS, "j 5 l 3 T c", "no labels on frames 5 to 7"),
        ("car@0 box 0,0 1,1", "j T i", "two key labels"),
        ("lake@0 polygon 0,0 9,0 9,9\nlake@3 polygon 0,0 9,0 9,9", "j T i", "can't be interpolated yet"),
        (ENDS, "j l T k", "no label on this frame"),
        (ENDS, "T s", "nothing is selected"),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(before: str, keys: str, why: str) -> None:
    keyboard = case(before, keys, before, answers=("yes", "yes"))
    assert why in keyboard.front.warnings[-1]


def test_several_objects_are_interpolated_in_one_step() -> None:
    lone = "\ncar(2)@0 box 1,1 1,1"
    keyboard = case(PAIR + lone, "j v v T i", PAIR + lone)
    assert keyboard.front.shown[1:] == [
        "2 objects get labels between their key labels.",
        "car (0) gets 4 labels on frames 1–4, between its key labels.",
        "car (1) gets 4 labels on frames 1–4, between its key labels.",
    ]
    keyboard.front.answers.append("yes")
    keyboard.type("T i")
    assert keyboard.store.state.document.label_count == 13
    keyboard.type("u")
    assert keyboard.store.state.document.label_count == 5


# --- key labels ------------------------------------------------------------------------------------


def test_t_k_makes_a_key_label_of_an_interpolated_one_and_gives_it_up_again() -> None:
    keyboard = case(ENDS, "j T i 2 l T k", ENDS + BETWEEN, answers=("yes",))
    label = keyboard.store.state.document.label(CAR, UNIT, 2)
    assert label is not None
    assert (label.flags, label.origin) == (LabelFlag.KEY, Origin.MANUAL)
    keyboard.type("e 6 l escape T k")
    assert text_of(document(ENDS + BETWEEN)) == text_of(keyboard.store.state.document)
    assert keyboard.front.notes[-2:] == ["a key label", "no key label any more"]


def test_interpolated_labels_follow_a_nudge_of_their_key() -> None:
    moved = "car@0 box 0,0 10,10\ncar@4 box 12,0 10,30\ncar@1 box 3,0 10,15\ncar@2 box 6,0 10,20\ncar@3 box 9,0 10,25"
    case(ENDS, "j T i 4 l e 4 l", moved, answers=("yes",))


def test_interpolated_labels_close_ranks_when_their_key_is_deleted() -> None:
    three = "car@0 box 0,0 10,10\ncar@2 box 40,0 10,10\ncar@4 box 4,0 10,10"
    left = "car@0 box 0,0 10,10\ncar@1 box 1,0 10,10\ncar@3 box 3,0 10,10\ncar@4 box 4,0 10,10"
    case(three, "j T i 2 l d d", left, answers=("yes",))


# --- along a track ---------------------------------------------------------------------------------


def test_the_next_event_of_a_track_is_found_and_named() -> None:
    lines = [f"car@{f} box {f},0 9,9" for f in (0, 1, 2, 5, 6, 7)] + [f"car@{f} box {f + 60},0 9,9" for f in (8, 9)]
    lines += ["van@10 box 70,0 9,9", "van@11 box 71,0 9,9"]
    keyboard = Keyboard(opened("\n".join(lines)))
    keyboard.type("j ) ) ) )")
    assert keyboard.front.notes == [
        "frame 3: gap of 2 frames",
        "frame 8: jump",
        "frame 10: class changes: van (0) begins here",
    ]
    assert "nothing further on" in keyboard.front.warnings[-1]
    keyboard.type("2 (")
    assert keyboard.front.notes[-1] == "frame 3: gap of 2 frames"
    keyboard.type("(")
    assert "nothing earlier" in keyboard.front.warnings[-1]


def test_another_object_that_ends_where_a_track_begins_may_be_the_same_thing() -> None:
    keyboard = Keyboard(opened("car@3 box 0,0 9,9\ncar(1)@5 box 1,0 9,9\ncar(1)@6 box 2,0 9,9", frame=6))
    keyboard.type("j j (")
    assert keyboard.front.notes == ["frame 3: identity changes: car (0) ends here"]


def test_a_thing_in_another_place_is_another_thing() -> None:
    keyboard = Keyboard(opened("car@3 box 0,0 9,9\ncar(1)@4 box 100,0 9,9"))
    keyboard.type("j )")
    assert "nothing further on" in keyboard.front.warnings[-1]


def test_key_labels_are_events_only_among_others() -> None:
    labels = [Label(frame=f, shape=Keypoint(0, 0), flags=LabelFlag(f % 4 == 0)) for f in range(9)]
    assert lone_keys(make_track(labels)).tolist() == [0, 4, 8]
    assert lone_keys(make_track([replace(one, flags=LabelFlag.KEY) for one in labels])).tolist() == []


def test_a_steady_pace_is_no_jump_however_fast() -> None:
    assert jumps(make_track([Label(frame=f, shape=Box(f * 50, 0, 9, 9)) for f in range(9)])).tolist() == []
    assert jumps(make_track([Label(frame=f, shape=Box(0, 0, 9, 9)) for f in range(2)])).tolist() == []
    there = [Label(frame=f, shape=Box(0 if f < 5 else 200, 0, 9, 9)) for f in range(9)]
    assert jumps(make_track(there)).tolist() == [5]


# --- ranges ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "frames"),
    [("3-9", (3, 9)), (" 3 – 9 ", (3, 9)), ("7", (7, 7)), ("3..9", (3, 9)), ("90-1000", (90, 99))],
)
def test_a_range_of_frames_is_read(text: str, frames: tuple[int, int]) -> None:
    assert frames == parse_frames(text, opened("").state.unit)


@pytest.mark.parametrize("text", ["", "x", "9-3", "100", "-3", "1-2-3", "1e3"])
def test_what_is_no_range_of_frames_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_frames(text, opened("").state.unit)


def test_the_other_object_can_be_named_on_the_line() -> None:
    merged = "car@0 box 0,0 9,9\ncar@5 box 5,0 9,9"
    keyboard = Keyboard(opened(PAIR), HeadlessFront(("1", "yes")))
    keyboard.type("j")
    assert keyboard.line("track.merge car (1)")
    assert text_of(document(merged)) == text_of(keyboard.store.state.document)
    for name in ("car (1)", "car", "plane (0)"):
        assert not keyboard.line(f"track.swap {name}")
        assert f"there is no object {name}" in keyboard.front.warnings[-1]


def test_a_range_can_be_given_on_the_line() -> None:
    keyboard = Keyboard(opened(ENDS), HeadlessFront(("yes",)))
    keyboard.type("j")
    assert keyboard.line("track.cut 4-4")
    assert text_of(keyboard.store.state.document) == "car@0 box 0,0 10,10"
    assert not keyboard.line("track.cut four")


@pytest.mark.parametrize("keys", ["T s", "T e", "T f", "T c", "T j", "T i"])
def test_an_object_of_another_data_unit_is_not_edited_here_and_it_is_told_where_it_is(keys: str) -> None:
    keyboard = Keyboard(two_units("car@3 box 1,1 9,9\ncar@5 box 1,1 9,9", "left", "right"))
    store, right = keyboard.store, UnitId(2)
    gone = TrackChange(CAR, right, store.state.document.tracks[CAR, right], empty_track(ShapeKind.BOX))
    store.apply(Patch((gone,)), "test")
    store.go(right, 4)
    store.select(CAR)
    before = store.state.document
    keyboard.type(keys)
    assert keyboard.front.warnings == [
        "the object has no labels in right (Home goes to left, where it has some)",
    ]
    assert store.state.document is before
    keyboard.type("home")
    assert (store.state.view.unit, store.state.view.frame) == (UNIT, 3)
