"""Text that the terminal shows already is not written again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tui_editor.ui.terminal.shadow import Shadow

STYLES = [None, Style.parse("red"), Style.parse("bold on blue")]
WIDTH, HEIGHT = 12, 3

segments = st.tuples(st.text("abc ", min_size=1, max_size=4), st.sampled_from(STYLES)).map(lambda s: Segment(*s))
strips = st.lists(segments, min_size=1, max_size=4).map(Strip)
writes = st.tuples(st.just("write"), st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), strips)
paints = st.tuples(st.just("paint"), st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.integers(1, 6))


class Screen:
    """Cells as a terminal holds them."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[str, Style | None] | str] = {}

    def write(self, x: int, y: int, strip: Strip) -> None:
        for segment in strip:
            for character in segment.text:
                self.cells[x, y] = character, segment.style
                x += 1

    def paint(self, x: int, y: int, width: int) -> None:
        for column in range(x, x + width):
            self.cells[column, y] = "pixels"


@given(st.lists(st.one_of(writes, paints), max_size=30))
def test_the_screen_is_the_same_as_if_everything_had_been_written(actions: list[tuple[str, int, int, object]]) -> None:
    shadow, shown, wanted = Shadow(), Screen(), Screen()
    for action, x, y, what in actions:
        if isinstance(what, Strip):
            wanted.write(x, y, what)
            for column, part in shadow.write(x, y, what):
                shown.write(column, y, part)
        elif isinstance(what, int):
            assert action == "paint"
            shadow.forget(Region(x, y, what, 1))
            shown.paint(x, y, what)
            wanted.paint(x, y, what)

    assert shown.cells == wanted.cells


def test_what_is_there_is_not_written_again() -> None:
    shadow = Shadow()
    assert shadow.write(3, 1, Strip([Segment("abc")])) == [(3, Strip([Segment("abc")]))]
    assert shadow.write(3, 1, Strip([Segment("abc")])) == []


def test_only_the_segments_that_differ_are_written() -> None:
    shadow = Shadow()
    shadow.write(0, 0, Strip([Segment("one "), Segment("two "), Segment("six")]))

    assert shadow.write(0, 0, Strip([Segment("one "), Segment("ten "), Segment("six")])) == [
        (4, Strip([Segment("ten ")]))
    ]


def test_after_the_screen_was_lost_everything_is_written() -> None:
    shadow = Shadow()
    shadow.write(0, 0, Strip([Segment("a")]))
    shadow.forget()

    assert shadow.write(0, 0, Strip([Segment("a")])) != []
