"""Every private or fragile part of Textual that we touch, behind one door: bytes past the compositor, damage, input.

What is private in the way of text stands in `terminal_text`.

Each part has a canary test in tests/ui/test_terminal_port.py, which fails clearly when Textual changes it.
"""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, TypeVar

from textual import events
from textual._compositor import ChopsUpdate
from textual._xterm_parser import XTermParser
from textual.app import App, ScreenStackError
from textual.drivers.linux_driver import LinuxDriver

from tui_editor.ui.terminal.console import console_like
from tui_editor.ui.terminal.damage import Damage, PictureOwner, SeenCells, seen_cells
from tui_editor.ui.terminal.flow import ASK, Flow, Sent, line_to
from tui_editor.ui.terminal.keyboard import Keyboard, read_input
from tui_editor.ui.terminal.probe import cell_size, typed_ahead, window_size
from tui_editor.ui.terminal.replies import LateAnswers
from tui_editor.ui.terminal.shadow import Shadow
from tui_editor.ui.terminal.stray import StrayWrites
from tui_editor.ui.terminal.writer import Writer
from tui_editor.ui.terminal_text import TextUpdate, tame_textual

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType
    from textual.geometry import Region
    from textual.message import Message
    from textual.screen import Screen
    from textual.widget import Widget

    from tui_editor.ui.early.process import PictureProcess
    from tui_editor.ui.terminal.facts import Terminal

ReturnType = TypeVar("ReturnType")

DEFAULT_CELL_PX: Final = (10, 20)
CONGESTED: Final = 200
"""Writes that wait: beyond, screen updates are left out and one full update follows when the terminal reads again."""
_LEAVE_S: Final = 1.0
_ENTER_ALTERNATE: Final = "\x1b[?1049h"
_SYNC_START, _SYNC_END = b"\x1b[?2026h", b"\x1b[?2026l"


