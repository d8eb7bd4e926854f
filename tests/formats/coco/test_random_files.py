from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.coco.files import write_json
from tests.formats.contract import load_json, project_of, read_all
from tui_editor.formats.coco import FORMAT
from tui_editor.ports import ImportOptions

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


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(shaped, max_size=5), st.sampled_from(["", "all"]))
def test_any_file_that_is_read_and_not_touched_is_written_with_equal_values(
    annotations: list[dict[str, Any]], group: str
) -> None:
    value = file_of(annotations)
    with tempfile.TemporaryDirectory() as folder:
        path = write_json(Path(folder) / "in.json", value)
        source, tasks = read_all(FORMAT, path, ImportOptions(group=group))
        report = FORMAT.write(project_of(source), reversed(tasks), Path(folder) / "out.json")
        assert load_json(report.files[0]) == value
        assert report.losses == ()
