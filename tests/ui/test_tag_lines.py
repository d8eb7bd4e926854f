"""What stands as text on the canvas: tags, and the letters of the hint grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.projects import NARROW, WIDE, sitting
from tui_editor.render.marks import GridMark, PinMark, Style, TagMark
from tui_editor.render.viewport import Viewport
from tui_editor.tools import hint_zoom
from tui_editor.ui.picture.tag_lines import TagLine, tag_lines

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.render.marks import BoxPx, Mark

CYAN = Style(colour=(0, 220, 255))
CELL = (8.0, 16.0)
SHAPE = (30, 60)
CANVAS = (480, 480)
WHOLE = (0.0, 0.0, 480.0, 480.0)


def lines(*marks: Mark, viewport: Viewport | None = None) -> list[TagLine]:
    return list(tag_lines(marks, viewport or Viewport.one_to_one(CANVAS), SHAPE, CELL))


def rows(found: list[TagLine]) -> list[str]:
    """Return the texts as they are read, row by row."""
    numbers = sorted({line.row for line in found})
    return [
        "".join(line.text.strip() for line in sorted(found, key=lambda f: f.column) if line.row == n) for n in numbers
    ]


def test_each_part_of_the_grid_has_its_letter_in_its_middle() -> None:
    found = lines(GridMark(WHOLE, CYAN))
    assert rows(found) == ["qwe", "asd", "zxc"]
    assert [(line.row, line.column, line.text) for line in found[:2]] == [(5, 9, " q "), (5, 29, " w ")]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_in_a_turned_view_the_letters_lie_as_on_the_keyboard(turns: int) -> None:
    viewport = Viewport.fit(CANVAS, CANVAS, rotation_deg=90.0 * turns)
    found = lines(GridMark(WHOLE, CYAN, hint_zoom.letters(turns)), viewport=viewport)
    assert rows(found) == ["qwe", "asd", "zxc"]


def test_small_parts_have_bare_letters() -> None:
    found = lines(GridMark((100, 100, 96, 96), CYAN))
    assert rows(found) == ["qwe", "asd", "zxc"]
    assert {len(line.text) for line in found} == {1}


def test_a_pin_of_few_pixels_has_its_number_as_text_in_its_head() -> None:
    small = PinMark((80.0, 64.0), "2", CYAN, radius_px=3.0)
    assert [(line.row, line.column, line.text) for line in lines(small)] == [(3, 10, "2")]
    assert lines(PinMark((80.0, 64.0), "2", CYAN)) == []


@pytest.mark.parametrize("box", [(100, 100, 12, 200), (100, 100, 200, 30), (100, 100, 2, 2)])
def test_parts_smaller_than_cells_have_none(box: BoxPx) -> None:
    assert lines(GridMark(box, CYAN)) == []


def test_letters_out_of_sight_are_left_out() -> None:
    found = lines(GridMark((-480, 0, 960, 480), CYAN))
    assert rows(found) == ["we", "sd", "xc"]


def test_letters_come_after_tags_and_so_lie_over_them() -> None:
    tag = TagMark((0, 100, 480, 200), "x" * 60, CYAN)
    assert [line.text.strip()[0] for line in lines(GridMark(WHOLE, CYAN), tag)][:2] == ["x", "q"]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=str)
async def test_the_letters_can_be_read_in_half_blocks(annotate: Path, size: tuple[int, int]) -> None:
    async with sitting(annotate, size=size) as desk:
        await desk.press("s b", "enter")
        await desk.settle()
        x, y, width, height = desk.editor.canvas.region
        shown = [line[x : x + width] for line in desk.lines[y : y + height]]
        for letters in ("qwe", "asd", "zxc"):
            wanted = [f" {letter} " for letter in letters]
            assert any(all(word in line for word in wanted) for line in shown), f"{letters} are not there"
