"""Canaries: each part of Textual that the port relies on is as we know it. One that fails names what changed."""

from __future__ import annotations

import inspect
import weakref
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from rich.console import Console
from rich.segment import ControlType, Segment
from rich.style import Style
from textual import events
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.color import Color
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from tests.ui.canvas_app import CanvasApp
from tests.ui.projects import sitting
from tui_editor.ui.terminal.damage import Damage
from tui_editor.ui.terminal.facts import Graphics, GraphicsKind, Terminal
from tui_editor.ui.terminal.shadow import Shadow
from tui_editor.ui.terminal_port import TerminalDriver
from tui_editor.ui.terminal_text import TextUpdate, UnseenScreen, guard_strips, set_length, share_backgrounds
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "car\x1b]52;c;eA==\x1b\\\x9b1;1H\u202e\u200b\x07\x00end"
CONSOLE = Console(color_system="truecolor")


def app_with(kind: GraphicsKind) -> CanvasApp:
    terminal = Terminal(term="xterm-256color", answered=True, cell_px=(8, 16))
    return CanvasApp(terminal, Graphics(kind=kind, why="test"))


def parsed(text: str) -> list[object]:
    return list(XTermParser().feed(text))


# --- the choke point -------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def guarded() -> None:
    guard_strips()
    guard_strips()


def raw_controls(text: str) -> set[str]:
    without_colours = text.replace("\x1b[0m", "").replace("\x1b[31m", "")
    return {c for c in without_colours if not c.isprintable()}


@pytest.mark.parametrize("style", [None, Style(color="red")])
def test_no_control_character_passes_a_strip(style: Style | None) -> None:
    rendered = Strip([Segment(HOSTILE, style)]).render(CONSOLE)

    assert raw_controls(rendered) == set()
    assert "car" in rendered
    assert "end" in rendered


def test_tabs_newlines_and_control_segments_do_not_pass_a_strip() -> None:
    rendered = Strip([Segment("a\tb\nc"), Segment("\x1b[2J", None, [(ControlType.CLEAR,)])]).render(CONSOLE)

    assert rendered == "abc"


def test_plain_text_passes_unchanged_and_is_rendered_once() -> None:
    strip = Strip([Segment("Zürich 東京", Style(color="red"))])

    assert strip.render(CONSOLE) == "\x1b[31mZürich 東京\x1b[0m"
    assert strip._render_cache is not None


@pytest.mark.parametrize(
    ("expected", "link"),
    [(True, "https://example.org/a?b=c"), (False, "file:///etc/passwd"), (False, "https://a\x1b\\\x1b[2J")],
)
def test_only_harmless_links_pass_a_strip(expected: bool, link: str) -> None:
    rendered = Strip([Segment("text", Style(link=link))]).render(CONSOLE)

    assert ("\x1b]8;" in rendered) is expected
    assert "text" in rendered


def test_all_updates_of_the_screen_go_through_strip_render() -> None:
    strip = Strip([Segment(HOSTILE)])
    chops = ChopsUpdate([{0: strip}], [(0, 0, 80)], [[80]]).render_segments(CONSOLE)
    layout = LayoutUpdate([[strip]], Region(0, 0, 80, 1)).render_segments(CONSOLE)

    for update in (chops, layout):
        assert "\x1b]52" not in update
        assert "\x9b" not in update


def test_a_strip_keeps_its_segments_where_a_lazy_one_makes_them() -> None:
    assert "_segments" in Strip.__slots__
    assert list(Strip([Segment("a")])._segments) == [Segment("a")]


# --- the compositor ------------------------------------------------------------------------------


def test_an_update_writes_pieces_that_its_spans_touch_from_their_beginning() -> None:
    """The damage that we count rests on this: the piece at 0 is written although the span begins at 5."""
    update = ChopsUpdate([{0: Strip([Segment("a" * 10)]), 10: Strip([Segment("b" * 5)])}], [(0, 5, 12)], [[10, 15]])

    written = update.render_segments(CONSOLE)

    assert "a" * 10 in written
    assert written.count("b") == 2


def test_the_compositor_hands_updates_to_the_app_with_their_spans() -> None:
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    assert {"chops", "spans", "chop_ends"} <= inspect.signature(ChopsUpdate).parameters.keys()
    assert "self._end_update()" in inspect.getsource(App._display)
    assert isinstance(Compositor.visible_widgets, property)


async def test_visible_widgets_go_from_the_front_to_the_back() -> None:
    app = app_with(GraphicsKind.NONE)
    async with app.run_test(size=(80, 24)) as pilot:
        app.action_dialog()
        await pilot.pause()

        order = list(app.screen._compositor.visible_widgets)
        assert order.index(app.query_one("#dialog")) < order.index(app.canvas) < order.index(app.screen)


