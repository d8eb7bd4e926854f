"""What keys and the `:` line do to the picture settings of a view; the document stays as it is."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import SIZE, document, opened, text_of
from tui_editor.commands.context import IssueDraft
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.model.issues import IssueKind
from tui_editor.ports import OpenedTask
from tui_editor.state.picture import PLAIN, Channel, PictureSettings
from tui_editor.state.store import TaskStore
from tui_editor.state.tool import DrawTool, HandleTool, PinTool
from tui_editor.state.view import Camera, Mode

TEXT = "car@0 box 100,100 50,50"
CANVAS = (640.0, 480.0)


def pressed(keys: str, *lines: str, answers: tuple[Answer, ...] = ()) -> Keyboard:
    """Return the keyboard after `:` lines and then keys; the document must be what it was."""
    keyboard = Keyboard(opened(TEXT), HeadlessFront(answers, CANVAS))
    for line in lines:
        assert keyboard.line(line), keyboard.front.warnings
    keyboard.type(keys)
    assert text_of(document(TEXT)) == text_of(keyboard.store.state.document)
    return keyboard


def picture(keys: str, *lines: str) -> PictureSettings:
    return pressed(keys, *lines).store.state.view.picture


def settings(**changes: object) -> PictureSettings:
    return replace(PLAIN, **changes)


# --- at once -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("w r", settings(rotation_deg=90)),
        ("w r w r", settings(rotation_deg=180)),
        ("3 w r", settings(rotation_deg=270)),
        ("4 w r", PLAIN),
        ("w R", settings(rotation_deg=270)),
        ("w r w R", PLAIN),
        ("w p", settings(pixelated=True)),
        ("w p w p", PLAIN),
        ("w y", settings(channel=Channel.RED)),
        ("w y w y", settings(channel=Channel.GREEN)),
        ("w y w y w y w y", settings(channel=Channel.GREY)),
        ("w y w y w y w y w y", PLAIN),
        ("w r w p w y w 0", PLAIN),
        ("j e w r", settings(rotation_deg=90)),
    ],
)
def test_keys_change_the_picture_at_once(keys: str, expected: PictureSettings) -> None:
    assert expected == picture(keys)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("view.contrast 1.3", settings(contrast=1.3)),
        ("contrast 99", settings(contrast=4)),
        ("view.brightness -0.25", settings(brightness=-0.25)),
        ("view.gamma 2", settings(gamma=2)),
        ("view.rotate 90", settings(rotation_deg=90)),
        ("view.rotate -30", settings(rotation_deg=330)),
        ("view.angle 17.5", settings(rotation_deg=17.5)),
        ("view.window 40 400", settings(window=(40, 400))),
        ("view.window -600,1500", settings(window=(-600, 1500))),
        ("view.window off", PLAIN),
        ("view.channel blue", settings(channel=Channel.BLUE)),
        ("view.plain", PLAIN),
    ],
)
def test_the_line_takes_numbers(line: str, expected: PictureSettings) -> None:
    assert expected == picture("", line)


@pytest.mark.parametrize(
    "line",
    [
        "view.contrast high",
        "view.contrast nan",
        "view.contrast 1 2",
        "view.gamma inf",
        "view.window 40",
        "view.window 40 0",
        "view.window 40 -1",
        "view.channel infrared",
        "view.rotate left",
    ],
)
def test_what_is_no_value_is_refused_with_an_example(line: str) -> None:
    keyboard = pressed("")
    assert not keyboard.line(line)
    assert len(keyboard.front.warnings) == 1
    assert keyboard.store.state.view.picture == PLAIN


def test_turning_on_the_line_adds_up_and_an_angle_does_not() -> None:
    assert picture("", "view.rotate 30", "view.rotate 30").rotation_deg == 60
    assert picture("", "view.angle 30", "view.angle 30").rotation_deg == 30


# --- adjusting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("w c l l l enter", settings(contrast=1.3)),
        ("w c 3 l enter", settings(contrast=1.3)),
        ("w c right up + = enter", settings(contrast=1.4)),
        ("w c h left down - j enter", settings(contrast=0.5)),
        ("w c L enter", settings(contrast=2)),
        ("w c 9 9 L enter", settings(contrast=4)),
        ("w b l enter", settings(brightness=0.05)),
        ("w b H enter", settings(brightness=-0.5)),
        ("w g l enter", settings(gamma=1.1)),
        ("w a l enter", settings(rotation_deg=1)),
        ("w a H enter", settings(rotation_deg=350)),
        ("w c l l escape", PLAIN),
        ("w c l l q", PLAIN),
        ("w c l l enter w c l escape", settings(contrast=1.2)),
        ("w c l l backspace enter", PLAIN),
        ("w c l tab l enter", settings(contrast=1.1, brightness=0.05)),
        ("w c l tab l escape", PLAIN),
        ("w c shift+tab shift+tab l enter", settings(rotation_deg=1)),
        ("w w l enter", settings(window=(127.5, 280.5))),
        ("w w h enter", settings(window=(127.5, 231.82))),
        ("w w k enter", settings(window=(140.25, 255))),
        ("w w j enter", settings(window=(114.75, 255))),
        ("w w l backspace enter", PLAIN),
    ],
)
def test_a_setting_is_adjusted_kept_or_taken_back(keys: str, expected: PictureSettings) -> None:
    keyboard = pressed(keys)
    assert expected == keyboard.store.state.view.picture
    assert (keyboard.store.state.mode, keyboard.store.state.tool) == (Mode.BROWSE, None)


def test_adjusting_goes_back_to_the_handle_that_was_being_edited() -> None:
    before = pressed("j e tab").store.state
    after = pressed("j e tab w c l enter").store.state
    assert isinstance(after.tool, HandleTool)
    assert (before.mode, before.tool) == (after.mode, after.tool)


def test_the_value_is_told_at_each_step() -> None:
    assert pressed("w c l l").front.notes == ["contrast 1", "contrast 1.1", "contrast 1.2"]
    assert pressed("w a l").front.notes[-1] == "angle 1°"
    assert pressed("w w").front.notes == ["window as in the file"]


# --- kept with the task ------------------------------------------------------------------------------


def test_settings_are_there_again_when_the_task_is_opened_again() -> None:
    store = pressed("w r w y", "view.contrast 1.3", "view.window 40 400").store
    again = TaskStore(
        OpenedTask(task=store.state.task, document=store.state.document, seq=0, view=store.where()),
        store.state.project,
        person="ann",
    )
    assert store.state.view.picture == again.state.view.picture
    assert again.state.view.picture == settings(rotation_deg=90, channel=Channel.RED, contrast=1.3, window=(40, 400))


def test_settings_are_no_edits_and_undo_leaves_them() -> None:
    keyboard = pressed("w r")
    assert not keyboard.store.can_undo()
    keyboard.type("j e l escape u")
    assert keyboard.store.state.view.picture.rotation_deg == 90


# --- directions in a turned view ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("angle", "key", "moved"),
    [
        (0, "l", (1, 0)),
        (90, "l", (0, -1)),
        (90, "j", (1, 0)),
        (180, "l", (-1, 0)),
        (180, "k", (0, 1)),
        (270, "l", (0, 1)),
        (30, "l", (1, 0)),
        (60, "l", (0, -1)),
        (350, "j", (0, 1)),
    ],
)
def test_a_nudge_goes_where_the_key_points_along_the_nearest_axis(
    angle: float, key: str, moved: tuple[int, int]
) -> None:
    keyboard = pressed("", f"view.angle {angle}")
    keyboard.type(f"j e {key}")
    x, y = 100 + moved[0], 100 + moved[1]
    assert text_of(keyboard.store.state.document) == f"car@0 box {x},{y} 50,50"


@pytest.mark.parametrize(("angle", "expected"), [(0, (321, 240)), (90, (320, 239)), (180, (319, 240))])
def test_the_crosshair_goes_where_the_key_points(angle: float, expected: tuple[int, int]) -> None:
    keyboard = pressed("s b l", f"view.angle {angle}", answers=("car",))
    tool = keyboard.store.state.tool
    assert isinstance(tool, DrawTool)
    assert tool.crosshair == expected


@pytest.mark.parametrize(
    ("angle", "key", "ninth"),
    [(0, "q", (0, 0)), (90, "q", (0, 2)), (180, "q", (2, 2)), (270, "q", (2, 0)), (30, "e", (2, 0))],
)
def test_the_hint_keys_lie_on_the_screen_as_on_the_keyboard(angle: float, key: str, ninth: tuple[int, int]) -> None:
    """Turned clockwise by a quarter, the bottom left ninth of the image is at the top left of the screen."""
    keyboard = pressed(f"s b {key}", f"view.angle {angle}", answers=("car",))
    tool = keyboard.store.state.tool
    assert isinstance(tool, DrawTool)
    assert tool.window[:2] == pytest.approx((ninth[0] * SIZE[0] / 3, ninth[1] * SIZE[1] / 3))


def test_a_box_of_two_corners_in_a_turned_view_is_upright_in_the_image() -> None:
    keyboard = Keyboard(opened(""), HeadlessFront(("car",), CANVAS))
    keyboard.line("view.rotate 90")
    keyboard.type("s b 2 0 l enter 1 0 j 3 0 l enter")
    assert text_of(keyboard.store.state.document) == "car@0 box 320,190 10,30"


# --- zoom and centre ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "camera"),
    [
        ("w z", Camera(center=(320, 240), scale=2)),
        ("w z w z", Camera()),
        ("+ + w z w z", pressed("+ +").store.state.view.camera),
        ("+ + Z w z", pressed("+ +").store.state.view.camera),
        ("j w z", pressed("j z").store.state.view.camera),
        ("w m", Camera()),
        ("w z w l w m", Camera(center=(320, 240), scale=2)),
    ],
)
def test_zoom_goes_off_and_on_again_and_centre_keeps_the_scale(keys: str, camera: Camera) -> None:
    assert camera == pressed(keys).store.state.view.camera


@pytest.mark.parametrize("angle", [0, 30, 90, 200])
def test_panning_goes_where_the_key_points_at_every_angle(angle: float) -> None:
    from tui_editor.commands import moving

    keyboard = pressed("w z", f"view.angle {angle}")
    before = moving.viewport(keyboard._context())
    held = before.to_image((400.0, 240.0))
    keyboard.type("w l")
    assert moving.viewport(keyboard._context()).to_screen(held) == pytest.approx((320.0, 240.0))


def test_the_whole_frame_is_fitted_at_every_angle() -> None:
    from tui_editor.commands import moving

    for angle, scale in ((0, 1.0), (90, 0.75), (180, 1.0)):
        keyboard = pressed("", f"view.angle {angle}")
        assert moving.fit_scale(keyboard._context()) == pytest.approx(scale)


# --- comment here, scissors --------------------------------------------------------------------------


def test_a_comment_at_a_place_asks_for_the_place_first_and_then_for_the_text() -> None:
    answer = IssueDraft(kind=IssueKind.PIN, kinds=(), text="what is this?")
    keyboard = Keyboard(opened(TEXT), HeadlessFront((answer,), CANVAS))
    keyboard.type("w i q enter")
    (issue,) = keyboard.store.state.document.issues.values()
    assert (issue.kind, issue.title, issue.point) == (IssueKind.PIN, "what is this?", (107, 80))
    assert keyboard.store.state.mode is Mode.BROWSE


def test_a_comment_that_was_typed_on_the_line_only_needs_a_place() -> None:
    keyboard = Keyboard(opened(TEXT), HeadlessFront((), CANVAS))
    keyboard.line("issue.here look")
    assert isinstance(keyboard.store.state.tool, PinTool)
    keyboard.type("enter")
    (issue,) = keyboard.store.state.document.issues.values()
    assert (issue.title, issue.point) == ("look", (320, 240))


def test_escape_while_the_place_is_chosen_leaves_nothing() -> None:
    assert pressed("w i escape").store.state.mode is Mode.BROWSE


def test_the_scissors_say_why_they_are_not_there() -> None:
    keyboard = pressed("w x")
    assert keyboard.front.warnings == ["Scissors: nothing is selected"]
