"""Dialogs over the canvas: they have the keys, Escape leaves nothing, answers do what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tests.ui.projects import NARROW, Desk, sitting
from tui_editor.state.view import Mode
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.widgets.rows import NoRows
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from pathlib import Path

KINDS_OF_DIALOG = {
    "text": "g o",
    "picker": "s b",
    "attributes": "f",
    "issue": "i",
    "confirm": "d a",
    "help": "question_mark",
    "line": "colon",
    "palette": "ctrl+p",
}


def dialog(desk: Desk) -> Dialog:
    """Return the dialog that is open."""
    return desk.app.screen.query_one(Dialog)


def listed(desk: Desk) -> list[str]:
    """Return the lines of the open dialog's list."""
    rows = dialog(desk).query_one(VirtualList).rows
    return ["".join(words for words, _ in rows.line(n)).strip() for n in range(len(rows))]


@pytest.mark.parametrize("keys", KINDS_OF_DIALOG.values(), ids=KINDS_OF_DIALOG)
async def test_escape_leaves_nothing_behind(annotate: Path, keys: str) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j")
        before = desk.state
        await desk.press(keys)
        assert dialog(desk).layer == "overlay"
        assert desk.editor.canvas.region == desk.app.screen.query_one("#canvas").region
        await desk.press("escape")
        assert not desk.app.screen.query(Dialog)
        assert desk.editor.canvas.has_focus
        assert before.document is desk.state.document
        assert Mode.BROWSE is desk.state.mode


@pytest.mark.parametrize("keys", KINDS_OF_DIALOG.values(), ids=KINDS_OF_DIALOG)
async def test_a_dialog_fits_on_a_small_screen_and_follows_its_size(annotate: Path, keys: str) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", keys)
        await desk.pilot.resize_terminal(*NARROW)
        await desk.pilot.pause()
        assert desk.app.screen.region.contains_region(dialog(desk).region)
        assert dialog(desk).region.bottom <= NARROW[1] - 2, "message line and keys stay in sight"


async def test_an_open_dialog_has_the_keys(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "g o")
        await desk.type("dd")
        assert dialog(desk).query_one(Input).value == "dd"
        assert "car@0" in desk.labels


