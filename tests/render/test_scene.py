from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import Frame, FrameRef
from tui_editor.model.ids import ClassId, InstanceId, IssueId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Issue, IssueKind, Resolution
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.ontology import ObjectClass, Ontology, SkeletonPoint, SkeletonTemplate
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Presence,
    RotatedBox,
    Shape,
    ShapeKind,
    Verbatim,
    polygon,
    polyline,
    skeleton,
)
from tui_editor.model.tracks import Label, LabelFlag, Origin, make_track
from tui_editor.render.marks import (
    BoxMark,
    CrosshairMark,
    GridMark,
    HandleMark,
    Mark,
    MaskMark,
    PinMark,
    PointMark,
    PolygonMark,
    PolylineMark,
    SkeletonMark,
    TagMark,
)
from tui_editor.render.scene import OPEN_PIN, RESOLVED_PIN, TAGS_AT_MOST, SceneOptions, build_scene, scene_colours
from tui_editor.render.still import render_still
from tui_editor.render.tints import class_colour

UNIT = UnitId(1)
FRAME = FrameRef(UNIT, 3)
CAR = ClassId("car")
POINTS = tuple(SkeletonPoint(id=str(i), name=str(i), color="#ffffff", x=0, y=0) for i in range(3))
TEMPLATE = SkeletonTemplate(name="stick", width=1, height=1, points=POINTS, edges=((0, 1), (1, 2)))
ONTOLOGY = Ontology(
    classes=(
        ObjectClass(id=CAR, name="Car", color="#FF8000", shape=ShapeKind.BOX),
        ObjectClass(id=ClassId("odd"), name="Odd", color="puce", shape=ShapeKind.BOX),
        ObjectClass(id=ClassId("man"), name="Man", color="#00f0f0", shape=ShapeKind.SKELETON, skeleton=TEMPLATE),
    )
)
BOX = Box(10, 20, 30, 40)


def document(*shapes: Shape, class_id: ClassId = CAR, issues: tuple[Issue, ...] = (), **label: Any) -> LabelDocument:
    """One instance for each shape, ids from 1, on frame 3."""
    ids = [InstanceId(n) for n in range(1, len(shapes) + 1)]
    return make_document(
        instances=[Instance(id=key, class_id=class_id, ordinal=key - 1) for key in ids],
        tracks={
            (key, UNIT): make_track([Label(frame=3, shape=shape, **label)])
            for key, shape in zip(ids, shapes, strict=True)
        },
        issues=issues,
    )


def scene(doc: LabelDocument, **options: Any) -> tuple[Mark, ...]:
    return build_scene(doc, ONTOLOGY, FRAME, SceneOptions(**options))


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (BOX, BoxMark),
        (RotatedBox(10, 20, 30, 40, 30), PolygonMark),
        (polygon([(0, 0), (9, 0), (9, 9)]), PolygonMark),
        (polyline([(0, 0), (9, 0)]), PolylineMark),
        (Keypoint(4, 5), PointMark),
        (skeleton([(0, 0), (9, 0), (9, 9)]), SkeletonMark),
        (bitmask_from_array(np.eye(5, dtype=bool)), MaskMark),
    ],
)
def test_each_kind_of_shape_has_its_mark_and_a_tag(shape: Shape, kind: type) -> None:
    assert [kind, TagMark] == [type(mark) for mark in scene(document(shape))]


@pytest.mark.parametrize(
    "shape", [Presence(), Verbatim(b'{"circle": 1}'), Bitmask(0, 0, 4, 4, np.array([3], np.uint32))]
)
def test_what_has_no_picture_is_not_drawn(shape: Shape) -> None:
    assert not [mark for mark in scene(document(shape)) if not isinstance(mark, TagMark)]


def test_each_part_of_a_polygon_is_a_mark_with_its_holes() -> None:
    ring = np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0]])
    marks = scene(document(Polygon(((ring, ring / 2), (ring + 20,)))), tags="none")
    assert [len(mark.rings) for mark in marks if isinstance(mark, PolygonMark)] == [2, 1]


def test_only_labels_of_the_frame_are_drawn() -> None:
    assert build_scene(document(BOX), ONTOLOGY, FrameRef(UNIT, 4)) == ()
    assert build_scene(document(BOX), ONTOLOGY, FrameRef(UnitId(2), 3)) == ()


def test_a_label_outside_the_picture_is_not_drawn() -> None:
    assert scene(document(BOX, flags=LabelFlag.OUTSIDE)) == ()


def test_hidden_instances_are_not_drawn() -> None:
    doc = document(BOX, Box(1, 2, 3, 4))
    assert [BOX.x] == [mark.box_px[0] for mark in scene(doc, hidden=frozenset({InstanceId(2)}), tags="none")]  # type: ignore[union-attr]
    assert scene(doc, hide_all=True) == ()


def test_the_colour_is_that_of_the_class() -> None:
    assert scene(document(BOX))[0].style.colour == (255, 128, 0)


def test_a_colour_that_can_not_be_read_is_replaced_by_one_of_the_classs_own() -> None:
    colours = {class_colour(ONTOLOGY, ClassId(name)) for name in ("odd", "unknown")}
    assert len(colours) == 2
    assert all(64 <= level < 192 for colour in colours for level in colour)


def test_the_colours_of_all_classes_can_be_reserved() -> None:
    assert {(255, 128, 0), (0, 240, 240)} <= set(scene_colours(ONTOLOGY))


def test_an_occluded_label_is_dashed_and_an_interpolated_one_thinner() -> None:
    plain, occluded, interpolated = (
        scene(document(BOX, **label))[0].style
        for label in ({}, {"flags": LabelFlag.OCCLUDED}, {"origin": Origin.INTERPOLATED})
    )
    assert (plain.dashed, occluded.dashed) == (False, True)
    assert interpolated.thickness < plain.thickness


