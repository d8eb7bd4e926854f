from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tui_editor.api.demo import labels
from tui_editor.api.demo.actors import FRAME_COUNT
from tui_editor.api.demo.build import demo_project
from tui_editor.api.demo.draft import label, with_keys
from tui_editor.api.demo.labels import demo_tasks, planted_faults
from tui_editor.api.demo.stable import instance_id, unit_id
from tui_editor.api.demo.street import ground_truth
from tui_editor.api.demo.street_labels import STREET, street_draft
from tui_editor.edits.attributes import check_answer
from tui_editor.edits.workflow import requirements
from tui_editor.model.issues import DecisionState, IssueKind
from tui_editor.model.shapes import Box, ShapeKind, Skeleton, bounds, check_shape, kind_of, same_shape
from tui_editor.model.tracks import LabelFlag, Origin
from tui_editor.model.workflow import StageKind, TaskState

if TYPE_CHECKING:
    from tui_editor.ports import ImportedTask

PROJECT = demo_project()
TASKS = demo_tasks()


def every(attribute: str) -> set[float]:
    """The values of a column over all labels of the demo."""
    return {v for t in TASKS for track in t.document.tracks.values() for v in getattr(track, attribute).tolist()}


def titled(title: str) -> ImportedTask:
    return next(t for t in TASKS if t.task.title == title)


def test_every_shape_kind_is_labelled() -> None:
    kinds = {track.kind for t in TASKS for track in t.document.tracks.values()}
    assert set(ShapeKind) - {ShapeKind.VERBATIM} == kinds


def test_every_origin_but_imported_is_there() -> None:
    assert set(Origin) - {Origin.IMPORTED} == every("origin")


def test_labels_differ_in_confidence_and_flags() -> None:
    flags = LabelFlag(int(np.bitwise_or.reduce([int(f) for f in every("flags")])))
    assert flags == LabelFlag.KEY | LabelFlag.OCCLUDED
    assert len(every("confidence")) > 10


def test_every_issue_kind_that_is_stored_is_there() -> None:
    issues = [i for t in TASKS for i in t.document.issues.values()]
    assert set(IssueKind) - {IssueKind.REQUIREMENT} == {i.kind for i in issues}
    assert any(i.rejection for i in issues)
    assert any(i.skip for i in issues)
    assert {True, False} == {i.resolved for i in issues}
    assert max(len(i.comments) for i in issues) >= 3
    assert {tag for i in issues for tag in i.tags} <= set(PROJECT.issue_tags)


def test_an_issue_hangs_on_something_that_is_there() -> None:
    for one in TASKS:
        for issue in one.document.issues.values():
            assert issue.unit in {None, *(u.id for u in one.task.units)}
            if issue.frames:
                assert 0 <= issue.frames[0] <= issue.frames[1] < one.task.units[0].frame_count
            if issue.instance is not None and issue.frames:
                assert issue.unit is not None
                assert one.document.label(issue.instance, issue.unit, issue.frames[0]) is not None


def test_tasks_stand_in_every_stage_and_have_titles_and_ids_of_their_own() -> None:
    kinds = {PROJECT.stage_kind(t.document.status) for t in TASKS}
    assert {StageKind.ANNOTATE, StageKind.REVIEW, StageKind.COMPLETE} == kinds
    states = {t.document.status.state for t in TASKS}
    assert {TaskState.NEW, TaskState.REOPENED, TaskState.SKIPPED, TaskState.COMPLETED} == states
    assert len(TASKS) == len({t.task.id for t in TASKS}) == len({t.task.title for t in TASKS})


def test_decisions_know_the_content_that_was_judged() -> None:
    seen = []
    for one in TASKS:
        for instance, decision in one.document.decisions.items():
            assert one.document.content_of(instance) == decision.content
            seen.append(decision.state)
    assert {DecisionState.APPROVED, DecisionState.REJECTED} == set(seen)


