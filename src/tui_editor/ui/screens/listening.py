"""A screen with lists of classes, labels and attributes: what is done in them, and the keys that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from tui_editor.commands import moving, selecting
from tui_editor.commands.by_pointer import do, say_not_recorded
from tui_editor.commands.command import LOOP, OVERLAYS
from tui_editor.commands.label_menu import open_menu
from tui_editor.commands.objects import needs_selection
from tui_editor.errors import Refused
from tui_editor.state.filters.syntax import quoted
from tui_editor.state.searching import MOST_COUNTED, found_count
from tui_editor.state.tool import TurboTool
from tui_editor.state.view import Mode
from tui_editor.ui.panes.attributes import AttributeRows, AttributesPane, answers_below, attribute_rows
from tui_editor.ui.panes.findings import FindingsPane
from tui_editor.ui.panes.issues import IssuesPane
from tui_editor.ui.panes.labels import LabelRows, LabelsPane, label_rows
from tui_editor.ui.screens.paned import PanedScreen
from tui_editor.ui.widgets.rows import NoRows
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from tui_editor.model.ontology import AnyClass, Attribute
    from tui_editor.state.store import TaskState, TaskStore
    from tui_editor.ui.widgets.rows import RowSource

LIST_KEYS = {"j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 10, "pageup": -10}
"""What moves the cursor of a pane that has the keys; those of issues and findings have a mode of their own."""


class ListeningScreen(PanedScreen):
    """Answers the lists of the editor. The subclass has the store."""

    @property
    def store(self) -> TaskStore:
        """Return the task's store."""
        raise NotImplementedError

    def key_mode(self, key: str) -> Mode:
        """Return the mode in which a key is looked up: some panes have keys of their own while they have the focus."""
        own = self.overlay if not self._resolver.typed else None
        return own if own is not None and self._resolver.begins(own, key) else self.mode

    @property
    def overlay(self) -> Mode | None:
        """Return the mode of the keys that the pane with the focus lays over those of the loop; None: it has none."""
        focused = self.focused.id if self.focused is not None else None
        return OVERLAYS.get(focused or "") if self.mode in LOOP else None

    @property
    def help_mode(self) -> Mode:
        """Return the mode whose keys help shows: those of the findings pane while it has the focus."""
        return Mode.FINDINGS if self.overlay is Mode.FINDINGS else self.mode

    def take_list_key(self, key: str) -> bool:
        """Move or choose in the pane that has the keys; return whether the key was for it."""
        pane = self.focused
        own = isinstance(pane, IssuesPane | FindingsPane)
        if not isinstance(pane, VirtualList) or own or self.mode not in LOOP:
            return False
        if key in LIST_KEYS:
            pane.move(LIST_KEYS[key])
        elif key in {"home", "end"}:
            pane.move_to(0 if key == "home" else len(pane.rows) - 1)
        elif key == "enter":
            pane.choose()
        elif key == "escape" and not self.store.state.listing.visual:
            self.focus_pane("canvas")
        else:
            return False
        self.clear_message()
        return True

    # --- state to lists ----------------------------------------------------------------------------

    def told(self, rows: RowSource) -> RowSource:
        """Name the keys in what an empty list says."""
        return NoRows(self.loop.keymap.told(rows.why, self.mode)) if isinstance(rows, NoRows) else rows

    def show_labels(self, state: TaskState) -> None:
        """Show the Labels pane of a state."""
        pane = self.query_one(LabelsPane)
        rows = self.told(label_rows(state, pane.rows))
        pane.rows = rows
        pane.cursor = rows.index_of(state.selected) if isinstance(rows, LabelRows) else None
        pane.name_below(_below(rows, state))

    def show_attributes(self, state: TaskState) -> None:
        """Show the Attributes pane of a state; in Turbo mode the current question is under the cursor."""
        pane = self.query_one(AttributesPane)
        rows = self.told(attribute_rows(state))
        pane.rows = rows
        if isinstance(state.tool, TurboTool):
            pane.cursor = rows.asked_row if isinstance(rows, AttributeRows) else None
        pane.name_below(answers_below(state))

    # --- lists to state ----------------------------------------------------------------------------

    @on(VirtualList.Moved, "#labels")
    def _label_moved(self, event: VirtualList.Moved) -> None:
        if isinstance(event.key, int):
            moving.focus(self.context(), event.key)  # type: ignore[arg-type]  # whole numbers are instances
            say_not_recorded(self.context(), "going through the list")

    @on(VirtualList.Chosen, "#labels")
    def _label_chosen(self) -> None:
        self.focus_pane("canvas")

    @on(LabelsPane.Clicked)
    def _label_clicked(self, event: LabelsPane.Clicked) -> None:
        """Select what was clicked; with Shift up to it, with Ctrl it too; the right button opens its menu."""
        event.stop()
        context, chosen = self.context(), self.store.state.selection
        if event.right:
            if event.instance not in chosen:
                moving.focus(context, event.instance)
            self.guarded(self._open_menu)
        elif event.shift:
            moving.select_to(context, event.instance)
        elif event.more:
            selecting.toggle(context, event.instance)
        else:
            moving.focus(context, event.instance)
            self.focus_pane("canvas")

    def _open_menu(self) -> None:
        context = self.context()
        why = needs_selection(context)
        if why:
            raise Refused(why)
        open_menu(context)

    @on(VirtualList.Chosen, "#attributes")
    def _attribute_chosen(self, event: VirtualList.Chosen) -> None:
        attribute: Attribute = event.key  # type: ignore[assignment]  # the rows' keys are attributes
        do(self.context(), "object.answer", attribute.id)

    @on(VirtualList.Chosen, "#classes")
    def _class_chosen(self, event: VirtualList.Chosen) -> None:
        entry: AnyClass = event.key  # type: ignore[assignment]  # the rows' keys are classes
        self.focus_pane("canvas")
        do(self.context(), "object.new", quoted(entry.name))


def _below(rows: RowSource, state: TaskState) -> str:
    """Return what stands below the Labels pane: how many it lists, of what, in which order."""
    listing = state.listing
    count = rows.listed.count if isinstance(rows, LabelRows) else 0
    where = "this frame" if listing.frame_only else "all"
    if listing.frames is not None:
        where = f"on {listing.frames[0]}–{listing.frames[1]}"
    pieces = [f"{count:,} {where}"]
    if len(state.selection) > 1 or listing.visual:
        pieces.append(
            f"{'range of ' if listing.visual else ''}{len(state.selection):,}{'' if listing.visual else ' selected'}"
        )
    if listing.search and isinstance(rows, LabelRows) and count <= MOST_COUNTED:
        found = found_count(rows.listed.ranks(), listing.search, state.project.ontology, rows.listed.ranking)
        pieces.append(f"{found:,} × {listing.search[:12]}")
    if state.filters.text:
        pieces.append("filter")
    if listing.sort.value != "creation" or listing.descending:
        pieces.append(f"{listing.sort.value} {'↓' if listing.descending else '↑'}")
    return " · ".join(pieces)
