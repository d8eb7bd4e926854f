"""Orders and counts that follow the edits, against those made from nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support import strategies as some
from tests.support.doctext import TASK, UNIT, document
from tui_editor.edits.labels import delete_instance
from tui_editor.model.frames import Unit
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.model.patch import Patch, StatusChange
from tui_editor.model.workflow import TaskStatus
from tui_editor.state import order as module
from tui_editor.state.order import ReviewOrder, Standouts
from tui_editor.state.selectors import is_undecided

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument

UNITS = tuple(
    Unit(id=key, kind=TASK.units[0].kind, title="", media=TASK.units[0].media, frame_count=700, width=9, height=9)
    for key in (UnitId(2**63 - 1), UnitId(7))
)
TWO_UNITS = replace(TASK, units=UNITS)


@settings(max_examples=20)
@given(st.data())
def test_an_order_that_follows_the_edits_is_the_one_made_anew(data: st.DataObject) -> None:
    found = data.draw(some.documents())
    following, undecided = ReviewOrder(), Standouts(is_undecided)
    for _ in range(4):
        fresh = ReviewOrder().of(found, TWO_UNITS)
        assert fresh == following.of(found, TWO_UNITS)
        assert Standouts(is_undecided).within(fresh, found) == undecided.within(fresh, found)
        for _ in range(data.draw(st.integers(1, 3))):
            found = found.apply(data.draw(some.patches(found)))


def test_the_order_goes_by_unit_then_first_frame_then_class_and_number() -> None:
    found = document("van@3 box 1,1 2,2\ncar(1)@3 box 1,1 2,2\ncar@3 box 1,1 2,2\neye@1 point 1,1\neye@9 point 1,1")
    assert ReviewOrder().of(found, TASK) == (4, 3, 2, 1)


def test_the_order_stays_the_same_object_while_nothing_moves() -> None:
    found = document("car@0 box 1,1 2,2\ncar(1)@0 box 1,1 2,2")
    order = ReviewOrder()
    before = order.of(found, TASK)
    after = found.apply(Patch((StatusChange(found.status, TaskStatus(assignee="me")),)))
    assert order.of(after, TASK) is before
    assert order.of(after.apply(delete_instance(after, InstanceId(1))), TASK) == (2,)


def test_another_task_starts_afresh() -> None:
    order = ReviewOrder()
    found = document("car@0 box 1,1 2,2")
    assert order.of(found, TASK) == order.of(found, TWO_UNITS) == (1,)
    assert order.of(document(""), TASK) == ()


class Counting:
    """A test of instances that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, found: LabelDocument, key: InstanceId, *given: object) -> bool:
        self.asked += 1
        return found.label(key, UNIT, 0) is not None


def test_only_what_was_touched_is_tested_again() -> None:
    found = document("\n".join(f"car({n})@0 box 1,1 2,2" for n in range(50)))
    test = Counting()
    standouts = Standouts(test)
    order = ReviewOrder().of(found, TASK)
    assert order == standouts.within(order, found, "a")
    after = found.apply(delete_instance(found, InstanceId(7)))
    assert test.asked == 50
    assert InstanceId(7) not in standouts.found(after, "a")
    assert test.asked == 50
    other = "b"
    standouts.found(after, other)
    assert test.asked == 99


def test_an_edit_of_very_many_instances_starts_afresh() -> None:
    many = module.MOST_TOUCHED + 1
    found = document("\n".join(f"car({n})@0 box 1,1 2,2" for n in range(many)))
    order = ReviewOrder()
    assert many == len(order.of(found, TASK))
    for key in sorted(found.instances):
        found = found.apply(delete_instance(found, key))
    assert order.of(found, TASK) == ()
