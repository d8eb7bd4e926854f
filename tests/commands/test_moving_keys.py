"""Where keys lead: objects, frames, key frames, marks, zoom, filters; nothing of it changes the document."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, UNIT, document, opened, text_of
from tui_editor.commands.context import Context
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.commands.moving import viewport
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore
from tui_editor.state.view import FIT, TagText

TEXT = """
car@0 box 100,100 50,50
car@4 box 100,100 50,50
car@9 box 100,100 50,50
car(1)@0 box 300,200 20,20
van@7 box 500,400 20,20
"""
CAR, CAR_1, VAN = 1, 2, 3


def pressed(keys: str, frame: int = 0, stage: str = "annotate", *answers: str) -> Keyboard:
    keyboard = Keyboard(opened(TEXT, stage, frame), HeadlessFront(answers))
    keyboard.type(keys)
    assert text_of(document(TEXT, stage)) == text_of(keyboard.store.state.document)
    return keyboard


@pytest.mark.parametrize(
    ("keys", "selected", "frame"),
    [
        ("j", CAR, 0),
        ("j j", CAR_1, 0),
        ("2 j", CAR_1, 0),
        ("j j j", VAN, 7),
        ("9 j", VAN, 7),
        ("j j j j", VAN, 7),
        ("j j j k", CAR_1, 0),
        ("k", CAR, 0),
        ("7 l k", CAR_1, 0),
        ("7 l N", CAR_1, 0),
        ("down down up", CAR, 0),
        ("j escape", None, 0),
        ("4 l j", CAR, 4),
        ("7 l j", VAN, 7),
        ("n n n", VAN, 7),
        ("3 n", VAN, 7),
        ("n N", VAN, 7),
        ("5 n", CAR_1, 0),
        ("j v", CAR_1, 0),
    ],
)
def test_objects_in_review_order(keys: str, selected: int | None, frame: int) -> None:
    state = pressed(keys).store.state
    assert (selected, frame) == (state.selected, state.view.frame)


def test_v_adds_to_the_selection() -> None:
    assert pressed("j v v").store.state.selection == (CAR, CAR_1, VAN)
    assert pressed("j v escape j v").store.state.selection == (CAR, CAR_1)


@pytest.mark.parametrize(
    ("keys", "frame"),
    [
        ("l", 1),
        ("right right", 2),
        ("1 2 l", 12),
        ("5 l 2 h", 3),
        ("h", 0),
        ("L", 10),
        ("7 g h L", 7),
        ("7 g h 3 L H", 14),
        ("3 L H", 20),
        ("G", 99),
        ("G l", 99),
        ("4 0 G", 40),
        ("G g g", 0),
        ("3 g g", 3),
        ("9 9 9 9 l", 99),
        ("j ]", 4),
        ("j 2 ]", 9),
        ("j 9 ]", 9),
        ("j G [", 9),
        ("j G 2 [", 4),
        ("j G home", 0),
        ("j end", 9),
        ("5 l m x G ' x", 5),
    ],
)
def test_frames(keys: str, frame: int) -> None:
    assert frame == pressed(keys).store.state.view.frame


@pytest.mark.parametrize(
    ("keys", "why"),
    [("j 9 l ]", "no key frame further on"), ("j [", "no earlier key frame"), ("' q", "no mark q"), ("]", "selected")],
)
def test_where_there_is_nothing_to_go_to(keys: str, why: str) -> None:
    assert why in pressed(keys).front.warnings[-1]


@pytest.mark.parametrize(("typed", "frame"), [("33", 33), ("1.5s", 15), ("0:03", 30), ("0:00:09.9", 99)])
def test_g_o_goes_to_a_frame_or_a_time(typed: str, frame: int) -> None:
    assert frame == pressed("g o", 0, "annotate", typed).store.state.view.frame


@pytest.mark.parametrize("typed", ["next", "100", "-1", "1:30", "nan", "inf"])
def test_what_is_no_frame_leads_nowhere(typed: str) -> None:
    keyboard = pressed("g o", 5, "annotate", typed)
    assert (keyboard.store.state.view.frame, len(keyboard.front.warnings)) == (5, 1)


def test_frames_go_on_into_the_next_unit_and_back() -> None:
    rear = replace(TASK.units[0], id=UnitId(2), frame_count=10)
    task = replace(TASK, units=(TASK.units[0], rear))
    store = TaskStore(OpenedTask(task=task, document=document(TEXT), seq=0, view={}), PROJECT, person="me")
    keyboard = Keyboard(store)
    places = []
    for keys in ("G l", "h", "l h", "G l 9 l"):
        keyboard.type(keys)
        places.append(store.state.frame)
    assert [
        FrameRef(UnitId(2), 0),
        FrameRef(UNIT, 99),
        FrameRef(UNIT, 99),
        FrameRef(UnitId(2), 9),
    ] == places


def test_a_picture_of_one_frame_has_no_next_one() -> None:
    task = replace(TASK, units=(replace(TASK.units[0], frame_count=1),))
    store = TaskStore(OpenedTask(task=task, document=document(""), seq=0, view={}), PROJECT, person="me")
    keyboard = Keyboard(store)
    keyboard.press("l")
    assert "only one frame" in keyboard.front.warnings[0]


# --- view --------------------------------------------------------------------------------------------


def test_zoom_keeps_the_object_where_it_is_and_ends_at_the_whole_frame() -> None:
    keyboard = pressed("j +")
    camera = keyboard.store.state.view.camera
    assert camera.center is not None
    assert camera.scale == 1.25
    # The object's middle (125, 125) was 195 screen pixels left of the canvas's middle and still is.
    assert pytest.approx((125 - camera.center[0]) * 1.25) == 125 - 320
    keyboard.type("- -")
    assert keyboard.store.state.view.camera == FIT


def test_a_huge_count_zooms_to_the_limits() -> None:
    keyboard = pressed("9 9 9 9 9 9 9 +")
    assert keyboard.store.state.view.camera.scale == 32.0
    keyboard.type("9 9 9 9 9 9 9 -")
    assert keyboard.store.state.view.camera == FIT


def test_z_fits_the_object_and_each_one_after_it_until_Z() -> None:
    keyboard = pressed("j z")
    camera = keyboard.store.state.view.camera
    assert (camera.center, camera.scale) == ((125.0, 125.0), 6.0)
    keyboard.press("j")
    assert keyboard.store.state.view.camera.center == (310.0, 210.0)
    keyboard.press("Z")
    assert (keyboard.store.state.view.camera, keyboard.store.state.view.auto_zoom) == (FIT, False)
    keyboard.press("j")
    assert keyboard.store.state.view.camera == FIT


def test_pan_moves_by_an_eighth_of_the_canvas_and_stays_on_the_frame() -> None:
    keyboard = pressed("j z 2 w l")
    assert pytest.approx((125 + 2 * 640 / 8 / 6.0, 125)) == keyboard.store.state.view.camera.center
    keyboard.type("9 9 9 w h 9 9 9 w k")
    assert keyboard.store.state.view.camera.center == (0.0, 0.0)
    keyboard.type("Z w l")
    assert keyboard.store.state.view.camera == FIT


def test_an_object_out_of_sight_is_scrolled_to() -> None:
    keyboard = pressed("j + + + + + + + + j j")
    assert keyboard.store.state.view.camera.center == (510.0, 410.0)


def test_labels_are_hidden_dimmed_and_lettered() -> None:
    keyboard = pressed("b B j o t")
    display = keyboard.store.state.display
    assert (display.labels, display.dim_others, display.tags) == (False, True, TagText.ALL)
    assert frozenset({InstanceId(CAR)}) == display.hidden
    keyboard.type("b B o t t t")
    display = keyboard.store.state.display
    assert (True, False, frozenset(), TagText.NAME_AND_CONFIDENCE) == (
        display.labels,
        display.dim_others,
        display.hidden,
        display.tags,
    )


def test_a_filter_thins_what_j_goes_through_until_it_is_cleared() -> None:
    keyboard = pressed("/ j", 0, "annotate", "class:van")
    assert keyboard.store.state.selected == VAN
    keyboard.type("g / k k")
    assert keyboard.store.state.selected == CAR


def test_a_wrong_filter_is_told_and_the_old_one_stays() -> None:
    keyboard = pressed("/ /", 0, "annotate", "class:van", "class:plane")
    assert "no class is called plane" in keyboard.front.warnings[0]
    assert keyboard.store.state.filters.text == "class:van"


# --- the program -------------------------------------------------------------------------------------


def test_speed_doubles_and_halves_within_limits() -> None:
    keyboard = pressed("> > > >")
    assert keyboard.loop.speed == 4.0
    keyboard.type("< < < < < < p")
    assert (keyboard.loop.speed, keyboard.front.playing) == (0.25, True)


def test_identifier_and_address_go_to_the_clipboard() -> None:
    keyboard = pressed("j 4 l y i y u")
    assert keyboard.front.copied == ["1", "tui-editor:///?task=1&frame=4&instance=1"]


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("?", "help"), (":", "line"), ("g p", "palette"), ("q", "queue"), ("_ l", "pane labels"), ("_ space", "pane all")],
)
def test_what_opens(keys: str, shown: str) -> None:
    assert [shown] == pressed(keys).front.shown


def test_save_says_that_nothing_needs_saving() -> None:
    keyboard = pressed("j")
    assert keyboard.line("w")
    assert "everything is kept" in keyboard.front.notes[-1]


# --- while drawing -----------------------------------------------------------------------------------


def test_zooming_while_drawing_keeps_the_crosshair_where_it_is_and_the_view_follows_it() -> None:
    keyboard = Keyboard(opened(""), HeadlessFront(("car",)))
    keyboard.type("s b q 4 +")
    context = Context(front=keyboard.front, task=keyboard.store, loop=keyboard.loop)
    assert viewport(context).to_screen((107, 80)).tolist() == pytest.approx([107, 80], abs=1)
    keyboard.type("4 0 L")
    followed = keyboard.store.state.view.camera
    assert followed.center == pytest.approx((507, 80))
    keyboard.type("Z")
    assert keyboard.store.state.view.camera == FIT


def test_the_view_follows_the_crosshair_of_a_brush() -> None:
    keyboard = Keyboard(opened("lake@0 polygon 10,10 50,10 50,50"))
    keyboard.type("j z e b 4 0 L")
    x, y = keyboard.store.state.view.camera.center or (0, 0)
    assert x > 400
    assert y < 100
