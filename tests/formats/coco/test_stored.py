"""What the reader hands to a store in bytes is what the values one by one would be."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.coco.files import MIXED, write_json
from tests.formats.coco.plain import PlainReader
from tests.formats.coco.random_files import file_of, shaped
from tests.formats.contract import load_json, project_of, read_all
from tests.storage.samples import HERE, FakeClock
from tests.support.data import shared_data
from tests.support.tables import tables
from tui_editor.formats.coco import FORMAT
from tui_editor.ports import EncodedTask, ImportedTask, ImportOptions
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui_editor.model.project import Project

REAL = ("coco/instances.json", "coco_keypoints/test_coco.json", "coco_keypoints/test_coco_wholebody.json")

RARE = file_of(
    [
        {"id": 1, "image_id": "b", "category_id": 3, "segmentation": [[], [1, 2, 3, 4, 5, 6]], "bbox": [1, 2, 4, 4]},
        {"id": 2, "image_id": 1, "category_id": 4, "bbox": [1, 2, 4, 4.5], "keypoints": [1, 6.5, 2, 5, 2, 1]},
        {"id": 3, "image_id": 1, "category_id": 4, "bbox": [1, 2, 4, 4], "keypoints": [1, 6.5, 2, 5, 2, 1]},
        {"id": 4, "image_id": 1, "category_id": 4, "bbox": [1, 2, 4, 4], "keypoints": [1, 6.5, 0, 5, 2, 0]},
        {"id": 5, "image_id": 1, "category_id": 3, "segmentation": [[-0.0, 10**300, 2**53 + 1, 1e-320, 3, 4]]},
        {"id": 6, "image_id": 1, "category_id": "new", "bbox": [-0.0, 2**70, 0, -1.5]},
        {"id": 7, "image_id": "nowhere", "category_id": 3, "bbox": [1, 2, 3, 4]},
        {"image_id": 1, "category_id": 3, "bbox": None, "segmentation": None},
        {"image_id": 1, "category_id": 3, "bbox": [], "segmentation": [[]]},
    ]
)
"""What random files seldom or never hold."""


@pytest.mark.parametrize("name", [*REAL, "lvis/lvis_subset.json"])
@pytest.mark.parametrize("group", ["", "all"])
def test_a_real_file_is_kept_as_its_values_one_by_one(name: str, group: str) -> None:
    check(shared_data(name), group)


@pytest.mark.parametrize("group", ["", "all", "2"])
@pytest.mark.parametrize("value", [MIXED, RARE])
def test_an_odd_file_is_kept_as_its_values_one_by_one(tmp_path: Path, value: dict[str, Any], group: str) -> None:
    check(write_json(tmp_path / "a.json", value), group)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(shaped, max_size=6), st.sampled_from(["", "all"]))
def test_any_file_is_kept_as_its_values_one_by_one(annotations: list[dict[str, Any]], group: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(write_json(Path(folder) / "a.json", file_of(annotations)), group)


def check(path: Path, group: str) -> None:
    """Hold what is read and stored of a file against the plain reader and the ordinary way into the store."""
    source, tasks = read_all(FORMAT, path, ImportOptions(group=group))
    plain = PlainReader(load_json(path), source.ontology)
    ordinary = [in_values(item, plain) for item in tasks]
    project = project_of(source)

    for item, wanted in zip(tasks, ordinary, strict=True):
        assert item.document.same(wanted.document)
        assert item.label_count == wanted.label_count
        assert item.document.next_ordinals == wanted.document.next_ordinals
    ignored = {"picture missing", "annotation of an image that the file doesn't list"}
    assert Counter({loss.what: loss.count for loss in source.losses() if loss.what not in ignored}) == plain.problems
    assert stored(project, tasks) == stored(project, ordinary)


def in_values(item: ImportedTask, plain: PlainReader) -> ImportedTask:
    """Return a task whose document was made of values, with the identifiers of `item`."""
    assert isinstance(item, EncodedTask)
    unit = item.task.units[0]
    images = [record["n"] for record in unit.extra["coco"]]
    ids = iter([label.instance for label in item.labels.labels])
    made = ImportedTask(task=item.task, document=plain.document(images, unit.id, ids))
    assert next(ids, None) is None
    return made


def stored(project: Project, tasks: Iterable[ImportedTask]) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of a new store that these tasks were added to."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "project.db", project, now=FakeClock(), here=HERE, ballast=0)
        store.add_tasks(tasks, "ann")
        rows = tables(store)
        store.close()
    return rows
