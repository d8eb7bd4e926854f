"""What later capabilities need of the model is there: each is done here without a change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.doctext import ONTOLOGY, PROJECT, TASK, UNIT, FixedClock, document, text_of
from tests.support.journal import Journal
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.edits.labels import add_labels, create_instance, move_labels, put_label
from tui_editor.edits.stamp import Stamp
from tui_editor.model.columns import pack
from tui_editor.model.frames import Frame, FrameIdentity, FrameRef, MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.shapes import Box, Shape
from tui_editor.model.tracks import Origin, Track, track_from_columns
from tui_editor.ports import Edit, FrameSource, OpenedTask, Tracker
from tui_editor.state.store import TaskStore
from tui_editor.state.view import View
from tui_editor.tools import hint_zoom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ME, YOU = Stamp("me", 1), Stamp("you", 2)
CAR = ClassId("car")
FRONT, REAR = UnitId(1), UnitId(2)


# --- a group of two units in two views ---------------------------------------------------------------


def rig() -> TaskStore:
    """Return a task of two cameras of different sizes, seen side by side."""
    rear = Unit(
        id=REAR,
        kind=UnitKind.IMAGE_GROUP,
        title="rear",
        media=MediaRef(root="data", paths=("a.png", "b.png")),
        frame_count=2,
        width=320,
        height=200,
        frame_sizes=((320, 200), (100, 80)),
    )
    task = replace(TASK, units=(TASK.units[0], rear))
    store = TaskStore(OpenedTask(task=task, document=document(""), seq=0, view={}), PROJECT, person="me")
    store.set(views={"front": View(unit=FRONT), "rear": View(unit=REAR)}, active="front")
    return store


def test_an_instance_spans_two_units_that_are_seen_in_two_views() -> None:
    store = rig()
    patch, car = create_instance(store.state.document, ONTOLOGY, CAR, FrameRef(FRONT, 5), Box(1, 1, 9, 9), ME)
    store.apply(patch, "draw.box")
    store.set(active="rear")
    store.set_view(frame=1)
    store.apply(put_label(store.state.document, car, store.state.frame, Box(2, 2, 5, 5), ME), "draw.box")
    store.set_view("front", frame=5)

    found = store.state.document
    assert {FRONT, REAR} == {unit for unit, _ in found.tracks_of(car)}
    for view in store.state.views.values():
        assert (car,) == found.on_frame(view.unit, view.frame)
    assert store.state.unit.size(store.state.view.frame) == (100, 80)
    assert [store.undo(), store.undo()] == ["draw.box", "draw.box"]
    assert len(store.state.document.instances) == 0


def test_keys_act_on_the_active_view_and_leave_the_other_one() -> None:
    store = rig()
    keyboard = Keyboard(store)
    keyboard.type("7 l")
    store.set(active="rear")
    keyboard.type("l")
    assert (store.state.views["front"].frame, store.state.views["rear"].frame) == (7, 1)


# --- a uint16 slice with a window --------------------------------------------------------------------


class Scan:
    """A source of 16-bit slices, as DICOM has them."""

    kind = UnitKind.DICOM
    frame_count = 3
    fps = None
    warnings: Sequence[str] = ()

    def size(self, index: int) -> tuple[int, int]:
        return 4, 2

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        pixels = np.full((2, 4), 1000 * (index + 1), np.uint16)
        return Frame(pixels=pixels, full_size=(4, 2), color="gray", window=(2000.0, 500.0), pixel_aspect=1.25)

    def time_s(self, index: int) -> float | None:
        return None

    def identity(self, index: int) -> FrameIdentity:
        return FrameIdentity(algorithm="file-blake2b", digest=str(index))

    def close(self) -> None:
        pass


def test_a_slice_of_16_bits_says_by_which_window_it_is_shown() -> None:
    source: FrameSource = Scan()
    frame = source.read(1)
    assert (np.dtype(np.uint16), 2000, (2000.0, 500.0), "gray", 1.25) == (
        frame.pixels.dtype,
        frame.pixels.max(),
        frame.window,
        frame.color,
        frame.pixel_aspect,
    )


# --- a tracker that adds 500 labels as one patch -----------------------------------------------------


class Drifting:
    """A tracker that moves the box by a pixel a frame, in pieces of 64 frames."""

    def track(
        self, source: FrameSource, start: FrameRef, shape: Shape, frames: Sequence[int], stop: Callable[[], bool]
    ) -> Iterator[Track]:
        assert isinstance(shape, Box)
        for begin in range(0, len(frames), 64):
            if stop():
                return
            piece = np.array(frames[begin : begin + 64], np.int32)
            boxes = [replace(shape, x=shape.x + frame - start.index) for frame in piece.tolist()]
            yield track_from_columns(piece, pack(boxes), confidence=0.75, origin=Origin.TRACKED, author="drifting")


def test_five_hundred_tracked_labels_are_one_step_and_one_key_takes_them_back() -> None:
    from tui_editor.model.tracks import join_tracks

    task = replace(TASK, units=(replace(TASK.units[0], frame_count=1000),))
    begin = document("car@0 box 10,10 20,20\ncar@100 box 0,0 1,1")
    edits: list[Edit] = []
    store = TaskStore(
        OpenedTask(task=task, document=begin, seq=0, view={}),
        PROJECT,
        person="me",
        keep=edits.append,
        clock=FixedClock(),
    )
    tracker: Tracker = Drifting()
    pieces = tracker.track(Scan(), FrameRef(UNIT, 0), Box(10, 10, 20, 20), range(1, 501), lambda: False)
    patch = add_labels(store.state.document, InstanceId(1), UNIT, join_tracks(list(pieces)))
    store.apply(patch, "auto.track")

    found = store.state.document
    label = found.label(InstanceId(1), UNIT, 500)
    assert label is not None
    assert (501, 1, Box(510, 10, 20, 20), Origin.TRACKED, 0.75) == (
        found.label_count,
        len(edits),
        label.shape,
        label.origin,
        label.confidence,
    )
    Keyboard(store).press("u")
    assert begin.same(store.state.document)
    Keyboard(store).press("U")
    assert found.same(store.state.document)


# --- two windows on one task -------------------------------------------------------------------------


def test_two_windows_on_one_task_end_with_the_same_document() -> None:
    journal = Journal("car@0 box 0,0 5,5\ncar(1)@0 box 50,0 5,5")
    mine, yours = journal.open("me"), journal.open("you")

    def sync(window: TaskStore, seen: int) -> int:
        for entry in journal.entries[seen:]:
            if entry.session != window.session:
                window.receive(entry.seq, entry.patch)
        return len(journal.entries)

    at = FrameRef(UNIT, 0)
    mine.apply(move_labels(mine.state.document, [InstanceId(1)], at, (1, 1), ME), "geometry.nudge")
    seen = sync(yours, 0)
    yours.apply(move_labels(yours.state.document, [InstanceId(2)], at, (2, 2), YOU), "geometry.nudge")
    patch, made = create_instance(yours.state.document, ONTOLOGY, CAR, at, Box(9, 9, 9, 9), YOU)
    yours.apply(patch, "draw.box")
    seen = sync(mine, seen)

    assert mine.state.document.same(yours.state.document)
    assert journal.document.same(mine.state.document)
    assert made in mine.state.document.instances
    assert mine.undo()
    sync(yours, seen)
    assert mine.state.document.same(yours.state.document)
    assert "car@0 box 0,0 5,5" in text_of(yours.state.document)
    assert "car(1)@0 box 52,2 5,5" in text_of(mine.state.document)


# --- boxes by keyboard on a 4K frame -----------------------------------------------------------------

SIZE_4K = (3840, 2160)


def on_4k() -> Keyboard:
    task = replace(TASK, units=(replace(TASK.units[0], width=SIZE_4K[0], height=SIZE_4K[1]),))
    store = TaskStore(OpenedTask(task=task, document=document(""), seq=0, view={}), PROJECT, person="me")
    return Keyboard(store, HeadlessFront(("car",)))


WHOLE_4K: hint_zoom.Window = (0.0, 0.0, float(SIZE_4K[0]), float(SIZE_4K[1]))


def homed(target: tuple[float, float], count: int, window: hint_zoom.Window) -> tuple[list[str], hint_zoom.Window]:
    """Return the 3×3 keys by which a person homes in on a place, and the ninth where that ends."""
    keys: list[str] = []
    for _ in range(count):
        column = min(max(int((target[0] - window[0]) / window[2] * 3), 0), 2)
        row = min(max(int((target[1] - window[1]) / window[3] * 3), 0), 2)
        keys.append(hint_zoom.KEYS[row * 3 + column])
        window = hint_zoom.zoomed(window, keys[-1])
    return keys, window


def hints(target: tuple[float, float], count: int) -> list[str]:
    """Return the keys for the first corner."""
    return homed(target, count, WHOLE_4K)[0]


def both_corners(box: Box, first: int, second: int) -> list[str]:
    """Return the keys for both corners of a box, each ended by Enter."""
    keys, ninth = homed((box.x, box.y), first, WHOLE_4K)
    beside = hint_zoom.beside(WHOLE_4K, hint_zoom.corner(ninth, WHOLE_4K[2:]))
    return [*keys, "enter", *homed((box.x + box.width, box.y + box.height), second, beside)[0], "enter"]


def iou(a: Box, b: Box) -> float:
    width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    both = max(width, 0) * max(height, 0)
    return both / (a.width * a.height + b.width * b.height - both)


def drawn(keyboard: Keyboard) -> Box:
    state = keyboard.store.state
    assert state.selected is not None
    label = state.document.label(state.selected, UNIT, 0)
    assert label is not None
    assert isinstance(label.shape, Box)
    return label.shape


PLACES = np.random.default_rng(3).uniform((0, 0), (3600, 1900), (40, 2)).round().tolist()


@pytest.mark.parametrize(("x", "y"), PLACES)
def test_a_box_of_10_px_on_a_4k_frame_takes_at_most_20_keys(x: float, y: float) -> None:
    keys = ["s", "b", *hints((x, y), 8), "enter", "L", "J", "enter"]
    keyboard = on_4k()
    keyboard.press(*keys)
    assert iou(Box(x, y, 10, 10), drawn(keyboard)) >= 0.9
    assert len(keys) + 1 <= 20  # one more picks the class


@pytest.mark.parametrize(("x", "y"), PLACES)
def test_another_box_of_200_px_on_a_4k_frame_takes_at_most_14_keys(x: float, y: float) -> None:
    keyboard = on_4k()
    keyboard.type("s b escape")
    keys = [".", *both_corners(Box(x, y, 200, 200), 6, 5)]
    keyboard.press(*keys)
    assert iou(Box(x, y, 200, 200), drawn(keyboard)) >= 0.9
    assert len(keys) <= 14


def test_the_first_box_of_200_px_takes_14_keys_as_well() -> None:
    keyboard = on_4k()
    keys = ["s", "b", *both_corners(Box(1200, 700, 200, 200), 5, 5)]
    keyboard.press(*keys)
    assert iou(Box(1200, 700, 200, 200), drawn(keyboard)) >= 0.9
    assert len(keys) == 14