class Port:
    """The door to the terminal for one app.

    Args:
        app: Whose driver and compositor are used.
        terminal: What `probe` found.
    """

    def __init__(self, app: App[Any], terminal: Terminal) -> None:
        self._app = app
        self.terminal = terminal
        self.early: PictureProcess | None = None
        """Makes the first picture, until a canvas takes it over."""
        self.stray = StrayWrites()
        self.flow = Flow(line_to(terminal))
        self.owners: list[PictureOwner] = []
        self.stale = False
        """Screen updates were left out because the terminal did not read."""
        self._cell_px = terminal.cell_px
        self._leave_behind: dict[object, Callable[[], bytes]] = {}
        self._damage: Damage | None = None
        self._text = Shadow()

    # --- what is where ---------------------------------------------------------------------------

    @property
    def cell_px(self) -> tuple[int, int]:
        """Return (width, height) of a cell in pixels; a usual one where nobody tells."""
        return self._cell_px or DEFAULT_CELL_PX

    def refresh_cell_size(self, pixels: tuple[int, int] | None, cells: tuple[int, int]) -> None:
        """Take in a resize: its size in pixels where the report had it, else what the terminal line says now."""
        driver = self._driver()
        new = (pixels[0] // cells[0], pixels[1] // cells[1]) if pixels and min(cells) > 0 and min(pixels) > 0 else None
        if new is None and driver is not None:
            new = cell_size(driver.output)
        if new is not None and new != self._cell_px:
            self._cell_px = new
            for owner in list(self.owners):
                owner.cell_size_changed()

    def visible_cells(self, widget: Widget) -> SeenCells:
        """Return where a widget lies on the screen."""
        try:
            shown = widget.is_attached and self._app.screen is widget.screen
        except ScreenStackError:
            shown = False
        placed = widget.screen._compositor.visible_widgets if shown else {}
        return seen_cells(placed, widget)

    @property
    def live(self) -> bool:
        """Return whether there is a terminal that takes pictures now."""
        return self._driver() is not None

    @property
    def pixel_pointer(self) -> bool:
        """Return whether the pointer is told in pixels, as fractions of a cell."""
        driver = self._driver()
        return driver is not None and driver.pixel_pointer

    # --- writing ---------------------------------------------------------------------------------

    def ready(self) -> bool:
        """Return whether a picture may be sent: the last ones were shown, and nothing waits to be written."""
        driver = self._driver()
        return driver is not None and driver.waiting == 0 and self.flow.ready()

    def wait_s(self) -> float:
        """Return how long to wait until a picture may be sent, unless something happens before."""
        return self.flow.wait_s()

    def write(self, data: bytes) -> None:
        """Write bytes in order with the compositor's. They appear at once where they stand within its update."""
        if (driver := self._driver()) is not None:
            driver.write_bytes(data)

    def send_picture(self, data: bytes, *, ahead: bytes = b"") -> None:
        """Write an update as one whole, and ask the terminal to say when it is shown.

        Args:
            data: What changes the screen.
            ahead: What changes nothing yet (uploads). It stays outside of the synchronised update: those are short by
                rule, and kitty 0.26 garbles long graphics commands within one.
        """
        whole = _SYNC_START + data + _SYNC_END if data and self._app._sync_available else data
        self.flow.sent(len(ahead) + len(whole), shown=bool(data))
        self.write(ahead + whole + ASK)

    def on_leave(self, key: object, data: Callable[[], bytes]) -> None:
        """Set what `key` is asked to have written before the terminal is given back."""
        self._leave_behind[key] = data

    def leaving(self) -> bytes:
        """Return what must be written before the terminal is given back."""
        return b"".join(data() for data in self._leave_behind.values())

    def restored(self) -> None:
        """Take in that the terminal is ours again after it was given back."""
        self.flow.reset()
        self._text.forget()
        for owner in list(self.owners):
            owner.terminal_restored()
        self._app.refresh(layout=True)

    def acknowledged(self, sent: Sent) -> None:
        """Take in that the terminal has worked off an update."""
        for owner in list(self.owners):
            owner.update_shown(sent)
        self.drained()

    def drained(self) -> None:
        """Take in that everything was written."""
        if self.stale:
            self.stale = False
            self._app.refresh(layout=True)
        for owner in list(self.owners):
            owner.line_ready()

    def congested(self) -> bool:
        """Return whether the terminal has not read for long."""
        driver = self._driver()
        return driver is not None and driver.waiting > CONGESTED

    @property
    def stuck_s(self) -> float:
        """Return for how many seconds the terminal has taken nothing of what waits for it; 0 while it reads."""
        driver = self._driver()
        return driver.stuck_s if driver is not None else 0.0

    def note(self, update: RenderableType | None) -> RenderableType | None:
        """Note what the compositor is about to write; return what of it has to be."""
        if isinstance(update, ChopsUpdate):
            text = TextUpdate(self._text, update)
            self._damage = Damage(text.spans)
            return text if text.spans else None
        if update is not None:
            self._text.forget()
            self._damage = Damage(None)
        return update

    def painted_over(self, region: Region) -> None:
        """Take in that pixels were painted into the cells of a region: its text has to be written anew."""
        self._text.forget(region)

    def settle(self) -> None:
        """Tell the owners what the compositor wrote; what they write now belongs to the same update."""
        damage, self._damage = self._damage, None
        if damage is not None:
            for owner in list(self.owners):
                owner.compositor_wrote(damage)

    def _driver(self) -> TerminalDriver | None:
        driver = self._app._driver
        return driver if isinstance(driver, TerminalDriver) and driver.writing else None


class TerminalApp(App[ReturnType]):
    """An app whose widgets may paint pixels, and whose terminal may be slow, hostile or gone.

    Args:
        terminal: What `probe` found.
        early: Makes the first picture.
        options: Arguments of `App`.
    """

    def __init__(self, terminal: Terminal, early: PictureProcess | None = None, **options: Any) -> None:
        tame_textual()
        self.port = Port(self, terminal)
        self.port.early = early
        if "TEXTUAL_DRIVER" not in os.environ:  # a web server chooses its own
            options.setdefault("driver_class", TerminalDriver)
        super().__init__(**options)
        self.console = console_like(self.console, terminal.colours)

    def on_resize(self, event: events.Resize) -> None:
        """Take the size of a cell along with the size of the screen."""
        pixels = event.pixel_size
        self.port.refresh_cell_size(
            (pixels.width, pixels.height) if pixels else None, (event.size.width, event.size.height)
        )

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if renderable is not None and self.port.congested():
            self.port.stale = True
            return
        if not self._batch_count:
            renderable = self.port.note(renderable)
        super()._display(screen, renderable)
        self.port.settle()  # not reached through `_end_update` without a terminal

    def _end_update(self) -> None:
        self.port.settle()
        super()._end_update()


class TerminalDriver(LinuxDriver):
    """Textual's driver with a writer that never blocks, an input that only takes keys, and a clean way out."""

    _out: Writer | None = None
    _own_pixels = False
    _ours = _left = _entered = False
    _typed = b""
    """Input from before the input thread began."""
    _late = LateAnswers()

    @property
    def output(self) -> int:
        """Return the descriptor that is written to."""
        return self._port.stray.terminal

    @property
    def writing(self) -> bool:
        """Return whether the terminal is ours."""
        return self._ours

    @property
    def waiting(self) -> int:
        """Return how many writes are not done yet."""
        return self._out.waiting if self._out is not None else 0

    @property
    def stuck_s(self) -> float:
        """Return for how long nothing of what waits was written."""
        return self._out.stuck_s if self._out is not None else 0.0

    @property
    def pixel_pointer(self) -> bool:
        """Return whether the pointer is told in pixels: by our doing, or Textual's where sizes come in band."""
        return self._own_pixels or self._mouse_pixels

    @property
    def _port(self) -> Port:
        assert isinstance(self._app, TerminalApp)
        return self._app.port

    def write(self, data: str) -> None:
        """Queue text for the terminal."""
        if self._entered and data == _ENTER_ALTERNATE:  # xterm would clear it
            self._entered = False
            return
        self.write_bytes(data.encode("utf-8", "replace"))

    def write_bytes(self, data: bytes) -> None:
        """Queue bytes for the terminal; after it was given back they go nowhere."""
        if self._out is not None:
            self._out.write(data)

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._port.stray.begin()
        self._out = Writer(self.output, lambda: self._tell(self._port.drained))
        self._out.start()
        self._ours = True
        self._entered = self._port.early is not None and self._port.early.take_terminal()
        terminal = self._port.terminal
        self._late = LateAnswers(owed=not terminal.answered and not self._left)
        self._typed = (b"" if self._left else terminal.unread) + typed_ahead(self.fileno)
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual leaves it untyped
        self._own_pixels = bool(self._mouse) and terminal.pixel_mouse and not terminal.in_band_resize
        if self._own_pixels:
            self.write("\x1b[?1016h")
        if self._left:
            self._tell(self._port.restored)

    def _sigcont_application(self, *_: object) -> None:
        if not self._ours:
            super()._sigcont_application()
        elif self._auto_restart:  # stopped by somebody else, who may have written over the screen
            self._tell(self._port.restored)

    def disable_input(self) -> None:
        """Stop reading, once the terminal has given the answers that it owes: a shell would take them for keys."""
        if self._key_thread is not None and self._key_thread.is_alive() and self._out is not None:
            self._wait_for_answers(self._out)
        super().disable_input()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was, without anything of ours."""
        self._left = True
        self.write_bytes(self._port.leaving())
        self.write("\x1b[?1016l")
        self._ours = False
        super().stop_application_mode()

    def close(self) -> None:
        """End the writer; a terminal that does not read is not waited for."""
        super().close()
        out, self._out = self._out, None
        if out is not None:
            out.stop(_LEAVE_S)
        self._port.stray.end()

    def _wait_for_answers(self, out: Writer) -> None:
        deadline = monotonic() + _LEAVE_S
        while (self._port.flow.in_flight or self._late.owed) and monotonic() < deadline and not out.broken:
            sleep(0.005)

    def _tell(self, function: Callable[..., None], *arguments: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._in_app, function, *arguments)

    def _in_app(self, function: Callable[..., None], *arguments: Any) -> None:
        with self._app._context():  # a thread's own knows no app, and a timer that is begun there would fail
            function(*arguments)

    # --- input, on its own thread ------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Read keys until the terminal is given back or gone."""
        keyboard = Keyboard(XTermParser(self._debug), self._late)
        decode = getincrementaldecoder("utf-8")("replace").decode
        data, self._typed = self._typed, b""
        while not self.exit_event.is_set():
            if data or select.select([self.fileno], [], [], 0.1)[0]:
                data = data or read_input(self.fileno)
                if not data:
                    self._tell(self._app.exit)
                    break
                messages, data = keyboard.feed(decode(data)), b""
            else:
                messages = keyboard.idle()
            for message in messages:
                self.process_message(message)

    def process_message(self, message: Message) -> None:
        """Pass a message on; acknowledgements end here, pointer positions in pixels become cells."""
        if isinstance(message, events.CursorPosition):
            if (sent := self._port.flow.acknowledged()) is not None:
                self._tell(self._port.acknowledged, sent)
            return
        if isinstance(message, events.MouseEvent) and self._own_pixels:
            self._to_cells(message)
        super().process_message(message)

    _last_cell = (0, 0)

    def _to_cells(self, event: events.MouseEvent) -> None:
        columns, rows, width, height = window_size(self.output)
        if not (columns and rows and width and height):
            return
        event._x = event._screen_x = event._x * columns / width
        event._y = event._screen_y = event._y * rows / height
        cell = int(event._x), int(event._y)
        event._delta_x, event._delta_y = cell[0] - self._last_cell[0], cell[1] - self._last_cell[1]
        self._last_cell = cell
