"""Panes: what they show follows the state, what is done in them changes it; layouts for small screens."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tests.ui.projects import NARROW, WIDE, Desk, build, clip, many_boxes, sitting
from tui_editor.model.shapes import ShapeKind
from tui_editor.state import selectors
from tui_editor.state.tool import DrawTool
from tui_editor.state.view import Mode
from tui_editor.ui.panes.attributes import AttributesPane
from tui_editor.ui.panes.classes import ClassesPane
from tui_editor.ui.panes.labels import LabelRows, LabelsPane
from tui_editor.ui.panes.timeline import NAME_CELLS, TimelinePane

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.ids import InstanceId
    from tui_editor.state.store import TaskState

SIDE = ("classes", "labels", "attributes", "issues")


def seen(desk: Desk) -> list[str]:
    """Return the panes that are on the screen."""
    return [p for p in ("canvas", *SIDE, "timeline") if desk.editor.query_one(f"#{p}").region]


async def test_tab_goes_through_the_panes_and_back(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        places = []
        for _ in range(6):
            places.append(desk.pane)
            await desk.press("tab")
        assert ["canvas", *SIDE, "canvas"] == places
        await desk.press("shift+tab", "shift+tab")
        assert desk.pane == "issues"


async def test_the_labels_pane_follows_the_selection_and_moves_it(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        pane = desk.editor.query_one(LabelsPane)
        await desk.press("j j")
        assert pane.rows.key(pane.cursor or 0) == desk.state.selected
        desk.editor.focus_pane("labels")
        await desk.press("j")
        assert isinstance(pane.rows, LabelRows)
        assert pane.rows.listed.object(2) == desk.state.selected
        await desk.press("home")
        assert pane.rows.listed.object(0) == desk.state.selected
        await desk.press("enter")
        assert desk.pane == "canvas"


async def test_a_click_on_a_label_selects_it(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.pilot.click(LabelsPane, offset=(6, 3))
        assert selectors.on_frame(desk.state)[1] == desk.state.selected, "the first line is the class"


async def test_the_class_pane_begins_a_box(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("tab", "down", "enter")
        assert desk.state.mode is Mode.DRAW
        assert desk.pane == "canvas"
        await desk.press("q", "enter", "c", "enter")
        await desk.settle()
        assert "van(1)@0" in desk.labels


async def test_the_class_pane_begins_to_draw_the_class_that_is_chosen(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("tab", "down", "down", "down", "enter")
        tool = desk.state.tool
        assert isinstance(tool, DrawTool)
        assert (tool.class_id, tool.kind) == ("lake", ShapeKind.POLYGON)


async def test_escape_in_a_pane_gives_the_keys_back_and_keeps_the_selection(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "tab")
        chosen = desk.state.selected
        await desk.press("escape")
        assert (desk.pane, desk.state.selected) == ("canvas", chosen)


@pytest.mark.parametrize(
    ("row", "keys", "typed", "shown"),
    [
        (0, "2", "", "Colour*: Green"),
        (1, "space down space enter", "", "Damage: Door, Glass"),
        (2, "", "AB 12", "Plate: AB 12"),
        (3, "", "50.5", "~Speed: 50.5"),
    ],
    ids=["radio", "checklist", "text", "dynamic number"],
)
async def test_the_attributes_pane_asks_for_each_kind_of_answer(
    annotate: Path, row: int, keys: str, typed: str, shown: str
) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "tab tab tab", *["down"] * row, "enter")
        await desk.press(keys)
        if typed:
            await desk.type(typed)
            await desk.press("enter")
        await desk.settle()
        assert shown in desk.text
        await desk.press("u")
        assert shown not in desk.text


async def test_a_number_that_is_none_is_refused(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "f", "4")
        await desk.type("fast")
        await desk.press("enter")
        assert "fast is not a number" in desk.editor.message


async def test_a_required_answer_that_is_missing_is_told(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j")
        assert "Colour*: required" in desk.text


async def test_a_click_on_the_timeline_goes_to_the_frame(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        width = desk.editor.query_one(TimelinePane).size.width - NAME_CELLS - 1
        await desk.pilot.click(TimelinePane, offset=(NAME_CELLS + 1 + width * 4 // 6 + 1, 0))
        assert desk.state.view.frame == 4
        await desk.pilot.click(TimelinePane, offset=(2, 0))
        assert desk.state.view.frame == 4, "a name is no place on the timeline"


async def test_the_slider_is_dragged(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        timeline = desk.editor.query_one(TimelinePane)
        width = timeline.size.width - NAME_CELLS - 1
        await desk.pilot.mouse_down(timeline, offset=(NAME_CELLS + 1, 0))
        await desk.pilot.hover(timeline, offset=(NAME_CELLS + 1 + width // 2, 0))
        await desk.pilot.mouse_up(timeline, offset=(NAME_CELLS + width, 0))
        await desk.pilot.pause()
        dragged = desk.state.view.frame
        await desk.pilot.hover(timeline, offset=(NAME_CELLS + 1, 0))
        await desk.pilot.pause()
        assert dragged > 0
        assert desk.state.view.frame == dragged, "it was let go"


async def test_the_timeline_shows_frames_with_labels_and_key_frames(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j")
        line = desk.line_with("car (0)  ")
        cells = len(desk.lines[-6]) - NAME_CELLS - 1
        bar = desk.lines[-5][NAME_CELLS + 1 :]
        assert line
        assert {"◆", "━"} == set(bar[: cells // 3])
        assert bar[cells // 3 + 1 :].strip() == ""


async def test_the_timeline_shows_thinner_what_follows_from_other_labels(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j j j j T f")
        bar = desk.lines[-5][NAME_CELLS + 1 :]
        assert desk.line_with("van (0)  ")
        assert "◆" in bar
        assert len(bar.strip(" ")) > bar.count("─") > bar.count("━") > 0


async def test_panes_can_be_put_away_and_stay_away(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("_ t", "_ c", "l", "j")
        assert seen(desk) == ["canvas", "labels", "attributes", "issues"]
        await desk.press("_ space")
        assert seen(desk) == ["canvas"]
        assert desk.editor.canvas.size.width == WIDE[0]
        await desk.press("_ space")
        assert seen(desk) == ["canvas", "labels", "attributes", "issues"]
        await desk.press("_ l", "_ a", "_ i")
        assert seen(desk) == ["canvas"]
        await desk.press("I")
        assert seen(desk) == ["canvas", "issues"], "a pane that gets the keys comes into sight"


async def test_a_pane_that_is_put_away_gives_the_keys_back(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("tab", "_ c")
        assert desk.pane == "canvas"


async def test_a_small_screen_shows_the_canvas_and_one_pane(annotate: Path) -> None:
    async with sitting(annotate, size=NARROW) as desk:
        assert seen(desk) == ["canvas", "labels", "timeline"]
        shown = []
        for _ in SIDE:
            await desk.press("tab")
            shown.append((desk.pane, seen(desk)[1:-1]))
        assert [(p, [p]) for p in SIDE] == shown
        await desk.press("tab")
        assert (desk.pane, seen(desk)) == ("canvas", ["canvas", "issues", "timeline"])
        assert all(cell_len(line) == NARROW[0] for line in desk.lines)


async def test_panes_come_and_go_with_the_size_of_the_screen(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j")
        await desk.pilot.resize_terminal(*NARROW)
        await desk.settle()
        assert seen(desk) == ["canvas", "labels", "timeline"]
        assert "frame 0/5" in desk.lines[0]
        await desk.pilot.resize_terminal(*WIDE)
        await desk.settle()
        assert ["canvas", *SIDE, "timeline"] == seen(desk)


async def test_a_still_image_has_no_timeline(tmp_path: Path) -> None:
    folder = build(tmp_path / "p", [dataclasses.replace(many_boxes(1), task=clip(frames=1))])
    async with sitting(folder) as desk:
        assert "timeline" not in seen(desk)
        assert "frame" not in desk.lines[0]


async def test_empty_panes_say_what_to_do(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("escape", "5 l")
        assert "none here: j goes to one" in desk.text
        assert "none selected: j selects" in desk.text
        await desk.press("h h h h h", "slash")
        await desk.type("score<0.1")
        await desk.press("enter")
        assert "nothing fits: g/ clears it" in desk.text


async def test_ten_thousand_objects_only_make_the_lines_that_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build(tmp_path / "many", [many_boxes(10_000)])
    made: list[InstanceId] = []
    row = selectors.label_row

    def counted(state: TaskState, instance: InstanceId) -> selectors.LabelRow:
        made.append(instance)
        return row(state, instance)

    async with sitting(folder) as desk:
        pane = desk.editor.query_one(LabelsPane)
        assert isinstance(pane.rows, LabelRows)
        assert pane.rows.listed.count == 10_000
        monkeypatch.setattr(selectors, "label_row", counted)
        await desk.press("j j k a x 1")
        await desk.settle()
        repaints = len(made) / pane.size.height
        assert len(set(made)) <= 2 * pane.size.height
        assert repaints <= 24, "a key repaints the visible lines a few times, not the list"
        await desk.rush("5 0 0 0 j")
        assert desk.state.selected in set(made)
        assert len(set(made)) <= 3 * pane.size.height


async def test_moving_a_lists_cursor_repaints_two_lines(annotate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sitting(annotate) as desk:
        desk.editor.focus_pane("classes")
        await desk.pilot.pause()
        pane = desk.editor.query_one(ClassesPane)
        lines: list[int] = []
        render = pane.rows.line

        def counted(index: int) -> object:
            lines.append(index)
            return render(index)

        monkeypatch.setattr(pane.rows, "line", counted)
        await desk.press("down")
        assert {0, 1} == set(lines)


async def test_panes_change_once_for_a_key_that_changes_the_state_several_times(
    review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sitting(review) as desk:
        shown = []
        monkeypatch.setattr(desk.editor.canvas, "show", lambda state: shown.append(state.durability.kept))
        await desk.press("a")
        await desk.settle()
        assert shown.count(False) <= 1, "once for the key"
        assert 1 <= shown.count(True) <= 2, "once for the answer of the disk, once for what the checks found"


async def test_attributes_belong_to_the_selected_object(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        eye = next(i for i, v in desk.state.document.instances.items() if v.class_id == "eye")
        desk.store.select(eye)
        await desk.pilot.pause()
        assert "eye has no attributes" in desk.text
        assert len(desk.editor.query_one(AttributesPane).rows) == 0


async def test_a_long_message_ends_before_what_stands_at_the_right(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        desk.screen.tell("x" * 300)
        await desk.settle()
        line = desk.line_with("xxx")
        said, _, progress = line.partition("… ")
        assert set(said.strip()) == {"x"}
        assert "BROWSE" in progress
