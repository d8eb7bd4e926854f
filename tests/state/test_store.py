"""The one writer: what it keeps, rolls back, takes in from other windows, and shows."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, SIZE, TASK, UNIT, FixedClock, document, opened, text_of
from tui_editor.edits.labels import add_labels, create_instance, delete_instance, move_labels, put_label
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import PatchMismatch, Refused, StoreFenced
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.patch import Patch, TrackChange
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import Label, empty_track, make_track
from tui_editor.ports import Edit, OpenedTask
from tui_editor.state.lock import Held, Lock
from tui_editor.state.store import MAIN, TaskState, TaskStore
from tui_editor.state.system_clock import SystemClock
from tui_editor.state.view import Camera, Mode, View

CAR, OTHER = InstanceId(1), InstanceId(2)
HERE = FrameRef(UNIT, 0)
ME = Stamp("me", 7)
TWO = "car@0 box 0,0 5,5\ncar(1)@0 box 50,0 5,5"


class Waiting:
    """A store whose edits wait until the test answers."""

    def __init__(self, text: str = TWO, seq: int = 0) -> None:
        self.edits: list[Edit] = []
        task = OpenedTask(task=TASK, document=document(text), seq=seq, view={})
        self.store = TaskStore(
            task, PROJECT, person="me", session="s", keep=self.edits.append, clock=FixedClock(), fence=4
        )

    def nudge(self, instance: InstanceId = CAR, by: float = 1) -> Edit:
        self.store.apply(move_labels(self.store.state.document, [instance], HERE, (by, 0), ME), "geometry.nudge")
        return self.edits[-1]

    @property
    def text(self) -> str:
        return text_of(self.store.state.document)

    @property
    def durability(self) -> tuple[int, int, str]:
        found = self.store.state.durability
        return found.pending, found.seq, found.problem


# --- kept and refused --------------------------------------------------------------------------------


def test_an_edit_is_shown_at_once_and_kept_only_after_the_answer() -> None:
    waiting = Waiting(seq=3)
    edit = waiting.nudge()
    assert "car@0 box 1,0 5,5" in waiting.text
    assert waiting.durability == (1, 3, "")
    assert not waiting.store.state.durability.kept
    waiting.store.kept(edit.idem, 4)
    assert waiting.durability == (0, 4, "")
    assert waiting.store.state.durability.kept


def test_an_edit_carries_who_when_where_and_the_fence() -> None:
    waiting = Waiting()
    waiting.store.go(UNIT, 8)
    waiting.store.select(CAR)
    edit = waiting.nudge()
    assert (edit.person, edit.session, edit.fence, edit.command) == ("me", "s", 4, "geometry.nudge")
    assert (edit.view["frame"], edit.view["selection"]) == (8, [CAR])
    assert edit.at_ms > 0


def test_a_refused_edit_is_rolled_back_and_says_why() -> None:
    waiting = Waiting()
    edit = waiting.nudge()
    waiting.store.refused(edit.idem, StoreFenced("somebody took the lock"))
    assert waiting.text == text_of(document(TWO))
    assert waiting.durability[0] == 0
    assert "somebody took the lock" in waiting.durability[2]
    assert not waiting.store.can_undo()


def test_edits_built_on_a_refused_one_fall_with_it_and_others_stay() -> None:
    waiting = Waiting()
    first = waiting.nudge(CAR)
    waiting.nudge(CAR)
    apart = waiting.nudge(OTHER, 9)
    waiting.store.refused(first.idem, StoreFenced("no"))
    assert "car@0 box 0,0 5,5" in waiting.text
    assert "car(1)@0 box 59,0 5,5" in waiting.text
    assert waiting.durability[0] == 1
    waiting.store.kept(apart.idem, 1)
    assert waiting.store.state.durability.kept
    assert waiting.store.undo()
    assert waiting.text == text_of(document(TWO))
    assert not waiting.store.undo()


def test_a_refused_edit_in_the_middle_leaves_what_was_kept_before_it() -> None:
    waiting = Waiting()
    first, second = waiting.nudge(CAR, 1), waiting.nudge(CAR, 10)
    waiting.store.kept(first.idem, 1)
    waiting.store.refused(second.idem, StoreFenced("no"))
    assert "car@0 box 1,0 5,5" in waiting.text
    assert waiting.store.undo()
    assert "car@0 box 0,0 5,5" in waiting.text


def test_a_refused_undo_can_be_tried_again() -> None:
    waiting = Waiting()
    edit = waiting.nudge()
    waiting.store.kept(edit.idem, 1)
    waiting.store.undo()
    waiting.store.refused(waiting.edits[-1].idem, StoreFenced("no"))
    assert "car@0 box 1,0 5,5" in waiting.text
    assert waiting.store.can_undo()
    assert not waiting.store.can_redo()


def test_an_undo_of_a_refused_edit_falls_with_it() -> None:
    waiting = Waiting()
    edit = waiting.nudge()
    waiting.store.undo()
    waiting.store.refused(edit.idem, StoreFenced("no"))
    assert waiting.text == text_of(document(TWO))
    assert (waiting.durability[0], waiting.store.can_undo(), waiting.store.can_redo()) == (0, False, False)


def test_a_refused_instance_is_no_longer_selected() -> None:
    waiting = Waiting()
    patch, made = create_instance(
        waiting.store.state.document, PROJECT.ontology, ClassId("car"), HERE, Box(1, 1, 2, 2), ME
    )
    waiting.store.apply(patch, "draw.box")
    waiting.store.select(CAR, made)
    waiting.store.refused(waiting.edits[-1].idem, StoreFenced("no"))
    assert waiting.store.state.selection == (CAR,)


def test_answers_about_unknown_edits_change_nothing() -> None:
    waiting = Waiting()
    before = waiting.store.state
    waiting.store.kept("who", 9)
    waiting.store.refused("who", StoreFenced("no"))
    assert waiting.store.state is before


# --- other windows -----------------------------------------------------------------------------------


def theirs(text: str = TWO, by: float = 100) -> Patch:
    return move_labels(document(text), [OTHER], HERE, (by, 0), Stamp("you", 8))


def test_what_another_window_did_is_taken_in_under_own_waiting_edits() -> None:
    waiting = Waiting()
    edit = waiting.nudge()
    waiting.store.receive(1, theirs())
    assert "car@0 box 1,0 5,5" in waiting.text
    assert "car(1)@0 box 150,0 5,5" in waiting.text
    waiting.store.kept(edit.idem, 2)
    assert waiting.durability == (0, 2, "")
    assert waiting.store.undo() == "geometry.nudge"
    assert "car(1)@0 box 150,0 5,5" in waiting.text


def test_a_later_answer_about_an_earlier_entry_does_not_count_back() -> None:
    waiting = Waiting()
    edit = waiting.nudge()
    waiting.store.kept(edit.idem, 2)
    waiting.store.receive(1, theirs())
    assert waiting.durability[1] == 2


def test_an_own_edit_that_no_longer_fits_gives_way_to_the_other_window() -> None:
    waiting = Waiting()
    waiting.nudge(OTHER)
    waiting.store.receive(1, theirs())
    assert "car(1)@0 box 150,0 5,5" in waiting.text
    assert (waiting.durability[0], waiting.durability[2]) == (0, "the labels changed since this edit was made")
    assert not waiting.store.can_undo()


def test_what_the_other_window_deleted_is_no_longer_selected() -> None:
    waiting = Waiting()
    waiting.store.select(CAR, OTHER)
    waiting.store.receive(1, delete_instance(document(TWO), OTHER))
    assert waiting.store.state.selection == (CAR,)


def test_what_a_window_that_may_only_read_takes_in_leaves_its_place_and_selection() -> None:
    opened = OpenedTask(task=TASK, document=document(TWO), seq=1, view={})
    store = TaskStore(opened, PROJECT, person="me", read_only="you edit it")
    store.set_view(frame=3, camera=Camera(center=(5, 5), scale=2))
    store.select(CAR)
    view = store.state.view
    store.receive(2, theirs())
    assert "car(1)@0 box 150,0 5,5" in text_of(store.state.document)
    assert (store.state.view, store.state.selection, store.state.durability.seq) == (view, (CAR,), 2)
    assert not store.can_undo(), "what others did is theirs to undo"


# --- applying ----------------------------------------------------------------------------------------


def test_a_read_only_task_refuses_every_edit() -> None:
    task = OpenedTask(task=TASK, document=document(TWO), seq=0, view={})
    store = TaskStore(task, PROJECT, person="me", read_only="ann edits it")
    patch = put_label(store.state.document, CAR, HERE, Box(1, 1, 1, 1), ME)
    with pytest.raises(Refused, match="ann edits it"):
        store.apply(patch, "x")
    assert text_of(document(TWO)) == text_of(store.state.document)


def test_a_patch_for_another_document_changes_nothing() -> None:
    waiting = Waiting()
    before = waiting.store.state
    stray = TrackChange(CAR, UNIT, make_track([Label(frame=3, shape=Box(1, 1, 1, 1))]), empty_track(ShapeKind.BOX))
    with pytest.raises(PatchMismatch):
        waiting.store.apply(Patch((stray,)), "x")
    assert waiting.store.state is before
    assert waiting.edits == []


def test_without_a_keeper_every_edit_counts_as_kept() -> None:
    store = opened(TWO)
    store.apply(delete_instance(store.state.document, CAR), "object.delete_all")
    assert (store.state.durability.kept, store.state.durability.seq) == (True, 1)


def test_listeners_hear_of_each_change_until_they_leave() -> None:
    store = opened(TWO)
    heard: list[tuple[TaskState, TaskState]] = []
    leave = store.subscribe(lambda old, new: heard.append((old, new)))
    store.select(CAR)
    store.select(CAR)
    store.set_view(frame=0)
    assert [(old.selection, new.selection) for old, new in heard] == [((), (CAR,))]
    leave()
    store.select()
    assert len(heard) == 1


def test_what_did_not_change_is_the_same_object() -> None:
    store = opened(TWO)
    before = store.state
    store.go(UNIT, 9)
    assert store.state.document is before.document
    assert store.state.filters is before.filters


def test_documents_change_by_patches_only() -> None:
    with pytest.raises(AssertionError):
        opened(TWO).set(document=document(""))


def test_a_preview_is_shown_and_not_applied_and_ends_with_an_edit() -> None:
    store = opened(TWO)
    store.set(preview=delete_instance(store.state.document, CAR))
    assert CAR not in store.state.shown.instances
    assert CAR in store.state.document.instances
    store.apply(move_labels(store.state.document, [OTHER], HERE, (1, 1), ME), "geometry.nudge")
    assert store.state.preview is None
    assert store.state.shown is store.state.document


def test_a_trackers_labels_are_one_step() -> None:
    store = opened(TWO)
    labels = make_track([Label(frame=f, shape=Box(f, 0, 5, 5)) for f in range(1, 50)])
    store.apply(add_labels(store.state.document, CAR, UNIT, labels), "auto.track")
    assert store.state.document.label_count == 51
    store.undo()
    assert store.state.document.label_count == 2


# --- views -------------------------------------------------------------------------------------------

UNITS = (
    TASK.units[0],
    replace(TASK.units[0], id=UnitId(2), title="rear", frame_count=10),
)


def two_views() -> TaskStore:
    task = OpenedTask(task=replace(TASK, units=UNITS), document=document(TWO), seq=0, view={})
    store = TaskStore(task, PROJECT, person="me")
    store.set(views={**store.state.views, "rear": View(unit=UnitId(2))})
    return store


def test_two_views_go_their_own_ways_over_one_document() -> None:
    store = two_views()
    store.set_view("rear", frame=5)
    store.go(UNIT, 50)
    assert (store.state.views[MAIN].frame, store.state.views["rear"].frame) == (50, 5)
    store.set(active="rear")
    assert FrameRef(UnitId(2), 5) == store.state.frame
    assert store.state.unit.title == "rear"


@pytest.mark.parametrize(("asked", "shown"), [(-4, 0), (99, 99), (100, 99), (5000, 99)])
def test_a_view_stays_within_the_frames_of_its_unit(asked: int, shown: int) -> None:
    store = opened(TWO)
    store.go(UNIT, asked)
    assert shown == store.state.view.frame


def test_a_view_on_a_unit_that_the_task_lacks_shows_the_first_one() -> None:
    store = two_views()
    store.go(UnitId(77), 3)
    assert FrameRef(UNIT, 0) == store.state.frame


def test_a_task_reopens_where_the_person_left_it() -> None:
    store = opened(TWO)
    store.set_view(frame=12, camera=Camera(center=(3.0, 4.0), scale=2.0))
    store.select(OTHER)
    again = TaskStore(
        OpenedTask(task=TASK, document=store.state.document, seq=5, view=store.where()), PROJECT, person="me"
    )
    assert store.state.view == again.state.view
    assert again.state.selection == (OTHER,)
    assert again.state.durability.seq == 5


def test_a_selection_that_is_gone_is_not_brought_back() -> None:
    task = OpenedTask(task=TASK, document=document(""), seq=0, view={"selection": [CAR], "frame": 400})
    state = TaskStore(task, PROJECT, person="me").state
    assert (state.selection, state.view.frame, state.selected) == ((), 99, None)


def test_the_last_selected_is_the_one_that_keys_act_on() -> None:
    store = opened(TWO)
    store.select(OTHER, CAR)
    assert store.state.selected == CAR


def test_a_store_begins_in_browse_mode_with_the_frame_fitted() -> None:
    state = TaskStore(OpenedTask(task=TASK, document=document(""), seq=0, view={}), PROJECT, person="me").state
    assert (state.mode, state.view.camera.fitted, state.unit.size(0)) == (Mode.BROWSE, True, SIZE)


def test_the_machines_clock_goes_on() -> None:
    clock = SystemClock()
    assert clock.now_ms() > 1_600_000_000_000
    assert clock.monotonic() <= clock.monotonic()


def test_what_is_gone_is_not_selected() -> None:
    store = opened("car@0 box 1,1 9,9")
    store.select(InstanceId(1), InstanceId(99))
    assert store.state.selection == (InstanceId(1),)


# --- following and the lock --------------------------------------------------------------------------


def test_up_to_where_it_follows_has_no_gap() -> None:
    waiting = Waiting()
    start = waiting.store.followed
    first, second = waiting.nudge(CAR), waiting.nudge(CAR)
    waiting.store.kept(first.idem, start + 1)
    waiting.store.kept(second.idem, start + 3)
    assert waiting.store.followed == start + 1, "another window wrote between the two"
    waiting.store.receive(start + 2, theirs())
    waiting.store.receive(start + 3, None)
    assert waiting.store.followed == start + 3
    assert "car@0 box 2,0 5,5" in waiting.text
    assert "car(1)@0 box 150,0 5,5" in waiting.text


def test_what_a_gesture_would_do_stays_while_others_edit_and_goes_when_it_fits_no_more() -> None:
    waiting = Waiting()
    waiting.store.set(preview=move_labels(waiting.store.state.document, [CAR], HERE, (3, 0), ME))
    waiting.store.receive(1, theirs())
    assert waiting.store.state.preview is not None
    waiting.store.receive(2, delete_instance(waiting.store.state.document, CAR))
    assert waiting.store.state.preview is None


def test_what_was_read_anew_lies_under_own_waiting_edits() -> None:
    waiting = Waiting()
    waiting.nudge(CAR)
    fresh = document(TWO).apply(theirs())
    waiting.store.reload(OpenedTask(task=TASK, document=fresh, seq=7, view={}))
    assert "car@0 box 1,0 5,5" in waiting.text
    assert "car(1)@0 box 150,0 5,5" in waiting.text
    assert (waiting.store.followed, waiting.durability[0]) == (7, 1)


def test_a_regained_lock_gives_its_fence_to_the_next_edit() -> None:
    waiting = Waiting()
    waiting.store.set(read_only="bo edits it", lock=Lock(held=Held.OTHER))
    waiting.store.regain(9)
    assert waiting.nudge().fence == 9
    assert waiting.store.state.lock.held is Held.HERE
