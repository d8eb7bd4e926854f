"""The quick toolbar: keys and mouse reach it, it shows what is set, and says why what is not there is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.ui.projects import NARROW, WIDE, Desk, sitting
from tui_editor.commands.keymap import default_keymap
from tui_editor.commands.table import by_id
from tui_editor.state.picture import PLAIN, Channel
from tui_editor.state.tool import PinTool
from tui_editor.state.view import Mode
from tui_editor.ui.panes.toolbar import WORDS, ToolbarPane, letter_of

if TYPE_CHECKING:
    from pathlib import Path

ROOMY = (140, 40)
"""A screen on which all buttons have room."""


def pane(desk: Desk) -> ToolbarPane:
    return desk.editor.query_one(ToolbarPane)


def row(desk: Desk) -> str:
    """Return what the toolbar shows; empty while it is hidden."""
    region = pane(desk).region
    return desk.lines[region.y] if region else ""


def value(desk: Desk, command: str) -> str:
    return next(button.value for button in pane(desk).buttons if button.command == command)


async def click(desk: Desk, word: str) -> None:
    """Click on a button by what it says."""
    await desk.pilot.click(ToolbarPane, offset=(row(desk).index(word), 0))
    await desk.settle()


def has_keys(desk: Desk) -> bool:
    return desk.editor.focused is pane(desk)


async def test_all_buttons_are_in_one_row_above_the_canvas_with_the_letters_of_their_keys(annotate: Path) -> None:
    async with sitting(annotate, size=ROOMY) as desk:
        assert all(f"{letter_of(default_keymap(), command)} {word}" in row(desk) for command, word in WORDS.items())
        assert pane(desk).region.bottom == desk.editor.canvas.region.y


async def test_a_letter_after_w_and_the_same_letter_in_the_toolbar_do_the_same(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("w y")
        first = desk.state.view.picture
        await desk.press("w 0", "backslash", "y")
        assert first == desk.state.view.picture
        assert first.channel is Channel.RED


async def test_keys_go_along_the_toolbar_run_a_button_and_leave(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("backslash")
        assert has_keys(desk)
        assert desk.screen.message.startswith("Rotate by 90°: ")
        await desk.press("enter", "enter")
        assert desk.state.view.picture.rotation_deg == 180
        await desk.press("l l right h")
        assert desk.screen.message.startswith("Contrast: ")
        await desk.press("end")
        assert desk.screen.message.startswith("Reset the picture: ")
        await desk.press("space")
        assert desk.state.view.picture == PLAIN
        await desk.press("escape")
        assert desk.editor.focused is desk.editor.canvas


async def test_a_setting_that_is_chosen_is_adjusted_and_then_the_toolbar_has_the_keys_again(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("backslash", "c", "l", "l")
        assert desk.state.mode is Mode.ADJUST
        assert [button.command for button in pane(desk).buttons if button.active] == ["view.contrast"]
        await desk.press("enter", "l")
        assert (desk.state.mode, desk.state.view.picture.contrast) == (Mode.BROWSE, 1.2)
        assert desk.screen.message.startswith("Brightness: ")


async def test_keys_that_are_no_letters_of_buttons_do_what_they_always_do(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("backslash", "n")
        assert desk.state.selected is not None
        await desk.press("question_mark")
        assert "Keys in browse mode" in desk.text


async def test_only_values_that_differ_are_shown(annotate: Path) -> None:
    async with sitting(annotate, size=ROOMY) as desk:
        assert not any(button.value for button in pane(desk).buttons)
        for line in ("contrast 1.3", "rotate 90", "window 40 400", "view.channel green", "gamma 2"):
            desk.editor._run_line(line)
        await desk.press("w p", "w z")
        await desk.settle()
        shown = {command: value(desk, command) for command in WORDS if value(desk, command)}
        scale = desk.state.view.camera.scale
        assert shown == {
            "view.angle": "90°",
            "view.contrast": "1.3",
            "view.gamma": "2",
            "view.channel": "green",
            "view.pixelated": "on",
            "view.window": "40 ± 200",
            "view.zoom": f"{scale:.0%}",
        }
        assert "contrast 1.3" in row(desk)


async def test_a_click_runs_a_button_and_leaves_the_keys_where_they_are(annotate: Path) -> None:
    async with sitting(annotate, size=ROOMY) as desk:
        await click(desk, "turn")
        assert desk.state.view.picture.rotation_deg == 90
        assert desk.editor.focused is desk.editor.canvas
        await click(desk, "contrast")
        await desk.press("l", "enter")
        assert desk.state.view.picture.contrast == 1.1
        await click(desk, "reset")
        assert desk.state.view.picture == PLAIN


async def test_a_click_beside_the_buttons_does_nothing(annotate: Path) -> None:
    async with sitting(annotate, size=(200, 40)) as desk:
        await desk.pilot.click(ToolbarPane, offset=(190, 0))
        await desk.settle()
        assert desk.state.view.picture == PLAIN
        assert not desk.screen.message


async def test_a_button_that_cannot_be_used_says_why(annotate: Path) -> None:
    async with sitting(annotate, size=ROOMY) as desk:
        await click(desk, "scissors")
        assert desk.screen.message == "Scissors: nothing is selected"
        desk.store.set(read_only="ann edits it")
        await desk.settle()
        await click(desk, "comment")
        assert desk.screen.message == "Comment at a place: ann edits it"
        assert desk.state.tool is None


async def test_comment_asks_for_a_place_on_the_canvas_and_then_for_the_text(annotate: Path) -> None:
    async with sitting(annotate, size=ROOMY) as desk:
        await click(desk, "comment")
        assert isinstance(desk.state.tool, PinTool)
        canvas = desk.editor.canvas
        await desk.pilot.click("#canvas", offset=(canvas.size.width // 2, canvas.size.height // 2))
        await desk.pilot.pause()
        await desk.type("what is this")
        await desk.press("enter")
        await desk.settle()
        (issue,) = desk.state.document.issues.values()
        assert (issue.title, issue.kind.value) == ("what is this", "pin")
        assert issue.point == pytest.approx((80, 60), abs=3)


async def test_buttons_without_room_come_into_sight_by_keys_and_by_the_sign_at_the_end(annotate: Path) -> None:
    async with sitting(annotate, size=(100, 30)) as desk:
        assert row(desk).rstrip().endswith("›")
        assert "reset" not in row(desk)
        await desk.press("backslash", "end")
        assert "0 reset" in row(desk)
        assert row(desk).startswith("‹")
        await desk.press("home")
        assert row(desk).startswith(" r turn")
        await desk.pilot.click(ToolbarPane, offset=(99, 0))
        await desk.pilot.pause()
        assert row(desk).startswith("‹")


async def test_each_button_can_be_clicked_where_it_is_shown_also_after_scrolling(annotate: Path) -> None:
    async with sitting(annotate, size=(100, 30)) as desk:
        await desk.press("backslash", "end")
        await click(desk, "pixels")
        assert desk.state.view.picture.pixelated
        await click(desk, "reset")
        assert desk.state.view.picture == PLAIN


async def test_on_a_narrow_screen_the_toolbar_is_there_while_it_has_the_keys_or_when_it_is_asked_for(
    annotate: Path,
) -> None:
    async with sitting(annotate, size=NARROW) as desk:
        assert not row(desk)
        await desk.press("backslash")
        await desk.settle()
        assert "r turn" in row(desk)
        await desk.press("escape")
        await desk.settle()
        assert not row(desk)
        await desk.press("_ q")
        await desk.settle()
        assert "r turn" in row(desk)


async def test_the_toolbar_can_be_put_away(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        top = desk.editor.canvas.region.y
        await desk.press("_ q")
        await desk.settle()
        assert not row(desk)
        assert desk.editor.canvas.region.y == top - 1
        await desk.press("_ q")
        await desk.settle()
        assert row(desk)


async def test_the_canvas_alone_is_without_the_toolbar(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("_ space")
        await desk.settle()
        assert not row(desk)


async def test_the_picture_shows_the_settings_and_they_are_there_again_in_the_next_sitting(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        before = desk.editor.canvas.viewport
        await desk.press("w r", "w b", "5 L", "enter")
        await desk.settle()
        assert desk.editor.canvas.viewport.rotation_deg == 90
        assert before != desk.editor.canvas.viewport
        settings = desk.state.view.picture
        assert settings.brightness == 1
        shown = desk.editor.canvas.render_lines(desk.editor.canvas.region.reset_offset)
        colours = {
            segment.style.color.name for line in shown for segment in line if segment.style and segment.style.color
        }
        assert "#ffffff" in colours
    async with sitting(annotate) as desk:
        assert settings == desk.state.view.picture


async def test_the_window_begins_at_that_of_the_frame_that_is_shown(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        assert desk.editor.shown_window() == (127.5, 255.0)
        desk.editor._run_line("view.window 40 400")
        assert desk.editor.shown_window() == (40, 400)
        frame = desk.editor.canvas.frame
        assert frame is not None
        assert frame.pixels.dtype == np.uint8


def test_every_button_has_a_command_and_a_letter_of_its_own() -> None:
    assert set(WORDS) <= set(by_id())
    letters = [letter_of(default_keymap(), command) for command in WORDS]
    assert len(letters) == len(set(letters))
    assert not set(letters) & {"h", "l"}
