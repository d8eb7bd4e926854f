"""Labels by columns are those of the tasks, whoever puts them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from tests.checks.support import CLIP, PROJECT
from tests.support import strategies
from tests.support.data import shared_data

from tui_editor.checks.runner import Plan, Runner
from tui_editor.checks.sheets import Labelled, sheet_of
from tui_editor.formats.coco.reader import CocoSource
from tui_editor.model.ids import TaskId
from tui_editor.model.project import Task
from tui_editor.ports import ImportOptions

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.sheet import Sheet

TASK = Task(id=TaskId(3), title="clip", units=(CLIP,))


@given(strategies.documents())
def test_a_sheet_holds_every_label_of_the_data_units_once(document: LabelDocument) -> None:
    sheet = sheet_of([Labelled(TASK, document, PROJECT.ontology)])
    wanted = sorted(
        (key, frame)
        for (key, unit), track in document.tracks.items()
        if unit == CLIP.id and key in document.instances
        for frame in track.frames.tolist()
    )

    assert sorted((sheet.place(n).instance, int(sheet.frames[n])) for n in range(len(sheet))) == wanted
    assert sorted(row for part in sheet.parts for row in part.rows.tolist()) == list(range(len(sheet)))


def test_coco_hands_over_the_same_columns_as_its_tasks_have() -> None:
    for name in ("coco/instances.json", "coco_keypoints/test_coco.json", "lvis/lvis_subset.json"):
        path = shared_data(*name.split("/"))
        source = CocoSource(path, ImportOptions())
        fast = list(source.sheets(100))
        slow = sheet_of([Labelled(i.task, i.document, source.ontology) for i in source.tasks()])

        assert sum(map(len, fast)) == len(slow)
        assert sorted(_rows(fast)) == sorted(_rows([slow]))


def _rows(sheets: list[Sheet]) -> list[tuple[object, ...]]:
    """Return what tells of each label, without identifiers that are made anew each time."""
    rows: list[tuple[object, ...]] = []
    for sheet in sheets:
        told = np.full(len(sheet), -1.0) if sheet.told_area is None else np.nan_to_num(sheet.told_area, nan=-1.0)
        for n in range(len(sheet)):
            place = sheet.place(n)
            numbers = tuple(np.round([*sheet.low[n], *sheet.high[n], *sheet.sizes[n], told[n]], 6).tolist())
            rows.append((place.file, place.source_id, place.name, int(sheet.kinds[n]), str(numbers)))
    return rows


def test_the_size_of_a_batch_changes_no_finding() -> None:
    source = CocoSource(shared_data("lvis", "lvis_subset.json"), ImportOptions())
    runner = Runner(Plan(pixels=False))
    found = [[f.key for sheet in source.sheets(most) for f in runner.of_sheet(sheet)[0]] for most in (1, 50, 10_000)]

    assert found[0]
    assert sorted(found[0]) == sorted(found[1]) == sorted(found[2])
