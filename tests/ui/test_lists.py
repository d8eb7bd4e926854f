"""Lists in panes and dialogs: what is seen of them, and what the lines of the Labels pane tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.ui.projects import Desk, sitting
from tui_editor.ui.panes.labels import LabelRows, LabelsPane
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from pathlib import Path

CURSOR_COLOR = "#264f78"


async def test_a_list_that_is_scrolled_shows_its_cursor(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("question_mark", "G", "k", "k", "k")
        pane = desk.app.screen.query_one("HelpDialog VirtualList", VirtualList)
        assert pane.scroll_offset.y > 0
        lit = [y for y in range(pane.size.height) if is_lit(desk, pane.content_region.x, pane.content_region.y + y)]
        assert [(pane.cursor or 0) - pane.scroll_offset.y] == lit


async def test_a_list_turns_over_like_a_page_and_stands_still_in_between(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("question_mark")
        pane = desk.app.screen.query_one("HelpDialog VirtualList", VirtualList)
        offsets = []
        for _ in range(3 * pane.size.height):
            await desk.press("j")
            offsets.append(int(pane.scroll_offset.y))
            assert pane.scroll_offset.y <= (pane.cursor or 0) < pane.scroll_offset.y + pane.size.height
        assert 2 <= len(set(offsets)) <= 4
        for _ in range(3 * pane.size.height):
            await desk.press("k")
            assert pane.scroll_offset.y <= (pane.cursor or 0) < pane.scroll_offset.y + pane.size.height
        assert pane.scroll_offset.y == 0


async def test_the_labels_pane_lists_all_objects_or_this_frames_and_tells_their_answers(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        pane = desk.editor.query_one(LabelsPane)
        assert isinstance(pane.rows, LabelRows)
        here = pane.rows.listed.count
        await desk.press("g", "a")
        assert isinstance(pane.rows, LabelRows)
        assert pane.rows.listed.count == len(desk.state.document.instances) > here
        await desk.press("g", "a")
        assert isinstance(pane.rows, LabelRows)
        assert pane.rows.listed.count == here
        car = next(
            key
            for key in desk.state.document.on_frame(desk.state.view.unit, 0)
            if desk.state.document.instances[key].class_id == "car"
        )
        desk.editor.store.select(car)
        await desk.press("f", "1", "1")
        assert isinstance(pane.rows, LabelRows)
        row = pane.rows.index_of(car) or 0
        assert "Colour: " not in words(pane, row)
        await desk.press("g", "i")
        assert "Colour: Red" in words(pane, row)


def words(pane: LabelsPane, row: int) -> str:
    return "".join(piece for piece, _ in pane.rows.line(row))


def is_lit(desk: Desk, x: int, y: int) -> bool:
    """Return whether a cell of the screen has the cursor's background."""
    style = desk.app.screen.get_style_at(x, y)
    return style.bgcolor is not None and style.bgcolor.name == CURSOR_COLOR


async def test_a_list_that_becomes_longer_than_its_pane_loses_no_line_to_a_bar_below(annotate: Path) -> None:
    async with sitting(annotate, size=(120, 26)) as desk:
        pane = desk.editor.query_one(LabelsPane)
        await desk.press("g a", "W g")
        desk.editor.store.set(listing=replace(desk.state.listing, expanded=frozenset(desk.state.document.instances)))
        await desk.pilot.pause()
        assert pane.show_vertical_scrollbar
        assert not pane.show_horizontal_scrollbar
