"""The project's settings on a screen: the same functions as the shell's commands, refused with the same reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.api import stages
from tui_editor.api.project_settings import MOST_TEXT, moved, set_list, set_text
from tui_editor.api.quality.gates import set_gate, with_thresholds
from tui_editor.api.workflow import group_by, set_role
from tui_editor.checks.gates import gates_of
from tui_editor.commands.context import Choice
from tui_editor.model.transitions import Role
from tui_editor.model.workflow import StageKind
from tui_editor.text import one_line
from tui_editor.ui.boards.asking import ask
from tui_editor.ui.boards.project_items import ADD, ontology_items, project_items, stage_items
from tui_editor.ui.dialogs.base import TextDialog
from tui_editor.ui.dialogs.board import Board
from tui_editor.ui.dialogs.picker import Picker
from tui_editor.ui.dialogs.text_area import TextAreaDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.menu import MenuItem
    from tui_editor.model.workflow import Workflow
    from tui_editor.ui.desk import Desk
    from tui_editor.ui.screens.front import FrontScreen

_ROLES = {role.value: role.value.replace("_", " and ") for role in Role}


def show_project(screen: FrontScreen, desk: Desk, at: str = "", typed: str = "") -> None:
    """Show the settings; Enter changes one, Delete takes a member, stage or reason out."""
    board = Board(
        f"Project {one_line(desk.project.info.name, 40)}",
        project_items(desk.project),
        lambda item: ProjectBoard(screen, desk, item, board.typed_last).change(),
        removed=lambda item: ProjectBoard(screen, desk, item, board.typed_last).remove(),
        hint="type to search, Enter changes, Delete takes out",
        at=at,
        typed=typed,
    )
    screen.open_dialog(board)


class ProjectBoard:
    """Changes what a line of the settings stands for, and shows them again."""

    def __init__(self, screen: FrontScreen, desk: Desk, item: MenuItem, typed: str) -> None:
        self._screen, self._desk, self._project, self._typed = screen, desk, desk.project, typed
        self._item = item
        self._kind, _, self._name = item.key.partition(":")

    def again(self) -> None:
        """Show the settings anew; the open task goes by them from now on."""
        show_project(self._screen, self._desk, self._item.key, self._typed)

    def _done(self, change: Callable[[], None]) -> None:
        """Do a change; what is refused is told by whoever asked."""
        change()
        task = self._desk.task
        if task is not None:
            task.store.set(project=with_thresholds(self._project))

    def _ask_line(self, title: str, value: str, change: Callable[[str], None], hint: str = "") -> None:
        ask(
            self._screen,
            lambda done: TextDialog(title, value, done, hint),
            lambda line: self._done(lambda: change(line)),
            self.again,
        )

    def _ask_one(self, title: str, choices: list[Choice], change: Callable[[str], None]) -> None:
        ask(
            self._screen,
            lambda done: Picker(title, choices, done),
            lambda picked: self._done(lambda: change(picked[0])),
            self.again,
        )

    def change(self) -> None:
        """Ask for what the line shall be."""
        ways = {
            "text": self._text,
            "member": self._member,
            "stage": self._stage,
            "reason": self._reason,
            "gate": self._gate,
            "ontology": self._ontology,
            "group_by": self._group_by,
        }
        ways[self._kind]()

    def remove(self) -> None:
        """Take out what the line stands for."""
        project, name = self._project, self._name
        if name != ADD and self._kind == "member":
            self._screen.guarded(lambda: self._done(lambda: set_role(project, name, "")))
        elif name != ADD and self._kind == "stage":
            self._screen.guarded(lambda: self._workflow(stages.without_stage(project.info.workflow, name)))
        elif name != ADD and self._kind == "reason":
            kept = [reason for n, reason in enumerate(project.info.reasons) if n != int(name)]
            self._screen.guarded(lambda: self._done(lambda: set_list(project, "reasons", kept)))
        else:
            self._screen.tell(f"{self._item.title} can't be taken out", severity="warning")
        self.again()

    # --- texts, tags, reasons ------------------------------------------------------------------------

    def _text(self) -> None:
        project, name = self._project, self._name
        if name == "instructions":
            ask(
                self._screen,
                lambda done: TextAreaDialog("Instructions (Markdown)", project.info.instructions, done, MOST_TEXT),
                lambda text: self._done(lambda: set_text(project, name, text)),
                self.again,
            )
        elif name == "tags":
            tags = ", ".join(project.info.issue_tags)
            self._ask_line("Issue tags", tags, lambda t: set_list(project, "tags", t.split(",")), "with commas between")
        else:
            self._ask_line(self._item.title, getattr(project.info, name), lambda text: set_text(project, name, text))

    def _reason(self) -> None:
        project, reasons = self._project, self._project.info.reasons
        if self._name == ADD:
            self._ask_line("A reason", "", lambda text: set_list(project, "reasons", [*reasons, text]))
            return
        at = int(self._name)

        def changed(text: str) -> None:
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
                set_list(project, "reasons", moved(reasons, at, -1 if value == "earlier" else 1))

        self._ask_one(reasons[at], choices, picked)

    # --- members -------------------------------------------------------------------------------------

    def _member(self) -> None:
        if self._name == ADD:
            self._ask_line("Login of the member", "", self._role_of, "the name by which the machine knows the person")
        else:
            self._role_of(self._name)

    def _role_of(self, person: str) -> None:
        person = person.strip()
        if person:
            choices = [Choice(value=value, label=label) for value, label in _ROLES.items()]
            self._ask_one(
                f"Role of {one_line(person, 30)}", choices, lambda role: set_role(self._project, person, role)
            )

    # --- stages --------------------------------------------------------------------------------------

    def _workflow(self, workflow: Workflow) -> None:
        self._done(lambda: stages.keep_workflow(self._project, workflow))

    def _rename(self, workflow: Workflow, name: str, new: str) -> None:
        renamed = stages.renamed_stage(workflow, name, new)
        self._done(lambda: stages.keep_workflow(self._project, renamed, {name: new}))

    def _stage(self) -> None:
        if self._name == ADD:
            self._ask_line("Name of the stage", "", self._kind_of)
        else:
            self._show_stage(self._name)

    def _kind_of(self, name: str) -> None:
        name = name.strip()
        if name:
            choices = [Choice(value=kind.value, label=kind.value.replace("_", " ")) for kind in StageKind]
            self._ask_one(f"What is done in {one_line(name, 30)}", choices, lambda kind: self._add(name, kind))

    def _add(self, name: str, kind: str) -> None:
        self._workflow(stages.with_stage(self._project.info.workflow, name, kind))

    def _show_stage(self, name: str, at: str = "") -> None:
        board = Board(
            f"Stage {one_line(name, 40)}",
            stage_items(self._project, name),
            lambda item: self._change_stage(name, item),
            hint="type to search, Enter changes, Escape leads back",
            at=at,
        )
        board.back = self.again
        self._screen.open_dialog(board)

    def _change_stage(self, name: str, item: MenuItem) -> None:
        workflow = self._project.info.workflow
        if item.key in {"earlier", "later"}:
            by = -1 if item.key == "earlier" else 1
            self._screen.guarded(lambda: self._workflow(stages.moved_stage(workflow, name, by)))
            self._show_stage(name, item.key)
        elif item.key == "remove":
            self._screen.guarded(lambda: self._workflow(stages.without_stage(workflow, name)))
            self.again()
        elif item.key == "rename":
            self._ask_line("Name", name, lambda new: self._rename(workflow, name, new.strip()))
        else:
            self._ask_field(name, item)

    def _ask_field(self, name: str, item: MenuItem) -> None:
        workflow = self._project.info.workflow
        value = stages.words_of(workflow.stage(name), item.key)
        ask(
            self._screen,
            lambda done: TextDialog(f"{item.title} of {one_line(name, 30)}", value, done, item.hint),
            lambda words: self._workflow(stages.changed_stage(workflow, name, item.key, words)),
            lambda: self._show_stage(name, item.key),
        )

    # --- the others ----------------------------------------------------------------------------------

    def _gate(self) -> None:
        rules = " ".join(gates_of(self._project.info).get(self._name, ()))
        self._ask_line(
            f"Checks before {one_line(self._name, 30)} is submitted",
            rules,
            lambda text: set_gate(self._project, self._name, text.replace(",", " ").split()),
            "rules or their beginnings: S G01; empty: none",
        )

    def _ontology(self) -> None:
        board = Board(
            "Ontology", ontology_items(self._project.info.ontology), lambda _: self._ontology(), hint="type to search"
        )
        board.back = self.again
        self._screen.open_dialog(board)

    def _group_by(self) -> None:
        self._ask_line(
            "Key of the client metadata",
            self._project.info.group_by,
            lambda key: self._grouped(key.strip()),
            "empty: tasks go alone",
        )

    def _grouped(self, key: str) -> None:
        group_by(self._project, key)
