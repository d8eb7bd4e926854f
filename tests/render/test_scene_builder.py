from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.strategies import made
from tui_editor.edits.labels import delete_labels, move_labels, set_class, set_flag
from tui_editor.edits.stamp import Stamp
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.shapes import Box, Keypoint, Polygon, Shape, ShapeKind, polygon, polyline, skeleton
from tui_editor.model.tracks import Label, LabelFlag, make_track
from tui_editor.render import scene
from tui_editor.render.marks import look_alike
from tui_editor.render.scene import SceneBuilder, SceneOptions, build_scene

if TYPE_CHECKING:
    from tui_editor.render.marks import Mark

UNIT = UnitId(1)
HERE, NEXT = FrameRef(UNIT, 0), FrameRef(UNIT, 1)
STAMP = Stamp("ann", 1)
RING = np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0]])
SHAPES: list[Shape] = [
    Box(1, 2, 3, 4),
    Box(5, 6, 7, 8),
    polygon(RING),
    Polygon(((RING * 9, RING), (RING + 100,))),
    polyline(RING),
    Keypoint(4, 5),
    skeleton(RING),
    bitmask_from_array(np.eye(5, dtype=bool)),
    Box(float("nan"), 0, 1, 1),
    polygon([(0, 0), (np.inf, 0), (9, 9)]),
]
IDS = [InstanceId(number) for number in range(1, len(SHAPES) + 1)]
ONTOLOGY = Ontology(
    classes=tuple(
        ObjectClass(id=ClassId(name), name=name, color=color, shape=ShapeKind.BOX)
        for name, color in (("car", "#ff8000"), ("van", "#0080ff"))
    )
)


def document() -> LabelDocument:
    return make_document(
        instances=[Instance(id=key, class_id=ClassId("car"), ordinal=int(key)) for key in IDS],
        tracks={
            (key, UNIT): make_track([Label(frame=frame, shape=shape) for frame in (0, 1)])
            for key, shape in zip(IDS, SHAPES, strict=True)
        },
    )


keys = st.sampled_from(IDS)
some_keys = st.frozensets(keys, max_size=3)
options = made(
    SceneOptions,
    hidden=some_keys,
    selected=some_keys,
    hide_all=st.sampled_from([False, False, False, True]),
    dim_others=st.booleans(),
    tags=st.sampled_from(["all", "selected", "none"]),
    handles=st.booleans(),
    fill_alpha=st.sampled_from([0.2, 0.5]),
)
edits = st.tuples(st.sampled_from(["move", "flag", "class", "delete", "nothing"]), keys, st.sampled_from([HERE, NEXT]))


def edited(before: LabelDocument, edit: tuple[str, InstanceId, FrameRef]) -> LabelDocument:
    kind, key, at = edit
    if key not in before.instances or kind == "nothing":
        return before
    if kind == "move" and key in IDS[:8]:
        return before.apply(move_labels(before, [key], at, (1.0, 2.0), STAMP))
    if kind == "flag":
        return before.apply(set_flag(before, key, at, LabelFlag.OCCLUDED, True, STAMP))
    if kind == "class" and key in IDS[:2]:
        return before.apply(set_class(before, ONTOLOGY, [key], ClassId("van")))
    return before.apply(delete_labels(before, [key], at))


@settings(max_examples=150)
@given(
    st.lists(st.tuples(edits, options, st.sampled_from([HERE, HERE, NEXT]), st.booleans()), max_size=8),
    st.sampled_from([3, 300]),
)
def test_a_scene_built_from_the_one_before_is_the_scene_built_anew(steps: list[Any], tags_at_most: int) -> None:
    builder, current = SceneBuilder(), document()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scene, "TAGS_AT_MOST", tags_at_most)
        for edit, wanted, frame, is_preview in steps:
            shown = edited(current, edit)
            assert look_alike(
                builder.build(shown, ONTOLOGY, frame, wanted), build_scene(shown, ONTOLOGY, frame, wanted)
            )
            current = current if is_preview else shown


def shared(before: tuple[Mark, ...], after: tuple[Mark, ...]) -> int:
    return len({id(mark) for mark in before} & {id(mark) for mark in after})


def test_marks_of_labels_that_did_not_change_are_the_same_objects() -> None:
    builder, first = SceneBuilder(), document()
    before = builder.build(first, ONTOLOGY, HERE)
    assert shared(before, builder.build(first, ONTOLOGY, HERE)) == len(before)
    moved = edited(first, ("move", IDS[0], HERE))
    assert shared(before, builder.build(moved, ONTOLOGY, HERE)) == len(before) - 2  # its box and its tag
    selected = SceneOptions(selected=frozenset({IDS[1]}))
    assert shared(before, builder.build(first, ONTOLOGY, HERE, selected)) == len(before) - 2


def test_previews_of_a_gesture_share_the_marks_of_the_scene_before_it() -> None:
    builder, first = SceneBuilder(), document()
    before = builder.build(first, ONTOLOGY, HERE)
    for step in range(20):
        preview = first.apply(move_labels(first, [IDS[0]], HERE, (float(step), 0.0), STAMP))
        assert shared(before, builder.build(preview, ONTOLOGY, HERE)) == len(before) - 2


def test_labels_of_another_ontology_are_made_anew() -> None:
    builder, first = SceneBuilder(), document()
    builder.build(first, ONTOLOGY, HERE)
    red = Ontology(classes=(replace(ONTOLOGY.classes[0], color="#ff0000"), ONTOLOGY.classes[1]))
    assert {(255, 0, 0)} == {mark.style.colour for mark in builder.build(first, red, HERE)}


def test_scenes_of_other_frames_are_kept_for_coming_back() -> None:
    builder, first = SceneBuilder(), document()
    before = builder.build(first, ONTOLOGY, HERE)
    builder.build(first, ONTOLOGY, NEXT)
    assert shared(before, builder.build(first, ONTOLOGY, HERE)) == len(before)


def test_scenes_with_large_masks_are_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "_MASK_PIXELS_KEPT", 20)
    builder, first = SceneBuilder(), document()
    before = builder.build(first, ONTOLOGY, HERE)
    builder.build(first, ONTOLOGY, NEXT)
    assert shared(before, builder.build(first, ONTOLOGY, HERE)) == 0
