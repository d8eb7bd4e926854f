"""Documents before and after keys: objects, drawing, editing, issues, undo."""

from __future__ import annotations

import pytest

from tests.support.doctext import UNIT, case, opened, text_of
from tui_editor.commands.context import IssueDraft
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.errors import UsageError
from tui_editor.model.ids import InstanceId
from tui_editor.model.issues import IssueKind
from tui_editor.model.tracks import LabelFlag
from tui_editor.state.tool import DrawTool, HandleTool
from tui_editor.state.view import Mode

ONE = "car@0 box 10,10 20,20"
CAR = InstanceId(1)


# --- objects -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        (ONE, "j d d", ""),
        (ONE + "\ncar@1 box 1,1 2,2", "j d d", "car@1 box 1,1 2,2"),
        (ONE + "\ncar@1 box 1,1 2,2", "j l d d", ONE),
        (ONE + "\nvan@0 box 1,1 2,2", "j v d d", ""),
        (ONE, "j delete", ""),
        (ONE, "j d a", ""),
        (ONE, "j l l r", ONE + "\ncar@2 box 10,10 20,20"),
        (ONE, "j d d u", ONE),
        (ONE, "j d d u U", ""),
        (ONE, "j d d backspace", ONE),
        (ONE, "j e l l l escape 2 u", "car@0 box 11,10 20,20"),
        (ONE, "j e l l l escape 9 u", ONE),
        (ONE, "j e l l l escape 3 u 2 U", "car@0 box 12,10 20,20"),
    ],
)
def test_objects_are_deleted_repeated_and_brought_back(before: str, keys: str, after: str) -> None:
    case(before, keys, after)


@pytest.mark.parametrize("answer", ["van", "2"])
def test_c_changes_the_class_by_name_or_digit(answer: str) -> None:
    case(ONE, "j c", "van@0 box 10,10 20,20", answers=(answer,))


def test_d_a_asks_before_many_labels_go() -> None:
    two = ONE + "\ncar@1 box 1,1 2,2"
    case(two, "j d a", two, answers=("no",))
    keyboard = case(two, "j d a", "", answers=("yes",))
    assert "2 labels" in keyboard.front.notes[-1]


def test_f_answers_an_attribute_for_all_frames_or_for_this_one() -> None:
    keyboard = case(ONE, "j f", ONE, answers=("Color", "Red"))
    assert keyboard.store.state.document.instances[CAR].answers == {"color": ("red",)}
    keyboard = case(ONE, "j 4 l f", ONE, answers=("Speed", "12.5"))
    (answer,) = keyboard.store.state.document.instances[CAR].dynamic
    assert (answer.value, answer.first, answer.last) == (12.5, 4, 4)


def test_a_text_that_is_no_number_is_told_and_changes_nothing() -> None:
    keyboard = case(ONE, "j f", ONE, answers=("Speed", "fast"))
    assert keyboard.front.warnings == ["fast is not a number"]
    assert keyboard.store.state.document.instances[CAR].dynamic == ()


def test_s_c_classifies_as_many_frames_as_the_count_says_and_no_more_than_there_are() -> None:
    case("", "2 s c", "night@0 present\nnight@1 present", answers=("night",))
    case("", "9 9 9 s c", "night@98 present\nnight@99 present", frame=98, answers=("night",))


def test_g_c_sets_and_clears_occluded() -> None:
    keyboard = case(ONE, "j g c", ONE)
    label = keyboard.store.state.document.label(CAR, UNIT, 0)
    assert label is not None
    assert LabelFlag.OCCLUDED in label.flags
    keyboard.type("g c")
    label = keyboard.store.state.document.label(CAR, UNIT, 0)
    assert label is not None
    assert LabelFlag.OCCLUDED not in label.flags


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("d d", "nothing is selected"),
        ("c", "nothing is selected"),
        ("e", "nothing is selected"),
        ("j 5 l e", "no label on this frame"),
        ("j 5 l d d", "no label on this frame"),
        ("u", "nothing to undo"),
        ("U", "nothing to redo"),
        ("j r", "no label on an earlier frame"),
        ("T t", "not built yet"),
        ("}", "no issue is open"),
    ],
)
def test_a_key_that_can_do_nothing_says_why(keys: str, why: str) -> None:
    keyboard = case(ONE, keys, ONE)
    assert why in keyboard.front.warnings[-1]


