"""A front end without a screen: scripts and tests run commands through it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

from tui_editor.commands.command import LOOP, OVERLAYS
from tui_editor.commands.context import Choice, Context, IssueDraft, Loop
from tui_editor.commands.keymap import Keymap, default_keymap
from tui_editor.commands.macros import stops_recording
from tui_editor.commands.resolver import KeyResolver, Run, Unbound
from tui_editor.commands.table import run, run_line
from tui_editor.errors import Refused, UsageError
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.commands.assist import Assist
    from tui_editor.commands.context import HandOn
    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import TaskId
    from tui_editor.model.patch import Patch
    from tui_editor.model.project import TaskRow
    from tui_editor.ports import OpenedTask
    from tui_editor.state.store import TaskStore

T = TypeVar("T")
Answer = str | tuple[str, ...] | IssueDraft


class HeadlessFront:
    """Answers dialogs from a list that was given beforehand; a dialog without an answer stays unanswered.

    Args:
        answers: What dialogs get, in turn: a text, the values or labels of choices, an issue draft; confirmations take
            `yes`.
        canvas: (width, height) in screen pixels, for zooming.
    """

    def __init__(self, answers: Iterable[Answer] = (), canvas: tuple[float, float] = (640.0, 480.0)) -> None:
        self.answers = deque(answers)
        self.keymap = default_keymap()
        """Names the keys in messages."""
        self.notes: list[str] = []
        self.warnings: list[str] = []
        self.shown: list[str] = []
        self.done: list[tuple[str, str, str]] = []
        self.copied: list[str] = []
        self.pane = "canvas"
        self.finished_tasks = 0
        self.opened: TaskId | None = None
        self.playing = False
        self.picture: Frame | None = None
        self.pixels: NDArray[np.uint8] | None = None
        """The frame that tools that look at colours see, RGB (h, w, 3)."""
        self.grouped: Sequence[TaskRow] = ()
        self.branched: Sequence[OpenedTask] = ()
        self._canvas = canvas

    def tell(self, text: str, *, severity: str = "information") -> None:
        """Keep the message."""
        told = self.keymap.told(text)
        (self.notes if severity == "information" else self.warnings).append(told)

    def shown_window(self) -> tuple[float, float]:
        """Return the window of a frame of 8 bits."""
        return 127.5, 255.0

    def frame(self) -> Frame | None:
        """Return the picture that was given."""
        return self.picture

    def canvas_px(self) -> tuple[float, float]:
        """Return the size that was given."""
        return self._canvas

    def with_pixels(self, job: Callable[[NDArray[np.uint8]], T], done: Callable[[T], None]) -> None:
        """Run the job on the pixels that were given.

        Raises:
            Refused: none were.
        """
        if self.pixels is None:
            raise Refused("there are no pixels without a screen")
        done(job(self.pixels))

    def aside(self, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run the job at once."""
        done(job())

    def ask_text(
        self, title: str, initial: str, done: Callable[[str], None], *, hint: str = "", assist: Assist | None = None
    ) -> None:
        """Answer with the next text."""
        self.shown.append(title)
        if self.answers:
            done(str(self.answers.popleft()))

    def pick(
        self, title: str, choices: Sequence[Choice], done: Callable[[tuple[str, ...]], None], *, many: bool = False
    ) -> None:
        """Answer with the next value, label or key of the choices; a tuple of them picks several."""
        self.shown.append(title)
        if self.answers:
            answer = self.answers.popleft()
            wanted = answer if isinstance(answer, tuple) else (str(answer),)
            done(tuple(_value_of(choices, w) for w in wanted))

    def confirm(
        self,
        title: str,
        text: str,
        done: Callable[[], None],
        *,
        listed: Sequence[str] = (),
        preview: Patch | None = None,
    ) -> None:
        """Go on when the next answer is `yes`."""
        self.shown += [title, text, *listed]
        if self.answers and self.answers.popleft() == "yes":
            done()

    def ask_issue(self, draft: IssueDraft, done: Callable[[IssueDraft], None]) -> None:
        """Answer with the next draft."""
        self.shown.append("issue")
        if self.answers and isinstance(self.answers[0], IssueDraft):
            answer = self.answers.popleft()
            assert isinstance(answer, IssueDraft)
            done(answer)

    def go_through(self, steps: Iterator[float | None], done: Callable[[], None]) -> None:
        """Do the work at once."""
        for _ in steps:
            pass
        done()

    def note_done(self, kind: str, what: str, outcome: str) -> None:
        """Note an activity."""
        self.done.append((kind, what, outcome))

    def show(self, what: str) -> None:
        """Note what would open."""
        self.shown.append(what)

    def focus_pane(self, pane: str) -> None:
        """Note the pane."""
        self.pane = pane

    def toggle_pane(self, pane: str) -> None:
        """Note the pane."""
        self.shown.append(f"pane {pane}")

    def resize_pane(self, pane: str, by: int) -> None:
        """Note the pane and how much larger it would be."""
        self.shown.append(f"size {pane} {by:+}")

    def reset_panes(self) -> None:
        """Note it."""
        self.shown.append("usual sizes")

    def toggle_play(self, speed: float) -> None:
        """Note whether frames would play."""
        self.playing = not self.playing

    def copy(self, text: str) -> None:
        """Keep the text."""
        self.copied.append(text)

    def task_done(self, note: str = "") -> None:
        """Count the tasks that were handed on, and keep the note."""
        if note:
            self.warnings.append(note)
        self.finished_tasks += 1

    def take_lock(self) -> None:
        """Note that the lock was asked for."""
        self.shown.append("take lock")

    def put_back(self) -> None:
        """Note that edits were asked for that are kept aside."""
        self.shown.append("put back")

    def hand_on_group(self, make: HandOn, command: str) -> None:
        """Note what the others of the group would do."""
        self.shown.append(f"group {command}")

    def group(self) -> Sequence[TaskRow]:
        """Return the rows that were given."""
        return self.grouped

    def branches(self) -> Sequence[OpenedTask]:
        """Return the branches that were given."""
        return self.branched

    def open_task(self, task: TaskId) -> None:
        """Note the task."""
        self.opened = task

    def queue(self, verb: str) -> None:
        """Note the move."""
        self.shown.append(f"queue {verb}")

    def suspend(self) -> None:
        """Note it."""
        self.shown.append("suspend")

    def quit(self) -> None:
        """Note it."""
        self.shown.append("quit")


