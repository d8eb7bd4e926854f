"""The Labels and Attributes panes show what their commands do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.projects import NARROW, Desk, sitting
from tui_editor.state.view import Mode
from tui_editor.ui.panes.attributes import AttributesPane
from tui_editor.ui.panes.labels import LabelRows, LabelsPane

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.ui.widgets.virtual_list import VirtualList


def lines(pane: VirtualList) -> list[str]:
    return ["".join(piece for piece, _ in pane.rows.line(n)).rstrip() for n in range(len(pane.rows))]


def labels(desk: Desk) -> list[str]:
    return lines(desk.editor.query_one(LabelsPane))


def attributes(desk: Desk) -> list[str]:
    return lines(desk.editor.query_one(AttributesPane))


def below(desk: Desk, pane: type[VirtualList] = LabelsPane) -> str:
    return str(desk.editor.query_one(pane).border_subtitle)


async def test_objects_stand_below_the_name_of_their_class(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        assert labels(desk)[:4] == ["● car 2", " · ● car (0) 0–1", " · ● car (1) 0", "● van 1"]
        await desk.press("W g")
        assert labels(desk)[:2] == [" · ● car (0) 0–1", " · ● car (1) 0"]


async def test_all_objects_have_digits_and_the_order_is_named_below(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g a", "W g", "W s 2", "W r")
        assert labels(desk)[0] == " 1 · ● van (0) 0, 3"
        assert below(desk) == "5 all · name ↓"


async def test_the_cursor_passes_over_headings_and_details(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "E")
        desk.editor.focus_pane("labels")
        await desk.press("down")
        assert (names(desk), labels(desk)[2].strip()) == (["car (1)"], "frames: 0–1 · α 100%")
        await desk.press("down", "end", "home")
        assert names(desk) == ["car (0)"]


def names(desk: Desk) -> list[str]:
    values = desk.state.document.instances
    return [f"{values[i].class_id} ({values[i].ordinal})" for i in desk.state.selection]


async def test_a_range_is_marked_line_by_line_and_counted(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "V")
        desk.editor.focus_pane("labels")
        await desk.press("j", "j")
        assert [line.startswith("▌") for line in labels(desk)[:5]] == [False, True, True, False, True]
        assert "range of 3" in below(desk)
        await desk.press("escape")
        assert names(desk) == []
        assert desk.editor.focused is desk.editor.query_one(LabelsPane)


async def test_a_click_with_shift_selects_up_to_it_and_with_ctrl_it_too(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.pilot.click(LabelsPane, offset=(6, 2))
        await desk.pilot.click(LabelsPane, offset=(6, 5), shift=True)
        assert names(desk) == ["car (0)", "car (1)", "van (0)"]
        await desk.pilot.click(LabelsPane, offset=(6, 3), control=True)
        assert names(desk) == ["car (0)", "van (0)"]
        await desk.pilot.click(LabelsPane, offset=(6, 1))
        assert names(desk) == ["car (0)", "van (0)"], "a heading is no object"


async def test_the_right_button_opens_the_menu_of_the_object(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.pilot.click(LabelsPane, offset=(6, 3), button=3)
        assert names(desk) == ["car (1)"]
        assert "Change class" in desk.text


async def test_a_search_shows_what_fits_while_it_is_typed_and_goes_on_with_n(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        desk.editor.focus_pane("labels")
        await desk.press("slash")
        await desk.type("ca")
        assert "car (1)" in desk.text
        await desk.press("enter")
        assert (names(desk), "2 × ca" in below(desk)) == (["car (0)"], True)
        await desk.press("n")
        assert names(desk) == ["car (1)"]


async def test_objects_of_some_frames_are_listed(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("W f")
        await desk.type("2-3")
        await desk.press("enter")
        rows = desk.editor.query_one(LabelsPane).rows
        assert isinstance(rows, LabelRows)
        assert (rows.listed.count, below(desk)) == (2, "2 on 2–3")


async def test_the_pane_tells_which_frames_answers_are_for_and_what_is_preserved(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "2 f 4")
        await desk.type("50")
        await desk.press("enter", "g v")
        assert attributes(desk)[3] == "⇥Speed: 50  on 0–1"
        assert below(desk, AttributesPane) == "⇥ preserved"
        await desk.press("Y", "l", "l")
        assert below(desk, AttributesPane) == "answers for 0–2 · ⇥ preserved"


async def test_turbo_mode_lists_the_options_of_the_question_with_their_digits(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g t")
        assert attributes(desk)[:5] == [
            " Colour*: required",
            "    1 ○ Red",
            "    2 ○ Green",
            "    3 ○ Blue",
            " Damage: —",
        ]
        assert "car (0) 1/5  Colour  1 Red  2 Green  3 Blue" in desk.text
        await desk.press("2")
        assert attributes(desk)[:3] == [" Colour*: Green", " Damage: —", "    1 ○ Door"]
        await desk.press("1", "3")
        assert attributes(desk)[1:5] == [" Damage: Door, Roof", "    1 ● Door", "    2 ○ Glass", "    3 ● Roof"]
        await desk.press("enter")
        assert desk.editor.query_one(AttributesPane).cursor == 2
        assert desk.state.mode is Mode.TURBO


async def test_turbo_mode_is_told_on_a_narrow_screen_too(annotate: Path) -> None:
    async with sitting(annotate, size=NARROW) as desk:
        await desk.press("g t")
        assert "car (0) 1/5  Colour  1 Red" in desk.text


async def test_a_task_opens_in_turbo_mode_where_the_configuration_says_so(annotate: Path) -> None:
    async with sitting(annotate, turbo=True) as desk:
        modes = [desk.state.mode]
        await desk.press("escape")
        assert [*modes, desk.state.mode] == [Mode.TURBO, Mode.BROWSE]
