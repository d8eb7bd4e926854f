from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pycocotools import mask as oracle

from tests.support.data import shared_data
from tui_editor.errors import InvalidShape
from tui_editor.model import masks
from tui_editor.model.mask_outlines import bitmask_to_polygon, polygon_to_bitmask
from tui_editor.model.shapes import Bitmask, Polygon, polygon

arrays = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))
places = st.tuples(st.integers(-5, 5), st.integers(-5, 5))


def frame_of(array: Any) -> Bitmask:
    return masks.bitmask_from_array(array)


def runs(values: list[int]) -> Any:
    return np.array(values, np.uint32)


@given(arrays)
def test_a_mask_comes_back_from_its_bitmask(array: Any) -> None:
    height, width = array.shape
    assert np.array_equal(array, masks.frame_array(frame_of(array), width, height))


@given(arrays, places)
def test_a_bitmask_has_the_smallest_rectangle_and_runs_that_fill_it(array: Any, place: tuple[int, int]) -> None:
    found = masks.bitmask_from_array(array, *place)
    crop = masks.array_of(found)
    assert found.width * found.height == found.runs.sum()
    assert not found.width or all(side.any() for side in (crop[0], crop[-1], crop[:, 0], crop[:, -1]))


@given(arrays, places)
def test_the_rectangle_around_set_pixels_is_known_from_loose_runs(array: Any, place: tuple[int, int]) -> None:
    ends = np.flatnonzero(np.diff(array.ravel().astype(int), prepend=0))
    loose = Bitmask(*place, array.shape[1], array.shape[0], runs(np.diff(ends, prepend=0, append=array.size).tolist()))
    tight = masks.bitmask_from_array(array, *place)

    assert masks.bounding_rect(loose) == (tight.left, tight.top, tight.width, tight.height)


@given(arrays)
def test_coco_counts_and_strings_are_those_of_pycocotools(array: Any) -> None:
    height, width = array.shape
    theirs = oracle.encode(np.asfortranarray(array.astype(np.uint8)))
    mine = frame_of(array)
    assert theirs["counts"].decode() == masks.coco_string(mine, width, height)
    assert (
        oracle.frPyObjects(
            {"size": [height, width], "counts": masks.coco_counts(mine, width, height).tolist()}, height, width
        )
        == theirs
    )
    assert (oracle.area(theirs), tuple(oracle.toBbox(theirs))) == (masks.area(mine), masks.bounding_rect(mine))


@given(arrays)
def test_coco_strings_and_counts_read_back(array: Any) -> None:
    height, width = array.shape
    mine = frame_of(array)
    for again in (
        masks.bitmask_from_coco_counts(masks.coco_counts(mine, width, height), width, height),
        masks.bitmask_from_coco_string(masks.coco_string(mine, width, height), width, height),
        masks.bitmask_from_row_major(masks.row_major_string(mine, width, height), width, height),
    ):
        assert np.array_equal(array, masks.frame_array(again, width, height))
        assert (again.left, again.top, again.runs.tolist()) == (mine.left, mine.top, mine.runs.tolist())


@given(arrays, st.tuples(st.integers(-6, 8), st.integers(-6, 8)), st.integers(1, 9), st.integers(1, 9))
def test_a_bitmask_is_cut_at_the_frame_s_edge(array: Any, place: tuple[int, int], width: int, height: int) -> None:
    mine = masks.bitmask_from_array(array, *place)
    cut = masks.frame_array(mine, width, height)
    expected = [
        [(y - place[1], x - place[0]) in set(zip(*np.nonzero(array), strict=True)) for x in range(width)]
        for y in range(height)
    ]
    assert expected == cut.tolist()
    again = masks.bitmask_from_coco_counts(masks.coco_counts(mine, width, height), width, height)
    assert np.array_equal(cut, masks.frame_array(again, width, height))


@given(st.lists(st.integers(0, 2**31), min_size=1, max_size=40))
def test_a_string_holds_any_run_lengths(counts: list[int]) -> None:
    assert counts == masks.parse_counts(masks.pack_counts(counts)).tolist()


def test_a_run_over_several_columns_is_one_run() -> None:
    assert masks.coco_counts(frame_of(np.ones((3, 4), bool)), 4, 3).tolist() == [0, 12]


def test_counts_with_empty_runs_and_an_early_end_are_read() -> None:
    odd = masks.bitmask_from_coco_counts([2, 0, 1, 2, 0, 1], 4, 3)
    assert masks.coco_counts(odd, 4, 3).tolist() == [3, 3, 6]


@pytest.mark.parametrize("text", ["~", "0 ", "P", "\x1b[31m", "é", "QQQQQQQQQQQQQ0", "0" * 3 + "\ud800"], ids=repr)
def test_a_string_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidShape):
        masks.parse_counts(text)