def test_a_key_without_meaning_is_refused_in_scripts() -> None:
    with pytest.raises(UsageError, match="means nothing in browse mode"):
        Keyboard(opened(ONE)).type("ö")


# --- editing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "box"),
    [
        ("l", "11,10 20,20"),
        ("1 2 j", "10,22 20,20"),
        ("H", "0,10 20,20"),
        ("2 K", "10,-10 20,20"),
        ("left up", "9,9 20,20"),
        ("s", "9,9 22,22"),
        ("3 s", "7,7 26,26"),
        ("4 S", "14,14 12,12"),
        ("1 5 S", "20,20 0,0"),
        ("tab l j", "11,11 19,19"),
        ("2 tab j", "10,11 20,19"),
        ("shift+tab h", "9,10 21,20"),
        ("5 tab 3 l 4 j", "10,10 23,24"),
        ("5 tab 3 0 h", "10,10 0,20"),
    ],
)
def test_a_box_is_nudged_and_reshaped_by_its_handles(keys: str, box: str) -> None:
    keyboard = case(ONE, f"j e {keys} escape", f"car@0 box {box}")
    assert (keyboard.store.state.mode, keyboard.store.state.tool) == (Mode.BROWSE, None)


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ("30,40", "20,30 20,20"),
        ("@30,40", "20,30 20,20"),
        ("1.5,2 3x4", "1.5,2 3,4"),
        ("-3,2 3×4", "-3,2 3,4"),
    ],
)
def test_coordinates_are_typed_for_the_handle_or_the_whole_box(typed: str, box: str) -> None:
    case(ONE, "j e @", f"car@0 box {box}", answers=(typed,))


def test_typed_coordinates_move_the_handle_that_is_held() -> None:
    case(ONE, "j e tab @", "car@0 box 5,6 25,24", answers=("5,6",))


def test_what_is_no_place_is_told() -> None:
    keyboard = case(ONE, "j e @", ONE, answers=("here",))
    assert "x,y" in keyboard.front.warnings[0]


def test_edit_mode_begins_with_the_whole_shape_and_review_comes_back_to_review() -> None:
    keyboard = case(ONE, "j e", ONE, stage="review")
    assert HandleTool(handle=8) == keyboard.store.state.tool
    keyboard.type("escape")
    assert Mode.REVIEW is keyboard.store.state.mode


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("eye@0 point 3,4", "j e 2 l", "eye@0 point 5,4"),
        ("lake@0 polygon 0,0 9,0 9,9", "j e tab l j", "lake@0 polygon 1,1 9,0 9,9"),
        ("lake@0 polygon 0,0 9,0 9,9", "j e 3 tab 2 l", "lake@0 polygon 0,0 9,0 11,9"),
        ("lake@0 polygon 0,0 9,0 9,9", "j e l", "lake@0 polygon 1,0 10,0 10,9"),
        ("lake@0 polygon 10,10 20,10 20,20", "j e s", "lake@0 polygon 9,9 21,9 21,21"),
    ],
)
def test_points_and_polygons_are_edited_by_their_vertices(before: str, keys: str, after: str) -> None:
    case(before, keys, after)


# --- drawing -----------------------------------------------------------------------------------------


def test_a_box_is_drawn_by_hints_and_selected() -> None:
    # The keys q w e / a s d / z x c zoom into ninths of 640 × 480, then of a third of it beside the first corner.
    keyboard = case("", "s b q enter c enter", "car@0 box 107,80 178,133", answers=("car",))
    state = keyboard.store.state
    assert (state.mode, state.tool) == (Mode.BROWSE, None)
    assert state.selected in state.document.instances


