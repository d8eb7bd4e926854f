"""A board: a list in groups that is searched by typing, and one line of which is chosen with Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import on
from textual.widgets import Input, Static

from tui_editor.commands.menu import MenuItem, nearest, searched
from tui_editor.text import one_line
from tui_editor.ui.dialogs.base import KEPT_LINES, Dialog
from tui_editor.ui.dialogs.help import shown_keys
from tui_editor.ui.widgets.bars import KEY
from tui_editor.ui.widgets.rows import BOLD, DIM, PLAIN, Line, NoRows, shortened
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult

DETAIL_LINES: Final = 2
NARROW_DETAIL_LINES: Final = 4
"""Where the board has less than its width."""
KEYS_CELLS: Final = 10
LEAST_TITLE, MOST_TITLE = 16, 36
MOVES: Final = {"down": 1, "up": -1, "pagedown": 12, "pageup": -12}
_FIELD_LINES: Final = 3


class BoardRows:
    """The items that fit what was typed, under the names of their groups."""

    def __init__(self, items: Sequence[MenuItem], *, keys: bool) -> None:
        self._keys = keys
        self._lines: list[MenuItem | str] = []
        group = ""
        for item in items:
            if item.group != group:
                group = item.group
                self._lines.append(group)
            self._lines.append(item)
        longest = max((cell_len(one_line(item.title)) for item in items), default=0)
        self._title = min(max(longest, LEAST_TITLE), MOST_TITLE)

    def __len__(self) -> int:
        return len(self._lines)

    def key(self, index: int) -> object:
        """Return the item, or the name of the group."""
        return self._lines[index]

    def item(self, index: int | None) -> MenuItem | None:
        """Return the item of a row; None for the name of a group."""
        found = self._lines[index] if index is not None and 0 <= index < len(self._lines) else None
        return found if isinstance(found, MenuItem) else None

    def row_of(self, key: str) -> int | None:
        """Return the row of an item; the first item's where there is none of that key."""
        rows = {item.key: n for n, item in reversed(list(enumerate(self._lines))) if isinstance(item, MenuItem)}
        return rows.get(key, min(rows.values(), default=None))

    def line(self, index: int) -> Line:
        """Return keys, title, value; dim with the reason where it can't be chosen."""
        entry = self._lines[index]
        if isinstance(entry, str):
            return ((f" {one_line(entry, 60)}", BOLD),)
        title = set_cell_size(shortened(entry.title, self._title), self._title)
        why = f"not now: {entry.disabled}" if entry.disabled else ""
        first = set_cell_size(f"  {shown_keys([entry.keys]) if entry.keys else ''}", KEYS_CELLS) if self._keys else "  "
        told = one_line(why or entry.value or (entry.hint if self._keys else ""), 200)
        return (
            (first, DIM if why else KEY),
            (title + "  ", DIM if why else PLAIN),
            (told, DIM if why or self._keys else KEY),
        )


class Board(Dialog):
    """Lists items; typing searches, Enter chooses, Delete resets or takes away where that means something.

    Args:
        title: Shown in the border.
        items: What is listed.
        chosen: Gets the item after the board is gone.
        removed: Gets the item whose value is to go, after the board is gone; None: nothing can go.
        keys: Whether the lines begin with keys.
        hint: What the field says while it is empty.
        at: Key of the item under the cursor at first.
        typed: What is searched for at first.
    """

    WIDTH: ClassVar[int] = 110

    def __init__(
        self,
        title: str,
        items: Sequence[MenuItem],
        chosen: Callable[[MenuItem], None],
        *,
        removed: Callable[[MenuItem], None] | None = None,
        keys: bool = False,
        hint: str = "type to search, Enter chooses",
        at: str = "",
        typed: str = "",
    ) -> None:
        super().__init__(title)
        self._items, self._then_chosen, self._removed = tuple(items), chosen, removed
        self._keys, self._placeholder, self._at, self._typed = keys, hint, at, typed

    def compose(self) -> ComposeResult:
        """Show the field, the list, and what is to be said of the line under the cursor."""
        yield Input(value=self._typed, placeholder=self._placeholder, select_on_focus=False)
        listed = VirtualList()
        listed.can_focus = False
        yield listed
        yield Static(classes="hint")

    def on_mount(self) -> None:
        """Show all that fits."""
        super().on_mount()
        self._show(self._typed, self._at)

    def place(self) -> None:
        """Show as many lines as the screen has room for."""
        size = self.screen.size
        details = DETAIL_LINES if size.width > self.WIDTH else NARROW_DETAIL_LINES
        self.query_one(Static).styles.height = details
        room = size.height - KEPT_LINES - details - _FIELD_LINES - 2
        groups = len({item.group for item in self._items})
        self.query_one(VirtualList).styles.height = min(len(self._items) + groups, max(3, room))
        super().place()

    @property
    def _listed(self) -> VirtualList:
        return self.query_one(VirtualList)

    @property
    def item(self) -> MenuItem | None:
        """Return the item under the cursor."""
        rows = self._listed.rows
        return rows.item(self._listed.cursor) if isinstance(rows, BoardRows) else None

    @property
    def typed_last(self) -> str:
        """Return what was searched for, also when the board is gone."""
        return self._typed

    def _show(self, typed: str, at: str = "") -> None:
        found = searched(self._items, typed)
        rows = BoardRows(found, keys=self._keys)
        self._listed.rows = rows if found else NoRows("nothing fits what is typed")
        self._listed.cursor = rows.row_of(at or nearest(found, typed))
        self._explain()

    def _explain(self) -> None:
        item = self.item
        words = "" if item is None else f"{item.hint}{f' — not now: {item.disabled}' if item.disabled else ''}"
        self.query_one(Static).update(Text(one_line(words, 400)))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._typed:
            self._typed = event.value
            self._show(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self._choose()

    @on(VirtualList.Chosen)
    def _clicked(self, event: VirtualList.Chosen) -> None:
        event.stop()
        self._choose()

    @on(VirtualList.Moved)
    def _moved(self, event: VirtualList.Moved) -> None:
        event.stop()
        self._explain()

    def _choose(self) -> None:
        item = self.item
        if item is not None and not item.disabled:
            self.answer(lambda: self._then_chosen(item))

    def handle(self, event: events.Key) -> bool:
        """Move in the list while the field keeps the letters; Delete takes away."""
        if event.key in MOVES:
            self._move(MOVES[event.key])
        elif event.key == "delete" and self._removed is not None:
            item, removed = self.item, self._removed
            if item is not None and not item.disabled:
                self.answer(lambda: removed(item))
        else:
            return False
        return True

    def _move(self, by: int) -> None:
        """Move the cursor, past the names of groups."""
        listed = self._listed
        before = listed.cursor
        listed.move(by)
        if self.item is None:
            listed.move(1 if by > 0 else -1)
        if self.item is None and before is not None:
            listed.move_to(before)
        self._explain()
