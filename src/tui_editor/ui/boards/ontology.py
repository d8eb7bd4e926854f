"""The ontology on a screen: a board for the classes, and one for each class, attribute and option below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.api.ontology import edit_ontology
from tui_editor.api.project_settings import why_fixed
from tui_editor.commands.context import Choice
from tui_editor.errors import OntologyError
from tui_editor.model.ontology_edits import (
    KINDS,
    ON_OFF,
    SHAPES,
    added,
    changed,
    field_words,
    fields_of,
    moved,
    removed,
)
from tui_editor.model.ontology_paths import node_at, path_words
from tui_editor.model.transitions import Role
from tui_editor.text import one_line
from tui_editor.ui.boards.ontology_items import ADD, CHILD, FIELD, class_items, place_items
from tui_editor.ui.boards.storing import of_project, read_settings, seen_project
from tui_editor.ui.dialogs.base import TextDialog
from tui_editor.ui.dialogs.board import Board
from tui_editor.ui.dialogs.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.api.ontology import Change
    from tui_editor.commands.menu import MenuItem
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.ontology_paths import Path
    from tui_editor.ui.boards.storing import Settings
    from tui_editor.ui.desk import Desk
    from tui_editor.ui.dialogs.base import Dialog
    from tui_editor.ui.screens.front import FrontScreen

_LISTS = {"kind": KINDS, "shape": SHAPES}


class OntologyBoard:
    """Shows places of the ontology one below the other, and changes them on the store's thread.

    Args:
        screen: Where the boards are.
        desk: Of the window.
        back: Called when the topmost one is left.
    """

    def __init__(self, screen: FrontScreen, desk: Desk, back: Callable[[], None]) -> None:
        self._screen, self._desk, self._back = screen, desk, back
        self._path: Path = ()
        self._seen: Settings

    def show(self, path: Path = (), at: str = "") -> None:
        """Show a place as the store has it; the classes without one.

        Args:
            path: The place.
            at: Key of the line under the cursor.
        """
        of_project(self._screen, read_settings, lambda found: self._open(found, path, at))

    def _open(self, found: Settings, path: Path, at: str) -> None:
        self._seen, self._path = found, path
        if self._desk.task is not None:
            self._desk.task.store.set(project=found.for_gates)
        project = seen_project(self._desk, self._desk.project.store, found.info)
        why = why_fixed(project, Role.ADMIN, Role.MANAGER)
        try:
            items = place_items(self._ontology, path, why) if path else class_items(self._ontology, why)
            title = path_words(self._ontology, path) if path else "Ontology"
        except OntologyError as error:  # somebody took it out meanwhile
            self._screen.tell(str(error), severity="warning")
            self.show(path[:-1])
            return
        board = Board(
            title,
            items,
            self._chosen,
            removed=self._take_out,
            hint="type to search, Enter changes, Delete takes out",
            at=at,
        )
        board.back = (lambda: self.show(path[:-1], f"{CHILD}{path[-1]}")) if path else self._back
        self._screen.open_dialog(board)

    @property
    def _ontology(self) -> Ontology:
        return self._seen.info.ontology

    # --- what a line does ----------------------------------------------------------------------------

    def _chosen(self, item: MenuItem) -> None:
        path = self._path
        if item.key.startswith(CHILD):
            self.show((*path, item.key.removeprefix(CHILD)))
        elif item.key.startswith(FIELD):
            self._change(item.key.removeprefix(FIELD), item)
        elif item.key.startswith(ADD):
            self._add(item)
        elif item.key == "remove":
            self._remove(path)
        else:
            by = -1 if item.key == "earlier" else 1
            self._do(lambda ontology: moved(ontology, path, by), item.key)

    def _take_out(self, item: MenuItem) -> None:
        if item.key.startswith(CHILD):
            self._remove((*self._path, item.key.removeprefix(CHILD)))
        else:
            self._screen.tell(f"{item.title} can't be taken out", severity="warning")
            self.show(self._path, item.key)

    def _remove(self, path: Path) -> None:
        """Take a place out, and show what is above it."""
        at = f"{CHILD}{path[-1]}" if path != self._path else "remove"
        self._do(lambda ontology: removed(ontology, path), at, show=path[:-1])

    def _do(self, change: Change, at: str, *, show: Path | None = None) -> None:
        """Make a change, then show the place again, or another; what is refused is told."""
        path = self._path

        def kept(words: str) -> None:
            self._screen.tell(words or "it is so already")
            self.show(path if show is None else show, at)

        def wrong(words: str) -> None:
            self._screen.tell(words, severity="warning")
            self.show(path, at)

        of_project(
            self._screen,
            lambda project: edit_ontology(project, change),
            kept,
            seen=self._seen.info,
            failed=wrong,
        )

    def _ask(self, dialog: Dialog, at: str) -> None:
        """Open a dialog; without an answer the board comes back."""
        path = self._path
        dialog.back = lambda: self.show(path, at)
        self._screen.open_dialog(dialog)

    def _ask_one(self, title: str, values: tuple[str, ...], at: str, picked: Callable[[str], None]) -> None:
        choices = [Choice(value=value, label=value.replace("_", " ")) for value in values]
        self._ask(Picker(title, choices, lambda found: picked(found[0])), at)

    def _change(self, field: str, item: MenuItem) -> None:
        path, node = self._path, node_at(self._ontology, self._path)
        now, title = field_words(self._ontology, path, field), f"{item.title} of {path_words(self._ontology, path)}"

        def change(words: str) -> None:
            self._do(lambda ontology: changed(ontology, path, field, words), item.key)

        if now in ON_OFF and field not in {"name", "help", "pattern"}:
            change("off" if now == "on" else "on")
        elif field in _LISTS:
            self._ask_one(title, _LISTS[field], item.key, change)
        else:
            self._ask(TextDialog(one_line(title, 60), now, change, fields_of(node)[field]), item.key)

    def _add(self, item: MenuItem) -> None:
        """Ask for a name, then for a kind where there are several, and add it at the end."""
        what, path = item.key.removeprefix(ADD), self._path
        kinds = {"class": SHAPES, "question": KINDS, "attribute": KINDS}.get(what, ())

        def add(name: str, kind: str = "") -> None:
            self._do(lambda ontology: added(ontology, path, name, kind), item.key)

        def named(name: str) -> None:
            if not name.strip():
                self.show(path, item.key)
            elif kinds:
                title = f"How {one_line(name, 30)} is {'drawn' if what == 'class' else 'answered'}"
                self._ask_one(title, kinds, item.key, lambda kind: add(name, kind))
            else:
                add(name)

        self._ask(TextDialog(f"{item.title}: its name", "", named), item.key)