@pytest.mark.parametrize("counts", [[13], [5, 8], [-1, 3], [2**62, 2**62], [2**63], ["a"], [[1], [2, 3]], [0.5, None]])
def test_counts_that_don_t_fit_the_frame_are_refused(counts: Any) -> None:
    with pytest.raises(InvalidShape):
        masks.bitmask_from_coco_counts(counts, 4, 3)


def test_a_frame_that_can_t_be_held_is_refused() -> None:
    with pytest.raises(InvalidShape):
        masks.bitmask_from_row_major("0", 10**9, 10**9)


def test_a_bitmask_whose_runs_don_t_fill_it_is_refused() -> None:
    with pytest.raises(InvalidShape):
        masks.array_of(Bitmask(0, 0, 3, 3, runs([1, 2])))


@given(arrays, places)
def test_a_point_is_inside_where_its_pixel_is_set(array: Any, place: tuple[int, int]) -> None:
    mine = masks.bitmask_from_array(array, *place)
    height, width = array.shape
    found = [
        [masks.contains(mine, x + place[0] + 0.5, y + place[1] + 0.9) for x in range(width)] for y in range(height)
    ]
    assert array.tolist() == found
    assert not masks.contains(mine, place[0] - 0.01, place[1])


def test_encord_s_vectors_read_and_write() -> None:
    for vector in json.loads(shared_data("encord_samples", "bitmask_rle_vectors.json").read_text()):
        rle = vector["bitmask"]
        found = masks.bitmask_from_row_major(rle["rleString"], rle["width"], rle["height"], rle["left"], rle["top"])
        assert vector["counts"] == masks.parse_counts(rle["rleString"]).tolist()
        assert (vector["set_pixels"], rle["rleString"]) == (
            masks.area(found),
            masks.row_major_string(found, rle["width"], rle["height"]),
        )
        if vector["rows"]:
            rows = masks.frame_array(found, rle["width"], rle["height"])
            assert vector["rows"] == ["".join("01"[int(v)] for v in row) for row in rows]


# --- outlines ------------------------------------------------------------------------------------

coordinate = st.floats(-20, 60) | st.integers(-3, 45).map(float)
rings = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=12)


@given(st.lists(rings, min_size=1, max_size=3))
def test_filled_polygons_are_those_of_pycocotools(parts: list[list[tuple[float, float]]]) -> None:
    shape = Polygon(tuple((np.array(part),) for part in parts))
    flat = [np.array(part).ravel().tolist() for part in parts]
    theirs = oracle.decode(oracle.merge(oracle.frPyObjects(flat, 31, 40)))
    assert np.array_equal(theirs.astype(bool), masks.frame_array(polygon_to_bitmask(shape, 40, 31), 40, 31))


def test_real_polygons_fill_as_in_pycocotools() -> None:
    data = json.loads(shared_data("coco", "instances.json").read_text())
    sizes = {i["id"]: (i["width"], i["height"]) for i in data["images"]}
    for item in data["annotations"]:
        if not item["iscrowd"]:
            width, height = sizes[item["image_id"]]
            theirs = oracle.merge(oracle.frPyObjects(item["segmentation"], height, width))
            shape = Polygon(tuple((np.array(r).reshape(-1, 2),) for r in item["segmentation"]))
            mine = masks.coco_string(polygon_to_bitmask(shape, width, height), width, height)
            assert theirs["counts"].decode() == mine


def test_a_hole_is_cut_out() -> None:
    square = polygon([0, 0, 4, 0, 4, 4, 0, 4], [1, 1, 3, 1, 3, 3, 1, 3])
    assert masks.area(polygon_to_bitmask(square, 9, 9)) == 16 - 4


@pytest.mark.parametrize("ring", [[], [5, 5], [np.nan, 0, 5, 5, 9, 0], [1e300, 0, -1e300, 9, 0, 1e300]])
def test_nonsense_rings_fill_without_failing(ring: list[float]) -> None:
    assert masks.area(polygon_to_bitmask(polygon(ring), 8, 8)) in range(65)


@given(arrays, places)
def test_a_mask_s_outline_fills_to_the_same_mask(array: Any, place: tuple[int, int]) -> None:
    shifted = (place[0] + 6, place[1] + 6)
    mine = masks.bitmask_from_array(array, *shifted)
    again = polygon_to_bitmask(bitmask_to_polygon(mine), 40, 40)
    assert np.array_equal(masks.frame_array(mine, 40, 40), masks.frame_array(again, 40, 40))


def test_an_outline_has_corners_only_and_holes_in_their_part() -> None:
    ring = np.ones((5, 6), bool)
    ring[2, 2:4] = False
    shape = bitmask_to_polygon(masks.bitmask_from_array(ring, 10, 20))
    assert [[len(r) for r in part] for part in shape.parts] == [[4, 4]]
    assert {(10.0, 20.0), (16.0, 20.0), (16.0, 25.0), (10.0, 25.0)} == {tuple(p) for p in shape.parts[0][0].tolist()}
