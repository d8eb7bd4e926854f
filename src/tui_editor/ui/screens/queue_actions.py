"""What the queue does with the task under the cursor: assign, release, move, prioritise, reopen, start the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.api import workflow
from tui_editor.commands.context import Choice
from tui_editor.errors import Refused, UsageError
from tui_editor.model.project import TaskSort
from tui_editor.model.transitions import Action, Role, refusal
from tui_editor.model.workflow import StageKind, TaskState, TaskStatus
from tui_editor.state.queue_filter import with_word
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.api.project import Project
    from tui_editor.api.workflow import Step
    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import TaskRow
    from tui_editor.model.transitions import Standing
    from tui_editor.ui.screens.queue import QueueScreen


class QueueActions:
    """Does what the queue's keys ask for; refusals are raised.

    Args:
        screen: The queue.
    """

    def __init__(self, screen: QueueScreen) -> None:
        self._screen = screen
        self._verbs: dict[str, Callable[[str], None]] = {
            "start": self._start,
            "sort": self._sort,
            "assign": self._assign,
            "release": self._release,
            "move": self._move,
            "priority": self._priority,
            "reopen": self._reopen,
            "metadata": self._metadata,
        }

    def do(self, verb: str, argument: str) -> None:
        """Do what a key or the `:` line asks for.

        Raises:
            UsageError: the queue can't do that.
        """
        if verb not in self._verbs:
            raise UsageError(f"the queue can't {one_line(verb)}")
        self._verbs[verb](argument)

    @property
    def _project(self) -> Project:
        return self._screen.desk.project

    def _row(self) -> TaskRow:
        row = self._screen.row
        if row is None:
            raise Refused("no task is under the cursor")
        return row

    def _standing(self, row: TaskRow, person: str = "") -> Standing:
        status = TaskStatus(stage=row.stage, state=TaskState(row.state), assignee="" if person else row.assignee)
        return self._project.info.standing(status, person or self._project.person, branch=row.parent is not None)

    def _checked_row(self, action: Action) -> TaskRow:
        """Return the row, before anything is asked.

        Raises:
            Refused: no task is under the cursor, or the table forbids the action with it.
        """
        row = self._row()
        if why := refusal(self._standing(row), action):
            raise Refused(why)
        return row

    def _start(self, _: str) -> None:
        def begin(task: TaskId | None) -> None:
            if task is None:
                self._screen.tell(f"no task waits for {one_line(self._project.person)}", severity="warning")
            else:
                self._screen.desk.guarded_open(task)

        self._screen.change(workflow.next_task, begin)

    def _sort(self, argument: str) -> None:
        if argument:
            self._sorted((argument,))
            return
        choices = [Choice(value=each.value, label=each.value, key=each.value[0]) for each in TaskSort]
        self._screen.pick("Sort the queue by", choices, self._sorted)

    def _sorted(self, picked: tuple[str, ...]) -> None:
        if picked[0] not in set(TaskSort):
            raise UsageError(f"{one_line(picked[0])} is no order", hint=", ".join(TaskSort))
        words = " ".join(w for w in self._screen.filtered.split() if not w.startswith("sort:"))
        usual = picked[0] == TaskSort.PRIORITY
        self._screen.filter(words if usual else with_word(words, f"sort:{picked[0]}"))

    def _assign(self, person: str) -> None:
        row = self._checked_row(Action.ASSIGN)

        def assign(who: str) -> None:
            self._do(row, workflow.assign_step(who), f"{one_line(row.title, 40)} is {one_line(who)}'s")

        if person:
            assign(person)
        elif members := sorted(self._project.info.members.items()):
            fit = [(who, role) for who, role in members if not refusal(self._standing(row, who), Action.TAKE)]
            choices = [Choice(value=who, label=who, hint=Role(role).words) for who, role in fit or members]
            self._screen.pick("Assign to", choices, lambda picked: assign(picked[0]))
        else:
            self._screen.ask_text("Assign to", row.assignee or self._project.person, assign)

    def _release(self, _: str) -> None:
        row = self._row()
        self._do(row, workflow.release_step(), f"nobody has {one_line(row.title, 40)}")

    def _move(self, stage: str) -> None:
        row = self._checked_row(Action.MOVE)

        def move(to: str) -> None:
            self._do(row, workflow.move_step(to), f"{one_line(row.title, 40)} is in {one_line(to)}")

        if stage:
            move(stage)
            return
        stages = [s.name for s in self._project.info.workflow.stages if s.kind is not StageKind.ROUTER]
        choices = [Choice(value=s, label=s) for s in stages if s != row.stage]
        self._screen.pick("Move to", choices, lambda picked: move(picked[0]))

    def _reopen(self, _: str) -> None:
        row = self._row()
        self._do(row, workflow.reopen_step(), f"{one_line(row.title, 40)} is reopened")

    def _priority(self, typed: str) -> None:
        row = self._checked_row(Action.PRIORITIZE)

        def change(text: str) -> None:
            try:
                priority = float(text)
            except ValueError:
                raise UsageError(f"{one_line(text)} is no priority", hint="0 to 1; 1 comes first") from None
            said = f"{one_line(row.title, 40)} has priority {priority:g}"
            self._screen.change(lambda p: workflow.prioritize(p, row.id, priority), lambda _: self._changed(said))

        if typed:
            change(typed)
        else:
            self._screen.ask_text("Priority", f"{row.priority:g}", change, hint="0 to 1; 1 comes first")

    def _metadata(self, typed: str) -> None:
        from tui_editor.api.metadata import value_of

        row = self._row()

        def change(text: str) -> None:
            key, equals, value = text.partition("=")
            if not key or not equals:
                raise UsageError(f"{one_line(text)} sets nothing", hint="patient=17; patient= removes the key")
            key, given, said = key.strip(), value_of(value.strip()), f"{one_line(row.title, 40)}: {one_line(text, 60)}"
            self._screen.change(lambda p: workflow.set_metadata(p, row.id, key, given), lambda _: self._changed(said))

        if typed:
            change(typed)
        else:
            self._screen.ask_text("Client metadata", "", change, hint="patient=17")

    def _do(self, row: TaskRow, step: Step, said: str) -> None:
        from tui_editor.api.consensus import settle

        def change(project: Project) -> int:
            done = workflow.do(project, row.id, step)
            settle(project, row.id)
            return len(done)

        def changed(count: int) -> None:
            self._changed(said + (f", with {count - 1} more of its group" if count > 1 else ""))

        self._screen.change(change, changed)

    def _changed(self, said: str) -> None:
        self._screen.again()
        self._screen.tell(said)