def _value_of(choices: Sequence[Choice], wanted: str) -> str:
    for choice in choices:
        if wanted in (choice.value, choice.label) or (choice.key and wanted == choice.key):
            return choice.value
    raise UsageError(f"{wanted} is not among the choices")


class Keyboard:
    """Runs keys and `:` lines against a task, as the editor does."""

    def __init__(self, store: TaskStore, front: HeadlessFront | None = None, keymap: Keymap | None = None) -> None:
        self.store = store
        self.front = front or HeadlessFront()
        self.loop = Loop(keymap=keymap or default_keymap())
        self.front.keymap = self.loop.keymap
        self._resolver = KeyResolver(self.loop.keymap.commands)

    @property
    def mode(self) -> Mode:
        """Return what keys mean: the issues pane has keys of its own while it has the focus."""
        mode = self.store.state.mode
        return Mode.ISSUES if self.front.pane == "issues" and mode in LOOP else mode

    def press(self, *keys: str) -> None:
        """Press keys one after the other: `"j"`, `"tab"`, `"3"`.

        Raises:
            UsageError: a key means nothing in the mode it is pressed in.
        """
        for key in keys:
            if stops_recording(self.loop, self._resolver, self.mode, key):
                self.line("macro.stop")
                continue
            found = self._resolver.feed(self._mode_of(key), key)
            if isinstance(found, Unbound) and key != "escape":
                raise UsageError(f"{found.typed} means nothing in {self.mode} mode")
            if isinstance(found, Run):
                run(found.command, self._context(found.count, found.argument))

    def _mode_of(self, key: str) -> Mode:
        """Return the mode in which a key is looked up: some panes have keys of their own while they have the focus."""
        own = OVERLAYS.get(self.front.pane) if self.mode in LOOP and not self._resolver.typed else None
        return own if own is not None and self._resolver.begins(own, key) else self.mode

    def type(self, keys: str) -> None:
        """Press keys separated by blanks."""
        self.press(*keys.split())

    def line(self, text: str) -> bool:
        """Run a `:` line; return whether it ran."""
        return run_line(text, self._context())

    def _context(self, count: int | None = None, argument: str = "") -> Context:
        return Context(front=self.front, task=self.store, loop=self.loop, count=count, argument=argument)