async def test_what_covers_a_widget_is_known() -> None:
    app = app_with(GraphicsKind.NONE)
    async with app.run_test(size=(80, 24)) as pilot:
        region, free, _ = app.port.visible_cells(app.canvas)
        assert region == Region(0, 0, 80, 23)
        assert free.all()

        app.action_dialog()
        await pilot.pause()
        _, free, _ = app.port.visible_cells(app.canvas)
        assert not free[5:12, 10:40].any()
        assert (~free).sum() == 7 * 30

        app.action_command_palette()
        await pilot.pause()
        assert app.port.visible_cells(app.canvas)[1].size == 0


def test_the_compositors_updates_are_made_of_pieces_by_line() -> None:
    update = ChopsUpdate([{0: Strip([Segment("ab")]), 2: Strip([Segment("cd")])}], [(0, 0, 4)], [[2, 4]])
    shadow = Shadow()

    assert TextUpdate(shadow, update).spans == ((0, 0, 2), (0, 2, 4))
    changed = ChopsUpdate([{0: Strip([Segment("ab")]), 2: Strip([Segment("ce")])}], [(0, 0, 4)], [[2, 4]])
    assert TextUpdate(shadow, changed).spans == ((0, 2, 4),)
    assert TextUpdate(shadow, changed).render_segments(Console()) == ""


async def test_text_that_is_there_already_is_not_written_again() -> None:
    app = app_with(GraphicsKind.NONE)
    async with app.run_test(size=(80, 24)) as pilot:
        owner = Mock()
        app.port.owners.append(owner)
        await pilot.pause(0.1)
        app.query_one("#status", Static).update("x", layout=False)
        await pilot.pause(0.1)
        app.query_one("#status", Static).refresh()
        await pilot.pause(0.1)
        owner.reset_mock()
        app.query_one("#status", Static).refresh()
        await pilot.pause(0.1)

    told = [call.args[0] for call in owner.compositor_wrote.call_args_list]
    assert not any(damage.of(Region(0, 0, 80, 24)).any() for damage in told)


async def test_owners_are_told_what_each_update_wrote() -> None:
    app = app_with(GraphicsKind.NONE)
    told: list[Damage] = []
    async with app.run_test(size=(80, 24)) as pilot:
        owner = Mock()
        owner.compositor_wrote = told.append
        app.port.owners.append(owner)
        await pilot.pause(0.1)
        told.clear()
        app.query_one("#status", Static).update("x", layout=False)
        await pilot.pause()

    assert told
    assert len(told) == 1
    assert not told[0].of(Region(0, 0, 80, 23)).any()
    assert told[0].of(Region(0, 23, 80, 1)).any()


def test_damage_everywhere_and_in_spans() -> None:
    assert Damage(None).of(Region(3, 3, 2, 2)).all()
    cells = Damage(((4, 0, 4), (9, 0, 99))).of(Region(3, 3, 4, 3))
    assert [tuple(cell) for cell in zip(*cells.nonzero(), strict=True)] == [(1, 0)]


@pytest.mark.parametrize(("system", "colours"), [("truecolor", 1 << 24), ("256", 256), ("standard", 16), (None, 2)])
def test_text_is_written_with_the_colours_that_the_terminal_has(system: str | None, colours: int) -> None:
    app = CanvasApp(Terminal(colours=colours), Graphics(kind=GraphicsKind.NONE, why="test"))

    assert app.console.color_system == system


# --- the driver ----------------------------------------------------------------------------------


def test_the_driver_has_the_parts_that_ours_replaces() -> None:
    for name in (
        "write",
        "start_application_mode",
        "stop_application_mode",
        "disable_input",
        "close",
        "_run_input_thread",
        "_sigcont_application",
    ):
        assert callable(getattr(LinuxDriver, name)), name
    assert "self.run_input_thread()" in inspect.getsource(LinuxDriver._run_input_thread)
    assert "self.exit_event" in inspect.getsource(LinuxDriver.run_input_thread)
    source = inspect.getsource(LinuxDriver.__init__)
    for attribute in ("self._file =", "self.fileno =", "self._key_thread", "SIGCONT, self._sigcont_application"):
        assert attribute in source, attribute
    assert "self._auto_restart" in inspect.getsource(LinuxDriver._sigcont_application)
    assert issubclass(TerminalDriver, LinuxDriver)


def test_the_sync_brackets_are_those_of_the_app() -> None:
    assert "self._sync_available" in inspect.getsource(App._begin_update)
    assert "self._sync_available" in inspect.getsource(App._end_update)