def test_the_crosshair_is_moved_by_pixels_tens_and_counts() -> None:
    case("", "s b H 2 k enter 3 L 1 5 j enter", "car@0 box 310,238 30,15", answers=("car",))


def test_the_crosshair_stays_in_the_frame() -> None:
    case("", "s b 9 9 9 h 9 9 9 k enter 9 9 9 9 l 9 9 9 9 j enter", "car@0 box 0,0 640,480", answers=("car",))


def test_backspace_begins_the_corner_again_and_then_gives_up_the_first_one() -> None:
    keyboard = Keyboard(opened(""), HeadlessFront(("car",)))
    keyboard.type("s b q q enter s")
    tool = keyboard.store.state.tool
    assert isinstance(tool, DrawTool)
    assert tool.points == ((36.0, 27.0),)
    keyboard.type("backspace")
    tool = keyboard.store.state.tool
    assert isinstance(tool, DrawTool)
    assert (tool.window, tool.points) == ((0, 0, 640, 480), ((36.0, 27.0),))
    keyboard.type("backspace")
    tool = keyboard.store.state.tool
    assert isinstance(tool, DrawTool)
    assert (tool.points, tool.crosshair) == ((), (36.0, 27.0))


@pytest.mark.parametrize(("stage", "mode"), [("annotate", Mode.BROWSE), ("review", Mode.REVIEW)])
def test_escape_drops_what_was_being_drawn(stage: str, mode: Mode) -> None:
    keyboard = case("", "s b q enter escape", "", stage=stage, answers=("car",))
    assert (mode, None) == (keyboard.store.state.mode, keyboard.store.state.tool)


def test_two_corners_on_one_line_make_no_box() -> None:
    keyboard = case("", "s b enter L enter", "", answers=("car",))
    assert "one line" in keyboard.front.warnings[0]
    assert Mode.DRAW is keyboard.store.state.mode


def test_a_whole_box_is_typed_while_drawing() -> None:
    case("", "s b @", "van@0 box 1,2 30,40", answers=("van", "1,2 30x40"))


def test_dot_draws_another_box_of_the_same_class() -> None:
    case(
        "",
        "s b q enter c enter . e enter z enter",
        "van@0 box 107,80 178,133\nvan(1)@0 box 462,80 71,133",
        answers=("van",),
    )
    assert "nothing was drawn or edited yet" in case("", ".", "").front.warnings[0]


def test_a_class_without_boxes_is_not_offered_for_one() -> None:
    keyboard = case("", "s b", "", answers=("eye",))
    assert "not among the choices" in keyboard.front.warnings[0]


# --- issues ------------------------------------------------------------------------------------------


def draft(kind: IssueKind, text: str = "odd", tags: tuple[str, ...] = ()) -> IssueDraft:
    return IssueDraft(kind=kind, kinds=(), text=text, tags=tags)


@pytest.mark.parametrize(
    ("kind", "keys", "issue"),
    [
        (IssueKind.LABEL, "j i", 'issue label car@0 "odd"'),
        (IssueKind.FRAME, "3 l i", 'issue frame@3 "odd"'),
        (IssueKind.FILE, "i", 'issue file "odd"'),
        (IssueKind.FRAME_RANGE, "3 l 4 i", 'issue frame_range@3 "odd"'),
    ],
)
def test_i_raises_an_issue_of_each_kind(kind: IssueKind, keys: str, issue: str) -> None:
    case(ONE, keys, f"{ONE}\n{issue}", answers=(draft(kind),))


def test_a_frame_range_is_as_long_as_the_count_and_ends_with_the_unit() -> None:
    for count, last in (("4", 6), ("9 9 9", 99)):
        keyboard = Keyboard(opened(ONE), HeadlessFront((draft(IssueKind.FRAME_RANGE),)))
        keyboard.type(f"3 l {count} i")
        (issue,) = keyboard.store.state.document.open_issues()
        assert (3, last) == issue.frames


