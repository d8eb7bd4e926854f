"""Two sides of any kind: how their media find each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tui_editor.api import create_project
from tui_editor.api.comparing import compare
from tui_editor.errors import FormatError, InputError
from tui_editor.ports import ImportOptions

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.metrics.disagreements import Disagreement


def coco(path: Path, boxes: dict[str, list[int]], size: int = 10) -> Path:
    """Write a COCO file: picture → where its boxes begin."""
    path.parent.mkdir(parents=True, exist_ok=True)
    images = [{"id": n, "file_name": name, "width": 200, "height": 100} for n, name in enumerate(boxes, 1)]
    annotations = [
        {"id": 100 * n + k, "image_id": n, "category_id": 1, "bbox": [x, 5, size, size], "area": 100, "iscrowd": 0}
        for n, places in enumerate(boxes.values(), 1)
        for k, x in enumerate(places)
    ]
    document = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "car"}]}
    path.write_text(json.dumps(document))
    return path


def project(folder: Path, data: Path, group: str = "") -> Path:
    folder.mkdir()
    with create_project(folder, person="tester") as made:
        made.import_data(data, "coco", ImportOptions(group=group))
    return folder


def test_a_data_set_agrees_with_the_project_that_was_made_of_it(tmp_path: Path) -> None:
    data = coco(tmp_path / "a.json", {"1.png": [5, 50], "2.png": [9]})
    outcome = compare(data, project(tmp_path / "work", data))

    assert outcome.report.figures["f1"] == 1
    assert [(s.kind, s.tasks, s.labels) for s in (outcome.a, outcome.b)] == [("coco", 2, 3), ("project", 2, 3)]


def test_pictures_are_found_by_name_in_other_folders_with_other_endings_and_in_any_order(tmp_path: Path) -> None:
    a = coco(tmp_path / "a.json", {"cam/1.png": [5], "cam/2.png": [50]})
    b = coco(tmp_path / "b.json", {"2.JPG": [50], "1.jpg": [5]})

    assert compare(a, b).report.figures["f1"] == 1


def test_of_pictures_with_the_same_name_the_nearest_path_is_taken(tmp_path: Path) -> None:
    a = coco(tmp_path / "a.json", {"left/1.png": [5], "right/1.png": [90]})
    b = coco(tmp_path / "b.json", {"x/right/1.png": [90], "x/left/1.png": [5]})

    assert compare(a, b).report.figures["f1"] == 1


def test_a_name_that_fits_several_pictures_alike_is_matched_with_none(tmp_path: Path) -> None:
    a = coco(tmp_path / "a.json", {"1.png": [5], "2.png": [5]})
    b = coco(tmp_path / "b.json", {"left/1.png": [5], "right/1.png": [5], "2.png": [5]})
    outcome = compare(a, b)

    assert outcome.media == 1
    assert outcome.a.alone == ("1.png",)
    assert outcome.b.alone == ("left/1.png", "right/1.png")


def test_a_group_of_pictures_is_held_against_single_ones(tmp_path: Path) -> None:
    a = coco(tmp_path / "a.json", {"1.png": [5], "2.png": [50], "3.png": []})
    b = coco(tmp_path / "b.json", {"2.png": [50], "4.png": [], "1.png": [5, 90]})
    group = project(tmp_path / "group", b, "all")
    found: list[Disagreement] = []
    outcome = compare(a, group, tell=found.append)

    assert outcome.media == 2
    assert (outcome.a.alone, outcome.b.alone) == (("3.png",), ("4.png",))
    assert [(d.kind, d.finding().frame) for d in found] == [("E02", 2)]
    assert compare(group, a).media == 2


def test_groups_that_both_sides_have_are_compared_as_they_are(tmp_path: Path) -> None:
    data = coco(tmp_path / "a.json", {"1.png": [5], "2.png": [50]})
    outcome = compare(project(tmp_path / "a", data, "all"), project(tmp_path / "b", data, "all"))

    assert (outcome.media, outcome.report.frames, outcome.report.figures["f1"]) == (1, 2, 1)


def test_sides_without_a_common_picture_are_refused_with_names_of_both(tmp_path: Path) -> None:
    a, b = coco(tmp_path / "a.json", {"1.png": [5]}), coco(tmp_path / "b.json", {"9.png": [5]})

    with pytest.raises(InputError, match="in common") as caught:
        compare(a, b)
    assert "1.png" in caught.value.hint
    assert "9.png" in caught.value.hint


def test_what_is_neither_a_project_nor_a_data_set_is_refused(tmp_path: Path) -> None:
    data = coco(tmp_path / "a.json", {"1.png": [5]})
    (tmp_path / "other.txt").write_text("nothing")

    with pytest.raises(FormatError):
        compare(data, tmp_path / "other.txt")


def test_many_pictures_are_compared_batch_by_batch_with_the_same_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = coco(tmp_path / "a.json", {f"{n}.png": [5, 40, 90] for n in range(12)})
    b = coco(tmp_path / "b.json", {f"{n}.png": [6, 40, 120] for n in range(12)})
    whole: list[Disagreement] = []
    parts: list[Disagreement] = []
    together = compare(a, b, tell=whole.append).report
    monkeypatch.setattr("tui_editor.api.comparing._BATCH_LABELS", 5)
    apart = compare(a, b, tell=parts.append).report

    assert apart.figures == pytest.approx(together.figures, nan_ok=True)
    assert [d.message for d in parts] == [d.message for d in whole]