def test_every_label_fits_its_class() -> None:
    for one in TASKS:
        for (instance, _), track in one.document.tracks.items():
            entry = PROJECT.ontology.find(one.document.instances[instance].class_id)
            assert entry is not None
            assert entry.shape == track.kind
            for row in range(len(track)):
                check_shape(track.geometry.shape(row))


def test_every_answer_fits_its_attribute() -> None:
    for one in TASKS:
        for instance in one.document.instances.values():
            stored = [*instance.answers.items(), *((d.attribute, d.value) for d in instance.dynamic)]
            for key, value in stored:
                attribute = PROJECT.ontology.attribute(key)
                assert attribute is not None
                check_answer(attribute, value)


def test_nothing_is_required_but_the_planted_answer() -> None:
    missing = {t.task.title: [r.text for r in requirements(t.document, PROJECT)] for t in TASKS}
    assert {k: v for k, v in missing.items() if v} == {STREET: ["Car (4) needs an answer to Type"]}


def test_dynamic_answers_of_an_attribute_do_not_overlap() -> None:
    for one in TASKS:
        for instance in one.document.instances.values():
            taken = Counter((d.attribute, f) for d in instance.dynamic for f in range(d.first, d.last + 1))
            assert max(taken.values(), default=1) == 1


def test_keys_and_straight_lines_between_them_restore_interpolated_boxes() -> None:
    track = titled(STREET).document.tracks[instance_id(STREET, "Car (3)"), unit_id(STREET)]
    keys = (track.flags & LabelFlag.KEY) != 0
    for column in track.geometry.fixed.T:
        restored = np.interp(track.frames, track.frames[keys], column[keys])
        assert np.allclose(column, restored, atol=1e-4)
    assert 2 < keys.sum() < len(track) / 4


def test_a_label_off_the_line_between_its_neighbours_is_a_key() -> None:
    boxes = [Box(x, 0, 4, 4) for x in (0.0, 1.0, 2.0, 2.5, 3.0, 3.5)]
    found = with_keys(label(f, b) for f, b in enumerate(boxes))
    assert [one.frame for one in found if one.flags & LabelFlag.KEY] == [0, 2, 5]


def test_without_faults_the_street_is_labelled_as_it_is_drawn() -> None:
    draft = street_draft()
    for frame in (0, 60, 131, 299):
        for truth in ground_truth(frame):
            made = draft.things[f"{truth.name} ({truth.number})"].labels[frame]
            assert same_shape(truth.shape, made.shape)


def test_the_demo_is_the_same_in_every_build() -> None:
    first, second = labels._built.__wrapped__()[0], TASKS
    assert all(a.task == b.task and a.document.same(b.document) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("one", TASKS, ids=lambda t: t.task.title)
def test_labels_lie_in_the_picture_but_for_the_planted_ones(one: ImportedTask) -> None:
    outside = {
        (n, f)
        for p in planted_faults()
        if p.kind == "outside the frame"
        for n in p.instance_ids
        for f in range(p.frames[0], p.frames[1] + 1)
    }
    unit = one.task.units[0]
    for (instance, _), track in one.document.tracks.items():
        for row in track.labels():
            box = bounds(row.shape)
            width, height = unit.size(row.frame)
            if box is not None and (instance, row.frame) not in outside:
                x0, y0, x1, y1 = box
                assert 0 <= x0 <= x1 <= width
                assert 0 <= y0 <= y1 <= height


def test_the_cameramans_feet_are_not_in_the_picture() -> None:
    people = titled("People and rockets")
    (walker,) = [s for t in people.document.tracks.values() for s in [t.geometry.shape(0)] if isinstance(s, Skeleton)]
    assert kind_of(walker) is ShapeKind.SKELETON
    assert np.flatnonzero(walker.visibility == 0).tolist() == [8, 10]
    assert people.task.units[0].frame_count == 3


def test_the_street_has_as_many_frames_as_its_video() -> None:
    assert titled(STREET).task.units[0].frame_count == FRAME_COUNT