def test_a_pin_is_placed_on_the_canvas() -> None:
    keyboard = Keyboard(opened(ONE), HeadlessFront((draft(IssueKind.PIN),)))
    keyboard.type("i L enter")
    (issue,) = keyboard.store.state.document.open_issues()
    assert (issue.point, issue.frames, keyboard.store.state.mode) == ((330.0, 240.0), (0, 0), Mode.BROWSE)


def test_an_issue_without_a_word_is_refused() -> None:
    keyboard = case(ONE, "i", ONE, answers=(draft(IssueKind.FILE, ""),))
    assert "comment or a tag" in keyboard.front.warnings[0]


ISSUES = f'{ONE}\nissue frame@3 "one"\nissue label car@0 "two"\nissue file "three"'


def test_braces_go_round_the_open_issues_in_the_order_of_frames() -> None:
    keyboard = Keyboard(opened(ISSUES))
    titles = []
    for key in ("}", "}", "}", "}", "{"):
        keyboard.press(key)
        titles.append(keyboard.front.notes[-1].partition(": ")[2])
    assert titles == ["three", "two", "one", "three", "one"]
    assert keyboard.store.state.view.frame == 3


def test_the_issues_pane_has_keys_of_its_own_until_escape() -> None:
    keyboard = Keyboard(opened(ISSUES), HeadlessFront(("because", ("hard",), "yes")))
    keyboard.type("I r # x")
    (issue,) = [i for i in keyboard.store.state.document.issues.values() if i.resolved]
    assert ([c.text for c in issue.comments], issue.tags) == (["three", "because"], ("hard",))
    keyboard.type("d d escape")
    assert issue.id not in keyboard.store.state.document.issues
    assert Mode.BROWSE is keyboard.mode


def test_the_issue_that_was_raised_last_is_the_one_that_gx_resolves() -> None:
    keyboard = Keyboard(opened(ISSUES), HeadlessFront((draft(IssueKind.FILE),)))
    keyboard.type("i g x")
    (issue,) = [i for i in keyboard.store.state.document.issues.values() if i.resolved]
    assert (issue.title, keyboard.front.notes[-2:]) == ("odd", ["raised: odd", "resolved: odd"])


def test_the_issues_pane_begins_with_an_issue_of_the_selected_object() -> None:
    keyboard = Keyboard(opened(ISSUES))
    keyboard.type("j I x")
    assert keyboard.front.notes[-1] == "resolved: two"


def test_f_lists_open_resolved_or_all_issues_and_the_keys_go_through_those() -> None:
    keyboard = Keyboard(opened(f'{ISSUES}\nissue frame@7 "done" resolved'))
    keyboard.type("I f j")
    assert (keyboard.front.notes[-1], keyboard.store.state.view.frame) == ("frame issue: done", 7)
    keyboard.type("f j")
    assert keyboard.front.notes[-1] == "file issue: three", "after the last one comes the first"


def test_the_search_lists_the_issues_with_all_words_and_goes_to_the_first() -> None:
    keyboard = Keyboard(opened(ISSUES), HeadlessFront(("kind:frame one", "zebra")))
    keyboard.type("I /")
    assert (keyboard.front.notes[-1], keyboard.store.state.view.frame) == ("frame issue: one", 3)
    keyboard.type("j j")
    assert keyboard.front.notes[-1] == "frame issue: one"
    keyboard.type("/")
    assert keyboard.front.warnings[-1] == "no issue fits zebra"


def test_g_x_resolves_and_reopens_the_objects_issue() -> None:
    one = f'{ONE}\nissue label car@0 "two"'
    keyboard = case(one, "j g x", f"{one} resolved")
    keyboard.type("g x")
    assert text_of(opened(one).state.document) == text_of(keyboard.store.state.document)


def test_ticking_a_rejection_says_that_the_label_is_mended() -> None:
    keyboard = Keyboard(opened(ONE, "review"))
    keyboard.type("j x 1 enter")
    keyboard.store.set(mode=Mode.BROWSE)
    keyboard.type("j e l escape g x")
    assert "car@0 box 11,10 20,20 resolved" in text_of(keyboard.store.state.document)
