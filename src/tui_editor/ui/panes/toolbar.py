"""The quick toolbar: one row of what is often done to the view, for keys and mouse, with the values that differ."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from tui_editor.commands.adjusting import setting_text
from tui_editor.commands.table import by_id
from tui_editor.state.picture import PLAIN, Channel
from tui_editor.state.tool import AdjustTool
from tui_editor.ui.widgets.bars import KEY
from tui_editor.ui.widgets.inks import themed
from tui_editor.ui.widgets.rows import DIM, GOOD
from tui_editor.ui.widgets.rows import PLAIN as USUAL

if TYPE_CHECKING:
    from textual import events

    from tui_editor.commands.context import Context
    from tui_editor.commands.keymap import Keymap
    from tui_editor.state.store import TaskState

WORDS = {
    "view.rotate": "turn",
    "view.angle": "angle",
    "view.contrast": "contrast",
    "view.brightness": "bright",
    "view.gamma": "gamma",
    "view.channel": "colour",
    "view.pixelated": "pixels",
    "view.window": "window",
    "view.centre": "centre",
    "view.zoom": "zoom",
    "issue.here": "comment",
    "geometry.scissors": "scissors",
    "view.plain": "reset",
}
"""The commands of the toolbar in their order, each with a word for its button."""
SETTINGS = {
    "view.angle": "rotation_deg",
    "view.contrast": "contrast",
    "view.brightness": "brightness",
    "view.gamma": "gamma",
    "view.window": "window",
}
"""Commands that set a picture setting, and its name."""
PREFIX = "w"
"""The key after which a button's letter does the same."""

_CHOSEN = Style(reverse=True)
_MORE_LEFT, _MORE_RIGHT = "‹", "›"


class Button(NamedTuple):
    """What one button shows."""

    command: str
    letter: str
    word: str
    value: str = ""
    """What is set; empty while that is the default."""
    why_not: str = ""
    """Why it can't be used now; choosing it tells that."""
    active: bool = False
    """It is being adjusted."""

    @property
    def cells(self) -> int:
        """Return how wide it is."""
        return cell_len(self.letter) + cell_len(self.word) + (cell_len(self.value) + 1 if self.value else 0) + 3


@cache
def letter_of(keymap: Keymap, command: str) -> str:
    """Return the key that follows the prefix for a command; empty where another key leads to it."""
    found = keymap.command(command)
    sequences = (key.keys.split() for key in found.keys) if found else ()
    return next((keys[1] for keys in sequences if len(keys) == 2 and keys[0] == PREFIX), "")


def toolbar_buttons(state: TaskState, context: Context) -> tuple[Button, ...]:
    """Return the buttons as they are for a state."""
    adjusted = state.tool.setting if isinstance(state.tool, AdjustTool) else ""
    return tuple(
        Button(
            command,
            letter_of(context.loop.keymap, command),
            word,
            _value(state, command),
            by_id()[command].why_not(context),
            SETTINGS.get(command, " ") == adjusted,
        )
        for command, word in WORDS.items()
    )


def _value(state: TaskState, command: str) -> str:
    settings, camera = state.view.picture, state.view.camera
    name = SETTINGS.get(command)
    if name is not None:
        return "" if getattr(settings, name) == getattr(PLAIN, name) else setting_text(settings, name)
    if command == "view.channel":
        return "" if settings.channel is Channel.ALL else settings.channel.value
    if command == "view.pixelated":
        return "on" if settings.pixelated else ""
    return f"{camera.scale:.0%}" if command == "view.zoom" and not camera.fitted else ""


class ToolbarPane(Widget, can_focus=True):
    """Shows as many buttons as there is room for, those around the cursor; signs at the ends tell of more."""

    ALLOW_SELECT: ClassVar[bool] = False
    FOCUS_ON_CLICK: ClassVar[bool] = False

    buttons: var[tuple[Button, ...]] = var[tuple[Button, ...]]((), init=False)
    cursor: var[int] = var(0, init=False)

    class Chosen(Message):
        """A button was chosen."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    class Moved(Message):
        """The cursor is on another button."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name for it
        super().__init__(id=id)
        self._first = 0
        """The first button that is shown."""

    def watch_buttons(self) -> None:
        """Repaint."""
        self.refresh()

    def watch_cursor(self) -> None:
        """Repaint."""
        self.refresh()

    def on_focus(self) -> None:
        """Tell what the button under the cursor does."""
        self._move_to(self.cursor)

    def press(self, key: str) -> bool:
        """Take a key: along the buttons, choose one, or a button's letter; return whether it was one of these."""
        letters = [button.letter for button in self.buttons]
        if key in {"h", "left", "l", "right"}:
            self._move_to(self.cursor + (1 if key in {"l", "right"} else -1))
        elif key in {"home", "end"}:
            self._move_to(0 if key == "home" else len(letters) - 1)
        elif key in {"enter", "space"} and self.buttons:
            self._choose(self.cursor)
        elif key and key in letters:
            self._choose(letters.index(key))
        else:
            return False
        return True

    def on_click(self, event: events.Click) -> None:
        """Choose the button under the pointer; a sign at an end brings the next buttons into sight."""
        event.stop()
        shown, before, after = self._shown()
        if before and event.x == 0:
            self.cursor = shown.start - 1
        elif after and event.x >= self.size.width - 1:
            self.cursor = shown.stop
        else:
            ends = accumulate((self.buttons[n].cells for n in shown), initial=int(before))
            at = sum(1 for end in ends if end <= event.x) - 1
            if 0 <= at < len(shown):
                self._choose(shown[at])

    def _move_to(self, number: int) -> None:
        if self.buttons:
            self.cursor = min(max(number, 0), len(self.buttons) - 1)
            self.post_message(self.Moved(self.buttons[self.cursor].command))

    def _choose(self, number: int) -> None:
        self.cursor = number
        self.post_message(self.Chosen(self.buttons[number].command))

    def _shown(self) -> tuple[range, bool, bool]:
        """Return the buttons that are shown, and whether there are others before and after them."""
        count, room = len(self.buttons), self.size.width
        if sum(button.cells for button in self.buttons) <= room:
            return range(count), False, False
        first = min(self._first, self.cursor)
        while first < self.cursor and sum(b.cells for b in self.buttons[first : self.cursor + 1]) > room - 2:
            first += 1
        last = first
        while last < count and sum(b.cells for b in self.buttons[first : last + 1]) <= room - 2:
            last += 1
        self._first = first
        return range(first, max(last, first + 1)), first > 0, last < count

    def render_line(self, y: int) -> Strip:
        """Return the row."""
        base, width = self.rich_style, self.size.width
        if y:
            return Strip.blank(width, base)
        shown, before, after = self._shown()
        pieces = [Segment(_MORE_LEFT, base + DIM)] if before else []
        for number in shown:
            pieces += self._pieces(number, base)
        row = Strip(pieces).adjust_cell_length(width - int(after), base)
        return Strip.join([row, Strip([Segment(_MORE_RIGHT, base + DIM)])]) if after else row

    def _pieces(self, number: int, base: Style) -> list[Segment]:
        button = self.buttons[number]
        over = _CHOSEN if button.active or (self.has_focus and number == self.cursor) else Style()
        usual, key = (DIM, DIM) if button.why_not else (USUAL, KEY)
        value = [(f" {button.value}", GOOD)] if button.value else []
        parts = [(" ", usual), (button.letter, key), (f" {button.word}", usual), *value, (" ", usual)]
        return [Segment(text, base + themed(style) + over) for text, style in parts]
