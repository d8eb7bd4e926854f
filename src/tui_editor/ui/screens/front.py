"""What the queue and the editor share: keys to commands, dialogs, the message line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from rich.cells import cell_len
from textual.css.query import NoMatches

from tui_editor.commands.context import Choice, Context, IssueDraft, Loop
from tui_editor.commands.macros import stops_recording
from tui_editor.commands.resolver import KeyResolver, Pending, Run, Unbound
from tui_editor.commands.table import run, run_line
from tui_editor.errors import TuiEditorError
from tui_editor.state.view import Mode
from tui_editor.text import one_line
from tui_editor.ui.dialogs.assisted import AssistedDialog
from tui_editor.ui.dialogs.base import Dialog, TextDialog
from tui_editor.ui.dialogs.confirm import ConfirmDialog
from tui_editor.ui.dialogs.help import HelpDialog, shown_keys
from tui_editor.ui.dialogs.issue import IssueDialog
from tui_editor.ui.dialogs.line import LineDialog
from tui_editor.ui.dialogs.picker import Picker
from tui_editor.ui.footer import footer_hints
from tui_editor.ui.keys import key_name
from tui_editor.ui.screens.marks import Marks
from tui_editor.ui.screens.without_task import WithoutTask
from tui_editor.ui.screens.work import Work
from tui_editor.ui.terminal_text import ThriftyScreen
from tui_editor.ui.widgets.bars import Bar, KeysBar, keys_line, leading
from tui_editor.ui.widgets.rows import BAD, PLAIN, WARN, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual import events
    from textual.geometry import Region
    from textual.widget import Widget

    from tui_editor.commands.assist import Assist
    from tui_editor.model.patch import Patch
    from tui_editor.state.store import TaskStore
    from tui_editor.ui.side_thread import SideThread

T = TypeVar("T")
SEVERITIES = {"information": PLAIN, "warning": WARN, "error": BAD}


class FrontScreen(ThriftyScreen[None], Marks, WithoutTask, inherit_bindings=False):
    """Feeds keys to the command table and answers commands as their front end.

    Subclasses have a `Bar` with the id `message` and a `KeysBar` with the id `keys`.
    """

    ALLOW_SELECT = False
    AUTO_FOCUS = None

    def __init__(self, loop: Loop | None = None) -> None:
        super().__init__()
        self.loop = loop or Loop()
        self._resolver = KeyResolver(self.loop.keymap.commands)
        self._dialog: Dialog | None = None
        self._before_dialog: Widget | None = None
        self._message: Line = ()
        self._holds = False
        self.previews = False
        """The open dialog shows what it would do."""
        self._aside: SideThread | None = None
        self._asides = 0
        """Jobs of commands that are not done."""
        self._work: Work | None = None
        """What is being done a few milliseconds at a time."""

    # --- keys --------------------------------------------------------------------------------------

    @property
    def mode(self) -> Mode:
        """Return what keys mean now."""
        return Mode.QUEUE

    @property
    def help_mode(self) -> Mode:
        """Return the mode whose keys help shows."""
        return self.mode

    def key_mode(self, key: str) -> Mode:
        """Return the mode in which a key is looked up."""
        del key
        return self.mode

    @property
    def task_store(self) -> TaskStore | None:
        """Return the opened task's store, None in the queue."""
        return None

    def context(self, count: int | None = None, argument: str = "") -> Context:
        """Return what a command works with now."""
        return Context(front=self, task=self.task_store, loop=self.loop, count=count, argument=argument)

    def on_key(self, event: events.Key) -> None:
        """Resolve a key that no dialog and no pane took."""
        if self._dialog is not None:
            return
        event.stop()
        event.prevent_default()
        self.press(key_name(event))

    def rebind(self) -> None:
        """Take the keys that the sitting has from now on."""
        self._resolver = KeyResolver(self.loop.keymap.commands)
        self.show_keys()

    @property
    def is_there(self) -> bool:
        """Return whether the screen has its widgets: one that is going loses them before it goes."""
        return self.is_attached and self.display and bool(self.query("#message"))

    @property
    def ready_for_key(self) -> bool:
        """Return whether every key so far was dealt with, and what has the keys now is there."""
        dialog, focused = self._dialog, self.focused
        has_keys = [self] if focused is None else focused.ancestors_with_self
        if self.working or self._asides or not self.is_mounted or (dialog is not None and dialog not in has_keys):
            return False
        pumps = {self, *has_keys, *(dialog.walk_children() if dialog is not None else ())}
        return not any(pump.message_queue_size for pump in pumps)

    def press(self, key: str) -> None:
        """Take one key."""
        if self._work is not None and self._work.takes(key):
            return
        if stops_recording(self.loop, self._resolver, self.mode, key):
            self._run_line("macro.stop")
            self.show_keys()
            return
        found = self._resolver.feed(self.key_mode(key), key)
        self.clear_message()
        ran = ""
        match found:
            case Run(command=command, count=count, argument=argument):
                ran = command.id if run(command, self.context(count, argument)) else ""
            case Unbound(typed=typed) if key != "escape":
                self.tell(f"{one_line(typed)} means nothing here: ‹app.help› shows the keys", severity="warning")
            case _:
                pass
        self.show_keys(found if isinstance(found, Pending) else None)
        if self.loop.guide is not None and not isinstance(found, Pending):
            from tui_editor.ui.guide import after_key

            after_key(self, key, ran)

    @property
    def working(self) -> bool:
        """Return whether something is gone through: Escape, which stops it, does not wait for it."""
        return self._work is not None and not self._work.over

    def show_keys(self, pending: Pending | None = None) -> None:
        """Show the keys that work now, or those that go on after a prefix."""
        bar = self.query_one("#keys", KeysBar)
        if pending is not None and pending.nexts:
            bar.lead = ((f" {pending.typed} … ", WARN),)
            self.tell_keys([(shown_keys([keys]), c.title) for keys, c in pending.nexts], [], ("Esc", "back"))
            return
        typed = self._resolver.typed
        recording = ((f" ● {self.loop.macros.recording} ", BAD),) if self.loop.macros.recording else ()
        bar.lead = (*recording, (f" {typed} ", WARN)) if typed else recording
        bar.hints = footer_hints(self.mode, self.context())

    def tell_keys(
        self, hints: Sequence[tuple[str, str]], more: Sequence[tuple[str, str]], last: tuple[str, str]
    ) -> None:
        """Tell many keys: first on the message line, then in the footer, where `last` stays in any case."""
        message, footer = self.query_one("#message", Bar), self.query_one("#keys", KeysBar)
        above = leading(hints, self.size.width - sum(cell_len(words) for words, _ in message.right))
        self._say(keys_line(above))
        footer.hints = (*hints[len(above) :], *more, last)

    # --- dialogs -----------------------------------------------------------------------------------

    def open_dialog(self, dialog: Dialog) -> None:
        """Show a dialog; it has the keys until it closes."""
        if self._dialog is not None:
            self._dialog.remove()
        else:
            self._before_dialog = self.focused
        self._dialog = dialog
        self.mount(dialog)

    @property
    def is_asking(self) -> bool:
        """Return whether a dialog is open."""
        return self._dialog is not None

    def on_resize(self) -> None:
        """Keep an open dialog on the screen."""
        if self._dialog is not None:
            self._dialog.place()

    def get_widget_at(self, x: int, y: int) -> tuple[Widget, Region]:
        """Return what the pointer acts on: while a dialog is open, nothing beside it."""
        widget, region = super().get_widget_at(x, y)
        dialog = self._dialog
        if dialog is not None and dialog not in widget.ancestors_with_self:
            return self, self.region
        return widget, region

    def dialog_closed(self, dialog: Dialog, then: Callable[[], None] | None) -> None:
        """Take a dialog away, and do what it was for."""
        if dialog is self._dialog:
            self._dialog = None
        dialog.remove()
        before, self._before_dialog = self._before_dialog, None
        if before is not None and before.is_attached:
            before.focus()
        if self.previews and self.task_store is not None:
            self.task_store.set(preview=None)
        self.previews = False
        if then is not None:
            self.guarded(then)
        self.show_keys()

    def guarded(self, action: Callable[[], None]) -> None:
        """Do something that a user asked for; what goes wrong is told on the message line."""
        try:
            action()
        except TuiEditorError as error:
            self.tell(one_line(str(error)), severity="warning")

    @property
    def beside(self) -> SideThread:
        """Return what does jobs off the event loop."""
        if self._aside is None:
            from tui_editor.ui.side_thread import SideThread

            self._aside = SideThread(self.app.answer)  # type: ignore[attr-defined]  # the app is an EditorApp
        return self._aside

    def aside(self, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run a job off the event loop, then `done` here; the next key waits a while for that."""
        self.beside.do(job, self.awaited(done))

    def awaited(self, done: Callable[[T], None]) -> Callable[[Callable[[], T]], None]:
        """Return what takes, on the event loop, an answer made off it; the next key waits a while for that."""
        self._asides += 1

        def answered(made: Callable[[], T]) -> None:
            self._asides -= 1
            self.guarded(lambda: done(made()))

        return answered

    def ask_text(
        self, title: str, initial: str, done: Callable[[str], None], *, hint: str = "", assist: Assist | None = None
    ) -> None:
        """Ask for a line of text."""
        self.open_dialog(
            TextDialog(title, initial, done, hint)
            if assist is None
            else AssistedDialog(title, assist, done, initial=initial, hint=hint)
        )

    def pick(
        self, title: str, choices: Sequence[Choice], done: Callable[[tuple[str, ...]], None], *, many: bool = False
    ) -> None:
        """Ask for one of the choices, or several."""
        self.open_dialog(Picker(title, choices, done, many=many))

    def confirm(
        self,
        title: str,
        text: str,
        done: Callable[[], None],
        *,
        listed: Sequence[str] = (),
        preview: Patch | None = None,
    ) -> None:
        """Ask whether to go on; what it would do is shown meanwhile."""
        self.open_dialog(ConfirmDialog(title, text, done, listed))
        if preview is not None and self.task_store is not None:
            self.task_store.set(preview=preview)
            self.previews = True

    def ask_issue(self, draft: IssueDraft, done: Callable[[IssueDraft], None]) -> None:
        """Ask for an issue."""
        self.open_dialog(IssueDialog(draft, done))

    def go_through(self, steps: Iterator[float | None], done: Callable[[], None]) -> None:
        """Do a long piece of work a few milliseconds at a time; keys wait for it, Escape stops it."""
        if self._work is not None and not self._work.over:
            self._work.stop()
        self._work = Work(self, steps, done)
        self._work.go_on()

    def show(self, what: str) -> None:
        """Open help, the palette, the `:` line, or a screen around the canvas."""
        if what == "help":
            self.open_dialog(HelpDialog(self.help_mode, self.context()))
        elif what in {"line", "palette"}:
            history = self.loop.history.lines if what == "line" else None
            self.open_dialog(
                LineDialog(self.context(), self.loop.keymap.commands, self.mode, self._typed_line, history)
            )
        else:
            from tui_editor.ui.boards.opening import open_screen

            open_screen(self, what)

    def _typed_line(self, text: str) -> None:
        self.loop.history.add(text)
        self._run_line(text)

    def _run_line(self, text: str) -> None:
        run_line(text, self.context())

    # --- messages ----------------------------------------------------------------------------------

    def tell(self, text: str, *, severity: str = "information") -> None:
        """Say something on the message line, until the next key; a screen that opens says it when it is there."""
        style = SEVERITIES.get(severity, PLAIN)
        self._say(((f" {one_line(self.loop.keymap.told(text, self.mode), 240)}", style),))

    def on_mount(self) -> None:
        """Say what was told while the screen opened."""
        if self._message:
            self._say(self._message)
        elif self.loop.guide is not None:
            from tui_editor.ui.guide import show_step

            show_step(self)

    def _say(self, line: Line) -> None:
        self._message = line
        try:
            self.query_one("#message", Bar).left = line
        except NoMatches:  # the screen is not composed yet, or going
            return

    def show_unread(self) -> None:
        """Show in the header how much of what others did was not read."""

    @property
    def message(self) -> str:
        """Return what the message line says."""
        return "".join(words for words, _ in self._message).strip()

    def clear_message(self) -> None:
        """Take the last message away, unless it was told as the key that is dealt with came."""
        if self._message and not self._holds:
            self._say(())
        self._holds = False

    def hold_message(self) -> None:
        """Keep what was told just now for the key that is to be dealt with: nobody saw it yet."""
        self._holds = bool(self._message)

    def say_no_more(self, words: str) -> None:
        """Take a message away that does not hold any more, where it is still there."""
        if words and self.message == words:
            self._say(())

    def set_status(self, right: Line, brief: Line = ()) -> None:
        """Show progress at the right end of the message line; a brief one where a message needs the room."""
        bar = self.query_one("#message", Bar)
        bar.right, bar.brief = right, brief

    # --- the terminal -----------------------------------------------------------------------------

    def copy(self, text: str) -> None:
        """Put one harmless line on the clipboard, and show it."""
        line = one_line(text, 2000)
        self.app.copy_to_clipboard(line)
        self.tell(f"copied: {line}")

    def suspend(self) -> None:
        """Give the terminal back to the shell."""
        self.app.action_suspend_process()

    def quit(self) -> None:
        """End the program."""
        self.app.exit()
