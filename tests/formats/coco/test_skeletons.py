from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.formats.contract import load_json
from tests.support.data import shared_data
from tui_editor.formats.coco.skeletons import layout, template_of


def template(keypoints: Any, skeleton: Any = ()) -> Any:
    return template_of({"id": 1, "name": "x", "keypoints": keypoints, "skeleton": skeleton})


def test_coco_s_person_stands_upright_facing_us() -> None:
    category = load_json(shared_data("coco_keypoints", "test_coco.json"))["categories"][0]
    found = template_of(category)
    assert found is not None
    at = {p.name: (p.x, p.y) for p in found.points}
    assert [p.name for p in found.points] == category["keypoints"]
    assert found.edges == tuple((a - 1, b - 1) for a, b in category["skeleton"])
    assert at["nose"][1] < at["left_shoulder"][1] < at["left_hip"][1] < at["left_knee"][1] < at["left_ankle"][1]
    assert at["right_wrist"][0] < at["nose"][0] < at["left_wrist"][0]


@pytest.mark.parametrize("keypoints", [None, [], "abc", [1, 2], ["a", None]])
def test_what_names_no_points_is_no_template(keypoints: Any) -> None:
    assert template(keypoints) is None


def test_edges_that_are_none_are_left_out() -> None:
    assert template(["a", "b"], [[1, 2], [0, 1], [1, 3], [1], "ab", [1.0, 2]]).edges == ((0, 1),)
    assert template(["a", "b"], {"no": "list"}).edges == ()


@pytest.mark.parametrize(
    ("count", "edges"),
    [
        (1, []),
        (2, [[1, 2]]),
        (5, [[1, 2], [2, 3], [3, 4], [4, 5]]),
        (5, [[1, 2], [1, 3], [1, 4], [1, 5]]),
        (6, [[1, 2], [3, 4]]),
        (4, [[1, 1]]),
        (21, [[i, i + 1] for i in range(1, 21)]),
        (500, [[1, 2]]),
    ],
)
def test_points_lie_apart_and_inside_the_picture(count: int, edges: list[list[int]]) -> None:
    found = template([f"p{i}" for i in range(count)], edges)
    places = np.array([(p.x, p.y) for p in found.points])
    assert ((places >= 0) & (places <= [found.width, found.height])).all()
    gaps = np.linalg.norm(places[:, None] - places[None], axis=2)[~np.eye(count, dtype=bool)]
    assert not len(gaps) or gaps.min() > 0.05


def test_neighbours_lie_closer_than_strangers() -> None:
    names = [f"p{i}" for i in range(6)]
    places = layout(names, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)])
    assert np.linalg.norm(places[0] - places[1]) < np.linalg.norm(places[0] - places[5])


def test_the_same_category_gives_the_same_template() -> None:
    assert template(["a", "b", "c"], [[1, 2]]) == template(["a", "b", "c"], [[1, 2]])
