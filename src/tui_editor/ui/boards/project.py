"""The project's settings on a screen: the same functions as the shell's commands, refused with the same reasons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_editor.api import stages
from tui_editor.api.config import SHARED
from tui_editor.api.layouts import choose_layout, chosen_layout, read_layout, set_layout
from tui_editor.api.project_settings import MOST_TEXT, defaults_of, moved, set_defaults, set_list, set_text
from tui_editor.api.quality.gates import set_gate
from tui_editor.api.workflow import group_by, set_role
from tui_editor.checks.gates import gates_of
from tui_editor.commands.context import Choice
from tui_editor.model.transitions import Role
from tui_editor.model.workflow import StageKind
from tui_editor.text import one_line
from tui_editor.ui.boards.project_items import ADD, project_items, stage_items
from tui_editor.ui.boards.storing import of_project, read_settings, seen_project
from tui_editor.ui.dialogs.base import TextDialog
from tui_editor.ui.dialogs.board import Board
from tui_editor.ui.dialogs.picker import Picker
from tui_editor.ui.dialogs.text_area import TextAreaDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.api.project import Project
    from tui_editor.commands.menu import MenuItem
    from tui_editor.ui.boards.storing import Settings
    from tui_editor.ui.desk import Desk
    from tui_editor.ui.dialogs.base import Dialog
    from tui_editor.ui.screens.front import FrontScreen

_ROLES = {role.value: role.value.replace("_", " and ") for role in Role}


def show_project(screen: FrontScreen, desk: Desk, at: str = "", typed: str = "") -> None:
    """Show the settings as the store has them; Enter changes one, Delete takes a member, stage or reason out."""
    of_project(screen, read_settings, lambda found: _open(screen, desk, found, at, typed))


def _open(screen: FrontScreen, desk: Desk, found: Settings, at: str, typed: str) -> None:
    """Open the board; the open task goes by these settings from now on."""
    if desk.task is not None:
        desk.task.store.set(project=found.for_gates)
    project = seen_project(desk, desk.project.store, found.info)

    def acts(item: MenuItem) -> ProjectBoard:
        return ProjectBoard(screen, desk, project, item, board.typed_last)

    board = Board(
        f"Project {one_line(found.info.name, 40)}",
        project_items(project),
        lambda item: acts(item).change(),
        removed=lambda item: acts(item).remove(),
        hint="type to search, Enter changes, Delete takes out",
        at=at,
        typed=typed,
    )
    screen.open_dialog(board)


class ProjectBoard:
    """Changes what a line of the settings stands for, on the store's thread, and shows them again.

    Args:
        screen: Where the board is.
        desk: Of the window.
        project: With the settings as the board shows them; asked of nothing else here.
        item: The line.
        typed: What was searched for.
    """

    def __init__(self, screen: FrontScreen, desk: Desk, project: Project, item: MenuItem, typed: str) -> None:
        self._screen, self._desk, self._project, self._typed = screen, desk, project, typed
        self._item = item
        self._kind, _, self._name = item.key.partition(":")

    def again(self) -> None:
        """Show the settings anew."""
        show_project(self._screen, self._desk, self._item.key, self._typed)

    def _do(self, change: Callable[[Project], object], again: Callable[[], None] | None = None) -> None:
        """Do a change, then show the settings; what is refused, or was changed by somebody else, is told."""
        back = again or self.again

        def wrong(words: str) -> None:
            self._screen.tell(words, severity="warning")
            back()

        of_project(self._screen, change, lambda _: back(), seen=self._project.info, failed=wrong)

    def _ask(self, make: Callable[[Callable[[Any], None]], Dialog], done: Callable[[Any], None]) -> None:
        """Open a dialog; without an answer the board comes back."""
        dialog = make(done)
        dialog.back = self.again
        self._screen.open_dialog(dialog)

    def _ask_line(self, title: str, value: str, change: Callable[[Project, str], object], hint: str = "") -> None:
        self._ask(
            lambda done: TextDialog(title, value, done, hint),
            lambda line: self._do(lambda project: change(project, line)),
        )

    def _ask_one(self, title: str, choices: list[Choice], picked: Callable[[str], None]) -> None:
        self._ask(lambda done: Picker(title, choices, done), lambda values: picked(values[0]))

    def change(self) -> None:
        """Ask for what the line shall be."""
        ways = {
            "text": self._text,
            "member": self._member,
            "stage": self._stage,
            "reason": self._reason,
            "gate": self._gate,
            "default": self._default,
            "layout": self._layout,
            "ontology": self._ontology,
            "group_by": self._group_by,
        }
        ways[self._kind]()

    def remove(self) -> None:
        """Take out what the line stands for."""
        name = self._name
        if name != ADD and self._kind == "member":
            self._do(lambda project: set_role(project, name, ""))
        elif name != ADD and self._kind == "stage":
            self._do(lambda project: stages.keep_workflow(project, stages.without_stage(project.info.workflow, name)))
        elif name != ADD and self._kind == "reason":
            kept = [reason for n, reason in enumerate(self._project.info.reasons) if n != int(name)]
            self._do(lambda project: set_list(project, "reasons", kept))
        elif name != ADD and self._kind == "layout":
            self._do(lambda project: set_layout(project, name, None))
        elif self._kind == "default":
            self._do(lambda project: set_defaults(project, {name: ""}))
        else:
            self._screen.tell(f"{self._item.title} can't be taken out", severity="warning")
            self.again()

    # --- texts, tags, reasons ------------------------------------------------------------------------

    def _text(self) -> None:
        info, name = self._project.info, self._name
        if name == "instructions":
            self._ask(
                lambda done: TextAreaDialog("Instructions (Markdown)", info.instructions, done, MOST_TEXT),
                lambda text: self._do(lambda project: set_text(project, name, text)),
            )
        elif name == "tags":
            tags = ", ".join(info.issue_tags)
            self._ask_line(
                "Issue tags", tags, lambda p, text: set_list(p, "tags", text.split(",")), "with commas between"
            )
        else:
            self._ask_line(self._item.title, getattr(info, name), lambda p, text: set_text(p, name, text))

    def _reason(self) -> None:
        reasons = self._project.info.reasons
        if self._name == ADD:
            self._ask_line("A reason", "", lambda p, text: set_list(p, "reasons", [*reasons, text]))
            return
        at = int(self._name)

        def changed(project: Project, text: str) -> None:
            set_list(project, "reasons", [text if n == at else reason for n, reason in enumerate(reasons)])

        choices = [
            Choice(value="change", label="Change the words"),
            Choice(value="earlier", label="One digit earlier", disabled="it is the first" if at == 0 else ""),
            Choice(value="later", label="One digit later", disabled="it is the last" if at + 1 == len(reasons) else ""),
        ]

        def picked(value: str) -> None:
            if value == "change":
                self._ask_line("The reason", reasons[at], changed)
            else:
                order = moved(reasons, at, -1 if value == "earlier" else 1)
                self._do(lambda project: set_list(project, "reasons", order))

        self._ask_one(reasons[at], choices, picked)

    # --- members -------------------------------------------------------------------------------------

    def _member(self) -> None:
        if self._name == ADD:
            title, hint = "Login of the member", "the name by which the machine knows the person"
            self._ask(lambda done: TextDialog(title, "", done, hint), self._role_of)
        else:
            self._role_of(self._name)

    def _role_of(self, person: str) -> None:
        person = person.strip()
        if not person:
            self.again()
            return
        choices = [Choice(value=value, label=label) for value, label in _ROLES.items()]
        self._ask_one(
            f"Role of {one_line(person, 30)}",
            choices,
            lambda role: self._do(lambda project: set_role(project, person, role)),
        )

    # --- stages --------------------------------------------------------------------------------------

    def _stage(self) -> None:
        if self._name == ADD:
            self._ask(lambda done: TextDialog("Name of the stage", "", done), self._kind_of)
        else:
            self._show_stage(self._name)

    def _kind_of(self, name: str) -> None:
        name = name.strip()
        if not name:
            self.again()
            return
        choices = [Choice(value=kind.value, label=kind.value.replace("_", " ")) for kind in StageKind]
        self._ask_one(f"What is done in {one_line(name, 30)}", choices, lambda kind: self._add(name, kind))

    def _add(self, name: str, kind: str) -> None:
        self._do(lambda p: stages.keep_workflow(p, stages.with_stage(p.info.workflow, name, kind)))

    def _show_stage(self, name: str, at: str = "") -> None:
        of_project(self._screen, read_settings, lambda found: self._open_stage(found, name, at))

    def _open_stage(self, found: Settings, name: str, at: str) -> None:
        self._project = project = seen_project(self._desk, self._desk.project.store, found.info)
        if all(stage.name != name for stage in found.info.workflow.stages):
            self._screen.tell(f"the stage {one_line(name, 40)} is gone", severity="warning")
            self.again()
            return
        board = Board(
            f"Stage {one_line(name, 40)}",
            stage_items(project, name),
            lambda item: self._change_stage(name, item),
            hint="type to search, Enter changes, Escape leads back",
            at=at,
        )
        board.back = self.again
        self._screen.open_dialog(board)

    def _change_stage(self, name: str, item: MenuItem) -> None:
        if item.key in {"earlier", "later"}:
            by = -1 if item.key == "earlier" else 1
            self._do(
                lambda p: stages.keep_workflow(p, stages.moved_stage(p.info.workflow, name, by)),
                lambda: self._show_stage(name, item.key),
            )
        elif item.key == "remove":
            self._do(lambda p: stages.keep_workflow(p, stages.without_stage(p.info.workflow, name)))
        elif item.key == "rename":
            self._ask_line("Name", name, lambda p, new: stages.rename_stage(p, name, new.strip()))
        else:
            self._ask_field(name, item)

    def _ask_field(self, name: str, item: MenuItem) -> None:
        value = stages.words_of(self._project.info.workflow.stage(name), item.key)
        back = lambda: self._show_stage(name, item.key)  # noqa: E731  # what both ways lead to

        def change(project: Project, words: str) -> None:
            workflow = stages.changed_stage(project.info.workflow, name, item.key, words)
            stages.keep_workflow(project, workflow)

        dialog = TextDialog(
            f"{item.title} of {one_line(name, 30)}",
            value,
            lambda words: self._do(lambda p: change(p, words), back),
            item.hint,
        )
        dialog.back = back
        self._screen.open_dialog(dialog)

    # --- the others ----------------------------------------------------------------------------------

    def _gate(self) -> None:
        rules = " ".join(gates_of(self._project.info).get(self._name, ()))
        self._ask_line(
            f"Checks before {one_line(self._name, 30)} is submitted",
            rules,
            lambda p, text: set_gate(p, self._name, text.replace(",", " ").split()),
            "rules or their beginnings: S G01; empty: none",
        )

    def _default(self) -> None:
        """Ask for a value; of few by a list."""
        key = next(key for key in SHARED if key.name == self._name)
        if key.range is not None:
            now, hint = defaults_of(self._project.info).get(key.name, ""), f"{key.allowed}; empty: none"
            self._ask_line(key.title, now, lambda p, value: set_defaults(p, {key.name: value.strip()}), hint)
        else:
            choices = [Choice(value=value, label=value) for value in key.values]
            self._ask_one(key.title, choices, lambda value: self._do(lambda p: set_defaults(p, {key.name: value})))

    def _layout(self) -> None:
        """Ask what a layout is to do; a new one is read from a file."""
        name = self._name
        if name == ADD:
            self._read_layout()
            return
        used = chosen_layout(self._project.info) == name
        choices = [
            Choice(value="use", label="Show tasks in one window" if used else "Show all tasks in it"),
            Choice(value="read", label="Read another file in its place"),
        ]

        def picked(value: str) -> None:
            if value == "read":
                self._read_layout()
            else:
                self._do(lambda project: choose_layout(project, "" if used else name))

        self._ask_one(one_line(name, 40), choices, picked)

    def _read_layout(self) -> None:
        """Ask for a file; it is read, and told what is wrong with it, on the store's thread."""

        def change(project: Project, typed: str) -> None:
            file = Path(typed.strip()).expanduser()
            set_layout(project, file.stem if self._name == ADD else self._name, read_layout(file))

        self._ask_line("File of the layout (JSON)", "", change, "grid and gridContent; a new one gets the file's name")

    def _ontology(self) -> None:
        """Show the classes and what they ask; Escape leads back here."""
        from tui_editor.ui.boards.ontology import OntologyBoard

        OntologyBoard(self._screen, self._desk, self.again).show()

    def _group_by(self) -> None:
        self._ask_line(
            "Key of the client metadata",
            self._project.info.group_by,
            lambda p, key: group_by(p, key.strip()),
            "empty: tasks go alone",
        )
