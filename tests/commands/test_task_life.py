"""The whole life of a task by keys, with two people at one store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, FixedClock, document
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.model.ids import InstanceId
from tui_editor.model.issues import DecisionState
from tui_editor.model.transitions import REVIEWING
from tui_editor.model.workflow import TaskState
from tui_editor.ports import ImportedTask
from tui_editor.state.store import TaskStore
from tui_editor.state.view import Mode
from tui_editor.storage.memory import MemoryStore

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.ports import Edit, EntryKind

CAR, VAN = InstanceId(1), InstanceId(2)
TEAM = replace(PROJECT, members={"ann": "annotator", "rae": "reviewer"})


@dataclass
class Team:
    """A store with one task, which people open one after the other."""

    store: MemoryStore
    clock: FixedClock

    def sits_down(self, person: str, *answers: Answer) -> Keyboard:
        """Return the keyboard of a person who opens the task."""

        def keep(edit: Edit) -> None:
            (answer,) = self.store.commit([edit])
            assert isinstance(answer, int), answer
            window.kept(edit.idem, answer)

        opened = self.store.open(TASK.id, person)
        window = TaskStore(
            opened,
            self.store.project(),
            person=person,
            keep=keep,
            older=lambda before: self.store.recent(TASK.id, before),
            clock=self.clock,
        )
        reviews = self.store.project().stage_kind(opened.document.status) in REVIEWING
        window.set(mode=Mode.REVIEW if reviews else Mode.BROWSE)
        return Keyboard(window, HeadlessFront(answers))

    @property
    def document(self) -> LabelDocument:
        return self.store.open(TASK.id).document

    def kinds(self) -> list[EntryKind]:
        return [entry.kind for entry in self.store.journal(TASK.id)]


@pytest.fixture
def team() -> Team:
    store = MemoryStore(TEAM)
    store.add_tasks([ImportedTask(task=TASK, document=document("car@0 box 10,10 20,20\nvan@3 box 40,10 20,20"))], "ann")
    return Team(store, FixedClock())


def test_a_task_is_annotated_rejected_reopened_fixed_compared_approved_and_completed(team: Team) -> None:
    ann = team.sits_down("ann")
    ann.type("j e l l l escape")  # the car is moved by three pixels
    ann.press("enter")
    assert (team.document.status.stage, team.document.status.author) == ("review", "ann")

    rae = team.sits_down("rae")
    rae.type("j x 1")  # the car, for the first canned reason
    rae.type("a")  # the van
    rae.press("enter")
    status = team.document.status
    assert (status.stage, status.state, status.assignee) == ("annotate", TaskState.REOPENED, "ann")
    (issue,) = team.document.open_issues()
    assert (issue.instance, issue.rejection, issue.title) == (CAR, True, TEAM.reasons[0])

    again = team.sits_down("ann")
    again.press("enter")
    assert "1 open issue" in again.front.warnings[-1]
    assert again.store.state.selected == CAR
    again.type("e l escape")
    again.press("enter")
    assert (team.document.status.stage, team.document.open_issues()) == ("review", ())
    assert team.document.decisions[CAR].state is DecisionState.RESOLVED

    last = team.sits_down("rae")
    last.press("D")
    assert last.store.state.comparing is not None
    assert "1 changed" in last.front.notes[-1]
    assert last.store.state.selected == CAR
    last.type("a enter")
    status = team.document.status
    assert (status.stage, status.state, status.reviewer) == ("complete", TaskState.COMPLETED, "rae")


def test_a_label_that_is_as_it_was_rejected_needs_a_reply_and_a_tick(team: Team) -> None:
    team.sits_down("ann").press("enter")
    team.sits_down("rae").type("j x 1 a enter")
    ann = team.sits_down("ann", "it is right: the wheel is hidden")
    ann.front.pane = "issues"
    ann.type("} x")
    assert "as it was" in ann.front.warnings[-1]
    assert team.document.decisions[CAR].state is DecisionState.REJECTED
    ann.type("r x")
    assert team.document.decisions[CAR].state is DecisionState.RESOLVED
    ann.front.pane = "canvas"
    ann.press("enter")
    assert team.document.status.stage == "review"


def test_each_does_only_what_the_role_allows(team: Team) -> None:
    rae, visitor = team.sits_down("rae"), team.sits_down("vic")
    for keyboard, keys, why in (
        (rae, "j d d", "rae is a reviewer here, who can't change labels"),
        (rae, "enter", "rae is a reviewer here, who can't submit tasks"),
        (visitor, "j d d", "vic is a viewer here, who can't change labels"),
        (visitor, "i", "vic is a viewer here, who can't raise issues"),
    ):
        keyboard.type(keys)
        assert why in keyboard.front.warnings[-1]
    team.sits_down("ann").press("enter")
    ann = team.sits_down("ann")
    ann.type("j a")
    assert "ann is an annotator here, who can't decide" in ann.front.warnings[-1]
    assert [kind.value for kind in team.kinds()] == ["import", "workflow"]