async def test_a_text_dialog_answers_with_enter(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g o", "4", "enter")
        assert desk.state.view.frame == 4


async def test_what_is_wrong_with_an_answer_is_told(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g o")
        await desk.type("four")
        await desk.press("enter")
        assert "four is neither a frame nor a time" in desk.editor.message


async def test_a_digit_picks_at_once(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "c", "2")
        await desk.settle()
        assert "van(1)@0 box 10,10 40,30" in desk.labels


async def test_a_picker_in_which_nothing_fits_says_so(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("s", "b", "q", "q", "q")
        rows = desk.app.screen.query_one("Picker VirtualList", VirtualList).rows
        assert isinstance(rows, NoRows)
        assert "nothing fits" in rows.why
        await desk.press("enter")
        assert desk.app.screen.query("Picker")


async def test_typing_finds_fuzzily_and_enter_picks_the_best(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("s b")
        await desk.type("vn")
        assert "● van " in listed(desk)[0]
        await desk.press("enter")
        assert desk.state.mode is Mode.DRAW


async def test_arrows_go_through_the_choices(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "c", "down", "enter")
        await desk.settle()
        assert "van(1)@0" in desk.labels


async def test_space_ticks_several(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "f", "2", "space", "down", "down", "space")
        assert [line.split()[1] for line in listed(desk)] == ["☑", "☐", "☑"]
        await desk.press("enter")
        await desk.settle()
        assert "Damage: Door, Roof" in desk.text


async def test_an_issue_has_a_kind_tags_and_a_comment(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "i")
        assert "applies to:  label  whole track  frame  frame range  pin  file" in desk.text
        await desk.press("down", "down")
        await desk.type("too dark #hard #ask")
        await desk.press("enter")
        await desk.settle()
        (issue,) = desk.state.document.issues.values()
        assert (issue.kind, issue.title, issue.tags) == ("frame", "too dark", ("hard", "ask the author"))
        assert "too dark" in desk.line_with("⚑ frame 0")


async def test_an_issue_on_typed_frames_or_a_whole_track_says_so_while_it_is_typed(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "i")
        await desk.type("@1-3 too loose")
        assert "file  @1–3" in desk.text
        await desk.press("enter")
        await desk.press("i", "down")
        await desk.type("another car")
        await desk.press("enter")
        await desk.settle()
        assert [(i.kind, i.frames) for i in desk.state.document.open_issues()] == [("label", (1, 3)), ("label", None)]
        assert "whole track" in desk.line_with("another car")


async def test_a_pinned_issue_asks_for_its_place(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("i", "up", "up")
        await desk.type("here")
        await desk.press("enter", "enter")
        await desk.settle()
        (issue,) = desk.state.document.issues.values()
        assert issue.point == (80.0, 60.0)


async def test_confirm_goes_on_with_y_and_stops_with_n(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "d a", "n")
        assert "car@1" in desk.labels
        await desk.press("d a", "y")
        assert "car@1" not in desk.labels


async def test_help_tells_all_of_the_line_under_the_cursor(review: Path) -> None:
    async with sitting(review, size=NARROW) as desk:
        await desk.press("question_mark", "j")
        inside = [line.split("│")[1] for line in desk.lines if line.count("│") > 1]
        words = " ".join(" ".join(inside).split())
        assert "a digit is a canned one, Enter the last, t types it" in words


async def test_help_groups_keys_and_says_why_one_does_not_work_now(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("escape", "question_mark")
        assert "Frames and objects" in listed(desk)
        assert any("not now: nothing is selected" in line for line in listed(desk))
        await desk.press("G", "g")
        assert dialog(desk).query_one(VirtualList).cursor == 0


async def test_the_line_runs_a_command_by_name_a_frame_or_what_is_listed_first(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("colon", "3", "enter")
        assert desk.state.view.frame == 3
        await desk.press("colon")
        await desk.type("box van")
        await desk.press("enter")
        assert desk.state.mode is Mode.DRAW
        await desk.press("escape", "colon")
        await desk.type("last frame")
        await desk.press("enter")
        assert desk.state.view.frame == 5


async def test_the_palette_lists_what_works_before_what_does_not(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("ctrl+p")
        lines = listed(desk)
        first_disabled = next(n for n, line in enumerate(lines) if "only a review decides" in line)
        assert not any("only a review decides" in line for line in lines[:first_disabled])
        assert any(line.endswith("j ↓  :object.next") for line in lines[:first_disabled])


async def test_a_click_in_a_dialogs_list_opens_no_task(annotate: Path) -> None:
    async with sitting(annotate, task=None) as desk:
        await desk.press("question_mark")
        await desk.pilot.click("HelpDialog VirtualList", offset=(5, 3))
        await desk.press("j", "enter")
        assert not desk.app.screen.query(Dialog)
        assert desk.app.screen.query("#tasks")


async def test_a_click_beside_a_dialog_does_nothing_and_leaves_it_the_keys(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "g o")
        before = desk.where
        for place in ((2, 3), (100, 4), (40, 30), (60, 36)):
            await desk.pilot.click(offset=place)
        assert desk.where == before
        await desk.press("3", "enter")
        assert desk.state.view.frame == 3


async def test_where_several_can_be_picked_digits_tick_and_what_is_typed_is_taken(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "f", "2")
        await desk.press("1", "3")
        assert [line[:3] for line in listed(desk)] == ["1 ☑", "2 ☐", "3 ☑"]
        await desk.press("3", "enter")
        assert desk.state.document.instances[desk.state.selection[0]].answers["Damage"] == ("Damage-Door",)  # type: ignore[index]  # an id
        await desk.press("f", "2")
        assert [line[:3] for line in listed(desk)] == ["1 ☑", "2 ☐", "3 ☐"], "what is the answer is ticked at first"
        await desk.type("gl")
        await desk.press("enter")
        answers = desk.state.document.instances[desk.state.selection[0]].answers
        assert answers["Damage"] == ("Damage-Door", "Damage-Glass")  # type: ignore[index]  # an id


async def test_the_tags_that_an_issue_has_are_ticked_and_another_one_is_added_by_typing(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("i")
        await desk.type("too dark #hard")
        await desk.press("enter", "I", "j", "#")
        await desk.type("ask")
        await desk.press("enter")
        await desk.settle()
        (issue,) = desk.state.document.issues.values()
        assert issue.tags == ("hard", "ask the author")


async def test_enter_leaves_the_tags_of_an_issue_as_they_are(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("i")
        await desk.type("too dark #hard")
        await desk.press("enter", "I", "j", "#", "enter")
        await desk.settle()
        (issue,) = desk.state.document.issues.values()
        assert issue.tags == ("hard",)
