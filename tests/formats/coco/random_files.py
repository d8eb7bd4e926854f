"""Random COCO files: odd annotations are as likely as usual ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

number = st.integers(-50, 900) | st.floats(-50, 900) | st.integers(-(2**53), 2**53)  # what float64 holds exactly
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
unknown = st.recursive(
    st.none() | st.booleans() | number | text, lambda v: st.lists(v) | st.dictionaries(text, v), max_leaves=4
)
ring = st.lists(number, min_size=2, max_size=9)
counts = st.lists(st.integers(0, 300), max_size=6)
mask = st.fixed_dictionaries({"size": st.sampled_from([[30, 40], [3, 4], [0, 0]]), "counts": counts | text})
keypoints = st.lists(st.tuples(number, number, st.integers(0, 3)), min_size=1, max_size=3).map(
    lambda points: [v for p in points for v in p]
)
KEYS = ("id", "image_id", "category_id", "segmentation", "bbox", "area", "iscrowd", "keypoints", "num_keypoints")
annotation = st.fixed_dictionaries(
    {"image_id": st.sampled_from([1, "b"]), "category_id": st.sampled_from([3, 4, 5, "x"])},
    optional={
        "id": st.integers(-3, 40) | st.integers(2**70) | text,
        "segmentation": st.lists(ring, max_size=3) | mask | ring | st.none(),
        "area": number | st.none(),
        "iscrowd": st.sampled_from([0, 1, True, None]),
        "keypoints": keypoints | st.just([0] * 6) | st.none(),
        "num_keypoints": st.integers(0, 3),
    },
)
shaped = st.builds(
    lambda a, box, more: a | {"bbox": box} | {k: v for k, v in more.items() if k not in KEYS},
    annotation,
    st.lists(number, min_size=4, max_size=4),
    st.dictionaries(text, unknown, max_size=2),
)


def file_of(annotations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 40, "height": 30}, {"id": "b", "file_name": "b.jpg"}],
        "annotations": annotations,
        "categories": [
            {"id": 3, "name": "plain"},
            {"id": 4, "name": "posed", "keypoints": ["p", "q"], "skeleton": [[1, 2]]},
            {"id": 5, "name": "unused·mask"},
        ],
    }
