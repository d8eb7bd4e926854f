"""The findings of an open task follow its edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.checks.support import CLIP, PROJECT, UNIT, document, instance, label

from tui_editor.checks.declared import Declared
from tui_editor.checks.gates import CHECKS
from tui_editor.checks.live import LiveChecks
from tui_editor.edits.labels import delete_labels, put_label
from tui_editor.edits.stamp import Stamp
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId, TaskId
from tui_editor.model.project import Task
from tui_editor.model.shapes import Box
from tui_editor.model.tracks import make_track

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.tracks import Track

TASK = Task(id=TaskId(3), title="clip", units=(CLIP,))
PLACES = [
    Box(10, 10, 20, 20),
    Box(11, 10, 20, 20),
    Box(60, 40, 20, 20),
    Box(-5, 10, 20, 20),
    Box(10, 10, 0, 5),
    Box(12, 12, 9, 9),  # in the first one
]
KEYS = [InstanceId(n) for n in (1, 2, 3)]
STAMP = Stamp("ada", 1)
steps = st.tuples(st.sampled_from(KEYS), st.integers(0, 9), st.sampled_from([*PLACES, None]))


def start() -> LabelDocument:
    tracks = {(key, UNIT): make_track([label(f, PLACES[n]) for f in range(8)]) for n, key in enumerate(KEYS)}
    return document(*(instance("box", key) for key in KEYS), tracks=tracks)


@settings(deadline=None, max_examples=60)
@given(st.lists(steps, max_size=6))
def test_after_every_edit_the_findings_are_those_of_a_check_of_everything(
    edits: list[tuple[InstanceId, int, Box | None]],
) -> None:
    now = start()
    live = LiveChecks(TASK, PROJECT)
    live.update(now)
    for key, frame, shape in edits:
        if key not in now.instances:
            continue
        at = FrameRef(UNIT, frame)
        patch = delete_labels(now, [key], at, STAMP) if shape is None else put_label(now, key, at, shape, STAMP)
        now = now.apply(patch)

        assert live.update(now) == LiveChecks(TASK, PROJECT).update(now)


def test_an_edit_brings_a_finding_and_another_one_takes_it_away() -> None:
    now = start()
    live = LiveChecks(TASK, PROJECT, ("G03",))
    at = FrameRef(UNIT, 4)
    out = now.apply(put_label(now, KEYS[0], at, Box(-50, 1, 9, 9), STAMP))
    back = out.apply(put_label(out, KEYS[0], at, PLACES[0], STAMP))

    assert [live.update(now), [f.frame for f in live.update(out)], live.update(back)] == [(), [4], ()]


def test_a_pair_that_moved_together_is_told_where_it_lies_now() -> None:
    now = start()
    live = LiveChecks(TASK, PROJECT, ("D",))
    live.update(now)
    now = now.apply(put_label(now, KEYS[2], FrameRef(UNIT, 4), Box(60, 40, 9, 9), STAMP))
    assert [finding.box_px for finding in live.update(now)] == [(10, 10, 21, 20)]
    for key, at in ((KEYS[0], Box(30, 30, 20, 20)), (KEYS[1], Box(31, 30, 20, 20))):
        for frame in range(8):
            now = now.apply(put_label(now, key, FrameRef(UNIT, frame), at, STAMP))
            found = live.update(now)

    assert [finding.box_px for finding in found] == [(30, 30, 21, 20)]


def test_what_the_settings_say_of_a_class_counts_after_an_edit() -> None:
    said = Declared(classes={"BOX": {"max_per_frame": 3}})
    live = LiveChecks(TASK, replace(PROJECT, settings={CHECKS: {"declared": said}}), ("O08",))
    now = start()
    assert live.update(now) == ()
    more = document(
        *now.instances.values(), instance("box", 4), tracks={**now.tracks, (InstanceId(4), UNIT): box_on(2)}
    )

    assert [(finding.rule, finding.frame) for finding in live.update(more)] == [("O08", 2)]


def box_on(frame: int) -> Track:
    return make_track([label(frame, PLACES[2])])
