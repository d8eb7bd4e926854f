"""The Textual application: one window on one project."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, ClassVar, Self, cast

from textual import events
from textual.message import Message

from tui_editor.api.editing import this_session
from tui_editor.errors import StoreFenced, TuiEditorError
from tui_editor.storage import host
from tui_editor.storage.committer import Committer
from tui_editor.storage.locate import open_store
from tui_editor.storage.spool import Spool
from tui_editor.text import one_line
from tui_editor.ui import collector
from tui_editor.ui.desk import Desk
from tui_editor.ui.key_line import KeyLine
from tui_editor.ui.keys import is_typed
from tui_editor.ui.reattach import Reattachment
from tui_editor.ui.screens.front import FrontScreen
from tui_editor.ui.start import Start
from tui_editor.ui.terminal_port import TerminalApp
from tui_editor.ui.terminal_text import UnseenScreen
from tui_editor.ui.widgets.inks import DARK_THEME, FEW_COLOURS, LIGHT_THEME, set_light, variables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.screen import Screen

    from tui_editor.api.project import Project
    from tui_editor.ui.early.process import PictureProcess
    from tui_editor.ui.terminal.facts import Graphics, Terminal

CLOSE_S = 5.0
TICK_S = 2.0
PULSE_S = 0.5
"""How often is looked whether the editor rests."""
DEAD_AFTER_S = 20.0
"""Without a tick, or with a terminal that does not read, for so long the lock is no longer renewed."""
ASLEEP_MS = 5_000
"""Without a pulse for so long this process was stopped."""


def told_problems(problems: Sequence[str]) -> str:
    """Return what is told at the start of bindings that are left out; empty when none is."""
    others = f"; {len(problems) - 1} more" if len(problems) > 1 else ""
    return f"keys: {problems[0]}{others}: `tui-editor keys` tells all" if problems else ""


class EditorApp(TerminalApp[None]):
    """Shows the queue and the editor."""

    CSS_PATH = "styles.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = []
    TITLE = "tui-editor"

    class Answered(Message):
        """The store thread answered; what to do is done on the event loop."""

        def __init__(self, then: Callable[[], None]) -> None:
            super().__init__()
            self.then = then

    def __init__(
        self,
        project: Project,
        terminal: Terminal,
        graphics: Graphics,
        start: Start | None = None,
        early: PictureProcess | None = None,
    ) -> None:
        super().__init__(terminal, early)
        self._project = project
        self._begin = start or Start()
        self.later_message = ""
        self.failure: BaseException | None = None
        """What ended the app: nothing could be opened, or something that nobody expected."""
        self.leisure = collector.Leisure()
        self._last_tick = time.monotonic()
        self._awake_ms = host.now().boot_ms
        self._keys = KeyLine(self._send_key, self._ready_for_key, self.call_later, self._at_work)
        session = this_session(project.person)
        spool = Spool(session.id)
        self._committer = Committer(
            lambda: open_store(project.folder, edits=True), alive=self._alive, lost=self._lost, spool=spool
        )
        self.desk = Desk(self, project, graphics, session, self._committer, spool)
        self._reattachment = Reattachment(terminal, graphics, self.answer, self._other_terminal)
        if self._begin.keymap is not None:
            self.desk.loop.keymap = self._begin.keymap
        self.desk.loop.turbo = self._begin.turbo
        self.desk.loop.skip, self.desk.loop.freehand = self._begin.skip, self._begin.freehand
        self.desk.loop.wishes = self._begin.wishes
        self.desk.offers_guide = self._begin.offers_guide
        self.desk.loop.begin_tour(self._begin.tour)

    async def on_event(self, event: events.Event) -> None:
        """Let keys wait in line until the one before was dealt with."""
        if isinstance(event, events.InputEvent):
            self.leisure.busy()
            before = self._said
            self._check_awake()
            if self._said != before and isinstance(event, events.Key):
                cast("FrontScreen", self.screen).hold_message()
        if isinstance(event, events.Key) and not event.is_forwarded:
            if event.key == "escape" and self._at_work():
                cast("FrontScreen", self.screen).press("escape")
            elif is_typed(event):
                await self._keys.add(event)
        else:
            await super().on_event(event)

    @property
    def _said(self) -> str:
        screen = self.screen if self.screen_stack else None
        return screen.message if isinstance(screen, FrontScreen) else ""

    @property
    def takes_keys(self) -> bool:
        """Return whether every key so far was dealt with, and what it led to is there."""
        return self._keys.empty and self._ready_for_key()

    async def _send_key(self, key: events.Key) -> None:
        if self.is_running:
            await super().on_event(key)

    def _at_work(self) -> bool:
        screen = self.screen if self.screen_stack else None
        return isinstance(screen, FrontScreen) and screen.working

    def _ready_for_key(self) -> bool:
        if not self.is_running or not self.screen_stack:
            return True
        screen = self.screen
        return self.message_queue_size == 0 and (not isinstance(screen, FrontScreen) or screen.ready_for_key)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the colours of the style sheet."""
        return variables(self.theme, few=self._has_few_colours)

    @property
    def _has_few_colours(self) -> bool:
        return 0 < self.port.terminal.colours <= FEW_COLOURS

    def set_light(self, light: bool) -> None:
        """Show dark text on a light screen, or light text on a dark one."""
        set_light(light, few=self._has_few_colours)
        self.theme = LIGHT_THEME if light else DARK_THEME
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()

    def refresh(self, *, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint the screen anew, with new places too where these are asked for."""
        super().refresh(repaint=repaint, layout=layout, recompose=recompose)
        if layout and repaint and self.screen_stack:
            self.screen.refresh()  # screens take new places for no reason to paint what stays
        return self

    @property
    def is_light(self) -> bool:
        """Return whether text is dark on a light screen."""
        return self.theme == LIGHT_THEME

    def get_default_screen(self) -> Screen[None]:
        """Return what lies below the queue and the editor."""
        return UnseenScreen()

    def answer(self, then: Callable[[], None]) -> None:
        """Do something on the event loop; called on any thread."""
        self.post_message(self.Answered(then))

    def flush(self, timeout: float = CLOSE_S) -> bool:
        """Wait, off the event loop, until every edit was answered; return whether that was in time."""
        return self._committer.flush(timeout)

    def leave(self, code: int) -> None:
        """End the app from a signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: self.exit(return_code=code))

    def _alive(self) -> bool:
        """Return whether the event loop turns and the terminal reads: a dead window must not keep its task for ever."""
        return time.monotonic() - self._last_tick < DEAD_AFTER_S and self.port.stuck_s < DEAD_AFTER_S

    def _check_awake(self) -> None:
        """See first of all that the lock is still here, where this process was stopped or the machine suspended."""
        now_ms = host.now().boot_ms  # goes on while the machine is suspended
        asleep, self._awake_ms = now_ms - self._awake_ms > ASLEEP_MS, now_ms
        if asleep and self.desk.keeper is not None:
            self.desk.keeper.woke()

    def _other_terminal(self, terminal: Terminal, graphics: Graphics) -> None:
        """Show everything anew on another terminal around tmux; another kind of pictures needs another canvas."""
        self.port.terminal, same = terminal, graphics.kind is self.desk.graphics.kind
        self.desk.graphics = graphics
        if same or self.desk.task is None:
            self.port.restored()
        else:
            self.desk.guarded_open(self.desk.task.store.state.task.id)

    def on_resize(self, event: events.Resize) -> None:
        """Take the new size; it may be that of another terminal."""
        super().on_resize(event)
        self._reattachment.ask()

    def _pulse(self) -> None:
        self._check_awake()
        self._reattachment.look()
        self.desk.pulse()
        self.leisure.look()

    def _tick(self) -> None:
        self._last_tick = time.monotonic()
        collector.work()  # the first tick comes when the window is up
        self.leisure.begin()
        self.port.stray.check()

    def _lost(self, error: Exception) -> None:
        """Turn read-only when the lock or the store is gone; called on the store thread."""
        fenced, keeper = isinstance(error, StoreFenced), self.desk.keeper
        self.answer(keeper.fenced if fenced and keeper is not None else lambda: self.desk.lost(str(error)))

    def _fatal_error(self) -> None:
        """End the app after an error that nobody expected, and keep the error.

        Textual would print all locals: for the document of a large task that takes minutes and gigabytes.
        """
        self.failure = sys.exc_info()[1]
        self.panic()

    def on_editor_app_answered(self, event: Answered) -> None:
        """Do what an answer from another thread leads to; what the store refuses meanwhile is said."""
        try:
            event.then()
        except TuiEditorError as error:
            self.tell(one_line(str(error)))

    def on_mount(self) -> None:
        """Open the task that was asked for, or the queue."""
        self.set_light(self._begin.light)
        self.set_interval(TICK_S, self._tick)
        self.set_interval(PULSE_S, self._pulse)
        begin, self._begin = self._begin, Start()  # it may hold a large document
        self.later_message = told_problems(self.desk.loop.keymap.problems)
        try:
            self._open(begin)
        except TuiEditorError as error:
            self.failure = error  # nothing is on the screen yet: whoever ran the app says it
            self.exit(return_code=error.exit_code)

    def _open(self, start: Start) -> None:
        if start.task is None:
            self.desk.show_queue()
            return
        self.desk.open(start.task, start.frame, review=start.review, read=start.opened)
        if start.instance is not None and self.desk.task is not None:
            self.desk.task.store.select(start.instance)
            if self.desk.task.store.state.selected is None:
                self.tell("the object of the address is not in this task any more")

    def show_screen(self, screen: Screen[None]) -> None:
        """Show a screen instead of the one that is shown, and the message that waited for it."""
        message, self.later_message = self.later_message, ""
        if len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        if message and isinstance(screen, FrontScreen):
            screen.tell(message)

    def tell(self, text: str) -> None:
        """Say something on the message line of the screen that is shown."""
        if isinstance(self.screen, FrontScreen):
            self.screen.tell(text)

    def tell_unread(self, text: str) -> None:
        """Show on the screen how much of what others did was not read; say the text unless something else is said."""
        if self.screen_stack and isinstance(self.screen, FrontScreen) and self.screen.is_there:
            self.screen.show_unread()
            if text:
                self.tell_quietly(text)

    def tell_quietly(self, text: str) -> bool:
        """Say something unless something else is said or asked; return whether it was said."""
        screen = self.screen if self.screen_stack else None
        if not isinstance(screen, FrontScreen) or screen.message or screen.is_asking:
            return False
        screen.tell(text)
        return True

    async def on_unmount(self) -> None:
        """Leave nothing behind: the task is closed, everything is on disk."""
        self.leisure.end()
        self.desk.close()
        self._committer.close(CLOSE_S)