def test_the_parser_knows_cursor_reports_which_acknowledge_pictures() -> None:
    (report,) = parsed("\x1b[5;7R")

    assert isinstance(report, events.CursorPosition)


def test_the_parser_takes_pixels_for_cells_until_it_is_told_sizes() -> None:
    """Our driver divides by the cell itself, in the attributes that it sets here."""
    (move,) = parsed("\x1b[<35;101;41M")

    assert isinstance(move, events.MouseMove)
    assert (move._x, move._y, move._screen_x, move._screen_y) == (100.0, 40.0, 100.0, 40.0)
    assert {"_delta_x", "_delta_y"} <= {*vars(move)} | {*getattr(move, "__slots__", ())}


def test_an_answer_that_the_parser_does_not_know_becomes_keys() -> None:
    """Why answers are taken out of the input before the parser sees them."""
    assert any(isinstance(event, events.Key) for event in parsed("\x1b_Gi=31;OK\x1b\\"))


async def test_text_of_labels_in_widgets_is_harmless_on_the_screen() -> None:
    app = app_with(GraphicsKind.NONE)
    async with app.run_test(size=(80, 24)) as pilot:
        app.query_one("#status", Static).update(HOSTILE)
        await pilot.pause()
        update = app.screen._compositor.render_update(full=True)
        assert isinstance(update, LayoutUpdate)
        written = update.render_segments(CONSOLE)

    assert not {c for c in written if c in "\x07\x9b\u202e\u200b\x00"}
    assert "\x1b]52" not in written


async def test_a_screen_is_not_rendered_while_its_updates_are_held_back(annotate: Path) -> None:
    assert "_batch_count" in inspect.getsource(App._display)
    assert "_compositor_refresh" in inspect.getsource(Screen._refresh_layout)
    async with sitting(annotate) as desk:
        rendered = Mock(wraps=desk.editor._compositor.render_update)
        desk.editor._compositor.render_update = rendered  # type: ignore[method-assign]  # watched
        with desk.app.batch_update():
            desk.editor.refresh(layout=True)
            desk.editor._refresh_layout()
            await desk.pilot.pause()
            assert not rendered.called
        await desk.settle()
        assert rendered.called


async def test_a_screen_that_was_painted_as_a_whole_is_not_painted_again(annotate: Path) -> None:
    assert "_repaint_required" in inspect.getsource(Screen._on_timer_update)
    async with sitting(annotate) as desk:
        desk.editor.refresh()
        desk.editor._refresh_layout()
        assert desk.editor._repaint_required
        desk.editor._compositor._dirty_regions.add(desk.editor._compositor.size.region)
        desk.editor._compositor_refresh()
        assert not desk.editor._repaint_required


def test_a_widget_that_is_gone_is_not_kept_for_its_background() -> None:
    share_backgrounds()
    share_backgrounds()
    cache = StylesCache()
    assert cache.get_inner_outer(Color(0, 0, 0), Color(9, 9, 9)) is StylesCache().get_inner_outer(
        Color(0, 0, 0), Color(9, 9, 9)
    )
    gone = weakref.ref(cache)
    del cache
    assert gone() is None


async def test_a_dialog_that_was_closed_is_not_followed_by_its_screen(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        signal = desk.app.screen.text_selection_started_signal
        await desk.press("colon")
        assert [type(each).__name__ for each in signal._subscriptions] == ["Input"]
        await desk.press("escape")
        assert not signal._subscriptions


async def test_what_lies_below_the_editor_is_never_painted(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        below = desk.app.screen_stack[0]
        assert isinstance(below, UnseenScreen)
        rendered = Mock()
        below._compositor.render_update = rendered  # type: ignore[method-assign]  # watched
        below._compositor_refresh()
        assert not rendered.called


async def test_a_list_whose_bar_stays_as_it_is_grows_without_a_new_layout(annotate: Path) -> None:
    assert "_refresh_scrollbars" in inspect.getsource(Widget._scroll_update)
    async with sitting(annotate) as desk:
        await desk.press("question_mark")
        pane = desk.app.screen.query_one("HelpDialog VirtualList", VirtualList)
        asked = Mock(wraps=pane.refresh)
        pane.refresh = asked  # type: ignore[method-assign]  # watched
        for rows, again in ((500, False), (400, False), (2, True), (3, False)):
            asked.reset_mock()
            set_length(pane, Size(pane.scrollable_content_region.width, rows))
            laid_out = any(call.kwargs.get("layout") for call in asked.call_args_list)
            await desk.settle()
            assert (laid_out, pane.virtual_size.height) == (again, rows)
            assert pane.show_vertical_scrollbar is (rows > 100)
            if rows > 100:
                assert pane.vertical_scrollbar.window_virtual_size == rows