def test_labels_that_look_alike_share_one_style() -> None:
    first, second = scene(document(BOX, Box(1, 2, 3, 4)), tags="none")
    assert first.style is second.style


def test_the_selected_label_stands_out_and_has_handles() -> None:
    marks = scene(document(BOX, Box(1, 2, 3, 4)), selected=frozenset({InstanceId(1)}), dim_others=True)
    drawn = [mark for mark in marks if isinstance(mark, BoxMark)]
    handles = {mark.point_px for mark in marks if isinstance(mark, HandleMark)}
    assert [(mark.style.selected, mark.style.dimmed) for mark in drawn] == [(True, False), (False, True)]
    corners = {(10, 20), (40, 20), (40, 60), (10, 60)}
    edges = {(25, 20), (40, 40), (25, 60), (10, 40)}
    assert corners | edges == handles


def test_dimmed_labels_have_no_tag() -> None:
    marks = scene(document(BOX, Box(1, 2, 3, 4)), selected=frozenset({InstanceId(1)}), dim_others=True)
    assert [mark.text for mark in marks if isinstance(mark, TagMark)] == ["Car (0)"]


@pytest.mark.parametrize(("confidence", "text"), [(1.0, "Car (0)"), (0.873, "Car (0) α 87%")])
def test_a_tag_says_class_ordinal_and_confidence(confidence: float, text: str) -> None:
    assert [text] == [mark.text for mark in scene(document(BOX, confidence=confidence)) if isinstance(mark, TagMark)]


def test_a_tag_holds_no_control_character_of_a_classs_name() -> None:
    hostile = Ontology(classes=(ObjectClass(id=CAR, name="a\x1b[2Jb\u202e", color="#ff8000", shape=ShapeKind.BOX),))
    marks = build_scene(document(BOX), hostile, FRAME)
    assert [mark.text for mark in marks if isinstance(mark, TagMark)] == ["a␛[2Jb⟨U+202E⟩ (0)"]


@pytest.mark.parametrize(("mode", "count"), [("all", 2), ("selected", 1), ("none", 0)])
def test_tags_follow_the_mode(mode: str, count: int) -> None:
    marks = scene(document(BOX, BOX), tags=mode, selected=frozenset({InstanceId(2)}))
    assert count == sum(isinstance(mark, TagMark) for mark in marks)


def test_a_crowded_frame_shows_the_tags_of_the_selected_only() -> None:
    marks = scene(document(*[BOX] * (TAGS_AT_MOST + 1)), selected=frozenset({InstanceId(7)}))
    assert [mark.text for mark in marks if isinstance(mark, TagMark)] == ["Car (6)"]


def test_a_skeleton_is_joined_as_its_template_says() -> None:
    marks = scene(document(skeleton([(0, 0), (9, 0), (9, 9)]), class_id=ClassId("man")))
    assert [mark.edges for mark in marks if isinstance(mark, SkeletonMark)] == [((0, 1), (1, 2))]


def pin(number: int, *, frames: tuple[int, int] = (3, 3), resolved: bool = False) -> Issue:
    history = (Resolution(resolved=True, by="a", at_ms=1),) if resolved else ()
    return Issue(
        id=IssueId(number),
        kind=IssueKind.PIN,
        author="a",
        created_ms=number,
        unit=UNIT,
        frames=frames,
        point=(5, 6),
        history=history,
    )


def test_pins_of_the_frame_are_numbered_red_while_open_and_green_below_when_resolved() -> None:
    doc = document(issues=(pin(1), pin(2, resolved=True), pin(3, frames=(4, 9)), pin(4, frames=(0, 9))))
    drawn = [(mark.text, mark.style.colour) for mark in scene(doc) if isinstance(mark, PinMark)]
    assert drawn == [("2", RESOLVED_PIN), ("1", OPEN_PIN), ("3", OPEN_PIN)]
    assert {OPEN_PIN, RESOLVED_PIN} <= set(scene_colours(ONTOLOGY))
    assert scene(doc, pins=False) == ()


def test_a_preview_is_drawn_in_its_classs_colour_with_handles() -> None:
    marks = scene(document(), preview=BOX, preview_class=CAR)
    assert marks[0].style.colour == (255, 128, 0)
    assert [BoxMark] + [HandleMark] * 8 == [type(mark) for mark in marks]


def test_crosshair_grid_and_the_active_handle_are_drawn_where_they_are() -> None:
    marks = scene(document(), crosshair=(7, 8), grid=(0, 0, 90, 90), active_handle=(1, 2))
    assert [GridMark, CrosshairMark, HandleMark] == [type(mark) for mark in marks]
    assert [mark.active for mark in marks if isinstance(mark, HandleMark)] == [True]


def test_a_still_shows_the_frame_and_its_labels() -> None:
    frame = Frame(pixels=np.full((100, 80, 3), 50, np.uint8), full_size=(80, 100))
    picture = render_still(document(BOX), ONTOLOGY, FRAME, frame, options=SceneOptions(tags="none"))
    assert picture.shape == (100, 80, 3)
    assert tuple(picture[40, 10]) == (255, 128, 0)
    assert tuple(picture[40, 25]) == (50, 50, 50)


def test_a_still_is_fitted_into_the_size_that_is_asked_for() -> None:
    frame = Frame(pixels=np.full((100, 80, 3), 50, np.uint8), full_size=(80, 100))
    picture = render_still(document(BOX), ONTOLOGY, FRAME, frame, size=(160, 200), options=SceneOptions(tags="none"))
    assert picture.shape == (200, 160, 3)
    assert tuple(picture[80, 20]) == (255, 128, 0)
