"""Panes of another size: by keys, by the pointer, as far as the canvas leaves room, and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doctext import document
from tests.ui.projects import NARROW, WIDE, build, clip, sitting
from tui_editor.ports import ImportedTask
from tui_editor.ui.screens.arrangement import (
    LEAST_CANVAS,
    MOST_TIMELINE,
    Arrangement,
    ArrangementFile,
    Border,
    PaneSizes,
    arrangement_file,
    load_arrangement,
)
from tui_editor.ui.screens.layout import canvas_cells

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.ui.projects import Desk

CELLS = st.integers(-(2**40), 2**40)
SIZES = st.builds(PaneSizes, left=CELLS, right=CELLS, timeline=CELLS)
BORDERS = st.sampled_from(["left", "right", "timeline"])


# --- the value -----------------------------------------------------------------------------------


@given(kept=st.builds(Arrangement, wide=SIZES, narrow=SIZES), columns=st.integers(60, 400), rows=st.integers(20, 120))
def test_whatever_is_kept_the_canvas_has_room(kept: Arrangement, columns: int, rows: int) -> None:
    canvas = canvas_cells(columns, rows, still=False, arrangement=kept)
    assert canvas.width >= LEAST_CANVAS[0]
    assert canvas.height >= LEAST_CANVAS[1]


@given(border=BORDERS, cells=CELLS, columns=st.integers(60, 400))
def test_a_pane_is_moved_to_where_it_is_then_shown(border: Border, cells: int, columns: int) -> None:
    moved = Arrangement().moved(border, cells, columns=columns, rows=40)
    shown = moved.sizes(columns, 40)
    again = moved.moved(border, getattr(shown, border), columns=columns, rows=40)
    assert again == moved


def test_wide_and_narrow_screens_have_sizes_of_their_own() -> None:
    moved = Arrangement().moved("right", 33, columns=80, rows=24)
    assert moved.wide == PaneSizes()
    assert moved.sizes(80, 24).right == 33


# --- the file ------------------------------------------------------------------------------------


@given(kept=st.builds(Arrangement, wide=SIZES, hidden=st.frozensets(st.text()), toolbar=st.none() | st.booleans()))
def test_what_is_kept_is_read_again(kept: Arrangement, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("kept") / "deep" / "panes.json"
    file = ArrangementFile(path)
    file.keep(kept)
    file.close(10)
    assert load_arrangement(path) == kept


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"wide": {"left": "far"}}', '{"hidden": 3}', "\0"])
def test_a_file_that_makes_no_sense_is_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "panes.json"
    path.write_text(text)
    assert load_arrangement(path) == Arrangement()


def test_a_state_folder_that_can_not_be_made_loses_nothing_but_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    file = ArrangementFile(tmp_path / "file" / "panes.json")
    file.keep(Arrangement(toolbar=True))
    file.close(10)
    assert file.now == Arrangement(toolbar=True)


# --- the editor ----------------------------------------------------------------------------------


def size(desk: Desk, pane: str) -> tuple[int, int]:
    region = desk.editor.query_one(f"#{pane}").region
    return region.width, region.height


async def test_the_right_column_becomes_wider_and_the_canvas_narrower_by_key(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        canvas = size(desk, "canvas")[0]
        await desk.press("_ >")
        assert (size(desk, "right")[0], size(desk, "canvas")[0]) == (42, canvas - 4)
        await desk.press("1 0 _ <")
        assert (size(desk, "right")[0], size(desk, "canvas")[0]) == (32, canvas + 6)


async def test_the_pane_that_has_the_keys_is_the_one_that_is_resized(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        await desk.press("tab", "2 _ >")
        assert (size(desk, "classes")[0], size(desk, "right")[0]) == (26, 38)
        desk.editor.focus_pane("issues")
        await desk.press("_ >")
        assert (size(desk, "classes")[0], size(desk, "right")[0]) == (26, 42)


async def test_a_pane_is_resized_by_its_name(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        await desk.press(":")
        await desk.type("app.pane_wider classes")
        await desk.press("enter")
        assert size(desk, "classes")[0] == 28
        await desk.press(":")
        await desk.type("app.pane_wider cellar")
        await desk.press("enter")
        assert "no pane cellar" in desk.editor.message


async def test_a_higher_timeline_shows_more_objects_and_the_usual_sizes_come_back(tmp_path: Path) -> None:
    text = "\n".join(f"car({n})@0 box {n},10 40,30" for n in range(6))
    folder = build(tmp_path / "p", [ImportedTask(task=clip(), document=document(text))])
    async with sitting(folder, size=WIDE) as desk:
        before = size(desk, "canvas")
        await desk.press("3 _ +")
        assert size(desk, "timeline")[1] == 7
        assert size(desk, "canvas")[1] == before[1] - 3
        assert sum("car" in line for line in desk.lines[-9:-2]) == 6
        await desk.press("9 _ +")
        assert size(desk, "timeline")[1] == MOST_TIMELINE
        await desk.press("_ =")
        assert (size(desk, "timeline")[1], size(desk, "canvas")) == (4, before)


async def test_sizes_and_hidden_panes_are_there_again_in_the_next_window(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        await desk.press("6 _ >", "_ c", "_ q", "_ +")
    async with sitting(annotate, size=WIDE) as desk:
        assert size(desk, "right")[0] == 44
        assert size(desk, "timeline")[1] == 5
        assert size(desk, "classes") == (0, 0)
        assert size(desk, "toolbar") == (0, 0)
        assert arrangement_file().exists()


async def test_the_canvas_alone_is_not_remembered(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        await desk.press("_ space")
    async with sitting(annotate, size=WIDE) as desk:
        assert size(desk, "right")[0] == 38


async def test_a_narrow_screen_has_sizes_of_its_own(annotate: Path) -> None:
    async with sitting(annotate, size=NARROW) as desk:
        await desk.press("2 _ >")
        assert size(desk, "right")[0] == 30
    async with sitting(annotate, size=WIDE) as desk:
        assert size(desk, "right")[0] == 38


async def test_the_picture_fills_the_canvas_of_another_size(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        await desk.press("2 0 _ >", "2 _ +")
        await desk.settle()
        canvas = desk.editor.canvas
        strips = canvas._keeper.surface.strips  # type: ignore[union-attr]
        assert (len(strips), strips[0].cell_length) == (canvas.size.height, canvas.size.width)


async def drag(pilot: Pilot[object], start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down(offset=start)
    await pilot.hover(offset=end)
    await pilot.mouse_up(offset=end)


async def test_borders_are_dragged_with_the_mouse(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        classes, right = (desk.editor.query_one(f"#{p}").region for p in ("classes", "right"))
        await drag(desk.pilot, (classes.right - 1, classes.y + 3), (29, classes.y + 5))
        assert size(desk, "classes")[0] == 30
        await drag(desk.pilot, (right.x, right.y + 3), (right.x - 6, right.y + 3))
        assert size(desk, "right")[0] == 44
        await drag(desk.pilot, (5, right.bottom - 1), (5, right.bottom - 3))
        assert size(desk, "timeline")[1] == 6


async def test_a_border_that_was_let_go_stays_and_the_canvas_keeps_the_keys(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        right = desk.editor.query_one("#right").region
        await drag(desk.pilot, (right.x, right.y + 3), (right.x - 6, right.y + 3))
        await desk.pilot.hover(offset=(right.x - 20, right.y + 3))
        assert size(desk, "right")[0] == 44
        assert desk.editor.focused is desk.editor.canvas


async def test_a_dialog_over_a_border_has_the_pointer(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        right = desk.editor.query_one("#right").region
        await desk.press("?")
        await desk.settle()
        await drag(desk.pilot, (right.x, right.y + 3), (right.x - 6, right.y + 3))
        assert size(desk, "right")[0] == 38
