"""What changed is rendered as Textual renders it, from fewer rows of fewer widgets."""

from __future__ import annotations

import random
from time import monotonic
from typing import TYPE_CHECKING
from unittest.mock import Mock

from textual._compositor import Compositor
from textual._styles_cache import StylesCache
from textual.app import App
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static

from tui_editor.ui.terminal_text import BETWEEN_S, ThriftyCompositor, ThriftyScreen, _pieces
from tui_editor.ui.widgets.rows import DIM, PLAIN, Line
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from rich.style import Style
    from textual._compositor import ChopsUpdate
    from textual.app import ComposeResult
    from textual.strip import Strip

SIZE = (60, 20)


class Below(ThriftyScreen[None]):
    """Bars, panes with borders and a dialog over them."""

    CSS = """
    Screen { layers: base over; }
    .bar { height: 1; } .pane { border: round white; width: 1fr; height: 1fr; }
    #dialog { layer: over; offset: 20 5; width: 20; height: 8; border: solid red; }
    """

    def compose(self) -> ComposeResult:
        """Lay the widgets out."""
        yield Static("title", classes="bar")
        with Horizontal():
            yield Static("left " * 40, classes="pane")
            with Vertical():
                yield Static("upper " * 30, classes="pane")
                yield Static("lower " * 30, classes="pane")
        yield Static("keys", classes="bar")
        yield Static("dialog " * 20, id="dialog")


def cells(update: ChopsUpdate | None) -> dict[tuple[int, int], tuple[str, object]]:
    """Return what an update writes into each cell."""
    found: dict[tuple[int, int], tuple[str, object]] = {}
    for y, x, strip in _pieces(update) if update is not None else ():
        letters = [(character, segment.style) for segment in strip for character in segment.text]
        found |= {(x + n, y): letter for n, letter in enumerate(letters)}
    return found


async def test_any_changed_regions_look_as_textual_renders_them() -> None:
    app = App[None]()
    rng = random.Random(7)
    async with app.run_test(size=SIZE) as pilot:
        screen = Below()
        await app.push_screen(screen)
        await pilot.pause()
        compositor = screen._compositor
        assert isinstance(compositor, ThriftyCompositor)
        for _ in range(60):
            regions = {a_region(rng) for _ in range(rng.randint(1, 4))}
            compositor._dirty_regions = set(regions)
            found = cells(compositor.render_partial_update())
            compositor._dirty_regions = set(regions)
            wanted = cells(Compositor.render_partial_update(compositor))
            assert found == wanted


def a_region(rng: random.Random) -> Region:
    x, y = rng.randrange(SIZE[0]), rng.randrange(SIZE[1])
    return Region(x, y, rng.randint(1, SIZE[0] - x), rng.randint(1, SIZE[1] - y))


async def test_widgets_without_a_changed_row_are_not_asked() -> None:
    app = App[None]()
    async with app.run_test(size=SIZE) as pilot:
        screen = Below()
        await app.push_screen(screen)
        await pilot.pause()
        title, *_, keys = screen.query(".bar")
        watched = {widget: Mock(wraps=widget.render_lines) for widget in screen.walk_children(Widget)}
        for widget, watch in watched.items():
            widget.render_lines = watch  # type: ignore[method-assign]  # watched
        screen._compositor._dirty_regions = {title.region, keys.region}
        screen._compositor.render_partial_update()

        assert {widget for widget, watch in watched.items() if watch.called} == {keys, title}


async def test_rows_of_a_list_have_the_borders_that_textual_gives_them() -> None:
    app = App[None]()
    async with app.run_test(size=SIZE) as pilot:
        listed = VirtualList()
        listed.styles.border = ("round", "yellow")
        listed.styles.height = 8
        await app.mount(listed)
        listed.rows = Numbers()
        await pilot.pause()
        for look in ("yellow", "red"):
            listed.styles.border = ("heavy", look)
            await pilot.pause()
            whole = Region(0, 0, *listed.region.size)
            wanted = StylesCache().render_widget(listed, whole)

            assert len(wanted) == 8
            for _ in range(2):  # made, and then remembered
                listed._styles_cache.set_dirty(whole)
                assert letters(listed._styles_cache.render_widget(listed, whole)) == letters(wanted)


class Numbers:
    """Twenty rows."""

    def __len__(self) -> int:
        return 20

    def line(self, index: int) -> Line:
        """Return a number and a word."""
        return ((f"{index} ", DIM), ("row", PLAIN))

    def key(self, index: int) -> int:
        """Return the number."""
        return index


def letters(strips: list[Strip]) -> list[list[tuple[str, object]]]:
    """Return each row's characters with what is seen of their styles."""
    return [[(letter, _seen(segment.style)) for segment in strip for letter in segment.text] for strip in strips]


def _seen(style: Style | None) -> tuple[object, ...]:
    return (style.color, style.bgcolor, style.bold, style.dim) if style is not None else ()


async def test_a_list_that_is_painted_again_has_the_same_strips_where_it_shows_the_same() -> None:
    app = App[None]()
    async with app.run_test(size=SIZE) as pilot:
        listed = VirtualList()
        listed.styles.border = ("round", "yellow")
        await app.mount(listed)
        listed.rows = Numbers()
        await pilot.pause()
        listed.cursor = 2
        whole = Region(0, 0, *listed.region.size)
        listed.render_lines(whole)  # the first row that is made tells the edges
        listed.refresh()
        before = listed.render_lines(whole)
        listed.rows, listed.cursor = Numbers(), 3
        listed.refresh()
        after = listed.render_lines(whole)

        border = {0, SIZE[1] - 1}
        assert {y for y in range(SIZE[1]) if after[y] is not before[y]} - border == {3, 4}


async def test_a_screen_with_new_places_that_is_to_be_painted_whole_is_painted_once() -> None:
    app = App[None]()
    async with app.run_test(size=SIZE) as pilot:
        screen = Below()
        await app.push_screen(screen)
        await pilot.pause()
        refresh = Mock(wraps=screen._compositor.render_update)
        screen._compositor.render_update = refresh  # type: ignore[method-assign]  # watched
        screen.refresh(layout=True)
        screen._on_timer_update()

        assert refresh.call_count == 1
        assert not screen._repaint_required


async def test_what_changes_after_a_paint_is_painted_within_one_tick() -> None:
    app = App[None]()
    async with app.run_test(size=SIZE) as pilot:
        screen = Below()
        await app.push_screen(screen)
        await pilot.pause()
        timers = Mock(wraps=screen.set_timer)
        screen.set_timer = timers  # type: ignore[method-assign]  # watched
        screen._painted_at = monotonic() + BETWEEN_S / 2
        screen.query_one(Static).refresh()
        await pilot.pause()
        await pilot.pause()

        assert [call.args[0] <= 1.5 * BETWEEN_S for call in timers.call_args_list] == [True]
